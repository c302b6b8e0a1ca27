"""Pages of the parts of a file."""

from ._cards import card_history, key, print_form, verify
from ._definitions import define, definitions, redefine, retire
from ._facts import forget, learn, own_field
from ._members import register_member
from ._needs import add_need, change_need, close_need, need_outcome, needs, send_need
from ._papers import (
    add_address,
    add_identifier,
    correct_address,
    identifier,
    remove_address,
    remove_identifier,
)
from ._people import add_contact, contact_number, correct_contact, end_contact, verify_contact
from ._quality import quality
from ._relations import agree, end_link, link

__all__ = [
    "add_address",
    "add_contact",
    "add_identifier",
    "add_need",
    "agree",
    "card_history",
    "change_need",
    "close_need",
    "contact_number",
    "correct_address",
    "correct_contact",
    "define",
    "definitions",
    "end_contact",
    "end_link",
    "forget",
    "identifier",
    "key",
    "learn",
    "link",
    "need_outcome",
    "needs",
    "own_field",
    "print_form",
    "quality",
    "redefine",
    "register_member",
    "remove_address",
    "remove_identifier",
    "retire",
    "send_need",
    "verify",
    "verify_contact",
]
