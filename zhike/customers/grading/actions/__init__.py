"""What people and jobs do about the grades of customers."""

from ._evaluating import evaluate, plan_evaluations
from ._facts import NOTED, note
from ._mass import Outcome, Tell, regrade_many
from ._proposing import approve, propose, refuse, withdraw
from ._regrading import CannotGrade, regrade, regrade_all, ruled_value
from ._segments import draw_persona, plan_segment, report_segment
from ._sheets import newest_record, review_sheet, sign_sheet
from ._valuing import Valued, value_all

__all__ = [
    "NOTED",
    "CannotGrade",
    "Outcome",
    "Tell",
    "Valued",
    "approve",
    "draw_persona",
    "evaluate",
    "newest_record",
    "note",
    "plan_evaluations",
    "plan_segment",
    "propose",
    "refuse",
    "regrade",
    "regrade_all",
    "regrade_many",
    "report_segment",
    "review_sheet",
    "ruled_value",
    "sign_sheet",
    "value_all",
    "withdraw",
]
