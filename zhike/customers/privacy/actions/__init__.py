"""What people do in the care of data. Each verb is one transaction with one audit row."""

from ._breaches import CannotBreach, close_breach, report_breach, tell_breach
from ._handover import CannotHandOver, hand_over, owned_by
from ._releases import CannotRelease, ask_release, decide_release
from ._rights import (
    CannotAnswer,
    answer,
    copy_made,
    erase,
    forget_files,
    forget_mails,
    receive,
    refuse,
    withdraw_consent,
)
from ._secrecy import CannotSetSecrecy, NoReason, note_opening, reveal, set_secrecy

__all__ = [
    "CannotAnswer",
    "CannotBreach",
    "CannotHandOver",
    "CannotRelease",
    "CannotSetSecrecy",
    "NoReason",
    "answer",
    "ask_release",
    "close_breach",
    "copy_made",
    "decide_release",
    "erase",
    "forget_files",
    "forget_mails",
    "hand_over",
    "note_opening",
    "owned_by",
    "receive",
    "refuse",
    "report_breach",
    "reveal",
    "set_secrecy",
    "tell_breach",
    "withdraw_consent",
]
