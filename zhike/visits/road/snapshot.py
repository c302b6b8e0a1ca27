"""What the phone takes along: the visits of some days, who is visited, and what the regulations ask for.

Everything that the page decides without a network stands here as the server would decide it: what each kind of
visit needs before it is closed, and what is done about each kind of problem.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.customers import briefing
from zhike.customers.models import Address, Customer
from zhike.kernel.policy.evaluate.deciding import Decision
from zhike.kernel.worktime import calendars
from zhike.people.models import User, in_language
from zhike.people.requests import queries as requests
from zhike.visits import access, cadence, demands, queries, questions, rules
from zhike.visits.models import Problem, Visit
from zhike.visits.wording import title_of

# Of one's own, for visits that no plan has: the page draws and searches that many on an old phone at once. Visits of
# the days taken along bring their customers in any case.
CUSTOMERS = 400
LISTS = (
    questions.PURPOSES, questions.PROBLEMS, questions.PHOTOS, questions.ASPECTS, questions.SHOWN, questions.GREETINGS, questions.POLICIES,
    *questions.FINDINGS.values(), *questions.GIVEN.values(),
)  # fmt: skip


def of(user: User, now: dt.datetime) -> dict[str, Any]:
    """The phone's copy for one person."""
    scope = access.scope(user)
    today = calendars.local_day(now, user.party.unit_id or 0)
    mine = queries.visits(scope).filter(manager=user.party)
    planned = mine.filter(planned_on__gte=today, planned_on__lt=today + _days(user, now))
    taken = (planned | mine.filter(state=Visit.State.UNDER_WAY)).order_by("planned_on", "order", "id")
    visits = list(taken.prefetch_related("findings", "problems", "given", "guidance", "photos"))
    own = list(queries.customers(scope).filter(owner=user.party).order_by("sort_key")[: CUSTOMERS + 1])
    is_cut = len(own) > CUSTOMERS
    own = own[:CUSTOMERS]
    customers = {row.pk: row for row in [*own, *(visit.customer for visit in visits)]}
    found = {unit: _rules(unit, now) for unit in {row.unit_id for row in customers.values()}}
    briefs = queries.briefs([visit.customer_id for visit in visits], today)
    return {
        "now": now.isoformat(),
        "today": today.isoformat(),
        "me": {"party": user.party.pk, "name": user.party.name},
        "visits": [_visit(visit) for visit in visits],
        "cut": _cut() if is_cut else "",
        "policies": _policies(user, found.values(), today),
        "customers": _customers(customers.values(), briefs, today, briefing.of(list(briefs), now)),
        "rules": {str(unit): said for unit, said in found.items() if said is not None},
        "units": [[unit.pk, unit.label] for unit in requests.units()] if any(one and one["asks"] for one in found.values()) else [],
        "unsettled": [_unsettled(entry) for entry in queries.unsettled(scope).filter(by=user.party)],
    }  # fmt: skip


def _cut() -> str:
    return _(
        "Only the first %(count)s of your customers are on the phone; plan a visit to another one at the desk."
    ) % {"count": CUSTOMERS}


def _days(user: User, now: dt.datetime) -> dt.timedelta:
    """For how long visits are taken along: one regulation holds for the person, at the own unit."""
    try:
        return dt.timedelta(days=rules.rules_at(user.party.unit_id or 0, now).days_ahead)
    except rules.NoRegulation:
        return dt.timedelta(days=1)


def _policies(user: User, found: Iterable[dict[str, Any] | None], today: dt.date) -> list[dict[str, Any]]:
    """The policies of the month with their text, as far as the regulations ask for them (R002-110)."""
    kinds: dict[str, str] = {}
    for said in found:
        kinds |= dict(said["words"].get(questions.POLICIES, [])) if said is not None else {}
    return [
        {
            "id": item.pk, "title": item.title, "kind": kinds[item.kind], "body": item.body, "read": item.read_at is not None,
        }
        for item in queries.policies(user.party, today, kinds)
    ]  # fmt: skip


def _visit(visit: Visit) -> dict[str, Any]:
    """A visit as far as it is written down on the server."""
    record = {
        "purposes": visit.purposes, "target": visit.target, "focus": visit.focus, "content": visit.content,
        "policyRead": visit.policy_read_at is not None, "checks": visit.checks, "excuses": visit.excuses,
        "arrived": _moment(visit.arrived_at), "left": _moment(visit.left_at),
        "place": visit.latitude is not None, "accuracy": visit.accuracy, "why": visit.place_why,
        "host": visit.host, "position": visit.host_position, "decides": visit.host_decides,
        "absent": visit.is_absent, "noProblem": visit.no_problem, "satisfaction": visit.satisfaction,
        "remark": visit.remark, "report": visit.report, "signer": visit.signer if visit.signature_id else "",
        "signed": _moment(visit.signed_at), "next": visit.next_on.isoformat() if visit.next_on else "",
        "findings": [[row.group, row.kind, row.text] for row in visit.findings.all()],
        "problems": [row.text for row in visit.problems.all()],
        "given": [[row.group, row.topic] for row in visit.given.all()],
        "guidance": [[row.aspect, row.minutes] for row in visit.guidance.all()],
        "photos": [
            {"kind": row.kind, "at": _moment(row.taken_at), "url": reverse("visits:file", args=[visit.pk, row.attachment_id])}
            for row in visit.photos.all()
        ],
    }  # fmt: skip
    return {
        "uid": str(visit.uid),
        "number": visit.number,
        "customer": visit.customer_id,
        "unit": visit.unit_id,
        "kind": visit.kind,
        "on": visit.planned_on.isoformat(),
        "at": visit.planned_at.strftime("%H:%M") if visit.planned_at else "",
        "state": visit.state,
        "reason": visit.reason,
        "record": record,
    }


