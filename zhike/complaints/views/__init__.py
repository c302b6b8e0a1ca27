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
from ._after import agree, follow_up, reopen, shares
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
from ._joining import duplicates, join, part
from ._mail import classify, mail_as_it_came
from ._malice import decide_malice, mark_malicious, revoke_malice
from ._penalties import appeal, decide, penalties, penalty
from ._print import print_penalty, print_record
from ._report import report
from ._reports import report_index, report_of
from ._secrecy import confide, end_confidence, name_person, remove_person

__all__ = [
    "add_files",
    "agree",
    "appeal",
    "ask_grant",
    "bulk_hand_over",
    "change_facts",
    "classify",
    "compensate",
    "confide",
    "correct",
    "date_why",
    "decide",
    "decide_grant",
    "decide_malice",
    "detail",
    "drawer",
    "duplicates",
    "end_confidence",
    "flow_chart",
    "follow_up",
    "hand_over",
    "hand_up",
    "index",
    "join",
    "judge",
    "mail_as_it_came",
    "mark_malicious",
    "measure",
    "name_person",
    "new",
    "overdue_list",
    "overdue_sheet",
    "part",
    "penalties",
    "penalty",
    "preview",
    "print_overdue",
    "print_penalty",
    "print_record",
    "print_summary",
    "remove_person",
    "reopen",
    "report",
    "report_index",
    "report_of",
    "revoke_malice",
    "ruling",
    "say",
    "shares",
    "sign_analysis",
    "step",
    "summary",
    "summary_list",
    "void",
]
