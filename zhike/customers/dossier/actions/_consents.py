"""What the customer agrees to and refuses; it binds every campaign (R003-08)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect
from zhike.customers.contacts.models import Interaction
from zhike.customers.dossier.models import Consent, Fact
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from ._common import changed, one_line

# what a customer means who does not want to be contacted; answers to their own matters still reach them
UNASKED = (Consent.Purpose.SALES, Consent.Purpose.CARE, Consent.Purpose.SURVEY)


class CannotAgree(CannotCorrect):
    """It was not taken down; the message is one sentence."""


@transaction.atomic
def agree(
    *,
    customer: Customer,
    purpose: str,
    is_given: bool,
    source: str,
    by: Party | None,
    now: dt.datetime,
    way: str = "",
    evidence: str = "",
) -> Consent:
    """Take down what the customer agrees to (or, `is_given` false, refuses) from now on; what was said before ends.

    Said of every way, it ends what was said of single ways as well. Raises CannotAgree.
    """
    if purpose not in Consent.Purpose.values:
        raise CannotAgree(_("Say what it is about."))
    if way and way not in Interaction.Way.values:
        raise CannotAgree(_("Say by which way."))
    if source not in Fact.Source.values:
        raise CannotAgree(_("Say where this is known from."))
    row = _take_down(customer, purpose, way, is_given, source, one_line(evidence)[:200], by, now)
    changed(customer, now)
    trail.record(
        "customers.agreed" if is_given else "customers.refused",
        subject=customer,
        by=by,
        at=now,
        after={"purpose": purpose, "way": way, "source": source},
    )
    return row


@transaction.atomic
def refuse_contact(
    *, customer: Customer, source: str, by: Party | None, now: dt.datetime, evidence: str = ""
) -> list[Consent]:
    """The customer does not want to be contacted: no offers, no greetings, no surveys, by no way."""
    if source not in Fact.Source.values:
        raise CannotAgree(_("Say where this is known from."))
    rows = [
        _take_down(customer, purpose, "", False, source, one_line(evidence)[:200], by, now)
        for purpose in UNASKED
    ]
    changed(customer, now)
    trail.record(
        "customers.refused",
        subject=customer,
        by=by,
        at=now,
        after={"purpose": "*", "way": "", "source": source},
    )
    return rows


def _take_down(
    customer: Customer,
    purpose: str,
    way: str,
    is_given: bool,
    source: str,
    evidence: str,
    by: Party | None,
    now: dt.datetime,
) -> Consent:
    before = Consent.objects.filter(customer=customer, purpose=purpose, until=None)
    (before.filter(way=way) if way else before).update(until=now)
    return Consent.objects.create(
        customer=customer,
        purpose=purpose,
        way=way,
        is_given=is_given,
        since=now,
        source=source,
        evidence=evidence,
        by=by,
    )
