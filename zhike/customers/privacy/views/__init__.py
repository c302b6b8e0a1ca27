"""Pages of the care of data."""

from ._acts import (
    ask_release,
    close_breach,
    decide_release,
    hand_over,
    report_breach,
    reveal,
    set_secrecy,
    tell_breach,
)
from ._pages import access_log, breach, breaches, exports, handovers, releases
from ._rights import (
    answer_request,
    copy_of,
    erase,
    receive_request,
    refuse_request,
    rights_request,
    rights_requests,
    withdraw_consent,
)

__all__ = [
    "access_log",
    "answer_request",
    "ask_release",
    "breach",
    "breaches",
    "close_breach",
    "copy_of",
    "decide_release",
    "erase",
    "exports",
    "hand_over",
    "handovers",
    "receive_request",
    "refuse_request",
    "releases",
    "report_breach",
    "reveal",
    "rights_request",
    "rights_requests",
    "set_secrecy",
    "tell_breach",
    "withdraw_consent",
]
