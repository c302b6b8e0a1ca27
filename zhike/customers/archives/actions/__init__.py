"""What people do with archives. Each verb is one transaction with one audit row."""

from ._checking import begin_check, end_check, note_check
from ._common import CannotArchive
from ._destroying import propose_destruction, refuse_destruction, sign_destruction
from ._filing import announce_item, close_archive, file_item, move_archive, open_archive
from ._lending import ask_loan, decide_loan, take_back

__all__ = [
    "CannotArchive",
    "announce_item",
    "ask_loan",
    "begin_check",
    "close_archive",
    "decide_loan",
    "end_check",
    "file_item",
    "move_archive",
    "note_check",
    "open_archive",
    "propose_destruction",
    "refuse_destruction",
    "sign_destruction",
    "take_back",
]
