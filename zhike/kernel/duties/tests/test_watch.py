import datetime as dt

import pytest
from django.conf import settings as django_settings
from django.db import DataError, OperationalError, connection
from django.utils import translation

from zhike.kernel.audit.models import Entry
from zhike.kernel.duties import _carrying_out, actions, escalation, watch
from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.outbox.models import Event, Message
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.models import Installation

from .house import MONDAY, a_version, at
from .rows import a_duty, fresh


def messages() -> list[tuple[str, str]]:
    return [(row.to.name, row.kind) for row in Message.objects.order_by("pk")]


def levels(duty: Duty) -> list[tuple[int, str, str | None]]:
    rows = duty.escalations.select_related("target")
    return [(row.level, row.action, row.target and row.target.name) for row in rows]


# --- when


def test_nothing_happens_before_the_warning(house):
    duty = a_duty(house)

    report = watch.run(now=at(1.5) - dt.timedelta(seconds=1))

    assert (report.looked, report.acted, report.failed) == (0, 0, 0)
    assert (messages(), fresh(duty).level) == ([], 0)


def test_the_owner_is_warned_once_and_the_next_look_is_the_first_level(house):
    duty = a_duty(house)

    first = watch.run(now=at(1.5))
    second = watch.run(now=at(1.5))

    assert (first.looked, first.acted, second.looked) == (1, 1, 0)
    assert messages() == [("安", "duty.soon")]
    assert (fresh(duty).level, fresh(duty).look_again_at) == (1, at(3))
    assert Event.objects.count() == 0


def test_two_levels_reach_the_superior_and_the_holder_of_the_post(house):
    duty = a_duty(house)

    for hour in (1.5, 3, 31.5):  # Tuesday 17:30: one working day after the date
        watch.run(now=at(hour))

    assert levels(duty) == [(0, "REMIND", "安"), (1, "REMIND", "经"), (2, "REPORT", "章")]
    assert messages() == [("安", "duty.soon"), ("经", "duty.overdue"), ("章", "duty.overdue")]
    assert fresh(duty).look_again_at is None


def test_levels_above_the_warning_are_put_out_as_an_event(house):
    duty = a_duty(house)

    watch.run(now=at(31.5))

    event = Event.objects.get()
    said = {"id": duty.pk, "subject_label": "parties.Unit", "subject_id": house.unit.pk}
    assert (event.name, event.at, event.state) == ("duty_overdue", at(31.5), "WAITING")
    assert event.ids == {
        "levels": [
            {**said, "level": 1, "action": "REMIND", "target": house.jing.pk},
            {**said, "level": 2, "action": "REPORT", "target": house.zhang.pk},
        ]
    }


def test_one_event_names_at_most_a_hundred_levels(house, monkeypatch):
    monkeypatch.setattr(_carrying_out, "EVENT_SIZE", 2)
    for _ in range(5):
        a_duty(house)

    watch.run(now=at(3))

    assert [len(event.ids["levels"]) for event in Event.objects.order_by("pk")] == [2, 2, 1]


def test_a_late_watch_carries_out_every_level_and_says_since_when_each_was_due(house):
    duty = a_duty(house)

    watch.run(now=at(1000))

    assert [row.due_since for row in duty.escalations.all()] == [at(1.5), at(3), at(31.5)]
    assert {row.at for row in duty.escalations.all()} == {at(1000)}


def test_a_duty_done_late_between_two_sweeps_stays_late(house):
    duty = a_duty(house)

    actions.discharge(subject=house.unit, kinds=["test.reply"], by=house.an, now=at(2.2))
    report = watch.run(now=at(50))

    assert report.looked == 0
    assert fresh(duty).is_late(at(50)) is True


@pytest.mark.parametrize("state", ["DONE", "WAIVED", "CANCELLED"])
def test_a_duty_that_is_over_is_left_alone_even_if_its_look_was_left_standing(house, state):
    duty = a_duty(house)
    Duty.objects.filter(pk=duty.pk).update(state=state, done_at=at(1))

    assert watch.run(now=at(50)).looked == 0
    assert Message.objects.count() == 0


