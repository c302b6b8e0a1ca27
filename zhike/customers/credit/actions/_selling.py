"""Sales on account: never above the limit, unless somebody with the power says why (R002-176)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.customers.credit import queries
from zhike.customers.credit.access import OVERRIDE
from zhike.customers.models import CreditRating, Customer, Sale
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.people.access import holds

from ._common import CannotCredit


class CannotSellOnAccount(CannotCredit):
    """The credit of the customer does not carry this sale."""


def refusal(customer: Customer, amount: Decimal, today: dt.date) -> str:
    """Why nothing may be sold on account for this amount; "" where it may. Exactly the limit is allowed."""
    rating = queries.current(customer)
    if rating is None:
        return _("The customer has no credit rating, so nothing is sold on account.")
    if rating.valid_to is not None and rating.valid_to < today:
        return _("The credit rating ran out on %(day)s; it has to be reviewed first.") % {
            "day": rating.valid_to
        }
    if queries.stopped(customer) is not None:
        return _("Sales on account to this customer are stopped for the present.")
    if not rating.sells_on_account:
        return _("The payment method of the rating is not on account.")
    if rating.needs_guarantee and not rating.is_guaranteed:
        return _("The rating asks for a guarantee that was not given yet.")
    if rating.is_guaranteed and rating.guarantee_until is not None and rating.guarantee_until < today:
        return _("The guarantee ran out on %(day)s.") % {"day": rating.guarantee_until}
    after = queries.open_balance(customer) + amount
    if after > rating.limit:
        said = {"owed": f"{after:,.2f}", "limit": f"{rating.limit:,.2f}"}
        return _("With this sale %(owed)s yuan would be owed; the credit limit is %(limit)s yuan.") % said
    return ""


def check_sale(*, customer: Customer, amount: Decimal, by: Party, now: dt.datetime, reason: str = "") -> None:
    """The guard before a sale on account is written. Call it inside the transaction of the sale.

    A reason from somebody with the power to override lets the sale through and stands in the trail.
    Raises CannotSellOnAccount.
    """
    _one_at_a_time(customer)
    why = refusal(customer, amount, calendars.local_day(now, customer.unit_id))
    if not why:
        return
    if not reason.strip():
        raise CannotSellOnAccount(why)
    if not holds(by, OVERRIDE, customer.unit_id, now=now):
        raise CannotSellOnAccount(
            _("%(why)s Only who has the power to override may sell all the same.") % {"why": why}
        )
    trail.record(
        "customers.credit_overridden",
        subject=customer,
        by=by,
        at=now,
        after={"amount": amount, "why": why, "reason": reason.strip()[:400]},
    )


def _one_at_a_time(customer: Customer) -> None:
    """Two sales at the same moment wait for each other on the row of the rating, so both count."""
    CreditRating.objects.filter(customer=customer, until=None).update(revision=F("revision") + 1)


@transaction.atomic
def sell_on_account(
    *,
    customer: Customer,
    product: str,
    amount: Decimal,
    due_on: dt.date,
    by: Party,
    now: dt.datetime,
    number: str = "",
    reason: str = "",
) -> Sale:
    """Enter a sale that is paid later. Raises CannotSellOnAccount, CannotCredit."""
    today = calendars.local_day(now, customer.unit_id)
    if amount <= 0:
        raise CannotCredit(_("The amount is more than zero."))
    if due_on < today:
        raise CannotCredit(_("The day of payment is not before the sale."))
    check_sale(customer=customer, amount=amount, by=by, now=now, reason=reason)
    if number and Sale.objects.filter(customer=customer, number=number, product=product, model="").exists():
        raise CannotCredit(_("This line of order %(number)s is entered already.") % {"number": number})
    sale = Sale.objects.create(
        customer=customer, on=today, number=number, product=product, amount=amount, due_on=due_on
    )
    trail.record(
        "customers.sold_on_account",
        subject=customer,
        by=by,
        at=now,
        after={"sale": sale.pk, "amount": amount, "due_on": due_on},
    )
    return sale


@transaction.atomic
def collect(*, sale: Sale, amount: Decimal, by: Party, now: dt.datetime) -> Sale:
    """Enter what was paid on a sale. Raises CannotCredit for more than is owed."""
    owed = sale.amount - sale.discount - sale.collected
    if amount <= 0 or amount > owed:
        raise CannotCredit(_("%(owed)s yuan are still owed on this sale.") % {"owed": f"{owed:,.2f}"})
    rows = Sale.objects.filter(pk=sale.pk, collected=sale.collected)
    if not rows.update(collected=F("collected") + amount):
        raise CannotCredit(_("Somebody else has entered a payment meanwhile. Reload and look again."))
    sale.refresh_from_db()
    trail.record(
        "customers.payment_collected",
        subject=sale.customer,
        by=by,
        at=now,
        after={"sale": sale.pk, "amount": amount},
    )
    return sale
