"""A request is made: numbered, given to the head of the unit asked, or at once to the own leader."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.regulation import Regulation, limit_of, regulation
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars
from zhike.people.requests.models import Request, RequestStep
from zhike.people.requests.questions import REQUEST

NUMBERS = "QQ-{yyyy}{mm}-{seq:04}"
ANSWER, URGENT, TELL = "request.answer", "request.urgent", "request.tell"
ANSWERS = (ANSWER, URGENT)
ANSWER_TITLE = gettext_noop("Answer the request")
TELL_TITLE = gettext_noop("Pass the answer on and settle")


class CannotAsk(Exception):
    """Something is missing, nobody could answer, or no regulation says by when; one sentence."""


@held
@transaction.atomic
def ask(
    *,
    kind: str,
    text: str,
    by: Party,
    now: dt.datetime,
    to_unit: Unit | None = None,
    unit: Unit | None = None,
    subject: tuple[str, int] | None = None,
    customer: Model | None = None,
    topic: str = "",
    secrecy: int = 0,
    urgent: bool = False,
    due_at: dt.datetime | None = None,
) -> Request:
    """Ask another unit, or with kind URGENT the own leader at once (R004-27, R004-28, R004-37). Raises CannotAsk.

    `unit` is where the asker acts, the own unit without it. `customer` shares its key with its party. `due_at` is the
    moment told to a customer; it may only be earlier than the regulation's.
    """
    if kind not in Request.Kind.values:
        raise CannotAsk(_("Say what kind of request this is."))
    if not text.strip():
        raise CannotAsk(_("Write what you ask."))
    home = unit or by.unit
    if home is None:
        raise CannotAsk(_("You belong to no unit that could ask."))
    if kind == Request.Kind.URGENT:
        to_unit = to_unit or home
        owner = directory().superior_of(by.pk, home.pk, now)
    else:
        if to_unit is None:
            raise CannotAsk(_("Choose the unit that is asked."))
        owner = head_of(to_unit, by, now)
    if owner is None or owner.pk == by.pk:
        raise CannotAsk(_("Nobody of %(unit)s could answer: choose another unit.") % {"unit": to_unit.label})
    answered, _told = limits(kind, home.pk, now)
    row = Request.objects.create(
        number=series.take(NUMBERS, key="request", now=now, tz=zone(home.pk), unit_code=home.code),
        kind=kind, topic=topic.strip()[:60], text=text.strip(),
        subject_label=subject[0] if subject else "", subject_id=subject[1] if subject else None,
        customer_id=customer.pk if customer is not None else None, secrecy=secrecy,
        unit=home, to_unit=to_unit, owner=owner, asked_by=by, asked_at=now, week=monday(now, home.pk),
        urgent=urgent or kind == Request.Kind.URGENT, clause=answered.clause, version_id=answered.version_id,
        due_at=due_at,
    )  # fmt: skip
    owe_answer(row, answered.limit, now)
    step(row, RequestStep.Kind.ASKED, by, now, text=row.text, to_unit=to_unit, owner=owner)
    tell(row, owner, "request.asked", by, now, email=row.urgent)
    trail.record(
        "people.requested", subject=row, by=by, at=now, clause=row.clause, unit_id=home.pk,
        after={"number": row.number, "kind": kind, "to": to_unit.pk},
    )  # fmt: skip
    return row


# --- shared with answering and passing on ------------------------------------------------------------------


class Limit:
    """A limit of the regulation with the clause that gives it."""

    def __init__(self, limit: str, clause: str, version_id: int) -> None:
        self.limit, self.clause, self.version_id = limit, clause, version_id


def limits(kind: str, unit: int, now: dt.datetime) -> tuple[Limit, Limit]:
    """By when a request of this kind is answered, and its answer passed on. Raises CannotAsk."""
    found = rules(unit, now)
    decided = found.decided({"事项": kind}, calendars.local_day(now, unit))
    if not decided:
        raise CannotAsk(_("The regulation says nothing about requests of this kind."))
    one = decided[0]
    return (
        Limit(limit_of(one.outcome["答复期限"]), one.clause, found.version_id),
        Limit(limit_of(one.outcome.get("转告期限")), one.clause, found.version_id),
    )


def rules(unit: int, now: dt.datetime) -> Regulation:
    found = regulation(REQUEST.name, unit, now)
    if found is None:
        raise CannotAsk(
            _("No regulation on requests is in force at this unit. Ask an administrator to install one.")
        )
    return found


def head_of(unit: Unit, asker: Party, now: dt.datetime) -> Party | None:
    """Who answers for a unit: its head, or who stands above where the asker heads it."""
    head = directory().superior_of(None, unit.pk, now)
    return head if head is None or head.pk != asker.pk else directory().superior_of(asker.pk, unit.pk, now)


def answer_kind(row: Request) -> str:
    """What is urgent is work of its own (T004-02)."""
    return URGENT if row.kind == Request.Kind.URGENT else ANSWER


def owe_answer(row: Request, limit: str, now: dt.datetime) -> None:
    """The owner owes the answer by the regulation's date, or by the one told, whichever comes first."""
    duty = duties.planned(
        [_draft(row, answer_kind(row), ANSWER_TITLE, row.owner, now, limit)], subject=row, unit_id=row.to_unit_id,
        matter=str(row), customer_id=row.customer_id, secrecy=row.secrecy,
    )[0]  # fmt: skip
    if row.due_at is not None and (duty.due_at is None or row.due_at < duty.due_at):
        owe(row, answer_kind(row), ANSWER_TITLE, row.owner, row.to_unit_id, now, due_at=row.due_at)
        return
    duty.save()
    row.due_at = duty.due_at
    row.save(update_fields=["due_at"])


def owe(
    row: Request, kind: str, title: str, owner: Party, unit: int, now: dt.datetime, *, limit: str = "",
    due_at: dt.datetime | None = None,
) -> None:  # fmt: skip
    duties.open_duties(
        [_draft(row, kind, title, owner, now, limit, due_at)], subject=row, unit_id=unit, matter=str(row),
        customer_id=row.customer_id, secrecy=row.secrecy,
    )  # fmt: skip


def _draft(
    row: Request, kind: str, title: str, owner: Party, now: dt.datetime, limit: str = "",
    due_at: dt.datetime | None = None,
) -> duties.Draft:  # fmt: skip
    return duties.Draft(
        kind=kind, **duties.titled(title), owner=owner, began_at=now, limit=limit, due_at=due_at,
        clause=row.clause, version_id=row.version_id,
    )  # fmt: skip


def step(row: Request, kind: str, by: Party, now: dt.datetime, **more: object) -> None:
    RequestStep.objects.create(request=row, kind=kind, by=by, at=now, **more)


def tell(row: Request, to: Party, kind: str, by: Party, now: dt.datetime, *, email: bool = False) -> None:
    post.notify(
        to=to, kind=kind, title=str(row), body=row.answer, subject=row, by=by, at=now, email=email,
        clause=row.clause, params={"request": str(row)},
    )  # fmt: skip


def zone(unit: int) -> ZoneInfo:
    return calendars.calendar_for(unit).zone


def monday(now: dt.datetime, unit: int) -> dt.date:
    day = calendars.local_day(now, unit)
    return day - dt.timedelta(days=day.weekday())
