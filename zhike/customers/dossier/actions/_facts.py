"""Learning something of a customer, and marking what is not true any more."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect, Stale
from zhike.customers.dossier import facts
from zhike.customers.dossier.hours import READERS
from zhike.customers.dossier.known import CUSTOM
from zhike.customers.dossier.models import Fact
from zhike.customers.grading.models import Profile
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from ._common import changed, sealed

LONGEST = 2000
# traits by which customers are classified as well stand in the profile (R004-03)
MIRRORED = {"trait.environment": "environment", "trait.scale": "size"}


class CannotLearn(CannotCorrect):
    """The fact was not kept; the message is one sentence."""


@transaction.atomic
def learn(
    *,
    customer: Customer,
    field: str,
    value: str,
    source: str,
    by: Party | None,
    now: dt.datetime,
    group: str = "",
) -> Fact:
    """Keep what somebody found out, with its source and moment; what stood before becomes history (R003-13).

    The same value again leaves the first one standing. Raises CannotLearn, Stale.
    """
    text = value.replace("\0", "").strip()
    if not field or len(field) > 60:
        raise CannotLearn(_("“%(text)s” is no field of the file.") % {"text": field[:30]})
    if source not in Fact.Source.values:
        raise CannotLearn(_("Say where this is known from."))
    if not text:
        raise CannotLearn(_("Say what is known."))
    if len(text) > LONGEST:
        raise CannotLearn(_("Say it in at most %(count)s characters.") % {"count": LONGEST})
    if field in READERS:
        try:
            READERS[field](text)
        except ValueError as unclear:
            raise CannotLearn(str(unclear)) from unclear
    before = facts.current(customer, [field]).get(field)
    try:
        with transaction.atomic():
            groups = {field: group} if group else None
            fact = facts.keep(customer, {field: text}, source=source, by=by, now=now, groups=groups)[field]
    except IntegrityError as meanwhile:
        raise Stale(
            _("Somebody else has changed this customer; look at the file again before saving.")
        ) from meanwhile
    if before is not None and before.pk == fact.pk:
        return fact
    _mirror(customer, field, text)
    changed(customer, now)
    trail.record(
        "customers.learned",
        subject=customer,
        by=by,
        at=now,
        before={"field": field, "value": sealed(customer, before.value if before else "")},
        after={"field": field, "value": sealed(customer, text), "source": source},
    )
    return fact


@transaction.atomic
def forget(*, fact: Fact, by: Party, now: dt.datetime) -> None:
    """Mark a fact as obsolete: it leaves the file and stays in its history (R002-088). Raises Stale."""
    if not Fact.objects.filter(pk=fact.pk, until=None).update(until=now):
        raise Stale(_("Somebody else has changed this customer; look at the file again before saving."))
    customer = fact.customer
    _mirror(customer, fact.field, "")
    changed(customer, now)
    trail.record(
        "customers.forgotten",
        subject=customer,
        by=by,
        at=now,
        before={"field": fact.field, "value": sealed(customer, fact.value)},
    )


def _mirror(customer: Customer, field: str, value: str) -> None:
    """Keep the columns that repeat a fact for lists and rulings."""
    if column := MIRRORED.get(field):
        Profile.objects.update_or_create(customer=customer, defaults={column: value[:40]})
    if field.startswith(CUSTOM):
        more = {key: text for key, text in customer.more.items() if key != field.removeprefix(CUSTOM)}
        customer.more = more | ({field.removeprefix(CUSTOM): value} if value else {})
        Customer.objects.filter(pk=customer.pk).update(more=customer.more)
