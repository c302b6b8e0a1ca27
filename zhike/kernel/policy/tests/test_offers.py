"""The row that is offered closes the gap it is offered for, and breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhike.kernel.policy.check.tables import decision_findings
from zhike.kernel.policy.editing.grids import grid_at, with_table
from zhike.kernel.policy.editing.offers import Offer, missing_rows
from zhike.kernel.policy.manual.model import DecisionTable, Hit, Level, Manual
from zhike.kernel.policy.manual.reader import read

from .declared import QUESTIONS
from .random_tables import CELLS, FACTS, HEADER, LISTS
from .texts import decision, manual, params, words

LIBRARY = sorted((Path(__file__).parents[3] / "manuals" / "library").glob("*.md"))
MALL = (Path(__file__).parent / "manuals" / "mall-complaints.md").read_text(encoding="utf-8")


def applied(found: Manual, table: DecisionTable, offers: list[Offer]) -> Manual:
    """The manual with the rows offered, outcomes and clause as a person fills them in."""
    grid = grid_at(found.source, table.line)
    rows = [list(row) for row in grid.rows]
    for offer in offers:
        last = rows[-1]
        rows.append(
            [
                last[n] if column.role in ("outcome", "clause") else cell
                for n, (column, cell) in enumerate(zip(grid.columns, offer.cells, strict=True))
            ]
        )
    text = with_table(found.source, table.line, [column.label for column in grid.columns], rows)
    return read(text, questions=found.questions)


def by_level(found: Manual, table: DecisionTable, level: Level) -> list[str]:
    again = found.decision(table.name)
    assert again
    return [f.message for f in (*found.findings, *decision_findings(again, found)) if f.level is level]


def assert_offers_close_their_gaps(found: Manual, table: DecisionTable) -> int:
    offers = missing_rows(found, table)
    errors = by_level(found, table, Level.ERROR)
    messages = dict.fromkeys(offer.finding.message for offer in offers)
    for message in messages:
        mine = [offer for offer in offers if offer.finding.message == message]
        after = applied(found, table, mine)
        assert message not in by_level(after, table, Level.GAP), (message, mine)
        assert by_level(after, table, Level.ERROR) == errors, mine
    return len(messages)


def without_row(found: Manual, table: DecisionTable, row: int) -> Manual:
    lines = found.source.split("\n")
    del lines[table.rows[row].line - 1]
    return read("\n".join(lines), questions=found.questions)


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_a_row_taken_out_of_a_shipped_table_is_offered_again(file):
    found = read(file.read_text(encoding="utf-8"))
    for table in found.decisions:
        if table.hit is Hit.COLLECT or len(table.rows) == 1:
            continue
        for row in {0, len(table.rows) // 2, len(table.rows) - 1}:
            less = without_row(found, table, row)
            again = less.decision(table.name)
            assert again
            assert_offers_close_their_gaps(less, again)


@settings(max_examples=25, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=4), st.sampled_from(["首行", "最高", "唯一"]))
def test_offers_close_gaps_of_random_tables(rows, hit):
    body = decision(HEADER, *(" | ".join(row) for row in rows), hit=hit)

    found = manual(LISTS + body, front=FACTS)
    assert_offers_close_their_gaps(found, found.decisions[0])


def test_the_offer_names_parameters_and_asks_no_more_than_it_must():
    lines = [line for line in MALL.split("\n") if "| 客服主管 | 三(五)3 |" not in line]
    found = read("\n".join(lines), questions=QUESTIONS)
    table = found.decision("处理权限")
    assert table

    (offer,) = missing_rows(found, table)

    assert offer.finding.message == (
        "没有规定 —— 货值 [0..500) 或 未知，且 被投诉人 未知，且 情形不含“食物中毒、变质过期食品”等9项"
    )
    assert offer.cells == ("[0..经理起点)、未知", "-", "-", "", "")
    assert assert_offers_close_their_gaps(found, table) == 1


def test_a_unique_table_is_offered_the_gap_alone():
    body = words("甲乙", "甲", "乙") + params("起点 | 100 | -")
    body += decision("数额 | 甲乙 | → 谁", ">= 起点 | - | 张", "< 起点 | 甲 | 李", hit="唯一")
    found = manual(body)

    (offer,) = missing_rows(found, found.decisions[0])

    assert offer.cells == ("[0..起点)", "乙", "", "")


@pytest.mark.parametrize(
    ("known", "cells"),
    [("丁", ["!= 丁、未知"]), ("丁、戊", ["not(丁、戊)", "未知"])],
)
def test_a_gap_that_no_single_cell_can_say_is_offered_in_two_rows(known, cells):
    body = decision("词 | → 谁", "not(未知) | 张", "未知 | 张", name="一", hit="唯一")
    body += decision("词 | → 他", f"{known} | 张", name="二", hit="唯一")
    body += decision("词 | → 她", "not(甲) | 张", "甲、未知 | 张", name="三", hit="唯一")
    found = manual(body, front="facts:\n  词: enum?")
    table = found.decision("二")
    assert table

    offers = missing_rows(found, table)

    assert [offer.cells[0] for offer in offers] == cells
    assert assert_offers_close_their_gaps(found, table) == 1


def test_tables_that_may_be_silent_or_cannot_be_read_are_offered_nothing():
    silent = manual(decision("数额 | → 谁", "> 5 | 张", hit="收集"))
    broken = manual("@判定 表\n\n| 数额 | 条款 |\n|---|---|\n| 5 | 一 |\n")

    assert missing_rows(silent, silent.decisions[0]) == []
    assert missing_rows(broken, broken.decisions[0]) == []
