"""What the regulation of the mall says, id by id: classes, steps, limits. Who handles and penalties stand beside."""

import datetime as dt

import pytest

from zhike.complaints import actions, queries, questions
from zhike.complaints.models import Complaint, Step
from zhike.complaints.regime import regime_at
from zhike.kernel.duties.models import Duty
from zhike.kernel.procedures.models import Move
from zhike.kernel.procedures.stages import WrongStage
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY

from .factories import RECORDS, a_complaint, at, set_values, state_of, worked

pytestmark = pytest.mark.django_db

# ---- classes and items

GOODS = ["PRICE", "QUALITY", "DAMAGED", "EXPIRED", "LABEL", "NO_CHINESE_LABEL", "OUT_OF_STOCK"]
SERVICE = ["ATTITUDE", "CASHIER", "TOO_FEW_SERVICES", "BAD_SERVICE", "SERVICE_CANCELLED"]
SAFETY = ["ACCIDENT", "ENVIRONMENT"]
NAMES = {
    "GOODS": ["价格", "品质", "残缺", "过期", "标示不符", "进口商品无中文标示", "缺货"],
    "SERVICE": ["工作人员态度", "收银作业", "服务项目不足", "现有服务不当", "取消原有服务"],
    "SAFETY": ["意外事件", "环境影响"],
}


@pytest.mark.rule("S001-043", "T001-03")
def test_complaints_fall_into_three_classes_with_fourteen_items(people):
    regime = regime_at(people.south.pk, MONDAY)

    found = {}
    for word in regime.words(questions.ITEMS):
        found.setdefault(regime.group_of(word.code), []).append(word.name)
    assert found == NAMES
    assert [word.name for word in regime.words(questions.GROUPS)] == ["商品", "服务", "安全"]


@pytest.mark.parametrize(
    ("group", "items"),
    [
        pytest.param("GOODS", GOODS, marks=pytest.mark.rule("R001-103")),
        pytest.param("SERVICE", SERVICE, marks=pytest.mark.rule("R001-104")),
        pytest.param("SAFETY", SAFETY, marks=pytest.mark.rule("R001-105")),
    ],
)
def test_every_item_of_a_class_is_registered_under_it(people, group, items):
    cases = [a_complaint(people, item=item, text=item) for item in items]

    assert [(case.item, case.group) for case in cases] == [(item, group) for item in items]
    regime = regime_at(people.south.pk, MONDAY)
    assert [
        word.code for word in regime.words(questions.ITEMS) if regime.group_of(word.code) == group
    ] == items


@pytest.mark.rule("S001-043", "R001-103", "R001-104", "R001-105")
@pytest.mark.parametrize(
    ("items", "circumstances"),
    [
        (["EXPIRED"], ["SPOILED_FOOD"]),
        ([item for item in GOODS if item != "EXPIRED"], []),
        (SERVICE, ["SERVICE"]),
        (SAFETY, ["SAFETY"]),
    ],
)
def test_the_circumstance_follows_from_the_item(people, items, circumstances):
    cases = [a_complaint(people, item=item) for item in items]

    assert [case.circumstances for case in cases] == [circumstances] * len(items)


# ---- seven steps

STAGES = ["冷静倾听", "确认原因", "体谅顾客", "记录细节", "提出方案", "执行", "总结"]


@pytest.mark.rule("S001-044", "R001-106")
def test_seven_steps_follow_each_other_and_five_of_them_leave_a_record(people):
    complaint = worked(a_complaint(people))

    assert [move.from_stage for move in Move.objects.order_by("id")] == ["", *STAGES]
    assert list(Step.objects.values_list("stage", "kind", "text")) == [
        ("确认原因", "cause", RECORDS["cause"]),
        ("记录细节", "details", RECORDS["details"]),
        ("提出方案", "solution", RECORDS["solution"]),
        ("执行", "execution", RECORDS["execution"]),
        ("总结", "summary", RECORDS["summary"]),
    ]
    assert Complaint.objects.get().closed_at == complaint.closed_at == MONDAY


@pytest.mark.rule("R001-106")
@pytest.mark.parametrize("kind", ["details", "solution", "execution", "summary", "intake", "nonsense"])
def test_a_step_out_of_its_turn_is_refused_and_changes_nothing(people, kind):
    complaint = a_complaint(people)
    before = state_of(complaint)

    with pytest.raises(WrongStage, match="确认原因"):
        actions.record_step(complaint=complaint, kind=kind, text="…", by=people.manager.party, now=MONDAY)

    assert state_of(complaint) == before
    assert Step.objects.count() == 0


@pytest.mark.rule("R001-106")
@pytest.mark.parametrize("kind", ["cause", "details", "solution", "execution"])
def test_a_step_that_wants_a_record_is_not_taken_without_one(people, kind):
    complaint = worked(a_complaint(people), until=kind)
    before, steps = state_of(complaint), Step.objects.count()

    with pytest.raises(actions.CannotStep):
        actions.record_step(complaint=complaint, kind=kind, text=" \n", by=people.manager.party, now=MONDAY)

    assert state_of(complaint) == before
    assert Step.objects.count() == steps


