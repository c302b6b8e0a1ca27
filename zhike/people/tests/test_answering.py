"""Who answers for a post when it is the post, and no person, that owes."""

import datetime as dt

import pytest

from zhike.kernel.parties.directory import answers, directory
from zhike.people.models import Appointment, Deputy, Post
from zhike.people.tests.factories import MONDAY, a_user, appoint, cast

pytestmark = pytest.mark.django_db


def who(people, post, unit, now=MONDAY):
    """Everybody who answers, by name."""
    found = {
        user.party.name
        for user in people.users.values()
        if answers(user.pk, post, people.units[unit].pk, now)
    }
    return sorted(found)


def leave(user):
    Appointment.objects.filter(party=user.party).update(held_to=MONDAY.date())


def test_both_sides_of_the_question_agree_for_every_post_at_every_unit():
    people = cast()
    codes = Post.objects.filter(retired_on=None).values_list("code", flat=True)
    wrong = []
    for unit in people.units.values():
        for code in codes:
            asked = {party.pk for party in directory().answering(code, unit.pk, MONDAY)}
            if not asked >= {party.pk for party in directory().holders_of(code, unit.pk, MONDAY)}:
                wrong.append((unit.name, code))
            given = {user.pk for user in people.users.values() if answers(user.pk, code, unit.pk, MONDAY)}
            if asked != given:
                wrong.append((unit.name, code, asked, given))

    assert wrong == []


def test_a_post_that_nobody_holds_here_is_answered_for_above_and_only_then():
    people = cast()
    assert who(people, "P002-02", "south_service") == ["周启明"]

    leave(people.manager)
    assert who(people, "P002-02", "south_service") == ["何景行"]  # nobody at the store: its head
    boss = a_user("总部经理", username="above", unit=people.mall)
    people.users["above"] = boss
    appoint(boss, "P002-02", people.mall)
    assert who(people, "P002-02", "south_service") == ["总部经理"]  # the same post at the company above
    assert who(people, "P002-02", "north_service") == ["苏念"]  # the other store has its own

    leave(people.store_manager)
    leave(boss)
    assert who(people, "P002-02", "south_service") == ["宋怀瑾"]  # the line goes on up


def test_a_vacant_post_is_answered_for_by_the_next_rank_above_it():
    people = cast()
    leave(people.specialist)
    assert who(people, "P002-20", "south_service") == ["林一诺"]
    leave(people.supervisor)
    assert who(people, "P002-20", "south_service") == ["周启明"]
    assert who(people, "GENERAL_MANAGER", "fruit_service") == []  # nobody stands above
    assert directory().answering("GENERAL_MANAGER", people.fruit_service.pk, MONDAY) == []
    # a word that is no post
    assert directory().answering("-", people.south_service.pk, MONDAY) == [people.manager.party]


def test_acting_holders_and_deputies_answer_too():
    people = cast()
    leave(people.manager)
    appoint(people.supervisor, "P002-02", people.south_service, kind=Appointment.Kind.ACTING)
    assert who(people, "P002-02", "south_service") == ["林一诺"]

    Deputy.objects.create(
        absent=people.supervisor.party, deputy=people.specialist.party,
        away_from=MONDAY, away_to=MONDAY + dt.timedelta(hours=1),
    )  # fmt: skip
    assert len(who(people, "P002-02", "south_service")) == 2
    assert people.specialist.party.name in who(people, "P002-02", "south_service")
    assert who(people, "P002-02", "south_service", MONDAY + dt.timedelta(hours=1)) == ["林一诺"]


def test_who_left_answers_for_nothing():
    people = cast()
    people.manager.is_active = False
    people.manager.save()

    assert who(people, "P002-02", "south_service") == ["何景行"]
