import datetime as dt

import pytest

from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.duties.tests.house import MONDAY, at
from zhike.kernel.outbox.models import Event
from zhike.kernel.policy.models import Installation
from zhike.kernel.procedures import stages
from zhike.kernel.procedures.models import Move
from zhike.kernel.procedures.stages import WrongStage
from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.models import CalendarDay, WorkCalendar

from .cases import STAGES, Matter, a_matter, a_procedure, make_table, stages_text


@pytest.fixture
def matter(house):
    make_table()
    return a_matter(house)


def open_duties() -> list[tuple[str, str, str]]:
    rows = Duty.objects.open().order_by("pk").select_related("owner")
    return [(row.kind, row.owner.name if row.owner else "", row.owner_post) for row in rows]


def moves() -> list[tuple[str, str, str]]:
    return [(row.from_stage, row.to_stage, row.kind) for row in Move.objects.order_by("pk")]


def go(case, procedure, *kinds, by, hour=1):
    for kind in kinds:
        stages.advance(case, kind=kind, procedure=procedure, by=by, now=at(hour))


def everything(case) -> tuple[object, ...]:
    """All that an action on a case could have changed."""
    row = Matter.objects.values().get(pk=case.pk)
    return row, list(Duty.objects.order_by("pk").values()), list(Move.objects.values())


def test_begin_passes_stages_that_are_done_at_once_and_opens_one_duty(house, matter):
    stage = stages.begin(matter, procedure=a_procedure(house), by=house.an, now=MONDAY)

    assert stage.name == "查因"
    matter.refresh_from_db()
    assert (matter.stage, matter.stage_kind, matter.revision) == ("查因", "cause", 1)
    assert moves() == [("", "登记", ""), ("登记", "查因", "intake")]
    assert open_duties() == [("matter.cause", "安", "")]
    duty = Duty.objects.get()
    assert (duty.due_at, duty.clause, duty.title, duty.title_en) == (at(2), "一", "查因", "Cause")


def test_advance_discharges_the_duty_and_opens_the_next_with_the_value_of_the_unit(house, matter):
    procedure = a_procedure(house)
    adopted = Installation.objects.get(key="steps")
    adopted.values.create(effective_on=MONDAY.date(), parameters={"方案期限": "2工作日"}, set_at=MONDAY)
    procedure = stages.Procedure(
        answer=stages_answer(procedure, house), prefix="matter", roles=procedure.roles
    )
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)

    stage = stages.advance(matter, kind="cause", procedure=procedure, by=house.an, now=at(1), note="查清")

    assert stage.name == "方案"
    done = Duty.objects.get(kind="matter.cause")
    assert (done.state, done.done_at, done.done_by) == ("DONE", at(1), house.an)
    assert open_duties() == [("matter.solution", "经", "")]
    assert Duty.objects.open().get().due_at == at(48 + 7.5)
    assert Move.objects.get(from_stage="查因").note == "查清"


def stages_answer(procedure, house):
    from zhike.kernel.policy import inforce

    return inforce.answer_of_version("test.steps", procedure.answer.version, house.unit.pk, MONDAY.date())


@pytest.mark.parametrize(
    ("facts", "following"), [({"重大": True}, "核准"), ({"重大": False}, "执行"), ({}, "执行")]
)
def test_a_branch_follows_the_facts_and_unknown_is_no(house, matter, facts, following):
    procedure = a_procedure(house, facts=facts)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    go(matter, procedure, "cause", by=house.an)

    stage = stages.advance(matter, kind="solution", procedure=procedure, by=house.jing, now=at(2))

    assert stage.name == following


def test_a_limit_may_run_from_the_receipt_or_from_the_end_of_another_stage(house, matter):
    procedure = a_procedure(house)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)

    go(matter, procedure, "cause", by=house.an, hour=1)
    go(matter, procedure, "solution", by=house.jing, hour=30)
    execution = Duty.objects.open().get()
    go(matter, procedure, "execution", by=house.jing, hour=50)
    summary = Duty.objects.open().get()

    assert (execution.began_at, execution.due_at) == (at(1), at(72 + 7.5))  # three working days after 查因
    assert (summary.began_at, summary.due_at) == (MONDAY, at(7 * 24 + 7.5))


