"""Pages of archives."""

from ._acts import (
    announce_item,
    ask_loan,
    begin_check,
    close_archive,
    decide_loan,
    end_check,
    file_item,
    move_archive,
    open_archive,
    propose_destruction,
    refuse_destruction,
    sign_destruction,
    take_back,
)
from ._pages import archive, archive_check, archive_checks, destruction, destructions
from .lists import archive_loans, archives

__all__ = [
    "announce_item",
    "archive",
    "archive_check",
    "archive_checks",
    "archive_loans",
    "archives",
    "ask_loan",
    "begin_check",
    "close_archive",
    "decide_loan",
    "destruction",
    "destructions",
    "end_check",
    "file_item",
    "move_archive",
    "open_archive",
    "propose_destruction",
    "refuse_destruction",
    "sign_destruction",
    "take_back",
]
