"""The reports on customers: figures, what they open into, pictures, paper, publication."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.grading import actions
from zhike.customers.models import Address, Evaluation, Interaction, Need
from zhike.customers.reporting import course, resources, worth
from zhike.customers.reporting.reports import FORMS, REPORTS, filled
from zhike.customers.reporting.tables import Asked
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.records.models import Record
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.tests.factories import MONDAY

from .factories import a_customer
from .grading import in_force, text_of, with_facts

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


def asked(scope=EVERYTHING, unit=None, kind=Kind.MONTH) -> Asked:
    return Asked(scope, Period.around(kind, TODAY, "Asia/Shanghai"), MONDAY + DAY, unit.pk if unit else None)


@pytest.fixture
def three(cast):
    """甲 and 乙 in the south, 丙 in the north; the manuals of grading and of the life cycle are in force."""
    for name in ("customer-grading", "customer-lifecycle"):
        in_force(cast.mall, name)
    one = a_customer(cast.south, cast.specialist, "甲", "13800005671", kind="ORGANISATION")
    two = a_customer(cast.south, cast.specialist, "乙", "13800005672")
    three = a_customer(cast.north, cast.stranger, "丙", "13800005673")
    for customer, region in ((one, "华东"), (two, "华东"), (three, "华北")):
        customer.region = region
        customer.save(update_fields=["region"])
    with_facts(
        one,
        spend=Decimal(600000),
        orders=4,
        total_orders=6,
        silent_days=9,
        referrals=1,
        referred_spend=800,
        satisfaction=90,
    )
    with_facts(two, spend=Decimal(9999), orders=1, total_orders=1, silent_days=9, expected_spend=Decimal(500))
    with_facts(three)
    return one, two, three


def column(rows, key="count") -> dict[str, str]:
    name = "month" if rows and "month" in rows[0] else "name"
    return {row[name].text: row[key].text for row in rows}


@pytest.mark.rule("ST002-47", "S002-45")
def test_customers_are_counted_by_kind_grade_region_and_stage(three):
    actions.regrade_many(dimension="stage", now=MONDAY)
    actions.regrade_many(dimension="grade", now=MONDAY)

    assert column(resources.by_kind(asked())) == {"Private person": "2", "Business": "1"}
    assert column(resources.by_region(asked())) == {"华东": "2", "华北": "1"}
    stages = column(resources.by_dimension("stage")(asked()))
    assert stages == {
        "Identification": "1", "Acquisition": "0", "Service and experience": "1", "Value growth": "0",
        "Retention and loyalty": "1",
    }  # fmt: skip
    assert column(resources.by_dimension("grade")(asked()))["D"] == "3"


@pytest.mark.rule("ST002-63")
def test_sales_are_counted_in_bands_whose_bound_belongs_above(three):
    with_facts(three[2], spend=Decimal(10000))

    assert column(resources.by_sales(asked())) == {
        "No sales": "0", "Below 10,000": "1", "10,000 to 100,000": "1", "100,000 to 1,000,000": "1",
        "1,000,000 and more": "0",
    }  # fmt: skip


def test_figures_are_those_of_the_scope_and_of_the_unit(three, cast):
    north = Scope(party=None, units=frozenset({cast.north.pk}))

    assert column(resources.by_region(asked(scope=north))) == {"华北": "1"}
    assert column(resources.by_region(asked(unit=cast.south))) == {"华东": "2"}


def test_a_secret_customer_is_in_no_figure_of_who_may_not_see_it(three):
    three[0].secrecy = 2
    three[0].save(update_fields=["secrecy"])

    assert column(resources.by_region(asked(scope=Scope(party=None, units=None, secrecy=1))))["华东"] == "1"


@pytest.mark.rule("P003-02")
def test_the_funnel_counts_stages_who_went_on_and_how_long_they_stayed(three):
    _one, two, _three = three
    actions.regrade_many(dimension="stage", now=MONDAY - 8 * DAY)
    with_facts(two, total_orders=2)
    actions.regrade_many(dimension="stage", now=MONDAY)

    rows = course.funnel(asked())

    assert column(rows) == {
        "Identification": "1", "Acquisition": "0", "Service and experience": "0", "Value growth": "1",
        "Retention and loyalty": "1",
    }  # fmt: skip
    assert column(rows, "on")["Service and experience"] == "1"
    assert column(rows, "conversion")["Service and experience"] == "100.0 %"
    assert column(rows, "days")["Service and experience"] == "8"
    _template, picture = course.funnel_picture(asked())
    assert [step.value for step in picture["steps"]] == ["3", "2", "2", "2", "1"]


@pytest.mark.rule("P003-03", "R003-06", "R003-07")
def test_value_has_three_parts_and_counts_repeat_business(three):
    lines = column(worth.parts(asked()), "figure")

    assert lines["Spent in twelve months (yuan)"].startswith("609,999")
    assert lines["Expected in the coming year (yuan)"].startswith("500")
    assert lines["Customers brought by word of mouth"] == "1"
    assert (lines["Customers who have bought"], lines["Customers who came back"]) == ("2", "1")
    assert (lines["Share who came back"], lines["Repeat orders"]) == ("50.0 %", "5")
    assert [row["name"].text for row in worth.best(asked())] == ["甲", "乙", "丙"]


@pytest.mark.rule("P003-04")
def test_segments_show_size_value_satisfaction_and_what_they_use(three, cast):
    actions.regrade_many(dimension="segment", now=MONDAY)
    Interaction.objects.create(
        customer=three[0],
        way=Interaction.Way.choices[0][0],
        at=MONDAY,
        by=cast.specialist.party,
        unit=cast.south,
    )

    rows = {row["name"].text: row for row in worth.segments(asked())}

    loyal = rows["High-value loyal"]
    assert (loyal["count"].text, loyal["satisfaction"].text, loyal["contacts"].text) == ("1", "90.0", "1")
    assert rows["Ordinary value"]["count"].text == "2"
    assert worth.segment_picture(asked())[1]["bars"][0]["value"] == "600,000"


@pytest.mark.rule("P004-06")
def test_evaluations_are_counted_by_month_with_mean_and_proposals(cast):
    in_force(cast.mall, "tobacco-customers")
    shops = [a_customer(cast.south, cast.specialist, f"店{n}", f"1380000567{n}") for n in range(3)]
    actions.plan_evaluations(unit=cast.mall, month=TODAY, by=None, now=MONDAY)
    for shop, score in zip(shops[:2], (80, 60), strict=True):
        row = Evaluation.objects.get(customer=shop)
        scores = dict.fromkeys(("ABILITY", "ENVIRONMENT", "DISPLAY", "PROFIT"), score)
        actions.evaluate(evaluation=row, scores=scores, by=cast.specialist.party, now=MONDAY)

    rows = course.evaluations(asked())

    assert [(row["month"].text, row["done"].text, row["open"].text, row["mean"].text) for row in rows] == [
        ("2026-03", "2", "1", "70.0")
    ]
    assert column(course.item_rows(asked()), "mean")["Display"] == "70.0"


@pytest.mark.rule("P004-08", "R004-04")
def test_the_goal_of_each_class_is_measured_over_the_period(cast):
    in_force(cast.mall, "tobacco-customers")
    names = ("甲", "乙", "丙")
    shops = [a_customer(cast.south, cast.specialist, name, f"1380000567{n}") for n, name in enumerate(names)]
    for shop, score in zip(shops, (90, 75, 75), strict=True):
        with_facts(shop, score=Decimal(score))
    with_facts(shops[2], is_regular=False)
    actions.regrade_many(dimension="class", now=MONDAY - 40 * DAY)
    with_facts(shops[1], score=Decimal(86))
    with_facts(shops[2], is_regular=True)
    actions.regrade_many(dimension="class", now=MONDAY)

    rows = {row["name"].text: row for row in course.goals(asked())}

    assert {name: row["met"].text for name, row in rows.items()} == dict.fromkeys(
        ("Core", "Potential", "Problem"), "100.0 %"
    )
    assert rows["Problem"]["goal"].text == "向规范经营转变"
    assert (rows["Core"]["kept"].text, rows["Potential"]["raised"].text, rows["Problem"]["raised"].text) == (
        "1",
        "1",
        "1",
    )


@pytest.mark.rule("ST002-48", "R002-152", "R002-160", "S002-50")
def test_needs_are_new_changed_and_closed_by_kind(three, cast):
    by = cast.specialist.party
    said = {"customer": three[0], "source": "VISIT", "by": by}
    old = Need.objects.create(**said, kind="PRESENT", text="备件", at=MONDAY - 60 * DAY)
    Need.objects.create(**said, kind="PRESENT", text="备件,一周内", at=MONDAY, follows=old)
    Need.objects.create(**said, kind="CONSCIOUS", text="培训", at=MONDAY)
    Need.objects.create(
        **said, kind="UNCONSCIOUS", text="软件", at=MONDAY - 50 * DAY, closed_at=MONDAY, state="CLOSED"
    )
    Need.objects.filter(pk=old.pk).update(state="CHANGED", closed_at=MONDAY)

    rows = worth.need_rows(asked())

    assert [tuple(row[key].text for key in ("new", "changed", "closed", "open")) for row in rows] == [
        ("0", "1", "0", "1"),
        ("1", "0", "0", "1"),
        ("0", "0", "1", "0"),
    ]
    assert worth.need_trend(asked())[-1]["new"].text == "1"
    assert worth.need_trend(asked())[-3]["new"].text == "2"  # in January the later changed one was new
    assert column(worth.opinions(asked()))["Needs"] == "2"


@pytest.mark.rule("ST002-48")
def test_a_need_that_was_closed_later_was_open_at_the_end_of_the_month_before(three, cast):
    said = {"customer": three[0], "source": "VISIT", "by": cast.specialist.party, "kind": "PRESENT"}
    Need.objects.create(**said, text="备件", at=MONDAY - 60 * DAY, closed_at=MONDAY, state="CLOSED")
    before = Asked(EVERYTHING, asked().period.previous(), MONDAY + DAY)

    assert [row["open"].text for row in worth.need_rows(before)] == ["1", "0", "0"]
    assert [row["open"].text for row in worth.need_rows(asked())] == ["0", "0", "0"]


@pytest.mark.rule("ST002-48", "ST002-63", "ST002-47")
def test_figures_of_needs_sales_and_regions_open_into_exactly_their_rows(three, cast, reader):
    said = {"customer": three[0], "source": "VISIT", "by": cast.specialist.party, "kind": "PRESENT"}
    old = Need.objects.create(**said, text="旧备件", at=MONDAY - 60 * DAY, closed_at=MONDAY, state="CHANGED")
    Need.objects.create(**said, text="新备件", at=MONDAY, follows=old)
    Need.objects.create(**said, text="包装", at=MONDAY, closed_at=MONDAY, state="CLOSED")
    with_facts(three[0], spend=Decimal(10000))
    with_facts(three[1], spend=Decimal("9999.99"))
    three[1].region = ""
    three[1].save(update_fields=["region"])
    south = asked(unit=cast.mall, scope=Scope(party=None, units=frozenset({cast.south.pk})))

    def shown(cell, names=("旧备件", "新备件", "包装")) -> set[str]:
        page = reader.get(cell.url, headers={"HX-Request": "true", "HX-Target": "listing"}).content.decode()
        return {name for name in names if name in page}

    present = worth.need_rows(south)[0]
    assert {key: shown(present[key]) for key in ("new", "changed", "closed", "open")} == {
        "new": {"包装"}, "changed": {"新备件"}, "closed": {"包装"}, "open": {"新备件"},
    }  # fmt: skip
    bands = {row["name"].text: row["count"] for row in resources.by_sales(south)}
    one, two, north = (reverse("customers:detail", args=[customer.pk]) for customer in three)
    assert shown(bands["Below 10,000"], (one, two, north)) == {two}
    assert shown(bands["10,000 to 100,000"], (one, two, north)) == {one}
    regions = {row["name"].text: row["count"] for row in resources.by_region(south)}
    assert {name: shown(cell, (one, two, north)) for name, cell in regions.items()} == {
        "华东": {one}, "No region": {two},
    }  # fmt: skip


def test_moves_are_drawn_as_a_flow_and_open_into_the_changes(three):
    one, _two, _three = three
    actions.regrade_many(dimension="grade", now=MONDAY - 8 * DAY)
    with_facts(one, need="CLEAR", deal_expected_on=TODAY + DAY)
    actions.regrade_many(dimension="grade", now=MONDAY)

    rows = course.move_rows("grade")(asked())

    assert [(row["name"].text, row["count"].text) for row in rows] == [("D → A", "1")]
    assert "before=D" in rows[0]["count"].url
    _template, picture = course.flow_picture("grade")(asked())
    assert picture.said == "D → A 1"


def test_the_map_needs_coordinates_only_and_marks_areas_without_contact(three, cast):
    for customer, place in zip(three, ((31.2, 121.5), (31.0, 121.3), (39.9, 116.4)), strict=True):
        Address.objects.create(
            customer=customer, text="路1号", latitude=Decimal(str(place[0])), longitude=Decimal(str(place[1]))
        )
    Interaction.objects.create(
        customer=three[0], way="PHONE", at=MONDAY, by=cast.specialist.party, unit=cast.south
    )
    Interaction.objects.create(
        customer=three[2], way="PHONE", at=MONDAY - 60 * DAY, by=cast.specialist.party, unit=cast.north
    )

    rows = resources.coverage(asked())
    _template, picture = resources.plot(asked())

    assert [(row["name"].text, row["count"].text, row["covered"].text, row["bare"].text) for row in rows] == [
        ("华东", "2", "1", "1"),
        ("华北", "1", "0", "1"),
    ]
    east, north = picture.dots
    assert (east.bare, north.bare) == (False, True)
    assert east.x > north.x
    assert east.y > north.y


# --- pages, paper, publication


@pytest.fixture
def reader(cast):
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.manager)
    return client


@pytest.mark.parametrize("code", sorted(REPORTS))
def test_every_report_shows_its_tables_and_its_numbers_open(reader, three, code):
    actions.regrade_many(dimension="stage", now=MONDAY)
    actions.regrade_many(dimension="grade", now=MONDAY)

    page = reader.get(reverse("customers:report_of", args=[code]))

    assert page.status_code == 200
    assert code in page.content.decode()


def test_a_figure_opens_into_exactly_its_rows(reader, three):
    actions.regrade_many(dimension="grade", now=MONDAY)
    row = next(row for row in resources.by_dimension("grade")(asked()) if row["name"].text == "D")

    page = reader.get(row["count"].url).content.decode()

    assert "甲" in page
    assert "乙" in page
    assert "丙" not in page


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_a_report_is_taken_away_as_a_file(reader, three, kind):
    answer = reader.get(reverse("customers:report_of", args=["ST002-47"]) + f"?file={kind}")

    assert answer.status_code == 200


@pytest.mark.rule("R002-P06", "R002-152", "S002-45")
def test_a_report_is_signed_reviewed_by_another_and_published(reader, three, cast):
    assert FORMS["ST002-48"].reviewed
    reader.post(reverse("customers:sign_report", args=["ST002-48"]), {"analysis": "备件需求上升"})
    record = Record.objects.get()
    assert (record.state, record.data["analysis"]) == ("SUBMITTED", "备件需求上升")
    own = reader.post(reverse("customers:review_report", args=[record.pk]), {}).content.decode()
    assert "somebody else must review" in own

    reader.force_login(cast.store_manager)
    reader.post(reverse("customers:review_report", args=[record.pk]), {"opinion": "同意"})

    record.refresh_from_db()
    assert record.state == "REVIEWED"
    assert "Published" in reader.get(reverse("customers:reports")).content.decode()
    sheet = reader.get(reverse("customers:published_report", args=[record.pk, "html"])).content.decode()
    assert "备件需求上升" in sheet


def test_reports_without_rows_leave_their_tables_out(three):
    found = filled(REPORTS["P004-08"], asked())

    assert found == []


def test_a_period_that_cannot_be_read_is_said_and_passed_over(reader, three):
    page = reader.get(reverse("customers:report_of", args=["ST002-47"]) + "?kind=MONTH&day=2026-13-40")

    assert "cannot be understood" in page.content.decode()


@pytest.mark.rule("R002-P06", "S002-45")
def test_the_regulation_on_statistics_lists_every_report_with_definition_source_and_owner():
    table = read(text_of("customer-statistics")).lists["统计指标"]

    assert {row.word.code for row in table.rows} == set(REPORTS)
    assert all(row.cells[label].text for row in table.rows for label in ("定义", "来源", "负责", "周期"))
