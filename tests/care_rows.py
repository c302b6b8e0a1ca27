"""One row of each kind of credit, archives and privacy for the access matrix, without any regulation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhike.customers.models import (
    Archive,
    ArchiveCheck,
    ArchiveItem,
    Breach,
    Charge,
    Contact,
    CreditChange,
    CreditRating,
    CreditRisk,
    CreditSurvey,
    Destruction,
    Loan,
    Release,
    RightsRequest,
    Sale,
)
from zhike.kernel.records.models import Record

from .world import World


def _one(model: Any, world: World, **columns: Any) -> Any:
    """The one row of this kind, made at its first use."""
    known = model._default_manager.first()
    return known or model._default_manager.create(**columns)


def _manager(world: World) -> Any:
    return world.people.manager.party


def survey(world: World) -> Any:
    if CreditSurvey.objects.exists():
        return CreditSurvey.objects.get()
    record = Record.objects.create(
        form="FM002-03",
        number="XY-1",
        unit=world.customer.unit,
        state="SUBMITTED",
        by=_manager(world),
        at=world.now,
    )
    return _one(
        CreditSurvey,
        world,
        customer=world.customer,
        record=record,
        state="REVIEW",
        opened_at=world.now,
        by=world.people.specialist.party,
    )


def rating(world: World) -> Any:
    return _one(
        CreditRating,
        world,
        customer=world.customer,
        grade="A",
        score=Decimal(90),
        payment="MONTHLY",
        sells_on_account=True,
        limit=Decimal(1000),
        since=world.now,
        by=_manager(world),
    )


def change(world: World) -> Any:
    return _one(
        CreditChange,
        world,
        customer=world.customer,
        kind="LATE",
        seen_on=world.now.date(),
        sign="…",
        cause="…",
        at=world.now,
        by=_manager(world),
    )


def risk(world: World) -> Any:
    return _one(
        CreditRisk,
        world,
        customer=world.customer,
        kind="LOSS",
        signs="…",
        level="LOW",
        measure="VISIT",
        owner=world.people.specialist.party,
        at=world.now,
        by=_manager(world),
    )


def sale(world: World) -> Any:
    return _one(Sale, world, customer=world.customer, on=world.now.date(), product="…", amount=Decimal(10))


def charge(world: World) -> Any:
    line = sale(world)
    Sale.objects.filter(pk=line.pk).update(due_on=world.now.date())
    return _one(
        Charge,
        world,
        sale=line,
        kind="RENT",
        period_from="2026-03-01",
        period_to="2026-04-01",
        at=world.now,
        by=_manager(world),
    )


def archive(world: World) -> Any:
    return _one(
        Archive,
        world,
        number="DA-1",
        customer=world.customer,
        unit=world.customer.unit,
        kind="BASIC",
        title="…",
        place="…",
        keeper=_manager(world),
        opened_at=world.now,
        by=_manager(world),
    )


def item(world: World) -> Any:
    return _one(
        ArchiveItem,
        world,
        archive=archive(world),
        place=1,
        title="…",
        arose_on=world.now.date(),
        at=world.now,
        by=_manager(world),
    )


def loan(world: World) -> Any:
    return _one(
        Loan,
        world,
        archive=archive(world),
        borrower=world.people.taker.party,
        purpose="…",
        asked_at=world.now,
    )


def check(world: World) -> Any:
    return _one(ArchiveCheck, world, unit=world.customer.unit, begun_at=world.now, by=_manager(world))


def destruction(world: World) -> Any:
    return _one(
        Destruction,
        world,
        number="XH-1",
        unit=world.customer.unit,
        reason="…",
        way="…",
        by=_manager(world),
        at=world.now,
    )


def request(world: World) -> Any:
    return _one(
        RightsRequest,
        world,
        number="QL-1",
        customer=world.customer,
        kind="COPY",
        identity="…",
        received_at=world.now,
        by=_manager(world),
    )


def release(world: World) -> Any:
    return _one(
        Release,
        world,
        unit=world.customer.unit,
        way="COPY",
        what="…",
        purpose="…",
        by=world.people.taker.party,
        at=world.now,
    )


def breach(world: World) -> Any:
    return _one(
        Breach,
        world,
        number="XM-1",
        unit=world.customer.unit,
        found_at=world.now,
        at=world.now,
        by=_manager(world),
        what="…",
        data="…",
        measures="…",
        owner=_manager(world),
    )


def contact(world: World) -> Any:
    return _one(Contact, world, customer=world.customer, name="…", number="13900001111", masked="139****1111")
