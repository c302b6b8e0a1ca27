"""The risk of leaving, as the manual rules on signs and figures (R002-086, ST002-54)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from zhike.customers.models import Customer
from zhike.customers.regulation import row_said
from zhike.kernel.parties.held import held
from zhike.kernel.policy import ask, inforce
from zhike.kernel.worktime import calendars
from zhike.tracking import questions
from zhike.tracking.models import Observation, Plan

AT_ONCE = 1000
COLUMNS = ["risk", "risk_why", "risk_measure", "risk_clause", "risk_at"]


@held
def look_for_churn(*, now: dt.datetime) -> int:
    """Rule anew on every plan (a job). Returns how many are at risk."""
    at_risk, batch = 0, []
    for plan in _plans().order_by("unit", "pk").iterator(chunk_size=AT_ONCE):
        batch.append(plan)
        if len(batch) == AT_ONCE:
            at_risk += _rule(batch, now)
            batch = []
    return at_risk + _rule(batch, now)


def look_at(*, customer: Customer, now: dt.datetime) -> None:
    """Rule anew on one customer, at once after a sign."""
    _rule(list(_plans().filter(pk=customer.pk)), now)


def _plans() -> QuerySet[Plan]:
    signs = Count(
        "customer__observations",
        filter=Q(
            customer__observations__kind=Observation.Kind.CHURN,
            customer__observations__state=Observation.State.OPEN,
        ),
    )
    rows = Plan.objects.filter(customer__state=Customer.State.ACTIVE)
    return rows.select_related("customer__profile").annotate(signs=signs)


def _rule(plans: Iterable[Plan], now: dt.datetime) -> int:
    answers: dict[int, tuple[inforce.Answer | None, dt.date]] = {}
    found, at_risk = [], 0
    for plan in plans:
        if plan.unit_id not in answers:
            day = calendars.local_day(now, plan.unit_id)
            answers[plan.unit_id] = inforce.find(questions.CHURN.name, plan.unit_id, day), day
        answer, today = answers[plan.unit_id]
        if answer is None:
            continue
        facts = _facts(plan, today)
        decided = ask.decide(answer.manual, answer.table, facts, today)  # type: ignore[arg-type]
        outcome = decided[0].outcome if decided else {}
        risk = str(outcome.get("流失风险") or "NONE")
        plan.risk = "" if risk == "NONE" else risk
        plan.risk_measure = str(outcome.get("措施") or "")[:200] if plan.risk else ""
        why = row_said(answer.manual, answer.table, decided[0].row, english=False) if plan.risk else ""  # type: ignore[arg-type]
        plan.risk_why = why[:200]
        plan.risk_clause = decided[0].clause if plan.risk else ""
        plan.risk_at = now
        at_risk += bool(plan.risk)
        found.append(plan)
    Plan.objects.bulk_update(found, COLUMNS, batch_size=AT_ONCE)
    return at_risk


def _facts(plan: Plan, today: dt.date) -> dict[str, int | None]:
    profile = getattr(plan.customer, "profile", None)
    bought = profile.last_order_on if profile is not None else None
    spoken = profile.last_contact_at if profile is not None else None
    heard = calendars.local_day(spoken, plan.unit_id) if spoken is not None else None
    return {
        "迹象数": plan.signs,  # type: ignore[attr-defined]
        "未购天数": (today - bought).days if bought is not None else None,
        "未联络天数": (today - heard).days if heard is not None else None,
        "投诉数": profile.complaints if profile is not None else 0,
    }
