"""Contacts at key moments: made by events of cases, by the calendar, after deals; reached or left out (R003-24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.customers.contacts import actions as contacts
from zhike.customers.contacts import limits
from zhike.customers.contacts.days import end_of_day
from zhike.customers.dossier import consent
from zhike.customers.models import Customer, Milestone
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties import subjects
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy import ask, inforce
from zhike.kernel.worktime import calendars
from zhike.tracking import lunar, questions
from zhike.tracking.models import Moment
from zhike.tracking.queries import MOMENT

from ._duties import POST

TITLE = gettext_noop("Contact at a key moment")
PURPOSE = {
    "GREETING": "CARE",
    "INVITATION": "CARE",
    "NEWS": "SALES",
    "ADVICE": "SERVICE",
    "SERVICE": "SERVICE",
}


class CannotEnd(Exception):
    """The contact has been made or left out already, may not be made, or lacks a word on it."""


@dataclass(frozen=True)
class Task:
    """What the manual asks for at a moment."""

    title: str
    limit: str
    ahead: int
    way: str
    content: str
    template: str
    clause: str
    version_id: int


def task_for(unit: int, kind: str, business: str, day: dt.date) -> Task | None:
    """The manual's answer, None where it asks for nothing."""
    answer = inforce.find(questions.MOMENT.name, unit, day)
    if answer is None:
        return None
    known = answer.manual.lists.get(questions.BUSINESSES)
    codes = {word.code for word in known.words} if known is not None else set()
    facts = {"时机": kind, "业务": business if business in codes else None}
    found = ask.decide(answer.manual, answer.table, facts, day)  # type: ignore[arg-type]
    if not found or not found[0].outcome.get("任务"):
        return None
    outcome = found[0].outcome
    limit = outcome.get("期限")
    phrase = getattr(limit, "phrase", None)
    return Task(
        title=str(outcome["任务"]),
        limit=calendars.text_of(phrase.limit) if phrase is not None and phrase.limit is not None else "",
        ahead=int(outcome.get("提前天数") or 0),
        way=str(outcome.get("方式") or "PHONE"),
        content=str(outcome.get("内容") or "SERVICE"),
        template=str(outcome.get("模板") or ""),
        clause=found[0].clause,
        version_id=answer.version.pk,
    )


def business_of(unit: int, label: str, day: dt.date) -> str:
    """Which service business of the manual's list the cases of this kind are."""
    answer = inforce.find(questions.MOMENT.name, unit, day)
    table = answer.manual.lists.get(questions.BUSINESSES) if answer is not None else None
    for row in table.rows if table is not None else ():
        if row.cells["对象"].text.strip() in {label, "全部"}:
            return row.word.code
    return ""


@held
@transaction.atomic
def moment(
    *,
    customer: Customer,
    kind: str,
    occasion: str,
    key: str,
    now: dt.datetime,
    on: dt.date | None = None,
    subject: Model | None = None,
) -> Moment | None:
    """Owe a contact at a key moment; once for each `key`. None where the manual asks for nothing, or it is known."""
    today = calendars.local_day(now, customer.unit_id)
    business = business_of(customer.unit_id, subjects.label_of(subject), today) if subject is not None else ""
    task = task_for(customer.unit_id, kind, business, today)
    if task is None:
        return None
    if on is not None:
        due = end_of_day(customer.unit_id, on)
    else:
        due = calendars.due_at(calendars.calendar_for(customer.unit_id), now, task.limit or "1天")
    pointer = subjects.key(subject) if subject is not None else {}
    words = {"[称呼]": customer.title or customer.name, "[节日]": occasion}
    template = task.template
    for place, word in words.items():
        template = template.replace(place, word)
    try:
        with transaction.atomic():
            row = Moment.objects.create(
                customer=customer,
                unit_id=customer.unit_id,
                kind=kind,
                occasion=occasion[:120],
                key=key[:80],
                on=on or calendars.local_day(due, customer.unit_id),
                due_at=due,
                way=task.way,
                content_kind=task.content,
                template=template,
                clause=task.clause,
                at=now,
                **pointer,
            )
    except IntegrityError:
        return None
    _owe(row, customer, task, now)
    trail.record(
        "tracking.moment", subject=row, by=None, at=now, clause=task.clause, unit_id=row.unit_id,
        secrecy=customer.secrecy, after={"kind": kind, "key": row.key},
    )  # fmt: skip
    return row


