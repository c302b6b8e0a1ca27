"""Changes of tables read from text: outcomes of every type, headings, types that follow each other."""

import pytest

from zhike.kernel.policy.check import analyse, changed_tables, changes, meaning
from zhike.kernel.policy.check.sweep import Budget
from zhike.kernel.policy.manual.model import FactSpec, Kind, Level
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.questions import (
    Bound,
    Choice,
    DueTime,
    Fact,
    Money,
    Multi,
    NumberOut,
    Outcome,
    Question,
)

from .builders import ANY, eq, manual, table, words

FRONT = (
    "---\nmanual: m\ntitle: 规定\nversion: 1\neffective: 2025-01-01\n{facts}---\n\n# 规定\n\n## 一、条款\n\n"
)
PARAMS = "@参数 数\n\n| 名称 | 值 | 单位可改 | 条款 |\n|---|---|---|---|\n{rows}\n"
PAY = Question(
    "pay",
    facts=[Fact("value", Money, zh="货值")],
    outcome=[
        Outcome("amount", NumberOut, zh="金额", optional=True),
        Outcome("who", Multi(["经理", "总监"]), zh="审批", optional=True),
        Outcome("by", DueTime, zh="时限", optional=True),
        Outcome("share", Bound, zh="比例", optional=True),
        Outcome("tone", Choice(["书面", "口头"]), zh="方式", optional=True),
    ],
)


def version(body, params="", facts="", questions=(PAY,)):
    head = FRONT.format(facts=f"facts:\n{facts}" if facts else "")
    text = head + (PARAMS.format(rows=params) if params else "") + body
    found = read(text, questions={question.name: question for question in questions})
    assert found.errors == ()
    return found


def pay(cells, params="", header="金额 | → 审批 | → 时限 | → 比例 | → 方式"):
    columns = header.count("|") + 3
    table = (
        f"@判定 赔付 回答=pay\n\n| 货值 | → {header} | 条款 |\n|{'---|' * columns}\n| - | {cells} | 一 |\n"
    )
    return version(table, params)


BEFORE = "= 货值 × 60% | 经理、总监 | 3工作日内 | (0%..100%) | 书面"


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ("= 货值 × 50% | 经理、总监 | 3工作日内 | (0%..100%) | 书面", "金额 = 货值 * 0.6 → = 货值 * 0.5"),
        ("500 | 经理、总监 | 3工作日内 | (0%..100%) | 书面", "金额 = 货值 * 0.6 → 500"),
        ("= 货值 × 60% | 经理 | 3工作日内 | (0%..100%) | 书面", "审批 经理、总监 → 经理"),
        ("= 货值 × 60% | 经理、总监 | 5工作日内 | (0%..100%) | 书面", "时限 3工作日内 → 5工作日内"),
        ("= 货值 × 60% | 经理、总监 | - | (0%..100%) | 书面", "时限 3工作日内 → -"),
        ("= 货值 × 60% | 经理、总监 | 3工作日内 | (0%..50%] | 书面", "比例 (0%..100%) → (0%..50%]"),
        ("= 货值 × 60% | 经理、总监 | 3工作日内 | not(0%) | 书面", "比例 (0%..100%) → not(0%)"),
        ("= 货值 × 60% | 经理、总监 | 3工作日内 | (0%..100%) | 口头", "方式 书面 → 口头"),
    ],
)
def test_every_type_of_outcome_is_compared_by_what_it_says(cells, line):
    assert meaning(pay(BEFORE), pay(cells)) == [f"{line}: 任何情况"]


@pytest.mark.parametrize(
    "cells",
    [
        "=货值*0.6 | 经理、总监 | 3工作日内 | (0%..100%) | 书面",
        "= 货值 × 60% | 经理、总监 | 三个工作日内 | (0%..100%) | 书面",
        "= 货值 × 60% | 经理、总监 | 3工作日内 | (0..1) | 书面",
    ],
)
def test_the_same_outcome_in_other_words_is_no_change(cells):
    assert meaning(pay(BEFORE), pay(cells)) == []


def test_a_bound_that_mentions_unknown_is_compared_too():
    one, two = (pay(f"- | - | - | {bound} | -") for bound in ("> 5, 未知", "> 5"))

    assert meaning(one, two) == ["比例 > 5, 未知 → > 5: 任何情况"]


def test_parameters_act_on_outcomes_by_their_value():
    rows = "| 比率 | {} | - | 一 |\n| 期限 | {} | - | 一 |"
    cells = "= max(0, -(货值 - 100) × 比率) | - | 期限 | - | -"
    old = pay(cells, rows.format("60%", "3工作日"))
    new = pay(cells, rows.format("50%", "未定"))

    assert meaning(old, new) == [
        "金额 = max(0, -(货值 - 100) * 60%) → = max(0, -(货值 - 100) * 50%)，时限 3工作日 → 未定: 任何情况",
        "参数 比率：60% → 50%",
        "参数 期限：3工作日 → 未定",
    ]


