import datetime as dt

import pytest

from zhike.kernel.parties.directory import directory
from zhike.people.models import Appointment, Deputy
from zhike.people.tests.factories import MONDAY, a_user, appoint, cast

pytestmark = pytest.mark.django_db


def away(absent, deputy, *, days=1, start=MONDAY):
    return Deputy.objects.create(
        absent=absent.party, deputy=deputy.party, away_from=start, away_to=start + dt.timedelta(days=days)
    )


@pytest.mark.parametrize(
    ("post", "unit", "expected"),
    [
        ("P002-02", "south_service", ["周启明"]),
        ("STORE_MANAGER", "south_service", ["何景行"]),  # the store above the department
        ("GENERAL_MANAGER", "south_service", ["宋怀瑾"]),
        ("P002-02", "south", ["周启明"]),  # a department serves the whole house
        ("P002-02", "south_cash", ["周启明"]),  # also its other departments
        ("P002-02", "north_service", ["苏念"]),
        ("P002-02", "mall", []),  # posts of the stores are not those of the company above
        ("STORE_MANAGER", "fruit_service", []),
        ("ADMINISTRATOR", "fruit_service", ["程立"]),
        ("no such post", "south", []),
    ],
)
def test_holders_are_found_at_the_unit_or_at_the_nearest_above(post, unit, expected):
    people = cast()

    found = directory().holders_of(post, people.units[unit].pk, MONDAY)

    assert [party.name for party in found] == expected


def test_acting_holders_come_first():
    people = cast()
    appoint(people.supervisor, "P002-02", people.south_service, kind=Appointment.Kind.ACTING)

    found = directory().holders_of("P002-02", people.south_service.pk, MONDAY)

    assert [party.name for party in found] == ["林一诺", "周启明"]


@pytest.mark.parametrize(
    ("held_from", "held_to", "holds"),
    [
        ("2026-03-09", None, True),
        ("2026-03-10", None, False),
        ("2026-01-01", "2026-03-10", True),
        ("2026-01-01", "2026-03-09", False),  # the end is excluded
    ],
)
def test_an_appointment_counts_from_its_first_day_and_not_on_its_end(held_from, held_to, holds):
    people = cast()
    newcomer = a_user("新同事", username="new", unit=people.south_service)
    appoint(
        newcomer,
        "P002-24",
        people.south_service,
        held_from=dt.date.fromisoformat(held_from),
        held_to=dt.date.fromisoformat(held_to) if held_to else None,
    )

    found = directory().holders_of("P002-24", people.south_service.pk, MONDAY)

    assert found == ([newcomer.party] if holds else [])


def test_the_day_of_an_appointment_is_the_day_in_the_enterprise_and_not_in_utc():
    people = cast()
    newcomer = a_user("新同事", username="new", unit=people.south_service)
    appoint(newcomer, "P002-24", people.south_service, held_from=dt.date(2026, 3, 10))
    night = dt.datetime(2026, 3, 9, 16, 30, tzinfo=dt.UTC)  # 00:30 of the 10th in China

    found = directory().holders_of("P002-24", people.south_service.pk, night)

    assert found == [newcomer.party]


def test_staff_who_left_hold_nothing():
    people = cast()
    people.manager.is_active = False
    people.manager.save()

    assert directory().holders_of("P002-02", people.south_service.pk, MONDAY) == []


def test_substitute_is_the_deputy_of_the_moment():
    people = cast()
    away(people.manager, people.supervisor)

    during = directory().substitute_for(people.manager.pk, MONDAY)
    before = directory().substitute_for(people.manager.pk, MONDAY - dt.timedelta(seconds=1))
    after = directory().substitute_for(people.manager.pk, MONDAY + dt.timedelta(days=1))

    assert (during, before, after) == (people.supervisor.party, None, None)


def test_substitute_of_a_substitute_is_followed_and_a_circle_ends():
    people = cast()
    away(people.manager, people.supervisor)
    away(people.supervisor, people.specialist)
    chain = directory().substitute_for(people.manager.pk, MONDAY)

    away(people.specialist, people.manager)
    circle = directory().substitute_for(people.manager.pk, MONDAY)

    assert chain == people.specialist.party
    assert circle == people.specialist.party


@pytest.mark.parametrize(
    ("who", "unit", "expected"),
    [
        ("specialist", "south_service", "林一诺"),
        ("supervisor", "south_service", "周启明"),
        ("manager", "south_service", "何景行"),
        ("store_manager", "south_service", "宋怀瑾"),
        ("general_manager", "south_service", None),
        ("employee", "south_cash", "秦亦舒"),
        ("cashier_supervisor", "south_cash", "何景行"),
        ("supervisor", "south", "周启明"),
        ("cashier_supervisor", "south", "何景行"),
        (None, "south_service", "周启明"),
        (None, "south", "何景行"),
        (None, "fruit", "欧阳静怡"),
    ],
)
def test_superior_is_one_level_up_the_line(who, unit, expected):
    people = cast()
    party = people.users[who].pk if who else None

    found = directory().superior_of(party, people.units[unit].pk, MONDAY)

    assert (found.name if found else None) == expected


def test_superior_of_a_complaint_specialist_is_not_the_supervisor_of_another_function():
    people = cast()
    people.supervisor.party.appointments.all().delete()
    relations = a_user("关系主管", username="relations", unit=people.south_service)
    appoint(relations, "P002-09", people.south_service)

    without = directory().superior_of(people.specialist.pk, people.south_service.pk, MONDAY)
    complaints = a_user("投诉主管", username="complaints", unit=people.south_service)
    appoint(complaints, "P002-19", people.south_service)
    with_own = directory().superior_of(people.specialist.pk, people.south_service.pk, MONDAY)

    assert without == people.manager.party
    assert with_own == complaints.party


def test_posts_of_a_person_come_highest_first():
    people = cast()
    appoint(people.supervisor, "P002-02", people.south_service, kind=Appointment.Kind.ACTING)

    found = directory().posts_of(people.supervisor.pk, MONDAY)

    assert found == [("P002-02", people.south_service.pk), ("P002-04", people.south_service.pk)]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("店长", "STORE_MANAGER"),
        ("客服经理", "P002-02"),
        ("店办主任", "P002-02"),
        ("客服主管", "P002-04"),
        ("收银主管", "CASHIER_SUPERVISOR"),
        ("总经理", "GENERAL_MANAGER"),
        ("客户关系维护主管", "P002-09"),  # A002-30
        ("呼叫中心专员", "P002-26"),
        ("市场调查主管", "P002-05"),  # A002-29
        ("P002-20", "P002-20"),
        ("Store Manager", "STORE_MANAGER"),
        ("ｑｅ", "QUALITY_ENGINEER"),
        ("店 长", "STORE_MANAGER"),
        ("掌柜", None),
        ("", None),
    ],
)
@pytest.mark.rule("A002-29", "A002-30")
def test_words_of_manuals_name_posts(word, code):
    cast()

    assert directory().post_code(word) == code
