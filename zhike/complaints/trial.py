"""A ruling tried on facts that are not stored: what the registration form shows while one types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import conditions_of, decide
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime import calendars

from . import questions
from .regime import Regime


def who_would_handle(
    regime: Regime,
    *,
    item: str,
    value: Decimal | None,
    circumstances: Iterable[str] | None,
    accused_level: str,
    now: dt.datetime,
    accused: int | None = None,
) -> dict[str, Any]:
    """Handler, person, clause and wording for facts as typed; circumstances None means inferred from the item."""
    today = calendars.local_day(now, regime.unit_id)
    group = regime.group_of(item)
    inferred = circumstances is None
    if circumstances is None:
        circumstances = _inferred(regime, item, today)
    facts = {
        "货值": value,
        "情形": frozenset(circumstances),
        "被投诉人": accused_level or None,
        "项目": item or None,
        "大类": group or None,
    }
    table = inforce.table_for(regime.manual, questions.AUTHORITY.name)
    if not isinstance(table, model.DecisionTable):
        return {}
    found = decide(regime.manual, table, facts, today)
    if not found:
        return {}
    decision = found[0]
    code = decision.outcome["处理人"]
    return {
        "handler": regime.label(questions.HANDLERS, code),
        "person": regime.holder_of(code, accused, now),
        "clause": decision.clause,
        "row": decision.row,
        "row_text": conditions_of(table, decision.row),
        "circumstances": sorted(circumstances),
        "labels": regime.labels(questions.CIRCUMSTANCES, sorted(circumstances)),
        "inferred": inferred,
        "manual": regime.answer.version,
    }


def _inferred(regime: Regime, item: str, today: dt.date) -> list[str]:
    table = inforce.table_for(regime.manual, questions.CIRCUMSTANCE.name)
    if not isinstance(table, model.DecisionTable) or not item:
        return []
    found = decide(regime.manual, table, {"项目": item}, today)
    return list(found[0].outcome.get("情形") or []) if found else []