def test_a_parameter_as_outcome_is_shown_by_its_value():
    old, new = (pay("定额 | - | - | - | -", f"| 定额 | {value} | - | 一 |") for value in ("500元", "800元"))

    assert meaning(old, new) == ["金额 500元 → 800元: 任何情况", "参数 定额：500元 → 800元"]


def test_a_parameter_that_comes_or_goes_or_moves_to_another_clause_is_named():
    second = "\n## 二、条款\n"
    old = version(second, "| 甲 | 1 | - | 一 |\n| 乙 | 2 | - | 一 |")
    new = version(second, "| 乙 | 2 | - | 二 |\n| 丙 | 3 | - | 一 |")

    assert meaning(old, new) == ["新增参数 丙：3", "取消参数 甲(原为1)", "参数 乙 条款：一 → 二"]


def test_derived_facts_are_compared_by_formula():
    table = "@推算 率\n\n| 名称 | 算式 | 条款 |\n|---|---|---|\n{}\n"
    facts = "  本地: money\n  基准: money\n"
    old = version(table.format("| 涨幅 | 本地 / 基准 - 1 | 一 |\n| 差 | 本地 - 基准 | 一 |"), facts=facts)
    new = version(table.format("| 涨幅 | 本地 / 基准 | 一 |\n| 和 | 本地 + 基准 | 一 |"), facts=facts)

    assert meaning(old, new) == [
        "新增推算 和 = 本地 + 基准",
        "取消推算 差",
        "推算 涨幅：本地 / 基准 - 1 → 本地 / 基准",
    ]


LEVEL = "@判定 {name} 回答={question} 命中={hit}\n\n| 货值 | → 级别 | 条款 |\n|---|---|---|\n{rows}"


def level(rows="| - | 高 | 一 |\n", name="定级", question="other.level", hit="首行", facts="  货值: money\n"):
    return version(LEVEL.format(name=name, question=question, hit=hit, rows=rows), facts=facts)


def test_a_table_under_another_name_is_still_compared():
    new = level("| >= 5 | 高 | 一 |\n", name="级别")

    assert meaning(level(), new) == ["高 → 没有规定: 货值 [0..5)", "判定“定级”改名为“级别”"]


def test_a_table_under_another_name_and_question_is_another_table():
    new = level(name="级别", question="other.rank")

    assert meaning(level(), new) == ["新增判定“级别”", "取消判定“定级”"]


def test_another_hit_policy_or_question_is_named():
    assert meaning(level(), level(hit="唯一", question="other.rank")) == [
        "定级：命中 首行 → 唯一",
        "定级：回答 other.level → other.rank",
    ]


def test_outcome_columns_that_come_or_go_are_named_and_the_others_compared():
    old = version(
        "@判定 甲 回答=x\n\n| 货值 | → 级别 | → 备 | 条款 |\n|---|---|---|---|\n| - | 高 | 无 | 一 |\n",
        facts="  货值: money\n",
    )
    new = version(
        "@判定 甲 回答=x\n\n| → 级别 | → 新 | 条款 |\n|---|---|---|\n| 低 | 无 | 一 |\n",
        facts="  货值: money\n",
    )

    assert meaning(old, new) == [
        "高 → 低: 任何情况",
        "甲：取消条件列“货值”",
        "甲：新增结论列“新”",
        "甲：取消结论列“备”",
    ]


@pytest.mark.parametrize(("one", "two"), [("money", "number"), ("int", "money"), ("number", "int")])
def test_kinds_of_figures_may_follow_each_other(one, two):
    rows = "| < {} | 高 | 一 |\n| - | 低 | 一 |\n"
    old, new = (
        level(rows.format(5), facts=f"  货值: {one}\n"),
        level(rows.format(8), facts=f"  货值: {two}\n"),
    )

    lines = meaning(old, new)

    assert lines[0] == "低 → 高: 货值 [5..8)"
    assert lines[1].startswith("事实“货值”：类型 ")


def test_a_column_of_dashes_takes_the_type_of_the_other_version():
    old, new = level(facts=""), level("| < 5 | 低 | 一 |\n| - | 高 | 一 |\n", facts="")

    assert meaning(old, new)[0] == "高 → 低: 货值 [0..5)"
    assert meaning(new, old)[0] == "低 → 高: 货值 [0..5)"


def test_periods_without_order_between_two_versions_are_not_decided():
    old, new = (level(f"| <= {text} | 高 | 一 |\n", facts="  货值: until\n") for text in ("30天", "1个月"))

    assert meaning(old, new) == ["定级：未能判定变化的含义：“1个月”和“30天”谁长不一定"]
    assert changed_tables(old, new)[0].decided is False


