"""A ruling tried on facts that are not stored: what the registration form shows while one types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import conditions_of, decide, read_facts
from zhike.kernel.policy.evaluate.deciding import Decision
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.questions import Question
from zhike.kernel.worktime import calendars
from zhike.manuals.queries import conditions_said

from . import questions
from .models import Complaint
from .regime import Regime, reads_english


def who_would_handle(
    regime: Regime,
    *,
    item: str,
    value: Decimal | None,
    circumstances: Iterable[str] | None,
    accused_level: str,
    now: dt.datetime,
    accused: int | None = None,
    channel: str = "",
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Handler, person, grade, clause and wording for facts as typed; circumstances None means inferred from the item."""
    today = calendars.local_day(now, regime.unit_id)
    trial = Complaint(
        item=item,
        group=regime.group_of(item),
        value=value,
        accused_level=accused_level,
        channel=channel,
        more=dict(more or {}),
    )
    inferred = circumstances is None
    if circumstances is None:
        circumstances = _inferred(regime, trial, today)
    trial.circumstances = sorted(set(circumstances))
    graded = _first(regime, questions.GRADE, trial, today)
    if graded is not None:
        trial.grade = graded[1].outcome.get("级别") or ""
        trial.major = bool(graded[1].outcome.get("重大"))
    found = _first(regime, questions.AUTHORITY, trial, today)
    if found is None:
        return {}
    table, decision = found
    code = decision.outcome["处理人"]
    return {
        "handler": regime.label(questions.HANDLERS, code),
        "person": regime.holder_of(code, accused, now),
        "clause": decision.clause,
        "row": decision.row,
        "row_text": conditions_said(
            regime.manual,
            table,
            decision.row,
            conditions_of(table, decision.row),
            english=reads_english(),
        ),
        "circumstances": trial.circumstances,
        "labels": regime.labels(questions.CIRCUMSTANCES, trial.circumstances),
        "inferred": inferred,
        "manual": regime.answer.version,
        "grade": regime.label(questions.GRADES, trial.grade) if trial.grade else "",
        "grade_clause": graded[1].clause if graded is not None else "",
        "major": trial.major,
    }


def _first(
    regime: Regime, question: Question, trial: Complaint, today: dt.date
) -> tuple[model.DecisionTable, Decision] | None:
    """What the manual answers first; None where it does not answer at all."""
    table = inforce.table_for(regime.manual, question.name)
    if not isinstance(table, model.DecisionTable):
        return None
    facts = read_facts(question, trial, None, manual=regime.manual, today=today)
    found = decide(regime.manual, table, facts, today)
    return (table, found[0]) if found else None


def _inferred(regime: Regime, trial: Complaint, today: dt.date) -> list[str]:
    found = _first(regime, questions.CIRCUMSTANCE, trial, today) if trial.item else None
    return list(found[1].outcome.get("情形") or []) if found else []
