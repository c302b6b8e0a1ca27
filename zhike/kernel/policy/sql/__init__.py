"""Decision tables over whole querysets: one statement for each manual version and set of parameter values."""

from .compare import Asked, Change, compare
from .conditions import NotInSql
from .rows import Pass, passes, rows, rows_by_sql, rows_in_python

__all__ = [
    "Asked",
    "Change",
    "NotInSql",
    "Pass",
    "compare",
    "passes",
    "rows",
    "rows_by_sql",
    "rows_in_python",
]