def test_an_event_of_the_app_starts_the_clock_and_one_that_has_not_come_gives_no_date(house, matter):
    rows = ["| 签收 | intake | - | 接待人 | 签收后1工作日 | 结束 | 一 |"]
    procedure = a_procedure(house, *rows)
    early = a_matter(house)

    stages.begin(early, procedure=procedure, by=house.an, now=MONDAY)
    known = stages.Procedure(
        answer=procedure.answer, prefix="matter", roles=procedure.roles, moments={"签收": at(-24)}
    )
    stages.begin(matter, procedure=known, by=house.an, now=MONDAY)

    first, second = Duty.objects.order_by("pk")
    assert (first.due_at, first.began_at) == (None, MONDAY)
    assert second.due_at == at(7.5)


def test_a_limit_that_is_undecided_gives_no_date(house, matter):
    rows = ["| 登记 | intake | - | 接待人 | 复核期限 | 结束 | 一 |"]

    stages.begin(matter, procedure=a_procedure(house, *rows), by=house.an, now=MONDAY)

    assert Duty.objects.get().due_at is None


def test_the_last_stage_closes_the_case(house, matter):
    procedure = a_procedure(house)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    go(matter, procedure, "cause", "solution", "execution", by=house.jing)

    last = stages.advance(matter, kind="summary", procedure=procedure, by=house.jing, now=at(5))

    assert last is None
    matter.refresh_from_db()
    assert (matter.stage, matter.closed_at, matter.due_at) == ("", at(5), None)
    assert open_duties() == []
    assert moves()[-1] == ("总结", "", "summary")


def test_a_last_stage_that_is_done_at_once_closes_the_case_too(house, matter):
    rows = [
        "| 登记 | intake | - | 接待人 | - | 归档 | 一 |",
        "| 归档 | summary | - | 接待人 | 立即 | 结束 | 一 |",
    ]
    procedure = a_procedure(house, *rows)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)

    assert stages.advance(matter, kind="intake", procedure=procedure, by=house.an, now=at(1)) is None
    assert matter.closed_at == at(1)


def test_advance_refuses_a_step_that_is_not_due_and_changes_nothing(house, matter):
    procedure = a_procedure(house)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    before = everything(matter)

    with pytest.raises(WrongStage, match="查因"):
        stages.advance(matter, kind="summary", procedure=procedure, by=house.an, now=at(1))

    assert everything(matter) == before


def test_advance_and_end_refuse_a_closed_case(house, matter):
    procedure = a_procedure(house)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    stages.end(matter, by=house.an, now=at(1), reason="登记有误")
    before = everything(matter)

    with pytest.raises(WrongStage):
        stages.advance(matter, kind="cause", procedure=procedure, by=house.an, now=at(2))
    with pytest.raises(WrongStage):
        stages.end(matter, by=house.an, now=at(2), reason="再次")

    assert everything(matter) == before


def test_of_two_people_acting_at_once_one_is_refused_and_nothing_is_half_saved(house, matter):
    procedure = a_procedure(house)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    same = Matter.objects.get(pk=matter.pk)
    stages.advance(matter, kind="cause", procedure=procedure, by=house.an, now=at(1))
    before = everything(matter)

    with pytest.raises(WrongStage):
        stages.advance(same, kind="cause", procedure=procedure, by=house.jing, now=at(1))

    assert everything(matter) == before
    assert open_duties() == [("matter.solution", "经", "")]


def test_a_stale_revision_is_refused_even_in_the_same_stage(house, matter):
    procedure = a_procedure(house)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    Matter.objects.filter(pk=matter.pk).update(revision=matter.revision + 1)
    before = everything(matter)

    with pytest.raises(WrongStage):
        stages.advance(matter, kind="cause", procedure=procedure, by=house.an, now=at(1))
    with pytest.raises(WrongStage):
        stages.end(matter, by=house.an, now=at(1), reason="无")

    assert everything(matter) == before


def test_a_stage_that_the_manual_no_longer_has_is_named(house, matter):
    Matter.objects.filter(pk=matter.pk).update(stage="旧阶段")
    matter.refresh_from_db()

    with pytest.raises(WrongStage, match="旧阶段"):
        stages.advance(matter, kind="cause", procedure=a_procedure(house), by=house.an, now=at(1))


def test_no_branch_that_holds_is_a_refusal_and_no_error(house, matter):
    rows = [
        "| 登记 | intake | - | 接待人 | - | 重大:核准 | 一 |",
        "| 核准 | approval | - | 店长 | - | 结束 | 一 |",
    ]
    procedure = a_procedure(house, *rows)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    before = everything(matter)

    with pytest.raises(WrongStage, match="下一步"):
        stages.advance(matter, kind="intake", procedure=procedure, by=house.an, now=at(1))

    assert everything(matter) == before


