"""The reader: clauses, tables as a reader reads them, versions, source, search and paper."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils.translation import override

from zhike.kernel import clock
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.records.typesetting import typeset
from zhike.kernel.search.models import Document
from zhike.manuals import actions, printing, queries
from zhike.manuals.queries._words import Speech, figure
from zhike.people.tests.factories import MONDAY, cast

from .shelf import published, returns, shipped

DAY = dt.date(2026, 3, 9)


@pytest.fixture
def people(db):
    inforce.forget()
    with clock.at(MONDAY):
        yield cast()


def signed_in(user, language="zh-hans"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def dressed(version, *, english=False, values=None):
    manual = inforce.manual_of(version.pk)
    dresser = queries.Dresser(manual, english=english, values=values)
    return {one.key: dresser.dress(one) for one in queries.sections_of(manual)}


def test_clauses_are_cut_with_number_name_and_anchor(people):
    sections = queries.sections_of_version(published(people))

    assert [(one.number, one.name, one.depth, one.anchor) for one in sections] == [
        ("", "退货办法", 1, "c-退货办法"),
        ("一", "受理", 2, "c-一"),
        ("二", "期限", 2, "c-二"),
        ("二(一)", "由谁处理", 3, "c-二(一)"),
    ]
    assert [one.covers for one in sections] == [["退货办法"], ["一"], ["二", "二(一)"], ["二(一)"]]


def test_prose_is_set_with_wide_marks_and_numbers_of_clauses_stay(people):
    text, items = dressed(published(people))["一"]

    assert text.block.text == "谁遇到退货谁受理（先登记，后处理），三(五)1 不在此列。"
    assert (items.kind, items.block.ordered, items.block.items) == (
        "items",
        True,
        ["收下商品；", "开具单据。"],
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("期限为暂定,见三(五)1;附件(暂定)另发", "期限为暂定，见三(五)1；附件（暂定）另发"),
        ("1,500 yuan (net)", "1,500 yuan (net)"),
        ("满意度(1到5)不高于它的", "满意度（1到5）不高于它的"),
    ],
)
def test_typeset(typed, shown):
    assert typeset(typed) == shown


@pytest.mark.parametrize(
    ("text", "english", "shown"),
    [
        ("2000元", False, "2,000 元"),
        ("[1500..2500]", False, "1,500 至 2,500"),
        ("1工作日", True, "1 working day"),
        ("[1工作日..3工作日]", True, "1 working day to 3 working days"),
        ("30%", False, "30%"),
    ],
)
def test_figures_are_said_in_words(text, english, shown):
    assert figure(text, english=english) == shown


def test_a_decision_shows_figures_outcomes_and_what_does_not_matter(people):
    table, examples = dressed(published(people))["二(一)"]

    assert table.name == "退货权限"
    assert table.head == [("货值", "in"), ("→ 处理人", "out"), ("说明", "note")]
    assert [[cell.text for cell in line.cells] for line in table.lines] == [
        ["≥ 店长起点", "店长", ""],
        ["不限", "主管", "其余"],
    ]
    assert [part.param for part in table.lines[0].cells[0].parts] == ["", "店长起点"]
    assert [(one.name, one.value) for one in table.figures] == [("店长起点", "2,000 元")]
    assert (examples.kind, len(examples.lines)) == ("examples", 1)


def test_readers_of_english_read_the_words_in_english(people):
    with override("en"):
        table, _examples = dressed(published(people), english=True)["二(一)"]

    assert table.note == "by 货值 · the first row that matches decides"
    assert [line.cells[1].text for line in table.lines] == ["Store manager", "Supervisor"]
    assert table.lines[1].cells[0].text == "any"


def test_the_value_of_the_readers_own_unit_stands_beside_that_of_the_manual(people):
    version = published(people)

    figures = dressed(version, values={"店长起点": "1600元"})["二"][1].figures

    assert [(one.value, one.own, one.bound, one.note) for one in figures] == [
        ("2,000 元", "1,600 元", "1,500 至 2,500", "暂定")
    ]


def test_a_vocabulary_is_a_line_of_words_with_notes(people):
    words = dressed(published(people))["二"][0]

    assert (words.kind, words.groups) == ("words", [("", [("店长", "最高"), ("主管", "")])])


def test_levels_of_escalation_are_sentences(people):
    text = shipped("mall-complaints")
    version = actions.publish(text=text, by=None, now=MONDAY, accept="试用", roles=["接待人", "处理人"])

    with override("en"):
        ladder = next(one for one in dressed(version, english=True)["三(二)"] if one.kind == "ladder")

    assert ladder.groups == [
        ("30 min before it is due", [("remind the person in charge", "")]),
        ("1 h late", [("remind the superior", "")]),
        ("1 working day late", [("report to Store manager", "")]),
    ]


def test_the_page_of_the_reader(people):
    version = published(people)

    page = signed_in(people.employee).get(f"/manuals/{version.pk}/").content.decode()

    assert 'id="c-二(一)"' in page
    assert "≥ <a" in page.replace("</span>", "").replace('<span class="k">', "")
    assert "How goods come back" not in page


def test_a_figure_explains_itself_in_the_popover(people):
    version = published(people)
    actions.set_parameters(
        key="returns",
        unit=people.south,
        values={"店长起点": "1600元"},
        by=people.administrator.party,
        now=MONDAY,
    )

    page = signed_in(people.taker).get(f"/manuals/{version.pk}/figures/店长起点/").content.decode()

    assert "店长起点 · 1,600 元" in page
    assert "2,000 元" in page


def test_the_source_has_numbered_lines_and_can_be_taken_away(people):
    version = published(people)
    client = signed_in(people.employee)

    page = client.get(f"/manuals/{version.pk}/source/").content.decode()
    file = client.get(f"/manuals/{version.pk}/source/?download=1")

    assert 'id="L3"' in page
    assert file.content.decode() == version.text
    assert file["Content-Type"] == "text/markdown; charset=utf-8"


def test_a_coming_version_is_named_at_the_clauses_it_changes(people):
    version = published(people)
    later = published(people, number=2, effective="2026-10-08", limit="1500")

    assert queries.coming(version, DAY) == {"二": later}
    assert queries.coming(version, dt.date(2026, 10, 8)) == {}


def test_how_a_clause_read_before(people):
    first = published(people)
    second = published(people, number=2, effective="2026-10-08", limit="1500")

    wordings = queries.wordings(second, "二")

    assert [(one.version, one.change) for one in wordings] == [(second, "changed"), (first, "")]
    assert "<del>2000</del><ins>1500</ins>" in wordings[0].text
    assert [one.change for one in queries.wordings(second, "一")] == [""]
    latest = queries.editions(second.key, dt.date(2026, 10, 8))[0]
    assert latest.version == second
    assert latest.meaning
    assert not [line for line in latest.meaning if line.startswith(("版本", "生效日期"))]


def test_an_earlier_wording_is_shown_without_the_marks_of_its_source():
    source = "处理权限\n@判定 权限 回答=complaint.authority 命中=最高\n\n| 货值 | 情形 | → 处理人 |\n|---|---|---|\n| >= 500 | - | 店长 |"

    assert queries.readable(source) == (
        "处理权限\n【判定 权限 命中=最高】\n货值 · 情形 · → 处理人\n>= 500 · — · 店长"
    )
    words = "@清单 处理人\n| 名称 | 代码 | 说明 |\n|---|---|---|\n| 店长 | STORE_MANAGER | 级别最高 |"
    assert queries.readable(words) == "【清单 处理人】\n名称 · 说明\n店长 · 级别最高"


def test_the_page_of_versions_says_what_each_changed(people):
    published(people)
    published(people, number=2, effective="2026-10-08", limit="1500")

    editions = queries.editions("returns", DAY)

    assert [(one.version.number, one.state, one.until) for one in editions] == [
        (2, "coming", None),
        (1, "force", dt.date(2026, 10, 8)),
    ]
    assert any("1500" in line for line in editions[0].meaning)
    assert editions[1].meaning == []


def test_marks_are_escaped():
    assert queries.differences("<b>", "<i>") == "&lt;<del>b</del><ins>i</ins>&gt;"
    assert queries.marked("<退货>办法", ["退货"]) == "&lt;<mark>退货</mark>&gt;办法"


# ---- search


def test_two_characters_of_a_clause_are_found_in_what_is_in_force(people):
    version = published(people)
    published(people, number=2, effective="2026-10-08")

    found = queries.clauses_found("单据", DAY)

    assert [(one.version, one.section.number) for one in found] == [(version, "一")]
    assert found[0].marked_excerpt.count("<mark>单据</mark>") == 1
    assert found[0].url == f"/manuals/{version.pk}/#c-一"


def test_the_newest_version_is_found_from_its_day_on(people):
    published(people)
    later = published(people, number=2, effective="2026-10-08")

    assert [one.version for one in queries.clauses_found("单据", dt.date(2026, 10, 8))] == [later]


def test_a_withdrawn_version_is_not_found(people):
    version = published(people)
    version.state = version.State.WITHDRAWN
    version.save(update_fields=["state"])

    assert queries.clauses_found("单据", DAY) == []


def test_indexing_again_writes_nothing(people):
    version = published(people)

    assert Document.objects.filter(subject_label="manuals.Clause").count() == 4
    assert actions.make_findable(version) == 0


def test_what_was_published_before_clauses_were_indexed_is_found_without_reading_texts(
    people, django_assert_num_queries
):
    published(people)
    older = published(people, number=2, effective="2026-10-08")
    Document.objects.filter(subject_label="manuals.Clause", subject_id__gte=older.pk * 4096).delete()

    with django_assert_num_queries(2):
        missing = queries.not_indexed()

    assert missing == [older]
    assert actions.make_findable(older) == 4
    assert queries.not_indexed() == []


def test_search_pages_lead_to_the_clause(people):
    version = published(people)
    client = signed_in(people.employee)

    page = client.get("/manuals/search/?q=单据").content.decode()
    everywhere = client.get("/search/?q=单据").content.decode()

    assert f"/manuals/{version.pk}/?q=%E5%8D%95%E6%8D%AE#c-一" in page
    assert f"/manuals/{version.pk}/#c-一" in everywhere


# ---- paper


@pytest.mark.parametrize("english", [False, True])
def test_the_regulation_on_paper_is_a_pdf(people, english):
    version = published(people)

    with override("en" if english else "zh-hans"):
        laid = printing.laid_out(version, day=DAY, english=english)
        file = printing.book(version, now=MONDAY, day=DAY, english=english)

    assert [one["number"] for one in laid["clauses"]] == ["", "一", "二", "二(一)"]
    assert [row[1:] for row in laid["signs"]] == [["", ""]] * 3
    assert file.startswith(b"%PDF-")


def test_the_paper_opens_from_the_button(people):
    version = published(people)

    answer = signed_in(people.employee).get(f"/manuals/{version.pk}/print/")

    assert answer["Content-Type"] == "application/pdf"


def test_the_small_regulation_is_without_errors():
    assert actions.examine(returns()).errors == []


def test_a_figure_in_a_sentence_is_read_as_its_value():
    manual = read(shipped("mall-complaints"))
    speech, english = Speech(manual, english=False), Speech(manual, english=True)
    promise = "收到投诉后{答复期限}内给出答复"

    assert [(part.text, part.param) for part in speech.test(promise)] == [
        ("收到投诉后", ""), ("3 工作日", "答复期限"), ("内给出答复", ""),
    ]  # fmt: skip
    assert "".join(part.text for part in english.test(promise)) == (
        "Every complaint is answered within 3 working days"
    )


def test_a_figure_has_an_english_name_where_the_regulation_gives_one():
    text = "---\nmanual: m\ntitle: 规定\nversion: 1\neffective: 2025-01-01\n---\n\n# 规定\n\n## 一、限额\n\n@参数 限额\n\n"
    text += "| 名称 | 英文 | 值 | 单位可改 | 条款 |\n|---|---|---|---|---|\n| 起点 | Threshold | 500元 | - | 一 |\n| 上限 | | 900元 | - | 一 |\n"
    manual = read(text)

    assert [param.en for param in manual.params.values()] == ["Threshold", ""]
    assert [Speech(manual, english=True).word(name) for name in manual.params] == ["Threshold", "上限"]
    assert [part.text for part in Speech(manual, english=True).test(">= 起点")] == ["≥ ", "Threshold"]
    assert Speech(manual, english=False).word("起点") == "起点"
