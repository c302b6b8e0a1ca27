"""Who may see and do what with bills: the powers over the customer's credit, of which they are a part."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from zhike.customers.credit import access as credit
from zhike.customers.models import Charge, Customer
from zhike.people.access import may, scope_of
from zhike.people.models import User

from . import queries

SEE, KEEP, REMIT = credit.SEE, credit.SURVEY, credit.OVERRIDE
customer_for = credit.customer_for


@dataclass(frozen=True)
class MayCharge:
    keep: bool  # write bills, payments, reminders
    remit: bool


def may_do(user: User, customer: Customer) -> MayCharge:
    return MayCharge(may(user, KEEP, customer.unit_id), may(user, REMIT, customer.unit_id))


def charge_for(user: User, pk: int, *, to: str = KEEP) -> Charge:
    """The bill, for somebody who sees the tenant's credit and may do this."""
    row = queries.charges(scope_of(user, SEE)).filter(pk=pk).first()
    if row is None:
        raise Http404
    customer_for(user, row.sale.customer_id, to=to)
    return row
