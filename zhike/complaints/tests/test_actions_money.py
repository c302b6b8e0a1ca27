"""Compensation within and above authority; findings, penalties, appeals."""

import datetime as dt
from decimal import Decimal

import pytest

from zhike.complaints import actions
from zhike.complaints.models import Complaint, Fault, Penalty, Step
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval

from .factories import a_complaint, a_fault, at, away, set_values, state_of, worked

pytestmark = pytest.mark.django_db
NOW = at(9, 11)


def propose(complaint, people, amount, by=None):
    return actions.propose_compensation(
        complaint=complaint, amount=Decimal(amount), by=by or people.supervisor.party, now=NOW
    )


def line(approval):
    return [step.approver.name for step in approval.steps.all()]


@pytest.mark.parametrize(
    ("amount", "approvers"),
    [
        ("0", None),
        ("200", None),
        ("200.01", ["周启明"]),
        ("1000", ["周启明"]),
        ("1000.01", ["周启明", "何景行"]),
    ],
)
def test_who_approves_follows_from_the_amount(people, amount, approvers):
    complaint = a_complaint(people)

    approval = propose(complaint, people, amount)

    assert (line(approval) if approval else None) == approvers
    case = Complaint.objects.get()
    assert case.compensation == Decimal(amount)
    assert case.compensation_approved_at == (None if approvers else NOW)


def test_the_limit_of_ones_own_authority_is_a_parameter_of_the_store(people):
    set_values(people, people.south, 自行赔偿上限="300元")

    assert propose(a_complaint(people), people, "300") is None
    assert line(propose(a_complaint(people), people, "300.01")) == ["周启明"]


def test_nobody_approves_their_own_request_and_it_goes_one_level_up(people):
    complaint = a_complaint(people)

    approval = propose(complaint, people, "500", by=people.manager.party)

    assert line(approval) == ["何景行"]


def test_the_person_complained_of_does_not_approve(people):
    complaint = a_complaint(people, accused=people.manager.party)

    assert line(propose(complaint, people, "500")) == ["何景行"]


def test_the_money_waits_until_the_whole_line_has_agreed(people):
    complaint = worked(a_complaint(people), until="solution")
    actions.record_step(
        complaint=complaint, kind="solution", text="退一赔十", compensation=Decimal("1000.01"),
        by=people.supervisor.party, now=NOW,
    )  # fmt: skip
    approval = Approval.objects.get()
    before = state_of(complaint)

    for approver in (people.manager.party, people.store_manager.party):
        with pytest.raises(actions.CannotStep):
            actions.record_step(
                complaint=complaint, kind="execution", text="已付", by=people.supervisor.party, now=NOW
            )
        assert state_of(complaint) == before
        approvals.decide(approval=approval, decision="YES", opinion="", by=approver, now=at(9, 12))

    complaint.refresh_from_db()
    assert complaint.compensation_approved_at == at(9, 12)
    actions.record_step(
        complaint=complaint, kind="execution", text="已付", by=people.supervisor.party, now=at(9, 13)
    )
    assert Complaint.objects.get().stage_kind == "summary"


def test_refused_money_is_not_paid_and_a_smaller_sum_may_be_proposed(people):
    complaint = worked(a_complaint(people), until="execution", compensation=Decimal(500))
    approval = Approval.objects.get()
    approvals.decide(approval=approval, decision="NO", opinion="太多", by=people.manager.party, now=NOW)
    complaint.refresh_from_db()

    with pytest.raises(actions.CannotStep):
        actions.record_step(
            complaint=complaint, kind="execution", text="已付", by=people.supervisor.party, now=NOW
        )
    propose(complaint, people, "200")
    actions.record_step(
        complaint=complaint, kind="execution", text="已付", by=people.supervisor.party, now=NOW
    )

    assert Complaint.objects.get().compensation == Decimal(200)
    assert Step.objects.filter(kind="execution").count() == 1


def test_a_late_approval_of_another_sum_approves_nothing(people):
    complaint = a_complaint(people)
    first = propose(complaint, people, "500")
    approvals.withdraw(approval=first, by=people.supervisor.party, now=NOW)
    second = propose(complaint, people, "600")

    with pytest.raises(approvals.CannotApprove):
        approvals.decide(approval=first, decision="YES", opinion="", by=people.manager.party, now=NOW)

    assert second.state == "PENDING"
    assert Complaint.objects.get().compensation_approved_at is None


@pytest.mark.parametrize("amount", ["-0.01", "-100"])
def test_no_negative_sum_is_proposed(people, amount):
    complaint = a_complaint(people)
    before = state_of(complaint)

    with pytest.raises(actions.CannotCompensate):
        propose(complaint, people, amount)

    assert state_of(complaint) == before


def test_one_approval_runs_at_a_time(people):
    complaint = a_complaint(people)
    propose(complaint, people, "500")
    before = state_of(complaint)

    with pytest.raises(actions.CannotCompensate):
        propose(complaint, people, "600")

    assert state_of(complaint) == before
    assert Approval.objects.count() == 1


def test_a_closed_complaint_pays_nothing_more(people):
    complaint = worked(a_complaint(people))
    before = state_of(complaint)

    with pytest.raises(actions.CannotCompensate):
        propose(complaint, people, "1")

    assert state_of(complaint) == before


