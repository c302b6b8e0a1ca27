"""What customers are worth, counted from the ledger of sales: now, in the coming year, and by word of mouth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from zhike.customers.models import Customer, Link, Profile, Sale
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import tree
from zhike.kernel.worktime import calendars

from ._mass import Tell

YEAR, WEEK = 365, 7
CHUNK = 2000


@dataclass
class Valued:
    """How many customers were counted, and the parameters of the forecast; none where too few came back."""

    customers: int = 0
    forecast: int = 0
    buying: dict[str, float] | None = None
    spending: dict[str, float] | None = None


def value_all(
    *, unit: Unit, now: dt.datetime, by: Party | None = None, tell: Tell = lambda percent: None
) -> Valued:
    """The figures of every customer at a unit and below, from their sales up to today. One transaction, one audit row."""
    today = calendars.local_day(now, unit.pk)
    units = sorted(tree().below(unit.pk))
    with transaction.atomic():
        found = Valued(customers=_count_sales(units, today))
        tell(40)
        _count_referrals(units)
        tell(55)
        _forecast(units, today, found)
        tell(100)
        after = {"customers": found.customers, "forecast": found.forecast}
        trail.record("customers.valued", subject=unit, by=by, at=now, after=after)
    return found


def _sales(units: list[int], today: dt.date) -> QuerySet[Sale]:
    return Sale.objects.filter(customer__unit__in=units, on__lte=today).order_by()


COUNT = """
UPDATE customers_profile SET spend = s.spend, orders = s.orders, total_spend = s.total, total_orders = s.all_orders,
       first_order_on = s.first_on, last_order_on = s.last_on, valued_on = %s
  FROM ({source}) s WHERE s.customer_id = customers_profile.customer_id
"""


def _count_sales(units: list[int], today: dt.date) -> int:
    """Amounts are after discount; an order is a day on which the customer bought."""
    bare = Customer.objects.filter(unit__in=units, profile=None, sales__isnull=False)
    fresh = [Profile(customer_id=pk) for pk in bare.order_by().values_list("pk", flat=True).distinct()]
    Profile.objects.bulk_create(fresh, batch_size=CHUNK, ignore_conflicts=True)
    lately = Q(on__gt=today - dt.timedelta(days=YEAR))
    net = F("amount") - F("discount")
    source = (
        _sales(units, today)
        .values("customer_id")
        .annotate(
            spend=Sum(net, filter=lately, default=0),
            orders=Count("on", filter=lately, distinct=True),
            total=Sum(net),
            all_orders=Count("on", distinct=True),
            first_on=Min("on"),
            last_on=Max("on"),
        )
    )
    text, given = source.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(source=text), (connection.ops.adapt_datefield_value(today), *given))
        counted = int(cursor.rowcount)
    _count_silence(units, today)
    return counted


def _count_silence(units: list[int], today: dt.date) -> None:
    """Days since the last order, for every customer who has one, from the ledger or from a file."""
    days = (
        "%s - last_order_on"
        if connection.vendor == "postgresql"
        else "julianday(%s) - julianday(last_order_on)"
    )
    here = Profile.objects.filter(customer__unit__in=units, last_order_on__lte=today).order_by().values("pk")
    text, given = here.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE customers_profile SET silent_days = CAST({days} AS integer) WHERE customer_id IN ({text})",
            (today if connection.vendor == "postgresql" else today.isoformat(), *given),
        )


def _count_referrals(units: list[int]) -> None:
    """Who came through whom (R003-06): the link of the introducer, and what the introduced have spent so far."""
    Profile.objects.filter(customer__unit__in=units, referrals__gt=0).update(referrals=0, referred_spend=0)
    rows = (
        Link.objects.filter(kind=Link.Kind.INTRODUCED, until=None, other__unit__in=units)
        .order_by()
        .values("other_id")
        .annotate(n=Count("pk"), spent=Sum("customer__profile__total_spend", default=0))
    )
    for row in rows.iterator():
        Profile.objects.update_or_create(
            customer_id=row["other_id"], defaults={"referrals": row["n"], "referred_spend": row["spent"]}
        )


def _forecast(units: list[int], today: dt.date, found: Valued) -> None:
    """The chance of buying again and the amount expected in the coming year."""
    import numpy as np  # here, so that the web process does without it

    from zhike.customers.grading import lifetime

    columns = ("pk", "total_orders", "first_order_on", "last_order_on", "total_spend")
    rows = Profile.objects.filter(customer__unit__in=units, total_orders__gt=0, first_order_on__lte=today)
    read = list(rows.order_by("pk").values_list(*columns))
    if not read:
        return
    repeats = np.array([float(orders - 1) for _pk, orders, *_ in read])
    last = np.array([(row[3] - row[2]).days / WEEK for row in read])
    age = np.array([(today - row[2]).days / WEEK for row in read])
    average = np.array([max(float(row[4]), 0.0) / row[1] for row in read])
    try:
        buying, spending = lifetime.fit_buying(repeats, last, age), lifetime.fit_spending(repeats, average)
    except lifetime.TooFew:
        Profile.objects.filter(customer__unit__in=units).update(alive=None, expected_spend=None)
        return
    found.buying, found.spending = dict(vars(buying)), dict(vars(spending))
    alive = buying.alive(repeats, last, age)
    orders = buying.orders(YEAR / WEEK, repeats, last, age)
    amount = np.nan_to_num(orders * spending.mean(repeats, average))
    _keep([row[0] for row in read], alive, amount)
    found.forecast = len(read)


def _keep(keys: list[Any], alive: Any, amount: Any) -> None:
    for start in range(0, len(keys), CHUNK):
        part = slice(start, start + CHUNK)
        Profile.objects.bulk_update(
            [
                Profile(pk=key, alive=Decimal(f"{chance:.3f}"), expected_spend=Decimal(f"{worth:.2f}"))
                for key, chance, worth in zip(keys[part], alive[part], amount[part], strict=True)
            ],
            ["alive", "expected_spend"],
        )
