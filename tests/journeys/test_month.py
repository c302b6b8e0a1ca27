"""A month of upkeep lived by `zhike demo --speed`: day by day, late and in time, the same again by its seed."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import translation

from zhike.config.commands import demo as command
from zhike.config.demo import enterprise, month, tour, tracking
from zhike.customers.models import Promise
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.worktime import arithmetic, calendars
from zhike.tracking import queries
from zhike.tracking.models import JournalEntry, Plan

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 21, 14, 20, tzinfo=tour.ZONE)
FIRST = dt.date(2026, 9, 21)


@pytest.fixture
def house(db):
    """The demo's people and the regulations on upkeep."""
    with translation.override("zh-hans"):
        found = enterprise.build(NOW, NOW - dt.timedelta(days=400))
        for key in tracking.MANUALS:
            tracking.in_force(key, found, found.staff["south", "P002-02"][0], NOW - dt.timedelta(days=300))
        yield found


def lived(*, days=30, seed=command.SEED, rest=lambda day: None):
    return list(month.relive(NOW.date() - dt.timedelta(days=days), NOW, seed=seed, rest=rest))


def test_a_month_has_contacts_in_time_and_late_promises_kept_and_broken_and_signs_of_leaving(house):
    days = lived()

    assert [one.day for one in days] == [FIRST + dt.timedelta(days=n) for n in range(30)]
    total = {key: sum(getattr(one, key) for one in days) for key in vars(days[0]) if key != "day"}
    assert [key for key, number in total.items() if not number] == []
    north = house.units["north"]
    entries = JournalEntry.objects.filter(unit=north)
    assert {one.was_late for one in entries} == {True, False}
    assert set(Promise.objects.filter(unit=north).values_list("state", flat=True)) >= {"KEPT", "BROKEN"}
    # nobody works over the National Day holiday
    calendar = calendars.calendar_for(north.pk)
    worked = {arithmetic.local_date(one.at, calendar.tz) for one in entries}
    assert all(arithmetic.is_working_day(calendar, day) for day in worked)
    assert dt.date(2026, 10, 1) not in worked


def test_it_ends_in_the_present_with_a_list_for_today(house):
    rested = []
    days = lived(days=6, rest=rested.append)

    assert rested == [one.day for one in days]
    assert JournalEntry.objects.filter(at__gte=NOW).count() == 0
    tonight = NOW.replace(hour=23)
    assert queries.due(EVERYTHING).filter(unit=house.units["north"], due_at__lt=tonight).exists()
    assert not Duty.objects.open().filter(customer__customer__state="CLOSED").exists()
    assert Plan.objects.exclude(unit=house.units["north"]).count() == 0


def test_the_same_seed_gives_the_same_month_and_another_one_another(house):
    found = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            found.append([str(one) for one in lived(days=8, seed=seed)])
            transaction.set_rollback(True)

    assert found[0] == found[1] != found[2]


def test_each_store_lives_its_month_once_and_a_real_enterprise_none(house):
    lived(days=2)
    lived(days=2)

    assert set(Plan.objects.values_list("unit__code", flat=True)) == {"north", "east"}
    with pytest.raises(month.CannotLive, match="anew"):
        lived(days=2)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", (dt.date(2026, 9, 21), dt.date(2026, 10, 21))),
        ("2026-09", (dt.date(2026, 9, 1), dt.date(2026, 9, 30))),
        ("2026-10", (dt.date(2026, 10, 1), dt.date(2026, 10, 31))),
    ],
)
def test_which_days_are_told(text, days):
    assert command._days_of(text, NOW.date()) == days


@pytest.mark.parametrize("text", ["2026-11", "2026-13", "October", "2020-01"])
def test_a_month_to_come_or_none_is_refused(text):
    with pytest.raises(ValueError, match=r"month|isoformat|^$"):
        command._days_of(text, NOW.date())
