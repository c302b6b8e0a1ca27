"""The way of a change into force: handed in, reviewed, approved, published for a day, withdrawn before it."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.complaints.regime import regime_at
from zhike.complaints.tests.factories import a_complaint, at, away
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.models import ManualVersion, UnitValues
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.manuals import access_gate, actions, queries
from zhike.manuals.models import Revision
from zhike.people.tests.factories import MONDAY, a_user, appoint

pytestmark = pytest.mark.django_db
KEY = "mall-complaints"
APRIL = dt.date(2026, 4, 1)
LOWER = [
    ("| 店长起点 | 2000元 |", "| 店长起点 | 1600元 |"),
    ("| 1999.99 | 无 | 未知 |", "| 1599.99 | 无 | 未知 |"),
    ("| 2000 | 无 | 未知 |", "| 1600 | 无 | 未知 |"),
]


@pytest.fixture
def head(people):
    """The head of customer service of the whole mall: reviews, and neither prepares nor approves."""
    found = a_user("顾明远", username="gu.mingyuan", unit=people.mall_service)
    appoint(found, "P002-01", people.mall_service)
    return found


def changed(*pairs, text=None):
    text = text or ManualVersion.objects.get(key=KEY, number=1).text
    for old, new in pairs:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    return text


def a_text(people, *pairs, key=KEY, **more):
    """A draft of the mall's regulation with other words, by the manager of the south store."""
    by = more.pop("by", people.manager.party)
    return Revision.objects.create(
        **{
            "key": key,
            "base": queries.newest(key),
            "text": changed(*(pairs or LOWER)),
            "prepared_by": by,
            "prepared_at": MONDAY,
            "saved_by": by,
            "saved_at": MONDAY,
            **more,
        }
    )


def the_values(people, **given):
    return actions.begin_values(
        **{
            "key": KEY,
            "unit": people.south,
            "values": {"店长起点": "1500元"},
            "by": people.manager.party,
            "now": MONDAY,
            "reason": "店长提前介入",
            "effective_on": APRIL,
            **given,
        }
    )


def hand_in(revision, reviewer, **given):
    return actions.hand_in(
        **{
            "revision": revision,
            "reviewer": reviewer.party if reviewer else None,
            "reason": "店长提前介入",
            "effective_on": APRIL,
            "by": revision.prepared_by,
            "now": MONDAY,
            **given,
        }
    )


def decide(approval, user, decision="YES", opinion="", now=MONDAY):
    approval = Approval.objects.get(pk=approval.pk)
    return approvals.decide(approval=approval, decision=decision, opinion=opinion, by=user.party, now=now)


def agreed(people, head, revision, now=MONDAY, **given):
    approval = hand_in(revision, head, **given)
    decide(approval, head, now=now)
    decide(approval, people.general_manager, now=now)
    revision.refresh_from_db()
    return revision


def refused(revision, reviewer, **given):
    """All that is missing; nothing has changed."""
    before = Revision.objects.filter(pk=revision.pk).values().get()
    with pytest.raises(actions.CannotHandIn) as refusal:
        hand_in(revision, reviewer, **given)
    assert Revision.objects.filter(pk=revision.pk).values().get() == before
    assert not Approval.objects.exists()
    return list(refusal.value.missing)


def in_force(unit, moment):
    return regime_at(unit.pk, moment).answer.version.number


# ---- the line


