"""What people and jobs do about the grades of customers."""

from ._facts import note
from ._mass import Outcome, regrade_many
from ._proposing import approve, propose, refuse, withdraw
from ._regrading import CannotGrade, regrade, regrade_all

__all__ = [
    "CannotGrade",
    "Outcome",
    "approve",
    "note",
    "propose",
    "refuse",
    "regrade",
    "regrade_all",
    "regrade_many",
    "withdraw",
]
