"""A customer's message comes in, is owed an answer by its date, and is answered; what the customer writes back returns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.actions import CannotCreate, recognise_or_create
from zhike.customers.contacts import actions as contacts
from zhike.customers.models import Customer, Interaction
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.workbench.models import CustomerMessage
from zhike.workbench.reports import regulation

from . import letters
from .queries import ANSWER

State = CustomerMessage.State
TITLE = gettext_noop("Answer the customer's message")


class CannotTake(Exception):
    """Nothing was written, or no regulation says by when it is answered; one sentence."""


class CannotReply(Exception):
    """Nothing was written, it is answered already, or it cannot be recorded; one sentence."""


@held
@transaction.atomic
def take(
    *, customer: Customer, text: str, way: str, now: dt.datetime, by: Party | None = None,
    at: dt.datetime | None = None, email: str = "",
) -> CustomerMessage:  # fmt: skip
    """A message stands in the customer's history; who looks after the customer owes an answer.

    `at` is when it came, if that was before now: the time to answer runs from then. Raises CannotTake.
    """
    came = at or now
    if not text.strip():
        raise CannotTake(_("Write the message."))
    found = _ruled(customer.unit_id, came)
    heard = _heard(customer, text, way, by=by, now=now, at=came)
    row = CustomerMessage.objects.create(
        customer=customer, unit_id=customer.unit_id, interaction=heard, text=text.strip(), email=email.strip(), at=came,
        clause=found.clause, version_id=found.version_id,
    )  # fmt: skip
    _owe(row, found, came)
    trail.record("workbench.message_taken", subject=row, by=by, at=now, clause=row.clause)
    return row


@transaction.atomic
def write_in(
    *, unit: Unit, name: str, phone: str, text: str, now: dt.datetime, email: str = "",
    by: Party | None = None, way: str = Interaction.Way.ONLINE, at: dt.datetime | None = None,
) -> CustomerMessage:  # fmt: skip
    """Of somebody who is not chosen from the files: recognised by the number, or made. Raises CannotTake."""
    source = "PORTAL" if by is None else way
    try:
        found = recognise_or_create(name=name, phone=phone, unit=unit, by=by, now=now, source=source)
    except CannotCreate as refused:
        raise CannotTake(str(refused)) from refused
    return take(customer=found.customer, text=text, way=way, now=now, by=by, at=at, email=email)


@transaction.atomic
def take_down(
    *, text: str, way: str, by: Party, now: dt.datetime, unit: Unit, customer: Customer | None = None, name: str = "",
    phone: str = "", email: str = "", at: dt.datetime | None = None, answered: str = "",
) -> CustomerMessage:  # fmt: skip
    """Register what came by telephone, by letter or at the counter; `answered` is what was said to it at once.

    Raises CannotTake and CannotReply.
    """
    if at is not None and at > now:
        raise CannotTake(_("A message cannot have come later than now."))
    given: dict[str, Any] = {"text": text, "way": way, "by": by, "now": now, "at": at, "email": email}
    row = (
        take(customer=customer, **given)
        if customer is not None
        else write_in(unit=unit, name=name, phone=phone, **given)
    )
    return reply(message=row, text=answered, way=way, by=by, now=now) if answered.strip() else row


@held
@transaction.atomic
def reply(*, message: CustomerMessage, text: str, way: str, by: Party, now: dt.datetime) -> CustomerMessage:
    """Answer; the reply stands in the history and where the customer wrote, and leaves by e-mail where it may.

    Raises CannotReply.
    """
    if not text.strip():
        raise CannotReply(_("Write the answer."))
    thread, why_not = letters.thread_of(message) if way in letters.WRITTEN else (None, "")
    if way == Interaction.Way.EMAIL and thread is None:
        raise CannotReply(why_not)
    if not _move(message, State.ANSWERED, reply=text.strip(), replied_by=by, replied_at=now):
        raise CannotReply(_("Somebody has answered this message already."))
    try:
        said = contacts.record(
            customer=message.customer, way=way, by=by, now=now, purpose=_("Answer to a message"), content=text, subject=message
        )  # fmt: skip
    except contacts.CannotRecord as refused:
        raise CannotReply(str(refused)) from refused
    if thread is not None:
        letters.send(message, thread, said, by=by, now=now)
    duties.discharge(subject=message, kinds=[ANSWER], by=by, now=now)
    message.refresh_from_db()
    trail.record(
        "workbench.message_answered", subject=message, by=by, at=now, after={"by_mail": thread is not None}
    )
    return message


@held
@transaction.atomic
def hear(*, message: CustomerMessage, text: str, way: str, now: dt.datetime) -> Interaction:
    """The customer goes on with it: it stands in the history, and an answer is owed again. Raises CannotTake."""
    found = _ruled(message.unit_id, now)
    heard = _heard(message.customer, text, way, by=None, now=now, at=now, subject=message)
    if _move(message, State.OPEN, replied_at=None):
        _owe(message, found, now)
    trail.record("workbench.message_heard", subject=message, by=None, at=now, clause=found.clause)
    return heard


@held
@transaction.atomic
def settle(*, message: CustomerMessage, reason: str, by: Party, now: dt.datetime) -> CustomerMessage:
    """What the customer wrote after an answer needs none, such as thanks. Raises CannotReply."""
    if not reason.strip():
        raise CannotReply(_("Say why it needs no answer."))
    if not message.reply:
        raise CannotReply(_("A message that nobody has answered yet is answered."))
    if not _move(message, State.ANSWERED, replied_at=now):
        raise CannotReply(_("Somebody has answered this message already."))
    duties.cancel(subject=message, kinds=[ANSWER], by=by, now=now, reason=reason.strip()[:200])
    message.refresh_from_db()
    trail.record(
        "workbench.message_settled", subject=message, by=by, at=now, after={"reason": reason.strip()}
    )
    return message


def _ruled(unit: int, now: dt.datetime) -> regulation.Deadline:
    found = regulation.deadline(unit, "MESSAGE", now)
    if found is None:
        raise CannotTake(_("No regulation says by when messages are answered here. Ask an administrator."))
    return found


def _heard(
    customer: Customer, text: str, way: str, *, by: Party | None, now: dt.datetime, at: dt.datetime,
    subject: CustomerMessage | None = None,
) -> Interaction:  # fmt: skip
    try:
        return contacts.record(
            customer=customer, way=way, by=by, now=now, at=at, purpose=_("Message of the customer"), content=text,
            is_incoming=True, subject=subject,
        )  # fmt: skip
    except contacts.CannotRecord as refused:
        raise CannotTake(str(refused)) from refused


def _move(message: CustomerMessage, to: str, **columns: Any) -> bool:
    return bool(CustomerMessage.objects.filter(pk=message.pk).exclude(state=to).update(state=to, **columns))


def _owe(row: CustomerMessage, found: regulation.Deadline, began: dt.datetime) -> None:
    """Of whoever looks after the customer, else of who holds a post that the regulation names, else of the post.

    Raises CannotTake where nobody looks after the customer and the regulation names no post.
    """
    customer = row.customer
    if customer.owner is None and not found.posts:
        raise CannotTake(_("The regulation names nobody who answers messages here. Ask an administrator."))
    holders = (one for post in found.posts for one in directory().holders_of(post, row.unit_id, began))
    owner = customer.owner or next(holders, None)
    draft = duties.Draft(
        kind=ANSWER, **duties.titled(TITLE), owner=owner, began_at=began, limit=found.limit,
        owner_post="" if owner is not None else found.posts[0],
        clause=found.clause, version_id=found.version_id,
    )  # fmt: skip
    owed = duties.open_duties(
        [draft], subject=row, unit_id=row.unit_id, matter=f"{customer.name}: {row}",
        customer_id=customer.pk, secrecy=customer.secrecy,
    )  # fmt: skip
    row.due_at = owed[0].due_at
    row.save(update_fields=["due_at"])