def test_a_comparison_beyond_the_budget_is_not_decided(monkeypatch):
    monkeypatch.setattr(changes, "Budget", lambda: Budget(0))
    rows = "| < 5 | 高 | 一 |\n| [3..9) | {} | 一 |\n"
    old, new = level(rows.format("低")), level(rows.format("中"))

    assert meaning(old, new) == ["定级：未能判定全部变化：表太复杂"]


def test_too_many_regions_are_cut_off_and_said_so(monkeypatch):
    monkeypatch.setattr(changes, "MOST_REGIONS", 2)
    facts = [FactSpec(f"列{n}", Kind.ENUM, words=words(*"甲乙丙")) for n in range(2)]
    rows = [(eq(word), eq(word), "A") for word in "甲乙丙"]
    old, new = (manual(table(facts, [*some, (ANY, ANY, "B")], name="定级")) for some in ([], rows))

    (found,) = changed_tables(old, new)

    assert (len(found.changes), found.decided, found.remarks) == (2, False, ["定级：变化太多，只列出2处"])


def test_collect_tables_say_what_is_newly_given_and_no_longer_given():
    old = level("| >= 5 | 礼品 | 一 |\n| - | 积分 | 一 |\n", hit="收集")
    new = level("| >= 3 | 礼品 | 一 |\n| < 9 | 积分 | 一 |\n", hit="收集")

    assert meaning(old, new) == ["不再给予 积分: 货值 ≥9", "新增 礼品: 货值 [3..5)"]


def test_a_table_with_a_wrong_header_is_left_out_and_not_compared():
    text = FRONT.format(facts="") + LEVEL.format(
        name="定级", question="x", hit="首行", rows="| - | 高 | 一 |\n"
    )
    broken = read(text.replace("→ 级别", "级别"), questions={})

    assert broken.decision("定级").broken
    assert analyse(broken) == []
    assert meaning(read(text, questions={}), broken)[-1] == "定级：未能判定变化的含义：表头有错"


def test_a_range_without_end_may_turn_an_interval_round_only_where_it_has_one():
    rows = "| [低..高) | 甲 | 一 |\n"
    body = LEVEL.format(name="定级", question="x", hit="首行", rows=rows)

    def warnings(low, high):
        params = f"| 低 | 5 | {low} | 一 |\n| 高 | 9 | {high} | 一 |"
        found = analyse(version(body, params, facts="  货值: money\n"))
        return [one.message for one in found if one.level is Level.WARNING]

    assert warnings("<= 9", "[9..12]") == []
    assert warnings(">= 1", "-") == []
    assert warnings("<= 10", "-") == ["单位改参数后，区间[低..高)的上下限可能颠倒：下限可到10，上限可到9"]
    assert warnings("-", "[4..12]") == ["单位改参数后，区间[低..高)的上下限可能颠倒：下限可到5，上限可到4"]


def test_stages_that_come_or_go_or_change_places_are_named():
    head = "@阶段 步骤 回答=x\n\n| 阶段 | 负责 | 下一步 | 条款 |\n|---|---|---|---|\n"
    row = "| {} | 甲 | {} | 一 |\n"
    old = version(head + row.format("登记", "审核") + row.format("审核", "办结") + row.format("办结", "结束"))
    new = version(
        head
        + row.format("登记", "办结")
        + row.format("办结", "审核")
        + row.format("审核", "归档")
        + row.format("归档", "结束")
    )

    assert meaning(old, new) == [
        "步骤：新增阶段“归档”",
        "步骤：次序改为 登记、办结、审核、归档",
        "步骤 阶段“登记” 下一步：审核 → 办结",
        "步骤 阶段“办结” 下一步：结束 → 审核",
        "步骤 阶段“审核” 下一步：办结 → 归档",
    ]
    assert meaning(new, old)[0] == "步骤：取消阶段“归档”"


def test_a_word_taken_out_of_a_list_and_a_new_order_are_named():
    head = "@清单 处理人\n\n| 名称 |\n|---|\n"
    old, new = (version(head + "".join(f"| {word} |\n" for word in some)) for some in ("甲乙丙", "丙甲"))

    assert meaning(old, new) == ["清单 处理人：取消 乙", "清单 处理人：次序改为 丙、甲"]


def test_long_lists_of_edits_are_cut_off():
    head = "@清单 目录\n\n| 名称 | 价 |\n|---|---|\n"
    old, new = (version(head + "".join(f"| 第{n}项 | {price} |\n" for n in range(30))) for price in (1, 2))

    lines = meaning(old, new)

    assert (len(lines), lines[0], lines[-1]) == (21, "清单 目录 “第0项” 价：1 → 2", "清单 目录：另有更多改动")


def test_clauses_that_go_are_named():
    old, new = version("\n## 二、附则\n\n试行一年。\n"), version("")

    assert meaning(old, new) == ["取消条款 二 附则"]
