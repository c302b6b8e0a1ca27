"""Rulings: hit policies, the null rule, chains, derived facts, parameters of a unit, distances from today."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from zhike.kernel.policy.evaluate.branches import NoWay, next_stage
from zhike.kernel.policy.evaluate.deciding import CannotDecide, decide, decide_all
from zhike.kernel.policy.evaluate.program import Program, mask_of, tag_bits
from zhike.kernel.policy.manual.reader import read

from .declared import QUESTIONS
from .texts import decision, errors, manual, params, words

MANUALS = Path(__file__).parent / "manuals"
TODAY = dt.date(2025, 3, 10)


def mall(questions=QUESTIONS):
    return read((MANUALS / "mall-complaints.md").read_text(encoding="utf-8"), questions=questions)


@pytest.mark.rule("T001-01")
@pytest.mark.parametrize(
    ("value", "circumstances", "accused", "handler", "clause", "row", "also"),
    [
        ("1999.99", (), None, "客服经理", "三(五)2", 5, (8,)),
        ("2000.00", (), None, "店长", "三(五)1", 1, (8,)),
        ("500.00", (), None, "客服经理", "三(五)2", 5, (8,)),
        ("499.99", (), None, "客服主管", "三(五)3", 8, ()),
        ("100", ("变质过期食品",), None, "店长", "三(五)1", 2, (8,)),
        ("100", ("食物中毒",), None, "店长", "三(五)1", 2, (8,)),
        ("100", ("安全",), None, "店长", "三(五)1", 2, (8,)),
        ("100", ("建筑设施",), None, "店长", "三(五)1", 2, (8,)),
        ("100", ("叉车擦伤",), None, "店长", "三(五)1", 2, (8,)),
        (None, ("服务投诉",), "主管级以上", "店长", "三(五)1", 3, (6, 8)),
        ("100", ("下属未能解决",), None, "店长", "三(五)1", 4, (8,)),
        ("100", ("坚持找店长",), None, "店长", "三(五)1", 4, (8,)),
        ("100", ("退换争执",), None, "客服经理", "三(五)2", 6, (8,)),
        (None, (), "主管级以下", "客服经理", "三(五)2", 7, (8,)),
        (None, (), None, "客服主管", "三(五)3", 8, ()),
    ],
)
def test_the_mall_table_names_the_highest_handler_at_every_edge(
    value, circumstances, accused, handler, clause, row, also
):
    facts = {"货值": Decimal(value) if value else None, "情形": circumstances, "被投诉人": accused}

    found = decide(mall(), "处理权限", facts, TODAY)

    assert (found.outcome, found.clause, found.row, found.also) == ({"处理人": handler}, clause, row, also)
    assert (found.table, found.line) == ("处理权限", 110 + row)


@pytest.mark.rule("T001-02")
@pytest.mark.parametrize(
    ("fault", "count", "outcome"),
    [
        ("置投诉于不顾", 1, ("扣除", "警告")),
        ("置投诉于不顾", 2, ("扣除", "记大过")),
        ("置投诉于不顾", 3, ("未规定", "辞退")),
        ("置投诉于不顾", 9, ("未规定", "辞退")),
        ("被投诉属实", 1, ("不扣", "无")),
        ("被投诉属实", 2, ("扣除", "行政警告")),
    ],
)
def test_mall_penalties_follow_fault_and_count(fault, count, outcome):
    found = decide(mall(), "处分", {"过失": fault, "次数": count}, TODAY)

    assert tuple(found.outcome.values()) == outcome


NULLS = "facts:\n  钱: money?\n  词: enum?\n  集: tags(集表)"
SETS = words("集表", "红", "黄", "蓝")


@pytest.mark.parametrize(
    ("label", "cell", "value", "matches"),
    [
        ("钱", "-", None, True),
        ("钱", "", None, True),
        ("钱", ">= 0", None, False),
        ("钱", "!= 5", None, False),
        ("钱", "!= 5", Decimal(6), True),
        ("钱", "not(5)", None, False),
        ("钱", "not(5)", Decimal(6), True),
        ("钱", "not(5)", Decimal(5), False),
        ("钱", "not([1..5))", Decimal(5), True),
        ("钱", "未知", None, True),
        ("钱", "未知", Decimal(0), False),
        ("钱", "> 30、未知", None, True),
        ("钱", "> 30、未知", Decimal(30), False),
        ("钱", "> 30、未知", Decimal("30.01"), True),
        ("钱", "not(未知)", None, False),
        ("钱", "not(未知)", Decimal(0), True),
        ("钱", "(1..5]", Decimal(1), False),
        ("钱", "(1..5]", Decimal(5), True),
        ("词", "甲、乙", "乙", True),
        ("词", "not(甲)", "乙", True),
        ("词", "not(甲)", None, False),
        ("词", "not(甲)", "", False),
        ("词", "未知", "", True),
        ("集", "无", None, True),
        ("集", "无", (), True),
        ("集", "有", None, False),
        ("集", "有", ("红",), True),
        ("集", "红、黄", ("黄", "蓝"), True),
        ("集", "红、黄", ("蓝",), False),
        ("集", "全有(红、黄)", ("黄", "红"), True),
        ("集", "全有(红、黄)", ("黄",), False),
        ("集", "not(红、黄)", ("蓝",), True),
        ("集", "not(红、黄)", ("红", "蓝"), False),
        ("集", "not(红、黄)", (), True),
    ],
)
def test_only_a_dash_and_the_word_unknown_accept_unknown(label, cell, value, matches):
    found = manual(SETS + decision(f"{label} | → 谁", f"{cell} | 子"), front=NULLS)
    assert errors(found) == []

    ruling = decide(found, "表", {label: value}, TODAY)

    assert (ruling is not None) == matches


def test_the_first_row_wins_and_the_others_are_named():
    found = manual(decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", "- | 丙"))

    ruling = decide(found, "表", {"钱": Decimal(7)}, TODAY)

    assert (ruling.outcome["谁"], ruling.row, ruling.also) == ("甲", 1, (2, 3))


def test_two_rows_of_a_unique_table_are_refused_and_one_is_not():
    found = manual(decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", hit="唯一"))

    with pytest.raises(CannotDecide, match="第1行、第2行同时符合"):
        decide(found, "表", {"钱": Decimal(5)}, TODAY)
    assert decide(found, "表", {"钱": Decimal(4)}, TODAY).outcome == {"谁": "乙"}


def test_collecting_gives_every_row_and_may_give_none():
    found = manual(decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", hit="收集"))

    rows = [[d.row for d in decide_all(found, "表", {"钱": Decimal(n)}, TODAY)] for n in (7, 4, 1)]

    assert rows == [[1, 2], [2], []]


def test_no_row_is_none():
    found = manual(decision("钱 | → 谁", ">= 5 | 甲"))

    assert decide(found, "表", {"钱": Decimal("4.99")}, TODAY) is None


def test_a_table_that_is_not_there_or_broken_is_refused():
    found = manual(decision("钱 | → 谁", ">= 五 | 甲", "1 | 乙"))

    with pytest.raises(CannotDecide, match="没有判定表“别的”，只有：表"):
        decide(found, "别的", {}, TODAY)
    with pytest.raises(CannotDecide, match="判定表“表”有错误，不能执行：第"):
        decide(found, "表", {}, TODAY)


def test_outcomes_are_codes_figures_answers_formulas_and_nothing():
    body = "@清单 谁\n\n| 名称 | 代码 |\n|---|---|\n| 甲 | a |\n| 乙 | b |\n\n" + params("上限 | 0.2万元 | -")
    body += decision("原价 | → 谁 | → 折 | → 限 | → 算 | → 无", "- | 乙 | 60% | 上限 | = 原价 × 60% | -")

    ruling = decide(manual(body), "表", {"原价": Decimal("99.90")}, TODAY)

    assert ruling.outcome == {
        "谁": "b",
        "折": Decimal("0.60"),
        "限": Decimal(2000),
        "算": Decimal("59.940"),
        "无": None,
    }


CHAIN = (
    decision("钱 | → 等级", ">= 100 | 高", ">= 10 | 中", name="分级")
    + "@推算 数\n\n| 名称 | 算式 | 条款 |\n|---|---|---|\n| 余 | 钱 - 5 | 一 |\n| 超 | 余 > 100 | 一 |\n\n"
    + decision("等级 | 超 | → 次数", "高 | 是 | 4", "高 | 否 | 3", "中 | - | 2", "未知 | - | 1", name="频次")
)


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        ({"钱": Decimal(106)}, 4),
        ({"钱": Decimal(105)}, 3),
        ({"钱": Decimal(10)}, 2),
        ({"钱": Decimal(9)}, 1),
        ({}, 1),
        ({"钱": Decimal(9), "等级": "高", "超": True}, 4),
        ({"钱": Decimal(10), "等级": None}, 2),
    ],
)
def test_earlier_outcomes_and_derived_facts_are_computed_unless_given(facts, count):
    found = manual(CHAIN)
    assert errors(found) == []

    assert decide(found, "频次", facts, TODAY).outcome == {"次数": Decimal(count)}


def test_an_outcome_of_a_table_further_down_is_no_input():
    below = decision("等级 | → 次数", "高 | 4", name="频次") + decision(
        "钱 | → 等级", ">= 1 | 高", name="分级"
    )

    assert decide(manual(below), "频次", {"钱": Decimal(5)}, TODAY) is None


def test_distances_from_today_follow_the_calendar_at_month_ends():
    found = manual(decision("到期 | → 谁", "<= 1个月 | 近", "> 1个月 | 远"), front="facts:\n  到期: until?")

    rulings = [
        decide(found, "表", {"到期": day}, dt.date(2025, 1, 31)).outcome["谁"]
        for day in (dt.date(2025, 2, 28), dt.date(2025, 3, 1), dt.date(2024, 1, 1))
    ]

    assert rulings == ["近", "远", "近"]
    assert decide(found, "表", {"到期": dt.date(2025, 3, 1)}, dt.date(2025, 2, 1)).outcome["谁"] == "近"


def test_values_of_a_unit_move_the_limits_of_that_unit_only():
    facts = {"货值": Decimal(1600), "情形": ()}

    own = decide(mall(), "处理权限", facts, TODAY, params={"店长起点": "1500元"})
    common = decide(mall(), "处理权限", facts, TODAY)

    assert (own.outcome["处理人"], common.outcome["处理人"]) == ("店长", "客服经理")


def test_deadlines_carry_the_amount_of_the_unit():
    text = (MANUALS / "mfg-complaints.md").read_text(encoding="utf-8")
    found = read(text, questions=QUESTIONS)

    ruling = decide(found, "答复期限", {"重大": False}, TODAY, params={"普通答复": "2工作日"})

    due = ruling.outcome["答复"]
    assert (due.phrase.event, due.phrase.limit.amount, due.phrase.limit.unit) == (
        "品质签收",
        2,
        "working_day",
    )
    assert ruling.outcome["临时措施答复"] is None


def test_masks_and_sets_of_codes_mean_the_same():
    found = mall()
    bits = tag_bits(found.lists["投诉情形"].words)
    mask = mask_of(("服务投诉", "安全"), bits)

    with_mask = decide(found, "处理权限", {"情形": mask}, TODAY)
    with_codes = decide(found, "处理权限", {"情形": {"服务投诉", "安全"}}, TODAY)

    assert with_mask == with_codes
    assert with_mask.outcome["处理人"] == "店长"
    with pytest.raises(CannotDecide, match="清单里没有“外星人”"):
        decide(found, "处理权限", {"情形": {"外星人"}}, TODAY)


def test_bits_kept_by_the_caller_are_used():
    found = manual(SETS + decision("集 | → 谁", "蓝 | 甲"), front=NULLS)

    ruler = Program(found.decisions[0], {"集表": {"红": 5, "黄": 6, "蓝": 0}}).bind(TODAY)

    assert [ruler.first(1), ruler.first(1 << 5), ruler.first(0)] == [1, 0, 0]


@pytest.mark.parametrize(
    ("stage", "facts", "after"),
    [
        ("登记", {}, "初审"),
        ("主任核准", {"重大": True}, "副总核准"),
        ("主任核准", {"重大": False}, "品质签收"),
        ("主任核准", {}, "品质签收"),
        ("方案初审", {"不通过": "是"}, "原因和方案"),
        ("方案初审", {"不通过": "否"}, "措施核准"),
        ("答复客户", {}, None),
    ],
)
def test_the_first_branch_that_holds_is_taken(stage, facts, after):
    found = read((MANUALS / "mfg-complaints.md").read_text(encoding="utf-8"), questions=QUESTIONS)

    assert next_stage(found.stages[0], stage, facts) == after


def test_a_stage_that_is_not_there_has_no_way_on():
    found = read((MANUALS / "mfg-complaints.md").read_text(encoding="utf-8"), questions=QUESTIONS)

    with pytest.raises(NoWay, match="没有阶段“登计”"):
        next_stage(found.stages[0], "登计", {})
