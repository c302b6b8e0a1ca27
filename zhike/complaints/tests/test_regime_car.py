"""D12: the car maker's centre takes and grades, a dealer works it, technical support decides special cases."""

from decimal import Decimal

import pytest
from django.urls import reverse

from zhike.complaints import actions, questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_at
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.ask import ask, ask_all, typed
from zhike.kernel.policy.evaluate import deciding
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.people.tests.factories import MONDAY

from .factories import at, browser
from .regimes import a_house, limits, opened, owner_of, step, walked

pytestmark = pytest.mark.django_db
POSTS = ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"]
ORDINARY = ["定级分派", "调查原因", "提出方案", "执行方案", "答复客户", "跟踪确认", "结案"]
# the tens and nines of the source, each under its number
MAJOR = {
    1: ["FIRE_OR_BIG_ACCIDENT"],
    2: ["AIRBAG"],
    3: ["CHANGE_OF_CAR"],
    4: ["RETURN_OF_CAR"],
    5: ["NEW_ENGINE"],
    6: ["NEW_GEARBOX"],
    7: ["TO_PUBLIC_BODIES"],
    8: ["BRAKES", "STEERING_OR_STALLING"],
    9: ["BREACH_OF_LAW"],
    10: ["MAJOR_CONTROL"],
}
GRADE_A = {
    1: ["AIRBAG", "BRAKES", "SAFETY_PARTS"],
    2: ["FIRE_OR_BIG_ACCIDENT", "TRAFFIC_ACCIDENT"],
    3: ["MAY_BE_SUED"],
    4: ["MAY_BE_REPORTED"],
    5: ["WRITTEN_ANSWER"],
    6: ["PUBLIC_BODIES_STEP_IN"],
    7: ["CHANGE_AND_DAMAGES"],
    8: ["REPEATED_REPAIR"],
    9: ["BLOCKS_DOOR"],
}
IN_A = {code for codes in GRADE_A.values() for code in codes}


@pytest.fixture
def house(db):
    return a_house("car-complaints", POSTS, taker="CUSTOMER_CENTRE")


def numbered(house, column):
    """Codes of the circumstances by the number that the source prints."""
    found = {}
    for row in regime_at(house.unit.pk, MONDAY).manual.lists[questions.CIRCUMSTANCES].rows:
        if row.cells[column].text != "-":
            found.setdefault(int(row.cells[column].text), []).append(row.word.code)
    return {number: sorted(codes) for number, codes in sorted(found.items())}


def graded(house, *circumstances):
    complaint = opened(house, circumstances=list(circumstances))
    return complaint.grade, complaint.major


# ---- intake and the way of a case


@pytest.mark.rule("S001-055")
def test_the_centre_takes_and_assigns_the_dealer_handles_the_centre_follows_to_the_end(house):
    more = {
        "vin": "LS5A3ABE8DA000001",
        "model": "SX4",
        "mileage": "41200",
        "purchased_on": "2023-05-04",
        "vehicle_owner": "周一",
        "repairs": "2024-02 换过节气门",
        "dealer": "城东服务站",
        "warranty": "OUT_OF_WARRANTY",
    }
    complaint = opened(house, item="QUALITY", more=more)

    who = {}
    while complaint.is_open:
        who[complaint.stage] = owner_of(complaint)
        step(complaint)

    assert list(who) == ORDINARY
    centre, dealer = house["CUSTOMER_CENTRE"].party, house["DEALER"].party
    assert [stage for stage, owner in who.items() if owner == dealer] == ORDINARY[1:5]
    assert [stage for stage, owner in who.items() if owner == centre] == ["定级分派", "跟踪确认", "结案"]
    assert Complaint.objects.get().more == more


def test_what_is_not_solved_goes_back_to_the_dealer(house):
    complaint = opened(house)
    walked(complaint, until="跟踪确认")

    assert step(complaint, decision=True) == "调查原因"
    assert owner_of(complaint) == house["DEALER"].party
    walked(complaint, until="跟踪确认")
    assert step(complaint, decision=False) == "结案"


@pytest.mark.rule("R001-149")
@pytest.mark.parametrize(("contract", "post"), [("是", "DEALER"), ("", "DEALER"), ("否", "CUSTOMER_CENTRE")])
def test_only_who_has_a_contract_with_the_maker_is_given_complaints(house, contract, post):
    complaint = opened(house, more={"contract": contract})

    assert (complaint.handler, complaint.handler_code) == (house[post].party, post)
    assert complaint.clause == "一(二)"


