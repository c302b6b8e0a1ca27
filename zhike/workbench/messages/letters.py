"""Answers that leave by e-mail, from a mailbox of the house and in the thread of the message."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.channels.mail import replies
from zhike.customers.dossier.consent import refusal
from zhike.customers.models import Consent, Interaction
from zhike.kernel.outbox import post
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.models import Party
from zhike.workbench.models import CustomerMessage

PURPOSE = "messages"
NOT_ARRIVED = gettext_noop("An e-mail to the customer of message %(number)s did not arrive")
# an answer in these ways is written, so that it can leave by e-mail as it is
WRITTEN = frozenset({Interaction.Way.ONLINE, Interaction.Way.EMAIL})


def thread_of(message: CustomerMessage) -> tuple[replies.Thread | None, str]:
    """The thread in which an answer leaves; without one the sentence that says why not."""
    if (thread := replies.thread_of(message)) is not None:
        return thread, ""
    if not (address := message.email or _on_file(message)):
        return None, _("No e-mail: the customer has given no address.")
    if not message.email and (
        refused := refusal(message.customer, purpose=Consent.Purpose.SERVICE, way="EMAIL")
    ):
        return None, refused
    box = replies.mailbox_for(message.unit, PURPOSE)
    if box is None:
        return None, _("No e-mail: this house has no mailbox from which it could leave.")
    title = _("Your message of %(day)s") % {"day": f"{message.at:%Y-%m-%d}"}
    return replies.Thread(box, address, message.customer.party, title, ""), ""


def _on_file(message: CustomerMessage) -> str:
    rows = message.customer.contacts.filter(left_on=None).exclude(email="")
    return rows.order_by("-is_main", "pk").values_list("email", flat=True).first() or ""


def send(
    message: CustomerMessage, thread: replies.Thread, said: Interaction, *, by: Party, now: dt.datetime
) -> None:
    replies.send(
        thread=thread, subject=message, number=message.number, text=said.content, by=by, now=now,
        more={"entry": said.pk},
    )  # fmt: skip


def tell_failed(*, message: Message, now: dt.datetime) -> None:
    """Who looks after the customer, and who wrote the answer, hear that it did not arrive."""
    row = CustomerMessage.objects.select_related("customer__owner").get(pk=message.subject_id or 0)
    words = {"number": row.number}
    people = {one.pk: one for one in (row.customer.owner, message.by) if one is not None}
    for person in people.values():
        post.notify(
            to=person, kind="message.mail_failed", title=_(NOT_ARRIVED) % words, params=words,
            body=f"{message.envelope.get('to', '')}: {message.error}", subject=row, by=None, at=now,
        )  # fmt: skip
