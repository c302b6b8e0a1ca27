"""The editor of a draft in a real browser: cells, findings at the cell, words, gaps, paste, undo, two people."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from zhike.kernel import clock
from zhike.kernel.policy.editing.grids import Grid, grids_of
from zhike.manuals import actions
from zhike.manuals.models import Revision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAST = "| - | - | - | 客服主管 | 三(五)3 | 其余 |\n"
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


def a_draft(people: Any, *changes: tuple[str, str]) -> Revision:
    """A draft of the mall's regulation by the administrator, with other words."""
    by, now = people.administrator.party, clock.now()
    draft = actions.begin(key="mall-complaints", by=by, now=now)
    text = draft.text
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return actions.save_text(revision=draft, seen=0, text=text, by=by, now=now) if changes else draft


def table(name: str = "处理权限", kind: str = "decision") -> Grid:
    text = Revision.objects.get(state="DRAFT").text
    return next(grid for grid in grids_of(text) if (grid.kind, grid.name) == (kind, name))


class Desk:
    """The editor as one person has it open."""

    def __init__(self, person: Any, draft: Revision, key: str = "decision.处理权限") -> None:
        self.person, self.page = person, person.page
        self.page.goto(reverse("manuals:edit", args=[draft.pk]) + f"?table={key}")
        self.sheet = self.page.locator(f'[data-sheet="{key}"]')

    def cell(self, row: int, column: int, sheet: Any = None) -> Any:
        return (sheet or self.sheet).locator("tbody tr").nth(row).locator("td").nth(column)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, cell: Any, text: str, finish: str = "Enter") -> None:
        """What stands in the cell is exchanged for a text."""
        cell.click()
        self.press("F2", "Control+a")
        self.page.keyboard.insert_text(text)
        if finish:
            self.press(finish)

    def until(self, done: Any) -> None:
        """Waits until the draft is as it should be; the page goes on meanwhile."""
        for _turn in range(100):
            if done():
                return
            self.page.wait_for_timeout(200)
        raise AssertionError(
            self.page.locator("#saved").inner_text(), self.page.locator("#trouble").inner_text()
        )


def test_a_cell_is_edited_with_the_error_at_the_cell_while_it_is_typed(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people))

    desk.write(desk.cell(0, 0), "五百", finish="")
    desk.page.locator("#cell [data-message]:visible").get_by_text("五百").wait_for()
    assert Revision.objects.get().revision == 0
    desk.press("Control+a")
    desk.page.keyboard.insert_text(">= 1800元")
    desk.press("Enter")

    desk.until(lambda: table().rows[0][0] == ">= 1800元")
    desk.cell(0, 0).locator("del").first.wait_for()
    desk.press("Control+z")
    desk.until(lambda: table().rows[0][0] == ">= 店长起点")
    assert desk.person.trouble == []


def test_a_gap_is_closed_by_the_row_that_is_offered(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people, (LAST, "")))

    desk.sheet.locator("tr[data-ghost]").wait_for()
    desk.sheet.locator("[data-bar] [data-offer]").click()
    desk.page.locator("#cell:visible").wait_for()
    desk.page.keyboard.insert_text("主管")
    desk.press("Enter")
    desk.until(lambda: table().rows[-1][3] == "客服主管")
    desk.write(desk.cell(7, 4), "三(五)3")

    desk.until(lambda: table().rows[-1][3:5] == ("客服主管", "三(五)3"))
    desk.page.locator("[data-part=checks]").get_by_text("没有规定").wait_for(state="detached")
    assert actions.examine(Revision.objects.get().text).gaps == []


def test_words_are_picked_in_the_popover_by_keyboard(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people))

    desk.cell(5, 1).click()
    desk.press("Alt+ArrowDown")
    desk.page.keyboard.insert_text("叉车")
    desk.page.locator("#cell [role=option].at").get_by_text("叉车擦伤", exact=True).wait_for()
    desk.press("Space", "Enter")

    desk.until(lambda: table().rows[5][1] == "叉车擦伤、退换争执、服务投诉")
    assert desk.cell(5, 1).evaluate("node => node === document.activeElement")


def labels(name: str = "处理权限", kind: str = "decision") -> list[str]:
    return [column.label for column in table(name, kind).columns]


def test_a_column_is_added_renamed_moved_and_deleted_in_the_grid(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people))
    first = labels()
    box = desk.page.locator("#column")
    head = desk.sheet.locator("thead [data-column]")

    desk.sheet.locator("[data-do=column]").click()
    desk.page.keyboard.insert_text("渠道")
    box.locator("[role=option]").get_by_text("渠道", exact=True).click()
    desk.until(lambda: labels() == [*first[:3], "渠道", *first[3:]])
    assert {row[3] for row in table().rows} == {"-"}

    head.nth(3).click()
    box.locator("[data-do=left]").click()
    desk.until(lambda: labels() == [*first[:2], "渠道", *first[2:]])
    desk.press("Control+a")
    desk.page.keyboard.insert_text(first[0])
    desk.press("Enter")
    box.locator("[data-message]").get_by_text(first[0]).wait_for()
    desk.press("Escape")

    head.nth(2).click()
    box.locator("[data-do=drop]").click()
    desk.until(lambda: labels() == first)
    assert desk.person.trouble == []


