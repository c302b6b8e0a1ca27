"""Checks of whole manuals and the meaning of a change. Pure Python; see README.md."""

from .analysis import analyse
from .changes import Change, TableChanges, changed_tables
from .meaning import meaning
from .regions import Condition, Region

__all__ = ["Change", "Condition", "Region", "TableChanges", "analyse", "changed_tables", "meaning"]
