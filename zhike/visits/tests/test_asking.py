"""What others are needed for is asked of them at once, and their answer comes back to the customer (T004-03)."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from zhike.customers.models import Promise
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import deliver
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.tree import plant
from zhike.people.requests import actions as requests
from zhike.people.requests.models import Request
from zhike.people.tests.factories import MONDAY
from zhike.people.tests.rules import in_force
from zhike.visits import actions
from zhike.visits.models import Problem

from .factories import DAY, HOUR, MINUTE, a_shop, a_visit


@pytest.fixture
def house(cast):
    """With the regulation on requests in force."""
    in_force(cast, "work-platform", "客户经理工作平台管理办法")
    return cast


def a_problem(cast, visit=None, **more) -> Problem:
    given = {
        "text": "扫码枪连不上网", "kind": "DEVICE", "in_authority": False, "at_once": False, "needs_others": True,
        "reply_by": MONDAY + DAY, "proposal": "换一台",
    } | more  # fmt: skip
    return actions.raise_problem(visit=visit or a_visit(cast), by=cast.specialist.party, now=MONDAY, **given)


@pytest.mark.rule("T004-03", "R004-37", "S004-25", "R002-132")
def test_another_department_is_asked_with_the_problem_by_the_time_the_customer_was_told(house):
    problem = a_problem(house, to_unit=house.south_cash)

    asked = problem.request
    assert (asked.kind, asked.to_unit, asked.owner) == (
        "COORDINATION",
        house.south_cash,
        house.cashier_supervisor.party,
    )
    assert (asked.text, asked.topic) == ("扫码枪连不上网\n换一台", "Settlement and devices")
    assert asked.due_at == problem.reply_by == MONDAY + DAY  # before the two working days of the regulation
    assert (asked.subject_label, asked.subject_id) == ("visits.Visit", problem.visit_id)
    assert asked.customer_id == problem.visit.customer_id


@pytest.mark.rule("T004-03", "R004-37")
def test_without_a_name_or_where_nobody_answers_the_own_leader_is_asked(house):
    alone = a_problem(house)
    nobody = plant(name="空壳公司", code="void", parent=None, kind=Unit.Kind.COMPANY)
    empty = a_problem(house, a_visit(house, a_shop(house, "城西便利店")), to_unit=nobody)

    for problem in (alone, empty):
        assert problem.request.to_unit == problem.visit.unit
        assert problem.request.owner not in {None, house.specialist.party}


@pytest.mark.rule("R004-27", "T004-03")
def test_an_urgent_problem_is_an_urgent_report_to_the_leader_and_owed_once(house):
    problem = a_problem(house, needs_others=False, urgent=True)

    assert (problem.request.kind, problem.request.urgent, problem.reported_at) == ("URGENT", True, MONDAY)
    assert problem.request.due_at == MONDAY + HOUR
    owed = (
        Duty.objects.open()
        .filter(customer_id=problem.visit.customer_id)
        .exclude(kind__startswith="customer.")
    )
    assert sorted(owed.values_list("kind", flat=True)) == ["request.urgent", "visits.record"]


@pytest.mark.rule("T004-03")
def test_what_is_urgent_and_needs_others_goes_to_them_and_is_reported(house):
    problem = a_problem(house, urgent=True, to_unit=house.south_cash)

    assert (problem.request.kind, problem.request.urgent) == ("COORDINATION", True)
    assert Duty.objects.open().filter(kind="visits.urgent", subject_id=problem.visit_id).count() == 1


@pytest.mark.rule("R004-18", "R004-28")
@pytest.mark.parametrize(("at_once", "answer"), [(True, "当场补上"), (False, "")])
def test_nobody_else_is_asked_where_the_ruling_names_nobody(house, at_once, answer):
    problem = a_problem(house, in_authority=True, needs_others=False, at_once=at_once, answer=answer)

    assert problem.request is None
    assert Request.objects.count() == 0


def test_without_a_regulation_on_requests_problem_and_promise_stand(cast):
    problem = a_problem(cast)

    assert (problem.request, problem.state, problem.promise.state) == (None, "OPEN", "OPEN")


@pytest.mark.rule("R002-136", "R004-18", "P004-04")
def test_the_result_of_the_request_answers_the_problem_and_keeps_the_promise(house):
    problem = a_problem(house, to_unit=house.south_cash)
    asked, by = problem.request, house.specialist.party
    requests.answer(request=asked, text="周二上门换", by=house.cashier_supervisor.party, now=MONDAY + HOUR)
    deliver.run_once(MONDAY + HOUR)
    problem.refresh_from_db()
    assert (problem.state, problem.request.state) == ("OPEN", "ANSWERED")  # the customer does not know yet

    requests.settle(request=problem.request, result="客户同意", by=by, now=MONDAY + 2 * HOUR)
    deliver.run_once(MONDAY + 3 * HOUR)

    problem.refresh_from_db()
    assert (problem.state, problem.answer, problem.answered_by) == ("ANSWERED", "周二上门换", by)
    assert problem.answered_at == MONDAY + 2 * HOUR
    assert problem.promise.state == Promise.State.KEPT
    deliver.run_once(MONDAY + 4 * HOUR)
    assert Problem.objects.get().answered_at == MONDAY + 2 * HOUR


@pytest.mark.rule("R004-18", "P004-04")
@pytest.mark.parametrize(("answered", "state"), [(True, "SETTLED"), (False, "WITHDRAWN")])
def test_who_answers_the_customer_has_nothing_more_to_settle(house, answered, state):
    problem = a_problem(house, to_unit=house.south_cash)
    if answered:
        requests.answer(
            request=problem.request, text="周二换", by=house.cashier_supervisor.party, now=MONDAY + HOUR
        )
        problem.refresh_from_db()

    actions.answer_problem(problem=problem, answer="已换新", by=house.specialist.party, now=MONDAY + 2 * HOUR)

    assert Request.objects.get().state == state
    assert not Duty.objects.open().filter(kind__startswith="request.").exists()
    deliver.run_once(MONDAY + 3 * HOUR)
    assert Problem.objects.get().answer == "已换新"


@pytest.mark.rule("T004-03", "S004-11")
def test_a_problem_that_the_phone_sends_asks_once(house):
    visit = a_visit(house)
    entry = {
        "uid": str(uuid.uuid4()), "visit": str(visit.uid), "kind": "raise_problem", "offset": 0,
        "made_at": (MONDAY - MINUTE).isoformat(),
        "data": {
            "text": "缺货", "kind": "SUPPLY", "needs_others": True, "to_unit": house.south_cash.pk,
            "reply_by": (MONDAY + DAY).isoformat(),
        },
    }  # fmt: skip

    results = [
        actions.sync(entries=[entry], by=house.specialist.party, now=MONDAY + n * HOUR)[0]["result"]
        for n in range(2)
    ]

    assert results == ["kept", "known"]
    assert Request.objects.get().to_unit == house.south_cash
    assert Problem.objects.get().request == Request.objects.get()


@pytest.mark.rule("P004-04", "S004-11")
def test_the_page_and_the_phone_show_what_others_answered(house, as_):
    visit = a_visit(house)
    problem = a_problem(house, visit, to_unit=house.south_cash)
    client = as_("specialist")
    dialog = client.get(reverse("visits:do", args=[visit.pk, "problem"])).content.decode()
    assert "Department that is asked" in dialog
    requests.answer(
        request=problem.request, text="周二上门换", by=house.cashier_supervisor.party, now=MONDAY + HOUR
    )

    page = client.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    phone = client.get(reverse("visits:road:day")).json()

    assert reverse("people:request", args=[problem.request_id]) in page
    assert "周二上门换" in page
    assert phone["customers"][str(visit.customer_id)]["problems"] == ["扫码枪连不上网 → 周二上门换"]
    assert [house.south_cash.pk, house.south_cash.label] in phone["units"]
    assert phone["rules"][str(visit.unit_id)]["asks"] is True
    assert "周二上门换" in client.get(reverse("visits:answer", args=[problem.pk])).content.decode()
    listed = client.get(reverse("visits:problems"), {"view": "-", "asked": "ANSWERED"}).content.decode()
    assert "扫码枪连不上网" in listed
