"""The plan of a week: made for who is due, changed by hand, set with purpose and target, printed ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.customers.contacts.days import end_of_day
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import arithmetic, calendars
from zhike.visits import cadence, holidays, rules
from zhike.visits.models import Visit, WeekPlan

from ._common import PLAN, CannotVisit, change, is_first, number, the_customer

PLAN_TITLE = gettext_noop("Plan and sheets of the week's visits")
WEEK = dt.timedelta(days=7)


@held
@transaction.atomic
def plan_week(
    *,
    manager: Party,
    unit: int,
    monday: dt.date,
    by: Party | None,
    now: dt.datetime,
    customers: Iterable[Customer] | None = None,
) -> WeekPlan:
    """Draft the week of one person: visits agreed already, and who of the customers is due, spread over its days.

    `customers` is the customer set; without it, everybody whom this person looks after. Raises CannotVisit.
    """
    if monday.weekday() != 0:
        raise CannotVisit(_("A week begins on a Monday."))
    days = working_days(unit, monday)
    if not days:
        raise CannotVisit(_("This week has no working day."))
    try:
        with transaction.atomic():
            plan = WeekPlan.objects.create(manager=manager, unit_id=unit, monday=monday, at=now, by=by)
    except IntegrityError as clash:
        raise CannotVisit(_("There is a plan for this week already.")) from clash
    agreed = Visit.objects.filter(
        manager=manager,
        state=Visit.State.PLANNED,
        plan=None,
        planned_on__gte=monday,
        planned_on__lt=monday + WEEK,
    )
    agreed.update(plan=plan)
    taken = set(plan.visits.values_list("customer_id", flat=True))
    chosen = owned(manager) if customers is None else list(customers)
    try:
        found = cadence.due([one for one in chosen if one.pk not in taken], unit=unit, until=days[-1])
    except rules.NoRegulation as trouble:
        raise CannotVisit(str(trouble)) from trouble
    _spread(plan, found, days, by=by, now=now)
    _owe(plan, now)
    trail.record("visits.planned", subject=plan, by=by, at=now, after={"visits": plan.visits.count()})
    return plan


def owned(manager: Party) -> list[Customer]:
    """The customer set of a person: whom they look after."""
    rows = Customer.objects.filter(owner=manager, state=Customer.State.ACTIVE)
    return list(rows.order_by("region", "sort_key", "pk"))


def working_days(unit: int, monday: dt.date) -> list[dt.date]:
    calendar = calendars.calendar_for(unit)
    week = (monday + dt.timedelta(days=n) for n in range(7))
    return [day for day in week if arithmetic.is_working_day(calendar, day)]


def _spread(
    plan: WeekPlan,
    found: Sequence[cadence.Due],
    days: Sequence[dt.date],
    *,
    by: Party | None,
    now: dt.datetime,
) -> None:
    """Neighbours on the same day, each day with about as many; who waits longest is not left out.

    Who does not fit into the days stays out and is shown as due.
    """
    here = rules.rules(plan.unit_id, days[-1])
    most = here.visits.figure("每日拜访数", 20)
    room = dict.fromkeys(days, most)
    orders: dict[dt.date, int] = {}
    for day, order in plan.visits.values_list("planned_on", "order"):
        room[day] = room.get(day, 0) - 1
        orders[day] = max(orders.get(day, 0), order)
    space = sum(max(0, left) for left in room.values())
    chosen = sorted(found[:space], key=lambda due: (due.customer.region, due.customer.sort_key))
    per_day = -(-len(chosen) // len(days)) if chosen else 0
    rows: list[Visit] = []
    waiting = list(chosen)
    for day in days:
        take = min(per_day, max(0, room[day]))
        rows += _visits(plan, waiting[:take], day, by=by, now=now)
        waiting = waiting[take:]
    for day in days:  # what the even share left over
        take = max(0, room[day] - sum(row.planned_on == day for row in rows))
        rows += _visits(plan, waiting[:take], day, by=by, now=now)
        waiting = waiting[take:]
    for row in rows:
        row.order = orders[row.planned_on] = orders.get(row.planned_on, 0) + 1
    Visit.objects.bulk_create(rows)


def _visits(
    plan: WeekPlan, found: Sequence[cadence.Due], day: dt.date, *, by: Party | None, now: dt.datetime
) -> list[Visit]:
    return [
        Visit(
            number=number(due.customer, now),
            customer=due.customer,
            unit_id=due.customer.unit_id,
            secrecy=due.customer.secrecy,
            manager_id=plan.manager_id,
            plan=plan,
            planned_on=day,
            kind=Visit.Kind.FIRST if due.is_first else Visit.Kind.PLANNED,
            focus=due.focus,
            target=due.focus[:200],
            at=now,
            by=by,
        )
        for due in found
    ]


def _owe(plan: WeekPlan, now: dt.datetime) -> None:
    """Set and printed on the last working day before the week begins (R004-10, A004-02)."""
    found = rules.rules(plan.unit_id, plan.monday)
    limit, clause = found.limit("PLAN")
    calendar = calendars.calendar_for(plan.unit_id)
    begins = dt.datetime.combine(plan.monday, dt.time.min, tzinfo=calendar.zone)
    with override("zh-hans"):
        title = _(PLAN_TITLE)
    draft = duties.Draft(
        PLAN,
        title,
        plan.manager,
        now,
        title_en=PLAN_TITLE,
        clause=clause,
        version_id=found.visits.version_id,
        due_at=end_of_working_day_before(plan.unit_id, begins, limit) if limit else None,
    )
    with override("zh-hans"):
        matter = _("Week of %(day)s") % {"day": plan.monday.isoformat()}
    duties.open_duties([draft], subject=plan, unit_id=plan.unit_id, matter=matter)


def end_of_working_day_before(unit: int, moment: dt.datetime, amount: str) -> dt.datetime:
    """The close of the working day that lies `amount` before a moment."""
    day = calendars.local_day(calendars.before(calendars.calendar_for(unit), moment, amount), unit)
    return end_of_day(unit, day)


@held
@transaction.atomic
def add(
    *,
    manager: Party,
    customer: Customer,
    on: dt.date,
    by: Party,
    now: dt.datetime,
    at: dt.time | None = None,
    kind: str = "",
    purposes: Sequence[str] = (),
    target: str = "",
    focus: str = "",
    content: str = "",
    knowing: bool = False,
    **more: object,
) -> Visit:
    """Plan one visit, in the plan of its week if there is one. A day off is refused unless `knowing`."""
    customer = the_customer(customer)
    _day(customer.unit_id, on, now, knowing)
    first = is_first(customer)
    plan = WeekPlan.objects.filter(manager=manager, monday=_monday(on)).first()
    _changed(plan)
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                number=number(customer, now),
                customer=customer,
                unit_id=customer.unit_id,
                secrecy=customer.secrecy,
                manager=manager,
                plan=plan,
                planned_on=on,
                planned_at=at,
                order=_last(manager, on) + 1,
                kind=kind or (Visit.Kind.FIRST if first else Visit.Kind.PLANNED),
                purposes=list(purposes),
                target=target.strip(),
                focus=focus.strip(),
                content=content.strip(),
                at=now,
                by=by,
                **more,
            )
    except IntegrityError as clash:
        raise CannotVisit(_("This customer has a visit on that day already.")) from clash
    trail.record(
        "visits.added", subject=visit, by=by, at=now, after={"on": on.isoformat(), "kind": visit.kind}
    )
    return visit


@held
@transaction.atomic
def move(
    *,
    visit: Visit,
    on: dt.date,
    by: Party,
    now: dt.datetime,
    order: int | None = None,
    at: dt.time | None = None,
    knowing: bool = False,
) -> Visit:
    """Another day, or another place in the day; the others of the day make room. Raises CannotVisit."""
    if visit.state != Visit.State.PLANNED:
        raise CannotVisit(_("This visit has begun already: it stays on its day."))
    _day(visit.unit_id, on, now, knowing)
    plan = WeekPlan.objects.filter(manager=visit.manager_id, monday=_monday(on)).first()
    last = _last(visit.manager, on) + (visit.planned_on != on)
    place = last if order is None else max(1, min(order, last))
    for one in {row.pk: row for row in (visit.plan, plan) if row is not None}.values():
        _changed(one)
    change(
        visit, by=by, now=now, code="visits.moved", planned_on=on, order=place, plan=plan,
        planned_at=at if at is not None else visit.planned_at,
    )  # fmt: skip
    _renumber(visit.manager, on, first=visit)
    visit.refresh_from_db()
    return visit


@held
@transaction.atomic
def arrange(
    *,
    plan: WeekPlan,
    days: Mapping[dt.date, Sequence[int | cadence.Due]],
    by: Party,
    now: dt.datetime,
    without: Collection[int] = (),
) -> WeekPlan:
    """Days and order of a whole week at once: for each day visits by key, and who is due and gets one.

    What has begun stays. `without`: visits that leave a draft. One audit row.
    """
    open_visits = {visit.pk: visit for visit in plan.visits.filter(state=Visit.State.PLANNED)}
    changed: list[Visit] = []
    new: list[Visit] = []
    for day, row in days.items():
        _day(plan.unit_id, day, now, False)
        if not plan.monday <= day < plan.monday + WEEK:
            raise CannotVisit(_("%(day)s is not in this week.") % {"day": date_format(day)})
        for place, one in enumerate(row, start=1):
            if isinstance(one, cadence.Due):
                new += _visits(plan, [one], day, by=by, now=now)
                new[-1].order = place
            elif (visit := open_visits.get(one)) and (visit.planned_on, visit.order) != (day, place):
                visit.planned_on, visit.order = day, place
                changed.append(visit)
    _touch(plan)
    if without and plan.state == WeekPlan.State.SET:
        raise CannotVisit(_("The plan is set: say why the visit is not made."))
    gone = [key for key in without if key in open_visits]
    plan.visits.filter(pk__in=gone, state=Visit.State.PLANNED).delete()
    try:
        with transaction.atomic():
            for visit in changed:
                Visit.objects.filter(pk=visit.pk, state=Visit.State.PLANNED).update(
                    planned_on=visit.planned_on, order=visit.order, revision=F("revision") + 1
                )
            Visit.objects.bulk_create(new)
    except IntegrityError as clash:
        raise CannotVisit(_("This customer has a visit on that day already.")) from clash
    counts = {"moved": len(changed), "added": len(new), "removed": len(gone)}
    trail.record("visits.arranged", subject=plan, by=by, at=now, after=counts)
    return plan


@transaction.atomic
def remove(*, visit: Visit, by: Party, now: dt.datetime) -> None:
    """Take a visit out of a draft. From a plan that was set it is left out with a reason (`skip`)."""
    if visit.plan is not None and visit.plan.state == WeekPlan.State.SET:
        raise CannotVisit(_("The plan is set: say why the visit is not made."))
    if visit.state != Visit.State.PLANNED:
        raise CannotVisit(_("This visit has begun already: it stays on its day."))
    _changed(visit.plan)
    trail.record("visits.removed", subject=visit, by=by, at=now, before={"on": visit.planned_on.isoformat()})
    visit.delete()


@held
@transaction.atomic
def set_plan(*, plan: WeekPlan, by: Party, now: dt.datetime) -> WeekPlan:
    """Release the plan. No visit without purpose and target is released (R002-108)."""
    bare = [
        row for row in plan.visits.select_related("customer") if not row.target.strip() or not _aimed(row)
    ]
    if bare:
        raise CannotVisit(
            _("A visit without purpose and target cannot be released."),
            tuple(f"{row.number} {row.customer.name}" for row in bare),
        )
    rows = WeekPlan.objects.filter(pk=plan.pk, state=WeekPlan.State.DRAFT, revision=plan.revision)
    if not rows.update(state=WeekPlan.State.SET, set_at=now, revision=F("revision") + 1):
        raise CannotVisit(_("This plan is set already, or somebody has changed it."))
    plan.refresh_from_db()
    _settled(plan, by, now)
    trail.record("visits.plan_set", subject=plan, by=by, at=now, after={"visits": plan.visits.count()})
    return plan


def _aimed(visit: Visit) -> bool:
    """A purpose of the list; where the regulation has none, the key work is the purpose."""
    has_list = bool(rules.rules(visit.unit_id, visit.planned_on).words("拜访目的"))
    return bool(visit.purposes) if has_list else bool(visit.purposes or visit.focus.strip())


@transaction.atomic
def printed(*, plan: WeekPlan, by: Party, now: dt.datetime) -> WeekPlan:
    """The plan and record sheets were printed."""
    WeekPlan.objects.filter(pk=plan.pk).update(printed_at=now, revision=F("revision") + 1)
    plan.refresh_from_db()
    _settled(plan, by, now)
    trail.record("visits.plan_printed", subject=plan, by=by, at=now)
    return plan


def _settled(plan: WeekPlan, by: Party, now: dt.datetime) -> None:
    if plan.state == WeekPlan.State.SET and plan.printed_at is not None:
        duties.discharge(subject=plan, kinds=[PLAN], by=by, now=now)


def _changed(plan: WeekPlan | None) -> None:
    """Who looks at the plan as it was finds out before taking over an arrangement of it."""
    if plan is not None:
        WeekPlan.objects.filter(pk=plan.pk).update(revision=F("revision") + 1)


def _touch(plan: WeekPlan) -> None:
    rows = WeekPlan.objects.filter(pk=plan.pk, revision=plan.revision)
    if not rows.update(revision=F("revision") + 1):
        raise CannotVisit(_("Somebody has changed this plan meanwhile: look again."))
    plan.refresh_from_db()


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _last(manager: Party, on: dt.date) -> int:
    rows = Visit.objects.filter(manager=manager, planned_on=on)
    return rows.aggregate(last=Max("order"))["last"] or 0


def _renumber(manager: Party, on: dt.date, *, first: Visit) -> None:
    """The order of a day as 1, 2, 3, with the visit that was moved at its place."""
    rows = list(
        Visit.objects.filter(manager=manager, planned_on=on).exclude(pk=first.pk).order_by("order", "pk")
    )
    rows.insert(first.order - 1, first)
    for place, row in enumerate(rows, start=1):
        row.order = place
    Visit.objects.bulk_update(rows, ["order"])


def _day(unit: int, on: dt.date, now: dt.datetime, knowing: bool) -> None:
    if on < calendars.local_day(now, unit):
        raise CannotVisit(_("%(day)s is over.") % {"day": date_format(on)})
    if not knowing and not arithmetic.is_working_day(calendars.calendar_for(unit), on):
        raise CannotVisit(holidays.refusal(unit, on))