@pytest.mark.rule("R001-151")
def test_the_ways_by_which_a_complaint_comes_in_and_the_five_media(house):
    regime = regime_at(house.unit.pk, MONDAY)

    ways = {"PORTAL", "PHONE", "FAX", "EMAIL", "MEDIA", "LETTER", "WORD", "OTHER"}
    assert {code for code, _label in regime.channels} == ways
    assert [word.name for word in regime.words("媒体类型")] == ["报纸", "杂志", "电视", "广播", "网络"]
    complaint = opened(house, channel="MEDIA", more={"medium": "RADIO"})
    assert (complaint.channel, complaint.more) == ("MEDIA", {"medium": "RADIO"})


# ---- major, A, B


@pytest.mark.rule("R001-152", "T001-08")
def test_each_of_the_ten_conditions_makes_a_complaint_major(house):
    assert numbered(house, "重大项") == {number: sorted(codes) for number, codes in MAJOR.items()}

    found = {code: graded(house, code) for codes in MAJOR.values() for code in codes}
    assert found == {code: ("A" if code in IN_A else "ORDINARY", True) for code in found}
    assert graded(house) == ("ORDINARY", False)


@pytest.mark.rule("R001-153", "T001-09")
def test_each_of_the_nine_conditions_makes_it_grade_a_and_major(house):
    assert numbered(house, "A级项") == {number: sorted(codes) for number, codes in GRADE_A.items()}

    assert {graded(house, code) for code in IN_A} == {("A", True)}


@pytest.mark.rule("S001-056", "R001-154", "T001-09")
def test_a_goes_before_b_and_b_before_ordinary(house):
    assert graded(house, "MEDIA_EXPOSURE") == ("B", True)
    assert graded(house, "MAY_BE_REPORTED") == ("A", True)  # a risk, not public yet
    assert graded(house, "MEDIA_EXPOSURE", "BLOCKS_DOOR") == ("A", True)
    assert graded(house, "MEDIA_EXPOSURE", "MAJOR_CONTROL") == ("B", True)


@pytest.mark.rule("R001-154")
def test_an_ordinary_complaint_becomes_b_when_it_is_exposed(house):
    complaint = opened(house)
    assert (complaint.grade, complaint.major) == ("ORDINARY", False)

    actions.change_facts(
        complaint=complaint,
        circumstances=["MEDIA_EXPOSURE"],
        more={"medium": "TV", "exposed_on": "2026-03-08"},
        reason="昨晚电视播出",
        by=house["taker"].party,
        now=MONDAY,
    )

    complaint.refresh_from_db()
    assert (complaint.grade, complaint.major) == ("B", True)
    assert complaint.more == {"medium": "TV", "exposed_on": "2026-03-08"}


def test_the_graver_the_sooner_and_a_written_answer_is_owed_by_the_centre(house):
    ordinary = opened(house)
    exposed = opened(house, circumstances=["MEDIA_EXPOSURE"])
    grave = opened(house, circumstances=["WRITTEN_ANSWER"])

    assert limits(ordinary) == {"response": at(9, 15), "resolution": at(18, 17, 30)}
    assert limits(exposed) == {"response": at(9, 11), "resolution": at(16, 17, 30)}
    assert limits(grave) == {"response": at(9, 10, 30), "resolution": at(12, 17, 30), "reply": at(16, 17, 30)}
    written = Duty.objects.get(kind="complaint.reply")
    assert written.owner == house["CUSTOMER_CENTRE"].party


# ---- who pays


@pytest.mark.rule("R001-155")
def test_technical_support_decides_the_special_case_that_the_dealer_applies_for(house):
    more = {
        "product_cause": "是",
        "warranty": "OUT_OF_WARRANTY",
        "special_case": "是",
        "repair_cost": "4200.00",
    }
    complaint = opened(house, more=more)
    assert walked(complaint, until="提出方案")[-1] == "调查原因"
    with pytest.raises(actions.CannotStep, match="先提出“特案保修”申请"):
        step(complaint)
    assert complaint.stage == "提出方案"

    refused = applied(house, complaint)
    assert step(complaint) == "特案裁定"
    assert owner_of(complaint) == house["TECHNICAL_SUPPORT"].party
    for sent_back in (True, False):
        with pytest.raises(actions.CannotStep, match="已在申请"):
            step(complaint, decision=sent_back)

    decided(house, refused, agree=False, opinion="照片看不清,补充后再申请")
    complaint.refresh_from_db()
    assert (complaint.stage, complaint.more["special_case"]) == ("提出方案", "否")
    assert owner_of(complaint) == house["DEALER"].party
    granted = applied(house, complaint)
    complaint.refresh_from_db()
    assert step(complaint) == "特案裁定"
    decided(house, granted, amount=Decimal(2100), opinion="批次缺陷属实,按五成")
    complaint.refresh_from_db()
    assert (complaint.stage, complaint.more["special_case"]) == ("执行方案", "是")
    last = complaint.steps.order_by("pk").last()
    assert (last.stage, last.by, last.decision) == ("特案裁定", house["TECHNICAL_SUPPORT"].party, False)
    assert "2100" in last.text
    assert "批次缺陷属实" in last.text


