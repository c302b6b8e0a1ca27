"""Whether a customer may be contacted for a purpose: what they refused binds everybody (R003-08)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhike.customers.dossier.models import Consent
from zhike.customers.models import Customer

# No choice of the enterprise: the law lets nobody send a private person advertising, share their data or judge their
# behaviour without their consent (Advertising Law 43, PIPL 13, 23 and 24).
ASKED_FIRST = frozenset({Consent.Purpose.SALES, Consent.Purpose.SHARING, Consent.Purpose.PROFILE})


def refusal(customer: Customer, *, purpose: str, way: str = "") -> str:
    """ "" where the customer may be contacted so; else one sentence that says why not.

    What was said of this way goes before what was said of every way. One query.
    """
    said = {
        row.way: row for row in customer.consents.filter(purpose=purpose, until=None) if row.way in {"", way}
    }
    row = said.get(way) or said.get("")
    if row is None:
        if customer.kind == Customer.Kind.PERSON and purpose in ASKED_FIRST:
            return _("The customer has not agreed to: %(purpose)s.") % {"purpose": _purpose(purpose)}
        return ""
    if row.is_given:
        return ""
    words = {"purpose": _purpose(purpose), "way": row.way_label, "day": f"{row.since:%Y-%m-%d}"}
    if row.way:
        return _("The customer refuses %(purpose)s by this way (%(way)s) since %(day)s.") % words
    return _("The customer refuses: %(purpose)s (since %(day)s).") % words


def refusals(customer: Customer) -> list[Consent]:
    """What stands refused, for the working screen."""
    return list(customer.consents.filter(until=None, is_given=False))


def _purpose(purpose: str) -> str:
    return str(Consent.Purpose(purpose).label)
