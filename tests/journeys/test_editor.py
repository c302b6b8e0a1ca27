"""The pages of the editor over HTTP: tables as JSON, refusals that keep what was typed, dialogs with and without htmx."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.complaints.tests.factories import a_complaint, browser
from zhike.kernel.policy.editing.grids import grids_of
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.models import Ruling
from zhike.manuals import actions, queries
from zhike.manuals.models import Revision
from zhike.people.tests.factories import MONDAY

pytestmark = pytest.mark.django_db
WORD = Path(settings.BASE_DIR) / "docs" / "write-a-manual" / "member-complaints.docx"
LAST = "| - | - | - | 客服主管 | 三(五)3 | 其余 |\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(people: Any) -> Revision:
    return actions.begin(key="mall-complaints", by=people.manager.party, now=MONDAY)


def url(name: str, draft: Revision) -> str:
    return reverse(f"manuals:{name}", args=[draft.pk])


def grid_of(draft: Revision, key: str = "decision.处理权限") -> Any:
    return next(one for one in grids_of(draft.text) if queries.key_of(one) == key)


def send(client: Any, draft: Revision, grid: Any, rows: Any, **more: Any) -> Any:
    body = {
        "table": queries.key_of(grid),
        "shown": queries.key_of(grid),
        "line": grid.line,
        "labels": [column.label for column in grid.columns],
        "rows": rows,
        "seen": draft.revision,
        "keep": True,
        **more,
    }
    return client.post(url("save_table", draft), json.dumps(body), content_type="application/json")


def changed(grid: Any, row: int, column: int, text: str) -> list[list[str]]:
    rows = [list(one) for one in grid.rows]
    rows[row][column] = text
    return rows


# ---- tables


def test_a_saved_table_comes_back_with_its_findings_at_their_cells(people, draft):
    grid = grid_of(draft)

    answer = send(browser(people.manager), draft, grid, changed(grid, 1, 1, "变质食品")).json()

    assert (answer["revision"], answer["kept"]) == (1, True)
    sheet = answer["parts"]["sheet:decision.处理权限"]
    assert "is-wrong" in sheet
    assert "是否指“变质过期食品”" in sheet
    assert "变质食品" in answer["parts"]["checks"]
    assert "变质食品" in Revision.objects.get().text


def test_a_table_that_is_only_checked_is_not_saved(people, draft):
    grid = grid_of(draft)

    answer = send(browser(people.manager), draft, grid, changed(grid, 0, 0, "五百"), keep=False).json()

    assert (answer["revision"], answer["kept"]) == (0, False)
    assert "五百" in answer["parts"]["sheet:decision.处理权限"]
    assert Revision.objects.get().text == draft.text


def test_a_gap_brings_the_row_that_closes_it_and_what_is_left_to_do(people, draft):
    grid = grid_of(draft)

    parts = send(browser(people.manager), draft, grid, [list(row) for row in grid.rows[:-1]]).json()["parts"]

    sheet = parts["sheet:decision.处理权限"]
    assert "data-ghost" in sheet
    assert "[0..500)" in sheet
    assert "缺口" in parts["checks"] or "Gap" in parts["checks"]
    assert "499.99" in parts["examples"]


def test_after_somebody_elses_save_the_answer_says_who_and_where_the_table_stands_now(people, draft):
    grid = grid_of(draft)
    moved = draft.text.replace("\n## 一、投诉分类", "\n又一段。\n\n## 一、投诉分类")
    actions.save_text(
        revision=Revision.objects.get(), seen=0, text=moved, by=people.administrator.party, now=MONDAY
    )

    answer = send(browser(people.manager), draft, grid, changed(grid, 0, 5, "贵重")).json()

    assert people.administrator.party.name in answer["refused"]
    assert (answer["revision"], answer["line"]) == (1, grid.line + 2)
    assert Revision.objects.get().text == moved


@pytest.mark.parametrize(
    "body", ["", "[]", '{"labels": 1}', '{"labels": ["a"], "rows": ["b"]}', '{"labels": [1]}']
)
def test_a_body_that_is_no_table_is_a_bad_request(people, draft, body):
    answer = browser(people.manager).post(url("save_table", draft), body, content_type="application/json")

    assert answer.status_code == 400


def test_rows_of_another_width_are_refused_or_reported(people, draft):
    grid = grid_of(draft)

    answer = send(browser(people.manager), draft, grid, [["a", "b"]]).json()

    assert "refused" in answer or "is-wrong" in answer["parts"]["sheet:decision.处理权限"]


def test_a_table_is_saved_with_other_columns(people, draft):
    grid = grid_of(draft)
    labels = [column.label for column in grid.columns]
    wider = [[*row[:3], "-", *row[3:]] for row in grid.rows]

    answer = send(
        browser(people.manager), draft, grid, wider, labels=[*labels[:3], "渠道", *labels[3:]]
    ).json()

    draft.refresh_from_db()
    now = grid_of(draft)
    assert [column.label for column in now.columns] == [*labels[:3], "渠道", *labels[3:]]
    assert [column.role for column in now.columns][3:5] == ["input", "outcome"]
    assert not read(draft.text).errors
    assert ">渠道" in answer["parts"]["sheet:decision.处理权限"]
    before = send(browser(people.manager), draft, now, grid.rows, labels=labels).json()
    assert before["revision"] == 2
    assert [column.label for column in grid_of(Revision.objects.get()).columns] == labels


def test_a_table_of_500_rows_is_answered_alone_and_stays_quick(people, draft):
    grid = grid_of(draft, "list.投诉情形")
    rows = [list(row) for row in grid.rows] + [
        [f"情形{n}", f"C{n}", f"Circumstance {n}", ""] for n in range(54)
    ]
    examples = grid_of(draft, "examples.处理权限")
    many = [[str(n), "无", "未知", "店长" if n >= 2000 else "客服经理"] for n in range(1750, 2250)]
    client = browser(people.manager)
    assert send(client, draft, grid, rows).json()["revision"] == 1
    draft.refresh_from_db()

    answer = send(client, draft, grid_of(draft, queries.key_of(examples)), many).json()

    assert [name for name in answer["parts"] if name.startswith("sheet:")] == ["sheet:examples.处理权限"]
    assert answer["parts"]["sheet:examples.处理权限"].count('scope="row"') == 500


# ---- the page


@pytest.mark.parametrize("query", ["", "?table=decision.处理权限", "?table=stages.处理步骤", "?at=113:3", "?at=1", "?view=text", "?view=diff", "?table=gone", "?at=99999"])  # fmt: skip
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_view_of_a_draft_opens(people, draft, query, language):
    answer = browser(people.manager, language).get(url("edit", draft) + query)

    assert answer.status_code == 200


def test_a_figure_that_moved_is_marked_against_the_version_in_force(people, draft):
    grid = grid_of(draft, "params.金额")
    client = browser(people.manager)
    send(client, draft, grid, changed(grid, 0, 1, "1500元"))

    page = client.get(url("edit", draft) + "?table=decision.处理权限").content.decode()
    diff = client.get(url("edit", draft) + "?view=diff").content.decode()

    assert "<del>2000</del> <b>1500</b>元" in page
    assert "<b>1500</b>元" in diff


def test_a_second_draft_is_refused_with_a_link_to_the_first(people, draft):
    client = browser(people.administrator)

    asked = client.get(reverse("manuals:revise", args=["mall-complaints"]))
    refused = client.post(reverse("manuals:revise", args=["mall-complaints"]))

    assert (asked.status_code, asked["Location"]) == (302, url("edit", draft))
    assert refused.status_code == 409
    page = refused.content.decode()
    assert people.manager.party.name in page
    assert url("edit", draft) in page


def test_a_draft_begins_from_the_page_that_asks_for_it(people):
    client = browser(people.manager)
    address = reverse("manuals:revise", args=["mall-complaints"])

    assert client.get(address).status_code == 200
    begun = client.post(address)

    assert begun["Location"] == url("edit", Revision.objects.get())
    assert client.get(reverse("manuals:revise", args=["nothing"])).status_code == 404


def test_a_draft_begins_with_the_value_that_was_tried(people):
    tried = {"param": "店长起点", "value": "1500元"}

    browser(people.manager).post(reverse("manuals:revise", args=["mall-complaints"]), tried)

    draft = Revision.objects.get()
    assert read(draft.text).params["店长起点"].text == "1500元"
    changed = [line for line in draft.text.splitlines() if line not in draft.base.text.splitlines()]
    assert len([line for line in changed if line.startswith("|")]) == 1


def test_under_review_the_page_is_read_only(people, draft):
    Revision.objects.update(state="ASKED", asked_at=MONDAY)

    page = browser(people.manager).get(url("edit", draft)).content.decode()

    assert "data-closed" in page
    assert 'draggable="true"' not in page


# ---- dialogs


def test_a_gap_is_accepted_in_a_dialog_and_what_was_typed_stays_after_a_refusal(people, draft):
    client = browser(people.manager)
    draft = actions.save_text(
        revision=draft, seen=0, text=draft.text.replace(LAST, ""), by=people.manager.party, now=MONDAY
    )
    gap = next(one for one in actions.examine(draft.text).gaps if one.table == "处理权限")
    given = {"table": gap.table, "message": gap.message, "reason": "另行约定", "seen": 1}

    stale = client.post(url("accept_gap", draft), {**given, "seen": 0}, headers=HTMX)
    done = client.post(url("accept_gap", draft) + "?shown=decision.处理权限", given, headers=HTMX)

    assert "另行约定" in stale.content.decode()
    assert done["HX-Redirect"].startswith(url("edit", draft) + "?table=decision.")
    assert done["HX-Redirect"].isascii()
    page = client.get(url("edit", draft)).content.decode()
    assert "另行约定" in page
    again = client.post(url("take_back", draft), {"table": gap.table, "message": gap.message, "seen": 2})
    assert again.status_code == 302
    assert Revision.objects.get().accepted == []


def test_an_accepted_gap_that_is_closed_later_is_not_listed_any_more(people, draft):
    text = draft.text
    draft = actions.save_text(
        revision=draft, seen=0, text=text.replace(LAST, ""), by=people.manager.party, now=MONDAY
    )
    gap = next(one for one in actions.examine(draft.text).gaps if one.table == "处理权限")
    draft = actions.accept(
        revision=draft, seen=1, finding=gap, reason="另行约定", by=people.manager.party, now=MONDAY
    )
    client = browser(people.manager)
    assert "另行约定" in client.get(url("edit", draft)).content.decode()

    actions.save_text(revision=draft, seen=2, text=text, by=people.manager.party, now=MONDAY)

    assert "另行约定" not in client.get(url("edit", draft)).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_prose_of_a_clause_is_changed_in_a_dialog(people, draft, headers):
    client = browser(people.manager)
    line = draft.text.split("\n").index("投诉分为商品、服务、安全三类，共十四项。") + 1
    asked = client.get(f"{url('save_prose', draft)}?first={line}&last={line}", headers=headers)
    sent = {"prose": "分三类,共十四项。", "first": line, "last": line, "seen": 0}

    done = client.post(url("save_prose", draft), sent, headers=headers)

    assert "共十四项" in asked.content.decode()
    assert done.status_code == (200 if headers else 302)
    assert "\n分三类,共十四项。\n" in Revision.objects.get().text


def test_a_workbook_that_is_none_is_said_in_the_dialog_and_a_text_of_another_version_too(people, draft):
    client = browser(people.manager)
    sent = {"upload": SimpleUploadedFile("a.xlsx", b"x"), "seen": 0}
    other = SimpleUploadedFile("a.md", actions.with_front(draft.text, version="9").encode())

    bad = client.post(url("merge", draft), sent, headers=HTMX)
    wrong = client.post(url("merge", draft), {"upload": other, "seen": 0}, headers=HTMX)
    latin = client.post(
        url("merge", draft), {"upload": SimpleUploadedFile("a.md", b"\xff\xfe"), "seen": 0}, headers=HTMX
    )

    assert [answer.status_code for answer in (bad, wrong, latin)] == [200, 200, 200]
    assert all("data-errors" in answer.content.decode() for answer in (bad, wrong, latin))
    assert Revision.objects.get().revision == 0


def test_files_go_out_under_the_name_of_the_manual(people, draft):
    client = browser(people.manager)

    text, book = client.get(url("markdown", draft)), client.get(url("workbook", draft))

    assert text.content.decode() == draft.text
    assert 'filename="mall-complaints-2.md"' in text["Content-Disposition"]
    assert book.content[:2] == b"PK"


@pytest.mark.parametrize(
    ("day", "kept"), [("2026-03-08", None), ("2026-03-09", "2026-03-09"), ("soon", None)]
)
def test_a_day_is_set_from_today_on(people, draft, day, kept):
    browser(people.manager).post(url("set_day", draft), {"effective_on": day, "seen": 0})

    found = Revision.objects.get().effective_on
    assert (found.isoformat() if found else None) == kept


def test_a_draft_is_dropped(people, draft):
    browser(people.manager).post(url("drop_draft", draft), {"seen": 0})

    assert Revision.objects.get().state == "DROPPED"


# ---- examples from cases


def test_a_ruling_that_one_may_see_becomes_an_example_and_a_strangers_does_not(people, draft):
    a_complaint(people, item="PRICE", value=2600)
    ruling = Ruling.objects.filter(question="complaint.authority").first()
    assert ruling is not None
    sent = {"table": "处理权限", "ruling": ruling.pk, "seen": 0}
    client = browser(people.manager)

    listed = client.get(url("examples_from", draft) + "?table=处理权限").content.decode()
    client.post(url("add_example", draft), sent)

    assert "2600" in listed
    added = grid_of(Revision.objects.get(), "examples.处理权限").rows[-1]
    assert added[3] == "店长"
    assert actions.examine(Revision.objects.get().text).errors == []
    ruling.pk, ruling.unit = None, people.north
    ruling.save(force_insert=True)
    unseen = client.post(url("add_example", draft), {**sent, "ruling": ruling.pk, "seen": 1})
    assert unseen.status_code == 404
    assert Revision.objects.get().revision == 1


# ---- a new manual


def test_a_new_manual_begins_from_pasted_text_and_mistakes_are_said_at_the_field(people):
    client = browser(people.manager)
    address = reverse("manuals:new_draft")

    assert client.get(address).status_code == 200
    nameless = client.post(address, {"title": "", "text": ""})
    broken = client.post(address, {"upload": SimpleUploadedFile("a.docx", b"no word file")})
    elsewhere = client.post(address, {"title": "礼品管理规定", "install_at": people.north.pk})
    begun = client.post(address, {"title": "礼品管理规定", "install_at": people.south.pk})

    assert "data-errors" in nameless.content.decode()
    assert "data-errors" in broken.content.decode()
    assert "data-errors" in elsewhere.content.decode()
    assert Revision.objects.get().install_at == people.south
    assert begun["Location"] == url("edit", Revision.objects.get())
    page = client.get(begun["Location"]).content.decode()
    assert "礼品管理规定" in page


def test_what_a_word_file_leaves_to_the_person_stays_beside_the_draft(people):
    client = browser(people.manager)
    word = SimpleUploadedFile("member-complaints.docx", WORD.read_bytes())

    begun = client.post(reverse("manuals:new_draft"), {"title": "", "upload": word})

    for _again in range(2):  # not a message that is gone with the next page
        notes = client.get(begun["Location"]).context["notes"]
        assert (
            "第25行的表像判定表：可在上面加“@判定 按金额 命中=首行”，结论列的表头写成“→ …”，再加一列“条款”"
            in notes
        )
        assert "第36行的表有合并的单元格，已在每一格里重复写上，请核对" in notes


def test_what_the_clipboard_holds_comes_back_as_rows(people):
    answer = browser(people.manager).post(
        reverse("manuals:pasted"), "1\t无\n2\t安全", content_type="text/plain"
    )

    assert answer.json() == {"rows": [["1", "无"], ["2", "安全"]]}
