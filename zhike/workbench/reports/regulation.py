"""What the regulation says of reports: parts, deadline, who owes them, indicators with targets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from zhike.kernel.parties.directory import directory
from zhike.kernel.policy.regulation import Regulation, limit_of, regulation
from zhike.kernel.worktime import calendars
from zhike.workbench.questions import DEADLINE, INDICATORS, PARTS


@dataclass(frozen=True)
class Deadline:
    limit: str
    posts: tuple[str, ...]  # codes
    module: str
    clause: str
    version_id: int


def rules(unit: int, now: dt.datetime) -> Regulation | None:
    return regulation(DEADLINE.name, unit, now)


def deadline(unit: int, work: str, now: dt.datetime) -> Deadline | None:
    """By when a work is done and by which posts; None where no regulation says so."""
    found = rules(unit, now)
    decided = found.decided({"工作": work}, calendars.local_day(now, unit)) if found is not None else []
    if found is None or not decided:
        return None
    one = decided[0]
    posts = [directory().post_code(str(word)) for word in one.outcome.get("负责") or ()]
    return Deadline(
        limit_of(one.outcome["期限"]), tuple(code for code in posts if code), str(one.outcome.get("模块") or ""),
        one.clause, found.version_id,
    )  # fmt: skip


def parts(kind: str, unit: int, now: dt.datetime) -> list[tuple[str, str]]:
    """Code and label of the mandatory parts of a report, in order."""
    found = rules(unit, now)
    return found.choices(PARTS[kind]) if found is not None else []


@dataclass(frozen=True)
class Indicator:
    code: str
    zh: str
    en: str
    target: Decimal


def indicators(unit: int, now: dt.datetime) -> list[Indicator]:
    found = rules(unit, now)
    rows = found.rows(INDICATORS) if found is not None else ()
    return [
        Indicator(row.word.code, row.word.name, row.word.en, Decimal(row.cells["目标"].text)) for row in rows
    ]
