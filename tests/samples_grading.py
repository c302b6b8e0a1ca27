"""Rows of grading for the matrix of access: regulations in force, a proposal, an evaluation, a persona, a plan, a job."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhike.customers.grading import actions, sheets
from zhike.customers.models import Evaluation, Persona, Proposal, Run, SegmentPlan
from zhike.customers.reporting import publishing
from zhike.customers.tests.grading import in_force
from zhike.kernel.policy.models import Installation
from zhike.kernel.records.models import Record

from .world import World


def graded(world: World) -> World:
    """The world with the regulations on grading in force."""
    for key in ("customer-grading", "customer-lifecycle", "tobacco-customers"):
        if not Installation.objects.filter(key=key).exists():
            in_force(world.people.mall, key)
    return world


def a_proposal(world: World) -> Proposal:
    known = Proposal.objects.filter(customer=graded(world).customer).first()
    return known or actions.propose(
        customer=world.customer,
        dimension="grade",
        value="B",
        reason="…",
        by=world.people.taker.party,
        now=world.now,
    )


def an_evaluation(world: World) -> Evaluation:
    given = {"month": world.now.date().replace(day=1), "customer": graded(world).customer}
    return Evaluation.objects.get_or_create(**given, defaults={"due_on": world.now.date()})[0]


def a_persona(world: World) -> Persona:
    given: dict[str, Any] = dict.fromkeys(("pains", "expectations", "factors", "interaction"), "…")
    known = Persona.objects.first()
    return known or actions.draw_persona(
        unit=graded(world).people.south, name="…", by=world.people.manager.party, now=world.now, **given
    )


def a_plan(world: World) -> SegmentPlan:
    known = SegmentPlan.objects.first()
    day = world.now.date()
    by = world.people.manager.party
    return known or actions.plan_segment(
        unit=graded(world).people.south, segment="LOYAL", begins_on=day, ends_on=day + dt.timedelta(days=9),
        strategy="…", content="…", priority=1, owner=by, target="…", by=by, now=world.now,
    )  # fmt: skip


def a_run(world: World) -> Run:
    given = {"kind": Run.Kind.VALUE, "unit": world.people.south, "state": Run.State.DONE}
    return Run.objects.get_or_create(**given, defaults={"at": world.now})[0]


def a_sheet(world: World) -> Record:
    known = Record.objects.filter(form=sheets.ANALYSIS.code).first()
    typed = {"behaviour": "…", "problems": "…", "measures": "…"}
    return known or actions.sign_sheet(
        form=sheets.ANALYSIS,
        filled=sheets.Filled(graded(world).customer, world.now.date()),
        typed=typed,
        by=world.people.taker.party,
        now=world.now,
    )


def a_report(world: World) -> Record:
    known = Record.objects.filter(form="ST002-47").first()
    return known or publishing.sign(
        code="ST002-47",
        typed={"analysis": "…"},
        unit=world.people.south,
        by=world.people.manager.party,
        now=world.now,
    )
