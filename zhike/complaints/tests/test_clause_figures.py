"""The figures beside the clauses of a regulation are counted from the rows that their pages list."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhike.complaints.actions import make_confidential
from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.worktime import calendars
from zhike.manuals import queries
from zhike.people import access
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, browser

LATER = MONDAY + dt.timedelta(days=20)
MONTHS = [dt.datetime(2026, month, 1, tzinfo=MONDAY.tzinfo) for month in (1, 2, 3)]


def figures(user, now=LATER):
    version = ManualVersion.objects.get()
    scope = access.scope_of(user, "complaint.see", now=now)
    return queries.live(version, queries.sections_of_version(version), scope=scope, now=now, months=MONTHS)


def rows_behind(user, clause, kind, now=LATER):
    """How many rows the page of a figure says that it has."""
    version = ManualVersion.objects.get()
    with clock.at(now):
        page = browser(user).get(f"/manuals/{version.pk}/clauses/{clause}/{kind}/").content.decode()
    found = re.search(r"共\s*(?:<[^>]+>)?\s*(\d+)", page)
    assert found is not None, page[-3000:]
    return int(found[1])


@pytest.fixture
def cases(people):
    """Three complaints of the south store and one of the north, of 2,500, 600 and no value."""
    a_complaint(people, value=2500)
    a_complaint(people, value=600)
    a_complaint(people, handler=people.specialist.party, override_reason="熟悉情况")
    a_complaint(people, unit=people.north, by=people.stranger.party)
    return people


def test_each_figure_is_the_number_of_rows_behind_it(cases):
    for user in (cases.general_manager, cases.manager, cases.stranger):
        for clause, live in figures(user).clauses.items():
            counted = {
                "rulings": live.rulings,
                "due": live.due,
                "late": live.late,
                "open": live.open,
                "overdue": live.overdue,
                **{code: n for code, _label, n in live.more},
            }
            for kind, n in counted.items():
                if n:
                    assert rows_behind(user, clause, kind) == n, (user, clause, kind)


def test_figures_are_those_of_the_units_that_the_reader_sees(cases):
    whole, south, north = (
        figures(user).clauses["三(五)"].rulings
        for user in (cases.general_manager, cases.manager, cases.stranger)
    )

    assert (whole, south, north) == (4, 3, 1)
    assert figures(cases.employee).clauses["三(五)"].rulings == 0


def test_a_clause_gathers_what_lies_below_it_and_rows_are_counted_one_by_one(cases):
    found = figures(cases.manager)

    assert [found.clauses[key].rulings for key in ("三(五)1", "三(五)2", "三(五)3")] == [1, 1, 1]
    assert found.clauses["三(五)"].rulings == 3
    assert {row: found.rows.get(("处理权限", row), 0) for row in (1, 5, 8)} == {1: 1, 5: 1, 8: 1}


def test_what_was_done_in_time_and_what_is_late(cases):
    now = LATER
    rows = Duty.objects.filter(clause="三(二)", unit__path__startswith=cases.south.path)
    done = rows.filter(due_at__isnull=False).order_by("due_at").first()
    Duty.objects.filter(pk=done.pk).update(state="DONE", done_at=done.due_at - dt.timedelta(minutes=1))

    live = figures(cases.manager, now).clauses["三(二)"]

    due = rows.filter(due_at__lte=now, state__in=["OPEN", "DONE"])
    assert (live.due, live.late) == (due.count(), due.count() - 1)
    assert live.overdue == live.late
    assert live.rate == pytest.approx(100 / live.due)


def test_rulings_older_than_thirty_days_do_not_count_but_stand_in_the_curve(cases):
    live = figures(cases.manager, MONDAY + dt.timedelta(days=31)).clauses["三(五)"]

    assert live.rulings == 0
    assert live.months == [0, 0, 3]


def test_another_handler_than_the_manuals_is_counted(cases):
    more = figures(cases.manager).clauses["三(五)"].more

    assert [(code, n) for code, _label, n in more] == [("overrides", 1)]


def test_a_confidential_case_counts_for_those_only_who_see_it(cases):
    secret = Complaint.objects.filter(value=2500).get()
    make_confidential(complaint=secret, persons=[], reason="涉及内部人员", by=cases.manager.party, now=MONDAY)

    assert figures(cases.general_manager).clauses["三(五)1"].rulings == 0
    assert figures(cases.manager).clauses["三(五)1"].rulings == 1


def test_who_is_complained_of_does_not_count_the_case(cases):
    case = Complaint.objects.filter(value=600).get()
    Complaint.objects.filter(pk=case.pk).update(accused=cases.supervisor.party)

    assert figures(cases.supervisor).clauses["三(五)2"].rulings == 0
    assert figures(cases.store_manager).clauses["三(五)2"].rulings == 1


def test_the_newest_ruling_is_named_with_its_outcome(cases):
    newest = figures(cases.manager).clauses["三(五)1"].newest
    case = Complaint.objects.filter(value=2500).get()

    assert newest.name.startswith(case.number)
    assert newest.url == f"/complaints/{case.pk}/"
    assert newest.outcome == "店长"


def test_the_whole_book_costs_a_fixed_number_of_queries(cases, django_assert_max_num_queries):
    version = ManualVersion.objects.get()
    client = browser(cases.manager)
    client.get(f"/manuals/{version.pk}/")

    def cost():
        with CaptureQueriesContext(connection) as told:
            assert client.get(f"/manuals/{version.pk}/").status_code == 200
        return len(told)

    few = cost()
    for value in (700, 800, 2600):
        a_complaint(cases, value=value)

    assert cost() == few
    assert few <= 45


def test_a_row_opens_into_its_rulings(cases):
    version = ManualVersion.objects.get()
    with clock.at(LATER):
        page = browser(cases.manager).get(
            f"/manuals/{version.pk}/clauses/三(五)/rulings/?table=处理权限&row=1"
        )

    case = Complaint.objects.filter(value=2500).get()
    assert case.number in page.content.decode()
    assert calendars.local_day(LATER, cases.south.pk) == dt.date(2026, 3, 29)


def test_a_figure_that_nobody_counts_is_not_there(cases):
    version = ManualVersion.objects.get()

    assert browser(cases.manager).get(f"/manuals/{version.pk}/clauses/三(五)/unknown/").status_code == 404
    assert browser(cases.manager).get(f"/manuals/{version.pk}/clauses/九/rulings/").status_code == 404
