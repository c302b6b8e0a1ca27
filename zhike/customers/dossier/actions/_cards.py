"""The relation card as a whole: verified with the customer, kept apart for key customers (R002-091, R002-092)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect
from zhike.customers.dossier import facts
from zhike.customers.dossier.models import Fact
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars

from ._common import changed


class CannotVerify(CannotCorrect):
    """The card was not verified; the message is one sentence."""


@transaction.atomic
def verify(*, customer: Customer, by: Party, now: dt.datetime) -> None:
    """Say that the card was gone through with the customer today.

    The first time for a business, somebody else does it than who opened the file (R002-P09). Raises CannotVerify.
    """
    first = customer.verified_on is None and customer.kind == Customer.Kind.ORGANISATION
    if first and customer.created_by_id == by.pk:
        raise CannotVerify(
            _("The first check of a business's file is made by somebody else than who opened it.")
        )
    day = calendars.local_day(now, customer.unit_id)
    before = {"verified_on": customer.verified_on.isoformat() if customer.verified_on else ""}
    Customer.objects.filter(pk=customer.pk).update(verified_on=day, verified_by=by)
    customer.verified_on, customer.verified_by = day, by
    changed(customer, now)
    after = {"verified_on": day.isoformat()}
    trail.record("customers.verified", subject=customer, by=by, at=now, before=before, after=after)


@transaction.atomic
def make_key(
    *,
    customer: Customer,
    is_key: bool,
    by: Party,
    now: dt.datetime,
    owner: Party | None = None,
    plan: str = "",
    chain: str = "",
) -> None:
    """Keep the customer among the key customers, with owner, service plan and decision chain; or no longer.

    A key customer has an owner. Raises CannotVerify.
    """
    owner = owner or customer.owner
    if is_key and owner is None:
        raise CannotVerify(_("Say who is responsible for this key customer."))
    before = {"is_key": customer.is_key, "owner": customer.owner_id}
    Customer.objects.filter(pk=customer.pk).update(is_key=is_key, owner=owner)
    customer.is_key, customer.owner = is_key, owner
    said = {"is_key": _("yes") if is_key else _("no"), "owner": owner.name if owner else ""}
    if is_key:
        said |= {key: text.strip() for key, text in (("plan", plan), ("chain", chain)) if text.strip()}
    facts.keep(customer, said, source=Fact.Source.SERVICE, by=by, now=now)
    changed(customer, now)
    after = {"is_key": is_key, "owner": customer.owner_id}
    trail.record("customers.key", subject=customer, by=by, at=now, before=before, after=after)
