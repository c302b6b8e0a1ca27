"""The official forms of a customer's file: filled from the file as it stands, never with a full number."""

from zhike.customers.models import Customer
from zhike.kernel.records.forms import Form

from ._cards import CUSTOMER_FILE, KEY_CARD, PERSONAL_FILE, RELATION_CARD, SHOP_FILE
from ._reading import Filled, filled
from ._registrations import MEMBERSHIP, NEED, REGISTRATION, UNIFIED_FILE

FORMS = (
    UNIFIED_FILE, REGISTRATION, RELATION_CARD, KEY_CARD, CUSTOMER_FILE, SHOP_FILE, PERSONAL_FILE, MEMBERSHIP, NEED,
)  # fmt: skip


def offered(customer: Customer) -> list[Form]:
    """The forms that fit this customer: the key card for key customers, the personal file for persons."""
    person = customer.kind == Customer.Kind.PERSON
    fit = {
        KEY_CARD.code: customer.is_key,
        PERSONAL_FILE.code: person,
        MEMBERSHIP.code: person,
        CUSTOMER_FILE.code: not person,
        SHOP_FILE.code: not person,
    }
    return [form for form in FORMS if fit.get(form.code, True)]


__all__ = ["FORMS", "Filled", "filled", "offered"]
