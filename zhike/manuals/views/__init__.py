"""Pages of regulations: the library, the reader, the values of a unit, publishing, the editor."""

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
from ._guide import guide_file, how_to_write
from ._reading import clause, index, install, parameters, reader

__all__ = [
    "accept_gap",
    "add_example",
    "clause",
    "drop_draft",
    "edit",
    "examples_from",
    "guide_file",
    "how_to_write",
    "index",
    "install",
    "markdown",
    "merge",
    "new_draft",
    "parameters",
    "pasted",
    "reader",
    "revise",
    "save_prose",
    "save_table",
    "save_text",
    "set_day",
    "take_back",
    "workbook",
]
