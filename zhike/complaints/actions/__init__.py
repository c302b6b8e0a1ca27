"""What people do with complaints. Each verb is one transaction with one audit row."""

from ._agreement import CannotAgree, record_agreement
from ._by_mail import PURPOSE, answer_by_mail, open_by_mail
from ._classifying import classify
from ._compensation import CannotCompensate, propose_compensation
from ._faults import CannotJudge, CannotPunish, appeal_penalty, decide_penalty, record_fault
from ._follow_up import CannotFollowUp, attempts_left, record_follow_up
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
from ._joining import CannotJoin, CannotPart, join, part
from ._letters import tell_failed
from ._malice import CannotMark, decide_malice, mark_malicious, revoke_malice
from ._matters import in_the_way, waits_for_decision
from ._mending import CannotCorrect, CannotVoid, correct, correct_registration, exported, void
from ._overdue import CannotAnswer, answer_sheet, inquire, owes_reply, remind
from ._reopening import CannotReopen, reopen, stages_to_reopen, usual_stage
from ._secrecy import CannotName, end_confidence, make_confidential, name_person, note_reading, remove_person
from ._shares import CannotShare, Part, settle_shares
from ._steps import CannotClose, CannotStep, on_step, record_step
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
    "PURPOSE",
    "CannotAgree",
    "CannotAnswer",
    "CannotClose",
    "CannotCompensate",
    "CannotCorrect",
    "CannotFollowUp",
    "CannotGrant",
    "CannotHandOver",
    "CannotJoin",
    "CannotJudge",
    "CannotMark",
    "CannotName",
    "CannotOpen",
    "CannotOverride",
    "CannotPart",
    "CannotPunish",
    "CannotReopen",
    "CannotReply",
    "CannotShare",
    "CannotStep",
    "CannotSum",
    "CannotVoid",
    "Part",
    "Plan",
    "answer_by_mail",
    "answer_sheet",
    "appeal_penalty",
    "ask_grant",
    "attach_files",
    "attempts_left",
    "change_facts",
    "classify",
    "correct",
    "correct_registration",
    "decide_grant",
    "decide_malice",
    "decide_penalty",
    "end_confidence",
    "exported",
    "finish_measure",
    "hand_over",
    "hand_over_many",
    "hand_up",
    "hear_customer",
    "in_the_way",
    "inquire",
    "join",
    "make_confidential",
    "mark_malicious",
    "matters_of_grants",
    "name_person",
    "note",
    "note_reading",
    "on_step",
    "open_by_mail",
    "open_weeks",
    "override_handler",
    "owes",
    "owes_reply",
    "part",
    "propose_compensation",
    "read_summary",
    "record_agreement",
    "record_fault",
    "record_follow_up",
    "record_step",
    "register",
    "remind",
    "remove_person",
    "reopen",
    "reply",
    "revoke_malice",
    "say",
    "send_summary",
    "settle_shares",
    "sign_analysis",
    "stages_to_reopen",
    "tell_failed",
    "usual_stage",
    "void",
    "waits_for_decision",
]
