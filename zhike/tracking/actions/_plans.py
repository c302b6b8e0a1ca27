"""Contact plans: opened one by one, in bulk or after a deal; the four fixes; rest; why nobody called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from zhike.customers.actions import CannotCorrect, correct
from zhike.customers.models import Customer, Profile
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.people.models import business_day
from zhike.people.queries import current_appointments
from zhike.tracking.cadence import Cadences, NoCadence, standings
from zhike.tracking.models import Moment, Plan
from zhike.tracking.queries import JOURNAL_KINDS

from ._duties import CannotTrack, Opening, follow, hand, open_of, wanted
from ._moments import leave_out, moment

AT_ONCE = 1000  # plans opened in one go


@held
@transaction.atomic
def open_plans(
    *, customers: Sequence[Customer], by: Party | None, now: dt.datetime, origin: str = ""
) -> list[Plan]:
    """Open the plans of these customers, where they have none; their duties come with one INSERT.

    Raises CannotTrack where no regulation says how often.
    """
    # two who open the plan of one customer: the second waits, and finds it
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in customers]))
    known = set(Plan.objects.filter(customer__in=[row.pk for row in customers]).values_list("pk", flat=True))
    fresh = [row for row in customers if row.pk not in known and row.state == Customer.State.ACTIVE]
    grades = standings([row.pk for row in fresh])
    opening, plans = Opening(now), []
    cadences: dict[int, Cadences] = {}
    for row in fresh:
        grade, shop_class = grades.get(row.pk, ("", ""))
        table = cadences.setdefault(row.unit_id, Cadences(calendars.local_day(now, row.unit_id)))
        try:
            cadence = table.of(row.unit_id, grade, shop_class)
        except NoCadence as silent:
            raise CannotTrack(str(silent)) from silent
        plan = Plan(customer=row, unit_id=row.unit_id, origin=origin[:120], opened_at=now, opened_by=by)
        made = [opening.add(plan, row, kind, limit, cadence) for kind, limit in wanted(cadence).items()]
        plan.journal, plan.next_at = cadence.journal, made[0].due_at
        plans.append(plan)
    Plan.objects.bulk_create(plans, batch_size=AT_ONCE)
    opening.save()
    if plans:
        trail.record(
            "tracking.plans_opened",
            subject=plans[0],
            by=by,
            at=now,
            unit_id=plans[0].unit_id,
            after={"count": len(plans), "origin": origin},
        )
    return plans


@held
@transaction.atomic
def fix(
    *,
    customer: Customer,
    owner: Party | None,
    place: str,
    suits: str,
    region: str,
    by: Party,
    now: dt.datetime,
) -> Plan:
    """Person, place, time and area of the upkeep (R000-11). Opens the plan where there is none.

    Raises CannotTrack.
    """
    if owner is not None and not current_appointments(now).filter(party=owner).exists():
        raise CannotTrack(_("%(name)s holds no post at present.") % {"name": owner.name})
    try:
        correct(customer=customer, owner=owner, region=region.strip(), by=by, now=now)
    except CannotCorrect as refusal:
        raise CannotTrack(str(refusal)) from refusal
    open_plans(customers=[customer], by=by, now=now)
    plan = Plan.objects.select_related("customer").get(pk=customer.pk)
    plan.place, plan.suits = place.strip(), suits.strip()
    plan.save(update_fields=["place", "suits"])
    hand(customer)
    trail.record(
        "tracking.fixed", subject=customer, by=by, at=now, after={"place": plan.place, "suits": plan.suits}
    )
    return plan


@held
@transaction.atomic
def rest(*, plan: Plan, reason: str, by: Party, now: dt.datetime) -> Plan:
    """Nobody is to contact the customer for now. What is late by then has been late. Raises CannotTrack."""
    if not reason.strip():
        raise CannotTrack(_("Say why nobody is to contact the customer now."))
    if not Plan.objects.filter(pk=plan.pk, resting="").update(resting=reason.strip()[:200], next_at=None):
        raise CannotTrack(_("This plan rests already."))
    for duty in open_of(plan).values():
        if duty.paused_at is None and duty.limit:
            duties.pause(duty=duty, by=by, now=now, reason=reason.strip())
    plan.refresh_from_db()
    trail.record("tracking.rested", subject=plan.customer, by=by, at=now, after={"reason": plan.resting})
    return plan


@held
@transaction.atomic
def wake(*, plan: Plan, by: Party, now: dt.datetime) -> Plan:
    """The customer is contacted again; what remained of each interval runs on. Raises CannotTrack."""
    if not Plan.objects.filter(pk=plan.pk).exclude(resting="").update(resting=""):
        raise CannotTrack(_("This plan is not at rest."))
    for duty in open_of(plan).values():
        if duty.paused_at is not None:
            duties.resume(duty=duty, by=by, now=now)
    plan.refresh_from_db()
    plan.next_at = _next(plan)
    plan.save(update_fields=["next_at"])
    trail.record("tracking.woken", subject=plan.customer, by=by, at=now)
    return plan


@held
@transaction.atomic
def let_go(*, by: Party, now: dt.datetime) -> int:
    """Nobody owes a contact to a customer whose file was put away (a job). Returns how many plans and moments end."""
    with override("zh-hans"):
        why = _("The file was put away.")
    owed = Duty.objects.open().filter(subject_label=Plan._meta.label).values("subject_id")
    plans = Plan.objects.filter(pk__in=owed).exclude(customer__state=Customer.State.ACTIVE)
    moments = Moment.objects.filter(state=Moment.State.OPEN).exclude(customer__state=Customer.State.ACTIVE)
    ended = 0
    for plan in plans.select_related("customer"):
        duties.cancel(subject=plan, by=by, now=now, reason=why)
        trail.record("tracking.let_go", subject=plan.customer, by=by, at=now, after={"reason": why})
        ended += 1
    for one in moments.select_related("customer"):
        leave_out(moment=one, why=why, by=by, now=now)
        ended += 1
    return ended


def _next(plan: Plan) -> dt.datetime | None:
    duty = open_of(plan).get(JOURNAL_KINDS.get(plan.journal, ""))
    return duty.due_at if duty is not None else None


@transaction.atomic
def explain(*, customer: Customer, reason: str, by: Party, now: dt.datetime) -> None:
    """Why a customer was not contacted although it was owed; stands until the next contact. Raises CannotTrack."""
    if not reason.strip():
        raise CannotTrack(_("Say why the customer was not contacted."))
    rows = Plan.objects.filter(pk=customer.pk)
    if not rows.update(silence=reason.strip()[:200], silence_at=now, silence_by=by):
        raise CannotTrack(_("This customer has no contact plan yet: open one first."))
    trail.record("tracking.explained", subject=customer, by=by, at=now, after={"reason": reason.strip()})


# --- deals -------------------------------------------------------------------------------------------------


@held
@transaction.atomic
def after_deal(*, customer: Customer, deal: str, by: Party | None, now: dt.datetime) -> Plan:
    """A closed deal: the plan is opened, with one dated activity beside its cadence (R000-32). Raises CannotTrack."""
    if not deal.strip():
        raise CannotTrack(_("Say which deal was closed."))
    open_plans(customers=[customer], by=by, now=now, origin=deal.strip())
    plan = Plan.objects.select_related("customer").get(pk=customer.pk)
    made = moment(
        customer=customer, kind="DEAL", occasion=deal.strip(), key=f"DEAL:{deal.strip()[:60]}", now=now
    )
    if made is None:
        raise CannotTrack(_("The regulation on upkeep does not say what follows a deal."))
    trail.record("tracking.deal_followed", subject=customer, by=by, at=now, after={"deal": deal.strip()})
    return plan


# No figure of a regulation: files that come with years of orders are not all new deals. It is the longest that a unit may
# set for the contact after a deal; of an order that is learnt of later there is nothing left to follow.
FRESH = dt.timedelta(days=30)


def after_deals(*, now: dt.datetime) -> int:
    """Open the plans of customers whose first order has come and who have none yet (a job). Returns how many."""
    rows = Profile.objects.filter(
        first_order_on__gt=business_day(now) - FRESH,
        customer__contact_plan=None,
        customer__state=Customer.State.ACTIVE,
    )
    done = 0
    for profile in rows.select_related("customer__unit", "customer__owner").order_by("pk"):
        with override("zh-hans"):
            deal = _("First order of %(day)s") % {"day": profile.first_order_on}
        try:
            after_deal(customer=profile.customer, deal=deal, by=None, now=now)
        except CannotTrack:
            continue  # no regulation at this unit
        done += 1
    return done


@held
@transaction.atomic
def follow_grades(*, plans: Iterable[Plan], by: Party, now: dt.datetime) -> int:
    """Bring plans in line with grades that changed elsewhere: the method follows at once (R001-133)."""
    rows = list(plans)
    grades, moved = standings([plan.pk for plan in rows]), 0
    tables: dict[int, Cadences] = {}
    for plan in rows:
        if plan.resting:
            continue
        grade, shop_class = grades.get(plan.pk, ("", ""))
        try:
            if plan.unit_id not in tables:
                tables[plan.unit_id] = Cadences(calendars.local_day(now, plan.unit_id))
            cadence = tables[plan.unit_id].of(plan.unit_id, grade, shop_class)
        except NoCadence:
            continue
        if cadence.journal != plan.journal:
            duty: Duty = follow(plan, plan.customer, cadence, by=by, now=now)
            plan.journal, plan.next_at = cadence.journal, duty.due_at
            plan.save(update_fields=["journal", "next_at"])
            moved += 1
    return moved
