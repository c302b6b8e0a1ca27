"""What people do with the customer file."""

from ._opening import (
    AlreadyKnown,
    CannotCreate,
    PerhapsKnown,
    Recognised,
    create,
    recognise_or_create,
)
from ._upkeep import (
    LONGEST_REASON,
    BadPhone,
    CannotCorrect,
    NoReason,
    Stale,
    add_phone,
    close,
    correct,
    remove_phone,
    rename,
    reopen,
    reveal_phone,
    show_phone_first,
)

__all__ = [
    "LONGEST_REASON",
    "AlreadyKnown",
    "BadPhone",
    "CannotCorrect",
    "CannotCreate",
    "NoReason",
    "PerhapsKnown",
    "Recognised",
    "Stale",
    "add_phone",
    "close",
    "correct",
    "create",
    "recognise_or_create",
    "remove_phone",
    "rename",
    "reopen",
    "reveal_phone",
    "show_phone_first",
]