def _owe(row: Moment, customer: Customer, task: Task, now: dt.datetime) -> None:
    with override("zh-hans"):
        title = task.title or _(TITLE)
    with override("en"):
        english = title if title.isascii() else str(row.get_kind_display())
    draft = duties.Draft(
        kind=MOMENT,
        title=title,
        title_en=english,
        owner=customer.owner,
        owner_post="" if customer.owner_id else POST,
        began_at=now,
        due_at=row.due_at,
        clause=task.clause,
        version_id=task.version_id,
    )
    duties.open_duties(
        [draft],
        subject=row,
        unit_id=row.unit_id,
        matter=f"{customer.name}: {row.occasion}",
        customer_id=customer.pk,
        secrecy=customer.secrecy,
    )


def refusal(row: Moment, way: str, now: dt.datetime) -> str:
    """Why this contact may not be made now: a refusal of the customer, or the limit of contacts."""
    said = consent.refusal(row.customer, purpose=PURPOSE.get(row.content_kind, "CARE"), way=way)
    return said or limits.refusal(row.customer, content_kind=row.content_kind or "SERVICE", now=now)


@held
@transaction.atomic
def reach(*, moment: Moment, way: str, reply: str, by: Party, now: dt.datetime) -> Moment:
    """The contact was made; it stands in the customer's history. Raises CannotEnd."""
    if moment.state != Moment.State.OPEN:
        raise CannotEnd(_("This contact has been made or left out already."))
    if why := refusal(moment, way, now):
        raise CannotEnd(why)
    try:
        made = contacts.record(
            customer=moment.customer, way=way, by=by, now=now, purpose=moment.occasion,
            content=moment.template, feedback=reply, content_kind=moment.content_kind or "SERVICE", subject=moment,
        )  # fmt: skip
    except contacts.CannotRecord as refused:
        raise CannotEnd(str(refused)) from refused
    _end(moment, Moment.State.DONE, by, now, reply=reply.strip()[:400], interaction=made, way=way)
    duties.discharge(subject=moment, kinds=[MOMENT], by=by, now=now)
    return moment


@held
@transaction.atomic
def leave_out(*, moment: Moment, why: str, by: Party | None, now: dt.datetime) -> Moment:
    """The contact is not made, for a reason. Raises CannotEnd."""
    if not why.strip():
        raise CannotEnd(_("Say why the contact is left out."))
    _end(moment, Moment.State.LEFT_OUT, by, now, why=why.strip()[:200])
    duties.cancel(subject=moment, by=by, now=now, reason=why.strip())  # type: ignore[arg-type]
    return moment


def _end(moment: Moment, state: str, by: Party | None, now: dt.datetime, **more: Any) -> None:
    rows = Moment.objects.filter(pk=moment.pk, state=Moment.State.OPEN)
    if not rows.update(state=state, ended_at=now, ended_by=by, **more):
        raise CannotEnd(_("This contact has been made or left out already."))
    moment.refresh_from_db()
    trail.record(
        "tracking.moment_ended", subject=moment, by=by, at=now, unit_id=moment.unit_id,
        secrecy=moment.customer.secrecy, after={"state": state},
    )  # fmt: skip


# --- greetings ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Festival:
    code: str
    name: str
    is_lunar: bool
    month: int
    day: int


