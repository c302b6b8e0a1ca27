"""Customers and visits for tests, made by the actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from zhike.customers.grading import actions as grading
from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer as bare
from zhike.kernel.parties.models import Party, Unit
from zhike.people.tests.factories import MONDAY, Cast
from zhike.visits import actions, demands, rules
from zhike.visits.models import Visit
from zhike.visits.questions import FINDINGS, GIVEN

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
STROKES = [[[0.1, 0.1], [0.4, 0.6]], [[0.5, 0.2], [0.9, 0.7]]]
PNG = b"\x89PNG\r\n\x1a\n"


def a_shop(
    cast: Cast, name: str = "城东便利店", shop_class: str = "", unit: Unit | None = None, **more: Any
) -> Customer:
    given = {"phone": "", "kind": "ORGANISATION"} | more
    customer = bare(unit or cast.south, cast.taker, name=name, **given)
    customer.owner = cast.specialist.party
    customer.save(update_fields=["owner"])
    if shop_class:
        grading.regrade(
            customer=customer, dimension="class", by=cast.supervisor.party, now=MONDAY - DAY,
            value=shop_class, reason="面谈",
        )  # fmt: skip
    return customer


def a_visit(cast: Cast, customer: Customer | None = None, now: dt.datetime = MONDAY, **more: Any) -> Visit:
    """Under way."""
    return actions.start(customer=customer or a_shop(cast), by=cast.specialist.party, now=now, **more)


def picture(text: str = "a") -> ContentFile[bytes]:
    return ContentFile(PNG + text.encode() + b"\0" * 40, name="photo.png")


def fill(  # noqa: C901 - one line for each demand
    visit: Visit, by: Party, now: dt.datetime, *, but: tuple[str, ...] = ()
) -> Visit:
    """Everything that the regulations demand of this visit, except demands of the given codes or keys."""
    found = rules.rules_at(visit.unit_id, now)
    given = {"visit": visit, "by": by, "now": now}
    for demand in demands.of(visit, found):
        if demand.code in but or demand.key in but:
            continue
        words = [code for code, _label in found.words(demand.list or "指导方面")]
        match demand.code:
            case "PURPOSE":
                actions.prepare(**given, purposes=["NEEDS"], target="续签", focus="陈列", content="新政策")
            case "POLICY_READ":
                actions.prepare(**given, policy_read=True)
            case "CHECKS":
                actions.check(**given, list=demand.list, answers=dict.fromkeys(words, True))
            case "ARRIVED" | "PLACE" if visit.arrived_at is None:
                actions.arrive(**given, latitude="30.25", longitude="120.15", accuracy=12)
            case "HOST" | "DECIDES" if not visit.host:
                actions.host(**given, name="王老板", position="店主", decides=True, persons=1, cards=1)
            case "FINDINGS":
                group = next(key for key, name in FINDINGS.items() if name == demand.list)
                actions.nothing_new(**given, group=group)
            case "PROBLEMS" if not visit.problems.exists():
                actions.no_problem(**given)
            case "GIVEN":
                group = next(key for key, name in GIVEN.items() if name == demand.list)
                actions.give(**given, group=group, topic=words[0])
            case "GUIDED":
                for code in words:
                    actions.guide(**given, aspect=code, is_fine=True)
            case "MINUTES":
                actions.guide(**given, aspect=words[0], text="分品种记账", minutes=60)
            case "SATISFACTION":
                actions.judge(**given, satisfaction=4, remark="不错")
            case "REPORT":
                actions.report(**given, text="谈了续签")
            case "SIGNATURE":
                actions.sign(**given, file=picture("s"), signer="王老板", strokes=STROKES)
            case "NEXT":
                actions.set_next(**given, on=visit.planned_on + 7 * DAY)
            case "LEFT":
                actions.leave(**given)
    return visit


def a_closed_visit(
    cast: Cast, customer: Customer | None = None, now: dt.datetime = MONDAY, **more: Any
) -> Visit:
    visit = a_visit(cast, customer, now=now, **more)
    fill(visit, cast.specialist.party, now)
    return actions.close(visit=visit, by=cast.specialist.party, now=now)