def _customers(
    customers: Iterable[Customer],
    briefs: dict[int, queries.Brief],
    today: dt.date,
    notes: dict[int, list[briefing.Note]],
) -> dict[str, dict[str, Any]]:
    rows = list(customers)
    addresses = dict(Address.objects.filter(customer__in=rows, is_main=True).values_list("customer", "text"))
    told = {
        row.pk: {
            "name": row.name, "unit": row.unit_id, "address": addresses.get(row.pk, ""), "find": f"{row.name} {row.sort_key}"
        }
        for row in rows
    }  # fmt: skip
    proposals = _proposals([row for row in rows if row.pk in briefs], today)
    for pk, brief in briefs.items():
        told[pk] |= {
            "sales": _money(brief.sales),
            "profit": _money(brief.profit),
            "score": "" if brief.score is None else f"{brief.score:.1f}",
            "class": brief.shop_class,
            "last": brief.last_on.isoformat() if brief.last_on else "",
            "problems": [_told(problem) for problem in brief.open_problems],
            "promises": brief.promises,
            "notes": [[str(note.label), note.text] for note in notes.get(pk, [])],
            **proposals.get(pk, {}),
        }
    return {str(pk): row for pk, row in told.items()}


def _told(problem: Problem) -> str:
    """An open problem, with what others have answered to it."""
    answer = problem.request.answer if problem.request is not None else ""
    return f"{problem.text} → {answer}" if answer else problem.text


def _proposals(customers: Sequence[Customer], today: dt.date) -> dict[int, dict[str, str]]:
    """How often the regulation wants each of them visited, and the working day on which that would be next."""
    found: dict[int, dict[str, str]] = {}
    for unit in {row.unit_id for row in customers}:
        rows = [row for row in customers if row.unit_id == unit]
        try:
            answers = cadence.intervals(rows, unit=unit, on=today)
        except rules.NoRegulation:
            continue
        for pk, every in answers.items():
            found[pk] = {"every": every, "propose": cadence.next_after(today, every, unit).isoformat()}
    return found


def _rules(unit: int, now: dt.datetime) -> dict[str, Any] | None:
    try:
        found = rules.rules_at(unit, now)
    except rules.NoRegulation:
        return None
    names = dict.fromkeys([*LISTS, *found.checklists()])
    return {
        "asks": found.asks(),
        "leastInk": found.least_ink,
        "words": {name: found.words(name) for name in names if found.words(name)},
        "titles": {name: title_of(name) for name in names},
        "groups": {"FINDINGS": questions.FINDINGS, "GIVEN": questions.GIVEN},
        "steps": [
            {"code": int(row.word.code), "label": label, "clause": row.clause}
            for row, (_code, label) in zip(found.rows("拜访步骤"), found.words("拜访步骤"), strict=True)
        ],
        "demands": {
            f"{kind}|{absent:d}": [_demand(one) for one in demands.of(Visit(kind=kind, is_absent=absent), found)]
            for kind in Visit.Kind.values
            for absent in (False, True)
        },
        "problems": {
            "".join(str(int(bit)) for bit in bits): _problem(found, bits)
            for bits in itertools.product((False, True), repeat=4)
        },
    }  # fmt: skip


def _demand(demand: demands.Demand) -> dict[str, Any]:
    return {
        "key": demand.key,
        "code": demand.code,
        "list": demand.list,
        "count": demand.count,
        "step": demand.step,
        "excusable": demand.excusable,
        "clause": demand.clause,
    }


def _problem(found: rules.Rules, bits: tuple[bool, ...]) -> dict[str, Any]:
    names = ("in_authority", "at_once", "urgent", "needs_others")
    rows: list[Decision] = found.decide(questions.PROBLEM, **dict(zip(names, bits, strict=True)))
    labels = {code: (zh, en) for code, zh, en in questions.ACTIONS}
    codes = [str(row.outcome["办法"]) for row in rows]
    return {
        "codes": codes,
        "labels": [in_language(*labels[code]) for code in codes],
        "reply": any(row.outcome["告知答复时间"] for row in rows),
        "clause": "、".join(dict.fromkeys(row.clause for row in rows)),
    }


def _unsettled(entry: Any) -> dict[str, Any]:
    return {
        "uid": str(entry.pk),
        "visit": str(entry.visit_uid),
        "customer": entry.visit.customer.name if entry.visit else "",
        "kind": entry.kind,
        "data": entry.data,
        "outcome": entry.outcome,
        "sentence": entry.sentence,
        "here": entry.here,
    }


def _moment(at: dt.datetime | None) -> str:
    return at.isoformat() if at else ""


def _money(amount: Any) -> str:
    return "" if amount is None else f"{amount:,.0f}"