def test_a_weekend_makes_escalation_later_and_never_earlier(house):
    friday = dt.datetime(2026, 3, 13, 16, 30, tzinfo=MONDAY.tzinfo)
    duty = a_duty(house, "1工作小时", began_at=friday)  # due at 17:30

    assert duty.due_at == friday + dt.timedelta(hours=1)
    watch.run(now=friday + dt.timedelta(days=2))
    assert [level for level, _, _ in levels(duty)] == [0, 1]
    monday_close = dt.datetime(2026, 3, 16, 17, 30, tzinfo=MONDAY.tzinfo)
    assert fresh(duty).look_again_at == monday_close


# --- whom


def test_a_level_that_hands_over_makes_the_superior_the_owner_and_is_recorded(house):
    duty = a_duty(house, title="交办")

    watch.run(now=at(3))

    assert (fresh(duty).owner, levels(duty)[1]) == (house.jing, (1, "HAND_OVER", "经"))
    entry = Entry.objects.get(code="duties.handed_over")
    assert (entry.before, entry.after["owner"], entry.by) == ({"owner": house.an.pk}, house.jing.pk, None)


def test_levels_after_a_hand_over_look_up_from_the_new_owner_however_late_the_watch_is(house):
    timely, late = a_duty(house, title="交办"), a_duty(house, title="交办")
    Duty.objects.filter(pk=late.pk).update(look_again_at=at(50))

    for hour in (1.5, 3, 4):
        watch.run(now=at(hour))
    watch.run(now=at(50))

    assert levels(timely) == [(0, "REMIND", "安"), (1, "HAND_OVER", "经"), (2, "REPORT", "章")]
    assert levels(late) == levels(timely)
    assert fresh(late).owner == house.jing


def test_a_duty_that_waits_for_a_post_warns_its_holder_and_then_the_head(house):
    a_duty(house, owner=None, owner_post="MANAGER")

    watch.run(now=at(3))

    assert messages() == [("经", "duty.soon"), ("章", "duty.overdue")]


def test_a_duty_of_a_vacant_post_warns_who_answers_for_it(house):
    house.holders["MANAGER"] = []
    a_duty(house, owner=None, owner_post="MANAGER")

    watch.run(now=at(3))

    assert messages()[0] == ("章", "duty.soon")


def test_a_post_that_nobody_holds_goes_to_the_superior(house):
    house.holders["HEAD"] = []
    duty = a_duty(house)

    watch.run(now=at(31.5))

    assert levels(duty)[2] == (2, "REPORT", "经")


def test_a_post_that_the_owner_holds_goes_to_the_superior_or_to_nobody(house):
    house.holders["HEAD"] = [house.jing]
    below, top = a_duty(house, owner="jing"), a_duty(house, owner="zhang")

    watch.run(now=at(31.5))

    assert levels(below)[2] == (2, "REPORT", "章")
    assert levels(top)[1:] == [(1, "REMIND", None), (2, "REPORT", "经")]


def test_a_role_of_the_case_is_asked_of_the_app_once_for_a_batch(house):
    asked = []

    def read(ids):
        asked.append(sorted(ids))
        return {house.unit.pk: {"处理人": house.zhang}}

    escalation.roles_from("parties.Unit", read)
    try:
        duties = [a_duty(house, title="角色") for _ in range(3)]
        watch.run(now=at(3))
    finally:
        del escalation._roles["parties.Unit"]

    assert [levels(duty)[1] for duty in duties] == [(1, "REMIND", "章")] * 3
    assert asked == [[house.unit.pk]]


# --- which levels


def test_a_row_that_names_the_matter_goes_before_one_for_all(house):
    plain, named = a_duty(house), a_duty(house, title="交办")
    ladders = escalation.Ladders()

    assert [level.action for level in ladders.of(plain, "Asia/Shanghai")] == ["REMIND", "REMIND", "REPORT"]
    assert [level.delay for level in ladders.of(named, "Asia/Shanghai")] == ["30分钟", "1小时内", "2小时"]


