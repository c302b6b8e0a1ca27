import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from zhike.kernel.audit.models import Entry
from zhike.people import access, actions
from zhike.people.directory import Directory
from zhike.people.models import (
    Appointment,
    Deputy,
    PersonnelProposal,
    Post,
    User,
)
from zhike.people.tests.factories import MONDAY, cast

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
TODAY = dt.date(2026, 3, 9)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def last_code():
    return Entry.objects.latest("id").code


# ---- staff


def test_add_staff_gives_a_password_for_one_sign_in():
    people = cast()

    user, password = actions.add_staff(
        name="新同事", username="new", unit=people.south, by=people.administrator.party, now=MONDAY
    )

    assert (len(password), user.check_password(password), user.must_change_password) == (12, True, True)
    assert last_code() == "people.staff_added"
    assert password not in str(Entry.objects.latest("id").after)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"username": "cheng.li"}, "The user name “cheng.li” is taken."),
        ({"phone": "13900000001"}, "This telephone number belongs to another account."),
    ],
)
def test_add_staff_refuses_what_belongs_to_another(columns, sentence):
    people = cast()
    User.objects.filter(pk=people.manager.pk).update(phone="13900000001")
    asked = {"name": "新同事", "username": "new", "unit": people.south, **columns}

    with pytest.raises(actions.CannotManage) as refusal:
        actions.add_staff(by=people.administrator.party, now=MONDAY, **asked)

    assert str(refusal.value) == sentence
    assert not User.objects.filter(username="new").exists()


def test_staff_is_managed_only_by_whoever_may():
    people = cast()

    with pytest.raises(actions.CannotManage, match="Manage staff and appointments"):
        actions.reset_password(user=people.taker, by=people.manager.party, now=MONDAY)

    people.taker.refresh_from_db()
    assert not people.taker.must_change_password


def test_close_account_ends_the_posts_and_keeps_the_past():
    people = cast()

    actions.close_account(user=people.manager, by=people.administrator.party, now=MONDAY)

    people.manager.refresh_from_db()
    assert not people.manager.is_active
    assert people.manager.party.appointments.get().held_to == TODAY
    assert Directory().holders_of("P002-02", people.south.pk, MONDAY) == []
    with pytest.raises(actions.CannotManage, match="closed already"):
        actions.close_account(user=people.manager, by=people.administrator.party, now=MONDAY)


def test_nobody_closes_the_own_account():
    people = cast()

    with pytest.raises(actions.CannotManage, match="own account"):
        actions.close_account(user=people.administrator, by=people.administrator.party, now=MONDAY)

    assert User.objects.get(pk=people.administrator.pk).is_active


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("short", ValidationError),
        ("password123", ValidationError),
        ("he.jingxing", ValidationError),
        ("Nanhu-2026!old", actions.CannotManage),
    ],
)
def test_change_password_refuses_weak_and_old_ones(password, refusal):
    people = cast()
    user = people.store_manager
    user.set_password("Nanhu-2026!old")
    user.save()

    with pytest.raises(refusal):
        actions.change_password(user=user, password=password, now=MONDAY)

    assert User.objects.get(pk=user.pk).check_password("Nanhu-2026!old")


def test_change_password_ends_the_duty_to_change_it():
    people = cast()
    actions.reset_password(user=people.taker, by=people.administrator.party, now=MONDAY)
    user = User.objects.get(pk=people.taker.pk)

    actions.change_password(user=user, password="Yoghurt-36-yuan", now=MONDAY)

    assert not User.objects.get(pk=user.pk).must_change_password
    assert last_code() == "people.password_changed"


# ---- appointments


def appointed(people, **more):
    asked = {
        "party": people.taker.party,
        "post": Post.objects.get(code="P002-19"),
        "unit": people.south_service,
        "held_from": TODAY,
        "by": people.administrator.party,
        "now": MONDAY,
        **more,
    }
    return actions.appoint(**asked)