def test_a_circle_of_stages_done_at_once_is_refused(house, matter):
    rows = [
        "| 登记 | intake | - | 接待人 | 立即 | 核对 | 一 |",
        "| 核对 | details | - | 接待人 | 立即 | 登记 | 一 |",
    ]

    with pytest.raises(WrongStage, match="登记"):
        stages.begin(matter, procedure=a_procedure(house, *rows), by=house.an, now=MONDAY)

    assert Move.objects.count() == 0


def test_end_cancels_what_is_owed_and_says_where_the_case_stood(house, matter):
    stages.begin(matter, procedure=a_procedure(house), by=house.an, now=MONDAY)

    stages.end(matter, by=house.jing, now=at(1), reason="登记有误")

    matter.refresh_from_db()
    assert (matter.stage, matter.closed_at) == ("", at(1))
    assert moves()[-1] == ("查因", "", "")
    assert (Duty.objects.get().state, Duty.objects.get().reason) == ("CANCELLED", "登记有误")


# --- owners


def test_a_role_of_the_case_goes_before_a_post_and_posts_go_in_order(house):
    given = {"处理人": house.zhang, "空缺": None}

    def owner(*words):
        return stages.owner_of(words, given, house.unit.pk, MONDAY)

    assert owner("处理人") == (house.zhang, "")
    assert owner("店长", "处理人") == (house.zhang, "")
    assert owner("经理") == (house.jing, "")
    assert owner("空缺", "经理") == (house.jing, "")


def test_a_role_that_a_post_will_play_waits_under_the_code_of_the_post(house):
    given = {"处理人": "MANAGER", "接待人": house.an, "空缺": None}

    def owner(*words):
        return stages.owner_of(words, given, house.unit.pk, MONDAY)

    assert owner("处理人") == (None, "MANAGER")  # not 经, whom the app has ruled out
    assert owner("处理人", "接待人") == (house.an, "")
    assert owner("空缺") == (None, "空缺")


def test_a_duty_waits_for_the_post_while_nobody_holds_it(house, matter):
    house.holders["MANAGER"] = []
    rows = [STAGES[6].replace("| 总结 | summary", "| 总结 | intake")]

    stages.begin(matter, procedure=a_procedure(house, *rows), by=house.an, now=MONDAY)

    assert open_duties() == [("matter.intake", "", "MANAGER")]


def test_a_duty_waits_for_the_role_while_nobody_plays_it(house, matter):
    matter.handler = None
    rows = ["| 方案 | solution | - | 处理人 | 1工作日 | 结束 | 一 |"]

    stages.begin(matter, procedure=a_procedure(house, *rows), by=house.an, now=MONDAY)

    assert open_duties() == [("matter.solution", "", "处理人")]


# --- the date on the case


def test_refresh_due_copies_the_earliest_open_date(house, matter):
    stages.begin(matter, procedure=a_procedure(house), by=house.an, now=MONDAY)

    stages.refresh_due(matter)
    matter.refresh_from_db()
    assert matter.due_at == at(2)

    duties.cancel(subject=matter, now=at(1), by=house.an, reason="无")
    stages.refresh_due(matter)
    assert Matter.objects.get().due_at is None


def test_refresh_all_does_the_same_for_many_cases_with_one_statement(house, django_assert_num_queries):
    make_table()
    procedure = a_procedure(house)
    cases = [a_matter(house) for _ in range(3)]
    for case in cases[:2]:
        stages.begin(case, procedure=procedure, by=house.an, now=MONDAY)
    Matter.objects.update(due_at=at(99))

    with django_assert_num_queries(1):
        stages.refresh_all(Matter, {case.pk for case in cases})

    assert list(Matter.objects.order_by("pk").values_list("due_at", flat=True)) == [at(2), at(2), None]


def test_a_change_of_the_calendar_reaches_the_date_on_the_case(house, matter):
    calendar = WorkCalendar.objects.create(name="店历", unit=None, week=calendars.STANDARD_WEEK)
    rows = ["| 方案 | solution | - | 处理人 | 2工作日 | 结束 | 一 |"]
    stages.begin(matter, procedure=a_procedure(house, *rows), by=house.an, now=MONDAY)
    duties.when_moved(Matter._meta.label, lambda ids: stages.refresh_all(Matter, ids))
    CalendarDay.objects.create(calendar=calendar, day=dt.date(2026, 3, 11), hours=[])
    calendars.touch(calendar)

    duties.recompute_open(now=at(1), by=None)

    assert Matter.objects.get().due_at == at(72 + 7.5)


def test_every_kind_of_staged_case_hears_of_moved_dates():
    from django.apps import apps

    from zhike.kernel.duties import _dates
    from zhike.kernel.procedures.models import StagedCase

    staged = {each._meta.label for each in apps.get_models() if issubclass(each, StagedCase)}

    assert staged
    assert staged <= set(_dates._moved)


