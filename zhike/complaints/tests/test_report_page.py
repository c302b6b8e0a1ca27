"""The page of the reports: what is offered, period and unit, files, charts, addresses that somebody wrote by hand."""

import datetime as dt

import pytest
from django.urls import reverse

from zhike.complaints.reporting import charts, reports
from zhike.complaints.reporting.tables import Cell, Filled, breakdown
from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.tree import plant

from .factories import at, browser
from .regimes import opened
from .test_reports import LATER, reading

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P001-19", "P001-21")
def test_a_regime_s_report_is_offered_where_the_unit_has_that_regime(factory):
    client = browser(factory["GENERAL_MANAGER"])
    offered = {one["code"] for one in client.get(reverse("complaints:reports")).context["offered"]}

    assert offered == {"P000-05", "ST002-62", "P001-21"}
    assert client.get(reverse("complaints:report_of", args=["P001-21"])).status_code == 200
    assert client.get(reverse("complaints:report_of", args=["P001-19"])).status_code == 404
    assert client.get(reverse("complaints:report_of", args=["P009-99"])).status_code == 404


def test_a_unit_s_report_counts_what_lies_below_it_and_nothing_beside(factory):
    workshop = plant(name="一厂", code="one", parent=factory.unit, kind=Unit.Kind.BRANCH)
    other = plant(name="二厂", code="two", parent=factory.unit, kind=Unit.Kind.BRANCH)
    opened(factory, unit=workshop)
    opened(factory, unit=other)
    opened(factory)

    assert [reading("P001-21", unit=unit.pk).total for unit in (factory.unit, workshop, other)] == [3, 1, 1]
    query = reading("P001-21", unit=workshop.pk).asked.query()
    with clock.at(LATER):
        listing = (
            browser(factory["GENERAL_MANAGER"])
            .get(f"{reverse('complaints:list')}?{query}")
            .context["listing"]
        )
    assert listing.number == 1


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({"kind": "WEEK", "day": "2026-03-11"}, (2026, 3, 9), (2026, 3, 15)),
        ({"kind": "QUARTER", "day": "2026-03-11"}, (2026, 1, 1), (2026, 3, 31)),
        ({"kind": "YEAR", "day": "2026-03-11"}, (2026, 1, 1), (2026, 12, 31)),
        ({"kind": "CUSTOM", "from": "2026-03-02", "to": "2026-03-03"}, (2026, 3, 2), (2026, 3, 3)),
    ],
)
def test_the_period_is_the_one_asked_for(factory, asked, first, last):
    page = browser(factory["GENERAL_MANAGER"]).get(reverse("complaints:report_of", args=["P001-21"]), asked)
    period = page.context["period"]

    assert (period.first, period.last) == (dt.date(*first), dt.date(*last))
    assert page.context["chosen"].problem == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "DAY"},
        {"kind": "CUSTOM", "from": "2026-03-05", "to": "2026-03-01"},
        {"day": "x"},
        {"unit": "99"},
    ],
)
def test_what_cannot_be_understood_is_said_and_the_usual_period_shown(factory, asked):
    with clock.at(LATER):
        page = browser(factory["GENERAL_MANAGER"]).get(
            reverse("complaints:report_of", args=["P001-21"]), asked
        )

    assert page.context["chosen"].problem
    assert page.context["period"].first == dt.date(2026, 3, 1)


@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf"])
def test_a_report_is_taken_away_as_a_file(factory, kind):
    opened(factory)
    client = browser(factory["GENERAL_MANAGER"])
    with clock.at(LATER):
        answer = client.get(reverse("complaints:report_of", args=["P001-21"]), {"file": kind})
        page = client.get(reverse("complaints:report_of", args=["P001-21"]))

    assert answer.status_code in ({200} if page.context["files"] else {403})
    if page.context["files"]:
        assert len(answer.content) > 1000


def test_the_trend_goes_back_twelve_periods_and_the_chart_says_it_in_words(factory):
    opened(factory, now=at(9, 10, month=1))
    opened(factory)
    opened(factory)

    trend = reading("P001-21").trend()

    assert [cases for _period, cases, _paid in trend] == [0] * 9 + [1, 0, 2]
    section = next(
        one
        for one in reports.filled(reports.REPORTS["P001-21"], reading("P001-21"))
        if one.section.key == "trend"
    )
    chart = charts.of(section)
    assert len(chart.bars) == 12
    assert chart.bars[-1].height > chart.bars[-3].height > 0


def test_a_wrong_figure_in_an_address_is_said_and_opens_nothing_else(factory):
    opened(factory)
    client = browser(factory["GENERAL_MANAGER"])
    for cut in ("no~such", "col~text~x~y", "approved-by~1~x", "is~nothing"):
        listing = client.get(reverse("complaints:list"), {"cut": cut, "view": "-"}).context["listing"]
        assert listing.asked.problems, cut


def test_the_rest_of_a_pareto_chart_is_no_longer_than_its_room_and_labels_fit():
    rows = [
        {"name": Cell(f"Cause number {number} of many more"), "count": Cell("1", 1)} for number in range(30)
    ]
    chart = charts.of(Filled(breakdown("by_item", "按项目", "By item", lambda _reading: [], "pareto"), rows))

    assert len(chart.bars) == charts.LINES
    assert [chart.bars[-1].value, chart.bars[0].value] == ["21", "1"]
    assert max(bar.x + bar.width for bar in chart.bars) == charts.RIGHT
    assert {bar.label for bar in chart.bars[:-1]} == {"Cause number 0 of…"} | {
        f"Cause number {number} of…" for number in range(1, 9)
    }
