"""What people and devices do in visits. Each verb is one transaction with one audit row."""

from ._closing import CannotClose, close
from ._common import CannotVisit
from ._notes import give, guide, note_effect, note_finding, nothing_new, photo, sign
from ._plans import add, arrange, move, plan_week, printed, remove, set_plan, working_days
from ._preparing import prepare
from ._problems import answer_problem, no_problem, raise_problem
from ._sync import settle, sync
from ._visits import arrive, check, excuse, host, judge, leave, report, set_next, skip, start

__all__ = [
    "CannotClose",
    "CannotVisit",
    "add",
    "answer_problem",
    "arrange",
    "arrive",
    "check",
    "close",
    "excuse",
    "give",
    "guide",
    "host",
    "judge",
    "leave",
    "move",
    "no_problem",
    "note_effect",
    "note_finding",
    "nothing_new",
    "photo",
    "plan_week",
    "prepare",
    "printed",
    "raise_problem",
    "remove",
    "report",
    "set_next",
    "set_plan",
    "settle",
    "sign",
    "skip",
    "start",
    "sync",
    "working_days",
]
