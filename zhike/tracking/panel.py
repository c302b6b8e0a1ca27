"""The contact plan on the customer's page, and risk and service plan beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhike.customers import panels
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.models import ManualVersion
from zhike.people.models import User

from . import access, queries
from .models import Plan, ServicePlan
from .wording import words_of


def contact_plan(user: User, customer: Customer) -> Mapping[str, Any] | None:
    """What is owed to the customer, how often, by whom, under which clause."""
    plan = Plan.objects.filter(pk=customer.pk).first()
    owed = list(queries.due(access.scope(user)).filter(customer=customer.pk)[:12])
    for duty in owed:
        duty.shown, duty.every = shown(duty), every(duty.limit)  # type: ignore[attr-defined]
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


def shown(duty: Duty) -> str:
    from django.utils.translation import get_language

    english = (get_language() or "").startswith("en")
    return duty.title_en if english and duty.title_en else duty.title


def every(limit: str) -> str:
    """How often, in the reader's words: 7天内 is every 7 days."""
    from zhike.kernel.worktime import calendars, phrases

    if not limit:
        return ""
    from django.utils.translation import get_language

    english = (get_language() or "").startswith("en")
    said = phrases.explain_limit(calendars.parsed(limit), "en" if english else "zh")
    said = said.removesuffix("内").removeprefix("within ")
    return _("every %(span)s") % {"span": said}


def service(user: User, customer: Customer) -> Mapping[str, Any] | None:
    plan = ServicePlan.objects.filter(pk=customer.pk).select_related("by").first()
    tracked = Plan.objects.filter(pk=customer.pk).exclude(risk="").first()
    if plan is None and tracked is None:
        return None
    words = dict(words_of("MEASURES", customer.unit_id, clock.now()))
    return {
        "service": plan,
        "measures": [words.get(code, code) for code in plan.measures] if plan is not None else [],
        "risk": tracked,
    }


def register() -> None:
    panels.register(
        panels.Panel("tracking", "tracking/_panel.html", read=contact_plan, place=panels.MAIN, order=10)
    )
    panels.register(
        panels.Panel("service_plan", "tracking/_service.html", read=service, place=panels.SIDE, order=20)
    )
