"""What people do with complaints. Each verb is one transaction with one audit row."""

from ._by_mail import PURPOSE, answer_by_mail, open_by_mail
from ._classifying import classify
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
from ._letters import tell_failed
from ._mending import CannotCorrect, CannotVoid, correct, correct_registration, exported, void
from ._steps import CannotClose, CannotStep, record_step
from ._talk import CannotReply, attach_files, hear_customer, note, reply, say

__all__ = [
    "PURPOSE",
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
    "CannotVoid",
    "answer_by_mail",
    "appeal_penalty",
    "ask_grant",
    "attach_files",
    "change_facts",
    "classify",
    "correct",
    "correct_registration",
    "decide_grant",
    "decide_penalty",
    "exported",
    "hand_over",
    "hand_over_many",
    "hand_up",
    "hear_customer",
    "matters_of_grants",
    "note",
    "open_by_mail",
    "override_handler",
    "propose_compensation",
    "record_fault",
    "record_step",
    "register",
    "reply",
    "say",
    "tell_failed",
    "void",
]
