"""Levels of escalation as a manual's list 升级 states them, and when a duty must next be looked at.

Columns: 事项 (title of a stage or matter, or 全部), 级 (0 warns before the date), 逾期 (an amount or the name of a
parameter: before the date at level 0, after it above), 对象 (负责人, 上级, a role of the case or a post), 动作
(提醒, 转交, 报告), 条款.
"""

from __future__ import annotations

import datetime as dt
import weakref
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.worktime import arithmetic, calendars

from .models import Duty

LIST = "升级"
ACTIONS = {"提醒": "REMIND", "转交": "HAND_OVER", "报告": "REPORT"}
ALL = frozenset({"全部", "all"})


@dataclass(frozen=True)
class Level:
    """One row of the list; `delay` is an amount as text."""

    matter: str
    level: int
    delay: str
    target: str
    action: str
    clause: str

    def covers(self, duty: Duty) -> bool:
        return self.matter in ALL or self.matter == duty.title


class Ladders:
    """The levels of every manual and unit that one piece of work meets, each read once.

    Published versions never change, so a manual stays in memory; what a unit has set is read anew for each piece
    of work, and only where the list names parameters.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, int | None, dt.date | None], tuple[Level, ...]] = {}
        self._own: set[int] = set()
        self._of: dict[tuple[int, int, str, dt.date | None], list[Level]] = {}

    def of(self, duty: Duty, zone: str) -> list[Level]:
        """The levels that apply to a duty, lowest first. A row that names the matter goes before one for all.

        Values of the unit are those of the day, in `zone`, on which the duty began.
        """
        if duty.version_id is None:
            return []
        self._read(duty.version_id)
        by_day = duty.version_id in self._own or duty.title in _usual
        day = arithmetic.local_date(duty.began_at, zone) if by_day else None
        key = (duty.version_id, duty.unit_id, duty.title, day)
        if key not in self._of:
            self._of[key] = self._lowest_first(duty, duty.version_id, day)
        return self._of[key]

    def _lowest_first(self, duty: Duty, version: int, day: dt.date | None) -> list[Level]:
        found: dict[int, Level] = {}
        rows = self._rows(version, duty.unit_id, day if version in self._own else None)
        if day is not None and duty.title in _usual and all(level.matter != duty.title for level in rows):
            rows, _ = levels_in(_usual[duty.title](day))
            rows = tuple(level for level in rows if level.matter == duty.title)
        for level in rows:
            if level.covers(duty) and (level.level not in found or level.matter not in ALL):
                found[level.level] = level
        return [found[number] for number in sorted(found)]

    def _read(self, version: int) -> None:
        plain = (version, None, None)
        if plain not in self._found:
            self._found[plain], has_parameters = levels_in(inforce.manual_of(version))
            if has_parameters:
                self._own.add(version)

    def _rows(self, version: int, unit: int, day: dt.date | None) -> tuple[Level, ...]:
        """The rows as they are, or with the values of the unit of the day on which a duty began."""
        if day is None:
            return self._found[version, None, None]
        if (version, unit, day) not in self._found:
            self._found[version, unit, day], _ = levels_in(inforce.manual_at(version, unit, day))
        return self._found[version, unit, day]


# Where a matter that most manuals do not speak of has its levels.
_usual: dict[str, Callable[[dt.date], model.Manual]] = {}


def usually(matter: str, manual: Callable[[dt.date], model.Manual]) -> None:
    """Register which manual (by the day on which a duty began) says how duties with this title escalate where their
    own manual has no row for them (`AppConfig.ready()`).

    Rows for 全部 do not apply to them: minutes of warning mean nothing for what is owed once a year.
    """
    _usual[matter] = manual


_read: weakref.WeakKeyDictionary[model.Manual, tuple[tuple[Level, ...], bool]] = weakref.WeakKeyDictionary()


def levels_in(manual: model.Manual) -> tuple[tuple[Level, ...], bool]:
    """All rows of the list, and whether any delay is a parameter. A level whose delay is 未定 is left out."""
    if manual not in _read:
        table = manual.lists.get(LIST)
        rows = [_level(row, manual) for row in (table.rows if table else ())]
        named = any(_text(row, "逾期") in manual.params for row in (table.rows if table else ()))
        _read[manual] = tuple(row for row in rows if row is not None), named
    return _read[manual]


def _level(row: model.ListRow, manual: model.Manual) -> Level | None:
    delay = _text(row, "逾期")
    if delay in manual.params:
        value = manual.params[delay].value
        if not isinstance(value, model.Amount):
            return None
        delay = calendars.text_of(value)
    return Level(
        matter=_text(row, "事项"),
        level=int(_text(row, "级")),
        delay=delay,
        target=_text(row, "对象"),
        action=ACTIONS.get(_text(row, "动作"), "REMIND"),
        clause=row.clause,
    )


def _text(row: model.ListRow, label: str) -> str:
    return normal(row.cells[label].text) if label in row.cells else ""


def moment_of(level: Level, duty: Duty, calendar: arithmetic.Calendar) -> dt.datetime:
    """When a level falls due. Level 0 lies before the due date, never before the start."""
    assert duty.due_at is not None
    if level.level == 0:
        return max(duty.began_at, calendars.before(calendar, duty.due_at, level.delay))
    return calendars.due_at(calendar, duty.due_at, level.delay)


def plan(duty: Duty, calendar: arithmetic.Calendar, ladders: Ladders) -> None:
    """Set `warn_at`, `look_again_at` and `urge_at` from the due date and the levels. Does not save.

    `duty.level` counts the levels that are over. A warning that would come at once is left out: the owner
    has just been told of the duty itself. While the clock stands nothing falls due.
    """
    duty.warn_at = duty.look_again_at = duty.urge_at = None
    if duty.due_at is None:
        return
    levels = ladders.of(duty, calendar.tz)
    if levels and levels[0].level == 0:
        warn_at = moment_of(levels[0], duty, calendar)
        if warn_at > duty.began_at:
            duty.warn_at = warn_at
        else:
            duty.level = max(duty.level, 1)
    if duty.paused_at is None:
        duty.look_again_at = next_look(duty, calendar, levels)
        duty.urge_at = duty.due_at if _is_urged(duty) else None


def next_look(duty: Duty, calendar: arithmetic.Calendar, levels: list[Level]) -> dt.datetime | None:
    """When the next level falls due; None after the last one."""
    return moment_of(levels[duty.level], duty, calendar) if duty.level < len(levels) else None


# --- what apps urge -------------------------------------------------------------------------------------

_urged: dict[str, str] = {}


def urge(subject_label: str, parameter: str) -> None:
    """Register that duties about these subjects, under manuals with this parameter, are urged by the app once they are
    late (`AppConfig.ready()`). It takes them by the index on `urge_at` and sets when their next turn comes.
    """
    _urged[subject_label] = parameter


def _is_urged(duty: Duty) -> bool:
    parameter = _urged.get(duty.subject_label)
    if parameter is None or duty.version_id is None:
        return False
    return parameter in inforce.manual_of(duty.version_id).params


# --- roles of a case ------------------------------------------------------------------------------------

# Ids of subjects -> id -> role word -> who plays it. One call for a batch.
Roles = Callable[[Collection[int]], Mapping[int, Mapping[str, Party | None]]]
# The role of who has no say in a case: the person complained of. No escalation reaches them.
BARRED = "回避"
_roles: dict[str, Roles] = {}


def roles_from(subject_label: str, read: Roles) -> None:
    """Register who plays the roles that 对象 may name, for duties about these subjects (`AppConfig.ready()`)."""
    _roles[subject_label] = read


def roles_of(subject_label: str) -> Roles | None:
    return _roles.get(subject_label)
