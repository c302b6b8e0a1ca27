"""What people do with corrective actions. Each verb is one transaction with one audit row."""

from ._analysis import (
    add_case,
    add_cause,
    answer_why,
    describe_capa,
    mark_root,
    remove_cause,
    remove_why,
    start_capa,
    verify_cause,
)
from ._common import CALLS, CannotCapa
from ._doing import add_action, finish_action, remove_action
from ._in_case import follow_step
from ._judging import (
    KIND,
    check_effect,
    close_capa,
    confirm_recurrence,
    decided,
    drop_capa,
    review_plan,
    reviewed_in_case,
    submit_plan,
)

__all__ = [
    "CALLS",
    "KIND",
    "CannotCapa",
    "add_action",
    "add_case",
    "add_cause",
    "answer_why",
    "check_effect",
    "close_capa",
    "confirm_recurrence",
    "decided",
    "describe_capa",
    "drop_capa",
    "finish_action",
    "follow_step",
    "mark_root",
    "remove_action",
    "remove_cause",
    "remove_why",
    "review_plan",
    "reviewed_in_case",
    "start_capa",
    "submit_plan",
    "verify_cause",
]
