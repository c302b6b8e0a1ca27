"""What people do with the parts of a customer's file."""

from ._cards import CannotVerify, make_key, verify
from ._consents import CannotAgree, agree, refuse_contact
from ._contacts import (
    CannotKeepContact,
    add_contact,
    correct_contact,
    end_contact,
    in_words,
    reveal_contact,
    verify_contact,
)
from ._facts import CannotLearn, forget, learn
from ._fields import CannotDefine, define, redefine, retire
from ._links import CannotLink, end_link, link
from ._needs import CannotKeepNeed, add_need, change_need, close_need, need_outcome, send_need
from ._papers import CannotIdentify, add_identifier, remove_identifier, reveal_identifier
from ._places import CannotPlace, add_address, correct_address, remove_address

__all__ = [
    "CannotAgree",
    "CannotDefine",
    "CannotIdentify",
    "CannotKeepContact",
    "CannotKeepNeed",
    "CannotLearn",
    "CannotLink",
    "CannotPlace",
    "CannotVerify",
    "add_address",
    "add_contact",
    "add_identifier",
    "add_need",
    "agree",
    "change_need",
    "close_need",
    "correct_address",
    "correct_contact",
    "define",
    "end_contact",
    "end_link",
    "forget",
    "in_words",
    "learn",
    "link",
    "make_key",
    "need_outcome",
    "redefine",
    "refuse_contact",
    "remove_address",
    "remove_identifier",
    "retire",
    "reveal_contact",
    "reveal_identifier",
    "send_need",
    "verify",
    "verify_contact",
]
