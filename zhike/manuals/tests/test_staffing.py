"""People that contacts take, on the page where a figure is tried."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from zhike.kernel import clock
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual.reader import read
from zhike.manuals import actions, forms_backtest, queries
from zhike.people.tests.factories import MONDAY, cast

GRADING = Path(__file__).with_name("data") / "grading.md"
DAY = dt.date(2026, 3, 9)


def contacts(before: str, after: str) -> SimpleNamespace:
    return SimpleNamespace(contacts={"before": 0, "after": 0, "more": 0, "exact": [before, after]})


def test_people_needed_and_short_are_worked_out_from_the_time_of_a_contact():
    tables = [contacts("320", "321"), SimpleNamespace(contacts=None)]

    queries.staffed(tables, queries.Staff(Fraction(30), Fraction(80)))  # 160 contacts keep one person busy
    people = tables[0].contacts["people"]
    queries.staffed(tables, queries.Staff(Fraction(30), Fraction(80), there=3))

    assert (people["needed_before"], people["needed_after"], people["there"], people["short"]) == (2, 3, 2, 1)
    assert tables[0].contacts["people"]["short"] == 0
    assert tables[1].contacts is None


@pytest.mark.django_db
def test_the_usual_figures_are_those_of_the_standards_and_a_manual_may_have_its_own():
    inforce.forget()
    text = GRADING.read_text("utf-8").replace("| 甲限 |", "| 每次联系用时 | 1小时 | - | 一 |\n| 甲限 |", 1)

    assert queries.usual_staff(DAY) == queries.Staff(Fraction(30), Fraction(80))
    assert queries.usual_staff(DAY, read(text)) == queries.Staff(Fraction(60), Fraction(80))


def test_only_a_manual_that_asks_for_contacts_asks_for_people():
    grading, plain = (
        read(GRADING.read_text("utf-8")),
        read("---\nmanual: p\ntitle: 规定\nversion: 1\n---\n\n# 规定\n"),
    )

    assert (queries.asks_contacts(grading), queries.asks_contacts(plain)) == (True, False)
    form = forms_backtest.WhatIfForm(manual=plain, units=None, contacts=False)
    assert not {"minutes", "hours", "people"} & set(form.fields)


@pytest.mark.django_db
def test_the_page_of_a_cadence_asks_for_minutes_hours_and_people():
    inforce.forget()
    with clock.at(MONDAY):
        people = cast()
        actions.publish_and_install(
            text=GRADING.read_text("utf-8"),
            unit=people.mall,
            by=people.manager.party,
            now=MONDAY,
            accept="试",
        )
        key = read(GRADING.read_text("utf-8")).name
        client = Client()
        client.force_login(people.general_manager)

        page = client.get(reverse("manuals:whatif", args=[key])).content.decode()

    assert 'name="minutes" value="30"' in page
    assert 'name="hours" value="80"' in page
    assert 'name="people"' in page
