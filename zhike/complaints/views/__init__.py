"""Pages of complaints: the list, registration, one case, penalties, the report."""

from ._acts import (
    add_files,
    ask_grant,
    bulk_hand_over,
    change_facts,
    compensate,
    correct,
    decide_grant,
    hand_over,
    hand_up,
    judge,
    say,
    step,
    void,
)
from ._case import date_why, detail, drawer, ruling
from ._index import index
from ._intake import new, preview
from ._penalties import appeal, decide, penalties, penalty
from ._print import print_penalty, print_record
from ._report import report
from ._reports import report_index, report_of

__all__ = [
    "add_files",
    "appeal",
    "ask_grant",
    "bulk_hand_over",
    "change_facts",
    "compensate",
    "correct",
    "date_why",
    "decide",
    "decide_grant",
    "detail",
    "drawer",
    "hand_over",
    "hand_up",
    "index",
    "judge",
    "new",
    "penalties",
    "penalty",
    "preview",
    "print_penalty",
    "print_record",
    "report",
    "report_index",
    "report_of",
    "ruling",
    "say",
    "step",
    "void",
]
