"""Grumbles over REST: the same actions as on the pages, within the reach of the person for whom the key acts."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from zhike.channels.api import Refused, caller, list_of, once, page
from zhike.complaints.api import READ, WRITE, WRONG, _unit
from zhike.complaints.api_shapes import CustomerIn, Strict, moment
from zhike.customers.actions import CannotCreate

from . import access, actions, queries
from .models import Grumble

router = Router(tags=["grumbles"])


class GrumbleIn(Strict):
    """A grumble as it is recorded. `item` is a code of the unit's regulation, see /complaints/words."""

    unit: str = Field(..., max_length=40, description="Code of the unit")
    source: str = Field(..., description="COUNTER, PHONE, VISIT, FOLLOW_UP, SURVEY, SOCIAL, STAFF or OTHER")
    text: str = Field(..., min_length=1, max_length=10_000)
    item: str = Field("", max_length=40)
    action: str = Field("", max_length=10_000)
    settled: bool = False
    again_on: dt.date | None = None
    customer: CustomerIn | None = None


class Filters(Strict):
    state: str = "all"
    source: str = ""
    unit: str = ""
    at_from: AwareDatetime | None = None
    at_to: AwareDatetime | None = Field(None, description="End excluded")
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class GrumbleOut(Schema):
    number: str
    unit: str
    source: str
    state: str
    text: str
    item: str
    action: str
    customer: str | None
    by: str
    at: str
    again_on: dt.date | None
    complaint: str | None


class GrumblesOut(Schema):
    items: list[GrumbleOut]
    next: str | None


def out(row: Grumble) -> GrumbleOut:
    return GrumbleOut(
        number=row.number,
        unit=row.unit.code,
        source=row.source,
        state=row.state,
        text=row.text,
        item=row.item,
        action=row.action,
        customer=row.customer.name if row.customer else None,
        by=row.by.name,
        at=moment(row.at),
        again_on=row.again_on,
        complaint=row.complaint.number if row.complaint else None,
    )


@router.get("", response={200: GrumblesOut, **WRONG}, summary="Grumbles, newest first")
def index(request: HttpRequest, filters: Query[Filters]) -> GrumblesOut:
    who = caller(request, READ)
    rows = queries.grumbles(access.scope(who.user))
    (state,) = list_of([filters.state], "state", ("all", *Grumble.State.values))
    for column, value in (
        ("state", "" if state == "all" else state),
        ("source", filters.source),
        ("unit__code", filters.unit),
        ("at__gte", filters.at_from),
        ("at__lt", filters.at_to),
    ):
        if value:
            rows = rows.filter(**{column: value})
    found = page(rows, cursor=filters.cursor, limit=filters.limit, moment="at")
    return GrumblesOut(items=[out(row) for row in found.items], next=found.next)


@router.post("", response={201: GrumbleOut, **WRONG}, summary="Record a grumble")
def record(request: HttpRequest, payload: GrumbleIn) -> HttpResponse:
    who = caller(request, WRITE)
    place = _unit(who, payload.unit, access.RECORD)
    list_of([payload.source], "source", tuple(Grumble.Source.values))
    customer = payload.customer or CustomerIn(name="", phone="")
    given = payload.dict(exclude={"unit", "customer"})

    def call() -> GrumbleOut:
        try:
            grumble = actions.record(
                unit=place,
                by=who.user.party,
                now=who.now,
                name=customer.name,
                phone=customer.phone,
                **given,
            )
        except CannotCreate as wrong:
            raise Refused(422, "customer", str(wrong), "customer") from wrong
        except actions.CannotRecord as wrong:
            raise Refused(422, "refused", str(wrong)) from wrong
        return out(grumble)

    return once(request, call)