def test_the_text_of_the_test_manual_has_no_errors():
    from zhike.kernel.policy.manual.reader import read

    assert read(stages_text(), questions={}).errors == ()


def test_every_stage_but_the_first_is_told(house, matter):
    procedure = a_procedure(house)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    go(matter, procedure, "cause", "solution", "execution", "summary", by=house.jing)

    told = [(event.name, event.ids["kind"], event.ids["id"]) for event in Event.objects.order_by("pk")]
    assert told == [("case_stage_entered", kind, matter.pk) for kind in ("solution", "execution", "summary")]


# --- several who sign a stage

SIGNING = (
    "| 阶段 | 性质 | 负责 | 会签 | 时限 | 下一步 | 条款 |\n|---|---|---|---|---|---|---|\n"
    "| 审核 | approval | 处理人、店长、接待人 | {} | 1工作日 | 结束 | 一 |\n"
)


def signed_together(house, matter, joint):
    house.holders["HEAD"] = [house.zhang]
    text = stages_text().split("@阶段")[0] + "@阶段 步骤 回答=test.steps\n\n" + SIGNING.format(joint)
    procedure = a_procedure(house, text=text)
    stages.begin(matter, procedure=procedure, by=house.an, now=MONDAY)
    return procedure


def sign(matter, procedure, by, hour=1):
    return stages.advance(matter, kind="approval", procedure=procedure, by=by, now=at(hour))


def test_all_who_sign_a_stage_owe_it_and_the_last_leaves_it(house, matter):
    procedure = signed_together(house, matter, "全部")
    assert [name for _kind, name, _post in open_duties()] == ["经", house.zhang.name, "安"]

    assert sign(matter, procedure, house.zhang).name == "审核"
    before = everything(matter)
    with pytest.raises(WrongStage, match="经、安"):
        sign(matter, procedure, house.zhang)
    assert everything(matter) == before
    assert sign(matter, procedure, house.jing).name == "审核"
    assert Duty.objects.get(state="OPEN").owner == house.an
    assert sign(matter, procedure, house.an) is None

    matter.refresh_from_db()
    assert matter.closed_at == at(1)
    assert moves() == [("", "审核", ""), *[("审核", "审核", "approval")] * 2, ("审核", "", "approval")]
    assert set(Duty.objects.values_list("state", "done_by")) == {
        ("DONE", one.pk) for one in (house.zhang, house.jing, house.an)
    }


def test_of_any_who_may_sign_the_first_is_enough(house, matter):
    procedure = signed_together(house, matter, "任一")

    assert sign(matter, procedure, house.an) is None
    assert open_duties() == []


def test_those_who_sign_in_turn_owe_it_one_after_the_other(house, matter):
    procedure = signed_together(house, matter, "依次")
    assert open_duties() == [("matter.approval", "经", "")]
    with pytest.raises(WrongStage, match="经"):
        sign(matter, procedure, house.an)

    sign(matter, procedure, house.jing, hour=2)
    assert open_duties() == [("matter.approval", house.zhang.name, "")]
    assert Duty.objects.open().get().began_at == at(2)  # the clock of each begins with their turn
    sign(matter, procedure, house.zhang, hour=3)

    assert open_duties() == [("matter.approval", "安", "")]
    assert sign(matter, procedure, house.an, hour=4) is None
    assert open_duties() == []


def test_the_deputy_and_the_holder_of_the_post_sign_for_an_owner(house, matter):
    procedure = signed_together(house, matter, "全部")
    house.deputies[house.jing.pk] = house.an
    Duty.objects.filter(owner=house.zhang).update(owner=None, owner_post="HEAD")

    sign(matter, procedure, house.zhang)
    assert not Duty.objects.open().filter(owner_post="HEAD").exists()
    sign(matter, procedure, house.an)
    sign(matter, procedure, house.an)

    assert open_duties() == []


def test_who_is_barred_from_a_case_owes_nothing_in_it(house):
    house.holders["MANAGER"] = [house.jing, house.zhang]

    def owner(*words, barred):
        return stages.owner_of(words, {"处理人": house.jing}, house.unit.pk, MONDAY, barred.pk)

    assert owner("经理", barred=house.zhang) == (house.jing, "")
    assert owner("经理", barred=house.jing) == (house.zhang, "")
    assert owner("处理人", "经理", barred=house.jing) == (house.zhang, "")
    house.holders["MANAGER"] = [house.jing]
    assert owner("经理", barred=house.jing) == (house.zhang, "")  # the superior