@pytest.mark.rule("R002-139", "R002-138", "R002-071", "R002-105", "S002-05")
def test_a_text_is_prepared_reviewed_and_approved_by_three_persons_in_this_order(people, head):
    revision = a_text(people)
    approval = hand_in(revision, head)
    with pytest.raises(approvals.CannotApprove):
        decide(approval, people.general_manager)

    decide(approval, head, opinion="与赔偿办法无冲突", now=at(10, 9))
    assert not ManualVersion.objects.filter(number=2).exists()
    decide(approval, people.general_manager, now=at(11, 9))

    revision.refresh_from_db()
    version = ManualVersion.objects.get(number=2)
    assert (revision.state, revision.version) == ("PUBLISHED", version)
    assert (revision.prepared_by_id, revision.reviewed_by_id, revision.approved_by_id) == (
        people.manager.pk,
        head.pk,
        people.general_manager.pk,
    )
    assert (revision.asked_at, revision.reviewed_at, revision.approved_at) == (MONDAY, at(10, 9), at(11, 9))
    assert (version.effective_on, version.published_by_id) == (APRIL, people.general_manager.pk)
    assert ("version: 2" in version.text, "effective: 2026-04-01" in version.text) == (True, True)
    assert Entry.objects.filter(code="manuals.published").count() == 1


@pytest.mark.rule("R002-033")
def test_without_a_day_it_takes_effect_on_the_day_of_issue(people, head):
    revision = agreed(people, head, a_text(people), now=at(12, 9), effective_on=None)

    assert revision.version.effective_on == revision.effective_on == dt.date(2026, 3, 12)
    assert "effective:" not in revision.version.text


def test_a_line_that_takes_longer_than_its_day_is_never_in_force_backwards(people, head):
    revision = agreed(people, head, a_text(people), now=at(2, 9, month=4), effective_on=APRIL)

    assert revision.version.effective_on == dt.date(2026, 4, 2)


def test_each_level_has_three_working_days_unless_the_manual_says_otherwise(people, head):
    hand_in(a_text(people), head)
    duty = Duty.objects.get(kind__startswith="approval.")
    assert (duty.owner_id, duty.limit) == (head.pk, "3工作日")
    Revision.objects.all().delete()

    quick = a_text(people, *LOWER, ("owner: 客服部", "owner: 客服部\nsign_within: 1工作日"))
    hand_in(quick, head)

    assert Duty.objects.filter(kind__startswith="approval.").latest("pk").limit == "1工作日"


def test_sent_back_it_is_a_draft_again_and_the_opinion_is_kept(people, head):
    revision = a_text(people)
    decide(hand_in(revision, head), head, "BACK", "请补充一个示例")

    revision.refresh_from_db()
    found = queries.line_of(revision, MONDAY)
    assert (revision.state, revision.asked_at) == ("DRAFT", None)
    assert (found.sent_back.opinion, found.approval) == ("请补充一个示例", None)
    assert hand_in(revision, head).state == "PENDING"


def test_refused_it_is_dropped_and_another_may_begin(people, head):
    revision = a_text(people)
    decide(hand_in(revision, head), head, "NO", "不需要")

    revision.refresh_from_db()
    assert revision.state == "DROPPED"
    assert a_text(people).state == "DRAFT"


def test_taken_back_it_is_a_draft_again(people, head):
    revision = a_text(people)
    approval = hand_in(revision, head)

    approvals.withdraw(approval=approval, by=people.manager.party, now=MONDAY)

    revision.refresh_from_db()
    assert revision.state == "DRAFT"


def test_deciding_twice_is_told_and_changes_nothing(people, head):
    approval = hand_in(a_text(people), head)
    decide(approval, head)
    with pytest.raises(approvals.CannotApprove):
        decide(approval, head)
    decide(approval, people.general_manager)
    with pytest.raises(approvals.CannotApprove):
        decide(approval, people.general_manager)

    assert ManualVersion.objects.count() == 2


def test_who_reviewed_does_not_approve_in_the_place_of_the_general_manager(people, head):
    away(people.general_manager, head)
    approval = hand_in(a_text(people), head)
    decide(approval, head)

    with pytest.raises(approvals.CannotApprove):
        decide(approval, head)

    assert ManualVersion.objects.count() == 1
    assert Approval.objects.get().state == "PENDING"


def test_the_deputy_of_the_reviewer_signs_and_stands_on_the_cover(people, head):
    away(head, people.north_manager)
    approval = hand_in(a_text(people), head)
    decide(approval, people.north_manager)
    decide(approval, people.general_manager)

    assert Revision.objects.get().reviewed_by_id == people.north_manager.pk


