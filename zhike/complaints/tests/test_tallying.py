"""P001-16: each figure of the report against complaints made by hand, and the way from each figure to its rows."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from zhike.complaints import actions, tallying
from zhike.complaints.models import Complaint, Penalty
from zhike.complaints.regime import limit_words, regime_on
from zhike.kernel import clock
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, a_fault, at, browser, worked

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P001-16")]
ITEMS = [("EXPIRED", "过期"), ("PRICE", "价格"), ("CASHIER", "收银"), ("", "未分类")]
HANDLERS = [("STORE_MANAGER", "店长"), ("SERVICE_MANAGER", "客服经理"), ("SERVICE_SUPERVISOR", "客服主管")]


def report(scope=EVERYTHING, now=MONDAY, **more):
    return tallying.report(
        scope,
        since=at(1, 0),
        until=at(1, 0, month=4),
        now=now,
        days="opened_from=2026-03-01&opened_to=2026-03-31",
        items=ITEMS,
        handlers=HANDLERS,
        cuts=tallying.bands([Decimal(500), Decimal(2000)]),
        **more,
    )


def counts(lines):
    return {line.label: line.count for line in lines}


def void(people, complaint):
    actions.void(complaint=complaint, by=people.manager.party, now=at(9, 12), reason="登记两次")


@pytest.fixture
def month(people):
    """March: expired at 100 yuan closed; two about prices; one of no class; one voided. February and April: one each."""
    worked(a_complaint(people, item="EXPIRED", value=Decimal(100)), now=at(9, 11))
    for value in ("499.99", "2000"):
        a_complaint(people, item="PRICE", value=Decimal(value))
    a_complaint(people, unit=people.north)
    void(people, a_complaint(people, item="EXPIRED", value=Decimal(100)))
    a_complaint(people, item="PRICE", now=at(28, 23, 59, month=2))
    a_complaint(people, item="PRICE", now=at(1, 0, month=4))
    return people


def test_complaints_are_counted_by_item_and_state_without_the_voided_ones(month):
    found = report()

    assert (found.total.count, found.closed.count, found.open.count) == (4, 1, 3)
    assert counts(found.by_item) == {"过期": 1, "价格": 2, "未分类": 1}


def test_complaints_are_counted_by_handler(month):
    assert counts(report().by_handler) == {"店长": 2, "客服经理": 0, "客服主管": 2}


def test_a_store_has_its_own_figures(month):
    assert (report(unit=month.south.pk).total.count, report(unit=month.north.pk).total.count) == (3, 1)


def test_bands_are_cut_where_the_manual_cuts_them(people):
    for value in (None, "0", "499.99", "500", "1999.99", "2000", "2000.01"):
        a_complaint(people, value=value and Decimal(value))

    assert counts(report().by_band) == {"—": 1, "< 500": 2, "500 – 2000": 2, "≥ 2000": 2}


def test_the_amounts_are_those_between_the_rows_of_the_table_of_handlers(people):
    south, nowhere = regime_on(people.south.pk, at(9, 10).date()), tallying.bands([])

    assert (south.values_cut(), nowhere) == ([Decimal(500), Decimal(2000)], [])


def test_mean_times_are_taken_over_the_complaints_that_have_come_so_far(people):
    slow, quick, _untouched = (a_complaint(people) for _ in range(3))
    by = people.supervisor.party
    actions.reply(complaint=slow, text="在办", by=by, now=at(9, 11))
    actions.reply(complaint=quick, text="在办", by=by, now=at(9, 10, 20))
    actions.reply(complaint=quick, text="已退款", final=True, by=by, now=at(9, 14))
    worked(slow, until="execution", now=at(9, 12))
    actions.record_step(complaint=slow, kind="execution", text="已退", by=by, now=at(10, 10))

    found = report()

    assert (found.response, found.answer) == (dt.timedelta(minutes=40), dt.timedelta(hours=4))
    assert found.solution == dt.timedelta(days=1)


def test_a_month_without_complaints_has_no_times_and_no_money(people):
    found = report()

    assert (found.total.count, found.response, found.solution, found.answer) == (0, None, None, None)
    assert (found.compensation, found.duties_owed, found.by_clause) == (Decimal(0), 0, [])


def test_only_approved_compensation_is_added_up(people):
    for amount in ("200", "200.01"):
        worked(a_complaint(people), until="execution", compensation=Decimal(amount))

    assert report().compensation == Decimal("200")


def test_duties_are_counted_by_clause_with_the_late_ones_and_open_into_their_cases(people):
    complaint = a_complaint(people)
    actions.reply(complaint=complaint, text="在办", by=people.supervisor.party, now=at(9, 10, 31))
    actions.record_step(complaint=complaint, kind="cause", text="…", by=people.taker.party, now=at(9, 15))
    waiting = a_complaint(people, now=at(9, 11))  # nobody has responded half an hour later

    def lines(now):
        found = report(now=now)
        return [(row.clause, row.title, row.cases, row.late) for row, _all, _late in found.by_clause]

    assert lines(at(9, 11, 30)) == [("三(二)", "首次回应", 1, 1), ("二", "确认原因", 1, 0)]
    assert lines(at(9, 11, 31)) == [("三(二)", "首次回应", 2, 2), ("二", "确认原因", 1, 0)]

    found = report(now=at(9, 11, 31))
    assert (found.duties_owed, found.duties_late) == (3, 2)
    client = browser(people.manager)
    with clock.at(at(9, 11, 31)):
        (response, every, late), (_cause, caused, none) = found.by_clause
        assert (
            f"<td>{limit_words(response.limit)}</td>"
            in client.get(reverse("complaints:report")).content.decode()
        )
        listed = {
            query: {
                row.pk for row in client.get(f"{reverse('complaints:list')}?{query}").context["listing"].rows
            }
            for query in (every, late, caused, none)
        }
    assert (listed[every], listed[late]) == ({complaint.pk, waiting.pk}, {complaint.pk, waiting.pk})
    assert (listed[caused], listed[none]) == ({complaint.pk}, set())


def test_each_employee_has_a_figure_a_month_with_the_confirmed_ones(people):
    person = people.employee.party
    first, _second, third = (
        a_complaint(people, accused=person, accused_level="BELOW_SUPERVISOR", now=now)
        for now in (at(9, 10), at(10, 10), at(1, 10, month=4))
    )
    void(people, a_complaint(people, accused=person))
    a_fault(people, person, complaint=first)
    a_fault(people, person, offence="QUARREL", complaint=first)
    a_fault(people, person, complaint=third)
    a_fault(people, people.taker.party, complaint=first)

    found = tallying.report(
        EVERYTHING,
        since=at(1, 0),
        until=at(1, 0, month=5),
        now=at(1, 0, month=5),
        days="",
        items=ITEMS,
        handlers=HANDLERS,
        cuts=[],
    ).by_employee

    assert [(row["accused__name"], row["month"].month, row["n"], row["confirmed"]) for row in found] == [
        ("唐一帆", 3, 2, 1),
        ("唐一帆", 4, 1, 1),
    ]


def test_penalties_of_the_month_are_counted_by_what_became_of_them(people):
    imposed, dropped, _proposed = (a_fault(people, offence="IGNORED").penalty for _ in range(3))
    a_fault(people, offence="IGNORED", unit=people.north, by=people.north_manager.party)
    for penalty, impose in ((imposed, True), (dropped, False)):
        actions.decide_penalty(
            penalty=penalty, impose=impose, opinion="…", by=people.store_manager.party, now=at(9, 12)
        )

    assert [line.count for line in report().penalties] == [2, 1, 1]
    assert [line.count for line in report(unit=people.south.pk).penalties] == [1, 1, 1]


def listed(client, name, query):
    """Numbers of the rows that a list shows for a query."""
    with clock.at(at(9, 14)):
        page = client.get(f"{reverse(name)}?{query}").content.decode()
    return set(re.findall(r"\b(?:TS|CF)-\d{6}-\d{3,4}\b", page))


def test_every_figure_opens_exactly_the_rows_that_it_counts(month):
    people = month
    accused = a_complaint(people, accused=people.employee.party, value=Decimal(600))
    a_fault(people, offence="IGNORED", complaint=accused)
    client = browser(people.general_manager)

    found = report()

    lines = [found.total, found.closed, found.open, *found.by_item, *found.by_handler, *found.by_band]
    assert [len(listed(client, "complaints:list", line.query)) for line in lines] == [
        line.count for line in lines
    ]
    assert listed(client, "complaints:list", found.by_employee[0]["query"]) == {accused.number}
    assert listed(client, "complaints:list", found.by_band[0].query) == {
        Complaint.objects.get(unit=people.north).number
    }
    assert listed(client, "complaints:penalties", found.penalties[0].query) == {Penalty.objects.get().number}
    assert listed(client, "complaints:penalties", found.penalties[1].query) == set()


def test_figures_of_a_store_open_into_the_rows_of_that_store(month):
    client = browser(month.general_manager)

    found = report(unit=month.south.pk)

    lines = [found.total, *found.by_item, *found.by_handler, *found.by_band]
    assert [len(listed(client, "complaints:list", line.query)) for line in lines] == [
        line.count for line in lines
    ]


def test_the_page_shows_the_month_asked_for_and_says_what_is_no_month(month):
    client = browser(month.manager)

    march = client.get(reverse("complaints:report"), {"month": "2026-03"})
    april = client.get(reverse("complaints:report"), {"month": "2026-04"})
    wrong = client.get(reverse("complaints:report"), {"month": "2026-13"})

    assert march.context["report"].total.count == 3
    assert april.context["report"].total.count == 1
    assert "2026-13" in wrong.context["problem"]
    assert wrong.status_code == 200
