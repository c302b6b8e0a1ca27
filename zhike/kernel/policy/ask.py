"""Asking the manuals: one ruling for one case, stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars

from . import inforce
from .evaluate import deciding
from .evaluate import given as given_facts
from .manual import model
from .manual.text import normal
from .models import Ruling
from .questions import Question


class NoRow(Exception):
    """The manual has no row for these facts: a gap that its owner has to close."""


def ask(
    question: Question,
    *,
    about: Model,
    unit_id: int,
    by: Party | None,
    now: dt.datetime,
    facts: Mapping[str, Any] | None = None,
    answer: inforce.Answer | None = None,
) -> Ruling:
    """The stored ruling on a question. Raises NoManual, NoRow (also when the table cannot be executed).

    Facts are read from `about` as the question declares; `facts` (by name) go before. `answer` is the table of the
    version, with the unit's values, under which the case began; else what is in force now answers.
    """
    found = rulings(question, about=about, unit_id=unit_id, by=by, now=now, facts=facts, answer=answer)
    return keep([the_one(question, found)])[0]


def the_one(question: Question, found: Sequence[Ruling]) -> Ruling:
    """The first of the rulings. Raises NoRow when there is none."""
    if not found:
        raise NoRow(
            _("The manual has no row in “%(question)s” for this case. Its owner has to close the gap.")
            % {"question": question.name}
        )
    return found[0]


def ask_all(
    question: Question,
    *,
    about: Model,
    unit_id: int,
    by: Party | None,
    now: dt.datetime,
    facts: Mapping[str, Any] | None = None,
    answer: inforce.Answer | None = None,
) -> list[Ruling]:
    """Every ruling on a question: one, or all matching rows of a table that collects. One INSERT."""
    return keep(
        rulings(
            question,
            about=about,
            unit_id=unit_id,
            by=by,
            now=now,
            facts=facts,
            answer=answer,
        )
    )


def keep(given: Iterable[Ruling]) -> list[Ruling]:
    """Store rulings on several questions with one INSERT."""
    return Ruling.objects.bulk_create(given)


def rulings(
    question: Question,
    *,
    about: Model,
    unit_id: int,
    by: Party | None,
    now: dt.datetime,
    facts: Mapping[str, Any] | None = None,
    answer: inforce.Answer | None = None,
) -> list[Ruling]:
    """The rulings that `ask_all` would store, not stored yet: for an action that asks several questions."""
    today = calendars.local_day(now, unit_id)
    if answer is None:
        answer = inforce.answer(question.name, unit_id, today)
    table = answer.table
    assert isinstance(table, model.DecisionTable)
    values = read_facts(question, about, facts, manual=answer.manual, today=today)
    try:
        decisions = decide(answer.manual, table, values, today)
    except deciding.CannotDecide as trouble:
        raise NoRow(
            _("The manual cannot rule on “%(question)s”: %(why)s")
            % {"question": question.name, "why": trouble}
        ) from trouble
    params = {name: param.text for name, param in answer.manual.params.items()}
    return [
        Ruling(
            question=question.name,
            **subjects.key(about),
            unit_id=unit_id,
            version=answer.version,
            table=table.name,
            clause=decision.clause,
            row=decision.row,
            line=decision.line,
            row_text=conditions_of(table, decision.row),
            also=[[n, conditions_of(table, n), outcomes_of(table, n)] for n in sorted(decision.also)],
            facts={label: _plain(value) for label, value in values.items()},
            parameters=params,
            outcome=_named(question, decision.outcome),
            asked_at=now,
            by=by,
        )
        for decision in decisions
    ]


def decide(
    manual: model.Manual, table: model.DecisionTable, values: Mapping[str, Any], today: dt.date
) -> list[deciding.Decision]:
    """The answers of a table to facts by label: all matching rows where it collects, else at most one."""
    if table.hit is model.Hit.COLLECT:
        return deciding.decide_all(manual, table.name, values, today)
    found = deciding.decide(manual, table.name, values, today)
    return [found] if found is not None else []


def conditions_of(table: model.DecisionTable, row: int) -> str:
    """The conditions of a row in words, as the manual writes them; 其余 for a row that asks for nothing."""
    tests = zip(table.inputs, table.rows[row - 1].tests, strict=True)
    asked = [f"{column.label}：{cell.text}" for column, cell in tests if cell.text not in {"", "-"}]
    return "；".join(asked) or "其余"


def outcomes_of(table: model.DecisionTable, row: int) -> str:
    """The outcomes of a row as the manual writes them."""
    return "，".join(cell.text for cell in table.rows[row - 1].outcomes if cell.text not in {"", "-"})


def read_facts(
    question: Question, about: Model, given: Mapping[str, Any] | None, *, manual: model.Manual, today: dt.date
) -> dict[str, Any]:
    """Values by label, as evaluation wants them; None is unknown."""
    given = given or {}
    values = {
        normal(fact.zh): given[fact.name] if fact.name in given else (fact.read(about) if fact.read else None)
        for fact in question.facts
    }
    return own_facts(question, about, manual, today) | values


def own_facts(question: Question, about: Model, manual: model.Manual, today: dt.date) -> dict[str, Any]:
    """What the case says of the facts that only its manual declares; what cannot be read is unknown."""
    if question.more is None:
        return {}
    return typed(manual, question.more(about, manual), today)


def typed(manual: model.Manual, raw: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """Values as typed into values of facts, as far as the manual knows the labels."""
    found: dict[str, Any] = {}
    for label, value in raw.items():
        spec = manual.facts.get(normal(label))
        if spec is not None:
            try:
                found[spec.key] = given_facts.read_value(spec, value, today)
            except given_facts.BadFact:
                found[spec.key] = None
    return found


def _named(question: Question, outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Outcomes by the names that the application declared; `_from` is the event from which a limit runs."""
    found: dict[str, Any] = {}
    for field in question.outcome:
        label = normal(field.zh)
        if label in outcome:
            found[field.name] = _plain(outcome[label])
            if isinstance(outcome[label], model.Due) and (event := outcome[label].phrase.event):
                found[f"{field.name}_from"] = event
    return found


def _plain(value: Any) -> Any:
    """A value that JSON keeps without loss; a time is kept as the limit it grants."""
    if isinstance(value, model.Due):
        limit = value.phrase.limit
        return calendars.text_of(limit) if limit is not None else value.text
    if isinstance(value, set | frozenset | tuple | list):
        return (
            sorted(_plain(item) for item in value)
            if isinstance(value, set | frozenset)
            else [*map(_plain, value)]
        )
    return value if value is None or isinstance(value, bool | int | str) else str(value)