def test_a_solution_whose_money_is_refused_by_rule_is_not_written_down(people):
    complaint = worked(a_complaint(people), until="solution")
    propose(complaint, people, "500")
    before = state_of(complaint)

    with pytest.raises(actions.CannotCompensate):
        actions.record_step(
            complaint=complaint, kind="solution", text="…", compensation=Decimal(600),
            by=people.supervisor.party, now=NOW,
        )  # fmt: skip

    assert state_of(complaint) == before
    assert not Step.objects.filter(kind="solution").exists()


def test_a_registration_with_money_under_approval_is_not_voided(people):
    complaint = a_complaint(people)
    approval = propose(complaint, people, "500")
    before = state_of(complaint)

    with pytest.raises(actions.CannotVoid):
        actions.void(complaint=complaint, by=people.manager.party, now=NOW, reason="登记两次")

    assert state_of(complaint) == before
    approvals.withdraw(approval=approval, by=people.supervisor.party, now=NOW)
    actions.void(complaint=complaint, by=people.manager.party, now=NOW, reason="登记两次")
    assert not Duty.objects.filter(state="OPEN").exists()


# ---- findings


@pytest.mark.parametrize(
    "given",
    [{"evidence": "  "}, {"offence": "LATE"}, {"happened_on": dt.date(2026, 3, 10)}],
    ids=["no evidence", "unknown offence", "tomorrow"],
)
def test_a_finding_without_ground_is_refused(people, given):
    with pytest.raises(actions.CannotJudge):
        a_fault(people, now=at(9, 10), **given)

    assert (Fault.objects.count(), Penalty.objects.count()) == (0, 0)


def test_nobody_judges_themselves(people):
    with pytest.raises(actions.CannotJudge):
        a_fault(people, people.manager.party)

    assert Fault.objects.count() == 0


def test_an_unconfirmed_finding_is_kept_and_may_be_confirmed_later(people):
    complaint = a_complaint(people, accused=people.employee.party)
    a_fault(people, complaint=complaint, confirmed=False)

    a_fault(people, complaint=complaint, confirmed=True)

    assert list(Fault.objects.order_by("id").values_list("confirmed", flat=True)) == [False, True]


def a_penalty(people, **given):
    return a_fault(people, offence="IGNORED", **given).penalty


def decide(penalty, by, impose=True, now=NOW):
    return actions.decide_penalty(penalty=penalty, impose=impose, opinion="属实", by=by, now=now)


def test_a_penalty_is_proposed_to_the_store_manager_and_told_to_the_person(people):
    penalty = a_penalty(people)

    assert (penalty.number, penalty.state) == ("CF-202603-001", "PROPOSED")
    assert line(penalty.approval) == ["何景行"]
    assert Message.objects.filter(to=people.employee.party, kind="complaint.penalty_proposed").count() == 1


def test_a_penalty_that_the_store_manager_asks_for_is_decided_one_level_up(people):
    penalty = a_penalty(people, by=people.store_manager.party)

    assert line(penalty.approval) == ["宋怀瑾"]


@pytest.mark.parametrize(("impose", "state"), [(True, "IMPOSED"), (False, "DROPPED")])
def test_who_the_manual_names_imposes_or_drops_it(people, impose, state):
    penalty = decide(a_penalty(people), people.store_manager.party, impose)

    assert (penalty.state, penalty.decided_by, penalty.decided_at) == (state, people.store_manager.party, NOW)
    assert penalty.opinion == "属实"
    assert Message.objects.filter(to=people.employee.party, kind="complaint.penalty_decided").count() == 1


@pytest.mark.parametrize("who", ["manager", "employee", "general_manager", "north_store_manager"])
def test_nobody_else_decides_it(people, who):
    penalty = a_penalty(people)

    with pytest.raises(actions.CannotPunish):
        decide(penalty, people.users[who].party)

    penalty.refresh_from_db()
    assert (penalty.state, penalty.decided_by) == ("PROPOSED", None)


def test_a_penalty_is_decided_once(people):
    penalty = decide(a_penalty(people), people.store_manager.party)

    with pytest.raises(actions.CannotPunish):
        decide(penalty, people.store_manager.party, impose=False)

    penalty.refresh_from_db()
    assert penalty.state == "IMPOSED"


def test_the_person_concerned_does_not_decide_as_deputy_of_the_store_manager(people):
    away(people.store_manager, people.employee)
    penalty = a_penalty(people)

    with pytest.raises(actions.CannotPunish):
        decide(penalty, people.employee.party)

    with pytest.raises(approvals.CannotApprove):
        approvals.decide(
            approval=penalty.approval, decision="YES", opinion="", by=people.employee.party, now=NOW
        )
    assert Penalty.objects.get().state == "PROPOSED"


def test_the_person_concerned_appeals_once(people):
    penalty = decide(a_penalty(people), people.store_manager.party)

    def appeal(text, by):
        return actions.appeal_penalty(penalty=penalty, text=text, by=by, now=at(9, 14))

    for text, by in (("不服", people.manager.party), ("  ", people.employee.party)):
        with pytest.raises(actions.CannotPunish):
            appeal(text, by)
    assert appeal("当时在休息", people.employee.party).appealed_at == at(9, 14)
    with pytest.raises(actions.CannotPunish):
        appeal("再一次", people.employee.party)

    assert Penalty.objects.get().appeal == "当时在休息"
