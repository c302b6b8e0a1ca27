"""Drafts: begun, saved, accepted, dropped; two people at once; what a draft never touches (S001-046)."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from typing import Any

import pytest
from django.core.serializers import serialize

from zhike.kernel.audit.models import Entry
from zhike.kernel.policy.editing.grids import grids_of
from zhike.kernel.policy.models import Installation, ManualVersion, Ruling, UnitValues
from zhike.manuals import actions
from zhike.manuals.models import Revision
from zhike.people.tests.factories import MONDAY, cast

pytestmark = pytest.mark.django_db
MALL = resources.files("zhike.manuals").joinpath("library/mall-complaints.md").read_text("utf-8")
MINUTE = dt.timedelta(minutes=1)
LAST = "| - | - | - | 客服主管 | 三(五)3 | 其余 |\n"


@pytest.fixture
def people() -> Any:
    found = cast()
    version = ManualVersion.objects.create(
        key="mall-complaints",
        title="商场顾客投诉处理规定",
        number=1,
        text=MALL,
        digest="1",
        state="PUBLISHED",
        effective_on="2025-01-01",
        published_at=MONDAY,
    )
    Installation.objects.create(unit=found.mall, key=version.key, installed_at=MONDAY)
    return found


def begun(people: Any, **more: Any) -> Revision:
    return actions.begin(**{"key": "mall-complaints", "by": people.manager.party, "now": MONDAY, **more})


def saved(people: Any, draft: Revision, text: str, *, now: dt.datetime = MONDAY, by: Any = None) -> Revision:
    party = (by or people.manager).party
    return actions.save_text(revision=draft, seen=draft.revision, text=text, by=party, now=now)


def table_of(text: str, key: str) -> Any:
    kind, name = key.split(".")
    return next(grid for grid in grids_of(text) if (grid.kind, grid.name) == (kind, name))


def untouched() -> str:
    """Everything a running case rests on."""
    return "".join(
        serialize("json", m.objects.order_by("pk")) for m in (ManualVersion, Installation, UnitValues, Ruling)
    )


def codes() -> list[str]:
    return list(
        Entry.objects.filter(code__startswith="manuals.").order_by("id").values_list("code", flat=True)
    )


# ---- begin


def test_a_draft_begins_from_the_newest_version_with_the_next_number_and_without_a_day(people):
    draft = begun(people)

    assert (draft.state, draft.base.number, draft.revision) == ("DRAFT", 1, 0)
    assert actions.front_value(draft.text, "version") == "2"
    assert actions.front_value(draft.text, "effective") == ""
    assert actions.with_front(draft.text, version="1", effective="2025-01-01") == MALL
    assert codes() == ["manuals.draft_begun"]


def test_the_number_goes_past_a_version_that_was_withdrawn(people):
    ManualVersion.objects.create(
        key="mall-complaints", title="-", number=2, text=MALL, digest="2", state="WITHDRAWN",
        effective_on="2026-01-01", published_at=MONDAY,
    )  # fmt: skip

    draft = begun(people)

    assert (draft.base.number, actions.front_value(draft.text, "version")) == (1, "3")


def test_a_second_draft_of_the_same_manual_is_refused_with_who_has_it(people):
    first = begun(people)

    with pytest.raises(actions.CannotDraft, match=people.manager.party.name) as refusal:
        begun(people, by=people.administrator.party)

    assert refusal.value.open == first
    assert Revision.objects.count() == 1


def test_after_dropping_another_may_begin(people):
    first = begun(people)

    actions.drop(revision=first, seen=0, by=people.manager.party, now=MONDAY)

    assert begun(people).pk != first.pk
    assert Revision.objects.get(pk=first.pk).text


def test_a_manual_that_was_never_published_cannot_be_revised(people):
    with pytest.raises(actions.CannotDraft):
        begun(people, key="nothing")


def test_a_new_manual_begins_empty_from_a_title_or_from_a_text(people):
    empty = actions.begin_new(text="", title="礼品管理规定", by=people.manager.party, now=MONDAY)
    pasted = actions.begin_new(text=MALL, key="gifts", by=people.manager.party, now=MONDAY)

    assert (empty.key, empty.base) == ("house-1", None)
    assert "# 礼品管理规定" in empty.text
    assert actions.examine(empty.text).errors == []
    assert actions.front_value(pasted.text, "manual") == "gifts"
    assert actions.front_value(pasted.text, "effective") == ""


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"text": MALL}, "mall-complaints"),
        ({"text": "", "title": ""}, "标题"),
        ({"text": "", "title": "x", "key": "商场"}, "商场"),
    ],
)
def test_a_new_manual_needs_a_free_key_and_a_title(people, given, word):
    from django.utils.translation import override

    with override("zh-hans"), pytest.raises(actions.CannotDraft) as refusal:
        actions.begin_new(**given, by=people.manager.party, now=MONDAY)

    assert word in str(refusal.value) or "title" in str(refusal.value)
    assert Revision.objects.count() == 0


# ---- save


def test_a_table_is_saved_over_its_lines_and_nothing_else(people):
    draft = begun(people)
    grid = table_of(draft.text, "params.金额")
    rows = [list(row) for row in grid.rows]
    rows[0][1] = "1500元"

    draft = actions.save_table(
        revision=draft, seen=0, line=grid.line, labels=[c.label for c in grid.columns], rows=rows,
        by=people.manager.party, now=MONDAY,
    )  # fmt: skip

    before, after = actions.with_front(MALL, version="2", effective=None).split("\n"), draft.text.split("\n")
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        ("| 店长起点 | 2000元 | [1500..2500] | 三(五)1 |", "| 店长起点 | 1500元 | [1500..2500] | 三(五)1 |")
    ]
    assert draft.revision == 1


def test_somebody_elses_save_in_between_is_one_sentence_and_changes_nothing(people):
    mine = begun(people)
    theirs = saved(people, Revision.objects.get(pk=mine.pk), mine.text + "\n乙", by=people.administrator)
    grid = table_of(mine.text, "params.金额")

    with pytest.raises(actions.SavedMeanwhile, match=people.administrator.party.name):
        saved(people, mine, mine.text + "\n甲")
    with pytest.raises(actions.SavedMeanwhile) as refusal:
        actions.save_table(
            revision=mine, seen=0, line=grid.line, labels=[c.label for c in grid.columns], rows=grid.rows,
            by=people.manager.party, now=MONDAY,
        )  # fmt: skip

    assert refusal.value.now.revision == 1
    assert Revision.objects.get().text == theirs.text


@pytest.mark.parametrize("line", ["manual: other", "version: 9", "effective: 2020-01-01"])
def test_the_lines_that_say_which_manual_which_version_and_from_when_are_not_typed(people, line):
    draft = begun(people)
    name, _colon, value = line.partition(": ")

    with pytest.raises(actions.CannotSave):
        saved(people, draft, actions.with_front(draft.text, **{name: value}))

    assert Revision.objects.get().revision == 0


def test_a_table_that_is_gone_is_one_sentence(people):
    draft = begun(people)

    with pytest.raises(actions.CannotSave):
        actions.save_table(
            revision=draft, seen=0, line=1, labels=["a"], rows=[["b"]], by=people.manager.party, now=MONDAY
        )


def test_the_prose_of_a_clause_is_written_over_its_lines(people):
    draft = begun(people)
    line = draft.text.split("\n").index("投诉分为商品、服务、安全三类，共十四项。") + 1

    draft = actions.save_prose(
        revision=draft,
        seen=0,
        first=line,
        last=line,
        prose="分三类。\n共十四项。\n",
        by=people.manager.party,
        now=MONDAY,
    )

    assert "\n分三类。\n共十四项。\n" in draft.text


def test_a_sitting_of_one_person_is_one_row_of_the_trail(people):
    draft = begun(people)

    draft = saved(people, draft, draft.text + "\n一", now=MONDAY + MINUTE)
    draft = saved(people, draft, draft.text + "\n二", now=MONDAY + 2 * MINUTE)
    assert codes() == ["manuals.draft_begun"]
    draft = saved(people, draft, draft.text + "\n三", now=MONDAY + 13 * MINUTE)
    draft = saved(people, draft, draft.text + "\n四", now=MONDAY + 14 * MINUTE, by=people.administrator)
    saved(people, draft, draft.text + "\n五", now=MONDAY + 15 * MINUTE, by=people.administrator)

    assert codes() == ["manuals.draft_begun", "manuals.draft_saved", "manuals.draft_saved"]


def test_a_draft_under_review_is_not_changed(people):
    draft = begun(people)
    Revision.objects.update(state="ASKED", asked_at=MONDAY)

    with pytest.raises(actions.CannotSave):
        saved(people, draft, draft.text + "\n")
    with pytest.raises(actions.CannotSave):
        actions.drop(revision=draft, seen=0, by=people.manager.party, now=MONDAY)


def test_a_day_in_the_past_is_refused_and_today_is_not(people):
    draft = begun(people)
    today = dt.date(2026, 3, 9)
    same: dict[str, Any] = {"by": people.manager.party, "now": MONDAY}

    with pytest.raises(actions.CannotSave):
        actions.set_day(revision=draft, seen=0, day=today - dt.timedelta(days=1), **same)
    draft = actions.set_day(revision=draft, seen=0, day=today, **same)

    assert (draft.effective_on, actions.front_value(draft.text, "effective")) == (today, today.isoformat())
    draft = actions.set_day(revision=draft, seen=1, day=None, **same)
    assert (draft.effective_on, actions.front_value(draft.text, "effective")) == (None, "")


# ---- gaps, examples, files


def gap_of(draft: Revision) -> Any:
    return next(found for found in actions.examine(draft.text).gaps if found.table == "处理权限")


def test_a_gap_is_accepted_by_name_with_a_reason_and_taken_back(people):
    draft = begun(people)
    draft = saved(people, draft, draft.text.replace(LAST, ""))
    same: dict[str, Any] = {"by": people.manager.party, "now": MONDAY}

    with pytest.raises(actions.CannotSave):
        actions.accept(revision=draft, seen=1, finding=gap_of(draft), reason="  ", **same)
    draft = actions.accept(revision=draft, seen=1, finding=gap_of(draft), reason="由门店口头约定", **same)

    (row,) = draft.accepted
    assert (row["table"], row["reason"], row["name"]) == (
        "处理权限",
        "由门店口头约定",
        people.manager.party.name,
    )
    draft = actions.take_back(revision=draft, seen=2, table=row["table"], message=row["message"], **same)
    assert draft.accepted == []
    assert codes()[-2:] == ["manuals.gap_accepted", "manuals.gap_reopened"]


def test_an_error_is_not_accepted(people):
    draft = begun(people)
    draft = saved(people, draft, draft.text.replace("三(五)3 | 其余", "三(九) | 其余"))
    error = actions.examine(draft.text).errors[0]

    with pytest.raises(actions.CannotSave):
        actions.accept(revision=draft, seen=1, finding=error, reason="x", by=people.manager.party, now=MONDAY)


def test_an_example_is_added_to_its_table_and_a_table_of_examples_is_made(people):
    draft = begun(people)
    same: dict[str, Any] = {"by": people.manager.party, "now": MONDAY}

    draft = actions.add_example(
        revision=draft, seen=0, table="处理权限", cells={"货值": "1500", "→ 处理人": "店长"}, **same
    )
    draft = actions.add_example(revision=draft, seen=1, table="推定情形", cells={}, **same)

    assert table_of(draft.text, "examples.处理权限").rows[-1] == ("1500", "", "", "店长")
    assert len(table_of(draft.text, "examples.推定情形").rows) == 1
    with pytest.raises(actions.CannotSave):
        actions.add_example(revision=draft, seen=2, table="没有", cells={}, **same)


def test_a_workbook_comes_back_with_what_changed(people):
    from io import BytesIO

    from openpyxl import load_workbook

    from zhike.kernel.policy.editing.excel import to_workbook

    draft = begun(people)
    data = to_workbook(draft.text, key=draft.key, version=actions.workbook_version(draft))
    book = load_workbook(BytesIO(data))
    sheet = next(one for one in book if "金额" in str(one["A1"].value))
    sheet["B3"].value = "1500元"
    out = BytesIO()
    book.save(out)
    same: dict[str, Any] = {"by": people.manager.party, "now": MONDAY}

    assert actions.merge_workbook(revision=draft, seen=0, data=data, **same) == []
    assert draft.revision == 0
    changed = actions.merge_workbook(revision=draft, seen=0, data=out.getvalue(), **same)

    assert len(changed) == 1
    assert "| 店长起点 | 1500元 |" in Revision.objects.get().text
    with pytest.raises(actions.CannotMerge) as refusal:
        actions.merge_workbook(revision=draft, seen=1, data=b"no workbook", **same)
    assert len(refusal.value.problems) == 1


# ---- what a draft never touches


def test_drafting_saving_accepting_and_dropping_leave_versions_installations_and_rulings_alone(people):
    before = untouched()
    same: dict[str, Any] = {"by": people.manager.party, "now": MONDAY}

    draft = begun(people)
    draft = saved(people, draft, draft.text.replace(LAST, ""))
    draft = actions.accept(revision=draft, seen=1, finding=gap_of(draft), reason="暂不规定", **same)
    draft = actions.set_day(revision=draft, seen=2, day=dt.date(2030, 1, 1), **same)
    draft = saved(
        people, draft, "---\nmanual: mall-complaints\nversion: 2\neffective: 2030-01-01\n---\n乱写 | | @\n"
    )
    actions.drop(revision=draft, seen=4, **same)

    assert untouched() == before
