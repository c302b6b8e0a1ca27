"""A unit's values through the gate in a real browser: three persons, three windows, and the clock moves on."""

import datetime as dt

import pytest
from django.urls import reverse

from zhike.complaints.tests.factories import a_complaint
from zhike.kernel import clock
from zhike.kernel.worktime.arithmetic import local_date
from zhike.manuals.models import Revision

from .conftest import WIDTH

pytestmark = pytest.mark.browser
KEY = "mall-complaints"


@pytest.fixture
def later():
    """Moves the clock of the server; it goes back at the end."""
    yield lambda days: clock.shift(dt.timedelta(days=days))
    clock.shift(dt.timedelta(0))


def first_of_next_month(today):
    return (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


@pytest.mark.rule("R002-139", "S002-05")
def test_a_store_lowers_its_threshold_and_the_first_case_is_ruled_by_it(people, at_the_browser, later):
    older = a_complaint(people, value=1600, now=clock.now())
    today = local_date(clock.now(), "Asia/Shanghai")
    day = first_of_next_month(today)
    manager, head, chief = (at_the_browser(name) for name in ("zhou.qiming", "he.jingxing", "song.huaijin"))

    page = manager.page
    page.goto(reverse("manuals:parameters", args=[KEY, people.south.pk]))
    page.get_by_label("店长起点").fill("1500元")
    page.fill("[name=reason]", "店长提前介入")
    page.fill("[name=effective_on]", day.isoformat())
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    gate = reverse("manuals:gate", args=[Revision.objects.get().pk])
    assert page.url.endswith(gate)
    assert "[1500..2000)" in page.locator(".zk-mean").inner_text()
    page.select_option("[name=reviewer]", str(people.store_manager.pk))
    with page.expect_navigation():
        page.click("#hand-in button[type=submit]")

    for person in (head, chief):
        person.page.goto(gate)
        # to send back one has to say why; the page says so and stays
        person.page.click("#opinion button[value=BACK]")
        person.page.locator("#opinion [role=alert]").wait_for()
        person.page.fill("#opinion [name=opinion]", "同意")
        with person.page.expect_navigation():
            person.page.click("#opinion button[value=YES]")
    assert Revision.objects.get().state == "PUBLISHED"

    later((day - today).days)
    first = a_complaint(people, value=1600, now=clock.now())
    manager.page.goto(reverse("complaints:detail", args=[first.pk]))
    assert "何景行" in manager.page.locator("main").inner_text()
    assert (first.handler_code, first.clause) == ("STORE_MANAGER", "三(五)1")
    older.refresh_from_db()
    assert older.handler_code == "SERVICE_MANAGER"
    assert [person.trouble for person in (manager, head, chief)] == [[], [], []]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_of_changes_fit_a_phone(people, at_the_browser, language):
    phone = at_the_browser("zhou.qiming", width=390, language=language)
    page = phone.page
    page.goto(reverse("manuals:parameters", args=[KEY, people.south.pk]))
    page.get_by_label("店长起点").fill("1500元")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    addresses = [
        page.url,
        reverse("manuals:revisions"),
        reverse("manuals:values"),
        reverse("manuals:parameters", args=[KEY, people.south.pk]),
    ]
    wide = {}
    for address in addresses:
        page.goto(address)
        over = page.evaluate(WIDTH)
        if over > 0:
            wide[address] = over

    assert (wide, phone.trouble) == ({}, [])
