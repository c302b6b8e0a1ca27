"""Levels of escalation as a manual's list 升级 states them, and when a duty must next be looked at.

Columns: 事项 (title of a stage or matter, or 全部), 级 (0 warns before the date), 逾期 (an amount: before the
date at level 0, after it above), 对象 (负责人, 上级, a role or a post), 动作 (提醒, 转交, 报告), 条款.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhike.kernel.policy import inforce
from zhike.kernel.worktime import arithmetic, calendars

from .models import Duty

LIST = "升级"
ACTIONS = {"提醒": "REMIND", "转交": "HAND_OVER", "报告": "REPORT"}


@dataclass(frozen=True)
class Level:
    """One row of the list."""

    matter: str
    level: int
    delay: str
    target: str
    action: str
    clause: str

    def covers(self, duty: Duty) -> bool:
        return self.matter in {"全部", "all", duty.title}


def levels_of(duty: Duty) -> list[Level]:
    """The levels that apply to a duty, lowest first. A row that names the matter goes before one for all."""
    if duty.version_id is None:
        return []
    found: dict[int, Level] = {}
    for level in _levels(duty.version_id):
        if level.covers(duty) and (level.level not in found or level.matter != "全部"):
            found[level.level] = level
    return [found[number] for number in sorted(found)]


_cache: dict[int, list[Level]] = {}


def _levels(version_id: int) -> list[Level]:
    """Published versions never change, so what was read once stays."""
    if version_id not in _cache:
        table = inforce.manual_of(version_id).lists.get(LIST)
        _cache[version_id] = [
            Level(
                matter=row.cells["事项"].text,
                level=int(row.cells["级"].text),
                delay=row.cells["逾期"].text,
                target=row.cells["对象"].text,
                action=ACTIONS.get(row.cells["动作"].text, "REMIND"),
                clause=row.clause or row.cells["条款"].text,
            )
            for row in (table.rows if table else ())
        ]
    return _cache[version_id]


def moment_of(level: Level, duty: Duty, calendar: arithmetic.Calendar) -> dt.datetime:
    """When a level falls due. Level 0 lies before the due date, never before the start."""
    assert duty.due_at is not None
    if level.level == 0:
        length = calendars.due(calendar, duty.began_at, level.delay).at - duty.began_at
        return max(duty.began_at, duty.due_at - length)
    return calendars.due(calendar, duty.due_at, level.delay).at


def plan(duty: Duty, calendar: arithmetic.Calendar) -> None:
    """Set `warn_at` and `look_again_at` from the due date and the levels. Does not save.

    `duty.level` counts the levels that are over. A warning that would come at once is left out: the owner
    has just been told of the duty itself.
    """
    duty.warn_at = duty.look_again_at = None
    if duty.due_at is None:
        return
    levels = levels_of(duty)
    if levels and levels[0].level == 0:
        warn_at = moment_of(levels[0], duty, calendar)
        if warn_at > duty.began_at:
            duty.warn_at = warn_at
        else:
            duty.level = max(duty.level, 1)
    duty.look_again_at = next_look(duty, calendar, levels)


def next_look(duty: Duty, calendar: arithmetic.Calendar, levels: list[Level]) -> dt.datetime | None:
    """When the next level falls due; None after the last one."""
    return moment_of(levels[duty.level], duty, calendar) if duty.level < len(levels) else None
