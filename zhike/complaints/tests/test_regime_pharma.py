"""D22: a pharmaceutical company; apologise, explain, else the opinion of whoever is competent, sum up with a verdict."""

import pytest

from zhike.complaints import actions, forms, more_fields
from zhike.complaints.regime import regime_of
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures.models import Move
from zhike.people.tests.factories import MONDAY, appoint

from .factories import at
from .regimes import a_house, limits, opened, owner_of, step, walked

pytestmark = pytest.mark.django_db
POSTS = [
    "MARKETING_DIRECTOR",
    "REGION_MANAGER",
    "AREA_MANAGER",
    "BACK_OFFICE_HEAD",
    "BACK_OFFICE",
    "QUALITY_HEAD",
]
SALES = {"route": "SALES_DEPARTMENT"}
REGION = {"route": "REGION_MANAGER"}
BACK_OFFICE = {"route": "BACK_OFFICE"}
# of a Friday: what is due in one working day is due on Monday the 9th
FRIDAY, MONDAY_EVENING = at(6, 15), at(9, 17, 30)


@pytest.fixture
def house(db):
    return a_house("pharma-complaints", POSTS)


def service(house, **given):
    """Against a district manager, at the sales department."""
    return opened(house, **{"item": "BY_DISTRICT_MANAGER", "more": SALES, **given})


def against_back_office(house, *circumstances, **given):
    more = given.pop("more", BACK_OFFICE)
    return opened(house, item="BY_BACK_OFFICE", circumstances=circumstances, more=more, **given)


def product(house, **given):
    return opened(house, **{"item": "PRODUCT_TROUBLE", "more": BACK_OFFICE, **given})


def owners(kind):
    return {duty.owner for duty in Duty.objects.open().filter(kind=f"complaint.{kind}")}


@pytest.mark.rule("R001-247")
def test_a_complaint_is_about_service_or_about_a_product(house):
    regime = regime_of(opened(house))
    groups = {code: regime.group_of(code) for code, _label in regime.choices("投诉项目")}

    assert groups == {
        "BY_BACK_OFFICE": "SERVICE",
        "BY_DISTRICT_MANAGER": "SERVICE",
        "BY_PROVINCE_MANAGER": "SERVICE",
        "BY_REGION_MANAGER": "SERVICE",
        "PRODUCT_TROUBLE": "PRODUCT",
        "REACTION": "PRODUCT",
    }


@pytest.mark.rule("R001-247", "T001-15")
@pytest.mark.parametrize(
    ("item", "stage"),
    [("BY_PROVINCE_MANAGER", "当场解释"), ("REACTION", "询问产品"), ("", "当场解释")],
)
def test_the_object_says_who_speaks_with_the_customer_first(house, item, stage):
    complaint = opened(house, item=item, more=SALES)

    assert complaint.stage == stage
    assert owner_of(complaint) == house["BACK_OFFICE" if item == "REACTION" else "taker"].party


# --- what is registered


def form_of(house, regime, **data):
    """The registration form as it came back from the browser."""
    given = {"unit": house.unit.pk, "channel": "PHONE", "text": "药片颜色发暗。", "item": "PRODUCT_TROUBLE"}
    given |= {"more_apology": "on", "more_route": "BACK_OFFICE", **data}
    return forms.IntakeForm(given, regime=regime, units=[house.unit], staff=Party.objects.none(), now=MONDAY)


@pytest.mark.rule("R001-250")
@pytest.mark.parametrize(("tick", "errors"), [("on", set()), ("", {"more_apology"})])
@pytest.mark.parametrize("item", ["PRODUCT_TROUBLE", "BY_BACK_OFFICE"])
def test_nothing_is_registered_before_the_customer_has_had_an_apology(house, item, tick, errors):
    form = form_of(house, regime_of(opened(house)), item=item, more_apology=tick)

    assert set(form.errors) == errors


@pytest.mark.rule("F001-68")
@pytest.mark.parametrize(
    ("route", "errors"),
    [("SALES_DEPARTMENT", set()), ("", {"more_route"}), ("RECEPTION", {"more_route"})],
)
def test_where_it_arrived_is_one_of_three(house, route, errors):
    form = form_of(house, regime_of(opened(house)), more_route=route)

    assert set(form.errors) == errors


