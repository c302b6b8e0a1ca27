"""The day of a relation specialist, and the week of the supervisor, lived at a desk and at a telephone's width."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from zhike.customers.models import Milestone, Promise
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.policy import inforce
from zhike.kernel.worktime import calendars
from zhike.tracking import actions
from zhike.tracking.models import JournalEntry, Moment, Plan
from zhike.tracking.tests.conftest import a_house
from zhike.tracking.tests.factories import DAY, a_customer, a_plan

from .conftest import WIDTH, look, with_passwords

pytestmark = pytest.mark.browser


@pytest.fixture
def house(transactional_db):
    """Customers of whom two are overdue on whatever day this runs, one has gaps, one is silent; a birthday is near."""
    inforce.forget()
    found = a_house()
    with_passwords(found.users.values())
    now = clock.now()
    named = {}
    for name, grade, phone, since in (
        ("澜石精密", "B", "13800005678", 24),
        ("恒远家具", "C", "13800005679", 26),
        ("东海渔具", "D", "13800005680", 2),
        ("旧时光书店", "E", "13800005681", 90),
    ):
        customer = a_customer(found, name=name, grade=grade, phone=phone)
        type(customer).objects.filter(pk=customer.pk).update(created_at=now - 100 * DAY)
        more = {"place": "", "region": ""} if name == "东海渔具" else {}
        a_plan(found, customer, now=now - since * DAY, **more)
        named[name] = customer
    day = calendars.local_day(now + 2 * DAY, found.south.pk)
    Milestone.objects.create(customer=named["恒远家具"], kind="FOUNDING", month=day.month, day=day.day)
    actions.greet(now=now)
    yield SimpleNamespace(users=found.users, south=found.south, specialist=found.specialist, named=named)
    inforce.forget()


@pytest.fixture
def at(windows, house):
    def sign_in(role, width, language):
        person = windows(width=width, language=language)
        person.page.set_default_timeout(60_000)
        person.sign_in(house.users[role].username)
        return person

    return sign_in


def submit(page, selector="dialog[open] form"):
    with page.expect_navigation():
        page.locator(selector).evaluate("form => form.requestSubmit(form.querySelector('[type=submit]'))")


def press(page, key):
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.rule("R001-127", "R001-133", "R003-10", "R000-11", "R001-067", "R002-102", "R002-076")
@pytest.mark.parametrize(
    ("width", "language"),
    [
        (1440, "zh-CN"),
        pytest.param(390, "en", marks=pytest.mark.walk),
        pytest.param(1440, "en", marks=pytest.mark.walk),
        pytest.param(390, "zh-CN", marks=pytest.mark.walk),
    ],
)
def test_the_day_from_the_first_duty_to_the_week_of_the_supervisor(house, at, width, language):
    specialist = at("specialist", width, language)
    page = specialist.page
    first, second = (house.named[name] for name in ("澜石精密", "恒远家具"))
    assert "澜石精密" in look(page, "workbench:today")
    assert "澜石精密" in look(page, "tracking:due")

    # N leads to who waits longest; the cursor stands where one types
    press(page, "n")
    assert page.url.endswith(reverse("tracking:work", args=[first.pk]))
    assert (page.evaluate("document.activeElement.name") == "content") is (width > 720)
    assert page.evaluate(WIDTH) <= 0
    if width > 720:
        page.click("a[data-key-on=c]")
        page.get_by_text("13800005678").wait_for()
        assert Entry.objects.filter(code="customers.phone_revealed").count() == 1
    else:
        assert page.locator("a.zk-handheld").first.is_visible()

    # no entry without a grade; what was typed stays
    page.fill("[name=content]", "问备件到货")
    press(page, "Control+Enter")
    assert JournalEntry.objects.count() == 0
    assert page.locator("[data-errors], .invalid-feedback, .zk-error").count()
    assert page.input_value("[name=content]") == "问备件到货"
    page.check("[name=grade][value=B]")
    page.focus("[name=content]")
    press(page, "Control+Enter")

    # saved: the next one is there, with the date that the first one has now
    entry = JournalEntry.objects.get()
    assert (entry.plan_id, entry.grade_before, entry.grade_after, entry.was_late) == (
        first.pk,
        "B",
        "B",
        True,
    )
    assert page.url.endswith(reverse("tracking:work", args=[second.pk]))
    next_on = calendars.local_day(entry.next_at, house.south.pk)
    assert next_on.isoformat() in page.inner_text("body")
    # another grade than the regulation gives needs its reason
    page.fill("[name=content]", "月底前要定货")
    page.check("[name=grade][value=A]")
    page.focus("[name=content]")
    press(page, "Control+Enter")
    assert JournalEntry.objects.count() == 1
    assert page.locator("[name=grade][value=A]").is_checked()
    page.fill("[name=reason]", "面谈,月底定货")
    page.focus("[name=content]")
    press(page, "Control+Enter")
    changed = JournalEntry.objects.get(plan=second.pk)
    assert (changed.grade_after, changed.next_journal) == ("A", "DAY")
    assert changed.at < changed.next_at <= entry.next_at

    # the greeting, a promise
    look(page, "tracking:work", second.pk)
    greeting = Moment.objects.get()
    page.click(f"a[href='{reverse('tracking:reach', args=[greeting.pk])}']")
    page.fill("dialog[open] [name=reply]", "谢谢")
    submit(page)
    greeting.refresh_from_db()
    assert (greeting.state, greeting.reply) == ("DONE", "谢谢")
    look(page, "tracking:work", second.pk)
    page.click(f"a[href='{reverse('customers:make_promise', args=[second.pk])}']")
    page.fill("dialog[open] [name=text]", "送样品")
    page.fill("dialog[open] [name=due_on]", (clock.now() + 3 * DAY).date().isoformat())
    submit(page)
    assert Promise.objects.get().keeper == house.specialist.party
    assert "送样品" in look(page, "customers:promises")

    # what is missing is fixed; who heard nothing is explained
    assert "东海渔具" in look(page, "tracking:gaps")
    third = house.named["东海渔具"]
    page.click(f"a[href='{reverse('tracking:fix', args=[third.pk])}']")
    page.fill("dialog[open] [name=place]", "滨海路201号")
    page.fill("dialog[open] [name=region]", "滨海")
    submit(page)
    assert "东海渔具" not in look(page, "tracking:gaps")
    assert "旧时光书店" in look(page, "tracking:silent")
    fourth = house.named["旧时光书店"]
    page.click(f"a[href='{reverse('tracking:explain', args=[fourth.pk])}']")
    page.fill("dialog[open] [name=reason]", "店主出国,下月回来")
    submit(page)
    assert Plan.objects.get(pk=fourth.pk).silence == "店主出国,下月回来"
    assert "店主出国" in look(page, "tracking:silent")
    assert specialist.trouble == []

    # the supervisor sees the week, and what stands behind a number
    lead = at("supervisor", width, language)
    page = lead.page
    page.goto(f"{reverse('tracking:overview')}?kind=WEEK")
    assert page.evaluate(WIDTH) <= 0
    assert page.locator("[data-chart] canvas").count() == 2
    behind = page.locator("a[href*='tracking/journal']").first
    with page.expect_navigation():
        behind.click()
    assert "恒远家具" in page.inner_text("main")
    assert "澜石精密" not in page.inner_text("main")
    assert lead.trouble == []


def test_who_is_put_off_with_a_reason_comes_back_tomorrow(house, at):
    person = at("specialist", 1440, "zh-CN")
    page = person.page
    first = house.named["澜石精密"]
    look(page, "tracking:work", first.pk)
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.fill("dialog[open] [name=reason]", "在开会,明天再打")
    submit(page)

    assert page.url.endswith(reverse("tracking:work", args=[house.named["恒远家具"].pk]))
    page.goto(reverse("tracking:next"))
    assert str(first.pk) not in page.url.rpartition("/tracking/")[2]
    assert person.trouble == []
