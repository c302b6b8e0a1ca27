"""A week planned by routes in a real browser: dragged, moved by keys, sent to another day on the phone, taken over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from zhike.customers.dossier import actions as dossier
from zhike.kernel.policy import inforce
from zhike.kernel.worktime import calendars
from zhike.visits import actions
from zhike.visits.models import Routes, WeekPlan
from zhike.visits.planning import actions as planning
from zhike.visits.tests.conftest import a_house
from zhike.visits.tests.factories import a_shop

from .conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = dt.timedelta(days=1)
SHOPS = ("甲店", "乙店", "丙店", "丁店")


@pytest.fixture
def plan(transactional_db: Any, monkeypatch: Any) -> Iterator[WeekPlan]:
    """A coming week without a day off, with four shops in it."""
    monkeypatch.setattr(planning, "SECONDS", 1)
    inforce.forget()
    house = a_house()
    user = house.specialist
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    now = dt.datetime.now(dt.UTC)
    today = calendars.local_day(now, house.south.pk)
    mondays = (today + (7 * n - today.weekday()) * DAY for n in range(1, 10))
    monday = next(day for day in mondays if len(actions.working_days(house.south.pk, day)) == 5)
    for n, name in enumerate(SHOPS):
        dossier.add_address(
            customer=a_shop(house, name), text=f"{name}路1号", by=user.party, now=now,
            latitude=Decimal("30.55"), longitude=Decimal("114.30") + n * Decimal("0.01"),
        )  # fmt: skip
    yield actions.plan_week(manager=user.party, unit=house.south.pk, monday=monday, by=user.party, now=now)
    inforce.forget()


@pytest.fixture
def at_the_page(windows: Any, plan: WeekPlan) -> Any:
    def begin(*, width: int = 1440, language: str = "zh-CN") -> Any:
        person = windows(width=width, language=language)
        person.sign_in("shen.ruoxi")
        person.page.goto(f"/visits/plans/{plan.pk}/")
        person.page.click(f"a[href='/visits/plans/{plan.pk}/routes/']")
        person.page.click("form[action$='/ask/'] button")
        person.page.wait_for_selector("[aria-busy]")
        planning.work_out(Routes.objects.get().pk)  # as the worker does
        person.page.wait_for_selector(".vs-stop")
        return person

    return begin


def stands(page: Any, name: str) -> tuple[str | None, int]:
    """The day of a visit, and its place in it."""
    return tuple(  # type: ignore[return-value]
        page.evaluate(
            """(name) => {
              const one = [...document.querySelectorAll('.vs-stop')].find((row) => row.textContent.includes(name));
              const day = one.closest('.vs-day');
              const row = [...(day || one.parentElement).querySelectorAll('.vs-stop')];
              return [day ? day.dataset.day : null, row.indexOf(one)];
            }""",
            name,
        )
    )


def moved(page: Any, act: Any) -> None:
    """Do something and wait until the page has the answer."""
    with page.expect_response(lambda answer: answer.url.endswith("/place/")):
        act()
    page.wait_for_selector(".vs-said")
    # no wait_for_function: it asks again by eval, which the page's policy refuses
    page.wait_for_selector(".htmx-request, .htmx-swapping, .htmx-settling", state="detached")


def test_a_visit_is_dragged_the_rest_planned_again_and_the_week_taken_over(at_the_page, plan):
    person = at_the_page()
    page = person.page
    friday = (plan.monday + 4 * DAY).isoformat()
    day, _place = stands(page, "甲店")
    goal = friday if day != friday else plan.monday.isoformat()

    card = page.locator(".vs-stop", has_text="甲店")
    moved(page, lambda: card.drag_to(page.locator(f".vs-day[data-day='{goal}'] > ol")))

    assert stands(page, "甲店")[0] == goal
    assert "甲店" in page.inner_text(".vs-said")
    assert page.locator(".vs-stop.is-fixed").count() == 1

    moved(page, lambda: page.locator(".vs-stop", has_text="乙店").drag_to(page.locator("#vs-left")))
    assert stands(page, "乙店")[0] is None
    page.click("form[action$='/again/'] button")
    page.wait_for_selector("[aria-busy]")
    planning.work_out(Routes.objects.get().pk)
    page.wait_for_selector(".vs-stop")
    assert stands(page, "甲店")[0] == goal
    assert stands(page, "乙店")[0] is None
    before = {visit.customer.name for visit in plan.visits.all()}
    assert before == set(SHOPS)  # nothing has changed so far

    page.click("form[action$='/accept/'] button")
    page.wait_for_url(f"**/visits/plans/{plan.pk}/")
    found = {visit.customer.name: visit.planned_on.isoformat() for visit in plan.visits.all()}
    assert found["甲店"] == goal
    assert "乙店" not in found
    assert person.trouble == []


def test_a_visit_is_moved_by_keys_and_keeps_the_focus(at_the_page):
    person = at_the_page(language="en")
    page = person.page
    days = [one.get_attribute("data-day") for one in page.locator(".vs-day").all()]
    name = page.locator(".vs-day .vs-stop .vs-name").first.inner_text()
    here = days.index(stands(page, name)[0])
    key, there = ("ArrowRight", here + 1) if here < 4 else ("ArrowLeft", here - 1)

    page.locator(".vs-stop", has_text=name).focus()
    moved(page, lambda: page.keyboard.press(f"Shift+{key}"))
    assert stands(page, name)[0] == days[there]
    assert name in page.evaluate("document.activeElement.textContent")

    order = [one.inner_text() for one in page.locator(f".vs-day[data-day='{days[there]}'] .vs-name").all()]
    if len(order) > 1:
        key = "ArrowUp" if order.index(name) else "ArrowDown"
        moved(page, lambda: page.keyboard.press(f"Shift+{key}"))
        assert stands(page, name)[1] != order.index(name)
    assert person.trouble == []


def test_on_a_phone_a_list_sends_a_visit_to_another_day(at_the_page, plan):
    person = at_the_page(width=390)
    page = person.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    goal = (plan.monday + 2 * DAY).isoformat()
    if stands(page, "丙店")[0] == goal:
        goal = plan.monday.isoformat()

    card = page.locator(".vs-stop", has_text="丙店")
    moved(page, lambda: card.locator("select").select_option(goal))
    assert stands(page, "丙店")[0] == goal
    moved(page, lambda: page.locator(".vs-stop", has_text="丙店").locator("select").select_option("out"))
    assert stands(page, "丙店")[0] is None
    assert person.trouble == []