def test_appoint_gives_the_post_from_its_day_on():
    people = cast()

    appointed(people, held_from=dt.date(2026, 3, 10))

    tomorrow = MONDAY + dt.timedelta(days=1)
    assert not access.may(people.taker, "complaint.assign", people.south, now=MONDAY)
    assert access.may(people.taker, "complaint.assign", people.south, now=tomorrow)
    assert last_code() == "people.appointed"


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"held_to": TODAY}, "The appointment must end after it begins."),
        ({"party": "administrator"}, "Nobody appoints themselves."),
        ({"by": "manager"}, "This needs the power “Manage staff and appointments”."),
    ],
)
def test_appoint_refuses_and_changes_nothing(columns, sentence):
    people = cast()
    before = Appointment.objects.count()
    asked = {
        key: people.users[value].party if isinstance(value, str) else value for key, value in columns.items()
    }

    with pytest.raises(actions.CannotAppoint) as refusal:
        appointed(people, **asked)

    assert str(refusal.value) == sentence
    assert Appointment.objects.count() == before


@pytest.mark.parametrize(
    ("held_from", "held_to", "refused"),
    [
        ("2026-03-09", None, True),
        ("2026-01-01", "2026-03-10", True),
        ("2026-01-01", "2026-03-09", False),  # ends on the day the other begins
        ("2026-04-01", None, False),  # begins on the day the other ends
        ("2026-03-31", None, True),
    ],
)
def test_nobody_holds_the_same_post_twice_at_one_time(held_from, held_to, refused):
    people = cast()
    appointed(people, held_to=dt.date(2026, 4, 1))
    again = {
        "held_from": dt.date.fromisoformat(held_from),
        "held_to": dt.date.fromisoformat(held_to) if held_to else None,
    }

    if refused:
        with pytest.raises(actions.CannotAppoint, match="in this time already"):
            appointed(people, **again)
    else:
        appointed(people, **again)

    assert people.taker.party.appointments.filter(post__code="P002-19").count() == (1 if refused else 2)


def test_end_appointment_refuses_when_somebody_was_quicker():
    people = cast()
    mine = people.manager.party.appointments.get()
    theirs = Appointment.objects.get(pk=mine.pk)
    actions.end_appointment(appointment=theirs, held_to=TODAY, by=people.administrator.party, now=MONDAY)

    with pytest.raises(actions.CannotAppoint, match="Somebody else has changed"):
        actions.end_appointment(
            appointment=mine, held_to=dt.date(2026, 5, 1), by=people.administrator.party, now=MONDAY
        )

    assert Appointment.objects.get(pk=mine.pk).held_to == TODAY


# ---- deputies


def named(people, **more):
    asked = {
        "absent": people.manager.party,
        "deputy": people.supervisor.party,
        "away_from": MONDAY,
        "away_to": MONDAY + 24 * HOUR,
        "by": people.manager.party,
        "now": MONDAY,
        **more,
    }
    return actions.name_deputy(**asked)


def test_everybody_names_the_own_deputy_and_the_administrator_names_others():
    people = cast()

    named(people)
    named(people, absent=people.taker.party, by=people.administrator.party)

    assert Deputy.objects.count() == 2
    with pytest.raises(actions.CannotDeputise, match="Manage staff"):
        named(people, absent=people.specialist.party)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"deputy": "manager"}, "Nobody stands in for themselves."),
        ({"away_to": MONDAY}, "The absence must end after it begins."),
        ({"away_from": MONDAY - 2 * HOUR, "away_to": MONDAY}, "The absence has passed already."),
    ],
)
def test_name_deputy_refuses_and_changes_nothing(columns, sentence):
    people = cast()
    asked = {
        key: people.users[value].party if isinstance(value, str) else value for key, value in columns.items()
    }

    with pytest.raises(actions.CannotDeputise) as refusal:
        named(people, **asked)

    assert str(refusal.value) == sentence
    assert not Deputy.objects.exists()


def test_absences_of_one_person_do_not_overlap_but_may_touch():
    people = cast()
    named(people)

    named(people, away_from=MONDAY + 24 * HOUR, away_to=MONDAY + 48 * HOUR)
    with pytest.raises(actions.CannotDeputise, match="for a part of this time"):
        named(people, away_from=MONDAY + 47 * HOUR, away_to=MONDAY + 72 * HOUR)

    assert Deputy.objects.count() == 2


