"""What people do with complaints. Each verb is one transaction with one audit row."""

from ._compensation import CannotCompensate, propose_compensation
from ._faults import CannotJudge, CannotPunish, appeal_penalty, decide_penalty, record_fault
from ._grants import CannotGrant, ask_grant, decide_grant, matters_of_grants
from ._handling import (
    CannotHandOver,
    CannotOverride,
    change_facts,
    hand_over,
    hand_over_many,
    hand_up,
    override_handler,
)
from ._intake import CannotOpen, register
from ._mending import CannotCorrect, CannotVoid, correct, correct_registration, exported, void
from ._overdue import CannotAnswer, answer_sheet, inquire, owes_reply, remind
from ._steps import CannotClose, CannotStep, record_step
from ._summaries import (
    CannotSum,
    Plan,
    finish_measure,
    open_weeks,
    owes,
    read_summary,
    send_summary,
    sign_analysis,
)
from ._talk import CannotReply, attach_files, hear_customer, note, reply, say

__all__ = [
    "CannotAnswer",
    "CannotClose",
    "CannotCompensate",
    "CannotCorrect",
    "CannotGrant",
    "CannotHandOver",
    "CannotJudge",
    "CannotOpen",
    "CannotOverride",
    "CannotPunish",
    "CannotReply",
    "CannotStep",
    "CannotSum",
    "CannotVoid",
    "Plan",
    "answer_sheet",
    "appeal_penalty",
    "ask_grant",
    "attach_files",
    "change_facts",
    "correct",
    "correct_registration",
    "decide_grant",
    "decide_penalty",
    "exported",
    "finish_measure",
    "hand_over",
    "hand_over_many",
    "hand_up",
    "hear_customer",
    "inquire",
    "matters_of_grants",
    "note",
    "open_weeks",
    "override_handler",
    "owes",
    "owes_reply",
    "propose_compensation",
    "read_summary",
    "record_fault",
    "record_step",
    "register",
    "remind",
    "reply",
    "say",
    "send_summary",
    "sign_analysis",
    "void",
]
