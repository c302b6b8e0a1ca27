"""Whoever cannot open a page gets no link to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from zhike.complaints import actions as complaints
from zhike.kernel.audit import trail
from zhike.kernel.parties import subjects
from zhike.people import access
from zhike.people.tests.factories import MONDAY
from zhike.ui import doors
from zhike.workbench.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(people) -> Any:
    return complaints.register(
        unit=people.south,
        channel="COUNTER",
        text="收银多收 36 元",
        item="CASHIER",
        handler=people.specialist.party,
        override_reason="由专员处理",
        by=people.taker.party,
        now=MONDAY,
    )


def key(row: Any) -> subjects.Key:
    return subjects.label_of(row), row.pk


def read(user: Any, url: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()


def test_the_gate_of_a_page_says_whom_it_lets_in(people):
    new = reverse("complaints:new")

    assert doors.opens(people.taker, new + "?unit=1#what")
    assert not doors.opens(people.administrator, new)
    assert doors.opens(people.administrator, reverse("workbench:today"))


def test_what_is_mounted_nowhere_or_has_no_gate_is_left_to_the_page(people):
    assert doors.way(people.taker, "nobody:nothing") == ""
    assert doors.opens(people.administrator, "/no/such/page/")
    assert doors.opens(people.administrator, reverse("ui:theme"))


def test_a_template_gets_the_address_only_where_the_reader_may_go(people):
    page = Template("{% place 'complaints:new' as url %}{{ url }}")
    request = RequestFactory().get("/")

    request.user = people.taker
    assert page.render(Context({"request": request})) == reverse("complaints:new")
    request.user = people.administrator
    assert page.render(Context({"request": request})) == ""


def test_a_link_is_plain_text_for_who_may_not_open_the_page(people):
    page = Template("{% link url 'zk-big' %}7{% endlink %}|{% link url %}8{% endlink %}")
    request = RequestFactory().get("/")
    url = reverse("complaints:new") + "?a=1&b=2"

    request.user = people.taker
    there = f"{reverse('complaints:new')}?a=1&amp;b=2"
    opened = page.render(Context({"request": request, "url": url}))
    assert opened == f'<a class="zk-big" href="{there}">7</a>|<a href="{there}">8</a>'
    request.user = people.administrator
    assert page.render(Context({"request": request, "url": url})) == '<span class="zk-big">7</span>|8'


def test_subjects_open_for_those_who_see_the_row(people, complaint):
    keys = [key(complaint)]

    assert doors.ways(people.specialist, keys) == {keys[0]: reverse("complaints:detail", args=[complaint.pk])}
    assert doors.ways(people.stranger, keys) == {}
    assert doors.ways(people.administrator, keys) == {}


def test_many_subjects_of_a_kind_cost_one_query(people, complaint, django_assert_num_queries):
    people.specialist._standing = access.standing(people.specialist)  # as the gate of a page keeps it
    with django_assert_num_queries(1):
        subjects.open_to(people.specialist, [("complaints.Complaint", pk) for pk in range(1, 60)])


def test_the_audit_trail_names_every_subject_and_links_to_those_that_open(people, complaint):
    report = Report.objects.create(
        unit=people.mall, author=people.manager.party, kind="WEEK", first="2026-03-02", after="2026-03-09", opened_at=MONDAY
    )  # fmt: skip
    trail.record("workbench.report_saved", subject=report, by=people.manager.party, at=MONDAY)

    shown = read(people.administrator, reverse("workbench:audit"))

    assert f"投诉 {complaint.pk}" in shown
    assert f'href="{reverse("complaints:detail", args=[complaint.pk])}"' not in shown
    assert f'href="{reverse("workbench:report", args=[report.pk])}"' not in shown


def test_today_offers_registration_only_to_who_may_register(people):
    new = f'href="{reverse("complaints:new")}"'

    assert new in read(people.taker, reverse("workbench:today"))
    assert new not in read(people.administrator, reverse("workbench:today"))
