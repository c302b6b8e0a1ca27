"""After the end of a case and beside its stages, under the handbook's regulation: levels, return visit, reopening."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from zhike.complaints import actions, queries_after
from zhike.complaints.models import Complaint
from zhike.complaints.models_after import FollowUp, Reopening
from zhike.kernel.audit.models import Entry as Trail
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import subjects
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.procedures.models import Move
from zhike.kernel.procedures.stages import WrongStage
from zhike.people.tests.factories import MONDAY

from .factories import at, browser
from .handbook import LATER, a_case, a_handbook_house, agreed, visit, visits_owed
from .regimes import opened, owner_of, step, walked

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    yield from a_handbook_house()


@pytest.fixture
def case(house):
    return a_case(house)


@pytest.fixture
def closed(case, house):
    agreed(case, house)
    walked(case)
    assert not case.is_open
    return case


# ---- two levels


@pytest.mark.rule("R002-149")
@pytest.mark.parametrize(
    ("given", "major", "post"),
    [
        ({"value": Decimal("9999.99")}, False, "P002-04"),
        ({"value": Decimal(10000)}, True, "P002-02"),
        ({"value": Decimal(1), "circumstances": ["INJURY"]}, True, "P002-02"),
        ({}, False, "P002-04"),
    ],
)
def test_major_complaints_go_to_the_manager_and_ordinary_ones_to_the_supervisor(house, given, major, post):
    complaint = opened(house, item="PRODUCT", **given)

    assert (complaint.major, complaint.handler) == (major, house[post].party)


@pytest.mark.rule("R002-149")
@pytest.mark.parametrize("value", [Decimal(1), Decimal(20000)])
def test_at_both_levels_the_result_is_fed_back_within_a_limit_and_its_date_stands(house, value):
    complaint = opened(house, item="PRODUCT", value=value, name="巫马青", phone="13912340002")
    agreed(complaint, house)
    walked(complaint, until="反馈客户")
    fed_back = Duty.objects.open().get(**subjects.key(complaint), title="反馈客户")
    assert (fed_back.owner, fed_back.due_at) == (house["taker"].party, at(9, 15))

    step(complaint, now=at(9, 13))
    written = complaint.steps.get(kind="reply")
    assert (written.by, written.at) == (house["taker"].party, at(9, 13))


@pytest.mark.rule("R002-169")
def test_no_case_closes_without_the_inspection_and_its_lessons(house, case):
    agreed(case, house)
    walked(case, until="检查总结")
    with pytest.raises(actions.CannotClose):
        actions.record_step(complaint=case, kind="summary", text=" ", by=owner_of(case), now=MONDAY)

    lesson = "检查:复核两单;经验:装箱前加查;流程改进:加装箱单签字"
    actions.record_step(complaint=case, kind="summary", text=lesson, by=owner_of(case), now=MONDAY)
    assert (case.is_open, case.steps.get(kind="summary").text) == (False, lesson)


# ---- return visit


def test_closing_opens_the_return_visit_that_the_regulation_asks_for(closed, house):
    (duty,) = visits_owed(closed)

    assert (duty.owner, duty.clause, duty.limit) == (house["taker"].party, "4.1", "3个工作日内")
    assert duty.began_at == MONDAY
    assert Duty.objects.open().filter(**subjects.key(closed)).count() == 1


def test_no_return_visit_is_owed_while_open_nor_without_a_customer_nor_for_a_void_one(house, case):
    assert visits_owed(case) == []
    nobody = opened(house, item="PRODUCT")
    agreed(nobody, house)
    walked(nobody)
    actions.void(complaint=case, by=house["P002-02"].party, now=MONDAY, reason="重复")

    assert visits_owed(nobody) == visits_owed(case) == []


def test_a_manual_that_is_silent_owes_none(house, case, monkeypatch):
    from zhike.complaints.actions import _limits

    monkeypatch.setattr(_limits, "running_from", lambda *a, **k: [])
    agreed(case, house)
    walked(case)

    assert visits_owed(case) == []


def test_an_answer_ends_the_return_visit_and_counts(closed, house):
    row = visit(closed, house, satisfaction=3, text="还可以")

    assert visits_owed(closed) == []
    assert (row.dissatisfied, row.round, row.text) == (False, 0, "还可以")
    visit(closed, house, satisfaction=5)
    assert queries_after.after_of(closed).rating.satisfaction == 5


@pytest.mark.parametrize(
    ("satisfaction", "resolved", "unhappy"),
    [(2, True, True), (3, True, False), (5, False, True), (1, True, True)],
)
def test_up_to_the_limit_of_the_manual_or_unsettled_the_customer_counts_as_dissatisfied(
    closed, house, satisfaction, resolved, unhappy
):
    row = visit(closed, house, satisfaction=satisfaction, resolved=resolved)

    assert row.dissatisfied is unhappy
    told = Message.objects.filter(to=closed.handler, kind="complaint.dissatisfied")
    assert told.exists() is unhappy
    assert list(queries_after.dissatisfied(Complaint.objects.all())) == ([closed] if unhappy else [])


def test_the_latest_answer_wins_for_lists_too(closed, house):
    visit(closed, house, satisfaction=1)
    visit(closed, house, satisfaction=5)

    assert list(queries_after.dissatisfied(Complaint.objects.all())) == []


def test_after_three_attempts_it_may_be_ended_as_not_reached_and_not_before(closed, house):
    no = {"reached": False, "satisfaction": None, "resolved": None, "reason": "无人接听"}
    with pytest.raises(actions.CannotFollowUp):
        visit(closed, house, **no | {"reason": " "})
    visit(closed, house, **no)
    with pytest.raises(actions.CannotFollowUp):
        visit(closed, house, **no, ended=True)
    visit(closed, house, **no)
    assert len(visits_owed(closed)) == 1
    last = visit(closed, house, **no, ended=True)

    assert (visits_owed(closed), last.ended) == ([], True)
    assert FollowUp.objects.filter(complaint=closed, reached=False).count() == 3


@pytest.mark.parametrize(
    "wrong",
    [{"satisfaction": None}, {"satisfaction": 0}, {"satisfaction": 6}, {"resolved": None}],
)
def test_an_answer_is_whole_or_refused(closed, house, wrong):
    with pytest.raises(actions.CannotFollowUp):
        visit(closed, house, **wrong)
    assert not FollowUp.objects.exists()


def test_an_open_case_and_a_void_one_have_no_return_visit(case, house):
    with pytest.raises(actions.CannotFollowUp):
        visit(case, house)
    actions.void(complaint=case, by=house["P002-02"].party, now=MONDAY, reason="重复")
    with pytest.raises(actions.CannotFollowUp):
        visit(case, house)


def test_the_database_keeps_the_scale_and_one_rating_of_the_portal_in_a_round(closed, house):
    given = {"complaint": closed, "reached": True, "resolved": True, "by": house["taker"].party, "at": LATER}
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(satisfaction=6, **given)
    FollowUp.objects.create(satisfaction=5, source="PORTAL", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(satisfaction=5, source="PORTAL", **given)
    FollowUp.objects.create(satisfaction=5, source="PORTAL", **given | {"round": 1})


def test_the_list_shows_who_waits_and_who_is_dissatisfied(closed, house):
    client = browser(house["P002-02"])
    url = reverse("complaints:list")

    def shown(query):
        return closed.number in client.get(f"{url}?view=-&{query}").content.decode()

    assert (shown("visit=1"), shown("unhappy=1"), shown("again=1")) == (True, False, False)
    visit(closed, house, satisfaction=1)
    assert (shown("visit=1"), shown("unhappy=1")) == (False, True)


def test_the_page_takes_down_a_return_visit_and_proposes_to_reopen(closed, house):
    client = browser(house["taker"])
    page = client.get(reverse("complaints:detail", args=[closed.pk])).content.decode()
    assert reverse("complaints:follow_up", args=[closed.pk]) in page
    url = reverse("complaints:follow_up", args=[closed.pk])
    refused = client.post(url, {"reached": "1"})
    assert refused.context["form"].errors
    client.post(url, {"reached": "1", "satisfaction": "2", "resolved": "0", "text": "还是坏的"})

    row = FollowUp.objects.get()
    assert (row.satisfaction, row.resolved, row.text, row.by) == (2, False, "还是坏的", house["taker"].party)
    page = browser(house["P002-02"]).get(reverse("complaints:detail", args=[closed.pk])).content.decode()
    assert "还是坏的" in page
    assert reverse("complaints:reopen", args=[closed.pk]) in page


# ---- reopening


def test_a_closed_case_goes_back_to_the_solution_with_a_duty_from_now(closed, house):
    former = closed.closed_at
    actions.reopen(complaint=closed, reason="仍然漏水", by=house["P002-02"].party, now=LATER)

    row = Reopening.objects.get()
    assert (closed.is_open, closed.stage, closed.reopened) == (True, "协商方案", 1)
    assert (row.round, row.stage, row.closed_at, row.reason) == (1, "协商方案", former, "仍然漏水")
    owed = Duty.objects.open().get(**subjects.key(closed), title="协商方案")
    assert (owed.began_at, owed.owner) == (LATER, closed.handler)
    beside = Duty.objects.open().get(**subjects.key(closed), kind="complaint.resolution")
    assert (beside.began_at, beside.clause) == (LATER, "4.2")
    assert visits_owed(closed) == []
    closed.refresh_from_db()
    assert closed.due_at == min(owed.due_at, beside.due_at)
    assert Move.objects.filter(**subjects.key(closed), to_stage="协商方案").count() == 2
    assert Trail.objects.filter(code="complaints.reopened").count() == 1


def test_it_closes_again_owes_another_return_visit_and_counts_once(closed, house):
    visit(closed, house, satisfaction=1)
    actions.reopen(complaint=closed, reason="不满意", by=house["P002-02"].party, now=LATER)
    agreed(closed, house)
    walked(closed, now=LATER)

    assert (closed.is_open, closed.closed_at, closed.reopened) == (False, LATER, 1)
    assert len(visits_owed(closed)) == 1
    actions.reopen(complaint=closed, reason="又来", stage="调查取证", by=house["P002-02"].party, now=LATER)
    assert (closed.stage, list(Reopening.objects.values_list("round", flat=True))) == ("调查取证", [1, 2])
    from zhike.complaints import queries

    assert queries.complaints(EVERYTHING).count() == 1


def test_of_two_who_reopen_at_once_one_wins(closed, house):
    other = Complaint.objects.get(pk=closed.pk)
    actions.reopen(complaint=closed, reason="甲", by=house["P002-02"].party, now=LATER)

    with pytest.raises((WrongStage, IntegrityError)), transaction.atomic():
        actions.reopen(complaint=other, reason="乙", by=house["P002-04"].party, now=LATER)
    assert Reopening.objects.get().reason == "甲"
    assert Duty.objects.open().filter(**subjects.key(closed), title="协商方案").count() == 1


def test_what_is_open_void_without_reason_or_regulation_is_not_reopened(house, case):
    def tried(complaint, **given):
        with pytest.raises(actions.CannotReopen) as refusal:
            actions.reopen(
                **{"complaint": complaint, "reason": "x", "by": house["P002-02"].party, "now": LATER} | given
            )
        return str(refusal.value)

    assert tried(case)
    actions.void(complaint=case, by=house["P002-02"].party, now=MONDAY, reason="重复")
    assert tried(case)
    done = opened(house, item="PRODUCT")
    agreed(done, house)
    walked(done)
    assert tried(done, reason=" ")
    done.accused = house["P002-02"].party
    assert tried(done)
    done.accused, done.manual = None, None
    assert tried(done)
    assert not Reopening.objects.exists()


def test_a_stage_that_the_manual_does_not_have_is_refused_and_nothing_changes(closed, house):
    with pytest.raises(WrongStage), transaction.atomic():
        actions.reopen(complaint=closed, reason="x", stage="没有", by=house["P002-02"].party, now=LATER)
    assert Complaint.objects.get(pk=closed.pk).reopened == 0


def test_the_page_offers_the_stages_and_reopens(closed, house):
    client = browser(house["P002-02"])
    url = reverse("complaints:reopen", args=[closed.pk])
    form = client.get(url).context["form"]
    assert "登记" not in dict(form.fields["stage"].choices)
    assert form.initial["stage"] == "协商方案"
    client.post(url, {"stage": "执行", "reason": "没有修好"})

    closed.refresh_from_db()
    assert closed.stage == "执行"
    assert "没有修好" in client.get(reverse("complaints:detail", args=[closed.pk])).content.decode()
    assert client.get(url).status_code == 403