def test_those_concerned_are_told_of_the_day(people, head):
    agreed(people, head, a_text(people))

    told = Message.objects.filter(kind="manual.coming")
    assert {row.to_id for row in told} >= {people.manager.pk, head.pk, people.store_manager.pk}
    assert people.general_manager.pk not in {row.to_id for row in told}
    assert "2026-04-01" in told[0].title


# ---- what is refused, each in one line


def test_what_is_missing_is_listed_at_once(people, head):
    revision = a_text(people)

    assert len(refused(revision, None, reason=" ", effective_on=dt.date(2026, 3, 8))) == 3
    assert ["2026-03-08" in line for line in refused(revision, head, effective_on=dt.date(2026, 3, 8))] == [
        True
    ]
    assert hand_in(revision, head, effective_on=dt.date(2026, 3, 9)).state == "PENDING"


@pytest.mark.parametrize("who", ["taker", "fruit_manager", "manager", "general_manager"])
def test_a_reviewer_is_a_head_of_the_place_and_neither_prepares_nor_approves(people, head, who):
    assert len(refused(a_text(people), getattr(people, who))) == 1


def test_only_who_prepares_hands_in(people, head):
    assert len(refused(a_text(people), head, by=people.supervisor.party)) == 1


@pytest.mark.parametrize(
    ("pairs", "word"),
    [
        ([("| 1999.99 | 无 | 未知 | 客服经理 |", "| 1999.99 | 无 | 未知 | 店长 |")], "1"),
        ([("| 过期 | 变质过期食品 | 一(一) | |", "| 过期 | 变质食品 | 一(一) | |")], "变质食品"),
        ([("| - | - | - | 客服主管 | 三(五)3 | 其余 |\n", ""), ("| 499.99 | 无 | 未知 | 客服主管 |\n", "")], "没有规定"),
        ([("effective: 2025-01-01", "effective: 2025-02-01")], ""),
        ([("manual: mall-complaints", "manual: other")], "other"),
        ([("approver: 总经理", "approver: 大总管")], "大总管"),
        ([("owner: 客服部", "owner: 客服部\nsign_within: 尽快")], "尽快"),
    ],
)  # fmt: skip
def test_what_blocks_is_named(people, head, pairs, word):
    assert any(word in line for line in refused(a_text(people, *pairs), head))


def test_a_gap_that_is_accepted_by_name_is_published_with_its_reason(people, head):
    pairs = [("| - | - | - | 客服主管 | 三(五)3 | 其余 |\n", ""), ("| 499.99 | 无 | 未知 | 客服主管 |\n", "")]
    revision = a_text(people, *pairs)
    gaps = actions.checks(revision, APRIL).unaccepted
    rows = [
        {
            "table": gap.finding.table,
            "message": gap.finding.message,
            "reason": "门店口头约定",
            "name": "周启明",
        }
        for gap in gaps
    ]
    Revision.objects.update(accepted=rows[1:])
    revision.refresh_from_db()
    assert len(gaps) > 0
    assert len(refused(revision, head)) == 1

    Revision.objects.update(accepted=rows)
    revision.refresh_from_db()
    version = agreed(people, head, revision).version

    assert {row["reason"] for row in version.accepted} == {"门店口头约定"}
    assert len(version.accepted) == len(gaps)


def test_a_base_that_was_overtaken_is_refused_when_handing_in_and_when_approving(people, head):
    revision = a_text(people)
    late = a_text(people, *LOWER, key="other", base=None, state="DROPPED")
    approval = hand_in(revision, head)
    decide(approval, head)
    actions.publish(
        text=changed(("version: 1", "version: 2"), ("得失", "总结得失")),
        by=None, now=MONDAY, roles={"接待人", "处理人"},
    )  # fmt: skip

    with pytest.raises(approvals.CannotApprove, match="第2版"):
        decide(approval, people.general_manager)
    decide(approval, people.general_manager, "BACK", "请从新版改起")

    revision.refresh_from_db()
    assert revision.state == "DRAFT"
    assert ["第2版" in line for line in refused_again(revision, head)] == [True]
    assert late.state == "DROPPED"


