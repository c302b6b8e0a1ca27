"""The reports of the regulations: each figure against complaints made by hand, and the way from it to its cases."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from zhike.complaints import actions
from zhike.complaints.models import Complaint
from zhike.complaints.reporting import reports
from zhike.complaints.reporting.reading import Asked, Reading
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.tallies.periods import Kind, Period

from .factories import at, browser
from .regimes import opened, step, walked

pytestmark = pytest.mark.django_db
MARCH = Period.around(Kind.MONTH, dt.date(2026, 3, 1), "Asia/Shanghai")
LATER = at(30, 9)


def reading(code="", now=LATER, **more):
    report = reports.REPORTS.get(code)
    given = {
        "scope": EVERYTHING,
        "period": MARCH,
        "now": now,
        "code": code if report and report.of_regime else "",
    }
    return Reading(Asked(**{**given, **more}))


def tables(code, **more):
    """Every table of a report: its rows by the text of the first column."""
    found = reports.filled(reports.REPORTS[code], reading(code, **more))
    return {one.section.key: {next(iter(row.values())).text: row for row in one.rows} for one in found}


def counts(rows, key="count"):
    return {name: row[key].count for name, row in rows.items() if row[key].count}


def figure(rows, name, key="figure"):
    return rows[name][key].text


def every_figure_opens(house, code, now=LATER, query=""):
    """Each number of the page against the number of lines that its list shows."""
    client = browser(house["GENERAL_MANAGER"])
    with clock.at(now):
        page = client.get(
            reverse("complaints:report_of", args=[code]), {"kind": "MONTH", "day": "2026-03-01"}
        )
        cells = [
            (one.section.key, next(iter(row.values())).text, cell)
            for one, _chart in page.context["sections"]
            for row in one.rows
            for cell in row.values()
            if cell.query
        ]
        assert cells
        for section, name, cell in cells:
            listing = client.get(f"{reverse('complaints:list')}?{cell.query}").context["listing"]
            assert not listing.asked.problems, (section, name, cell.query)
            assert (section, name, listing.number) == (section, name, cell.count)
    return cells


# ---- each report


@pytest.mark.rule("P001-19")
def test_cars_by_grade_condition_dealer_and_money(car):
    brakes, exposed, plain = (
        opened(car, circumstances=given, more={"dealer": dealer})
        for given, dealer in ((["BRAKES"], "城东站"), (["MEDIA_EXPOSURE"], "城东站"), ([], "城西站"))
    )
    opened(car, now=at(28, 10, month=2), circumstances=["BRAKES"])
    for complaint, cause in ((brakes, "BY_ATTITUDE"), (exposed, "PRODUCT"), (plain, "BY_TECHNIQUE")):
        actions.change_facts(
            complaint=complaint,
            more={"fault_cause": cause},
            reason="查明",
            by=car["taker"].party,
            now=at(9, 11),
        )
    special = actions.ask_grant(
        complaint=plain, kind="SPECIAL_CASE", amount=Decimal(3000), cost=Decimal(4200), reason="质量原因",
        by=car["DEALER"].party, now=at(9, 12),
    )  # fmt: skip
    actions.decide_grant(
        grant=special,
        agree=True,
        opinion="按七成",
        amount=Decimal(2000),
        by=car["TECHNICAL_SUPPORT"].party,
        now=at(9, 13),
    )
    actions.ask_grant(
        complaint=plain,
        kind="GOODWILL",
        form="COST",
        amount=Decimal(500),
        reason="安抚",
        by=car["DEALER"].party,
        now=at(9, 14),
    )

    found = tables("P001-19")

    assert counts(found["totals"], "figure") == {
        "投诉件数": 3, "处理中": 3, "重大投诉": 2, "A级投诉": 1, "B级投诉": 1, "普通投诉": 1,
    }  # fmt: skip
    assert figure(found["totals"], "投诉件数", "before") == "1"
    assert counts(found["by_condition"]) == {"制动失效 · 重大项 8 · A级项 1": 1, "媒体曝光 · B级项 1": 1}
    assert counts(found["dealers"]) == {"城东站": 1, "城西站": 1}
    assert counts(found["causes"]) == {"服务态度引起": 1, "产品原因": 1, "服务技术引起": 1}
    grants = {(row["name"].text, row["state"].text): row for row in found["grants"].values()}
    assert sorted((row["asked"].text, row["granted"].text) for row in grants.values()) == [
        ("3,000.00", "2,000.00"),
        ("500.00", "—"),
    ]
    every_figure_opens(car, "P001-19")


@pytest.mark.rule("P001-21")
def test_the_factory_s_clocks_returns_and_causes(factory):
    in_time = opened(factory, item="QUALITY", now=at(9, 10))
    walked(in_time, until="原因和方案", now=at(9, 10, 59))
    step(in_time, now=at(9, 11))
    step(in_time, now=at(9, 11, 5), decision=True)
    step(in_time, now=at(9, 11, 10))
    step(in_time, now=at(9, 11, 15), decision=True)
    step(in_time, now=at(9, 11, 20))
    walked(in_time, until="执行措施", now=at(9, 12))
    late = opened(factory, item="QUALITY", circumstances=["BATCH"], now=at(9, 10))
    walked(late, until="落实临时措施", now=at(9, 11, 1))
    actions.change_facts(
        complaint=late,
        more={"cause_class": "METHOD"},
        reason="查明",
        by=factory["taker"].party,
        now=at(9, 12),
    )

    found = tables("P001-21")

    lines = {
        (kept.title, kept.limit): (kept.cases, kept.late)
        for kept in reading("P001-21").kept
        if reports._is_clock(kept)
    }
    assert lines == {
        ("发单", "1小时内"): (2, 1),
        ("答复", "3个工作日内"): (1, 0),
        ("临时措施", "8个工作小时内"): (1, 1),
        ("答复", "2个工作日内"): (1, 1),
    }
    assert len(found["clocks"]) <= len(lines)
    assert counts(found["sent_back"], "figure") == {"评审或核准中退回的案件": 1}
    assert figure(found["sent_back"], "退回次数") == "2"
    assert counts(found["causes"])["方法"] == 1
    every_figure_opens(factory, "P001-21")


@pytest.mark.rule("P001-21")
def test_a_duty_counts_as_late_from_the_minute_after_its_end(factory):
    opened(factory, item="QUALITY", now=at(9, 10))
    Duty.objects.filter(kind="complaint.check").update(state="DONE", done_at=at(9, 10, 5))

    def late(now):
        return [
            (one.cases, one.late) for one in reading("P001-21", now=now).kept if one.kind == "complaint.check"
        ]

    own = Duty.objects.filter(subject_label="complaints.Complaint")
    own.update(due_at=at(9, 10, 5))
    assert late(LATER) == [(1, 0)]
    own.update(due_at=at(9, 10, 4))
    assert late(LATER) == [(1, 1)]


@pytest.mark.rule("P001-26")
def test_the_enterprise_s_cases_by_class_department_overdue_returns_and_approval(enterprise):
    late = opened(enterprise, item="SPECIFICATION", more={"responsible_department": "MANUFACTURING"})
    opened(enterprise, item="DELIVERY_ERROR", now=at(27, 10))
    walked(late, until="责任判定", now=at(9, 11))
    step(late, now=at(9, 11, 5), decision=True)
    walked(late, until="处理方式", now=at(9, 11, 30))
    actions.propose_compensation(
        complaint=late, amount=Decimal("5000.01"), by=enterprise["PRODUCTION_CONTROL"].party, now=at(9, 12)
    )

    found = tables("P001-26", now=at(27, 10, 5))

    assert counts(found["by_class"]) == {"质量异常": 1, "非质量异常": 1}
    assert counts(found["by_department"])["制造部"] == 1
    assert counts(found["overdue"], "figure") == {"有环节逾期的案件": 1, "评审或核准中退回的案件": 1}
    assert counts(found["overdue_by_department"]) == {"制造部": 1}
    assert counts(found["approval_level"]) == {"部门负责人、总经理 · 2.3": 1}
    every_figure_opens(enterprise, "P001-26", now=at(27, 10, 5))


@pytest.mark.rule("P001-28")
def test_pharma_by_object_validity_route_opinion_and_batch(pharma):
    sales = {"route": "SALES_DEPARTMENT"}
    quick, slow = (opened(pharma, item="BY_DISTRICT_MANAGER", more=sales) for _ in range(2))
    for complaint, when in ((quick, at(9, 11)), (slow, at(12, 11))):
        walked(complaint, until="区域意见", now=at(9, 10, 10))
        walked(complaint, until="总结", now=when)
    step(quick, now=at(10, 9), decision=True)
    opened(pharma, item="PRODUCT_TROUBLE", more={"route": "BACK_OFFICE", "batch": "260311"})

    found = tables("P001-28")

    assert counts(found["by_object"]) == {"服务质量": 2, "产品质量": 1}
    assert counts(found["validity"], "figure") == {"有效": 1, "尚未判断": 2}
    assert counts(found["by_route"]) == {"销售部": 2, "销售后勤": 1}
    assert [(row["limit"].text, row["cases"].count, row["late"].count, row["in_time"].text) for row in found["opinions"].values()] == [
        ("1个工作日内", 2, 1, "50.0 %")
    ]  # fmt: skip
    assert counts(found["by_batch"])["260311"] == 1
    every_figure_opens(pharma, "P001-28")


@pytest.mark.rule("P001-18")
def test_the_market_s_week_by_department_with_unanswered_and_major_cases(fruit):
    guard = opened(fruit, item="SECURITY", text="夜里停车场没有人值守")
    opened(fruit, item="SECURITY")
    major = opened(fruit, item="GOODS", circumstances=["POISONING"], text="吃了水果以后中毒")
    actions.reply(complaint=guard, text="已查看监控", by=fruit["taker"].party, now=at(9, 12), final=True)

    found = tables("P001-18")

    departments = found["by_department"]
    assert counts(departments) == {"保安部": 2, "综合管理办公室": 1}
    assert counts(departments, "answered") == {"保安部": 1}
    assert counts(departments, "unanswered") == {"保安部": 1, "综合管理办公室": 1}
    assert counts(departments, "major") == {"综合管理办公室": 1}
    assert list(found["major"]) == [major.number]
    assert len(found["unanswered"]) == 2
    cells = every_figure_opens(fruit, "P001-18")
    assert {"by_department", "totals", "by_item", "by_clause"} <= {section for section, _name, _cell in cells}
    with clock.at(at(12, 9)):
        page = browser(fruit["GENERAL_MANAGER"]).get(reverse("complaints:report_of", args=["P001-18"]))
    assert (page.context["period"].first, page.context["period"].last) == (
        dt.date(2026, 3, 9),
        dt.date(2026, 3, 15),
    )


@pytest.mark.rule("P001-18")
def test_what_the_stage_of_the_answer_records_counts_as_answered(fruit):
    case = opened(fruit, item="REPAIR")
    walked(case, until="答复", now=at(9, 11))
    assert counts(tables("P001-18")["by_department"], "unanswered") == {"工程维修部": 1}
    step(case, now=at(9, 12))

    found = tables("P001-18")
    assert counts(found["by_department"], "answered") == {"工程维修部": 1}
    assert "unanswered" not in found
    case.refresh_from_db()
    assert case.replied_at == at(9, 12)


@pytest.mark.rule("P000-05")
def test_complaints_by_class_origin_reply_and_improvement(fruit):
    customer = opened(fruit, item="GOODS")
    opened(fruit, item="DELAY")
    actions.reply(complaint=customer, text="在办", by=fruit["taker"].party, now=at(9, 10, 30))
    actions.reply(complaint=customer, text="已退款", final=True, by=fruit["taker"].party, now=at(9, 14))

    found = tables("P000-05")

    assert counts(found["by_class"]) == {"顾客投诉": 1, "业主投诉": 1}
    assert counts(found["by_origin"]) == {"客户的客户": 1, "租户": 1}
    assert counts(found["replies"], "figure") == {"已回应": 1, "已答复": 1, "未答复": 1}
    assert {name: figure(found["replies"], name) for name in ("平均首次回应时间", "平均答复时间")} in (
        {"平均首次回应时间": "0 h 30 min", "平均答复时间": "4 h 0 min"},
        {"平均首次回应时间": "0小时30分钟", "平均答复时间": "4小时0分钟"},
        {"平均首次回应时间": "0 小时 30 分", "平均答复时间": "4 小时 0 分"},
    )
    improvements = ("已拟定改进措施", "措施已执行", "效果已确认")
    assert list(found["improvements"]) == [*improvements, *(f"{one}：客户的客户" for one in improvements)]
    every_figure_opens(fruit, "P000-05")


@pytest.mark.rule("ST002-62", "FM002-22")
def test_the_analysis_counts_shares_changes_cost_and_repeated_complaints(car):
    given = {"item": "ATTITUDE", "name": "周平", "phone": "13812345678"}
    first = opened(car, now=at(2, 10, month=1), **given)
    again = opened(car, now=at(2, 10), **given)
    opened(car, now=at(2, 11), item="QUALITY", name="周平", phone="13812345678", more={"model": "E5"})
    assert first.customer_id == again.customer_id
    opened(car, now=at(10, 10, month=2), item="ATTITUDE")
    actions.change_facts(
        complaint=again,
        more={"fault_cause": "BY_ATTITUDE"},
        reason="查明",
        by=car["taker"].party,
        now=at(2, 12),
    )
    Complaint.objects.filter(pk=again.pk).update(
        compensation=Decimal(300), compensation_approved_at=at(2, 12), closed_at=at(4, 10)
    )

    found = tables("ST002-62")

    assert counts(found["by_item"]) == {"服务态度": 1, "产品质量": 1}
    row = found["by_item"]["服务态度"]
    assert (row["share"].text, row["before"].text, row["change"].text) == ("50.0 %", "1", "+0.0 %")
    assert found["by_item"]["产品质量"]["change"].text == "—"
    quality = found["quality"]
    assert figure(quality, "有效率(占已判断)") == "100.0 %"
    assert figure(quality, "赔偿金额(元)") == "300.00"
    assert counts(quality, "figure")["重复投诉(同一客户同一项目，90天内)"] == 1
    assert counts(found["by_product"])["E5"] == 1
    assert counts(found["by_unit"]) == {"恒远公司": 2}
    every_figure_opens(car, "ST002-62")


@pytest.mark.rule("ST002-62", "FM002-22")
def test_the_satisfaction_after_handling_is_the_latest_answer_of_each_case(car):
    by, pleased, angry = car["taker"].party, opened(car, now=at(9, 10)), opened(car, now=at(9, 10))
    opened(car, now=at(9, 10))
    for complaint, degrees in ((pleased, [5]), (angry, [5, 2])):
        walked(complaint, now=at(9, 11))
        for hour, degree in enumerate(degrees, 12):
            actions.record_follow_up(
                complaint=complaint,
                reached=True,
                satisfaction=degree,
                resolved=degree > 2,
                by=by,
                now=at(9, hour),
            )

    quality = tables("ST002-62")["quality"]

    assert figure(quality, "平均满意度(1至5)") == "3.5"
    assert counts(quality, "figure")["回访后已评价"] == 2
    assert counts(quality, "figure")["不满意"] == 1
    every_figure_opens(car, "ST002-62")


@pytest.mark.rule("ST002-62")
@pytest.mark.parametrize(("days", "repeated"), [(90, 1), (91, 0)])
def test_a_complaint_counts_as_repeated_up_to_the_last_day_of_the_window(car, days, repeated):
    given = {"item": "ATTITUDE", "name": "周平", "phone": "13812345678"}
    opened(car, now=at(9, 10) - dt.timedelta(days=days), **given)
    opened(car, now=at(9, 10), **given)

    assert reading("ST002-62").repeated == repeated


@pytest.mark.rule("ST002-62")
def test_handling_time_runs_from_receipt_to_closing_and_the_timely_rate_by_case(car):
    done = opened(car, now=at(9, 10))
    walked(done, now=at(9, 11))
    opened(car, now=at(9, 10))

    found = reading("ST002-62")

    assert found.totals["handling"] == dt.timedelta(hours=1)
    assert (found.punctual.part, found.punctual.whole) == (1, 2)