def test_the_examples_follow_a_renamed_column_and_undo_brings_it_back(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people))
    first, given = labels(), labels(kind="examples")
    assert first[2] in given

    desk.sheet.locator("thead [data-column]").nth(2).click()
    desk.press("Control+a")
    desk.page.keyboard.insert_text("渠道")
    desk.press("Enter")
    desk.until(lambda: labels()[2] == "渠道")
    desk.until(lambda: labels(kind="examples")[given.index(first[2])] == "渠道")

    desk.press("Control+z")
    desk.until(lambda: labels() == first)


def test_chinese_is_composed_onto_a_selected_cell(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people))
    keyboard = desk.page.context.new_cdp_session(desk.page)

    desk.cell(7, 3).click()
    keyboard.send("Input.imeSetComposition", {"text": "dian", "selectionStart": 4, "selectionEnd": 4})
    assert desk.cell(7, 3).inner_text() == "dian"
    keyboard.send("Input.insertText", {"text": "店长"})
    desk.page.locator("#cell:visible").wait_for()
    assert desk.page.input_value("#cell [data-input]") == "店长"
    desk.press("Enter")

    desk.until(lambda: table().rows[7][3] == "店长")
    assert desk.person.trouble == []


def test_a_grid_is_pasted_and_rows_are_added_moved_and_deleted_by_keyboard(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people))
    examples = desk.page.locator('[data-sheet="examples.处理权限"]')

    desk.cell(5, 0, examples).click()
    desk.page.evaluate(PASTE, "2600\t无\t未知\t店长\n300\t服务投诉\t未知\t客服经理")
    desk.until(lambda: len(table(kind="examples").rows) == 7)
    rows = table(kind="examples").rows
    assert rows[5:] == (("2600", "无", "未知", "店长"), ("300", "服务投诉", "未知", "客服经理"))

    desk.press("Alt+ArrowUp")
    desk.until(lambda: table(kind="examples").rows[5][0] == "300")
    desk.press("Control+Delete")
    desk.until(lambda: len(table(kind="examples").rows) == 6)
    desk.press("Control+z")
    desk.until(lambda: len(table(kind="examples").rows) == 7)
    assert desk.person.trouble == []


def test_two_people_at_once_lose_nothing(people, at_the_browser):
    draft = a_draft(people)
    mine = Desk(at_the_browser("zhou.qiming"), draft)
    theirs = actions.save_text(
        revision=draft, seen=0, text=draft.text.replace("分为商品、", "分为货品、"), by=people.administrator.party,
        now=clock.now(),
    )  # fmt: skip

    mine.write(mine.cell(0, 5), "贵重")
    mine.page.locator("#trouble").get_by_text(people.administrator.party.name).wait_for()
    assert mine.cell(0, 5).inner_text() == "贵重"
    assert Revision.objects.get().text == theirs.text
    mine.page.locator("#trouble [data-mine]").click()

    mine.until(lambda: table().rows[0][5] == "贵重")
    assert "分为货品、" in Revision.objects.get().text
    mine.page.locator("#trouble").wait_for(state="hidden")


def test_a_workbook_goes_out_and_comes_back(people, at_the_browser, tmp_path):
    from openpyxl import load_workbook

    desk = Desk(at_the_browser("zhou.qiming"), a_draft(people))
    page = desk.page
    page.locator("summary", has_text="Excel").click()
    with page.expect_download() as file:
        page.locator(f'a[href="{reverse("manuals:workbook", args=[Revision.objects.get().pk])}"]').click()
    file.value.save_as(tmp_path / "out.xlsx")
    book = load_workbook(tmp_path / "out.xlsx")
    next(sheet for sheet in book if "金额" in str(sheet["A1"].value))["B3"].value = "1500元"
    book.save(tmp_path / "back.xlsx")

    page.locator("a[data-dialog][href*=merge]").click()
    page.locator("dialog[open] input[type=file]").set_input_files(tmp_path / "back.xlsx")
    with page.expect_navigation():
        page.locator("dialog[open] button[type=submit]").click()

    assert table("金额", "params").rows[0][1] == "1500元"
    page.locator('[data-sheet="params.金额"] td.is-changed').first.wait_for()


def test_on_a_phone_one_cell_is_edited_in_a_sheet_from_below(people, at_the_browser):
    desk = Desk(at_the_browser("zhou.qiming", width=390), a_draft(people))

    desk.cell(0, 0).click()
    box = desk.page.locator("#cell:visible").bounding_box()
    assert box["x"] == 0
    assert box["width"] == 390
    desk.page.locator("#cell [data-input]").fill(">= 1900元")
    desk.page.locator("#cell [data-finish]").click()

    desk.until(lambda: table().rows[0][0] == ">= 1900元")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_text_is_saved_by_itself_and_a_finding_leads_to_its_line(people, at_the_browser):
    draft = a_draft(people, ("客服主管 | 三(五)3 | 其余", "客服主管 | 三(九) | 其余"))
    person = at_the_browser("zhou.qiming")
    page = person.page
    page.goto(reverse("manuals:edit", args=[draft.pk]) + "?view=text")
    field = page.locator("[data-draft-text]")

    page.locator("[data-part=checks] a[data-at]", has_text="三(九)").first.click()
    chosen = field.evaluate("node => node.value.slice(node.selectionStart, node.selectionEnd)")
    assert "三(九)" in chosen
    field.evaluate(
        "node => { node.value = node.value.replace('三(九)', '三(五)3'); node.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    page.locator("[data-part=checks]").get_by_text("三(九)").wait_for(state="detached")

    assert "三(九)" not in Revision.objects.get().text
    assert person.trouble == []
