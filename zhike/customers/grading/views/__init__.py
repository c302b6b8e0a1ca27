"""Pages of grading."""

from ._customer import change_grade, grades, note_facts
from ._evaluations import evaluate, evaluations, plan_month
from ._graded import graded
from ._overview import grading, regrade_now, run_state, value_now
from ._proposals import approve_proposal, proposals, refuse_proposal, withdraw_proposal
from ._segments import add_persona, add_plan, plan_result, segments
from ._sheets import customer_sheet, print_sheet, review_sheet, segment_sheet, sign_sheet

__all__ = [
    "add_persona",
    "add_plan",
    "approve_proposal",
    "change_grade",
    "customer_sheet",
    "evaluate",
    "evaluations",
    "graded",
    "grades",
    "grading",
    "note_facts",
    "plan_month",
    "plan_result",
    "print_sheet",
    "proposals",
    "refuse_proposal",
    "regrade_now",
    "review_sheet",
    "run_state",
    "segment_sheet",
    "segments",
    "sign_sheet",
    "value_now",
    "withdraw_proposal",
]
