"""The value of customers: what they spend, what is expected of them, whom they brought."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from zhike.customers.grading import actions
from zhike.customers.grading.lifetime import Buying, Spending, TooFew, fit_buying, fit_spending
from zhike.customers.models import Customer, Link, Profile, Sale
from zhike.people.tests.factories import MONDAY

from .factories import a_customer

TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


def sold(customer, days_ago: int, amount="100", discount="0", **more) -> Sale:
    return Sale.objects.create(
        customer=customer,
        on=TODAY - days_ago * DAY,
        product="滤芯",
        amount=Decimal(amount),
        discount=Decimal(discount),
        **more,
    )


# --- the model, against what its authors print


@pytest.mark.rule("R003-06", "S003-03")
def test_the_example_of_the_paper_comes_out():
    buying = Buying(r=0.243, alpha=4.414, a=0.793, b=2.426)
    customer = np.array([2.0]), np.array([30.43]), np.array([38.86])

    assert round(float(buying.orders(39, *customer)[0]), 3) == 1.226
    assert round(float(buying.alive(*customer)[0]), 4) == 0.7266


def test_who_has_not_come_back_counts_as_not_having_left():
    buying = Buying(r=0.243, alpha=4.414, a=0.793, b=2.426)

    assert buying.alive(np.array([0.0]), np.array([0.0]), np.array([38.86])).tolist() == [1.0]


def test_parameters_are_found_again_from_customers_drawn_by_them():
    drawn = np.random.default_rng(7)
    repeats, last, age = [], [], []
    for _ in range(4000):
        rate, leave, span = drawn.gamma(0.8) / 6.0, drawn.beta(1.2, 3.0), drawn.uniform(40, 80)
        clock, count, latest = 0.0, 0, 0.0
        while True:
            clock += drawn.exponential(1 / max(rate, 1e-9))
            if clock > span:
                break
            count, latest = count + 1, clock
            if drawn.random() < leave:
                break
        repeats.append(count), last.append(latest), age.append(span)

    found = fit_buying(np.array(repeats, dtype=float), np.array(last), np.array(age))

    assert found.r == pytest.approx(0.8, rel=0.15)
    assert found.r / found.alpha == pytest.approx(0.8 / 6.0, rel=0.15)
    assert found.a / (found.a + found.b) == pytest.approx(1.2 / 4.2, rel=0.2)


def test_amounts_are_drawn_towards_what_customers_usually_spend():
    spending = Spending(p=6.25, q=3.74, gamma=15.44)
    usual = 6.25 * 15.44 / 2.74

    never, once, often = spending.mean(np.array([0.0, 1.0, 50.0]), np.array([0.0, 100.0, 100.0]))

    assert never == pytest.approx(usual)
    assert usual < once < often < 100


def test_too_few_customers_are_not_estimated():
    few = np.ones(29)
    with pytest.raises(TooFew):
        fit_buying(few, few, few * 2)
    with pytest.raises(TooFew):
        fit_spending(few, few)


# --- counting


@pytest.mark.django_db
@pytest.mark.rule("R003-06", "R003-07", "FM002-27")
def test_the_ledger_is_counted_by_customer(cast):
    customer = a_customer(cast.south, cast.specialist)
    sold(customer, 400, "1000")
    sold(customer, 365, "70")
    sold(customer, 364, "500", "50", number="D-1")
    sold(customer, 10, "300", number="D-2", model="大")
    sold(customer, 10, "200", number="D-2", model="小")
    sold(customer, -1, "9999")

    assert actions.value_all(unit=cast.mall, now=MONDAY).customers == 1

    profile = Profile.objects.get(customer=customer)
    assert (profile.spend, profile.orders) == (Decimal(950), 2)
    assert (profile.total_spend, profile.total_orders) == (Decimal(2020), 4)
    assert (profile.first_order_on, profile.last_order_on) == (TODAY - 400 * DAY, TODAY - 10 * DAY)
    assert (profile.silent_days, profile.valued_on) == (10, TODAY)
    assert (profile.alive, profile.expected_spend) == (None, None)


@pytest.mark.django_db
def test_figures_brought_in_from_a_file_stay_where_there_is_no_ledger(cast):
    customer = a_customer(cast.south, cast.specialist)
    Profile.objects.create(customer=customer, spend=500, total_orders=3, last_order_on=TODAY - 40 * DAY)

    actions.value_all(unit=cast.mall, now=MONDAY)

    profile = Profile.objects.get(customer=customer)
    assert (profile.spend, profile.total_orders, profile.silent_days) == (Decimal(500), 3, 40)


@pytest.mark.django_db
@pytest.mark.rule("R003-06", "P003-03")
def test_word_of_mouth_is_counted_over_the_link_of_the_introducer(cast):
    first = a_customer(cast.south, cast.specialist, "甲", "13800005671")
    second = a_customer(cast.south, cast.specialist, "乙", "13800005672")
    third = a_customer(cast.south, cast.specialist, "丙", "13800005673")
    by = cast.specialist.party
    Link.objects.create(customer=second, other=first, kind="INTRODUCED", at=MONDAY, by=by)
    gone = Link.objects.create(customer=third, other=first, kind="INTRODUCED", at=MONDAY, by=by)
    sold(second, 5, "800")
    actions.value_all(unit=cast.mall, now=MONDAY)
    assert Profile.objects.get(customer=first).referrals == 2

    Link.objects.filter(pk=gone.pk).update(until=TODAY)
    actions.value_all(unit=cast.mall, now=MONDAY)

    profile = Profile.objects.get(customer=first)
    assert (profile.referrals, profile.referred_spend) == (1, Decimal(800))


@pytest.mark.django_db
@pytest.mark.rule("R003-06")
def test_with_enough_customers_the_coming_year_is_forecast(cast):
    lately, long_ago = [], []
    for n in range(40):
        one = a_customer(cast.south, cast.specialist, f"客户{n}", f"139{n:08}")
        for days in range(20 if n % 2 else 220, 400, 30 + n):
            sold(one, days, str(100 + n))
        (lately if n % 2 else long_ago).append(one.pk)

    found = actions.value_all(unit=cast.mall, now=MONDAY)

    assert found.forecast == Customer.objects.count() == 40
    assert set(found.buying) == {"r", "alpha", "a", "b"}
    mean = {
        name: np.mean([float(p.alive) for p in Profile.objects.filter(pk__in=keys)])
        for name, keys in (("lately", lately), ("long ago", long_ago))
    }
    assert mean["lately"] > mean["long ago"]
    assert all(p.expected_spend >= 0 for p in Profile.objects.all())
