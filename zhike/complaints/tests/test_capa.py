"""Corrective action as a record: causes, plan, review rounds, approval, measures, effect, recurrence."""

import copy
import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from zhike.complaints.capa import actions, queries
from zhike.complaints.capa.models import Capa, CapaAction, CapaCase, CapaJudgement
from zhike.complaints.capa.reading import dossier
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.procedures import approvals
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, at
from .regimes import a_house, opened, walked
from .test_regime_factory import POSTS

pytestmark = pytest.mark.django_db
C = actions.CannotCapa


@pytest.fixture(scope="module")
def _house(django_db_setup, django_db_blocker):
    """One factory for all tests of the file; what each does is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(MONDAY):
        yield a_house("mfg-complaints", POSTS)
        transaction.set_rollback(True)


@pytest.fixture
def house(_house, db):
    with clock.at(MONDAY):
        yield copy.deepcopy(_house)


def started(house, complaint=None, **given):
    """Begun by the department head, led by the quality engineer."""
    complaint = complaint or opened(house, item="QUALITY", more={"lot": "L-07", "product": "轴套"})
    usual = {"lead": house["QUALITY_ENGINEER"].party, "by": house["DEPARTMENT_HEAD"].party, "now": MONDAY}
    return actions.start_capa(complaints=[complaint], **{**usual, **given})


def closed_case(house, **given):
    """A complaint that has gone through all stages: no stage reviews its plan any more."""
    complaint = opened(house, item="QUALITY", more={"lot": "L-07", "product": "轴套"}, **given)
    walked(complaint, now=given.get("now", MONDAY))
    return complaint


def planned(house, capa, *, by="DEPARTMENT_HEAD", what="换刀后首检", now=MONDAY, due=dt.date(2026, 3, 11)):
    """A chain of two answers to a root cause, and one corrective measure of the quality head."""
    who = {"by": house[by].party, "now": now}
    if not capa.whys.exists():
        actions.answer_why(capa=capa, chain=1, place=1, answer="内孔偏大", **who)
        why = actions.answer_why(capa=capa, chain=1, place=2, answer="换刀后没有对刀", **who)
        actions.mark_root(why=why, **who)
        capa.refresh_from_db()
    return actions.add_action(
        capa=capa, kind="CORRECTIVE", what=what, due_on=due, owner=house["QUALITY_HEAD"].party, **who
    )


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def submitted(house, capa, **given):
    planned(house, capa, **given)
    return actions.submit_plan(capa=fresh(capa), by=house["DEPARTMENT_HEAD"].party, now=MONDAY)


def review(house, capa, passed=True, reason="可以", by="QUALITY_ENGINEER", round=None):
    capa = fresh(capa)
    return actions.review_plan(
        capa=capa, round=round or capa.round, passed=passed, reason=reason, by=house[by].party, now=MONDAY
    )


def approved(house, capa):
    capa = fresh(capa)
    approvals.decide(
        approval=capa.approval,
        decision="YES",
        opinion="",
        by=house["MANAGEMENT_REPRESENTATIVE"].party,
        now=MONDAY,
    )
    return fresh(capa)


def in_execution(house):
    capa = started(house, closed_case(house))
    submitted(house, capa)
    review(house, capa)
    return approved(house, capa)


def finish(house, capa, now=at(10, 9)):
    for row in CapaAction.objects.filter(capa=capa, done_at=None):
        actions.finish_action(action=row, evidence="首检记录 7 份", by=row.owner, now=now)
    return fresh(capa)


def effect(house, capa, effective=True, on=dt.date(2026, 3, 12), by="QUALITY_ENGINEER", **given):
    usual = {"round": capa.round, "evidence": "三批合格" if effective else "第二批又有 4 件"}
    return actions.check_effect(
        capa=fresh(capa), effective=effective, on=on, by=house[by].party, now=at(12, 16), **{**usual, **given}
    )


def owed(capa):
    rows = Duty.objects.open().filter(subject_label="complaints.Capa", subject_id=capa.pk)
    return sorted((duty.kind, duty.owner.name) for duty in rows)


# ---- the record


@pytest.mark.rule("F001-50")
def test_of_each_complaint_one_corrective_action_is_under_way(house):
    complaint = opened(house)
    first = started(house, complaint)

    with pytest.raises(C, match=first.number):
        started(house, complaint)
    other = Capa.objects.create(
        number="x", unit=house.unit, title="x", lead=first.lead, opened_by=first.lead, opened_at=MONDAY
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        CapaCase.objects.create(capa=other, complaint=complaint, by=first.lead, at=MONDAY)

    actions.drop_capa(capa=fresh(first), reason="登记错", by=first.lead, now=MONDAY)
    second = started(house, complaint)
    assert (first.number, second.number) == ("CAPA-202603-0001", "CAPA-202603-0002")
    assert Entry.objects.filter(code="complaints.capa_started").count() == 2


def test_several_complaints_of_the_same_trouble_share_one(house):
    one, two, third = opened(house), opened(house), opened(house)
    capa = actions.start_capa(complaints=[one, two], by=house["DEPARTMENT_HEAD"].party, now=MONDAY)
    actions.add_case(capa=fresh(capa), complaint=third, by=capa.lead, now=MONDAY)

    assert dossier(capa).complaints == [one, two, third]
    assert capa.lead == house["QUALITY_ENGINEER"].party  # who handles the first
    with pytest.raises(C, match=capa.number):
        actions.add_case(capa=fresh(capa), complaint=two, by=capa.lead, now=MONDAY)


def test_who_is_complained_of_has_no_part_in_it(house):
    accused = house["QUALITY_HEAD"]
    complaint = opened(house, accused=accused.party)

    with pytest.raises(C, match=r"被投诉|complained"):
        started(house, complaint, lead=accused.party)
    capa = started(house, complaint)
    given = {"department": "", "keywords": "", "by": capa.lead, "now": MONDAY}
    with pytest.raises(C):
        actions.describe_capa(capa=fresh(capa), lead=capa.lead, participants=[accused.party], **given)
    assert list(fresh(capa).participants.all()) == []
    assert not queries.named_capas(accused.pk).exists()


@pytest.mark.rule("R001-182", "R001-184")
def test_the_responsible_department_and_who_is_called_to_analyse_stand_in_it(house):
    capa = started(house)
    called = house["SALES_REPRESENTATIVE"].party
    actions.describe_capa(
        capa=fresh(capa),
        lead=capa.lead,
        department="机加工车间",
        participants=[called],
        keywords="换刀  对刀",
        by=capa.lead,
        now=MONDAY,
    )

    capa = fresh(capa)
    assert (capa.department, capa.keywords, list(capa.participants.all())) == (
        "机加工车间",
        "换刀 对刀",
        [called],
    )
    assert queries.named_capas(called.pk).get() == capa
    assert Message.objects.filter(to=called, kind="complaint.capa").count() == 1


# ---- causes


@pytest.mark.rule("R001-183")
def test_each_why_answers_the_former_and_the_last_is_the_root_cause(house):
    capa = started(house)
    who = {"capa": capa, "by": house["DEPARTMENT_HEAD"].party, "now": MONDAY}

    with pytest.raises(C, match="2"):
        actions.answer_why(chain=1, place=2, answer="没有首检", **who)
    first = actions.answer_why(chain=1, place=1, answer="内孔偏大", **who)
    with pytest.raises(C, match="1"):
        actions.answer_why(chain=1, place=1, answer="又一个", **who)
    second = actions.answer_why(chain=1, place=2, answer="没有对刀", **who)
    actions.answer_why(chain=2, place=1, answer="没有检出", **who)
    with pytest.raises(C):
        actions.mark_root(why=fresh(first), by=who["by"], now=MONDAY)
    actions.mark_root(why=fresh(second), by=who["by"], now=MONDAY)
    with pytest.raises(C):
        actions.answer_why(chain=1, place=3, answer="再问", **{**who, "capa": fresh(capa)})

    file = dossier(fresh(capa))
    assert [[why.answer for why in whys] for _no, whys in file.chains] == [
        ["内孔偏大", "没有对刀"],
        ["没有检出"],
    ]
    assert file.root_cause == "没有对刀"


@pytest.mark.rule("F001-50")
def test_the_fishbone_has_six_categories_with_sub_causes_that_are_examined(house):
    capa = started(house)
    who = {"by": capa.lead, "now": MONDAY}
    top = actions.add_cause(capa=capa, category="METHOD", text="没有首检规定", **who)
    sub = actions.add_cause(capa=capa, category="METHOD", text="作业指导书旧版", parent=top, **who)
    with pytest.raises(C):
        actions.add_cause(capa=capa, category="METHOD", text="第三层", parent=sub, **who)
    with pytest.raises(C):
        actions.add_cause(capa=capa, category="MAN", text="别的类", parent=top, **who)
    with pytest.raises(C):
        actions.add_cause(capa=capa, category="WEATHER", text="雨", **who)
    actions.verify_cause(cause=fresh(sub), verified=True, **who)
    assert dossier(capa).root_cause == "作业指导书旧版"

    actions.remove_cause(cause=fresh(top), **who)
    assert dossier(capa).causes == []


# ---- plan and review


@pytest.mark.rule("R001-183")
def test_a_plan_needs_a_root_cause_and_something_to_do(house):
    capa = started(house)
    by = house["DEPARTMENT_HEAD"].party

    with pytest.raises(C, match=r"根本原因|root cause"):
        actions.submit_plan(capa=capa, by=by, now=MONDAY)
    actions.mark_root(
        why=actions.answer_why(capa=capa, chain=1, place=1, answer="没有对刀", by=by, now=MONDAY),
        by=by,
        now=MONDAY,
    )
    with pytest.raises(C):
        actions.submit_plan(capa=fresh(capa), by=by, now=MONDAY)
    assert fresh(capa).phase == "ANALYSIS"


@pytest.mark.rule("R001-183", "F001-50")
def test_a_refused_plan_goes_back_any_number_of_times_and_each_round_stays(house):
    capa = started(house, closed_case(house))
    submitted(house, capa)
    assert owed(capa) == [("capa.review", house["QUALITY_ENGINEER"].party.name)]

    with pytest.raises(C):
        review(house, capa, passed=False, reason=" ")
    assert fresh(capa).phase == "REVIEW"
    for number in (1, 2):
        review(house, capa, passed=False, reason=f"没有说明为什么流出 {number}")
        assert (fresh(capa).phase, fresh(capa).round) == ("ANALYSIS", number + 1)
        assert owed(capa) == [("capa.analysis", house["DEPARTMENT_HEAD"].party.name)]
        with pytest.raises(C, match=f"没有说明为什么流出 {number}"):
            actions.submit_plan(capa=fresh(capa), by=house["DEPARTMENT_HEAD"].party, now=MONDAY)
        submitted(house, fresh(capa), what=f"措施 {number}")
    review(house, capa)

    rounds = CapaJudgement.objects.filter(capa=capa)
    assert [(row.round, row.passed, len(row.snapshot["actions"])) for row in rounds] == [
        (1, False, 1),
        (2, False, 2),
        (3, True, 3),
    ]
    assert {row.by for row in rounds} == {house["QUALITY_ENGINEER"].party}
    assert rounds[0].snapshot["roots"] == ["换刀后没有对刀"]


def test_nobody_reviews_their_own_plan(house):
    capa = started(house, closed_case(house))
    submitted(house, capa)
    with pytest.raises(C, match=r"自己|own"):
        review(house, capa, by="DEPARTMENT_HEAD")

    # who wrote a measure of it is no judge of it either
    other = started(house, closed_case(house))
    planned(house, other, by="QUALITY_ENGINEER")
    actions.submit_plan(capa=fresh(other), by=house["DEPARTMENT_HEAD"].party, now=MONDAY)
    with pytest.raises(C, match=r"自己|own"):
        review(house, other)
    assert not CapaJudgement.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        CapaJudgement.objects.create(
            capa=capa,
            kind="REVIEW",
            round=1,
            passed=True,
            planned_by=capa.lead,
            by=capa.lead,
            at=MONDAY,
            snapshot={},
        )


def test_what_has_moved_on_is_not_judged_again(house):
    capa = started(house, closed_case(house))
    submitted(house, capa)
    seen = fresh(capa)
    review(house, capa, passed=False, reason="太浅")
    with pytest.raises(C):
        actions.review_plan(
            capa=seen, round=1, passed=True, reason="", by=house["QUALITY_ENGINEER"].party, now=MONDAY
        )
    submitted(house, fresh(capa), what="再加一条")
    with pytest.raises(C):  # the page still shows round 1
        review(house, capa, round=1)
    assert CapaJudgement.objects.count() == 1
    with pytest.raises(C):  # while it is judged nothing in it changes
        planned(house, fresh(capa))


# ---- approval and execution


@pytest.mark.rule("R001-172")
def test_the_management_representative_approves_what_has_passed_the_review(house):
    capa = started(house, closed_case(house))
    submitted(house, capa)
    review(house, capa)

    capa = fresh(capa)
    asked = [row.approver for row in capa.approval.steps.all()]
    assert (capa.phase, asked, capa.approval.clause) == (
        "APPROVAL",
        [house["MANAGEMENT_REPRESENTATIVE"].party],
        "4.3",
    )
    assert not Duty.objects.filter(kind="capa.action").exists()
    assert approved(house, capa).phase == "EXECUTION"


@pytest.mark.rule("R001-172")
def test_what_is_not_approved_goes_back_to_analysis(house):
    capa = started(house, closed_case(house))
    submitted(house, capa)
    review(house, capa)
    approvals.decide(
        approval=fresh(capa).approval,
        decision="NO",
        opinion="费用太高",
        by=house["MANAGEMENT_REPRESENTATIVE"].party,
        now=MONDAY,
    )

    capa = fresh(capa)
    last = dossier(capa).refused
    assert (capa.phase, capa.round, last.kind, last.reason) == ("ANALYSIS", 2, "APPROVAL", "费用太高")


def test_a_manual_that_names_no_approver_lets_the_reviewed_plan_be_carried_out(people):
    complaint = a_complaint(people)
    lead, planner = people.manager.party, people.supervisor.party
    capa = actions.start_capa(complaints=[complaint], lead=lead, by=planner, now=MONDAY)
    top = actions.add_cause(capa=capa, category="MACHINE", text="冷柜断电", by=planner, now=MONDAY)
    actions.verify_cause(cause=top, verified=True, by=planner, now=MONDAY)
    actions.add_action(
        capa=fresh(capa), kind="PREVENTIVE", what="断电报警", owner_post="P002-19", due_on=dt.date(2026, 3, 20), by=planner, now=MONDAY
    )  # fmt: skip
    actions.submit_plan(capa=fresh(capa), by=planner, now=MONDAY)
    actions.review_plan(capa=fresh(capa), round=1, passed=True, reason="", by=lead, now=MONDAY)

    assert fresh(capa).phase == "EXECUTION"
    assert Duty.objects.open().filter(kind="capa.action").count() == 1


@pytest.mark.rule("R001-171", "F001-50")
def test_each_measure_is_a_duty_of_its_owner_that_is_done_with_evidence(house):
    capa = in_execution(house)
    duty = Duty.objects.open().get(kind="capa.action")
    row = capa.actions.get()
    assert (duty.owner, duty.due_at, duty.title) == (
        house["QUALITY_HEAD"].party,
        at(11, 17, 30),
        "换刀后首检",
    )
    late = queries.with_overdue(queries.lines(EVERYTHING), at(11, 17, 30))
    assert not late.exists()
    assert queries.with_overdue(queries.lines(EVERYTHING), at(11, 17, 31)).get() == capa

    with pytest.raises(C):
        actions.finish_action(action=row, evidence="", by=row.owner, now=at(10, 9))
    actions.finish_action(action=row, evidence="首检记录", by=row.owner, now=at(10, 9))
    with pytest.raises(C):
        actions.finish_action(action=fresh(row), evidence="再来", by=row.owner, now=at(10, 10))

    duty.refresh_from_db()
    assert (duty.state, duty.done_at, fresh(row).evidence) == ("DONE", at(10, 9), "首检记录")
    assert (fresh(capa).phase, owed(capa)) == (
        "EFFECT",
        [("capa.effect", house["QUALITY_ENGINEER"].party.name)],
    )


@pytest.mark.rule("F001-49")
def test_a_temporary_measure_is_owed_at_once(house):
    capa = started(house)
    who = {"by": capa.lead, "now": MONDAY, "capa": capa}
    with pytest.raises(C, match=r"今天|past"):
        actions.add_action(
            kind="CONTAINMENT", what="隔离", owner=capa.lead, due_on=dt.date(2026, 3, 8), **who
        )
    with pytest.raises(C):
        actions.add_action(kind="CONTAINMENT", what="隔离", due_on=dt.date(2026, 3, 9), **who)
    actions.add_action(
        kind="CONTAINMENT", what="隔离库存", owner=capa.lead, due_on=dt.date(2026, 3, 9), **who
    )

    assert Duty.objects.open().get(kind="capa.action").due_at == at(9, 17, 30)
    with pytest.raises(C):
        actions.finish_action(action=planned(house, fresh(capa)), evidence="x", by=capa.lead, now=MONDAY)


# ---- effect


@pytest.mark.rule("R001-171", "R001-228", "R002-169", "R002-P05")
def test_an_effective_one_is_closed_with_its_lesson(house):
    capa = in_execution(house)
    with pytest.raises(C, match="换刀后首检"):
        effect(house, capa)
    with pytest.raises(C):
        actions.close_capa(capa=capa, lesson="早关", change="", by=capa.lead, now=at(12, 17))
    capa = finish(house, capa)
    with pytest.raises(C):
        effect(house, capa, by="DEPARTMENT_HEAD")
    for day in (9, 13):  # before the last measure was done; after today
        with pytest.raises(C):
            effect(house, capa, on=dt.date(2026, 3, day))
    effect(house, capa, on=dt.date(2026, 3, 10))
    with pytest.raises(C):
        actions.close_capa(capa=fresh(capa), lesson=" ", change="", by=capa.lead, now=at(12, 17))
    actions.close_capa(
        capa=fresh(capa), lesson="换刀必须首检", change="作业指导书 3.2 改版", by=capa.lead, now=at(12, 17)
    )

    capa = fresh(capa)
    assert (capa.phase, capa.lesson, capa.change) == ("CLOSED", "换刀必须首检", "作业指导书 3.2 改版")
    assert owed(capa) == []
    assert not capa.cases.filter(active=True).exists()
    with pytest.raises(C):
        actions.drop_capa(capa=capa, reason="x", by=capa.lead, now=at(12, 17))


@pytest.mark.rule("R001-228", "F001-50")
def test_one_that_did_not_help_begins_a_new_round(house):
    capa = finish(house, in_execution(house))
    with pytest.raises(C):
        effect(house, capa, evidence="  ")
    effect(house, capa, effective=False)

    capa = fresh(capa)
    assert (capa.phase, capa.round) == ("ANALYSIS", 2)
    with pytest.raises(C):  # everything in the plan has been done already
        actions.submit_plan(capa=capa, by=house["DEPARTMENT_HEAD"].party, now=at(12, 17))
    submitted(house, capa, what="加装对刀仪", due=dt.date(2026, 3, 20))
    review(house, capa)
    approved(house, capa)
    finish(house, capa, now=at(12, 10))
    effect(house, fresh(capa))
    assert [
        (row.kind, row.round, row.passed) for row in dossier(capa).judgements if row.kind == "EFFECT"
    ] == [
        ("EFFECT", 1, False),
        ("EFFECT", 2, True),
    ]


def test_reading_a_corrective_action_takes_as_many_statements_however_long_it_is(
    house, django_assert_num_queries
):
    capa = in_execution(house)
    with django_assert_num_queries(6):
        dossier(capa)