def test_a_delay_may_be_a_parameter_with_the_value_of_the_unit(house):
    Installation.objects.create(unit=house.unit, key="house", installed_at=MONDAY).values.create(
        effective_on=MONDAY.date(), parameters={"催办期限": "2小时"}, set_at=MONDAY
    )
    duty = a_duty(house, title="交办")

    watch.run(now=at(4) - dt.timedelta(seconds=1))
    assert len(levels(duty)) == 1
    watch.run(now=at(4))

    assert levels(duty)[1] == (1, "HAND_OVER", "经")


def test_a_matter_that_no_regulation_speaks_of_has_its_usual_levels(house, monkeypatch):
    monkeypatch.setattr(escalation, "_usual", {})
    for matter in ("修订", "交办"):
        text = f"| 名称 | 事项 | 级 | 逾期 | 对象 | 动作 | 条款 |\n|---|---|---|---|---|---|---|\n| 提醒 | {matter} | 0 | 1小时 | 负责人 | 提醒 | 一 |"
        usual = read(f"---\nmanual: u\ntitle: 规矩\nversion: 1\n---\n\n# 规矩\n\n@清单 升级\n\n{text}\n")
        escalation.usually(matter, lambda day, usual=usual: usual)

    unknown, named = a_duty(house, title="修订"), a_duty(house, title="交办")

    assert (unknown.warn_at, unknown.look_again_at) == (at(1), at(1))
    assert named.warn_at == at(1.5)  # the manual speaks of 交办, and warns of everything


def test_a_level_whose_delay_is_undecided_never_comes(house):
    duty = a_duty(house, title="未定")

    assert [level.level for level in escalation.Ladders().of(duty, "Asia/Shanghai")] == [0, 1, 2]
    assert escalation.Ladders().of(duty, "Asia/Shanghai")[1].matter == "全部"


def test_a_manual_without_the_list_escalates_nothing(house):
    bare = a_version("---\nmanual: b\ntitle: b\nversion: 1\n---\n\n# b\n", key="b")
    duty = a_duty(house)
    Duty.objects.filter(pk=duty.pk).update(version_id=bare.pk)

    report = watch.run(now=at(50))

    assert (report.looked, report.acted, fresh(duty).look_again_at) == (1, 0, None)


def test_a_warning_of_a_working_day_counts_backwards_over_the_weekend(house):
    text = "| 到期前提醒 | 全部 | 0 | 30分钟 |"
    calm = a_version(
        house.version.text.replace(text, text.replace("30分钟", "1工作日")), key="calm", number=1
    )
    house.version = calm
    monday_due = a_duty(house, "5工作日")  # Monday next, 17:30

    assert monday_due.due_at == dt.datetime(2026, 3, 16, 17, 30, tzinfo=MONDAY.tzinfo)
    assert monday_due.warn_at == dt.datetime(2026, 3, 13, 17, 30, tzinfo=MONDAY.tzinfo)


# --- messages


def test_a_notice_is_read_in_the_language_of_the_reader(house):
    a_duty(house, title="答复", title_en="Answer")
    with translation.override("en"):
        watch.run(now=at(3))

    message = Message.objects.filter(kind="duty.overdue").get()
    with translation.override("en"):
        english = message.heading
    assert english == "Overdue: Answer"
    with translation.override(django_settings.LANGUAGE_CODE):
        assert message.heading == message.title
    assert message.title.endswith("答复")
    assert (message.body, message.unit_id, message.clause) == ("酸奶过期", house.unit.pk, "一")


# --- bad rows


@pytest.fixture
def poisoned(monkeypatch):
    """Duties with this title cannot be handled."""
    honest = escalation.moment_of

    def moment_of(level, duty, calendar):
        if duty.title == "坏":
            raise DataError("a bad row")
        return honest(level, duty, calendar)

    monkeypatch.setattr(escalation, "moment_of", moment_of)


def bad(duty: Duty) -> Duty:
    Duty.objects.filter(pk=duty.pk).update(title="坏")
    return duty