def applied(house, complaint):
    given = {"kind": "SPECIAL_CASE", "amount": Decimal(3000), "cost": Decimal(4200), "reason": "批次缺陷"}
    complaint.refresh_from_db()
    grant = actions.ask_grant(complaint=complaint, by=house["DEALER"].party, now=MONDAY, **given)
    complaint.refresh_from_db()
    return grant


def decided(house, grant, *, agree=True, **given):
    by = house["TECHNICAL_SUPPORT"].party
    return actions.decide_grant(grant=grant, agree=agree, by=by, now=MONDAY, **{"opinion": "", **given})


@pytest.mark.rule("R001-155", "S001-057")
def test_a_case_is_not_carried_out_with_a_special_case_that_was_withdrawn(house):
    complaint = opened(house)
    walked(complaint, until="提出方案")
    grant = applied(house, complaint)
    assert step(complaint) == "特案裁定"

    approvals.withdraw(approval=grant.approval, by=house["DEALER"].party, now=MONDAY)
    complaint.refresh_from_db()

    assert complaint.stage == "特案裁定"
    with pytest.raises(actions.CannotStep, match="未获批准"):
        step(complaint, decision=False)
    assert step(complaint, decision=True) == "提出方案"
    assert step(complaint) == "执行方案"


@pytest.mark.rule("R001-155")
def test_a_special_case_that_was_granted_before_its_stage_lets_the_case_pass_there(house):
    complaint = opened(house)
    walked(complaint, until="提出方案")
    decided(house, applied(house, complaint))
    complaint.refresh_from_db()

    assert step(complaint) == "特案裁定"
    assert step(complaint, decision=False) == "执行方案"


@pytest.mark.rule("R001-155")
def test_the_case_page_leads_from_the_stage_to_the_decision_and_back(house):
    complaint = opened(house, more={"special_case": "是"})
    walked(complaint, until="提出方案")
    address = reverse("complaints:detail", args=[complaint.pk])

    assert (
        "Apply for “Special-case warranty” first"
        in browser(house["DEALER"], "en").get(address).content.decode()
    )
    grant = applied(house, complaint)
    step(complaint)
    page = browser(house["TECHNICAL_SUPPORT"], "en").get(address).content.decode()
    assert "It is taken by deciding the application." in page
    assert reverse("complaints:step", args=[complaint.pk]) not in page
    decide = reverse("complaints:decide_grant", args=[complaint.pk, grant.pk])
    assert decide in page

    answer = browser(house["TECHNICAL_SUPPORT"]).post(decide, {"agree": "1", "opinion": "同意"})
    assert answer.status_code in {200, 302}
    complaint.refresh_from_db()
    assert complaint.stage == "执行方案"


@pytest.mark.rule("R001-155")
def test_a_dealer_does_not_decide_its_own_application(house):
    complaint = opened(house)
    walked(complaint, until="提出方案")
    grant = applied(house, complaint)
    step(complaint)

    with pytest.raises(actions.CannotGrant):
        actions.decide_grant(grant=grant, agree=True, opinion="", by=house["DEALER"].party, now=MONDAY)
    complaint.refresh_from_db()
    assert complaint.stage == "特案裁定"


def paid(house, **facts):
    """Ways to pay with what may be paid, for facts by label; what is not given is 否."""
    manual = regime_at(house.unit.pk, MONDAY).manual
    unsaid = dict.fromkeys(["公司同意特案", "服务保证以外", "维护品牌需要", "公司同意理赔"], "否")
    values = typed(manual, {**unsaid, **facts}, MONDAY.date())
    table = manual.decision("费用承担")
    found = deciding.decide_all(manual, "费用承担", values, MONDAY.date())
    return [tuple(cell.text for cell in table.rows[one.row - 1].outcomes) for one in found]


