"""Who may see a complaint and do what with it: each role by each verb."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from zhike.complaints import access, actions, queries
from zhike.people.models import PostPower

from .factories import a_complaint, a_fault, at, away, worked

pytestmark = pytest.mark.django_db
VERBS = {
    "step": "s",
    "reply": "r",
    "note": "n",
    "hand_over": "o",
    "hand_up": "u",
    "change": "c",
    "correct": "k",
    "void": "v",
    "judge": "j",
    "see_findings": "f",
}


def allowed(user, complaint):
    """The verbs open to a person, one letter each; "-" for who does not even see the case."""
    try:
        seen = access.complaint_for(user, complaint.pk)
    except Http404:
        return "-"
    may = access.may(user, seen)
    return "".join(letter for verb, letter in VERBS.items() if getattr(may, verb))


# taken by `taker`, handled by `specialist`, in the south store; person -> verbs while open, when closed
TABLE = [
    ("general_manager", "srnockvjf", "rnkjf"),
    ("store_manager", "srnockvjf", "rnkjf"),
    ("manager", "srnockvjf", "rnkjf"),
    ("supervisor", "srnockvf", "rnkf"),
    ("specialist", "srnucf", "rnf"),
    ("taker", "srnck", "rn"),
    ("cashier_supervisor", "-", "-"),
    ("employee", "-", "-"),
    ("administrator", "-", "-"),
    ("north_store_manager", "-", "-"),
    ("north_manager", "-", "-"),
    ("stranger", "-", "-"),
    ("fruit_manager", "-", "-"),
]


@pytest.fixture
def case(people):
    return a_complaint(people, handler=people.specialist.party, override_reason="熟悉")


@pytest.mark.parametrize(("who", "verbs", "closed"), TABLE, ids=[row[0] for row in TABLE])
def test_each_role_has_its_verbs(people, case, who, verbs, closed):
    while_open = allowed(people.users[who], case)
    worked(case)

    assert set(while_open) == set(verbs)
    assert set(allowed(people.users[who], case)) == set(closed)


def test_the_taker_leaves_the_steps_to_the_handler_from_the_solution_on(people, case):
    worked(case, until="details")
    early = allowed(people.taker, case)
    worked(case, until="solution")
    late = allowed(people.taker, case)

    assert ("s" in early, "s" in late) == (True, False)
    assert "s" in allowed(people.specialist, case)


def test_nobody_sees_a_case_of_another_house_but_who_is_named_on_it(people, case):
    stranger = people.stranger
    assert allowed(stranger, case) == "-"

    actions.hand_over(
        complaint=case, to=stranger.party, by=people.manager.party, now=at(9, 11), reason="外援"
    )

    assert set(allowed(stranger, case)) == set("srnucf")
    assert list(queries.complaints(access.scope(stranger))) == [case]


def test_who_sees_only_own_cases_sees_the_one_that_was_handed_over(people, case):
    lead = people.cashier_supervisor
    assert allowed(lead, case) == "-"

    actions.hand_over(
        complaint=case, to=lead.party, by=people.manager.party, now=at(9, 11), reason="收银的事"
    )

    assert set(allowed(lead, case)) == set("srnucf")


@pytest.mark.parametrize(
    "who", ["general_manager", "store_manager", "manager", "supervisor", "specialist", "taker"]
)
def test_who_is_complained_of_sees_and_does_nothing_whatever_the_post(people, who):
    person = people.users[who]
    complaint = a_complaint(people, accused=person.party)

    assert allowed(person, complaint) == "-"
    assert list(queries.complaints(access.scope(person))) == []
    assert [verb for verb in VERBS if getattr(access.may(person, complaint), verb)] == []


def test_the_deputy_does_what_the_absent_person_may(people, case):
    assert "v" not in allowed(people.taker, case)

    away(people.manager, people.taker)

    assert set("ovj") <= set(allowed(people.taker, case))


def test_without_the_power_the_gate_says_forbidden_and_outside_the_scope_not_found(people, case):
    with pytest.raises(PermissionDenied):
        access.complaint_for(people.taker, case.pk, to="void")
    with pytest.raises(Http404):
        access.complaint_for(people.stranger, case.pk, to="void")
    with pytest.raises(Http404):
        access.complaint_for(people.manager, case.pk + 1000)


def test_a_power_that_is_taken_from_the_post_is_gone(people, case):
    PostPower.objects.filter(post__code="P002-02", power__code="complaint.correct").delete()

    assert "v" not in allowed(people.manager, case)
    assert "k" not in allowed(people.manager, case)


def test_a_secret_case_is_seen_by_nobody_without_clearance_but_who_is_named(people, case):
    type(case).objects.filter(pk=case.pk).update(secrecy=9)

    assert allowed(people.supervisor, case) == "-"


def sees(user, penalty):
    try:
        access.penalty_for(user, penalty.pk)
    except Http404:
        return False
    return True


def test_a_penalty_is_seen_by_whose_it_is_and_by_who_issues_penalties_there(people):
    penalty = a_fault(people, offence="IGNORED").penalty

    assert {key for key, user in people.users.items() if sees(user, penalty)} == {
        "employee",
        "general_manager",
        "store_manager",
        "manager",
    }
