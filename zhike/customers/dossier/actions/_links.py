"""How one customer stands to another: introduced by, a customer of, belonging to, related."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect
from zhike.customers.dossier.models import Link
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars

from ._common import changed, one_line


class CannotLink(CannotCorrect):
    """The two were not linked; the message is one sentence."""


@transaction.atomic
def link(
    *,
    customer: Customer,
    other: Customer,
    kind: str,
    by: Party | None,
    now: dt.datetime,
    since: dt.date | None = None,
    business: str = "",
    amount: Decimal | None = None,
    note: str = "",
) -> Link:
    """Say that `customer` is … of `other`. Only an intermediate customer has customers of its own (T000-03).

    Raises CannotLink.
    """
    if customer.pk == other.pk:
        raise CannotLink(_("A customer is not linked to itself."))
    if kind == Link.Kind.BUYS_FROM and other.position != Customer.Position.INTERMEDIATE:
        raise CannotLink(
            _("%(name)s is not an intermediate customer, so it has no customers of its own on file.")
            % {"name": other.name}
        )
    back = Link.objects.filter(customer=other, other=customer, kind=kind, until=None)
    if kind != Link.Kind.RELATED and back.exists():
        raise CannotLink(_("The other file says the same the other way round."))
    try:
        with transaction.atomic():
            row = Link.objects.create(
                customer=customer,
                other=other,
                kind=kind,
                since=since,
                business=one_line(business)[:200],
                amount=amount,
                note=one_line(note)[:200],
                at=now,
                by=by,
            )
    except IntegrityError as twice:
        if kind == Link.Kind.INTRODUCED:
            raise CannotLink(_("The file names somebody who introduced the customer already.")) from twice
        raise CannotLink(_("The two are linked so already.")) from twice
    for one in (customer, other):
        changed(one, now)
    after = {"kind": kind, "other": other.pk}
    trail.record("customers.linked", subject=customer, by=by, at=now, after=after)
    return row


@transaction.atomic
def end_link(*, link: Link, by: Party, now: dt.datetime) -> None:
    """They are not linked any more; that they were stays. Raises CannotLink."""
    day = calendars.local_day(now, link.customer.unit_id)
    if not Link.objects.filter(pk=link.pk, until=None).update(until=day):
        raise CannotLink(_("The link has ended already."))
    changed(link.customer, now)
    before = {"kind": link.kind, "other": link.other_id}
    trail.record("customers.unlinked", subject=link.customer, by=by, at=now, before=before)
