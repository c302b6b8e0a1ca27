"""The value of one customer in words: spent, expected, brought, and the scores of the manual."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhike.customers.models import Customer, Profile
from zhike.kernel.policy import ask, inforce
from zhike.kernel.policy.evaluate import deciding
from zhike.kernel.policy.manual import model
from zhike.people.models import in_language
from zhike.ui import words

from . import facts, queries
from .dimensions import DIMENSIONS, SCORES
from .models import Grade

NONE = "—"


def value_lines(customer: Customer, now: dt.datetime) -> list[tuple[str, str]]:
    """The three parts of value (R003-06), repeat business (R003-07), and the scores."""
    profile = facts.profile_of(customer)
    return [
        (_("Spent in twelve months (yuan)"), words.money(profile.spend)),
        (_("Spent so far (yuan)"), words.money(profile.total_spend)),
        (_("Expected in the coming year (yuan)"), _money(profile.expected_spend)),
        (_("Chance of buying again"), f"{profile.alive:.0%}" if profile.alive is not None else NONE),
        (_("Customers introduced"), f"{profile.referrals} · {words.money(profile.referred_spend)}"),
        (_("Orders so far, repeat business"), f"{profile.total_orders} · {repeats(profile)}"),
        (_("Last order"), profile.last_order_on.isoformat() if profile.last_order_on else NONE),
        *_scores(customer, now),
    ]


def repeats(profile: Profile) -> int:
    """Orders after the first: what a single deal has become (R003-07)."""
    return max(profile.total_orders - 1, 0)


def _money(amount: Any) -> str:
    return words.money(amount) if amount is not None else NONE


def _scores(customer: Customer, now: dt.datetime) -> list[tuple[str, str]]:
    day = queries.today(customer, now)
    found = []
    for question in SCORES:
        answer = inforce.find(question.name, customer.unit_id, day)
        if answer is None or not isinstance(answer.table, model.DecisionTable):
            continue
        values = ask.read_facts(question, customer, None, manual=answer.manual, today=day)
        decided = deciding.decide(answer.manual, answer.table.name, values, day)
        if decided is not None:
            field = question.outcome[0]
            found.append((in_language(field.zh, field.en), str(decided.outcome[field.zh])))
    return found


def consequences(grades: dict[str, Grade]) -> list[tuple[str, str]]:
    """What the manual says beside each value: journal, cadence, goal, measures, support, strategy, content."""
    found = []
    for code, grade in grades.items():
        if grade.version_id is None:
            continue
        manual = inforce.manual_of(grade.version_id)
        said = {**_outcomes(manual, code, grade), **_listed(manual, code, grade.value)}
        found += [(f"{DIMENSIONS[code].label} · {label}", text) for label, text in said.items()]
    return found


def _outcomes(manual: model.Manual, code: str, grade: Grade) -> dict[str, str]:
    """The further outcomes of the row that gives the value; of a decided value those of the first row that does."""
    question = DIMENSIONS[code].question
    table = inforce.table_for(manual, question.name)
    if not isinstance(table, model.DecisionTable):
        return {}
    row = next(
        (
            row
            for row in table.rows
            if isinstance(row.outcomes[0].value, model.Chosen)
            and row.outcomes[0].value.code == grade.value
            and (grade.origin == Grade.Origin.DECIDED or row.number == grade.row)
        ),
        None,
    )
    if row is None:
        return {}
    labels = {field.zh: in_language(field.zh, field.en) for field in question.outcome}
    pairs = list(zip(table.outputs, row.outcomes, strict=True))[1:]
    return {
        labels.get(output.label, output.label): cell.text
        for output, cell in pairs
        if cell.text not in {"", "-"}
    }


def goals(manual: model.Manual) -> dict[str, str]:
    """The goal of each class, by its code: what the first row that gives the class says."""
    table = inforce.table_for(manual, DIMENSIONS["class"].question.name)
    found: dict[str, str] = {}
    if isinstance(table, model.DecisionTable):
        place = next((at for at, output in enumerate(table.outputs) if output.label == "目标"), None)
        for row in table.rows if place is not None else ():
            if isinstance(row.outcomes[0].value, model.Chosen):
                found.setdefault(row.outcomes[0].value.code, row.outcomes[place or 0].text)
    return found


def met_by_staying(manual: model.Manual) -> set[str]:
    """Codes of the classes whose goal is met where the customer stays in it; going up meets that of every class."""
    table = manual.lists.get(DIMENSIONS["class"].vocabulary)
    rows = table.rows if table is not None else ()
    return {
        row.word.code for row in rows if "保持即达标" in row.cells and row.cells["保持即达标"].text == "是"
    }


# columns of lists that say what a stage or a segment gets
COLUMNS = {
    "重点": "focus", "策略": "strategy", "措施": "measures", "进入下一阶段": "next stage when",
    "服务策略": "service strategy", "沟通内容": "content of communication", "资源优先级": "priority of resources",
}  # fmt: skip


def _listed(manual: model.Manual, code: str, value: str) -> dict[str, str]:
    table = manual.lists.get(DIMENSIONS[code].vocabulary)
    row = next((row for row in (table.rows if table else ()) if row.word.code == value), None)
    if row is None:
        return {}
    return {
        in_language(zh, en): row.cells[zh].text
        for zh, en in COLUMNS.items()
        if zh in row.cells and row.cells[zh].text.strip() not in {"", "-"}
    }
