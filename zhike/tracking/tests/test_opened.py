"""Every number of the supervisor's page opens into exactly its rows; the queue of the day; what privacy requests find."""

import datetime as dt
import html
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.contacts import actions as contacts
from zhike.customers.models import Profile
from zhike.customers.privacy import holdings
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.tallies import figures
from zhike.kernel.tallies.figures import Question, Ratio
from zhike.people.tests.factories import MONDAY
from zhike.tracking import actions, queries, statistics, tallying
from zhike.tracking.models import Activity, JournalEntry, Moment

from .factories import DAY, a_customer, a_plan
from .test_views import of_march

NOW = MONDAY + 9 * DAY
NUMBER = re.compile(r'<a[^>]*href="([^"]+)"[^>]*>([\d,]+)</a>')


@pytest.fixture
def week(cast):
    """Contacts in time, late and overdue, a grade that moved, an activity, a greeting made and one left out."""
    given = {"by": cast.specialist.party, "way": "PHONE", "reason": "面谈"}
    on_time = a_plan(cast, a_customer(cast, name="准时", grade="B", phone="13900008880"), now=MONDAY)
    late = a_plan(cast, a_customer(cast, name="迟到", grade="B", phone="13900008881"), now=MONDAY)
    a_plan(cast, a_customer(cast, name="逾期", grade="B", phone="13900008882"), now=MONDAY, region="")
    a_plan(cast, a_customer(cast, name="等候", grade="C", phone="13900008883"), now=NOW - DAY)
    actions.enter(customer=on_time.customer, grade="C", now=MONDAY + 5 * DAY, **given)
    actions.enter(customer=late.customer, grade="B", now=NOW - DAY / 24, feedback="好", **given)
    contacts.record(customer=late.customer, way="PHONE", by=cast.specialist.party, now=NOW, is_incoming=True)
    contacts.record(customer=late.customer, way="VISIT", by=cast.specialist.party, now=NOW - DAY)
    for place, kind in enumerate(("MATCH", "GIFT", "TRIAL")):
        Activity.objects.create(
            number=f"KQ-{place}", unit=cast.south, title="球赛", strategy=1, kind=kind, on=dt.date(2026, 3, 5), budget=1, cost=500,
            heads=20, effect="好", state="HELD", at=NOW, by=cast.specialist.party, feedback="好" if place else "",
        )  # fmt: skip
    for place, customer in enumerate((on_time.customer, late.customer)):
        row = actions.moment(
            customer=customer, kind="DEAL", occasion="首单", key=f"DEAL:{place}", now=NOW - 2 * DAY
        )
        if place:
            actions.leave_out(moment=row, why="出差", by=cast.specialist.party, now=NOW - DAY)
        else:
            actions.reach(moment=row, way="PHONE", reply="", by=cast.specialist.party, now=NOW - DAY)
    Profile.objects.filter(customer=late.customer).update(
        first_order_on=dt.date(2025, 1, 1), last_order_on=dt.date(2025, 8, 1)
    )
    actions.look_for_churn(now=NOW)
    with clock.at(NOW):
        yield on_time, late