def refused_again(revision, head):
    with pytest.raises(actions.CannotHandIn) as refusal:
        hand_in(revision, head)
    return refusal.value.missing


def test_a_version_does_not_come_into_force_before_the_one_on_which_it_rests(people, head):
    agreed(people, head, a_text(people))
    third = a_text(people, ("得失", "总结得失"))

    assert len(refused_again_on(third, head, dt.date(2026, 3, 31))) == 1
    assert hand_in(third, head, effective_on=APRIL).state == "PENDING"


def refused_again_on(revision, head, day):
    with pytest.raises(actions.CannotHandIn) as refusal:
        hand_in(revision, head, effective_on=day)
    return refusal.value.missing


# ---- in force by its date


def test_a_version_rules_from_its_day_on_and_cases_that_began_before_stay(people, head):
    agreed(people, head, a_text(people))
    evening, morning = at(31, 23, 59), at(1, 0, 0, month=4)

    before, after = (a_complaint(people, value=1700, now=moment) for moment in (evening, morning))

    assert (in_force(people.south, evening), in_force(people.south, morning)) == (1, 2)
    assert (before.handler_code, before.ruling.version.number) == ("SERVICE_MANAGER", 1)
    assert (after.handler_code, after.ruling.version.number) == ("STORE_MANAGER", 2)


def test_a_new_manual_is_installed_when_it_is_published(people, head):
    text = changed(("manual: mall-complaints", "manual: fruit-own"))
    revision = a_text(people, key="fruit-own", base=None, text=text, install_at=people.mall)

    agreed(people, head, revision)

    assert [row.unit_id for row in inforce.installations("fruit-own")] == [people.mall.pk]
    assert ManualVersion.objects.get(key="fruit-own").number == 1


# ---- withdrawing and a later day


@pytest.mark.rule("R000-01", "S002-06")
def test_those_who_must_read_are_asked_once_and_counted_before(people, head):
    revision = a_text(people, *LOWER, ("owner: 客服部", "owner: 客服部\nreaders: 客服经理、客服主管"))
    manual = inforce.manual_of(revision.base_id)
    everybody = queries.readers_of_draft(manual, None, APRIL)
    named = queries.readers_of_draft(read(revision.text), None, APRIL)
    agreed(people, head, revision)

    asked = Duty.objects.filter(kind="manual.read").values_list("owner", flat=True)
    assert len(asked) == len(set(asked)) == named
    assert people.manager.pk in asked
    # a text that names nobody is to be read by all
    more = agreed(people, head, a_text(people, ("| 首次回应期限 | 30分钟 |", "| 首次回应期限 | 20分钟 |")))
    assert Duty.objects.open().filter(kind="manual.read", subject_id=more.version_id).count() == everybody
    assert everybody > named


@pytest.mark.rule("R002-071", "R002-105")
def test_the_preparer_owes_the_next_revision_and_withdrawing_gives_it_back(people, head):
    base = ManualVersion.objects.get(key=KEY)
    actions.plan_revision(version=base, by=people.administrator.party, now=MONDAY)
    before = Duty.objects.open().get(kind="manual.revise", subject_id=base.pk)

    revision = agreed(people, head, a_text(people))

    owed = Duty.objects.open().get(kind="manual.revise")
    assert (owed.subject_id, owed.owner_id) == (revision.version_id, people.manager.pk)
    assert owed.due_at.date() == dt.date(2027, 4, 1)
    actions.withdraw(what=revision, reason="时机不对", by=people.general_manager.party, now=at(31, 20))
    again = Duty.objects.open().get(kind="manual.revise")
    assert (again.subject_id, again.owner_id, again.due_at) == (base.pk, before.owner_id, before.due_at)


