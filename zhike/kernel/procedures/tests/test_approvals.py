import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.utils import translation

from zhike.kernel.audit.models import Entry
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.duties.tests.house import MONDAY, at
from zhike.kernel.outbox.models import Event, Message
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import _telling, approvals
from zhike.kernel.procedures.approvals import CannotApprove, Level
from zhike.kernel.procedures.models import Approval, ApprovalStep

YES, NO, BACK = "YES", "NO", "BACK"


@pytest.fixture
def li(house) -> Party:
    """Somebody beside the line."""
    return Party.objects.create(kind=Party.Kind.STAFF, name="李", unit=house.unit)


def ask(house, *levels, by=None, **more) -> Approval:
    return approvals.request(
        subject=house.unit,
        kind="test.money",
        title="赔偿 300 元",
        levels=levels or [Level((house.jing,)), Level((house.zhang,))],
        unit_id=house.unit.pk,
        by=by or house.an,
        now=MONDAY,
        limit="2工作小时",
        clause="一",
        version_id=house.version.pk,
        **more,
    )


def decide(approval, by, decision=YES, opinion="", hour=1) -> Approval:
    return approvals.decide(
        approval=Approval.objects.get(pk=approval.pk),
        decision=decision,
        opinion=opinion,
        by=by,
        now=at(hour),
    )


def steps(approval) -> list[tuple[str, str]]:
    return [(row.approver.name, row.decision) for row in approval.steps.select_related("approver")]


def state(approval) -> str:
    return Approval.objects.get(pk=approval.pk).state


def owed() -> list[str]:
    return [row.owner.name for row in Duty.objects.open().order_by("pk").select_related("owner")]


def everything() -> tuple[object, ...]:
    return (
        list(Approval.objects.values()),
        list(ApprovalStep.objects.values()),
        list(Duty.objects.order_by("pk").values()),
        Message.objects.count(),
        Entry.objects.count(),
    )


def refused(match, act):
    before = everything()
    with pytest.raises(CannotApprove, match=match or None), transaction.atomic():
        act()
    assert everything() == before


# --- levels


def test_levels_decide_one_after_another_and_each_owes_a_decision_in_its_turn(house):
    approval = ask(house)
    assert (steps(approval), owed()) == ([("经", "NOW"), ("章", "WAITING")], ["经"])

    decide(approval, house.jing)
    assert (steps(approval), owed()) == ([("经", "YES"), ("章", "NOW")], ["章"])

    done = decide(approval, house.zhang, hour=2)
    assert (done.state, done.decided_at, state(approval), owed()) == ("APPROVED", at(2), "APPROVED", [])


def test_whoever_comes_later_in_the_line_must_wait(house):
    approval = ask(house)

    refused("", lambda: decide(approval, house.zhang))


def test_all_of_a_level_must_agree(house, li):
    approval = ask(house, Level((house.jing, li)), Level((house.zhang,)))

    decide(approval, li)
    assert (steps(approval)[2], owed()) == (("章", "WAITING"), ["经"])
    decide(approval, house.jing)

    assert (steps(approval)[2], owed()) == (("章", "NOW"), ["章"])


def test_any_of_a_level_is_enough_and_the_others_owe_nothing_more(house, li):
    approval = ask(house, Level((house.jing, li), rule="ANY"), Level((house.zhang,)))

    decide(approval, li)

    assert steps(approval) == [("经", "SKIPPED"), ("李", "YES"), ("章", "NOW")]
    assert owed() == ["章"]
    refused("", lambda: decide(approval, house.jing))


def test_a_refusal_ends_the_line_and_says_why(house):
    approval = ask(house)

    decide(approval, house.jing, NO, "证据不足")

    assert (state(approval), owed()) == ("REFUSED", [])
    assert steps(approval) == [("经", "NO"), ("章", "SKIPPED")]
    assert approval.steps.first().opinion == "证据不足"


def test_sending_back_ends_the_line(house):
    approval = ask(house)

    decide(approval, house.jing, BACK, "补充票据")

    assert (state(approval), steps(approval)) == ("SENT_BACK", [("经", "BACK"), ("章", "SKIPPED")])


@pytest.mark.parametrize("decision", [NO, BACK])
def test_a_refusal_without_a_reason_is_refused(house, decision):
    approval = ask(house)

    refused("", lambda: decide(approval, house.jing, decision, "  "))