@dataclass(frozen=True)
class Almanac:
    """Which days of the coming weeks are greeted at a unit, by its manual in force."""

    unit: int
    today: dt.date
    festival: Task | None
    anniversary: Task | None
    answer: inforce.Answer | None

    @classmethod
    def of(cls, unit: int, today: dt.date) -> Almanac:
        return cls(
            unit, today, task_for(unit, "FESTIVAL", "", today), task_for(unit, "ANNIVERSARY", "", today),
            inforce.find(questions.MOMENT.name, unit, today),
        )  # fmt: skip

    def festivals(self) -> Iterator[tuple[Festival, dt.date]]:
        table = self.answer.manual.lists.get(questions.FESTIVALS) if self.answer is not None else None
        if self.festival is None:
            return
        for row in table.rows if table is not None else ():
            cells = {label: cell.text.strip() for label, cell in row.cells.items()}
            one = Festival(
                row.word.code, row.word.name, cells["历法"] == "农历", int(cells["月"]), int(cells["日"])
            )
            on = self.next(
                one.month, one.day, is_lunar=one.is_lunar, is_leap=False, ahead=self.festival.ahead
            )
            if on is not None:
                yield one, on

    def next(self, month: int, day: int, *, is_lunar: bool, is_leap: bool, ahead: int) -> dt.date | None:
        """When the day returns within the days ahead; None if it does not, or the manual wants no greeting.

        A lunar year begins in January or February and ends in the next solar one, so two of them are tried.
        """
        for year in (self.today.year - 1, self.today.year, self.today.year + 1):
            try:
                on: dt.date | None = lunar.solar_date(year, month, day, is_lunar=is_lunar, is_leap=is_leap)
            except lunar.NoSuchDay as lacking:
                on = lunar.instead(
                    year, month, day, is_lunar=is_lunar, is_leap=is_leap, rule=self.rule(lacking.absent)
                )
            except ValueError:
                continue
            if on is not None and self.today <= on <= self.today + dt.timedelta(days=ahead):
                return on
        return None

    def rule(self, absent: str) -> str:
        """What the manual puts in the place of a day that a year lacks; no greeting where it is silent."""
        answer = inforce.find(questions.LUNAR.name, self.unit, self.today)
        if answer is None:
            return "NONE"
        found = ask.decide(answer.manual, answer.table, {"缺少的日子": absent}, self.today)  # type: ignore[arg-type]
        return str(found[0].outcome["改为"]) if found else "NONE"


@held
def greet(*, now: dt.datetime, unit: Unit | None = None) -> int:
    """Make the greetings of the coming days as duties, ahead of time (a job; again changes nothing).

    Festivals go to customers under upkeep, anniversaries to all whose days are known, everywhere or at one unit. Who
    refused greetings or was contacted often enough gets none.
    """
    made = 0
    almanacs: dict[int, Almanac] = {}
    for customer, kind, occasion, key, on in _coming(now, almanacs, unit):
        task = (
            almanacs[customer.unit_id].festival
            if kind == "FESTIVAL"
            else almanacs[customer.unit_id].anniversary
        )
        assert task is not None
        if consent.refusal(customer, purpose=PURPOSE[task.content], way=task.way):
            continue
        if limits.refusal(customer, content_kind=task.content, now=now):
            continue
        if moment(customer=customer, kind=kind, occasion=occasion, key=key, now=now, on=on) is not None:
            made += 1
    return made


def _coming(
    now: dt.datetime, almanacs: dict[int, Almanac], only: Unit | None
) -> Iterator[tuple[Customer, str, str, str, dt.date]]:
    active = Customer.objects.filter(state=Customer.State.ACTIVE).select_related("owner", "unit")
    units = set(active.filter(contact_plan__isnull=False).values_list("unit_id", flat=True))
    units |= set(Milestone.objects.values_list("customer__unit_id", flat=True))
    for unit in sorted(units if only is None else units & {only.pk}):
        almanacs[unit] = almanac = Almanac.of(unit, calendars.local_day(now, unit))
        for festival, on in almanac.festivals():
            key = f"FESTIVAL:{festival.code}:{on.year}"
            rows = active.filter(unit=unit, contact_plan__resting="").exclude(moments__key=key)
            for customer in rows.iterator(chunk_size=500):
                yield customer, "FESTIVAL", festival.name, key, on
        if almanac.anniversary is None:
            continue
        ahead = [almanac.today + dt.timedelta(days=day) for day in range(almanac.anniversary.ahead + 2)]
        days = Milestone.objects.filter(
            Q(is_lunar=True) | Q(month__in={day.month for day in ahead}),
            customer__unit=unit,
            customer__state=Customer.State.ACTIVE,
        )
        for day in days.select_related("customer__owner", "customer__unit", "contact").iterator(
            chunk_size=500
        ):
            found = almanac.next(
                day.month,
                day.day,
                is_lunar=day.is_lunar,
                is_leap=day.is_leap,
                ahead=almanac.anniversary.ahead,
            )
            if found is not None:
                who = f"{day.contact.name} " if day.contact is not None else ""
                occasion = f"{who}{day.label or day.get_kind_display()}"
                yield day.customer, "ANNIVERSARY", occasion, f"ANNIVERSARY:{day.pk}:{found.year}", found
