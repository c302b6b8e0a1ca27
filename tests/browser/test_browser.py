"""What only a real browser shows: the preview while one types, keys, phone widths, a clean console."""

import re

import pytest
from django.urls import reverse

from zhike.complaints import actions
from zhike.complaints.models import Complaint
from zhike.complaints.tests.factories import RECORDS, a_complaint
from zhike.kernel import clock
from zhike.kernel.policy.models import ManualVersion

from .conftest import WIDTH

pytestmark = pytest.mark.browser
CASE = re.compile(r"/complaints/\d+/$")


@pytest.mark.rule("S001-044", "S001-045")
def test_expired_yoghurt_is_registered_worked_to_the_end_and_printed(people, at_the_browser):
    taker, manager = at_the_browser("lu.xiaoman"), at_the_browser("he.jingxing")
    page = taker.page
    page.goto(reverse("complaints:new"))
    page.fill("[name=name]", "贺晓岚")
    page.fill("[name=phone]", "13812346207")
    page.fill("[name=text]", "买到过期酸奶,要找店长")
    page.select_option("[name=item]", "EXPIRED")
    page.fill("[name=value]", "36")
    preview = page.locator("#preview")
    preview.get_by_text("何景行").wait_for()
    assert "店长" in preview.inner_text()
    assert "三(五)1" in preview.inner_text()

    page.click("#intake button[type=submit]")
    page.wait_for_url(CASE)

    complaint = Complaint.objects.get()
    assert (complaint.handler_id, complaint.clause) == (people.store_manager.pk, "三(五)1")
    for person in (taker, taker, manager, manager, manager):
        kind = Complaint.objects.get().stage_kind
        person.page.goto(reverse("complaints:detail", args=[complaint.pk]))
        person.page.fill("#step textarea[name=text]", RECORDS[kind])
        with person.page.expect_navigation():
            person.page.click("#step button[type=submit]")
    assert Complaint.objects.get().closed_at is not None

    manager.page.goto(reverse("complaints:print", args=[complaint.pk, "html"]))
    sheet = manager.page.locator("body").inner_text()
    assert [text for text in RECORDS.values() if text not in sheet] == []
    assert (taker.trouble, manager.trouble) == ([], [])


def pages(complaint):
    version = ManualVersion.objects.get()
    return [
        reverse("workbench:today"),
        reverse("workbench:approvals"),
        reverse("workbench:notices"),
        reverse("complaints:list"),
        reverse("complaints:new"),
        reverse("complaints:detail", args=[complaint.pk]),
        reverse("complaints:penalties"),
        reverse("complaints:report"),
        reverse("complaints:print", args=[complaint.pk, "html"]),
        reverse("customers:list"),
        reverse("manuals:list"),
        reverse("manuals:reader", args=[version.pk]),
        reverse("people:me"),
        reverse("complaint_portal:shops"),
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_page_is_wider_than_a_phone_and_the_console_stays_clean(people, at_the_browser, language):
    now = clock.now()
    complaint = a_complaint(people, item="EXPIRED", now=now)
    actions.reply(complaint=complaint, text="已联系" * 40, by=people.store_manager.party, now=now)
    phone = at_the_browser("zhou.qiming", width=390, language=language)

    wide = {}
    for address in pages(complaint):
        answer = phone.page.goto(address)
        assert answer.status == 200, address
        over = phone.page.evaluate(WIDTH)
        if over > 0:
            wide[address] = over

    assert wide == {}
    assert phone.trouble == []


def test_keys_open_the_help_the_palette_and_the_next_row(people, at_the_browser):
    now = clock.now()
    first, second = (
        a_complaint(people, item="PRICE", text=text, now=now) for text in ("第一件事", "第二件事")
    )
    desk = at_the_browser("zhou.qiming")
    page = desk.page
    page.goto(reverse("complaints:list") + "?sort=number")

    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("dialog#palette[open] input").fill("第二件事")
    page.locator("#palette [role=option]").get_by_text(second.number).first.wait_for()
    for _ in range(2):  # the first empties the field
        page.keyboard.press("Escape")
    page.locator("dialog#palette:not([open])").wait_for(state="attached")
    for key in ("j", "j", "k", "o"):
        page.keyboard.press(key)
    page.wait_for_url(CASE)

    assert page.url.endswith(reverse("complaints:detail", args=[first.pk]))
    assert desk.trouble == []


def test_a_dialog_keeps_what_was_typed_when_it_is_refused(people, at_the_browser):
    complaint = a_complaint(people, item="PRICE", now=clock.now())
    desk = at_the_browser("zhou.qiming")
    page = desk.page
    page.goto(reverse("complaints:detail", args=[complaint.pk]))
    page.locator(f'a[href="{reverse("complaints:change_facts", args=[complaint.pk])}"]').first.click()
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=value]").fill("12a")
    dialog.locator("[name=reason]").fill("小票上是这样")
    dialog.locator("button[type=submit]").first.click()
    dialog.get_by_text("12a").first.wait_for()

    assert dialog.locator("[name=reason]").input_value() == "小票上是这样"
    dialog.locator("[name=value]").fill("2,000")
    with page.expect_navigation():
        dialog.locator("button[type=submit]").first.click()

    assert Complaint.objects.get().handler_id == people.store_manager.pk
    assert desk.trouble == []
