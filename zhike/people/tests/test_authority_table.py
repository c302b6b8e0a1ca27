import datetime as dt

import pytest

from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.policy.models import Installation
from zhike.people import access, authority_table
from zhike.people.tests.factories import MONDAY, cast
from zhike.people.tests.rules import in_force

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 9)


def installed(people, **parameters):
    in_force(people, "mall-complaints", "商场顾客投诉处理规定")
    if parameters:
        Installation.objects.create(
            unit=people.south, key="mall-complaints", installed_at=MONDAY
        ).values.create(effective_on=MONDAY.date(), parameters=parameters, set_at=MONDAY)


def authority(unit):
    (table,) = (
        table
        for table in authority_table.authority_bands(unit, DAY)
        if table.question == "complaint.authority"
    )
    return table


@pytest.mark.rule("T001-36", "R001-113", "R001-114")
def test_the_bands_of_the_mall_come_from_its_manual():
    people = cast()
    installed(people)

    bands = authority(people.south_service).bands

    by_value = {band.condition: (band.decider, band.post.code) for band in bands if "元" in band.condition}
    assert by_value == {
        "货值 >= 店长起点（2000元）": ("店长", "STORE_MANAGER"),
        "货值 [经理起点（500元）..店长起点（2000元）)": ("客服经理", "P002-02"),
    }
    assert [band.decider for band in bands if band.condition == ""] == ["客服主管"]
    assert all(band.clause.startswith("三(五)") for band in bands)


@pytest.mark.rule("T001-36")
def test_a_unit_with_figures_of_its_own_has_a_table_of_its_own():
    people = cast()
    installed(people, 店长起点="1500元")

    conditions = {unit.code: authority(unit).bands[0].condition for unit in (people.south, people.north)}

    assert conditions == {"south": "货值 >= 店长起点（1500元）", "north": "货值 >= 店长起点（2000元）"}


def test_everybody_sees_the_tables_that_hold_in_the_own_units():
    people = cast()
    installed(people, 店长起点="1500元")

    def units_of(scope):
        return sorted({table.unit.code for table in authority_table.in_force(scope, MONDAY)})

    def of(user):
        return units_of(access.scope_of(user, "complaint.see", now=MONDAY))

    assert of(people.stranger) == ["mall"]  # the north store has none of its own
    assert of(people.specialist) == ["south"]
    assert of(people.fruit_manager) == []
    assert units_of(EVERYTHING) == ["mall", "south"]


def test_without_a_manual_in_force_there_is_no_table():
    people = cast()

    assert authority_table.authority_bands(people.south, DAY) == []
