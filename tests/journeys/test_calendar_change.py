"""A day is closed on the calendar page, and what is owed in the stores below moves on."""

import datetime as dt

import pytest

from zhike.kernel.audit.models import Entry
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.people import actions as people
from zhike.people.tests.factories import MONDAY, cast


@pytest.mark.django_db
def test_closing_a_day_shifts_the_open_duties_below_with_an_audit_row_each():
    house = cast()
    admin = house.administrator.party
    calendar = people.open_calendar(unit=house.mall, name="营业日历", by=admin, now=MONDAY)
    for unit in (house.south_service, house.fruit_service):
        draft = duties.Draft(kind="t", title="答复", owner=admin, began_at=MONDAY, limit="2工作日")
        duties.open_duties([draft], subject=unit, unit_id=unit.pk, matter="")

    people.set_day(calendar=calendar, day=dt.date(2026, 3, 10), hours=[], note="盘点", by=admin, now=MONDAY)

    due = {row.unit_id: row.due_at.astimezone(MONDAY.tzinfo) for row in Duty.objects.all()}
    assert f"{due[house.south_service.pk]:%m-%d %H:%M}" == "03-12 17:30"
    assert f"{due[house.fruit_service.pk]:%m-%d %H:%M}" == "03-11 17:30"
    entry = Entry.objects.get(code="duties.shifted")
    assert (entry.by, entry.unit_id) == (admin, house.south_service.pk)