def test_an_absence_that_runs_ends_now_and_one_ahead_never_begins():
    people = cast()
    running = named(people)
    ahead = named(people, away_from=MONDAY + 48 * HOUR, away_to=MONDAY + 72 * HOUR)

    for row in (running, ahead):
        actions.end_absence(absence=row, by=people.manager.party, now=MONDAY + HOUR)

    find = Directory().substitute_for
    moments = (MONDAY + HOUR, MONDAY + 50 * HOUR)
    assert [find(people.manager.pk, moment) for moment in moments] == [None, None]
    assert find(people.manager.pk, MONDAY) == people.supervisor.party


# ---- proposals (R002-172)


def proposed(people, **more):
    asked = {
        "kind": "DISMISSAL",
        "unit": people.south_service,
        "title": "建议辞退",
        "reasons": "三次置投诉于不顾",
        "about": people.taker.party,
        "by": people.manager.party,
        "now": MONDAY,
        **more,
    }
    return actions.propose(**asked)


@pytest.mark.parametrize("kind", PersonnelProposal.Kind.values)
@pytest.mark.rule("R002-172", "PW002-06")
def test_matters_of_personnel_are_proposed_and_nothing_else_happens(kind):
    people = cast()
    before = list(Appointment.objects.values())

    proposal = proposed(people, kind=kind)

    assert (proposal.state, proposal.decided_on) == ("PROPOSED", None)
    assert list(Appointment.objects.values()) == before
    assert User.objects.get(pk=people.taker.pk).is_active


@pytest.mark.rule("R002-172")
def test_the_decision_is_recorded_as_taken_outside_and_still_changes_nothing_else():
    people = cast()
    proposal = proposed(people)

    actions.record_decision(
        proposal=proposal,
        agreed=True,
        decided_by_name="人力资源部",
        decided_on=TODAY,
        decision="同意",
        by=people.general_manager.party,
        now=MONDAY,
    )

    assert (proposal.state, proposal.decided_by_name, proposal.recorded_by) == (
        "AGREED",
        "人力资源部",
        people.general_manager.party,
    )
    assert User.objects.get(pk=people.taker.pk).is_active
    with pytest.raises(actions.CannotRecord, match="settled already"):
        actions.record_decision(
            proposal=proposal,
            agreed=False,
            decided_by_name="人力资源部",
            decided_on=TODAY,
            by=people.general_manager.party,
            now=MONDAY,
        )


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"by": "manager"}, "This needs the power “Record decisions in personnel matters”."),
        ({"decided_by_name": " "}, "The decision needs the name of who took it."),
        ({"decided_on": dt.date(2026, 3, 10)}, "The day of the decision lies ahead."),
    ],
)
@pytest.mark.rule("R002-172")
def test_record_decision_refuses_and_changes_nothing(columns, sentence):
    people = cast()
    proposal = proposed(people)
    asked = {"decided_by_name": "人力资源部", "decided_on": TODAY, "by": "general_manager", **columns}
    asked["by"] = people.users[asked["by"]].party

    with pytest.raises(actions.CannotRecord) as refusal:
        actions.record_decision(proposal=proposal, agreed=True, now=MONDAY, **asked)

    proposal.refresh_from_db()
    assert str(refusal.value) == sentence
    assert proposal.state == "PROPOSED"


def test_nobody_records_the_decision_on_the_own_proposal():
    people = cast()
    proposal = proposed(people, by=people.store_manager.party)

    with pytest.raises(actions.CannotRecord, match="own proposal"):
        actions.record_decision(
            proposal=proposal,
            agreed=True,
            decided_by_name="我",
            decided_on=TODAY,
            by=people.store_manager.party,
            now=MONDAY,
        )

    proposal.refresh_from_db()
    assert proposal.state == "PROPOSED"


@pytest.mark.parametrize("who", ["specialist", "taker", "employee", "stranger", "administrator"])
def test_propose_refuses_without_the_power(who):
    people = cast()

    with pytest.raises(actions.CannotPropose, match="Propose personnel matters"):
        proposed(people, by=people.users[who].party, about=None)

    assert not PersonnelProposal.objects.exists()


def test_only_the_proposer_withdraws():
    people = cast()
    proposal = proposed(people)

    with pytest.raises(actions.CannotPropose, match="Only the proposer"):
        actions.withdraw(proposal=proposal, by=people.supervisor.party, now=MONDAY)
    actions.withdraw(proposal=proposal, by=people.manager.party, now=MONDAY)

    assert proposal.state == "WITHDRAWN"
