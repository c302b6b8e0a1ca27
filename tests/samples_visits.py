"""Rows of visits for the access matrix, written by hand: no regulation on visits is in force in that world."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from zhike.kernel.records import attachments
from zhike.kernel.records.models import Attachment
from zhike.visits.models import (
    Guidance,
    Hospitality,
    LockerUse,
    Problem,
    Reception,
    Routes,
    SyncEntry,
    Visit,
    WeekPlan,
)

from .world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def a_plan(world: World) -> WeekPlan:
    known = WeekPlan.objects.first()
    return known or WeekPlan.objects.create(
        manager=world.people.specialist.party,
        unit=world.people.south,
        monday=dt.date(2026, 3, 9),
        at=world.now,
    )


def routes(world: World) -> Routes:
    """Everybody has a proposal of their own for the plan: who may not plan is refused before it is looked for."""
    plan = a_plan(world)
    for user in world.people.users.values():
        Routes.objects.get_or_create(
            plan=plan, asked_by=user.party, defaults={"seen": plan.revision, "asked_at": world.now}
        )
    return Routes.objects.filter(plan=plan).latest("pk")


def a_visit(world: World) -> Visit:
    known = Visit.objects.first()
    return known or Visit.objects.create(
        number="BF-1", customer=world.customer, unit=world.customer.unit, manager=world.people.specialist.party,
        plan=a_plan(world), planned_on=world.now.date(), at=world.now,
    )  # fmt: skip


def a_problem(world: World) -> Problem:
    known = Problem.objects.first()
    return known or Problem.objects.create(
        visit=a_visit(world), unit=world.customer.unit, kind="OTHER", text="…", in_authority=True, at_once=False,
        reply_by=world.now, at=world.now, by=world.people.specialist.party,
    )  # fmt: skip


def guidance(world: World) -> Guidance:
    known = Guidance.objects.first()
    return known or Guidance.objects.create(
        visit=a_visit(world), unit=world.customer.unit, aspect="DISPLAY", finding="…", at=world.now,
        by=world.people.specialist.party,
    )  # fmt: skip


def an_entry(world: World) -> SyncEntry:
    known = SyncEntry.objects.first()
    visit = a_visit(world)
    return known or SyncEntry.objects.create(
        uid=uuid.UUID(int=7), visit_uid=visit.uid, visit=visit, kind="judge", made_at=world.now, moment=world.now,
        received_at=world.now, by=visit.manager, outcome="CONFLICT", sentence="…",
    )  # fmt: skip


def a_file(world: World) -> Attachment:
    visit = a_visit(world)
    known = attachments.attachments_of(visit).first()
    return known or attachments.attach(
        subject=visit, file=SimpleUploadedFile("a.png", PNG), name="a.png", unit=visit.unit, by=visit.manager,
        now=world.now,
    )  # fmt: skip


def a_reception(world: World) -> Reception:
    known = Reception.objects.first()
    return known or Reception.objects.create(
        number="JD-1", unit=world.people.south, name="…", arrived_at=world.now, at=world.now,
        by=world.people.taker.party,
    )  # fmt: skip


def a_locker(world: World) -> LockerUse:
    known = LockerUse.objects.first()
    return known or LockerUse.objects.create(
        reception=a_reception(world), unit=world.people.south, locker=1, key="1", given_at=world.now,
        given_by=world.people.taker.party,
    )  # fmt: skip


def hospitality(world: World) -> Hospitality:
    known = Hospitality.objects.first()
    return known or Hospitality.objects.create(
        number="ZD-1", unit=world.people.south, customer=world.customer, kind="MEAL", guests=1, guest_names="…",
        reason="…", place="…", on=world.now.date(), each=1, budget=1, state="APPROVED", at=world.now,
        by=world.people.specialist.party,
    )  # fmt: skip
