"""Personas of groups and typical customers (F003-04), and the plan of a segment for a period (F003-05)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.models import Customer, Persona, SegmentPlan
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit

from ._regrading import CannotGrade

PERSONA = ("segment", "pains", "expectations", "factors", "interaction", "story", "sample")


@transaction.atomic
def draw_persona(
    *, unit: Unit, name: str, by: Party, now: dt.datetime, customer: Customer | None = None, **given: Any
) -> Persona:
    """The next version of a persona; the one before ends. Raises CannotGrade."""
    title = " ".join(name.split())
    missing = [
        key
        for key in ("pains", "expectations", "factors", "interaction")
        if not str(given.get(key, "")).strip()
    ]
    if not title or missing:
        raise CannotGrade(
            _("A persona has a name, pains, expectations, decision factors and a way of interacting.")
        )
    was = Persona.objects.filter(unit=unit, name=title, until=None).first()
    if was is not None:
        Persona.objects.filter(pk=was.pk).update(until=now)
    fresh = Persona.objects.create(
        unit=unit,
        name=title,
        customer=customer,
        version=was.version + 1 if was is not None else 1,
        at=now,
        by=by,
        **{key: given[key] for key in PERSONA if key in given},
    )
    after = {"name": title, "version": fresh.version, "segment": fresh.segment}
    trail.record("customers.persona_drawn", subject=unit, by=by, at=now, after=after)
    return fresh


@transaction.atomic
def plan_segment(
    *,
    unit: Unit,
    segment: str,
    begins_on: dt.date,
    ends_on: dt.date,
    strategy: str,
    content: str,
    priority: int,
    owner: Party,
    target: str,
    by: Party,
    now: dt.datetime,
) -> SegmentPlan:
    """The three settings of a segment for a period, with owner and target (R003-19). Raises CannotGrade."""
    if ends_on < begins_on:
        raise CannotGrade(_("The period ends before it begins."))
    if not strategy.strip() or not content.strip():
        raise CannotGrade(_("A segment needs a service strategy and a content of communication."))
    if priority < 1:
        raise CannotGrade(_("The priority of resources counts from 1."))
    plan = SegmentPlan.objects.create(
        unit=unit, segment=segment, begins_on=begins_on, ends_on=ends_on, strategy=strategy.strip(),
        content=content.strip(), priority=priority, owner=owner, target=target.strip(), at=now, by=by,
    )  # fmt: skip
    after = {"segment": segment, "priority": priority, "target": plan.target}
    trail.record("customers.segment_planned", subject=unit, by=by, at=now, after=after)
    return plan


@transaction.atomic
def report_segment(*, plan: SegmentPlan, result: str, by: Party, now: dt.datetime) -> None:
    """What came of a plan. Raises CannotGrade."""
    text = result.strip()
    if not text:
        raise CannotGrade(_("Say what came of it."))
    SegmentPlan.objects.filter(pk=plan.pk).update(result=text)
    plan.result = text
    after = {"segment": plan.segment, "result": text[:200]}
    trail.record("customers.segment_reported", subject=plan.unit, by=by, at=now, after=after)