@pytest.fixture
def lead(cast):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(cast.users["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows_of(client, href):
    page = client.get(href)
    assert page.status_code == 200, href
    return page.context["listing"].number


@pytest.mark.rule("P000-02", "P001-17", "P003-08", "P000-07", "ST002-54", "ST002-59")
def test_every_number_opens_into_exactly_its_rows(week, lead):
    page = lead.get(reverse("tracking:overview")).content.decode()
    shown = {}
    for href, number in NUMBER.findall(page[page.index("<main") :]):
        shown.setdefault(html.unescape(href), set()).add(int(number.replace(",", "")))

    assert len(shown) > 25
    names = {href.partition("?")[0] for href in shown}
    assert names == {
        reverse(name)
        for name in ("tracking:owed", "tracking:customers", "tracking:journal", "tracking:moments", "tracking:activities", "tracking:churn", "customers:contacts")
    }  # fmt: skip
    wrong = {
        href: (numbers, rows_of(lead, href))
        for href, numbers in shown.items()
        if rows_of(lead, href) not in numbers
    }
    assert wrong == {}


def test_bars_open_into_their_rows(week, lead):
    context = lead.get(reverse("tracking:overview")).context
    for picture in (context["weeks"], context["cover"]):
        for part in picture["series"]:
            for number, href in zip(part["values"], part["links"], strict=True):
                if number or href == part["links"][-1]:
                    assert rows_of(lead, href) == number, href


@pytest.mark.rule("ST002-54", "ST002-59")
def test_statistics_of_the_register_are_declared_figures(week, lead):
    declared = {one.source for one in figures.figures("tracking.")}
    asked = Question(EVERYTHING, of_march())

    assert declared == {"P000-02", "ST002-54", "ST002-59"}
    assert figures.read("tracking.lost", asked).number == Ratio(1, 1)
    assert rows_of(lead, figures.figure("tracking.lost").url(asked)) == 1
    assert figures.figure("tracking.gifts_cost").number(asked) == Decimal(500)
    for one in figures.figures("tracking."):
        if one.rows is not None:
            assert rows_of(lead, one.url(asked)) == one.number(asked), one.key
    assert {one.key: (one.number, one.feedback) for one in statistics.efforts(asked)} == {
        "ROUNDS": (1, 0),
        "CALLS": (3, 1),
        "GIFTS": (1, 1),
        "EVENTS": (1, 0),
        "TRIALS": (1, 1),
    }


def test_a_clock_that_stands_makes_nothing_overdue(cast):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    actions.rest(plan=plan, reason="装修", by=cast.specialist.party, now=MONDAY + DAY)

    assert tallying.totals(EVERYTHING, of_march(), MONDAY + 20 * DAY).overdue == 0


# --- the queue of the day


def test_the_next_customer_is_neither_the_one_just_met_nor_one_put_off_today(cast, lead):
    plans = [
        a_plan(
            cast, a_customer(cast, name=name, grade="B", phone=f"1390000888{n}"), now=MONDAY - (9 - n) * DAY
        )
        for n, name in enumerate("甲乙丙")
    ]
    client = Client()
    client.force_login(cast.users["specialist"], backend="django.contrib.auth.backends.ModelBackend")

    def after(plan=None):
        return client.get(reverse("tracking:next"), {"after": plan.pk} if plan else {}).url

    def work(plan):
        return reverse("tracking:work", args=[plan.pk])

    assert [after(), *map(after, plans)] == [work(plans[0]), work(plans[1]), work(plans[2]), work(plans[0])]
    answer = client.post(reverse("tracking:explain", args=[plans[0].pk]) + "?onward=1", {"reason": "在开会"})
    assert client.get(answer.url).url == work(plans[1])
    # an entry with a telephone call leaves the visit owed, and yet the customer has been met today
    actions.enter(
        customer=plans[1].customer,
        grade="B",
        by=cast.specialist.party,
        now=MONDAY,
        way="LETTER",
        reason="面谈",
    )
    assert after(plans[1]) == work(plans[2])
    assert client.get(work(plans[2])).context["left"] == 1
    morrow = queries.waiting(EVERYTHING, since=MONDAY + DAY)
    assert set(morrow.values_list("customer", flat=True)) == {plan.pk for plan in plans}


def test_another_person_takes_over_greetings_too(cast):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    actions.moment(customer=plan.customer, kind="DEAL", occasion="首单", key="DEAL:1", now=MONDAY)

    a_plan(cast, plan.customer, owner=cast.supervisor.party)

    assert set(Duty.objects.open().values_list("owner", flat=True)) == {cast.supervisor.party.pk}


# --- privacy


@pytest.mark.rule("S003-10")
def test_a_person_is_told_the_journal_and_taken_out_of_it(cast):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    given = {"by": cast.specialist.party, "now": MONDAY, "way": "PHONE", "reason": "面谈"}
    actions.enter(customer=plan.customer, grade="B", progress="已报价", next_step="周五再谈", **given)
    actions.moment(customer=plan.customer, kind="DEAL", occasion="李明的首单", key="DEAL:1", now=MONDAY)
    mine = next(one for one in holdings.all_holdings() if one.key == "tracking")

    ((group, rows),) = mine.gather(plan.customer)
    assert (group, rows[0]["progress"], rows[0]["next_step"]) == (
        "tracking.JournalEntry",
        "已报价",
        "周五再谈",
    )
    assert mine.blocks(plan.customer, MONDAY) == ""

    assert mine.erase(plan.customer, frozenset({"李明"}), MONDAY) == 1
    entry = JournalEntry.objects.get()
    assert (entry.progress, entry.next_step, entry.grade_after) == ("", "", "B")
    assert "李明" not in Moment.objects.get().occasion
    assert list(mine.gather(plan.customer)) == []