@pytest.mark.rule("R001-106")
def test_a_case_does_not_close_without_the_summing_up(people):
    complaint = worked(a_complaint(people), until="summary")
    before = state_of(complaint)

    with pytest.raises(actions.CannotClose):
        actions.record_step(
            complaint=complaint, kind="summary", text=" ", by=people.supervisor.party, now=MONDAY
        )

    assert state_of(complaint) == before
    assert before["closed_at"] is None
    assert queries.file_of(complaint).text_of("summary") == ""


@pytest.mark.rule("S001-044", "R001-106")
def test_a_closed_case_takes_no_further_step(people):
    complaint = worked(a_complaint(people))

    with pytest.raises(actions.CannotStep):
        actions.record_step(
            complaint=complaint, kind="summary", text="再来", by=people.manager.party, now=MONDAY
        )

    assert Step.objects.count() == 5


# ---- quick reaction, timely solution, timely answer


def limits(complaint):
    """Due moments of the limits that run beside the steps, in China."""
    rows = Duty.objects.filter(subject_id=complaint.pk, subject_label="complaints.Complaint")
    return {row.kind.removeprefix("complaint."): row.due_at for row in rows}


@pytest.mark.rule("R001-107", "R001-108")
def test_every_complaint_gives_somebody_a_duty_with_a_date_at_once(people):
    complaint = a_complaint(people)

    assert limits(complaint) == {
        "response": at(9, 10, 30),  # 30 minutes
        "cause": at(9, 15, 0),  # 4 working hours, with the break from 12 to 13
        "reply": at(12, 17, 30),  # 3 working days
        "resolution": at(16, 17, 30),  # 5 working days
    }
    owners = Duty.objects.values_list("kind", "owner")
    assert dict(owners)["complaint.cause"] == people.taker.pk
    assert dict(owners)["complaint.resolution"] == people.supervisor.pk
    assert Complaint.objects.get().due_at == at(9, 10, 30)


@pytest.mark.rule("R001-108")
def test_a_safety_complaint_wants_a_response_within_ten_minutes(people):
    complaint = a_complaint(people, item="ACCIDENT")

    assert limits(complaint)["response"] == at(9, 10, 10)


@pytest.mark.rule("R001-108")
def test_response_solution_and_answer_are_marked_once_and_discharge_their_duties(people):
    complaint = worked(a_complaint(people), until="execution")
    handler = people.supervisor.party

    actions.reply(complaint=complaint, text="在办", by=handler, now=at(9, 10, 20))
    actions.reply(complaint=complaint, text="还在办", by=handler, now=at(9, 10, 40))
    actions.record_step(complaint=complaint, kind="execution", text="已退款", by=handler, now=at(9, 11))
    actions.reply(complaint=complaint, text="已退款", final=True, by=handler, now=at(9, 11, 30))

    case = Complaint.objects.get()
    assert (case.responded_at, case.solved_at, case.replied_at) == (at(9, 10, 20), at(9, 11), at(9, 11, 30))
    done = Duty.objects.filter(state="DONE").values_list("kind", "done_at")
    assert dict(done)["complaint.response"] == at(9, 10, 20)
    assert dict(done)["complaint.resolution"] == at(9, 11)
    assert dict(done)["complaint.reply"] == at(9, 11, 30)
    assert list(Duty.objects.filter(state="OPEN").values_list("kind", flat=True)) == ["complaint.summary"]


@pytest.mark.rule("R001-108")
def test_a_response_in_the_last_minute_is_in_time_and_a_minute_later_late(people):
    in_time, late = a_complaint(people), a_complaint(people)

    actions.reply(complaint=in_time, text="在办", by=people.supervisor.party, now=at(9, 10, 30))
    actions.reply(complaint=late, text="在办", by=people.supervisor.party, now=at(9, 10, 31))

    rows = {row.subject_id: row for row in Duty.objects.filter(kind="complaint.response")}
    assert not rows[in_time.pk].is_late(at(20, 9))
    assert rows[late.pk].is_late(at(20, 9))


@pytest.mark.rule("R001-108")
def test_a_store_with_a_limit_of_its_own_has_other_due_dates_and_its_sister_has_not(people):
    set_values(people, people.south, 首次回应期限="60分钟", 解决期限="2工作日")

    south, north = a_complaint(people), a_complaint(people, unit=people.north)

    assert limits(south)["response"] == at(9, 11)
    assert limits(south)["resolution"] == at(11, 17, 30)
    assert limits(north)["response"] == at(9, 10, 30)
    assert limits(north)["resolution"] == at(16, 17, 30)


@pytest.mark.rule("R001-108")
@pytest.mark.parametrize(
    ("value", "taken"), [("10分钟", True), ("9分钟", False), ("240分钟", True), ("241分钟", False)]
)
def test_a_limit_outside_its_range_is_refused_and_the_old_one_stays(people, value, taken):
    set_values(people, people.south, 首次回应期限="20分钟")

    if taken:
        set_values(people, people.south, 首次回应期限=value)
    else:
        with pytest.raises(manuals.CannotSetParameter, match="首次回应期限"):
            set_values(people, people.south, 首次回应期限=value)

    minutes = int(value.removesuffix("分钟")) if taken else 20
    assert limits(a_complaint(people))["response"] == MONDAY + dt.timedelta(minutes=minutes)