def test_a_version_is_withdrawn_before_its_day_and_the_duties_of_its_readers_go(people, head):
    revision = agreed(people, head, a_text(people))
    assert Duty.objects.open().filter(kind="manual.read").exists()

    actions.withdraw(what=revision, reason="时机不对", by=people.general_manager.party, now=at(31, 20))

    revision.refresh_from_db()
    assert (revision.state, revision.version.state) == ("WITHDRAWN", "WITHDRAWN")
    assert set(Duty.objects.filter(kind="manual.read").values_list("state", flat=True)) == {"CANCELLED"}
    assert in_force(people.south, at(1, 9, month=4)) == 1
    assert Entry.objects.get(code="manuals.withdrawn").after["reason"] == "时机不对"
    # the number is not given again
    again = agreed(people, head, a_text(people))
    assert again.version.number == 3


@pytest.mark.parametrize(
    ("reason", "moment"), [("", at(31, 20)), ("时机不对", at(1, 9, month=4))], ids=["no reason", "in force"]
)
def test_what_is_in_force_or_has_no_reason_is_not_withdrawn(people, head, reason, moment):
    revision = agreed(people, head, a_text(people))

    with pytest.raises(actions.CannotWithdraw):
        actions.withdraw(what=revision.version, reason=reason, by=people.general_manager.party, now=moment)

    assert ManualVersion.objects.get(number=2).state == "PUBLISHED"


def test_a_version_on_which_another_rests_is_not_withdrawn_and_nothing_twice(people, head):
    second = agreed(people, head, a_text(people))
    third = agreed(people, head, a_text(people, ("得失", "总结得失")))
    by = people.general_manager.party
    with pytest.raises(actions.CannotWithdraw, match="第3版"):
        actions.withdraw(what=second, reason="x", by=by, now=MONDAY)

    actions.withdraw(what=third, reason="x", by=by, now=MONDAY)

    with pytest.raises(actions.CannotWithdraw):
        actions.withdraw(what=third, reason="x", by=by, now=MONDAY)


def test_the_day_is_moved_later_and_never_earlier_or_past_a_version_that_rests_on_it(people, head):
    second, by = agreed(people, head, a_text(people)), people.general_manager.party

    for day in (dt.date(2026, 3, 31), APRIL):
        with pytest.raises(actions.CannotPostpone):
            actions.postpone(what=second, effective_on=day, by=by, now=MONDAY)
    actions.postpone(what=second, effective_on=dt.date(2026, 5, 1), by=by, now=MONDAY)
    assert in_force(people.south, at(30, 9, month=4)) == 1
    assert in_force(people.south, at(1, 9, month=5)) == 2
    agreed(people, head, a_text(people, ("得失", "总结得失")), effective_on=dt.date(2026, 5, 4))
    with pytest.raises(actions.CannotPostpone, match="第3版"):
        actions.postpone(what=second, effective_on=dt.date(2026, 5, 5), by=by, now=MONDAY)
    with pytest.raises(actions.CannotPostpone):
        actions.postpone(what=second, effective_on=dt.date(2026, 6, 1), by=by, now=at(1, 9, month=5))


def test_the_page_of_checks_counts_what_was_examined(people, head):
    found = actions.checks(a_text(people), APRIL)

    assert (found.errors, found.gaps, found.out_of_range, found.failed) == ([], [], [], 0)
    assert found.examples > 0
    assert UnitValues.objects.count() == 0


def test_a_head_of_one_store_reviews_a_text_for_all_but_does_not_withdraw_it(people, head):
    revision = agreed(people, head, a_text(people))

    may = {
        who.username: access_gate.may(who, revision).withdraw
        for who in (people.manager, head, people.general_manager, people.store_manager, people.north_manager)
    }

    assert list(may.values()) == [True, True, True, False, False]
    assert people.north_manager.party in access_gate.heads(people.mall, MONDAY)
