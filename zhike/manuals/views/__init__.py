"""Pages of regulations: the library, the reader, the values of a unit, publishing."""

from ._backtest import backtest, whatif
from ._editing import (
    accept_gap,
    add_example,
    drop_draft,
    edit,
    examples_from,
    markdown,
    merge,
    new_draft,
    pasted,
    revise,
    save_prose,
    save_table,
    save_text,
    set_day,
    take_back,
    workbook,
)
from ._figures import figure
from ._finding import find
from ._gate import add_sign, decide, drop_values, gate, hand_in, postpone, recall, revisions, withdraw
from ._guide import guide_file, how_to_write
from ._installing import index, install
from ._readers import confirm, mine, readers
from ._reading import clause, history, paper, parameter, reader, source, versions
from ._values import parameters, values

__all__ = [
    "accept_gap",
    "add_example",
    "add_sign",
    "backtest",
    "clause",
    "confirm",
    "decide",
    "drop_draft",
    "drop_values",
    "edit",
    "examples_from",
    "figure",
    "find",
    "gate",
    "guide_file",
    "hand_in",
    "history",
    "how_to_write",
    "index",
    "install",
    "markdown",
    "merge",
    "mine",
    "new_draft",
    "paper",
    "parameter",
    "parameters",
    "pasted",
    "postpone",
    "reader",
    "readers",
    "recall",
    "revise",
    "revisions",
    "save_prose",
    "save_table",
    "save_text",
    "set_day",
    "source",
    "take_back",
    "values",
    "versions",
    "whatif",
    "withdraw",
    "workbook",
]
