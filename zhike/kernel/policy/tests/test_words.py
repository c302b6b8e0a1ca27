"""Cells back in words, and the words a cell may take."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhike.kernel.policy.editing.columns import columns
from zhike.kernel.policy.editing.grids import grids_of
from zhike.kernel.policy.editing.vocabulary import Choice, choices
from zhike.kernel.policy.editing.words import directive_in_words, in_words
from zhike.kernel.policy.manual.reader import read

from .declared import QUESTIONS
from .texts import decision, manual, params, words

FOLDER = Path(__file__).parent / "manuals"
MALL = read((FOLDER / "mall-complaints.md").read_text(encoding="utf-8"), questions=QUESTIONS)
MFG = read((FOLDER / "mfg-complaints.md").read_text(encoding="utf-8"), questions=QUESTIONS)


def grid(found, kind, name):
    return next(each for each in grids_of(found.source) if (each.kind, each.name) == (kind, name))


def said(found, kind, name, row, label, lang="zh"):
    table = grid(found, kind, name)
    column = [each.label for each in table.columns].index(label)
    return in_words(found, table, row, column, lang)


@pytest.mark.parametrize(
    ("row", "label", "zh", "en"),
    [
        (0, "货值", "货值达到店长起点(2000元)及以上", "value is 店长起点 (2000元) or more"),
        (
            4,
            "货值",
            "货值从经理起点(500元)(含)到店长起点(2000元)(不含)",
            "value is from 经理起点 (500元) (included) to 店长起点 (2000元) (not included)",
        ),
        (1, "货值", "货值不限，未知也算", "value does not matter and may be unknown"),
        (3, "情形", "情形有下列任何一项：下属未能解决、坚持找店长", None),
        (0, "情形", "情形不限", "circumstances does not matter"),
        (2, "被投诉人", "", ""),
        (0, "→ 处理人", "", ""),
        (0, "条款", "三(五)1 由店长处理", "三(五)1 由店长处理"),
    ],
)
def test_tests_of_a_decision_are_told(row, label, zh, en):
    assert said(MALL, "decision", "处理权限", row, label) == zh
    if en is not None:
        assert said(MALL, "decision", "处理权限", row, label, "en") == en


def test_ranges_of_parameters_are_told():
    assert said(MALL, "params", "金额", 0, "单位可改") == "单位可以自己定：从1500(含)到2500(含)"
    assert said(MALL, "params", "金额", 0, "值") == ""
    assert said(MFG, "params", "期限", 0, "单位可改") == "单位不能改"
    assert said(MFG, "params", "期限", 0, "单位可改", "en") == "units may not change it"


def test_deadlines_and_next_steps_are_told():
    assert said(MFG, "decision", "答复期限", 0, "→ 答复") == (
        "品质签收后的第 3 个工作日下班前 (普通答复 3工作日)"
    )
    assert said(MFG, "decision", "答复期限", 0, "→ 临时措施答复") == "不规定"
    assert said(MFG, "stages", "处理流程", 2, "时限") == "受理后1小时内 (发单期限 1小时)"
    assert said(MFG, "stages", "处理流程", 3, "下一步") == "“重大”为“是”时到“副总核准”，否则到“品质签收”"
    assert said(MFG, "stages", "处理流程", 3, "下一步", "en") == (
        "to “副总核准” if “重大” is yes, else to “品质签收”"
    )
    assert said(MFG, "stages", "处理流程", 0, "下一步") == "接着到“初审”"
    assert said(MFG, "stages", "处理流程", 11, "下一步") == "到此结束"


@pytest.mark.parametrize(
    ("formula", "zh", "en"),
    [
        ("= 原价 × 60%", "原价乘以60%", "原价 times 60%"),
        ("= max(0, 公里 - 100)", "0和(公里减100)中较大的", "the largest of 0 and (公里 minus 100)"),
        ("= (原价 + 运费) ÷ 2", "(原价加运费)除以2", "(原价 plus 运费) divided by 2"),
        ("= round(原价 × 折扣, 2)", "(原价乘以折扣(0.9))四舍五入到小数点后2位", None),
        ("= -原价", "负的原价", "minus 原价"),
        ("折扣", "折扣(0.9)", "折扣 (0.9)"),
        ("5", "", ""),
    ],
)
def test_formulas_are_told(formula, zh, en):
    body = params("折扣 | 0.9 | -") + decision("原价 | → 付", f"> 0 | {formula}", "> 9 | 1")
    found = manual(body, front="facts:\n  原价: money\n  运费: money\n  公里: int")

    assert said(found, "decision", "表", 0, "→ 付") == zh
    if en is not None:
        assert said(found, "decision", "表", 0, "→ 付", "en") == en


@pytest.mark.parametrize(
    ("kind", "cell", "zh"),
    [
        ("money", "not(未知)", "它已知"),
        ("money", "未知", "它未知"),
        ("money", "> 30、未知", "它超过30或未知"),
        ("money", "1、< 0.5", "它是1，或它不到0.5"),
        ("money", "[5..5]", "它正好是5"),
        ("money", "!= 3", "它已知，但不是3"),
        ("enum(词表)", "not(甲、乙)", "它已知，但不是甲、乙"),
        ("enum(词表)", "甲、未知", "它是甲或未知"),
        ("enum(词表)", "甲", ""),
        ("bool", "否、未知", "它是“否”或未知"),
        ("bool", "否", ""),
        ("date", ">= 2025-01-01", "它在2025-01-01当天或以后"),
        ("until", "<= 1周", "从今天到它不超过1周"),
        ("until", "(1个月..3个月]", "它从1个月(不含)到3个月(含)"),
        ("tags(词表)", "not(甲、乙)", "它没有下列任何一项：甲、乙"),
        ("tags(词表)", "全有(甲、乙)", "它同时有：甲、乙"),
        ("tags(词表)", "有", "它至少有一项"),
        ("tags(词表)", "无", "它一项也没有"),
    ],
)
def test_every_kind_of_test_is_told(kind, cell, zh):
    body = words("词表", "甲", "乙", "丙") + decision("它 | → 谁", f"{cell} | 张", "- | 李")
    found = manual(body, front=f"facts:\n  它: {kind}")

    assert said(found, "decision", "表", 0, "它") == zh


def test_cells_that_cannot_be_read_and_places_outside_say_nothing():
    found = manual(decision("金额 | → 谁", ">= 五百 | 张"))
    table = grid(found, "decision", "表")

    assert in_words(found, table, 0, 0) == ""
    assert in_words(found, table, 5, 0) == in_words(found, table, 0, 9) == ""


def test_directives_are_told():
    table = MALL.decision("处理权限")
    assert table
    assert directive_in_words(MALL, table) == (
        "回答“complaint.authority”，定“处理人”；"
        "几行同时符合时，“处理人”级别最高的一行算数(清单里排在前面的级别高)；每种情形都要有一行管到"
    )
    assert directive_in_words(MALL, table, "en") == (
        "answers “complaint.authority” and gives “handler”; if several rows match, the one with the highest"
        " “handler” counts (first in its list); every case must be ruled by a row"
    )


# --- what may stand in a cell


def offered(found, kind, name, label, **more):
    table = grid(found, kind, name)
    column = [each.label for each in table.columns].index(label)
    return choices(found, table, column, **more)


def test_words_of_a_list_come_with_its_notes():
    found = offered(MALL, "decision", "处理权限", "情形")

    assert found[0] == Choice("食物中毒", "", "购买食品后中毒")
    assert [each.text for each in found[-3:]] == ["有", "无", "-"]
    assert offered(MALL, "decision", "处理权限", "→ 处理人")[0] == Choice("店长", "", "级别最高,排在最前")


def test_parameters_are_offered_where_their_kind_fits():
    assert [each.text for each in offered(MALL, "decision", "处理权限", "货值")] == [
        "店长起点",
        "经理起点",
        "未知",
        "-",
    ]
    deadlines = [each.text for each in offered(MFG, "decision", "答复期限", "→ 答复")]
    assert deadlines[:4] == ["发单期限", "普通答复", "重大临时", "重大永久"]
    assert "受理后普通答复" in deadlines
    assert [each.text for each in offered(MFG, "decision", "答复期限", "重大")] == ["是", "否", "-"]


def test_clauses_stages_and_owners_are_offered():
    owner = Choice("客服经理", "Customer-service manager", "岗位")

    clauses = offered(MALL, "decision", "处理权限", "条款")
    assert Choice("三(五)1", "", "由店长处理") in clauses
    assert [each.text for each in offered(MFG, "stages", "处理流程", "下一步")][-2:] == ["答复客户", "结束"]
    assert offered(MFG, "stages", "处理流程", "负责", owners=[owner]) == [owner]
    assert [each.text for each in offered(MALL, "examples", "处理权限", "被投诉人")][-1] == "未知"
    assert offered(MALL, "examples", "处理权限", "→ 处理人")[0].text == "店长"
    assert offered(MALL, "examples", "处理权限", "货值") == [Choice("未知", "unknown", "没有填写时")]
    assert offered(MALL, "list", "处理人", "名称") == []


def test_words_that_would_read_as_something_else_are_quoted():
    body = words("词表", "甲(一)", "无", "丙") + decision("它 | → 谁", "丙 | 张")
    found = manual(body, front="facts:\n  它: enum(词表)")

    assert [each.text for each in offered(found, "decision", "表", "它")][:3] == ['"甲(一)"', '"无"', "丙"]


# ---- columns


def test_columns_are_offered_from_the_question_and_the_manual_without_those_that_stand_there():
    authority = grid(MALL, "decision", "处理权限")
    there = {each.label for each in authority.columns}
    question = QUESTIONS["complaint.authority"]
    facts = [fact.zh for fact in question.facts if fact.zh not in there]

    offered = columns(MALL, authority)

    assert [one.text for one in offered if one.note == "fact"] == facts
    assert [one.text for one in offered if one.note == "outcome"] == []  # 处理人 stands there
    assert not there & {one.text for one in offered}


def test_a_fixed_column_is_offered_while_it_is_missing():
    grades = grid(MALL, "params", "金额")
    labels = [each.label for each in grades.columns]

    offered = [one.text for one in columns(MALL, grades)]

    assert offered == [name for name in ("单位可改", "条款", "说明") if name not in labels]


def test_examples_take_only_columns_of_their_table():
    examples = grid(MALL, "examples", "处理权限")

    assert columns(MALL, examples) == []
