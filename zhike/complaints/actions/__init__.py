"""What people do with complaints. Each verb is one transaction with one audit row."""

from ._compensation import CannotCompensate, propose_compensation
from ._faults import CannotJudge, CannotPunish, appeal_penalty, decide_penalty, record_fault
from ._handling import (
    CannotHandOver,
    CannotOverride,
    assign,
    change_facts,
    hand_over,
    hand_up,
    override_handler,
)
from ._intake import CannotOpen, open_complaint
from ._mending import CannotCorrect, CannotVoid, correct, void
from ._steps import CannotClose, CannotStep, record_step
from ._talk import CannotReply, hear_customer, note, reply

__all__ = [
    "CannotClose",
    "CannotCompensate",
    "CannotCorrect",
    "CannotHandOver",
    "CannotJudge",
    "CannotOpen",
    "CannotOverride",
    "CannotPunish",
    "CannotReply",
    "CannotStep",
    "CannotVoid",
    "appeal_penalty",
    "assign",
    "change_facts",
    "correct",
    "decide_penalty",
    "hand_over",
    "hand_up",
    "hear_customer",
    "note",
    "open_complaint",
    "override_handler",
    "propose_compensation",
    "record_fault",
    "record_step",
    "reply",
    "void",
]
