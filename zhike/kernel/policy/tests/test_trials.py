"""Examples with what came out, and a figure as a bar of stretches."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from zhike.kernel.policy.editing.segments import Segment, segments
from zhike.kernel.policy.editing.trials import example_results
from zhike.kernel.policy.evaluate.examples import run_examples
from zhike.kernel.policy.evaluate.given import BadFact
from zhike.kernel.policy.manual.overlay import with_values
from zhike.kernel.policy.manual.reader import read

from .declared import QUESTIONS
from .texts import decision, manual, params

FOLDER = Path(__file__).parent / "manuals"
TEXT = (FOLDER / "mall-complaints.md").read_text(encoding="utf-8")
MALL = read(TEXT, questions=QUESTIONS)


def test_every_example_is_told_with_what_came():
    results = example_results(MALL)

    assert [result.passed for result in results] == [True] * len(results)
    first = results[0]
    assert (first.table, first.row, first.expected, first.came, first.message) == (
        "处理权限",
        1,
        {"处理人": "客服经理"},
        {"处理人": "客服经理"},
        "",
    )
    assert first.given == {"货值": "1999.99", "情形": "无", "被投诉人": "未知"}
    assert TEXT.split("\n")[first.line - 1].startswith("| 1999.99 |")


def test_an_example_that_does_not_come_out_says_so():
    text = TEXT.replace("| 店长起点 | 2000元 |", "| 店长起点 | 1500元 |")
    found = read(text, questions=QUESTIONS)

    wrong = [result for result in example_results(found) if not result.passed]

    assert [(result.row, result.came["处理人"]) for result in wrong] == [(1, "店长")]
    assert wrong[0].message == run_examples(found)[0].message


def test_nothing_ruled_is_told_as_such():
    text = "\n".join(line for line in TEXT.split("\n") if "| 客服主管 | 三(五)3 |" not in line)

    wrong = [result for result in example_results(read(text, questions=QUESTIONS)) if not result.passed]

    assert [(result.row, result.came["处理人"]) for result in wrong] == [(4, "没有规定")]


def test_examples_that_cannot_be_compared_are_neither_right_nor_wrong():
    mfg = read((FOLDER / "mfg-complaints.md").read_text(encoding="utf-8"), questions=QUESTIONS)
    broken = read(TEXT.replace("| >= 店长起点 |", "| >= 两千 |"), questions=QUESTIONS)

    assert {result.passed for result in example_results(mfg)} == {None}
    assert "没有日历" in example_results(mfg)[0].message
    assert {result.message for result in example_results(broken)} == {"判定表“处理权限”有错误，示例没有核对"}
    assert example_results(with_values(MALL, {"店长起点": "1500元"})) == []


# --- stretches


def test_a_figure_is_shown_as_stretches_with_names_of_parameters():
    table = MALL.decision("处理权限")
    assert table

    assert segments(MALL, table, "货值") == [
        Segment(Decimal(0), Decimal(500), "[0..经理起点)", "客服主管", 8),
        Segment(Decimal(500), Decimal(2000), "[经理起点..店长起点)", "客服经理", 5),
        Segment(Decimal(2000), None, ">= 店长起点", "店长", 1),
    ]


def test_other_facts_may_be_given():
    table = MALL.decision("处理权限")
    assert table

    found = segments(MALL, table, "货值", {"情形": ["安全"]})

    assert [(part.text, part.outcome) for part in found] == [
        ("[0..店长起点)", "店长"),
        (">= 店长起点", "店长"),
    ]
    with pytest.raises(BadFact, match="没有取值"):
        segments(MALL, table, "货值", {"情形": ["安"]})


def test_what_is_not_ruled_is_an_empty_stretch():
    text = "\n".join(line for line in TEXT.split("\n") if "| 客服主管 | 三(五)3 |" not in line)
    found = read(text, questions=QUESTIONS)
    table = found.decision("处理权限")
    assert table

    first = segments(found, table, "货值")[0]

    assert (first.text, first.outcome, first.row) == ("[0..经理起点)", "", None)


def test_whole_numbers_points_and_overlaps():
    front = "facts:\n  次数: int"
    found = manual(decision("次数 | → 谁", "1 | 甲", "[2..4] | 乙", "> 3 | 丙", hit="唯一"), front=front)

    assert [(part.text, part.outcome) for part in segments(found, found.decisions[0], "次数")] == [
        ("1", "甲"),
        ("[2..3]", "乙"),
        ("4", ""),
        ("> 4", "丙"),
    ]


def test_tables_that_collect_name_all_outcomes():
    found = manual(
        params("上 | 10 | -") + decision("数 | → 谁", "> 5 | 甲", "> 上 | 乙", hit="收集"),
        front="facts:\n  数: number",
    )

    assert [(part.text, part.outcome, part.row) for part in segments(found, found.decisions[0], "数")] == [
        ("[0..5]", "", None),
        ("(5..上]", "甲", 1),
        ("> 上", "甲、乙", None),
    ]


def test_inputs_without_figures_and_broken_tables_have_no_bar():
    table = MALL.decision("处理权限")
    assert table
    broken = manual(decision("数 | → 谁", ">= 五 | 甲"), front="facts:\n  数: number")

    assert segments(MALL, table, "被投诉人") == []
    assert segments(MALL, table, "没有") == []
    assert segments(broken, broken.decisions[0], "数") == []
