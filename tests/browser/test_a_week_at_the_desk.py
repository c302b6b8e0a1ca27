"""A customer manager's week at the desk, and the month of the leader: prefilled, sent, commented, summed up."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from zhike.customers.contacts import actions as contacts
from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy import inforce
from zhike.people.tests.factories import a_user, appoint, cast
from zhike.people.tests.rules import in_force
from zhike.workbench.messages import actions as messages
from zhike.workbench.models import CustomerMessage, Report
from zhike.workbench.reports import actions

from .conftest import WIDTH, look, with_passwords

pytestmark = pytest.mark.browser


@pytest.fixture
def house(transactional_db):
    """A customer manager with one visit, one call and one message this week; every report that is owed is open."""
    inforce.forget()
    found = cast()
    in_force(found, "work-platform", "客户经理工作平台管理办法")
    manager = found.users["customer_manager"] = a_user("方小川", username="fang", unit=found.south_service)
    appoint(manager, "CUSTOMER_MANAGER", found.south_service)
    with_passwords(found.users.values())
    now = clock.now()
    shop = a_customer(found.south, manager, name="老陈面馆", phone="")
    Customer.objects.filter(pk=shop.pk).update(owner=manager.party)
    shop.refresh_from_db()
    for way in ("VISIT", "PHONE"):
        contacts.record(customer=shop, way=way, by=manager.party, now=now, content="问库存")
    message = messages.take(customer=shop, text="红双喜何时到货?", way="MESSAGE", now=now)
    actions.open_due(now=now)
    yield SimpleNamespace(users=found.users, manager=manager, message=message)
    inforce.forget()


@pytest.fixture
def at(windows, house):
    def sign_in(role):
        person = windows(width=1440)
        person.page.set_default_timeout(30_000)
        person.sign_in(house.users[role].username)
        return person

    return sign_in


def press(page, selector):
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.rule("S004-26", "S004-20", "R004-31", "R004-29", "S001-076", "R001-219", "P004-02", "F004-11")
def test_the_week_of_a_customer_manager_and_the_month_of_the_leader(house, at):
    fang, now = at("customer_manager"), clock.now()
    page = fang.page
    week = Report.objects.get(kind="WEEK", author=house.manager.party)
    summary = Report.objects.get(kind="SUMMARY", author=house.users["manager"].party)

    # Today leads to the message, which is answered
    assert "红双喜何时到货" in look(page, "workbench:today")
    press(page, f"a[href='{reverse('workbench:message', args=[house.message.pk])}']")
    page.click("a[data-key-on=r]")
    page.fill("dialog[open] [name=text]", "周三到货")
    press(page, "dialog[open] [type=submit]")
    assert CustomerMessage.objects.get().reply == "周三到货"

    # the weekly report is filled in; sent too early it names what is missing, and keeps what was typed
    press(page, f"a[href='{reverse('workbench:today')}']")
    press(page, f"a[href='{reverse('workbench:report', args=[week.pk])}']")
    assert "上门 1" in page.input_value("[name=part_VISITS]")
    page.fill("[name=part_INFORMATION]", "邻店降价")
    press(page, "[name=submit]")
    assert "“下周工作重点”还没有填写" in page.inner_text("main")
    assert page.input_value("[name=part_INFORMATION]") == "邻店降价"
    for part in ("PROBLEMS", "METHODS", "ROUTE", "FOCUS"):
        page.fill(f"[name=part_{part}]", "无调整")
    press(page, "[name=submit]")
    week.refresh_from_db()
    assert (week.state, week.parts["INFORMATION"]) == ("SUBMITTED", "邻店降价")
    # every figure beside it opens into its rows
    press(page, ".zk-report a[href*='way=VISIT']")
    assert page.locator("tbody tr:has(a)").count() == 1
    assert fang.trouble == []

    # the leader hears of it, reads it beside the figures, and comments
    lead = at("supervisor")
    desk = lead.page
    assert "方小川" in look(desk, "workbench:notices")
    press(desk, "main a[href*='/notices/']")
    assert desk.url.endswith(reverse("workbench:report", args=[week.pk]))
    assert desk.evaluate(WIDTH) <= 0
    desk.click(f"a[href='{reverse('workbench:comment_report', args=[week.pk])}']")
    desk.fill("dialog[open] [name=text]", "价格信息及时")
    press(desk, "dialog[open] [type=submit]")
    assert "价格信息及时" in look(page, "workbench:report", week.pk)

    assert lead.trouble == []

    # the month of the head: the summary with its measures, and what was done in time
    head = at("manager")
    desk = head.page
    look(desk, "workbench:report", summary.pk)
    for part in ("DONE", "PROBLEMS"):
        desk.fill(f"[name=part_{part}]", "走访四十户")
    desk.fill("[name=measure_0]", "每周核对送货")
    press(desk, "[name=submit]")
    assert "请写明完成日期" in desk.inner_text("main")
    desk.fill("[name=due_0]", (now + dt.timedelta(days=20)).date().isoformat())
    press(desk, "[name=submit]")
    summary.refresh_from_db()
    assert (summary.state, summary.measures.get().text) == ("SUBMITTED", "每周核对送货")
    assert (
        not Duty.objects.open()
        .filter(kind="work_report.summary", owner=house.users["manager"].party)
        .exists()
    )
    desk.goto(f"{reverse('workbench:timeliness')}?kind=YEAR")
    number = desk.locator("a[href*='work=WEEK'][href*='state=made']")
    assert desk.evaluate(WIDTH) <= 0
    if number.count():  # the week may fall due in the next year
        press(desk, "a[href*='work=WEEK'][href*='state=made']")
        assert re.search(r"方小川", desk.inner_text("main"))
    assert head.trouble == []
