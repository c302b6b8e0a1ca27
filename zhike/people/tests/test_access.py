import datetime as dt

import pytest

from zhike.people import access
from zhike.people.models import Appointment, Deputy, Post, PostPower, Power
from zhike.people.tests.factories import MONDAY, a_user, appoint, cast

pytestmark = pytest.mark.django_db

SOUTH = {"south", "south_service", "south_cash"}
NORTH = {"north", "north_service"}
MALL = SOUTH | NORTH | {"mall", "mall_service"}


def units_seen(people, who, power):
    units = access.scope_of(people.users[who], power, now=MONDAY).units
    return None if units is None else {key for key, unit in people.units.items() if unit.pk in units}


@pytest.mark.parametrize(
    ("who", "power", "expected"),
    [
        ("general_manager", "complaint.see", MALL),
        ("store_manager", "complaint.see", SOUTH),
        ("manager", "complaint.see", SOUTH),
        ("supervisor", "complaint.see", SOUTH),
        ("specialist", "complaint.see", SOUTH),
        ("taker", "complaint.see", SOUTH),
        ("stranger", "complaint.see", NORTH),
        ("cashier_supervisor", "complaint.see", set()),
        ("employee", "complaint.see", set()),
        ("administrator", "complaint.see", set()),
        ("administrator", "staff.manage", None),
        ("fruit_manager", "complaint.see", {"fruit", "fruit_service"}),
    ],
)
def test_scope_comes_from_unit_and_post(who, power, expected):
    people = cast()

    assert units_seen(people, who, power) == expected


def test_a_manager_of_the_company_department_does_not_see_the_stores():
    people = cast()
    head = a_user("总部客服", username="head", unit=people.mall_service)
    appoint(head, "P002-02", people.mall_service)

    units = access.scope_of(head, "complaint.see", now=MONDAY).units

    assert units == {people.mall.pk, people.mall_service.pk}


VERBS = [
    "complaint.take",
    "complaint.handle",
    "complaint.decide",
    "complaint.recommend",
    "penalty.issue",
    "customer.reveal",
]


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("general_manager", "take handle decide penalty reveal"),
        ("store_manager", "take handle decide penalty reveal"),
        ("manager", "take handle decide recommend penalty reveal"),
        ("supervisor", "take handle recommend reveal"),
        ("specialist", "take handle recommend reveal"),
        ("taker", "take"),
        ("administrator", ""),
        ("employee", ""),
        ("stranger", ""),
        ("fruit_manager", ""),
    ],
)
@pytest.mark.rule("PW002-03")
def test_who_may_do_what_at_the_south_store(who, allowed):
    people = cast()

    found = {
        power for power in VERBS if access.may(people.users[who], power, people.south_service, now=MONDAY)
    }

    words = {"penalty": "penalty.issue", "reveal": "customer.reveal"}
    assert found == {words.get(word, f"complaint.{word}") for word in allowed.split()}


@pytest.mark.rule("PW002-03")
def test_deciding_and_recommending_are_separate_powers():
    people = cast()

    supervisor = people.supervisor

    assert access.may(supervisor, "complaint.recommend", now=MONDAY)
    assert not access.may(supervisor, "complaint.decide", now=MONDAY)


def test_own_cases_are_seen_by_the_named_and_nothing_else():
    people = cast()
    cashier = people.cashier_supervisor

    scope = access.scope_of(cashier, "complaint.see", now=MONDAY)

    assert (scope.party, scope.units) == (cashier.pk, frozenset())
    assert access.may(cashier, "complaint.handle", people.south_cash, named=[cashier.pk], now=MONDAY)
    assert not access.may(cashier, "complaint.handle", people.south_cash, named=[None], now=MONDAY)


def test_being_named_is_not_enough_without_the_power():
    people = cast()
    employee = people.employee

    assert not access.may(employee, "complaint.handle", people.south, named=[employee.pk], now=MONDAY)
    assert access.scope_of(employee, "complaint.see", now=MONDAY).party is None


def test_a_deputy_has_the_powers_while_standing_in_and_not_a_second_longer():
    people = cast()
    Deputy.objects.create(
        absent=people.manager.party,
        deputy=people.taker.party,
        away_from=MONDAY,
        away_to=MONDAY + dt.timedelta(hours=1),
    )

    def decides(minutes):
        return access.may(
            people.taker, "complaint.decide", people.south, now=MONDAY + dt.timedelta(minutes=minutes)
        )

    assert [decides(minutes) for minutes in (-1, 0, 59, 60)] == [False, True, True, False]


def test_an_acting_holder_has_the_powers_of_the_post():
    people = cast()
    appoint(people.supervisor, "P002-02", people.south_service, kind=Appointment.Kind.ACTING)

    assert access.may(people.supervisor, "complaint.decide", people.south, now=MONDAY)


def test_an_ended_appointment_gives_nothing():
    people = cast()
    people.manager.party.appointments.update(held_to=dt.date(2026, 3, 9))

    assert not access.may(people.manager, "complaint.see", now=MONDAY)


@pytest.mark.rule("PW002-10")
def test_a_further_power_can_be_added_and_handed_to_a_post():
    people = cast()
    power = Power.objects.create(code="parking.waive", name="减免停车费", is_own=True)
    PostPower.objects.create(post=Post.objects.get(code="P002-04"), power=power, scope="HOUSE")

    assert access.may(people.supervisor, "parking.waive", people.south, now=MONDAY)
    assert not access.may(people.stranger, "parking.waive", now=MONDAY)


@pytest.mark.parametrize(
    ("register", "codes"),
    [
        ("PW002-01", {"regulation.supervise", "work.inspect"}),
        ("PW002-02", {"department.configure"}),
        ("PW002-03", {"penalty.issue", "complaint.decide", "complaint.recommend"}),
        ("PW002-04", {"marketing_plan.comment"}),
        ("PW002-05", {"expense.review"}),
        ("PW002-06", {"personnel.propose"}),
        ("PW002-07", {"marketing_policy.comment"}),
        ("PW002-08", {"sales_appraisal.score"}),
        ("PW002-09", {"cooperation.request"}),
    ],
)
@pytest.mark.rule(
    "PW002-01", "PW002-02", "PW002-03", "PW002-04", "PW002-05", "PW002-06", "PW002-07", "PW002-08", "PW002-09"
)
def test_the_powers_of_the_department_are_permissions_of_its_manager(register, codes):
    people = cast()

    found = set(Power.objects.filter(register=register).values_list("code", flat=True))

    assert found == codes
    assert {
        code for code in codes if not access.may(people.manager, code, people.south_service, now=MONDAY)
    } == set()


def test_standing_costs_one_query_where_it_was_asked_before(django_assert_num_queries):
    people = cast()
    access.standing(people.manager, MONDAY)

    with django_assert_num_queries(1):
        access.standing(people.manager, MONDAY)
