"""Stages as a whole."""

from dataclasses import replace

import pytest

from zhike.kernel.policy.check import analyse
from zhike.kernel.policy.check.stages import stages_findings
from zhike.kernel.policy.manual.model import Level
from zhike.kernel.policy.manual.reader import read

FRONT = "---\nmanual: m\ntitle: 规定\nversion: 1\neffective: 2025-01-01\n---\n\n# 规定\n\n## 一、步骤\n\n"
HEAD = "@阶段 步骤 回答=other.steps\n\n| 阶段 | 负责 | 下一步 | 条款 |\n|---|---|---|---|\n"


def said(*rows):
    manual = read(
        FRONT + HEAD + "".join(f"| {name} | 甲 | {after} | 一 |\n" for name, after in rows), questions={}
    )
    return [(one.line, one.level, one.message) for one in analyse(manual)]


def test_stages_that_all_lead_to_the_end_are_silent_even_in_a_loop():
    assert said(("登记", "审核"), ("审核", "不通过:登记、办结"), ("办结", "结束")) == []


def test_a_stage_without_any_next_stage_is_an_error():
    row = "| 登记 | 甲 | 结束 | 一 |\n"
    (table,) = read(FRONT + HEAD + row, questions={}).tables
    table = replace(table, stages=(replace(table.stages[0], next=()),))

    assert [one.message for one in stages_findings(table)] == ["阶段“登记”没有下一步；若到此为止，请写“结束”"]


def test_a_dash_ends_the_procedure():
    assert said(("登记", "审核"), ("审核", "-")) == []


def test_a_loop_without_a_way_out_never_ends():
    assert said(("登记", "审核"), ("审核", "登记")) == [
        (16, Level.ERROR, "阶段“登记”永远到不了“结束”"),
        (17, Level.ERROR, "阶段“审核”永远到不了“结束”"),
    ]


def test_a_stage_that_only_leads_to_an_unknown_one_never_ends_but_accuses_nobody():
    assert said(("受理", "登记"), ("登记", "会签")) == [(17, Level.ERROR, "阶段“登记”永远到不了“结束”")]


@pytest.mark.parametrize("last", ["通过:结束", "通过:结束、重大:登记"])
def test_the_last_branch_must_not_have_a_condition(last):
    (only,) = said(("登记", last))

    assert only == (
        16,
        Level.ERROR,
        f"最后一个下一步不能带条件：“{last.split('、')[-1]}”不成立时无处可去",
    )


def test_a_branch_behind_one_that_is_always_taken_is_never_taken():
    assert said(("登记", "办结、重大:审核"), ("审核", "办结"), ("办结", "结束")) == [
        (16, Level.ERROR, "下一步“重大:审核”永远轮不到：前面的“办结”没有条件"),
        (17, Level.WARNING, "没有哪一步通向阶段“审核”"),
    ]


def test_a_stage_that_nothing_leads_to_is_a_warning():
    assert said(("登记", "办结"), ("审核", "办结"), ("办结", "结束")) == [
        (17, Level.WARNING, "没有哪一步通向阶段“审核”")
    ]


def test_periodic_duties_have_no_next_stage_and_need_none():
    table = "@阶段 周期 回答=other.duties\n\n| 阶段 | 负责 | 时限 | 条款 |\n|---|---|---|---|\n| 周报 | 甲 | 每周五前 | 一 |\n"

    assert analyse(read(FRONT + table, questions={})) == []


def test_a_stage_decides_a_matter_of_approval_that_the_manual_knows():
    table = "@阶段 步骤 回答=other.steps\n\n| 阶段 | 负责 | 审批 | 知会 | 下一步 | 条款 |\n|---|---|---|---|---|---|\n"
    rows = "| 登记 | 甲 | - | 丙、丁 | 裁定 | 一 |\n| 裁定 | 乙 | 特按保修 | - | 结束 | 一 |\n"
    matters = "\n@清单 审批事项\n\n| 名称 | 条款 |\n|---|---|\n| 特案保修 | 一 |\n"
    known = read(FRONT + table + rows + matters, questions={})
    silent = read(FRONT + table + rows, questions={})

    assert [(one.level, one.message) for one in analyse(known)] == [
        (Level.ERROR, "审批“特按保修”不在清单“审批事项”里，是否指“特案保修”？")
    ]
    assert [one.message for one in analyse(silent)] == ["审批“特按保修”不在清单“审批事项”里"]
    (found,) = known.stages
    assert [(stage.matter, stage.informed) for stage in found.stages] == [
        ("", ("丙", "丁")),
        ("特按保修", ()),
    ]
