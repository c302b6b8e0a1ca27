"""D14: the factory's sheet within one hour, approvals, quality sign-off, reply clocks, plans that are sent back."""

import pytest
from django.urls import reverse

from zhike.complaints import actions
from zhike.complaints.capa import actions as corrective
from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty

from .factories import at, browser
from .regimes import a_house, limits, opened, owner_of, step, walked

pytestmark = pytest.mark.django_db
POSTS = [
    "GENERAL_MANAGER",
    "MARKETING_VICE_GM",
    "MANAGEMENT_REPRESENTATIVE",
    "MARKETING_HEAD",
    "DEPARTMENT_HEAD",
    "QUALITY_HEAD",
    "QUALITY_ENGINEER",
    "SALES_REPRESENTATIVE",
]
ORDINARY = ["初审", "发单", "主任核准", "品质签收", "判定责任", "原因和方案", "方案初审", "措施核准", "答复客户", "执行措施", "效果确认", "归档"]  # fmt: skip


@pytest.fixture
def house(db):
    return a_house("mfg-complaints", POSTS)


def major(house, **given):
    return opened(house, item="QUALITY", circumstances=["BATCH"], **given)


@pytest.mark.rule("R001-169", "R001-170", "R001-173..175")
def test_an_ordinary_complaint_goes_from_the_register_to_the_archive(house):
    complaint = opened(house, item="QUALITY", more={"foreign": "是", "lot": "L-07"})

    assert (complaint.stage, complaint.grade, complaint.major) == ("初审", "ORDINARY", False)
    assert owner_of(complaint) == house["MARKETING_HEAD"].party
    assert walked(complaint) == ORDINARY
    assert complaint.closed_at is not None
    assert Complaint.objects.get().more == {"foreign": "是", "lot": "L-07"}


@pytest.mark.rule("R001-176", "T001-12")
def test_the_sheet_is_issued_within_one_clock_hour_of_receipt(house):
    late = at(9, 17, 10)  # a clock hour runs on after the day's work
    complaint = opened(house, now=late)

    step(complaint, now=late)
    duty = Duty.objects.open().get(kind="complaint.issue")

    assert (duty.due_at, duty.owner) == (at(9, 18, 10), house["SALES_REPRESENTATIVE"].party)


@pytest.mark.rule("R001-177")
def test_a_major_complaint_is_approved_by_the_vice_general_manager_too(house):
    complaint = major(house)
    walked(complaint, until="主任核准")
    assert owner_of(complaint) == house["DEPARTMENT_HEAD"].party

    assert step(complaint) == "副总核准"
    assert owner_of(complaint) == house["MARKETING_VICE_GM"].party
    assert step(complaint) == "品质签收"
    assert owner_of(complaint) == house["QUALITY_HEAD"].party


@pytest.mark.rule("R001-177")
def test_a_sheet_that_is_sent_back_is_issued_again(house):
    complaint = opened(house)
    walked(complaint, until="主任核准")

    assert step(complaint, decision=True) == "发单"
    assert step(complaint) == "主任核准"


@pytest.mark.rule("R001-179", "R001-181", "T001-12", "T001-37")
def test_an_ordinary_complaint_is_answered_three_working_days_after_quality_has_signed(house):
    complaint = opened(house, now=at(6, 9))
    walked(complaint, until="品质签收", now=at(6, 9))
    assert limits(complaint) == {}

    step(complaint, now=at(6, 15))  # a Friday

    assert limits(complaint) == {"reply": at(11, 17, 30)}


@pytest.mark.rule("R001-180", "R001-181", "T001-12", "T001-37")
def test_both_clocks_of_a_major_complaint_start_when_quality_signs(house):
    complaint = major(house, now=at(6, 9))
    walked(complaint, until="品质签收", now=at(6, 9))

    step(complaint, now=at(6, 15))

    assert limits(complaint) == {"containment": at(9, 15), "reply": at(10, 17, 30)}
    assert set(Duty.objects.exclude(ruling_id=None).values_list("clause", flat=True)) == {"5.3.1"}
    assert complaint.stage == "落实临时措施"

    step(complaint, now=at(9, 14))

    assert limits(complaint) == {"reply": at(10, 17, 30)}
    temporary = Duty.objects.exclude(ruling_id=None).get(kind="complaint.containment")
    assert (temporary.state, temporary.done_at) == ("DONE", at(9, 14))


