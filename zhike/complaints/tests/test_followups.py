"""Weekly summaries, analyses with their measures, reminder and inquiry sheets, the flow chart, applications printed."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from zhike.complaints import actions, flow, forms, queries, sheets
from zhike.complaints.followups import Measure, Summary
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_at, regime_of
from zhike.complaints.reporting import summaries
from zhike.complaints.reporting.reading import Asked, Reading
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.records import values
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.tests.factories import MONDAY

from .factories import at, browser
from .regimes import duty_of, opened, walked

pytestmark = pytest.mark.django_db
NEXT_MONDAY = at(16, 8)


def week_figures(summary):
    period = Period.around(Kind.WEEK, summary.first, "Asia/Shanghai")
    asked = Asked(scope=EVERYTHING, period=period, now=NEXT_MONDAY, unit=summary.unit_id)
    return summaries.week_figures(Reading(asked), unit=summary.unit.name)


# ---- the weekly summary


@pytest.mark.rule("R001-146")
def test_the_week_that_is_over_is_owed_once_by_the_office(fruit):
    (summary,) = actions.open_weeks(now=NEXT_MONDAY)

    assert (summary.first, summary.last, summary.clause) == (
        dt.date(2026, 3, 9),
        dt.date(2026, 3, 15),
        "5.1.3",
    )
    duty = duty_of(summary, "complaint.weekly")
    assert (duty.owner, duty.began_at) == (fruit["GENERAL_OFFICE"].party, at(16, 0))
    assert duty.due_at == at(16, 13, 30)
    assert actions.open_weeks(now=NEXT_MONDAY + dt.timedelta(hours=3)) == []
    assert Summary.objects.count() == 1
    (following,) = actions.open_weeks(now=at(23, 8))
    assert following.first == dt.date(2026, 3, 16)


@pytest.mark.rule("R001-146")
def test_no_week_is_owed_before_the_regulation_was_installed_nor_where_it_knows_none(fruit):
    assert actions.open_weeks(now=at(9, 11)) == []


@pytest.mark.rule("R001-146", "F001-40")
def test_the_summary_goes_to_the_general_manager_who_reads_it_and_it_is_filed(fruit):
    guard = opened(fruit, item="SECURITY", text="夜里停车场没有人值守")
    opened(fruit, item="REPAIR", text="卷帘门坏了")
    actions.reply(complaint=guard, text="已增派夜班", by=fruit["taker"].party, now=at(9, 12), final=True)
    (summary,) = actions.open_weeks(now=NEXT_MONDAY)
    office, general = fruit["GENERAL_OFFICE"], fruit["GENERAL_MANAGER"]
    given = {"summary": summary, "figures": week_figures(summary), "comment": "卷帘门等配件"}

    with pytest.raises(actions.CannotSum):
        actions.send_summary(**given, by=fruit["taker"].party, now=NEXT_MONDAY)
    with pytest.raises(actions.CannotSum):
        actions.read_summary(summary=summary, opinion="", by=general.party, now=NEXT_MONDAY)
    actions.send_summary(**given, by=office.party, now=NEXT_MONDAY)
    with pytest.raises(actions.CannotSum):
        actions.send_summary(**given, by=office.party, now=NEXT_MONDAY)

    data = summary.record.data
    assert summary.record.number == "ZH-2026-001"
    assert (data["total"], data["unanswered"]) == ("2", "1")
    lines = {row["department"]: (row["state"], row["answer"]) for row in data["cases"]}
    assert lines["保安部"][1] == "已增派夜班"
    assert lines["工程维修部"][1] == "—"
    assert {row["name"]: row["count"] for row in data["by_department"]} == {"保安部": "1", "工程维修部": "1"}
    assert duty_of(summary, "complaint.weekly").state == "DONE"
    assert duty_of(summary, "complaint.reading").owner == general.party
    assert Message.objects.filter(to=general.party, kind="complaint.summary_sent").count() == 1

    actions.read_summary(summary=summary, opinion="配件加急", by=general.party, now=at(16, 10))
    assert (summary.read_by, summary.record.state) == (general.party, "REVIEWED")
    assert duty_of(summary, "complaint.reading").state == "DONE"
    printed = summaries.printed(summary)
    assert (printed["opinion"], printed["read"]["name"]) == ("配件加急", general.party.name)
    codes = Entry.objects.filter(code__startswith="complaints.summary").order_by("id")
    assert [entry.code for entry in codes] == ["complaints.summary_sent", "complaints.summary_read"]


@pytest.mark.rule("F001-40")
def test_the_office_sends_the_summary_on_its_page_and_it_prints(fruit):
    opened(fruit, item="SECURITY")
    (summary,) = actions.open_weeks(now=NEXT_MONDAY)
    address = reverse("complaints:summary", args=[summary.pk])
    office, general = browser(fruit["GENERAL_OFFICE"]), browser(fruit["GENERAL_MANAGER"])

    with clock.at(NEXT_MONDAY):
        assert "保安部" in office.get(address).content.decode()
        assert general.get(address).context["form"] is None
        office.post(address, {"text": "本周一件"})
        sheet = office.get(reverse("complaints:print_summary", args=[summary.pk, "html"]))
        general.post(address, {"text": "阅"})
        listed = general.get(reverse("complaints:summaries"))
    summary.refresh_from_db()
    assert summary.read_by == fruit["GENERAL_MANAGER"].party
    assert listed.context["listing"].number == 1
    text = sheet.content.decode()
    assert "ZH-2026-001" in text
    assert "本周一件" in text
    assert browser(fruit["SHOP_HEAD"]).get(address).status_code == 404


# ---- the analysis


def an_analysis(house, **given):
    return actions.sign_analysis(
        **{
            "unit": house.unit,
            "period": Period.around(Kind.MONTH, dt.date(2026, 3, 1), "Asia/Shanghai"),
            "figures": {
                "unit": "恒远公司",
                "period": "2026-03",
                "by_item": [{"name": "服务态度", "count": "1"}],
            },
            "problems": "服务站接待冷淡",
            "plans": [actions.Plan("接待培训", house["DEALER"].party, dt.date(2026, 3, 20))],
            "by": house["taker"].party,
            "now": MONDAY,
            **given,
        }
    )


@pytest.mark.rule("FM002-22", "ST002-62")
def test_an_analysis_keeps_its_figures_and_each_measure_is_owed_by_its_owner(car):
    summary = an_analysis(car)

    assert summary.record.number == "FX-2026-001"
    assert summary.record.data["problems"] == "服务站接待冷淡"
    assert summary.record.data["measures"] == [
        {"text": "接待培训", "owner": car["DEALER"].party.name, "due": "2026-03-20"}
    ]
    measure = Measure.objects.get()
    duty = duty_of(measure, "complaint.measure")
    assert duty.owner == car["DEALER"].party
    assert duty.due_at.astimezone(MONDAY.tzinfo).date() == dt.date(2026, 3, 20)
    opened(car, item="ATTITUDE")
    summary.refresh_from_db()
    (line,) = summary.record.data["by_item"]
    assert (line["name"], line["count"]) == ("服务态度", "1")

    with pytest.raises(actions.CannotSum):
        actions.finish_measure(measure=measure, result="已培训", by=car["taker"].party, now=at(10, 9))
    actions.finish_measure(measure=measure, result="已培训二十人", by=car["DEALER"].party, now=at(10, 9))
    assert (measure.result, duty_of(measure, "complaint.measure").state) == ("已培训二十人", "DONE")


@pytest.mark.rule("FM002-22")
@pytest.mark.parametrize(("day", "fine"), [(9, True), (8, False)])
def test_a_measure_is_due_today_at_the_earliest(car, day, fine):
    plans = [actions.Plan("培训", car["DEALER"].party, dt.date(2026, 3, day))]
    if fine:
        assert an_analysis(car, plans=plans).measures.count() == 1
        return
    with pytest.raises(actions.CannotSum):
        an_analysis(car, plans=plans)
    assert not Summary.objects.exists()


@pytest.mark.rule("FM002-22")
def test_an_analysis_is_signed_on_its_page_with_the_figures_of_the_period(car):
    opened(car, item="ATTITUDE")
    client = browser(car["GENERAL_MANAGER"])
    address = reverse("complaints:sign_analysis") + "?kind=MONTH&day=2026-03-01"
    given = {"problems": "态度", "text_1": "培训", "owner_1": car["DEALER"].pk, "due_1": "2026-03-30"}

    with clock.at(MONDAY):
        half = client.post(address, given | {"due_1": ""})
        assert half.context["form"].errors
        client.post(address, given)
        summary = Summary.objects.get()
        page = client.get(reverse("complaints:summary", args=[summary.pk])).content.decode()
        pdf = client.get(reverse("complaints:print_summary", args=[summary.pk, "docx"]))

    assert summary.record.data["by_item"][0]["count"] == "1"
    assert "服务态度" in page
    assert pdf.status_code == 200


# ---- the enterprise's regulation


@pytest.mark.rule("R001-220")
def test_the_regulation_names_its_seven_subjects_each_with_its_clause(enterprise):
    manual = regime_at(enterprise.unit.pk, MONDAY).manual
    rows = manual.lists["制度内容"].rows

    assert [row.word.name for row in rows] == ["表单编号", "调查处理", "追踪改进", "成品退货", "处理期限", "核决权限", "处理逾期反应"]  # fmt: skip
    assert all(manual.clause(row.cells["见条款"].text) is not None for row in rows)


@pytest.mark.rule("R001-221")
def test_the_registration_names_the_product_whose_quality_is_complained_of(enterprise):
    regime = regime_at(enterprise.unit.pk, MONDAY)
    given = {
        "unit": enterprise.unit,
        "text": "…",
        "channel": "PHONE",
        "by": enterprise["taker"].party,
        "now": MONDAY,
    }

    with pytest.raises(actions.CannotOpen):
        actions.register(**given, more={})
    made = actions.register(**given, more={"product": "电机 M-220"})
    assert made.more["product"] == "电机 M-220"
    assert next(row for row in regime.fields if row.word.code == "product").cells["必填"].text == "是"


@pytest.mark.rule("R001-223")
def test_the_flow_is_shown_as_a_chart_with_the_present_stage_marked(enterprise):
    case = opened(enterprise, item="SPECIFICATION")
    walked(case, until="业务查明", now=at(9, 10, 30))
    regime = regime_of(case)
    chart = flow.chart(regime, now=case.stage, done={"受理登记", "立案"})

    stages = regime.answer.table.stages
    assert len(chart.boxes) == len(stages)
    assert [box.name for box in chart.boxes if box.state == "now"] in (
        ["业务查明"],
        ["Check order and demand"],
    )
    assert sum(box.state == "done" for box in chart.boxes) == 2
    leads = sum(len({branch.stage for branch in stage.next if branch.stage}) for stage in stages)
    assert leads == len(chart.falls) + len([way for way in chart.ways if way.path])
    assert {way.label for way in chart.ways if way.back} in ({"退回"}, {"Send back"})
    page = (
        browser(enterprise["GENERAL_MANAGER"])
        .get(reverse("complaints:flow", args=[case.pk]))
        .content.decode()
    )
    assert 'class="box is-now"' in page


def test_the_flow_names_posts_and_conditions_in_english(enterprise):
    case = opened(enterprise)

    with translation.override("en"):
        chart = flow.chart(regime_of(case), now=case.stage)

    said = [text for box in chart.boxes for text in (box.name, box.note)] + [way.label for way in chart.ways]
    assert [text for text in said if re.search("[\u4e00-\u9fff]{2}", text.split(" · ")[0])] == []


# ---- applications of the car maker on paper


def ask(house, complaint, kind, **given):
    return actions.ask_grant(
        **{"complaint": complaint, "kind": kind, "amount": Decimal(3000), "reason": "质量原因,已超保",
           "by": house["DEALER"].party, "now": MONDAY, **given}
    )  # fmt: skip


def paper(house, complaint, code):
    client = browser(house["GENERAL_MANAGER"])
    return client.get(reverse("complaints:print", args=[complaint.pk, "html"]), {"form": code})


@pytest.mark.rule("F001-43")
def test_the_special_case_prints_what_was_asked_and_granted(car):
    complaint = opened(car)
    assert paper(car, complaint, "F001-43").status_code == 404
    grant = ask(car, complaint, "SPECIAL_CASE", cost=Decimal(4000))
    actions.decide_grant(
        grant=grant,
        agree=True,
        opinion="按一半",
        amount=Decimal(2000),
        by=car["TECHNICAL_SUPPORT"].party,
        now=at(9, 12),
    )

    text = paper(car, complaint, "F001-43").content.decode()
    filled = sheets.Filled(queries.file_of(Complaint.objects.get(pk=complaint.pk)), regime_of(complaint))
    (form,) = sheets.grant_forms(filled)
    data = values.gather(form, filled)

    assert (data["cost"], data["asked"], data["granted"], data["ratio"]) == (
        "4000.00",
        "3000.00",
        "2000.00",
        "50.0",
    )
    assert (data["decision"], data["decided_sign"]["name"]) == (
        ["GRANTED"],
        car["TECHNICAL_SUPPORT"].party.name,
    )
    assert "按一半" in data["opinions"]
    assert "质量原因,已超保" in text
    assert paper(car, complaint, "F001-44").status_code == 404


@pytest.mark.rule("F001-44", "R001-157")
@pytest.mark.parametrize(("kind", "label"), [("MAINTENANCE", "免费维修保养"), ("COST", "商务费用")])
def test_special_compensation_has_a_kind_an_amount_and_a_reason_and_prints_them(car, kind, label):
    complaint = opened(car)
    for wrong in (
        {"form": ""},
        {"form": "CASH"},
        {"form": kind, "amount": Decimal(0)},
        {"form": kind, "reason": " "},
    ):
        with pytest.raises(actions.CannotGrant):
            ask(car, complaint, "GOODWILL", **wrong)
    grant = ask(car, complaint, "GOODWILL", form=kind, amount=Decimal(600), reason="维护品牌")

    assert (grant.form, grant.asked, grant.reason) == (kind, Decimal(600), "维护品牌")
    filled = sheets.Filled(queries.file_of(Complaint.objects.get(pk=complaint.pk)), regime_of(complaint))
    (form,) = sheets.grant_forms(filled)
    data = values.gather(form, filled)
    assert (data["form"], data["asked"], data["reason"], data["granted"]) == (
        [kind],
        "600.00",
        "维护品牌",
        "",
    )
    assert paper(car, complaint, "F001-44").status_code == 200
    assert next(option.zh for option in form.by_key["form"].options if option.code == kind) == label


def test_a_measure_needs_its_text_its_owner_and_its_day(car):
    staff = queries.staff_near(car.unit.pk)
    form = forms.AnalysisForm({"problems": "…", "text_2": "培训"}, staff=staff)

    assert not form.is_valid()
    assert "text_2" in form.errors
