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
from ._followups import (
    flow_chart,
    measure,
    overdue_list,
    overdue_sheet,
    print_overdue,
    print_summary,
    sign_analysis,
    summary,
    summary_list,
)
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
    "flow_chart",
    "hand_over",
    "hand_up",
    "index",
    "judge",
    "measure",
    "new",
    "overdue_list",
    "overdue_sheet",
    "penalties",
    "penalty",
    "preview",
    "print_overdue",
    "print_penalty",
    "print_record",
    "print_summary",
    "report",
    "report_index",
    "report_of",
    "ruling",
    "say",
    "sign_analysis",
    "step",
    "summary",
    "summary_list",
    "void",
]
