"""Pages of regulations: the library, the reader, the values of a unit, publishing."""

from ._figures import figure
from ._finding import find
from ._installing import index, install, parameters
from ._readers import confirm, mine, readers
from ._reading import clause, history, paper, parameter, reader, source, versions

__all__ = [
    "clause",
    "confirm",
    "figure",
    "find",
    "history",
    "index",
    "install",
    "mine",
    "paper",
    "parameter",
    "parameters",
    "reader",
    "readers",
    "source",
    "versions",
]
