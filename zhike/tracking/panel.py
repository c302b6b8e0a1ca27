"""The contact plan on the customer's page, risk and service plan beside; the service plan for whoever goes there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers import briefing, panels
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.worktime import calendars, phrases
from zhike.people.models import User, in_language

from . import access, queries
from .models import ServicePlan
from .wording import words_of


def contact_plan(user: User, customer: Customer) -> Mapping[str, Any] | None:
    """What is owed to the customer, how often, by whom, under which clause."""
    plan = queries.plan_of(customer)
    rows = queries.due(access.scope(user)).filter(customer=customer.pk)
    owed = list(rows.select_related(None).select_related("owner")[:12])
    for duty in owed:
        duty.every = every(duty.limit)  # type: ignore[attr-defined]
    may = access.may(user, customer)
    if plan is None and not owed and not may.work:
        return None
    version = next((duty.version_id for duty in owed if duty.kind in queries.JOURNAL_KINDS.values()), None)
    manual = ManualVersion.objects.filter(pk=version).defer("text").first() if version else None
    return {
        "plan": plan,
        "owed": owed,
        "manual": manual,
        "missing": queries.missing_of(customer),
        "may": may,
        "now": clock.now(),
    }


def every(limit: str) -> str:
    """How often, in the reader's words: 7天内 is every 7 days."""
    if not limit:
        return ""
    said = phrases.explain_limit(calendars.parsed(limit), in_language("zh", "en"))
    said = said.removesuffix("内").removeprefix("within ")
    return _("every %(span)s") % {"span": said}


def service(user: User, customer: Customer) -> Mapping[str, Any] | None:
    plan = ServicePlan.objects.filter(pk=customer.pk).select_related("by").first()
    tracked = queries.plan_of(customer)
    at_risk = tracked if tracked is not None and tracked.risk else None
    if plan is None and at_risk is None:
        return None
    words = dict(words_of("MEASURES", customer.unit_id, clock.now()))
    return {
        "service": plan,
        "measures": [words.get(code, code) for code in plan.measures] if plan is not None else [],
        "risk": at_risk,
    }


def notes(customers: Collection[int], now: dt.datetime) -> dict[int, briefing.Note]:
    """How each of them is served by the own plan, for whoever goes there (R002-134). One query."""
    rows = ServicePlan.objects.filter(pk__in=customers).values_list(
        "pk", "strategy", "measures", "valid_to", "customer__unit"
    )
    found, words = {}, {}
    for pk, strategy, measures, until, unit in rows:
        if unit not in words:
            words[unit] = dict(words_of("MEASURES", unit, now))
        parts = [strategy, _(", ").join(words[unit].get(code, code) for code in measures)]
        if until is not None:
            parts.append(_("valid until %(day)s") % {"day": until.isoformat()})
        url = reverse("tracking:work", args=[pk])
        found[pk] = briefing.Note(gettext_lazy("Service plan"), " · ".join(filter(None, parts)), url)
    return found


def register() -> None:
    briefing.register("service_plan", notes)
    panels.register(
        panels.Panel("tracking", "tracking/_panel.html", read=contact_plan, place=panels.MAIN, order=10)
    )
    panels.register(
        panels.Panel("service_plan", "tracking/_service.html", read=service, place=panels.SIDE, order=20)
    )
