"""Corrective action beside the stages of a case, and past cases that were the same trouble."""

import copy

import pytest
from django.db import transaction

from zhike.complaints.actions import CannotStep
from zhike.complaints.capa import actions, queries
from zhike.complaints.capa.models import CapaJudgement
from zhike.complaints.capa.reading import dossier
from zhike.kernel import clock
from zhike.kernel.parties.scope import EVERYTHING, NOTHING
from zhike.people.tests.factories import MONDAY

from .factories import at
from .regimes import a_house, opened, step, walked
from .test_capa import C, approved, closed_case, effect, finish, fresh, planned, review, started, submitted
from .test_regime_factory import POSTS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(MONDAY):
        yield a_house("mfg-complaints", POSTS)
        transaction.set_rollback(True)


@pytest.fixture
def house(_house, db):
    with clock.at(MONDAY):
        yield copy.deepcopy(_house)


# ---- in the stages of a case


@pytest.mark.rule("R001-183", "F001-50")
def test_a_step_of_the_case_acts_on_its_corrective_action_as_well(house):
    complaint = opened(house, item="QUALITY")
    capa = started(house, complaint)
    walked(complaint, until="原因和方案")
    with pytest.raises(CannotStep, match=capa.number):
        step(complaint)
    assert (complaint.stage, complaint.steps.filter(kind="plan").count()) == ("原因和方案", 0)

    planned(house, fresh(capa))
    assert step(complaint) == "方案初审"
    assert fresh(capa).phase == "REVIEW"
    with pytest.raises(C, match=complaint.number):  # the review is a step there
        review(house, capa)

    assert step(complaint, decision=True) == "原因和方案"
    assert (fresh(capa).phase, fresh(capa).round) == ("ANALYSIS", 2)
    with pytest.raises(CannotStep):  # nothing has changed
        step(complaint)
    planned(house, fresh(capa), what="修改作业指导书")
    step(complaint)
    step(complaint)
    assert (complaint.stage, fresh(capa).phase) == ("措施核准", "APPROVAL")
    step(complaint)
    assert (complaint.stage, fresh(capa).phase) == ("答复客户", "EXECUTION")
    step(complaint)
    with pytest.raises(CannotStep, match="修改作业指导书"):
        step(complaint)
    finish(house, capa, now=MONDAY)
    step(complaint)
    assert (complaint.stage, fresh(capa).phase) == ("效果确认", "EFFECT")
    step(complaint)

    rows = dossier(fresh(capa)).judgements
    assert [(row.kind, row.round, row.passed) for row in rows] == [
        ("REVIEW", 1, False),
        ("REVIEW", 2, True),
        ("APPROVAL", 2, True),
        ("EFFECT", 2, True),
    ]
    assert rows[0].reason == "方案初审:已办"
    assert fresh(capa).phase == "SUMMARY"


@pytest.mark.rule("R001-172")
def test_the_approval_stage_of_the_case_may_send_the_plan_back(house):
    complaint = opened(house, item="QUALITY")
    capa = started(house, complaint)
    walked(complaint, until="原因和方案")
    planned(house, fresh(capa))
    walked(complaint, until="措施核准")

    assert step(complaint, decision=True) == "原因和方案"
    assert dossier(fresh(capa)).refused.kind == "APPROVAL"


@pytest.mark.rule("R001-180")
def test_the_temporary_measure_of_a_major_case_stands_in_its_corrective_action(house):
    complaint = opened(house, item="QUALITY", circumstances=["BATCH"])
    capa = started(house, complaint)
    walked(complaint, until="落实临时措施")
    step(complaint)

    row = capa.actions.get()
    assert (row.kind, row.what, row.is_done) == ("CONTAINMENT", "落实临时措施:已办", True)


def test_a_case_without_a_corrective_action_goes_on_as_ever(house):
    complaint = opened(house)
    walked(complaint)
    assert not complaint.is_open
    assert not CapaJudgement.objects.exists()


