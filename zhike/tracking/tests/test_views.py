"""The relation specialist's day in the browser, the supervisor's page, the forms that print."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.contacts import actions as contacts
from zhike.customers.models import Interaction, Promise
from zhike.customers.tests.care import interviewer
from zhike.kernel.tallies.figures import Question, Ratio
from zhike.people.models import PostPower
from zhike.people.tests.factories import MONDAY
from zhike.tracking import actions, statistics, tallying
from zhike.tracking.models import Activity, JournalEntry, Moment, Plan

from .factories import DAY, a_customer, a_plan

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def as_(cast):
    def signed_in(role: str) -> Client:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(cast.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


ENTRY = {"way": "PHONE", "content": "问备件", "grade": "B", "reason": "面谈", "progress": "已报价"}


@pytest.mark.rule("R001-133", "R003-10")
def test_the_day_of_a_relation_specialist(cast, as_):
    """The list, the most urgent first; the entry with the grade; the next date; the next customer."""
    first = a_plan(cast, a_customer(cast, name="急客", grade="A"))
    second = a_plan(cast, a_customer(cast, name="缓客", grade="D", phone="13900007777"))
    client = as_("specialist")

    page = client.get(reverse("tracking:due"), {"view": "-"}).content.decode()
    assert page.index("急客") < page.index("缓客")
    following = client.get(reverse("tracking:next"))
    assert following.url == reverse("tracking:work", args=[first.pk])
    work = client.get(following.url).content.decode()
    assert "2026-03-10" in work  # the next date that grade A would set
    assert "2026-03-16" in work  # and grade B

    refused = client.post(following.url, ENTRY | {"grade": ""})
    assert "no entry is saved without it" in refused.content.decode()
    assert JournalEntry.objects.count() == 0

    saved = client.post(following.url, ENTRY | {"next": "1"})
    assert saved.url == f"{reverse('tracking:next')}?after={first.pk}"
    assert JournalEntry.objects.get().grade_after == "B"
    assert client.get(saved.url).url == reverse("tracking:work", args=[second.pk])


def test_the_entry_in_a_dialog_and_as_a_page(cast, as_):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    client, address = as_("specialist"), reverse("tracking:enter", args=[plan.pk])

    dialog = client.get(address, **HTMX).content.decode()
    assert "<html" not in dialog
    assert 'name="grade"' in dialog
    assert (
        "Confirm or change the grade" in client.post(address, ENTRY | {"grade": ""}, **HTMX).content.decode()
    )
    assert client.post(address, ENTRY).status_code == 302
    assert Interaction.objects.get().by == cast.specialist.party


def test_a_call_is_one_tap_and_stands_in_the_log(cast, as_):
    from zhike.kernel.audit.models import Entry

    plan = a_plan(cast, a_customer(cast, phone="13800005678"))
    phone = plan.customer.phones.get()

    answer = as_("specialist").get(reverse("tracking:call", args=[plan.pk, phone.pk]))

    assert (answer.status_code, answer["Location"]) == (302, "tel:13800005678")
    assert Entry.objects.filter(code="customers.phone_revealed").count() == 1
    assert as_("taker").get(reverse("tracking:call", args=[plan.pk, phone.pk])).status_code == 403


@pytest.mark.rule("R001-127", "R000-11", "R002-102", "R002-086")
@pytest.mark.parametrize("name", ["due", "gaps", "silent", "churn", "introductions", "moments", "activities"])
def test_each_list_opens_as_a_page_and_as_a_part(cast, as_, name):
    a_plan(cast, a_customer(cast, grade="B"))
    client = as_("supervisor")

    assert client.get(reverse(f"tracking:{name}"), {"view": "-"}).status_code == 200
    part = client.get(reverse(f"tracking:{name}"), {"view": "-"}, **HTMX, HTTP_HX_TARGET="listing")
    assert "<html" not in part.content.decode()


@pytest.mark.rule("R002-076")
def test_the_supervisor_sees_what_is_overdue_and_remarks(cast, as_):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    entry = actions.enter(
        customer=plan.customer, grade="B", by=cast.specialist.party, now=MONDAY, way="PHONE", reason="面谈"
    )
    client = as_("supervisor")

    page = client.get(reverse("tracking:overview"))
    assert page.status_code == 200
    assert page.context["fixed"]["number"] == Ratio(1, 1)
    assert [one.pk for one in page.context["remarks"]] == [entry.pk]
    assert client.post(reverse("customers:remark", args=[entry.pk]), {"text": "很好"}).status_code == 302
    assert list(client.get(reverse("tracking:overview")).context["remarks"]) == []
    assert (
        as_("specialist").post(reverse("customers:remark", args=[entry.pk]), {"text": "x"}).status_code == 403
    )


def test_a_day_that_is_none_is_said(cast, as_):
    page = as_("supervisor").get(reverse("tracking:overview"), {"day": "2026-02-30"})

    assert "2026-02-30" in page.context["problem"]


@pytest.mark.rule("R001-067", "R002-085", "R000-24")
def test_a_promise_from_the_page_to_its_end(cast, as_):
    plan = a_plan(cast)
    client = as_("specialist")
    given = {
        "text": "送备件",
        "keeper": cast.specialist.party.pk,
        "due_on": "2026-03-13",
        "depends_on": "主轴",
        "ready_on": "2026-03-13",
    }
    address = reverse("customers:make_promise", args=[plan.pk])

    late = client.post(address, given, **HTMX).content.decode()
    assert "2026-03-12" in late  # ready a day ahead, as the regulation says
    assert client.post(address, given | {"ready_on": "2026-03-12"}).status_code == 302
    row = Promise.objects.get()
    assert "送备件" in client.get(reverse("customers:promises"), {"view": "-"}).content.decode()
    assert client.get(reverse("customers:promise", args=[row.pk])).status_code == 200
    client.post(reverse("customers:end_promise", args=[row.pk]), {"state": "KEPT", "outcome": ""})
    row.refresh_from_db()
    assert row.state == "KEPT"


@pytest.mark.rule("R000-11")
def test_the_contact_plan_stands_on_the_customers_page(cast, as_):
    plan = a_plan(cast, a_customer(cast, grade="B"))

    page = as_("specialist").get(reverse("customers:detail", args=[plan.pk])).content.decode()

    assert 'id="contact-plan"' in page
    assert "Week journal" in page


@pytest.mark.rule("R002-072", "R001-134")
def test_guidance_stands_beside_the_work(cast, as_):
    plan = a_plan(cast)

    page = as_("specialist").get(reverse("tracking:work", args=[plan.pk])).content.decode()

    assert "Listened to the end" in page
    assert "Communicate well" in page


def test_a_stranger_finds_no_customer(cast, as_):
    plan = a_plan(cast)

    for name in ("work", "enter", "fix", "observe"):
        assert as_("stranger").get(reverse(f"tracking:{name}", args=[plan.pk])).status_code == 404
    assert as_("employee").get(reverse("tracking:due")).status_code == 403


# --- forms ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("FM002-09", "F000-07", "F001-37", "F001-24", "F003-07", "F000-15")
@pytest.mark.parametrize("kind", ["html", "pdf", "docx", "xlsx"])
def test_each_form_prints(cast, as_, kind):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    entry = actions.enter(
        customer=plan.customer,
        grade="B",
        by=cast.specialist.party,
        now=MONDAY,
        way="PHONE",
        reason="面谈",
        content="问备件",
    )
    promise = contacts.promise(
        customer=plan.customer,
        text="送备件",
        keeper=cast.specialist.party,
        due_at=MONDAY + DAY,
        by=cast.specialist.party,
        now=MONDAY,
    )
    actions.greet(now=dt.datetime(2026, 9, 20, tzinfo=MONDAY.tzinfo))
    activity = actions.plan_activity(
        unit=cast.south, title="友谊赛", strategy=1, kind="MATCH", on=dt.date(2026, 3, 20), budget=Decimal(1), by=cast.specialist.party, now=MONDAY,
        customers=[plan.customer],
    )  # fmt: skip
    client = as_("specialist")

    addresses = [
        *(reverse("customers:print_contact", args=[entry.pk, code, kind]) for code in ("FM002-09", "F000-07", "F001-37")),
        reverse("customers:print_promise", args=[promise.pk, kind]),
        reverse("tracking:print_moment", args=[Moment.objects.get().pk, kind]),
        reverse("tracking:print_activity", args=[activity.pk, kind]),
    ]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if kind == "html":
            assert "澜石精密" in answer.content.decode()


# --- figures -------------------------------------------------------------------------------------------------


def of_march():
    from zhike.kernel.tallies.periods import Kind, Period

    return Period.around(Kind.MONTH, dt.date(2026, 3, 9), "Asia/Shanghai")


@pytest.mark.rule("P000-02", "P001-17")
def test_due_made_late_and_overdue_by_person_area_and_journal(cast):
    from zhike.kernel.parties.scope import EVERYTHING

    on_time = a_plan(cast, a_customer(cast, name="准时", grade="B"))
    late = a_plan(cast, a_customer(cast, name="迟到", grade="B", phone="13900008881"))
    a_plan(cast, a_customer(cast, name="逾期", grade="B", phone="13900008882"), region="城南")
    given = {"grade": "B", "by": cast.specialist.party, "way": "LETTER", "reason": "面谈"}
    actions.enter(customer=on_time.customer, now=MONDAY + 3 * DAY, **given)
    actions.enter(customer=late.customer, now=MONDAY + 8 * DAY, **given)
    now = MONDAY + 9 * DAY

    journals = dict(tallying.journals(EVERYTHING, of_march(), now))
    assert (journals["WEEK"].made, journals["WEEK"].late, journals["WEEK"].overdue) == (1, 1, 1)
    areas = {
        row["customer__customer__region"]: tallying.reading(row)
        for row in tallying.by(EVERYTHING, of_march(), now, "customer__customer__region")
    }
    # telephone calls are asked for each week too
    assert (areas["城南"].overdue, areas["华东"].overdue) == (2, 2)
    owners = tallying.by(EVERYTHING, of_march(), now, "owner", "owner__name")
    assert [row["owner"] for row in owners] == [cast.specialist.party.pk]
    assert tallying.coverage(EVERYTHING).percent == 100
    assert dict(tallying.grades(EVERYTHING)) == {"B": 3}
    weeks = tallying.weeks(EVERYTHING, now, "Asia/Shanghai")
    assert len(weeks) == 12
    assert sum(one.late for _day, one in weeks) == 1


@pytest.mark.rule("P001-17")
def test_moves_between_grades(cast):
    from zhike.kernel.parties.scope import EVERYTHING

    plan = a_plan(cast, a_customer(cast, grade="D"))
    actions.enter(
        customer=plan.customer, grade="B", by=cast.specialist.party, now=MONDAY, way="PHONE", reason="面谈"
    )
    actions.enter(
        customer=plan.customer,
        grade="B",
        by=cast.specialist.party,
        now=MONDAY + DAY,
        way="PHONE",
        reason="面谈",
    )

    assert tallying.moves(EVERYTHING, of_march()) == [("D", "B", 1)]


@pytest.mark.rule("P003-08")
def test_key_moments_due_done_and_late(cast):
    from zhike.kernel.parties.scope import EVERYTHING
    from zhike.kernel.tallies.periods import Kind, Period

    for n in range(3):
        a_plan(cast, a_customer(cast, name=f"客户{n}", phone=f"1390000999{n}"))
    actions.greet(now=dt.datetime(2026, 9, 20, tzinfo=MONDAY.tzinfo))
    rows = list(Moment.objects.order_by("pk"))
    actions.reach(moment=rows[0], way="PHONE", reply="", by=cast.specialist.party, now=rows[0].due_at)
    actions.reach(moment=rows[1], way="PHONE", reply="", by=cast.specialist.party, now=rows[1].due_at + DAY)

    period = Period.around(Kind.MONTH, dt.date(2026, 9, 1), "Asia/Shanghai")
    found = dict(tallying.moments(EVERYTHING, period, rows[2].due_at + DAY))
    assert found["FESTIVAL"] == tallying.Owed(due=3, made=1, late=1, overdue=1)


@pytest.mark.rule("P000-07", "ST002-59", "ST002-54")
def test_activities_by_strategy_efforts_and_losses(cast):
    from zhike.customers.models import Profile
    from zhike.kernel.parties.scope import EVERYTHING

    plan = a_plan(cast)
    Activity.objects.create(
        number="KQ-1", unit=cast.south, title="球赛", strategy=1, kind="MATCH", on=dt.date(2026, 3, 5), budget=1, cost=500, heads=20,
        effect="好", introductions=2, business=900, state="HELD", at=MONDAY, by=cast.specialist.party,
    )  # fmt: skip
    contacts.record(customer=plan.customer, way="VISIT", by=cast.specialist.party, now=MONDAY, feedback="好")
    contacts.record(customer=plan.customer, way="PHONE", by=cast.specialist.party, now=MONDAY)
    Profile.objects.filter(customer=plan.customer).update(
        first_order_on=dt.date(2025, 1, 1), last_order_on=dt.date(2025, 10, 2)
    )

    strategies = tallying.strategies(EVERYTHING, of_march())
    assert len(strategies) == 8
    assert (strategies[0].number, strategies[0].cost, strategies[0].heads, strategies[0].introductions) == (
        1,
        500,
        20,
        2,
    )
    efforts = {
        one.key: (one.number, one.cost, one.feedback)
        for one in statistics.efforts(Question(EVERYTHING, of_march()))
    }
    assert efforts == {
        "ROUNDS": (1, 0, 1),
        "CALLS": (1, 0, 0),
        "GIFTS": (0, 0, 0),
        "EVENTS": (1, 500, 0),
        "TRIALS": (0, 0, 0),
    }
    # the period ends on 1 April; 180 days before is 3 October
    assert statistics.LOST.number(Question(EVERYTHING, of_march())).percent == 100
    Profile.objects.filter(customer=plan.customer).update(last_order_on=dt.date(2025, 10, 3))
    assert statistics.LOST.number(Question(EVERYTHING, of_march())).percent == 0
    assert Plan.objects.count() == 1


def test_who_only_sees_a_customer_is_offered_no_verb_and_enters_nothing(cast, client):
    plan = a_plan(cast, a_customer(cast, grade="B"))
    actions.after_deal(customer=plan.customer, deal="合同 2026-18", by=cast.specialist.party, now=MONDAY)
    moment = Moment.objects.get(customer=plan.pk)
    client.force_login(interviewer(cast))
    address = reverse("tracking:work", args=[plan.pk])

    page = client.get(address).content.decode()

    assert "合同 2026-18" in page
    assert reverse("tracking:reach", args=[moment.pk]) not in page
    assert client.post(address, ENTRY).status_code == 403
    assert not Interaction.objects.exists()


def test_lists_offer_work_only_to_who_may_do_it(cast, as_):
    """Who sees customers without keeping files reads the lists; nothing in them leads to a refusal."""
    plan = a_plan(cast, a_customer(cast, name="只看", grade="A"))
    enter, fix = reverse("tracking:enter", args=[plan.pk]), reverse("tracking:fix", args=[plan.pk])

    assert enter in as_("specialist").get(reverse("tracking:due"), {"view": "-"}).content.decode()
    PostPower.objects.filter(power__code__in=["customer.edit", "customer.reveal"]).delete()
    due = as_("specialist").get(reverse("tracking:due"), {"view": "-"}).content.decode()
    gaps = as_("specialist").get(reverse("tracking:gaps"), {"view": "-"}).content.decode()
    assert "只看" in due
    assert enter not in due
    assert "/call/" not in due
    assert fix not in gaps
