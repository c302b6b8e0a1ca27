"""Reads of planning by routes."""

from __future__ import annotations

from zhike.kernel.parties.scope import Scope
from zhike.visits.models import Routes, WeekPlan, Workday


def proposal(scope: Scope, plan: WeekPlan) -> Routes | None:
    """What this person was proposed for a plan; nobody sees another's."""
    return Routes.objects.filter(plan=plan, asked_by=scope.party).first()


def workday(plan: WeekPlan) -> Workday | None:
    """The day of visits of the person of a plan through whose gate one has come."""
    return Workday.objects.filter(manager=plan.manager_id).first()
