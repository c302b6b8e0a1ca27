"""A customer's message comes in, is owed an answer by its date, and is answered."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.actions import CannotCreate, recognise_or_create
from zhike.customers.contacts import actions as contacts
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.workbench.models import CustomerMessage
from zhike.workbench.reports import regulation

ANSWER = "message.answer"
TITLE = gettext_noop("Answer the customer's message")


class CannotTake(Exception):
    """Nothing was written, or no regulation says by when it is answered; one sentence."""


class CannotReply(Exception):
    """Nothing was written, it is answered already, or it cannot be recorded; one sentence."""


@held
@transaction.atomic
def take(
    *, customer: Customer, text: str, way: str, now: dt.datetime, by: Party | None = None
) -> CustomerMessage:  # fmt: skip
    """A message stands in the customer's history; who looks after the customer owes an answer. Raises CannotTake."""
    if not text.strip():
        raise CannotTake(_("Write the message."))
    found = regulation.deadline(customer.unit_id, "MESSAGE", now)
    if found is None:
        raise CannotTake(_("No regulation says by when messages are answered here. Ask an administrator."))
    try:
        heard = contacts.record(
            customer=customer, way=way, by=by, now=now, purpose=_("Message of the customer"), content=text, is_incoming=True
        )  # fmt: skip
    except contacts.CannotRecord as refused:
        raise CannotTake(str(refused)) from refused
    row = CustomerMessage.objects.create(
        customer=customer, unit_id=customer.unit_id, interaction=heard, text=text.strip(), at=now,
        clause=found.clause, version_id=found.version_id,
    )  # fmt: skip
    draft = duties.Draft(
        kind=ANSWER, **duties.titled(TITLE), owner=customer.owner, began_at=now, limit=found.limit,
        owner_post="" if customer.owner_id else found.posts[0] if found.posts else "CUSTOMER_MANAGER",
        clause=found.clause, version_id=found.version_id,
    )  # fmt: skip
    owed = duties.open_duties(
        [draft], subject=row, unit_id=customer.unit_id, matter=f"{customer.name}: {row}",
        customer_id=customer.pk, secrecy=customer.secrecy,
    )  # fmt: skip
    row.due_at = owed[0].due_at
    row.save(update_fields=["due_at"])
    trail.record("workbench.message_taken", subject=row, by=by, at=now, clause=row.clause)
    return row


@transaction.atomic
def write_in(*, unit: Unit, name: str, phone: str, text: str, now: dt.datetime) -> CustomerMessage:
    """A message in the portal: the customer is recognised by the number or made. Raises CannotTake."""
    try:
        found = recognise_or_create(name=name, phone=phone, unit=unit, by=None, now=now, source="PORTAL")
    except CannotCreate as refused:
        raise CannotTake(str(refused)) from refused
    return take(customer=found.customer, text=text, way="ONLINE", now=now)


@held
@transaction.atomic
def reply(*, message: CustomerMessage, text: str, way: str, by: Party, now: dt.datetime) -> CustomerMessage:
    """Answer; the reply stands in the history and where the customer wrote. Raises CannotReply."""
    if not text.strip():
        raise CannotReply(_("Write the answer."))
    rows = CustomerMessage.objects.filter(pk=message.pk, state=CustomerMessage.State.OPEN)
    if not rows.update(
        state=CustomerMessage.State.ANSWERED, reply=text.strip(), replied_by=by, replied_at=now
    ):
        raise CannotReply(_("Somebody has answered this message already."))
    try:
        contacts.record(
            customer=message.customer, way=way, by=by, now=now, purpose=_("Answer to a message"), content=text, subject=message
        )  # fmt: skip
    except contacts.CannotRecord as refused:
        raise CannotReply(str(refused)) from refused
    duties.discharge(subject=message, kinds=[ANSWER], by=by, now=now)
    message.refresh_from_db()
    trail.record("workbench.message_answered", subject=message, by=by, at=now)
    return message
