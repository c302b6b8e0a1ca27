"""Pages of regulations: the library, the reader, the gate, the values of units, publishing."""

from ._gate import (
    add_sign,
    decide,
    drop_values,
    gate,
    hand_in,
    postpone,
    recall,
    revisions,
    withdraw,
)
from ._reading import clause, index, install, reader
from ._values import parameters, values

__all__ = [
    "add_sign",
    "clause",
    "decide",
    "drop_values",
    "gate",
    "hand_in",
    "index",
    "install",
    "parameters",
    "postpone",
    "reader",
    "recall",
    "revisions",
    "values",
    "withdraw",
]
