"""Formulas: precedence, figures, functions, unknown values, and what is refused."""

from decimal import Decimal

import pytest

from zhike.kernel.policy.evaluate.formulas import work_out
from zhike.kernel.policy.manual.cells import CellError
from zhike.kernel.policy.manual.formula import Ref
from zhike.kernel.policy.manual.formulas import read_formula

from .texts import decision, errors, manual, one_error, params, words

NAMES = {name: Ref(name) for name in ("公里", "原价", "月初在岗人数", "集", "空", "本地/基准")} | {
    "指标": Ref("指标", param=True)
}
VALUES = {
    "公里": Decimal("130.5"),
    "原价": Decimal("99.99"),
    "月初在岗人数": 12,
    "集": 0b1011,
    "空": None,
    "指标": Decimal(7),
    "本地/基准": Decimal("1.15"),
}


def result(text):
    return work_out(read_formula(text, NAMES), lambda ref: VALUES[ref.name])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("= 1 + 2 × 3", "7"),
        ("（1＋2）＊3", "9"),
        ("10 - 4 - 3", "3"),
        ("12 ÷ 4 / 3", "1"),
        ("-2 + 5", "3"),
        ("3 × -2", "-6"),
        ("--2", "2"),
        ("原价 × 60%", "59.994"),
        ("0.1 + 0.2", "0.3"),
        ("指标 × 月初在岗人数", "84"),
        ("max(0, 公里 - 100)", "30.5"),
        ("min(公里, 原价, 3)", "3"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(原价 ÷ 3, 2)", "33.33"),
        ("四舍五入(2.345, 2)", "2.35"),
        ("floor(-1.5)", "-2"),
        ("取整(1.99)", "1"),
        ("abs(5 - 9)", "4"),
        ("count(集)", "3"),
        ("个数(集) × 2万元", "60000"),
        ("本地/基准 × 2", "2.30"),
        ("1亿 ÷ 1万", "10000"),
    ],
)
def test_formulas_are_worked_out_in_decimal(text, value):
    assert result(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("公里 > 100", True),
        ("公里 <= 130.5", True),
        ("公里 ≠ 130.50", False),
        ("0.1 + 0.2 = 0.3", True),
        ("115 ≥ 100 × 1.15", True),
        ("115.0001 <= 100 × 1.15", False),
    ],
)
def test_comparisons_are_exact(text, value):
    assert result(text) is value


@pytest.mark.parametrize("text", ["空 + 1", "空 > 1", "max(1, 空)", "-空", "1 ÷ 0", "1 ÷ (原价 - 99.99)"])
def test_unknown_values_and_division_by_zero_give_unknown(text):
    assert result(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "算式是空的"),
        ("=", "算式是空的"),
        ("1 +", "算式没有写完"),
        ("(1 + 2", "算式里缺“)”"),
        ("1 2", "算式在“2”处看不懂"),
        ("1 < 2 < 3", "算式在“<”处看不懂"),
        ("max()", "算式在“)”处看不懂"),
        ("abs(1, 2)", "abs 不能有 2 个值"),
        ("count(1)", "count 里只能写一个集合"),
        ("公理 × 2", "算式里的“公理”不是事实、推算或参数，是否指“公里”？"),
        ("月初在岗人 × 2", "算式里的“月初在岗人”不是事实、推算或参数，是否指“月初在岗人数”？"),
        ("__import__", "算式里的“__import__”不是事实、推算或参数"),
        ("公里.real", "算式里的“公里.real”不是事实、推算或参数"),
        ("2,000 + 1", "算式在“,”处看不懂"),
        ("9" * 700, "算式太长(超过 600 字)"),
        ("(" * 100 + "1" + ")" * 100, "算式括号太深"),
        ("-" * 300 + "1", "算式括号太深"),
    ],
)
def test_what_is_no_formula_is_refused(text, message):
    with pytest.raises(CellError) as refusal:
        read_formula(text, NAMES)
    assert str(refusal.value) == message


DERIVE = "@推算 数\n\n| 名称 | 算式 | 条款 |\n|---|---|---|\n"


@pytest.mark.rule("T001-27")
@pytest.mark.parametrize(
    ("local", "allowed"), [("85", "是"), ("84.99", "否"), ("115", "是"), ("115.01", "否"), ("100", "是")]
)
def test_a_local_standard_may_differ_by_15_percent_both_ends_included(local, allowed):
    import datetime as dt

    from zhike.kernel.policy.evaluate.deciding import decide

    body = DERIVE + "| 不低 | 本地 >= 基准 × 85% | 一 |\n| 不高 | 本地 <= 基准 × (1 + 15%) | 一 |\n\n"
    body += decision("不低 | 不高 | → 允许", "是 | 是 | 是", "- | - | 否")
    found = manual(body, front="facts:\n  本地: money\n  基准: money")

    ruling = decide(found, "表", {"本地": Decimal(local), "基准": Decimal(100)}, dt.date(2025, 1, 1))

    assert errors(found) == []
    assert ruling.written["允许"] == allowed


def test_a_derived_fact_may_use_those_above_it_and_not_those_below():
    good = manual(DERIVE + "| 甲 | 1 + 1 | 一 |\n| 乙 | 甲 × 2 | 一 |\n")
    bad = DERIVE + "| 乙 | 总数甲 × 2 | 一 |\n| 总数甲 | 1 + 1 | 一 |\n"

    assert errors(good) == []
    assert one_error(bad, front="facts:\n  丙: money") == "算式里的“总数甲”不是事实、推算或参数"


def test_words_and_dates_do_not_go_into_formulas():
    body = params("期 | 3工作日 | -", "名 | 店长 | -") + words("集表", "红")
    front = "facts:\n  词: enum\n  集: tags(集表)"

    messages = [
        one_error(body + DERIVE + f"| 甲 | {formula} | 一 |\n", front=front)
        for formula in ("词 × 2", "集 + 1", "count(词)", "名 × 2")
    ]

    assert messages == [
        "“词”不是数值，不能放进算式",
        "“集”不是数值，不能放进算式",
        "count 里要写一个集合，“词”不是",
        "参数“名”的值“店长”不是数值，不能放进算式",
    ]


def test_figures_of_an_unknown_trade_are_inferred_from_formulas_and_that_is_said():
    found = manual(decision("级 | → 赔", "甲 | = 原价 × 60%"))

    assert errors(found) == []
    assert "事实“原价”没有声明，按算式当作 number" in [f.message for f in found.findings]