# ---- recurrence


def with_past(house):
    """A closed corrective action of February, and a new complaint of the same batch."""
    old = closed_case(house, now=at(2, 9, month=2))
    capa = started(house, old, now=at(2, 10, month=2))
    submitted(house, capa)
    review(house, capa)
    approved(house, capa)
    finish(house, capa)
    effect(house, capa)
    actions.close_capa(capa=fresh(capa), lesson="换刀必须首检", change="", by=capa.lead, now=at(12, 17))
    new = opened(house, item="QUALITY", more={"lot": "L-07"}, now=at(13, 9))
    return old, fresh(capa), started(house, new, now=at(13, 10))


@pytest.mark.rule("R002-169", "R002-P05")
def test_what_came_back_after_a_confirmed_effect_is_found_first(house):
    plain = opened(house, item="QUALITY", more={"lot": "L-08"}, now=at(5, 9))
    opened(house, item="LATE_DELIVERY", more={"lot": "L-09"}, now=at(5, 9))
    old, former, capa = with_past(house)

    past = queries.past_cases(EVERYTHING, dossier(capa), "")
    assert [one.complaint for one in past] == [old, plain]
    assert [one.reasons for one in past] == [[queries.BATCH, queries.ITEM], [queries.ITEM]]
    assert (past[0].confirmed, past[1].confirmed) == (former, None)
    assert queries.past_cases(NOTHING, dossier(capa), "") == []
    late = opened(house, item="QUALITY", more={"lot": "L-07"}, now=at(16, 9))
    assert late not in [one.complaint for one in queries.past_cases(EVERYTHING, dossier(capa), "")]


@pytest.mark.rule("R002-169")
def test_past_cases_are_found_by_words_of_their_cause_or_lesson(house):
    old, _former, _capa = with_past(house)
    other = opened(house, item="LATE_DELIVERY", now=at(14, 9))
    latest = started(house, other, now=at(14, 10))

    assert queries.past_cases(EVERYTHING, dossier(latest), "") == []
    assert [
        one.complaint for one in queries.past_cases(EVERYTHING, dossier(latest), "没有的词 没有对刀")
    ] == [old]


@pytest.mark.rule("R002-169")
def test_a_person_confirms_that_it_is_the_same_trouble(house):
    old, former, capa = with_past(house)
    later = opened(house, now=at(17, 9))
    with pytest.raises(C):
        actions.confirm_recurrence(capa=capa, past=later, note="", by=capa.lead, now=at(17, 10))
    with pytest.raises(C):
        actions.confirm_recurrence(
            capa=capa, past=capa.cases.get().complaint, note="", by=capa.lead, now=at(17, 10)
        )
    actions.confirm_recurrence(capa=fresh(capa), past=old, note="同一把刀", by=capa.lead, now=at(17, 10))

    capa = fresh(capa)
    assert (capa.recurred, capa.recurs, capa.recurs_capa, capa.recurs_note) == (True, old, former, "同一把刀")


def test_the_same_item_alone_is_no_sign_that_it_came_back(house):
    _old, former, _capa = with_past(house)
    other = started(house, opened(house, item="QUALITY", more={"lot": "L-99"}, now=at(16, 9)), now=at(16, 10))

    past = queries.past_cases(EVERYTHING, dossier(other), "")
    assert former in [capa for one in past for capa in one.capas]
    assert [one.confirmed for one in past] == [None] * len(past)


def test_a_review_stage_sends_back_what_nobody_has_submitted_without_a_round(house):
    complaint = opened(house)
    walked(complaint, until="方案初审")
    capa = started(house, complaint)

    with pytest.raises(CannotStep, match=capa.number):
        step(complaint)
    assert step(complaint, decision=True) == "原因和方案"
    assert (fresh(capa).phase, CapaJudgement.objects.count()) == ("ANALYSIS", 0)
