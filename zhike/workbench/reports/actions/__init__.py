"""What happens to a report: opened and filled in, written, submitted by its deadline, adjusted, commented."""

from ._opening import CannotOpen, fill, open_due, open_report
from ._writing import CannotWrite, adjust, comment, save, submit

__all__ = [
    "CannotOpen",
    "CannotWrite",
    "adjust",
    "comment",
    "fill",
    "open_due",
    "open_report",
    "save",
    "submit",
]