def test_a_word_that_is_no_decision_is_refused(house):
    approval = ask(house)

    refused("", lambda: decide(approval, house.jing, "SKIPPED"))


def test_nothing_is_decided_twice(house):
    approval = ask(house)
    decide(approval, house.jing)

    refused("", lambda: decide(approval, house.jing))
    decide(approval, house.zhang)
    refused("", lambda: decide(approval, house.zhang))


def test_two_people_who_decide_from_an_old_page_are_told_so(house, li):
    approval = ask(house, Level((house.jing, li), rule="ANY"))
    old = Approval.objects.get(pk=approval.pk)
    decide(approval, li)

    refused("", lambda: approvals.decide(approval=old, decision=YES, opinion="", by=house.jing, now=at(1)))


# --- withdrawing, adding a sign


def test_who_asked_may_withdraw_until_it_is_decided(house):
    approval = ask(house)
    decide(approval, house.jing)

    approvals.withdraw(approval=approval, by=house.an, now=at(2))

    assert (state(approval), owed()) == ("WITHDRAWN", [])
    refused("", lambda: approvals.withdraw(approval=approval, by=house.an, now=at(3)))
    refused("", lambda: decide(approval, house.zhang))


def test_nobody_else_may_withdraw(house):
    approval = ask(house)

    refused("", lambda: approvals.withdraw(approval=approval, by=house.jing, now=at(1)))


def test_a_person_whose_sign_was_added_must_agree_too(house, li):
    approval = ask(house)

    added = approvals.add_sign(approval=approval, person=li, by=house.jing, now=at(1))
    decide(approval, house.jing)

    assert (added.added_by, added.level, added.place) == (house.jing, 1, 2)
    assert (steps(approval)[-1], owed()) == (("章", "WAITING"), ["李"])
    decide(approval, li)
    assert owed() == ["章"]


def test_a_sign_added_where_any_is_enough_is_waited_for(house, li):
    approval = ask(house, Level((house.jing, house.zhang), rule="ANY"))
    approvals.add_sign(approval=approval, person=li, by=house.jing, now=at(1))

    decide(approval, li)
    assert state(approval) == "PENDING"
    decide(approval, house.zhang)

    assert (state(approval), steps(approval)[0]) == ("APPROVED", ("经", "SKIPPED"))


def test_add_sign_refuses_who_asked_who_is_asked_already_and_who_is_not_in_turn(house, li):
    approval = ask(house)

    for person, by in ((house.an, house.jing), (house.zhang, house.jing), (li, house.zhang)):
        refused("", lambda p=person, b=by: approvals.add_sign(approval=approval, person=p, by=b, now=at(1)))


# --- deputies


def test_a_deputy_decides_for_who_is_away_and_both_names_are_kept(house, li):
    house.deputies = {house.jing.pk: li}
    approval = ask(house)

    decide(approval, li)

    step = approval.steps.first()
    assert (step.approver, step.deputy, step.decision) == (house.jing, li, "YES")
    assert Duty.objects.order_by("pk").first().done_by == li
    assert {row.to.name for row in Message.objects.filter(kind="approval.asked")} == {"经", "李", "章"}


def test_the_approver_may_still_decide_while_away(house, li):
    house.deputies = {house.jing.pk: li}
    approval = ask(house)

    decide(approval, house.jing)

    assert approval.steps.first().deputy is None
    refused("", lambda: decide(approval, li))


def test_who_asked_decides_nothing_not_even_as_a_deputy(house):
    house.deputies = {house.jing.pk: house.an}
    approval = ask(house)

    refused("", lambda: decide(approval, house.an))
    assert {row.to.name for row in Message.objects.all()} == {"经"}


def test_the_database_refuses_who_approves_or_stands_in_for_their_own_request(house):
    approval = ask(house)

    for column in ("approver", "deputy"):
        with pytest.raises(IntegrityError), transaction.atomic():
            approval.steps.update(**{column: house.an})


def test_who_has_no_say_neither_approves_nor_stands_in_nor_is_added(house, li):
    refused("李", lambda: ask(house, Level((li,)), not_by=[li.pk, None]))
    house.deputies = {house.jing.pk: li}
    approval = ask(house, not_by=[li.pk, None])

    refused("", lambda: decide(approval, li))
    refused("李", lambda: approvals.add_sign(approval=approval, person=li, by=house.jing, now=at(1)))


# --- whom a manual names