COLUMNS = {"more_product_class": "片剂", "more_batch": "250311", "more_product_time": "2025-11-02", "more_arrival_time": "2026-02-20", "more_quality_problem": "颜色发暗,有裂片", "more_reaction": "皮疹", "more_severity": "MARKED", "more_dose": "一次两片", "more_onset": "2026-03-01", "more_doctor": "市一院贾医生", "more_sample_kept": "是"}  # fmt: skip


@pytest.mark.rule("R001-249")
def test_a_complaint_is_in_the_register_the_moment_it_is_heard(house):
    complaint = service(house, now=FRIDAY)
    moved = Move.objects.get(from_stage="登记")

    assert complaint.number == "YY-202603-0001"
    assert (moved.kind, moved.at, complaint.opened_at) == ("intake", FRIDAY, FRIDAY)


@pytest.mark.rule("R001-249", "R001-256", "F001-68", "A001-37")
def test_the_register_has_its_columns_and_keeps_them(house):
    regime = regime_of(opened(house))
    form = form_of(house, regime, **COLUMNS)
    assert form.is_valid(), form.errors
    complaint = opened(house, **{key: form.cleaned_data[key] for key in ("text", "item", "more")})

    assert set(form.more) == {*COLUMNS, "more_apology", "more_route"}
    assert dict(more_fields.in_words(regime, complaint.more)) == {
        "已致歉": "是",
        "到达": "销售后勤",
        "产品类别": "片剂",
        "批号": "250311",
        "产品时间": "2025-11-02",
        "到货时间": "2026-02-20",
        "质量问题": "颜色发暗,有裂片",
        "不良反应": "皮疹",
        "反应程度": "较重",
        "用法用量": "一次两片",
        "反应开始时间": "2026-03-01",
        "就诊医生": "市一院贾医生",
        "留样": "是",
    }


# --- service


@pytest.mark.rule("R001-251", "T001-15")
def test_what_can_be_explained_is_explained_on_the_spot(house):
    complaint = service(house)
    duty = Duty.objects.open().get(kind="complaint.guidance")

    assert (duty.owner, duty.due_at) == (house["taker"].party, at(9, 10, 30))
    assert step(complaint, decision=True) == "总结"
    assert not Duty.objects.filter(kind="complaint.opinion").exists()


@pytest.mark.rule("R001-251")
def test_what_is_beyond_the_takers_authority_is_reported_at_once(house):
    complaint = service(house)

    assert step(complaint, decision=False, now=at(9, 10, 10)) == "上报"
    duty = Duty.objects.open().get(kind="complaint.report")
    assert (duty.owner, duty.due_at) == (house["taker"].party, at(9, 10, 40))
    assert step(complaint, now=at(9, 10, 25)) == "区域意见"
    assert complaint.steps.get(kind="report").at == at(9, 10, 25)


@pytest.mark.rule("R001-253", "A001-39", "T001-15")
@pytest.mark.parametrize("post", ["AREA_MANAGER", "MARKETING_DIRECTOR"])
def test_either_the_area_manager_or_the_marketing_director_gives_the_opinion(house, post):
    complaint = service(house)
    walked(complaint, until="区域意见")
    assert complaint.steps.filter(kind="report").count() == 1
    assert owners("opinion") == {house["AREA_MANAGER"].party, house["MARKETING_DIRECTOR"].party}

    assert step(complaint, by=house[post].party) == "答复客户"
    assert owners("opinion") == set()


@pytest.mark.rule("R001-253", "T001-15", "T001-37")
def test_the_opinion_is_due_within_one_working_day_of_the_report(house):
    complaint = service(house, now=at(5, 9))
    walked(complaint, until="上报", now=at(5, 9))
    step(complaint, now=FRIDAY)

    due = {duty.due_at for duty in Duty.objects.open().filter(kind="complaint.opinion")}
    assert due == {MONDAY_EVENING}
    complaint.refresh_from_db()
    assert not complaint.is_late(at(9, 17, 30))
    assert complaint.is_late(at(9, 17, 31))
    assert regime_of(complaint).manual.params["意见期限"].bound is None


