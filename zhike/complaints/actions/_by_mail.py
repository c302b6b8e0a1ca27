"""A mail opens a case or goes on with one."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.channels.mail import purposes, replies
from zhike.channels.models import InboundMail
from zhike.complaints.models import Complaint
from zhike.customers import mailing
from zhike.customers.actions import CannotCreate
from zhike.customers.models import Customer
from zhike.kernel.outbox import post
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.system import system_party
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.policy.inforce import NoManual

from . import _intake, _talk

EMAIL = Complaint.Channel.EMAIL


def open_by_mail(incoming: purposes.Incoming) -> Complaint:
    """A mail becomes a complaint that waits to be classified; it is acknowledged once. Raises CannotTake."""
    letter, box, now = incoming.letter, incoming.mailbox, incoming.now
    by = system_party("mail")
    try:
        customer, perhaps = mailing.writer(incoming, by=by)
        complaint = _intake.register(
            unit=box.unit,
            by=by,
            now=now,
            channel=EMAIL,
            customer=customer,
            title=letter.subject,
            text=mailing.text_of(incoming),
            source={"address": letter.sender, "received_at": incoming.row.arrived_at.isoformat()},
        )
    except (_intake.CannotOpen, CannotCreate, NoManual, NoRow) as refusal:
        raise purposes.CannotTake(str(refusal)) from refusal
    incoming.row.party = customer.party if customer else None
    _enclose(complaint, incoming, by, perhaps)
    if box.acknowledges and customer is not None and not incoming.answers_us:
        thread = replies.Thread(box, letter.sender, customer.party, letter.subject, letter.message_id)
        said = _ACKNOWLEDGED % {"number": complaint.number}
        replies.acknowledge(thread=thread, subject=complaint, number=complaint.number, text=said, now=now)
    return complaint


_ACKNOWLEDGED = gettext_lazy(
    "We have received your e-mail. Its number is %(number)s.\n\n"
    "To add something, answer this e-mail and leave the number in the subject line."
)


def answer_by_mail(incoming: purposes.Incoming, pk: int) -> None:
    """A mail of the customer about a case that stands: an entry, also where the case is closed; somebody is told."""
    complaint = Complaint.objects.select_related("handler", "unit").get(pk=pk)
    by = system_party("mail")
    _talk.hear_customer(
        complaint=complaint, text=mailing.text_of(incoming), channel=EMAIL, now=incoming.now, by=by
    )
    former = InboundMail.objects.filter(subject_label=Complaint._meta.label, subject_id=pk, opened=True)
    incoming.row.party_id = complaint.customer_id or former.values_list("party", flat=True).first()
    _enclose(complaint, incoming, by, [])
    if complaint.handler is None:
        head = directory().superior_of(None, complaint.unit_id, incoming.now)
        if head is not None:
            post.notify(
                to=head,
                kind="complaint.customer_wrote",
                title=_(_talk.WROTE) % {"number": complaint.number},
                params={"number": complaint.number},
                body=incoming.letter.text[:500],
                subject=complaint,
                by=by,
                at=incoming.now,
            )


def _enclose(complaint: Complaint, incoming: purposes.Incoming, by: Party, perhaps: list[Customer]) -> None:
    told = mailing.enclose(complaint, complaint.unit, incoming, by=by, perhaps=perhaps)
    if told:
        _talk.note(complaint=complaint, text="\n".join(told), by=by, now=incoming.now)


def number_known(number: str) -> int | None:
    """The complaint of a number in a subject line."""
    return Complaint.objects.filter(number=number).values_list("pk", flat=True).first()


PURPOSE = purposes.Purpose(
    "complaints",
    gettext_lazy("Complaints"),
    Complaint._meta.label,
    open_by_mail,
    answer_by_mail,
    number_known,
)
