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
from ._gate import add_sign, decide, drop_values, gate, hand_in, postpone, recall, revisions, withdraw
from ._guide import guide_file, how_to_write
from ._reading import clause, index, install, reader
from ._values import parameters, values

__all__ = [
    "accept_gap",
    "add_example",
    "add_sign",
    "backtest",
    "clause",
    "decide",
    "drop_draft",
    "drop_values",
    "edit",
    "examples_from",
    "gate",
    "guide_file",
    "hand_in",
    "how_to_write",
    "index",
    "install",
    "markdown",
    "merge",
    "new_draft",
    "parameters",
    "pasted",
    "postpone",
    "reader",
    "recall",
    "revise",
    "revisions",
    "save_prose",
    "save_table",
    "save_text",
    "set_day",
    "take_back",
    "values",
    "whatif",
    "withdraw",
    "workbook",
]