@pytest.mark.rule("R001-254", "T001-15")
@pytest.mark.parametrize("item", ["BY_PROVINCE_MANAGER", "BY_BACK_OFFICE"])
@pytest.mark.parametrize(("common", "then"), [(True, "防范措施"), (False, "答复客户")])
def test_the_region_manager_gives_the_opinion_on_what_arrives_there(house, item, common, then):
    complaint = opened(house, item=item, more=REGION)

    assert (complaint.stage, complaint.clause) == ("大区意见", "4.1.2")
    assert owners("opinion") == {house["REGION_MANAGER"].party} == {complaint.handler}
    assert step(complaint, decision=common) == then


@pytest.mark.rule("R001-254")
def test_the_region_manager_says_what_keeps_a_common_complaint_from_recurring(house):
    complaint = service(house, more=REGION)
    step(complaint, decision=True)

    assert owner_of(complaint) == house["REGION_MANAGER"].party
    assert step(complaint) == "答复客户"
    assert list(complaint.steps.values_list("kind", "decision")) == [("opinion", True), ("plan", None)]


@pytest.mark.rule("R001-255", "T001-15")
@pytest.mark.parametrize("more", [BACK_OFFICE, SALES])
@pytest.mark.parametrize(
    ("circumstances", "level", "post"),
    [((), "BACK_OFFICE", "BACK_OFFICE_HEAD"), (("REPEATED",), "BACK_OFFICE", "BACK_OFFICE_HEAD"), (("GRAVE",), "DIRECTOR", "MARKETING_DIRECTOR")],
)  # fmt: skip
def test_against_the_back_office_its_head_gives_the_opinion_or_if_grave_the_director(
    house, circumstances, level, post, more
):
    complaint = against_back_office(house, *circumstances, more=more)

    assert (complaint.stage, complaint.clause, complaint.grade) == ("处理意见", "4.1.3", level)
    assert complaint.major is (level == "DIRECTOR")
    assert owners("opinion") == {house[post].party} == {complaint.handler}


@pytest.mark.rule("R001-255")
@pytest.mark.parametrize("circumstances", [(), ("GRAVE",)])
def test_after_the_opinion_the_customer_is_answered_and_the_person_guided(house, circumstances):
    complaint = against_back_office(house, *circumstances, accused=house["BACK_OFFICE"].party)

    assert walked(complaint) == ["处理意见", "答复客户", "指导当事人", "总结"]
    by = dict(complaint.steps.values_list("kind", "by"))
    assert by["reply"] == house["taker"].party.pk
    assert by["guidance"] == complaint.handler_id


@pytest.mark.rule("R001-255")
def test_what_turns_out_grave_goes_to_the_director(house):
    complaint = against_back_office(house)

    actions.change_facts(
        complaint=complaint, by=house["taker"].party, now=at(9, 11), reason="登报", circumstances=["GRAVE"]
    )

    assert complaint.handler == owner_of(complaint) == house["MARKETING_DIRECTOR"].party


def test_the_head_of_the_back_office_gives_no_opinion_on_a_complaint_about_the_head(house):
    complaint = against_back_office(house, accused=house["BACK_OFFICE_HEAD"].party)

    assert complaint.handler == owner_of(complaint) == house["AREA_MANAGER"].party


def test_only_whom_the_back_office_regulation_covers_is_guided(house):
    complaint = service(house)

    assert walked(complaint) == ["当场解释", "上报", "区域意见", "答复客户", "总结"]


@pytest.mark.rule("A001-38")
def test_region_and_area_are_two_posts_that_one_person_may_hold(house):
    assert house["AREA_MANAGER"].party != house["REGION_MANAGER"].party
    other = opened(house, more=REGION)
    assert other.handler == house["REGION_MANAGER"].party

    appoint(house["AREA_MANAGER"], "REGION_MANAGER", house.unit, kind="ACTING")
    area, region = service(house), service(house, more=REGION)

    assert area.handler == region.handler == house["AREA_MANAGER"].party
    assert (area.grade, region.grade) == ("AREA", "REGION")


# --- products


