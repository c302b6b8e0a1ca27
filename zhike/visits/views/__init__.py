"""Pages of visits."""

from ._figures import coverage, figures
from ._lists import findings, guidance, problems, visits
from ._print import print_many
from ._visit import answer_problem, check, close, do, effect, file, settle, start, visit
from ._week import add, make_plan, plan, print_customer, print_plan, print_visit, set_plan, week

__all__ = [
    "add",
    "answer_problem",
    "check",
    "close",
    "coverage",
    "do",
    "effect",
    "figures",
    "file",
    "findings",
    "guidance",
    "make_plan",
    "plan",
    "print_customer",
    "print_many",
    "print_plan",
    "print_visit",
    "problems",
    "set_plan",
    "settle",
    "start",
    "visit",
    "visits",
    "week",
]
