"""Reports of visits: coverage, market, answers, guidance, first visits, fulfilment; and the forms."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from zhike.kernel.parties.scope import EVERYTHING, NOTHING
from zhike.kernel.records import printing, values
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions, queries, sheets, tallying

from .factories import DAY, HOUR, a_closed_visit, a_shop, a_visit, fill

WEEK = Period.around(Kind.WEEK, MONDAY.date(), "Asia/Shanghai")


def a_problem(cast, visit, **more):
    given = {
        "in_authority": True,
        "at_once": False,
        "reply_by": MONDAY + DAY,
        "kind": "SUPPLY",
        "text": "缺货",
    } | more
    return actions.raise_problem(visit=visit, by=cast.specialist.party, now=MONDAY, **given)


@pytest.mark.rule("P004-01", "R004-01", "S004-01")
def test_coverage_names_shops_without_service_and_why(cast):
    served, missed, bare = a_shop(cast, "甲店"), a_shop(cast, "乙店"), a_shop(cast, "丙店")
    a_closed_visit(cast, served)
    plan = actions.plan_week(
        manager=cast.specialist.party, unit=cast.south.pk, monday=MONDAY.date(), by=cast.specialist.party, now=MONDAY,
        customers=[missed],
    )  # fmt: skip
    actions.skip(visit=plan.visits.get(customer=missed), reason="修路", by=cast.specialist.party, now=MONDAY)

    found = tallying.coverage(EVERYTHING, WEEK)

    assert found.served == Ratio(1, 3)
    assert (found.unserved, found.unplanned, found.missed) == (2, 1, 1)
    rows = list(tallying.unserved(EVERYTHING, WEEK).order_by("pk"))
    assert rows == [missed, bare]
    assert queries.left_out([missed.pk, bare.pk], WEEK.first, WEEK.after) == {missed.pk: "修路"}
    assert tallying.coverage(NOTHING, WEEK).served.whole == 0
    [mine] = tallying.by_manager(EVERYTHING, WEEK)
    assert (mine["made"], mine["missed"]) == (1, 1)


@pytest.mark.rule("R001-206", "P004-01")
def test_a_customer_who_was_out_was_not_served(cast):
    visit = a_visit(cast)
    actions.host(visit=visit, absent=True, by=cast.specialist.party, now=MONDAY)
    fill(visit, cast.specialist.party, MONDAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)

    assert tallying.coverage(EVERYTHING, WEEK).served == Ratio(0, 1)


@pytest.mark.rule("P004-03", "R004-17")
def test_market_information_by_kind_and_area_with_clues_apart(cast):
    shop = a_shop(cast)
    shop.region = "城南"
    shop.save(update_fields=["region"])
    visit = a_visit(cast, shop)
    given = {"visit": visit, "group": "MARKET", "by": cast.specialist.party, "now": MONDAY}
    actions.note_finding(**given, kind="ILLEGAL", text="对面有假烟")
    actions.note_finding(**given, kind="PRICE", text="")

    found = {
        (row["kind"], row["area"]): (row["asked"], row["told"]) for row in tallying.market(EVERYTHING, WEEK)
    }

    assert found == {("ILLEGAL", "城南"): (1, 1), ("PRICE", "城南"): (1, 0)}
    assert [one.text for one in tallying.clues(EVERYTHING, WEEK)] == ["对面有假烟"]
    assert not tallying.market(EVERYTHING, WEEK.previous())


@pytest.mark.rule("P004-04")
def test_answers_on_the_spot_in_time_late_and_open(cast):
    visit = a_visit(cast)
    a_problem(cast, visit, at_once=True, answer="当场补", reply_by=None)
    kept, late, _open = a_problem(cast, visit), a_problem(cast, visit), a_problem(cast, visit, urgent=True)
    actions.answer_problem(problem=kept, answer="到货", by=cast.specialist.party, now=MONDAY + DAY)
    actions.answer_problem(problem=late, answer="到货", by=cast.specialist.party, now=MONDAY + DAY + HOUR)

    assert tallying.problems(EVERYTHING, WEEK) == tallying.Answers(4, 1, 1, 1, 1, 1)
    assert queries.answered_in_time(queries.problems(EVERYTHING)).get() == kept
    assert queries.answered_late(queries.problems(EVERYTHING)).get() == late


@pytest.mark.rule("P004-05", "R004-22")
def test_guidance_by_aspect_with_demonstrations_and_effect(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}
    row = actions.guide(**given, aspect="DISPLAY", finding="空位", demonstration="DISPLAY")
    actions.guide(**given, aspect="PRICES", is_fine=True)
    actions.note_effect(guidance=row, effect="销量升", by=cast.specialist.party, now=MONDAY)

    found = {one["aspect"]: one for one in tallying.guidance(EVERYTHING, WEEK)}

    assert (found["DISPLAY"]["found"], found["DISPLAY"]["shown"], found["DISPLAY"]["effect"]) == (1, 1, 1)
    assert (found["PRICES"]["number"], found["PRICES"]["found"]) == (1, 0)
    assert tallying.guided(EVERYTHING, WEEK, "DISPLAY").get() == row


@pytest.mark.rule("P001-24", "R001-208")
def test_first_visits_with_complete_information_and_a_next_visit(cast):
    shop, other = a_shop(cast, "甲店"), a_shop(cast, "乙店")
    visit = a_visit(cast, shop)
    for kind in ("QUANTITY", "BUDGET"):
        actions.note_finding(
            visit=visit, group="FIRST", kind=kind, text="10箱", by=cast.specialist.party, now=MONDAY
        )
    fill(visit, cast.specialist.party, MONDAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    bare = a_closed_visit(cast, other)
    later = shop.visits.get(state="PLANNED")
    actions.start(visit=later, by=cast.specialist.party, now=MONDAY + 7 * DAY)
    fill(later, cast.specialist.party, MONDAY + 7 * DAY)
    actions.close(visit=later, by=cast.specialist.party, now=MONDAY + 7 * DAY)

    assert tallying.firsts(EVERYTHING, WEEK) == tallying.First(2, 1, 1)
    assert queries.bare_firsts(queries.visits(EVERYTHING)).get() == bare


@pytest.mark.rule("ST002-57", "R002-136")
def test_fulfilment_of_plan_promises_and_return_visits(cast):
    visit = a_visit(cast)
    kept, late = a_problem(cast, visit), a_problem(cast, visit)
    a_problem(cast, visit)
    actions.answer_problem(problem=kept, answer="到货", by=cast.specialist.party, now=MONDAY + DAY)
    actions.answer_problem(problem=late, answer="到货", by=cast.specialist.party, now=MONDAY + DAY + HOUR)

    found = tallying.fulfilment(EVERYTHING, WEEK)

    assert found.promises == Ratio(1, 3)
    assert found.returns == Ratio(0, 2)
    assert found.visits == Ratio(0, 1)


def texts(form, row) -> str:
    data = values.gather(form, row)
    assert values.check(form, data, complete=False) == []
    return printing.render(form, data, kind="html").decode()


@pytest.mark.rule("F004-04", "FM002-36", "FM002-10", "F001-54", "F001-58", "R002-135")
def test_the_sheets_of_a_visit_say_what_was_noted(cast):
    visit = a_visit(cast)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}
    actions.note_finding(**given, group="MARKET", kind="PRICE", text="中华涨价")
    actions.note_finding(**given, group="FIRST", kind="BUDGET", text="五万以内")
    a_problem(cast, visit, text="要求换货")
    actions.give(**given, group="POLICY", topic="BANK_CARD", accepted=False, objection="手续费高")
    actions.report(**given, text="谈了陈列整改")
    fill(visit, cast.specialist.party, MONDAY)

    record = texts(sheets.RECORD_SHEET, visit)
    assert "中华涨价" in record
    assert "要求换货" in record
    assert "王老板" in record
    assert "谈了陈列整改" in texts(sheets.REPORT, visit)
    assert "要求换货" in texts(sheets.MANAGEMENT, visit)
    assert "五万以内" in texts(sheets.FIRST, visit)
    assert "手续费高" in texts(sheets.EXPLANATION, visit)


@pytest.mark.rule("F004-03", "FM002-38", "FM002-37", "F004-05", "F004-06", "R004-23")
def test_the_sheets_of_a_week_and_of_a_customer(cast):
    shop = a_shop(cast)
    visit = a_visit(cast, shop)
    given = {"visit": visit, "by": cast.specialist.party, "now": MONDAY}
    actions.note_finding(**given, group="BOOK", kind="PROFIT", text="毛利上升")
    actions.give(**given, group="ITEM", topic="PRICE_TAGS", quantity=20)
    fill(visit, cast.specialist.party, MONDAY)
    actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    plan = actions.plan_week(
        manager=cast.specialist.party, unit=cast.south.pk, monday=MONDAY.date() + dt.timedelta(days=7),
        by=cast.specialist.party, now=MONDAY,
    )  # fmt: skip

    assert shop.name in texts(sheets.WEEK, plan)
    assert shop.number in texts(sheets.CUSTOMER_LIST, plan)
    assert visit.manager.name in texts(sheets.CARD, shop)
    assert "毛利上升" in texts(sheets.HANDBOOK, shop)
    assert "标价签" in texts(sheets.ISSUED, shop)
    for kind in ("pdf", "docx", "xlsx"):
        assert printing.render(sheets.WEEK, values.gather(sheets.WEEK, plan), kind=kind)


@pytest.mark.rule("R002-137", "P004-02")
def test_satisfaction_said_at_visits_is_counted_and_opens_into_the_visits(cast, as_):
    said = {"甲店": 5, "乙店": 4, "丙店": 2, "丁店": None}
    for name, figure in said.items():
        visit = a_visit(cast, a_shop(cast, name))
        if figure is not None:
            actions.judge(visit=visit, satisfaction=figure, by=cast.specialist.party, now=MONDAY)
        fill(visit, cast.specialist.party, MONDAY)
        actions.close(visit=visit, by=cast.specialist.party, now=MONDAY)
    under_way = a_visit(cast, a_shop(cast, "戊店"))
    actions.judge(visit=under_way, satisfaction=1, by=cast.specialist.party, now=MONDAY)

    found = tallying.satisfaction(EVERYTHING, WEEK)

    assert (found.visits, found.answers, found.mean) == (4, 3, 3.67)
    assert found.said == {5: 1, 4: 1, 3: 0, 2: 1, 1: 0}
    assert tallying.satisfaction(NOTHING, WEEK).mean is None
    page = as_("supervisor").get(reverse("visits:figures"), {"kind": "WEEK"}).content.decode()
    assert "satisfaction=2" in page
    assert "3.67" in page
    for figure, names in (("2", ["丙店"]), ("-", ["丁店"])):
        opened = (
            as_("supervisor")
            .get(reverse("visits:list"), {"view": "-", "satisfaction": figure})
            .content.decode()
        )
        assert [name for name in [*said, "戊店"] if name in opened] == names
    opened = as_("supervisor").get(reverse("visits:list"), {"view": "-", "pleased": "1"}).content.decode()
    assert [name for name in [*said, "戊店"] if name in opened] == ["甲店", "乙店"]