@pytest.mark.rule("R001-256", "T001-15")
@pytest.mark.parametrize("item", ["PRODUCT_TROUBLE", "REACTION"])
@pytest.mark.parametrize("more", [BACK_OFFICE, SALES, REGION])
def test_the_back_office_asks_about_the_product_first(house, item, more):
    complaint = product(house, item=item, more=more)

    assert (complaint.stage, complaint.handler) == ("询问产品", house["BACK_OFFICE"].party)
    assert owner_of(complaint) == house["BACK_OFFICE"].party
    with pytest.raises(actions.CannotStep):
        actions.record_step(
            complaint=complaint, kind="details", text=" ", by=house["BACK_OFFICE"].party, now=at(9, 11)
        )
    assert step(complaint) == "说明用法"


@pytest.mark.rule("R001-257", "T001-15")
def test_a_simple_or_doubtful_one_is_answered_by_the_right_use(house):
    complaint = product(house)
    walked(complaint, until="说明用法")
    assert owner_of(complaint) == house["BACK_OFFICE"].party

    assert step(complaint, decision=True) == "总结"
    assert not Duty.objects.filter(kind="complaint.opinion").exists()


@pytest.mark.rule("T001-15")
def test_any_other_gets_the_opinion_of_quality_within_one_working_day(house):
    complaint = product(house, now=FRIDAY)
    walked(complaint, until="说明用法", now=FRIDAY)

    assert step(complaint, decision=False, now=FRIDAY) == "质量意见"
    duty = Duty.objects.open().get(kind="complaint.opinion")
    assert (duty.owner, duty.due_at) == (house["QUALITY_HEAD"].party, MONDAY_EVENING)
    assert walked(complaint, now=FRIDAY) == ["质量意见", "答复客户", "总结"]


# --- the end


@pytest.mark.rule("R001-248", "R001-250", "R001-252")
@pytest.mark.parametrize("valid", [True, False])
@pytest.mark.parametrize(
    "given", [{}, {"more": REGION}, {"item": "BY_BACK_OFFICE"}, {"item": "PRODUCT_TROUBLE"}]
)
def test_every_complaint_closes_with_a_summary_that_says_valid_or_invalid(house, given, valid):
    complaint = service(house, **given)
    walked(complaint, until="总结")
    assert owner_of(complaint) == complaint.handler

    assert step(complaint, decision=valid) == ""
    assert complaint.closed_at is not None
    assert complaint.steps.get(kind="summary").decision is valid
    assert complaint.valid is valid


@pytest.mark.rule("R001-252")
def test_without_a_summary_it_stays_open(house):
    complaint = service(house)
    walked(complaint, until="总结", back={"当场解释": True})

    with pytest.raises(actions.CannotClose):
        actions.record_step(
            complaint=complaint, kind="summary", text="", by=complaint.handler, now=at(9, 11), decision=True
        )
    assert complaint.is_open


@pytest.mark.rule("R001-248")
def test_without_the_verdict_it_stays_open(house):
    complaint = service(house)
    walked(complaint, until="总结", back={"当场解释": True})

    with pytest.raises(actions.CannotStep, match="有效"):
        actions.record_step(
            complaint=complaint, kind="summary", text="加强培训", by=complaint.handler, now=at(9, 11)
        )
    assert complaint.is_open


def test_the_customer_is_answered_within_three_working_days_of_receipt(house):
    complaint = service(house, now=FRIDAY)

    assert limits(complaint) == {"reply": at(11, 17, 30)}


@pytest.mark.rule("R001-250", "R001-256")
@pytest.mark.parametrize(
    ("item", "more", "wanted"),
    [
        ("BY_DISTRICT_MANAGER", {"route": "SALES_DEPARTMENT"}, "已致歉"),
        ("PRODUCT_TROUBLE", {"route": "BACK_OFFICE", "apology": "是", "batch": "250311"}, "产品类别、产品时间、到货时间"),
    ],
)  # fmt: skip
def test_what_the_regulation_wants_registered_is_there_whoever_registers(house, item, more, wanted):
    with pytest.raises(actions.CannotOpen, match=wanted):
        actions.register(
            unit=house.unit, by=house["taker"].party, now=at(9, 10), channel="API", text="药片有裂纹", item=item, more=more
        )  # fmt: skip