@pytest.mark.rule("T001-10")
def test_who_pays_follows_from_cause_warranty_and_consent(house):
    product = {"产品质量原因": "是"}
    beyond = {**product, "保修状态": "OUT_OF_WARRANTY"}
    goodwill = {"服务保证以外": "是", "维护品牌需要": "是", "公司同意理赔": "是"}

    assert paid(house, **product, 保修状态="IN_WARRANTY") == [("普通保修", "-")]
    assert paid(house, **beyond, 公司同意特案="是") == [("特案保修", "(0%..100%)")]
    assert paid(house, **beyond) == [("不予承担", "[0%..0%]")]
    assert paid(house, 产品质量原因="否", 保修状态="OUT_OF_WARRANTY", 公司同意特案="是") == []
    assert paid(house, **goodwill) == [("特别理赔", "-")]
    assert all(paid(house, **{**goodwill, label: "否"}) == [] for label in goodwill)


@pytest.mark.rule("T001-10")
def test_special_case_and_goodwill_may_stand_side_by_side(house):
    both = {"公司同意特案": "是", "服务保证以外": "是", "维护品牌需要": "是", "公司同意理赔": "是"}

    found = paid(house, 产品质量原因="是", 保修状态="OUT_OF_WARRANTY", **both)

    assert [way for way, _share in found] == ["特案保修", "特别理赔"]


def test_goodwill_above_the_centre_s_limit_is_approved_by_the_general_manager_too(house):
    lines = {}
    for amount in (Decimal(5000), Decimal("5000.01")):
        approval = actions.propose_compensation(
            complaint=opened(house), amount=amount, by=house["DEALER"].party, now=MONDAY
        )
        lines[amount] = list(approval.steps.order_by("level").values_list("approver__name", flat=True))
    centre, head = house["CUSTOMER_CENTRE"].party.name, house["GENERAL_MANAGER"].party.name

    assert lines == {Decimal(5000): [centre], Decimal("5000.01"): [centre, head]}
    assert Approval.objects.count() == 2


def test_a_special_case_is_the_technical_support_section_s_whatever_its_amount(house):
    complaint = opened(house)

    for amount in (Decimal(1), Decimal(80000)):
        ruling = ask(
            questions.APPROVAL,
            about=complaint,
            unit_id=house.unit.pk,
            by=None,
            now=MONDAY,
            facts={"matter": "SPECIAL_CASE", "amount": amount},
        )
        assert (ruling["approvers"], ruling.clause) == (["技术支持系"], "三(五)")


# ---- valid complaints

IN_SERVICE = ["BY_ATTITUDE", "BY_MANAGEMENT", "BY_TECHNIQUE", "BY_OTHER_SERVICE"]
IN_HANDLING = ["IMAGE_NOT_FIRST", "WEAK_FOLLOW_UP", "WEAK_COOPERATION", "WEAK_EXECUTION", "OTHER_IN_HANDLING"]
WORSE = ["REPEATED", "ESCALATED", "LARGER_LOSS", "IMAGE_HARMED"]


def judged(house, cause="", worsened=""):
    """What the manual says of a complaint with this cause; None where it does not say."""
    complaint = opened(house, more={"fault_cause": cause, "worsened": worsened})
    found = ask_all(
        questions.VALIDITY,
        about=complaint,
        unit_id=house.unit.pk,
        by=None,
        now=MONDAY,
    )
    return found[0]["valid"] if found else None


@pytest.mark.rule("T001-11")
def test_what_the_dealer_caused_is_valid_what_the_product_caused_is_not(house):
    assert [judged(house, cause) for cause in IN_SERVICE] == [True] * 4
    assert [judged(house, cause) for cause in ("PRODUCT", "OTHER")] == [False] * 2
    assert judged(house, "PRODUCT", "REPEATED") is False
    assert judged(house) is None  # not judged yet


@pytest.mark.rule("T001-11")
def test_a_fault_in_the_handling_counts_only_where_it_made_things_worse(house):
    assert [judged(house, cause, WORSE[0]) for cause in IN_HANDLING] == [True] * 5
    assert [judged(house, IN_HANDLING[1], effect) for effect in WORSE] == [True] * 4
    assert [judged(house, cause) for cause in IN_HANDLING] == [False] * 5