def test_one_bad_row_never_stops_the_rest_and_its_batch_is_split(house, poisoned, caplog):
    rows = [a_duty(house) for _ in range(7)]
    bad(rows[3])

    report = watch.run(now=at(1.5))

    assert (report.looked, report.acted, report.failed) == (7, 6, 1)
    assert [fresh(duty).level for duty in rows] == [1, 1, 1, 0, 1, 1, 1]
    assert len(messages()) == 6
    assert [record.message for record in caplog.records] == [f"duty {rows[3].pk} could not be looked at"]


def test_a_failing_row_is_pushed_ahead_further_each_time_and_comes_back_when_it_is_mended(house, poisoned):
    duty = bad(a_duty(house))

    waits = []
    now = at(1.5)
    for _ in range(11):
        watch.run(now=now)
        row = fresh(duty)
        waits.append((row.look_again_at - now).total_seconds() / 60)
        now = row.look_again_at
    Duty.objects.filter(pk=duty.pk).update(title="答复")
    watch.run(now=now)

    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]
    assert (fresh(duty).failures, fresh(duty).level) == (0, 3)


def test_a_failing_row_is_not_looked_at_again_before_its_time(house, poisoned):
    bad(a_duty(house))
    watch.run(now=at(1.5))

    assert watch.run(now=at(1.55)).looked == 0


def test_a_manual_that_cannot_be_read_holds_up_only_its_own_duties(house):
    broken = a_version(house.version.text.replace("| 1 | 1小时 |", "| 一 | 1小时 |"), key="broken")
    good, lost = a_duty(house), a_duty(house)
    Duty.objects.filter(pk=lost.pk).update(version_id=broken.pk)

    report = watch.run(now=at(1.5))

    assert (report.acted, report.failed) == (1, 1)
    assert (fresh(good).level, fresh(lost).level) == (1, 0)


def test_trouble_of_the_database_is_no_fault_of_a_row(house, monkeypatch):
    duty = a_duty(house)

    def lost(rows, around):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(_carrying_out, "steps_of", lost)
    with pytest.raises(OperationalError):
        watch.run(now=at(1.5))

    assert (fresh(duty).failures, fresh(duty).look_again_at) == (0, at(1.5))


# --- cost


def test_a_run_asks_the_same_number_of_questions_however_many_duties_are_open(
    house, django_assert_max_num_queries
):
    def count(opened: int) -> int:
        for _ in range(opened):
            a_duty(house, "30工作日")
        a_duty(house)
        a_duty(house)
        with django_assert_max_num_queries(100) as asked:
            watch.run(now=at(1.5))
        return len(asked)

    assert count(0) == count(20)


def test_a_batch_asks_the_same_number_of_questions_for_two_rows_and_for_twelve(
    house, django_assert_max_num_queries
):
    def count(due: int) -> int:
        for _ in range(due):
            a_duty(house)
        with django_assert_max_num_queries(100) as asked:
            watch.run(now=at(31.5))
        return len(asked)

    count(1)
    assert count(2) == count(12)


def test_a_limit_stops_the_run_and_the_earliest_come_first(house):
    later, sooner = a_duty(house), a_duty(house, began_at=at(-1))

    report = watch.run(now=at(1.5), limit=1)

    assert report.looked == 1
    assert (fresh(sooner).level, fresh(later).level) == (1, 0)


def test_the_batches_of_a_run_go_on_until_nothing_is_due(house):
    for _ in range(5):
        a_duty(house)

    report = watch.run(now=at(1.5), batch=2)

    assert (report.looked, Escalation.objects.count()) == (5, 5)


def test_the_watch_reads_by_the_partial_index(house):
    """With statistics that make reading the whole table dear, as it is with many open duties."""
    rows = Duty.objects.open().filter(look_again_at__lte=at(1)).order_by("look_again_at")[:500]
    a_duty(house)

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.explain()

    assert "duty_look" in plan
    assert "Sort" not in plan
    assert "B-TREE" not in plan
