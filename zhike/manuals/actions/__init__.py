"""What people do with regulations. Each verb is one transaction with one audit row."""

from ._copies import CannotCopy, issue_copy, return_copy
from ._departures import CannotDepart, record_departure, review_departure, void_departure
from ._mission import (
    CannotState,
    approve_sheet,
    begin_sheet,
    save_sheet,
    send_back_sheet,
    submit_sheet,
)
from ._publishing import (
    CannotInstall,
    CannotPublish,
    CannotSetParameter,
    Reading,
    examine,
    install,
    publish,
    publish_and_install,
    set_parameters,
)
from ._references import (
    CannotReference,
    add_reference,
    examined_without_change,
    note_references,
    record_edition,
)
from ._repealing import CannotRepeal, ask_repeal, repeal_decided
from ._revising import CannotKeep, keep_as_it_is, plan_revision

__all__ = [
    "CannotCopy",
    "CannotDepart",
    "CannotInstall",
    "CannotKeep",
    "CannotPublish",
    "CannotReference",
    "CannotRepeal",
    "CannotSetParameter",
    "CannotState",
    "Reading",
    "add_reference",
    "approve_sheet",
    "ask_repeal",
    "begin_sheet",
    "examine",
    "examined_without_change",
    "install",
    "issue_copy",
    "keep_as_it_is",
    "note_references",
    "plan_revision",
    "publish",
    "publish_and_install",
    "record_departure",
    "record_edition",
    "repeal_decided",
    "return_copy",
    "review_departure",
    "save_sheet",
    "send_back_sheet",
    "set_parameters",
    "submit_sheet",
    "void_departure",
]
