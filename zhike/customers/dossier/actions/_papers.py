"""Numbers by which others know the customer: checked, encrypted, masked, revealed with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.actions import CannotCorrect
from zhike.customers.dossier import facts, numbers
from zhike.customers.dossier.models import Fact, Identifier
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.secret import blind_index

from ._common import changed, one_line, reason_of, sealed


class CannotIdentify(CannotCorrect):
    """No such number, or the file has it already; the message is one sentence."""


@transaction.atomic
def add_identifier(
    *,
    customer: Customer,
    kind: str,
    number: str,
    by: Party | None,
    now: dt.datetime,
    issuer: str = "",
    source: str = Fact.Source.ENQUIRY,
) -> Identifier:
    """Put a number on the file. Raises CannotIdentify with what is wrong with it."""
    if kind not in Identifier.Kind.values:
        raise CannotIdentify(_("Say what kind of number it is."))
    try:
        plain = numbers.normal(kind, number)
    except numbers.BadNumber as bad:
        raise CannotIdentify(str(bad)) from None
    row = Identifier(
        customer=customer,
        kind=kind,
        issuer=one_line(issuer)[:80],
        number=plain,
        index=blind_index(plain),
        masked=numbers.masked(kind, plain),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as twice:
        raise CannotIdentify(
            _("The file has the number %(number)s already.") % {"number": row.masked}
        ) from twice
    facts.keep(customer, {_field(row): row.masked}, source=source, by=by, now=now)
    changed(customer, now)
    after = {"kind": kind, "number": sealed(customer, plain)}
    trail.record("customers.identifier_added", subject=customer, by=by, at=now, after=after)
    return row


@transaction.atomic
def remove_identifier(*, identifier: Identifier, by: Party, now: dt.datetime) -> None:
    """Take a number off the file; that it stood there stays in the history."""
    customer, field = identifier.customer, _field(identifier)
    before = {"kind": identifier.kind, "number": sealed(customer, identifier.number)}
    if not Identifier.objects.filter(pk=identifier.pk).delete()[0]:
        return
    facts.keep(customer, {field: ""}, source=Fact.Source.OTHER, by=by, now=now)
    changed(customer, now)
    trail.record("customers.identifier_removed", subject=customer, by=by, at=now, before=before)


@transaction.atomic
def reveal_identifier(*, identifier: Identifier, reason: str, by: Party, now: dt.datetime) -> str:
    """The full number, for a reason that stands in the trail. Raises NoReason."""
    after = {"identifier": identifier.pk, "masked": identifier.masked, "reason": reason_of(reason)}
    trail.record("customers.identifier_revealed", subject=identifier.customer, by=by, at=now, after=after)
    return str(identifier.number)


def _field(row: Identifier) -> str:
    return f"identifier.{row.pk}"
