"""The record sheets of a day, a week or of chosen visits print as one file (R004-10)."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhike.people.tests.factories import MONDAY
from zhike.visits import actions
from zhike.visits.models import Visit
from zhike.visits.views import _print

from .factories import DAY, a_closed_visit, a_shop

ADDRESS = reverse("visits:print_many")


def a_planned(cast, name: str, days: int = 0) -> Visit:
    return actions.add(
        manager=cast.specialist.party, customer=a_shop(cast, name), on=MONDAY.date() + days * DAY,
        by=cast.specialist.party, now=MONDAY, knowing=True,
    )  # fmt: skip


def pages(answer) -> list[str]:
    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    try:
        return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


@pytest.mark.rule("R004-10", "S004-06", "F004-04")
def test_a_day_or_a_week_is_one_file_in_the_order_of_the_days(cast, as_):
    shown = [a_planned(cast, "周三店", 2), a_planned(cast, "周一店"), a_planned(cast, "下周店", 7)]
    client = as_("specialist")

    week = pages(client.get(ADDRESS, {"view": "-", "on_from": "2026-03-09", "on_to": "2026-03-15"}))
    day = pages(client.get(ADDRESS, {"view": "-", "on_from": "2026-03-11", "on_to": "2026-03-11"}))

    assert [shown[n].number in "".join(week) for n in range(3)] == [True, True, False]
    begins = [page for page in week if "Page1of" in page]
    assert [one for page in begins for one in ("周一店", "周三店") if one in page] == ["周一店", "周三店"]
    assert shown[0].number in day[0]
    assert shown[1].number not in "".join(day)


@pytest.mark.rule("R004-10", "F004-04")
def test_the_chosen_rows_print_and_nothing_out_of_sight(cast, as_):
    one, two = a_closed_visit(cast, a_shop(cast, "甲店")), a_planned(cast, "乙店")
    hidden = a_planned(cast, "丙店")
    Visit.objects.filter(pk=hidden.pk).update(unit=cast.fruit, manager=cast.stranger.party)
    type(hidden.customer).objects.filter(pk=hidden.customer_id).update(owner=None)
    client = as_("specialist")
    assert 'formaction="' + ADDRESS in client.get(reverse("visits:list"), {"view": "-"}).content.decode()

    found = "".join(pages(client.post(ADDRESS, {"pick": [one.pk, hidden.pk]})))

    assert one.number in found
    assert two.number not in found
    assert hidden.number not in found


def test_nothing_and_too_much_are_said(cast, as_, monkeypatch):
    client = as_("specialist")
    nothing = client.get(ADDRESS, {"view": "-", "on_from": "2030-01-01"}, follow=True).content.decode()
    assert "There is no visit to print." in nothing
    monkeypatch.setattr(_print, "MOST", 1)
    a_planned(cast, "甲店")
    assert len(pages(client.get(ADDRESS, {"view": "-"}))) >= 1
    a_planned(cast, "乙店")
    assert "At most 1 sheets" in client.get(ADDRESS, {"view": "-"}, follow=True).content.decode()


def test_more_sheets_take_no_more_statements(cast, as_, django_assert_num_queries):
    client = as_("specialist")
    a_closed_visit(cast, a_shop(cast, "甲店"))
    given = {"view": "-", "state": "CLOSED"}
    client.get(ADDRESS, given)
    with CaptureQueriesContext(connection) as alone:
        client.get(ADDRESS, given)
    for name in ("乙店", "丙店"):
        a_closed_visit(cast, a_shop(cast, name))
    with django_assert_num_queries(len(alone)):
        assert len(pages(client.get(ADDRESS, given))) >= 3
