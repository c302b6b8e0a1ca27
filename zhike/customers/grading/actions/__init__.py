"""What people and jobs do about the grades of customers."""

from ._facts import note
from ._mass import Outcome, Tell, regrade_many
from ._proposing import approve, propose, refuse, withdraw
from ._regrading import CannotGrade, regrade, regrade_all
from ._valuing import Valued, value_all

__all__ = [
    "CannotGrade",
    "Outcome",
    "Tell",
    "Valued",
    "approve",
    "note",
    "propose",
    "refuse",
    "regrade",
    "regrade_all",
    "regrade_many",
    "value_all",
    "withdraw",
]