def line(house, *words, by=None, not_by=()) -> list[str]:
    found = approvals.levels_for(
        words, asked_by=by or house.an, unit_id=house.unit.pk, now=MONDAY, not_by=not_by
    )
    return [person.name for level in found for person in level.approvers]


def test_posts_become_their_holders(house):
    assert line(house, "经理", "店长") == ["经", "章"]


def test_ones_own_request_goes_to_the_superior(house):
    assert line(house, "经理", by=house.jing) == ["章"]


def test_a_post_that_nobody_holds_goes_to_the_superior_of_who_asks(house):
    house.holders["MANAGER"] = []

    assert line(house, "经理") == ["经"]
    assert line(house, "经理", by=house.jing) == ["章"]


def test_a_person_on_two_levels_decides_once_on_the_higher_one(house):
    house.holders["HEAD"] = [house.jing]

    assert line(house, "经理", "店长") == ["经"]
    assert line(house, "经理", "接待", "店长", by=house.zhang) == ["安", "经"]


def test_who_is_complained_of_is_passed_over(house):
    assert line(house, "经理", not_by=[house.jing.pk]) == ["章"]


def test_nobody_there_to_ask_is_a_refusal_that_names_the_post(house):
    with pytest.raises(CannotApprove, match="店长"):
        line(house, "店长", by=house.zhang)


@pytest.mark.parametrize("levels", [[], [Level(())]])
def test_a_request_to_nobody_is_refused(house, levels):
    with pytest.raises(CannotApprove):
        approvals.request(
            subject=house.unit,
            kind="t",
            title="t",
            levels=levels,
            unit_id=house.unit.pk,
            by=house.an,
            now=MONDAY,
        )
    assert Approval.objects.count() == 0


def test_a_request_to_oneself_is_refused(house):
    refused("", lambda: ask(house, Level((house.jing,)), Level((house.an,))))


# --- time limits, what is told


def test_a_decision_that_is_late_escalates_by_the_manual(house):
    ask(house)

    watch.run(now=at(3))

    assert Duty.objects.get().due_at == at(2)
    rows = Escalation.objects.order_by("level").values_list("level", "target__name")
    assert list(rows) == [(0, "经"), (1, "章")]


def test_the_app_hears_the_outcome_inside_the_same_transaction(house):
    heard = []

    def listener(approval, by, now):
        heard.append((approval.state, by, now))

    approvals.on_decision("test.money", listener)
    approvals.on_decision("test.money", listener)
    try:
        approval = ask(house)
        decide(approval, house.jing)
        decide(approval, house.zhang, hour=2)
    finally:
        _telling._listeners.pop("test.money")

    assert heard == [("APPROVED", house.zhang, at(2))]
    assert Event.objects.get(name="approval_decided").ids == {"id": approval.pk, "state": "APPROVED"}


def test_a_listener_that_fails_leaves_everything_undecided(house):
    def listener(approval, by, now):
        raise RuntimeError("no")

    approvals.on_decision("test.money", listener)
    try:
        approval = ask(house, Level((house.jing,)))
        before = everything()
        with pytest.raises(RuntimeError), transaction.atomic():
            decide(approval, house.jing)
    finally:
        _telling._listeners.pop("test.money")

    assert everything() == before


def test_who_asked_is_told_the_outcome_in_the_language_of_the_reader(house):
    approval = ask(house, Level((house.jing,)))
    decide(approval, house.jing, NO, "不")

    message = Message.objects.get(kind="approval.decided")
    with translation.override("en"):
        assert message.heading == "赔偿 300 元: Refused"
    with translation.override(django_settings.LANGUAGE_CODE):
        assert message.heading == message.title
    assert (message.to, message.by) == (house.an, house.jing)


def test_each_action_leaves_one_entry_with_the_clause(house, li):
    approval = ask(house)
    approvals.add_sign(approval=approval, person=li, by=house.jing, now=at(1))
    decide(approval, li)
    approvals.withdraw(approval=approval, by=house.an, now=at(2))

    found = list(Entry.objects.order_by("pk").values_list("code", "clause"))
    assert found == [
        (f"procedures.{what}", "一")
        for what in ("approval_asked", "approver_added", "approval_decided", "approval_withdrawn")
    ]


def test_a_secret_request_leaves_secret_duties_and_entries(house):
    ask(house, secrecy=2)

    assert Duty.objects.get().secrecy == 2
    assert Entry.objects.get().secrecy == 2
