"""A mail opens a customer's message or goes on with one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from zhike.channels.mail import purposes, replies
from zhike.customers import mailing
from zhike.customers.actions import CannotCreate
from zhike.customers.models import Customer, Interaction
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.system import system_party
from zhike.workbench.models import CustomerMessage

from . import actions, letters
from .models import PREFIX

RECEIVED = gettext_lazy(
    "We have received your message. Its number is %(number)s.\n\n"
    "To add something, answer this e-mail and leave the number in the subject line."
)


def open_by_mail(incoming: purposes.Incoming) -> CustomerMessage:
    """A mail becomes a message that is owed an answer; receipt is acknowledged once. Raises CannotTake."""
    letter, box, now = incoming.letter, incoming.mailbox, incoming.now
    by = system_party("mail")
    try:
        customer, perhaps = mailing.writer(incoming, by=by)
        if customer is None:
            raise purposes.CannotTake(str(gettext_lazy("The e-mail has no sender to answer.")))
        row = actions.take(
            customer=customer, text=mailing.text_of(incoming), way=Interaction.Way.EMAIL, now=now
        )
    except (actions.CannotTake, CannotCreate) as refusal:
        raise purposes.CannotTake(str(refusal)) from refusal
    incoming.row.party = customer.party
    _enclose(row, row.interaction, incoming, by, perhaps)
    if box.acknowledges and not incoming.answers_us:
        thread = replies.Thread(box, letter.sender, customer.party, letter.subject, letter.message_id)
        said = RECEIVED % {"number": row.number}
        replies.acknowledge(thread=thread, subject=row, number=row.number, text=said, now=now)
    return row


def answer_by_mail(incoming: purposes.Incoming, pk: int) -> None:
    """What the customer writes back returns to the message, which is owed an answer again."""
    row = CustomerMessage.objects.select_related("customer__owner", "customer__party", "unit").get(pk=pk)
    try:
        heard = actions.hear(
            message=row, text=mailing.text_of(incoming), way=Interaction.Way.EMAIL, now=incoming.now
        )
    except actions.CannotTake as refusal:
        raise purposes.CannotTake(str(refusal)) from refusal
    incoming.row.party = row.customer.party
    _enclose(row, heard, incoming, system_party("mail"), [])


def _enclose(
    row: CustomerMessage, heard: Interaction, incoming: purposes.Incoming, by: Party, perhaps: list[Customer]
) -> None:
    told = mailing.enclose(row, row.unit, incoming, by=by, perhaps=perhaps)
    if told:
        Interaction.objects.filter(pk=heard.pk).update(result="\n".join(told)[:200])


def number_known(number: str) -> int | None:
    """The message of a number in a subject line."""
    digits = number.removeprefix(PREFIX)
    if digits == number or not digits.isdecimal() or len(digits) > 18:
        return None
    return CustomerMessage.objects.filter(pk=int(digits)).values_list("pk", flat=True).first()


PURPOSE = purposes.Purpose(
    letters.PURPOSE, gettext_lazy("Customers' messages"), CustomerMessage._meta.label, open_by_mail, answer_by_mail,
    number_known,
)  # fmt: skip
