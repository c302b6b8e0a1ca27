"""Somebody has been at the customer's: what upkeep owed of it is made, and the next dates are set."""

from __future__ import annotations

from django.db import transaction

from zhike.customers.models import Interaction
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.worktime import calendars
from zhike.tracking.cadence import Cadences, NoCadence, standings
from zhike.tracking.models import Plan
from zhike.tracking.queries import PHONE, VISIT

from ._duties import follow, open_of


@held
@transaction.atomic
def meet(*, interaction: Interaction) -> list[str]:
    """The visit and the call that were owed at that moment are made by it; the journal still wants its decision.

    Returns the kinds of duties that it discharged; a visit that was owed only later discharges nothing.
    """
    by, at = interaction.by, interaction.at
    plan = Plan.objects.filter(pk=interaction.customer_id, resting="").select_related("customer").first()
    if plan is None or by is None:
        return []
    owed = open_of(plan)
    kinds = [kind for kind in (VISIT, PHONE) if kind in owed and owed[kind].began_at <= at]
    if not kinds:
        return []
    duties.discharge(subject=plan, kinds=kinds, by=by, now=at)
    grade, shop_class = standings([plan.pk]).get(plan.pk, ("", ""))
    try:
        cadence = Cadences(calendars.local_day(at, plan.unit_id)).of(plan.unit_id, grade, shop_class)
        follow(plan, plan.customer, cadence, by=by, now=at)
    except NoCadence:  # nothing returns where the regulation is silent
        pass
    Plan.objects.filter(pk=plan.pk).update(silence="", silence_at=None, silence_by=None)
    trail.record(
        "tracking.met",
        subject=plan.customer,
        by=by,
        at=at,
        after={"interaction": interaction.pk, "made": kinds},
    )
    return kinds