@pytest.mark.rule("R001-179..181")
def test_a_complaint_that_turns_out_to_be_major_owes_the_limits_of_a_major_one_from_the_same_moment(house):
    complaint = opened(house, item="QUALITY", now=at(6, 9))
    walked(complaint, until="品质签收", now=at(6, 9))
    step(complaint, now=at(6, 15))
    assert limits(complaint) == {"reply": at(11, 17, 30)}

    known = {"complaint": complaint, "by": owner_of(complaint), "reason": "整批都有"}
    actions.change_facts(**known, circumstances=["BATCH"], now=at(9, 11))
    assert limits(complaint) == {"containment": at(9, 15), "reply": at(10, 17, 30)}
    assert Duty.objects.get(state="CANCELLED", kind="complaint.reply").reason

    (counted,) = Entry.objects.filter(code="complaints.limits_counted")
    assert {title: one["limit"] for title, one in counted.before.items()} == {"答复": "3个工作日内"}
    assert {title: one["limit"] for title, one in counted.after.items()} == {
        "临时措施": "8个工作小时内",
        "答复": "2个工作日内",
    }

    actions.change_facts(**known, circumstances=[], now=at(9, 12))
    assert limits(complaint) == {"reply": at(11, 17, 30)}
    actions.change_facts(**known, item="LATE_DELIVERY", now=at(9, 13))
    assert Entry.objects.filter(code="complaints.limits_counted").count() == 2


@pytest.mark.rule("R001-179..181")
def test_the_page_says_that_a_limit_was_counted_again_and_what_it_was_before(house):
    complaint = opened(house, item="QUALITY", now=at(6, 9))
    walked(complaint, until="品质签收", now=at(6, 9))
    step(complaint, now=at(6, 15))
    engineer = house["QUALITY_ENGINEER"]
    actions.change_facts(
        complaint=complaint, by=engineer.party, reason="整批都有", circumstances=["BATCH"], now=at(9, 11)
    )
    duty = Duty.objects.open().get(kind="complaint.reply", ruling_id__isnull=False)

    with clock.at(at(9, 12)):
        address = reverse("complaints:date_why", args=[complaint.pk, duty.pk])
        card = " ".join(browser(engineer, "en").get(address).content.decode().split())

    assert "counted again: 情况已变更。 Before:" in card
    assert "03-11 17:30" in card


@pytest.mark.rule("R001-171", "R001-178", "R001-182")
def test_the_quality_engineer_handles_it_and_finds_the_department(house):
    complaint = opened(house, item="LATE_DELIVERY")
    walked(complaint, until="判定责任")

    assert complaint.handler == owner_of(complaint) == house["QUALITY_ENGINEER"].party
    assert complaint.group == "PRODUCTION"


@pytest.mark.rule("R001-183", "R001-184")
def test_a_plan_that_fails_goes_back_any_number_of_times(house):
    complaint = opened(house)
    walked(complaint, until="方案初审")

    for _round in range(3):
        assert step(complaint, decision=True) == "原因和方案"
        assert step(complaint) == "方案初审"
    assert step(complaint) == "措施核准"
    assert list(complaint.steps.filter(kind="review").values_list("decision", flat=True)) == [True] * 3 + [
        False
    ]


@pytest.mark.rule("R001-172")
@pytest.mark.parametrize("post", ["MANAGEMENT_REPRESENTATIVE", "GENERAL_MANAGER"])
def test_either_the_management_representative_or_the_general_manager_approves_the_measures(house, post):
    complaint = opened(house)
    walked(complaint, until="措施核准")
    owners = {duty.owner for duty in Duty.objects.open().filter(kind="complaint.approval")}
    assert owners == {house["MANAGEMENT_REPRESENTATIVE"].party, house["GENERAL_MANAGER"].party}

    assert step(complaint, by=house[post].party) == "答复客户"
    assert not Duty.objects.open().filter(kind="complaint.approval").exists()


def test_nobody_approves_what_they_have_written_themselves(house):
    complaint = opened(house)
    walked(complaint, until="方案初审")
    by = complaint.steps.order_by("-id").first().by

    with pytest.raises(actions.CannotStep, match="自己"):
        step(complaint, by=by)
    assert complaint.stage == "方案初审"


def test_a_stage_in_which_one_decides_wants_a_decision(house):
    complaint = opened(house)
    walked(complaint, until="主任核准")

    with pytest.raises(actions.CannotStep, match="退回"):
        actions.record_step(
            complaint=complaint, kind="approval", text="好", by=owner_of(complaint), now=at(9, 10)
        )


def test_a_case_under_corrective_action_is_neither_voided_nor_joined(house):
    first = opened(house, item="QUALITY", more={"lot": "L-07", "product": "轴套"})
    other = opened(house, item="QUALITY", more={"lot": "L-07", "product": "轴套"}, text="又一批")
    by, now = house["QUALITY_ENGINEER"].party, at(9, 10)
    capa = corrective.start_capa(complaints=[first], by=by, now=now)
    given = {"by": house["taker"].party, "now": now, "reason": "重复登记"}

    with pytest.raises(actions.CannotVoid, match="纠正预防措施"):
        actions.void(complaint=first, **given)
    with pytest.raises(actions.CannotJoin, match="纠正预防措施"):
        actions.join(complaint=first, into=other, **given)
    corrective.drop_capa(capa=capa, by=by, now=now, reason="登记有误")
    assert actions.void(complaint=first, **given).is_void
