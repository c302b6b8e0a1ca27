"""What a sound manual reads as."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from zhike.kernel.policy.manual.model import Amount, Hit, Joint, Kind, Level, OutcomeKind, in_days
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.manual.text import heading_parts
from zhike.kernel.policy.questions import Choice, Enum, Fact, Money, Outcome, Question
from zhike.kernel.worktime.limits import Unit

from .declared import QUESTIONS
from .texts import decision, errors, manual, params, words

MANUALS = Path(__file__).parent / "manuals"


@pytest.mark.parametrize("name", ["mall-complaints", "mfg-complaints"])
@pytest.mark.parametrize("questions", [{}, QUESTIONS])
def test_the_two_manuals_of_the_format_have_no_error(name, questions):
    found = read((MANUALS / f"{name}.md").read_text(encoding="utf-8"), questions=questions)

    assert found.errors == ()
    assert found.name == name
    assert found.effective == dt.date(2025, 1, 1)


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("一、投诉分类", ("一", "投诉分类")),
        ("三（五）1 由店长处理", ("三(五)1", "由店长处理")),
        ("5.3.1 答复期限", ("5.3.1", "答复期限")),
        ("5. 程序", ("5", "程序")),
        ("第七条 责任", ("第七条", "责任")),
        ("第十二条", ("第十二条", "")),
        ("一般规定", ("", "一般规定")),
        ("商场规定", ("", "商场规定")),
        ("4-1 职责", ("4-1", "职责")),
    ],
)
def test_the_number_of_a_clause_is_the_one_printed_in_its_heading(heading, parts):
    assert heading_parts(heading) == parts


def test_clauses_keep_their_line_and_english_gist():
    found = manual("### 一(一) 权限\n\n> en: Who decides,\n> and when.\n\n普通引文不是。\n\n> 别的引文\n")

    clause = found.clause("一(一)")

    assert (clause.title, clause.line, clause.gist) == ("权限", 12, "Who decides, and when.")
    assert found.clause("一").gist == ""


def test_lists_give_words_with_code_english_and_rank():
    found = manual(
        "@清单 谁\n\n| 代码 | 名称 | 英文 | 大类 |\n|---|---|---|---|\n| a | 甲 | First | x |\n| | 乙 | | y |\n"
    )

    rows = found.lists["谁"].rows

    assert [(r.word.name, r.word.code, r.word.en, r.word.rank) for r in rows] == [
        ("甲", "a", "First", 0),
        ("乙", "乙", "", 1),
    ]
    assert rows[1].cells["大类"].text == "y"


def test_a_list_without_a_name_column_takes_its_first():
    found = manual("@清单 谁\n\n| 项目 | 分 |\n|---|---|\n| 甲 | 2 |\n")

    assert [word.name for word in found.lists["谁"].words] == ["甲"]


def test_parameters_are_figures_amounts_or_undecided():
    found = manual(
        params(
            "起点 | 0.2万元 | [1500..2500]",
            "答复 | 3工作日 | [1工作日..3工作日]",
            "比例 | 15% | -",
            "将来 | 未定 | -",
        )
    )

    assert errors(found) == []
    assert {name: p.value for name, p in found.params.items()} == {
        "起点": Decimal(2000),
        "答复": Amount(3, Unit.WORKING_DAY),
        "比例": Decimal("0.15"),
        "将来": None,
    }


def test_types_are_inferred_from_cells_and_lists_and_that_is_said():
    body = words("投诉情形", "甲", "乙") + words("等级", "高", "低")
    body += decision(
        "金额 | 次数 | 情形 | 等级 | 属实 | 到期 | 日子 | 渠道 | → 谁",
        ">= 500元 | 1 | 甲、乙 | 高 | 是 | <= 1周 | >= 2025-01-01 | 电话 | 子",
        "- | >= 2 | 无 | not(高) | 否、未知 | > 1周 | - | not(电话) | 丑",
    )

    found = manual(body)

    table = found.decisions[0]
    assert [
        (c.label, c.fact.kind, c.fact.vocabulary, c.fact.optional, c.fact.others) for c in table.inputs
    ] == [
        ("金额", Kind.MONEY, None, False, False),
        ("次数", Kind.INT, None, False, False),
        ("情形", Kind.TAGS, "投诉情形", False, False),
        ("等级", Kind.ENUM, "等级", False, False),
        ("属实", Kind.BOOL, None, True, False),
        ("到期", Kind.UNTIL, None, False, False),
        ("日子", Kind.DATE, None, False, False),
        ("渠道", Kind.ENUM, None, False, True),
    ]
    assert [column.fact.minimum for column in table.inputs[:2]] == [Decimal(0), Decimal(1)]
    assert errors(found) == []
    assert [(f.line, f.level) for f in found.findings] == [(26, Level.INFO)]
    assert found.findings[0].message.startswith(
        "没有写“回答=”，事实的类型由单元格推断：金额 money、次数 int、情形 tags(投诉情形)"
    )


def test_declared_facts_need_no_inference():
    body = words("情形", "甲") + decision("金额 | 情形 | 渠道 | → 谁", ">= 5 | 甲 | 电话 | 子")

    found = manual(body, front="facts:\n  金额: money?\n  情形: tags(情形)\n  渠道: enum")

    kinds = [(c.fact.kind, c.fact.optional) for c in found.decisions[0].inputs]
    assert kinds == [(Kind.MONEY, True), (Kind.TAGS, False), (Kind.ENUM, False)]
    assert found.findings == ()


def test_a_list_named_like_the_column_is_an_enumeration_unless_something_says_sets():
    table = words("情形", "甲", "乙")
    example = "@示例 表\n\n| 情形 | → 谁 |\n|---|---|\n| 无 | - |\n"

    one = manual(table + decision("情形 | → 谁", "甲、乙 | 子"))
    several = manual(table + decision("情形 | → 谁", "甲、乙 | 子") + example)
    whole = manual(table + decision("情形 | → 谁", "全有(甲、乙) | 子"))

    assert one.decisions[0].inputs[0].fact.kind is Kind.ENUM
    assert several.decisions[0].inputs[0].fact.kind is Kind.TAGS
    assert whole.decisions[0].inputs[0].fact.kind is Kind.TAGS


def test_an_outcome_is_a_set_when_a_table_below_or_an_example_asks_it_like_one():
    body = words("投诉情形", "甲", "乙")
    body += decision("项目 | → 情形", "子 | 甲", "- | -").replace("@判定 表", "@判定 推定")
    body += decision("情形 | → 谁", "甲、乙 | 丑", "- | 寅")
    example = "@示例 表\n\n| 情形 | → 谁 |\n|---|---|\n| 无 | 寅 |\n| 乙 | 丑 |\n"

    alone, asked = manual(body), manual(body + example)

    assert alone.decisions[0].outputs[0].kind is OutcomeKind.CHOICE
    assert asked.decisions[0].outputs[0].kind is OutcomeKind.MULTI
    assert asked.decisions[1].inputs[0].fact.kind is Kind.TAGS
    assert errors(asked) == []


def test_kinds_of_outcomes_are_inferred():
    body = words("谁", "甲", "乙") + params("期 | 3工作日 | -", "数 | 5 | -")
    body += decision(
        "金额 | → 谁 | → 分 | → 报 | → 何时 | → 范围 | → 说法",
        ">= 5 | 甲 | 10 | 是 | 受理后期 | (0%..100%) | 立即处理",
        "- | 乙 | 数 | 否 | 当天内 | - | 扣除",
    )

    found = manual(body)

    assert errors(found) == []
    assert [output.kind for output in found.decisions[0].outputs] == [
        OutcomeKind.CHOICE,
        OutcomeKind.NUMBER,
        OutcomeKind.BOOL,
        OutcomeKind.DUE,
        OutcomeKind.BOUND,
        OutcomeKind.TEXT,
    ]


def test_an_undecided_parameter_as_outcome_is_a_warning():
    found = manual(params("数 | 未定 | -") + decision("金额 | → 分", ">= 5 | 数", "- | 2"), questions={})

    warnings = [f.message for f in found.findings if f.level is Level.WARNING]

    assert warnings == ["参数“数”未定，这一行的结论是空的"]


def test_stages_have_owners_branches_nature_and_joint_signature():
    body = (
        "@阶段 步骤 回答=q\n\n| 阶段 | 负责 | 会签 | 性质 | 表单 | 时限 | 下一步 | 条款 |\n|---|---|---|---|---|---|---|---|\n"
        "| 登记 | 甲、乙 | 依次 | 受理 | 登记表 | 受理后1小时 | 重大:核准、答复 | 一 |\n"
        "| 核准 | 丙 | 全部 | - | - | 周五前 | 答复 | 一 |\n| 答复 | 甲 | - | - | - | - | - | 一 |\n"
    )

    found = manual(body, front="facts:\n  重大: bool")

    assert errors(found) == []
    first, second, third = found.stages[0].stages
    assert (first.owners, first.joint, first.nature, first.form) == (
        ("甲", "乙"),
        Joint.IN_TURN,
        "受理",
        "登记表",
    )
    assert [(b.when, b.stage) for b in first.next] == [("重大", "核准"), (None, "答复")]
    assert second.limit.text == "周五前"
    assert [(b.when, b.stage) for b in third.next] == [(None, None)]


def test_stages_without_a_next_column_are_periodic_duties():
    body = "@阶段 例行\n\n| 阶段 | 负责 | 时限 | 条款 |\n|---|---|---|---|\n"
    limits = [
        "周五前",
        "月末前",
        "下周开始前1工作日",
        "当天内",
        "每15天",
        "每月至少2次",
        "3个工作日",
        "三天内",
    ]
    body += "".join(f"| 事{n} | 甲 | {limit} | 一 |\n" for n, limit in enumerate(limits))

    found = manual(body)

    assert errors(found) == []
    assert found.stages[0].has_next is False


def test_a_declared_date_may_be_a_deadline_and_an_undeclared_word_may_not():
    body = "@阶段 例行\n\n| 阶段 | 时限 | 条款 |\n|---|---|---|\n| 答 | 答应时间前 | 一 |\n"

    declared = manual(body, front="facts:\n  答应时间: date")
    bare = manual(body)

    assert errors(declared) == []
    assert len(errors(bare)) == 1


def test_keywords_exist_in_english():
    body = (
        "@list Who\n\n| name |\n|---|\n| Boss |\n| Clerk |\n\n"
        "@params P\n\n| name | value | range | clause |\n|---|---|---|---|\n| start | 500 | [300..800] | 一 |\n\n"
        "@decision Handler hit=highest\n\n| value | -> Who | clause | note |\n|---|---|---|---|\n"
        "| >= start | Boss | 一 | - |\n| - | Clerk | 一 | otherwise |\n\n"
        "@examples Handler\n\n| value | -> Who |\n|---|---|\n| unknown | Clerk |\n"
    )

    found = manual(body)

    assert errors(found) == []
    assert found.decisions[0].hit is Hit.HIGHEST
    assert [row.otherwise for row in found.decisions[0].rows] == [False, True]


def test_quoted_words_may_hold_commas_and_escaped_bars_are_bars():
    body = words("词", '"甲、乙"', "丙\\|丁") + decision("词 | → 谁", '"甲、乙"、丙\\|丁 | 子')

    found = manual(body)

    assert errors(found) == []
    assert [word.name for word in found.lists["词"].words] == ["甲、乙", "丙|丁"]


def test_a_table_without_directive_that_looks_executable_is_a_warning():
    found = manual("| 金额 | → 谁 | 条款 |\n|---|---|---|\n| 1 | 甲 | 一 |\n")

    assert [(f.level, f.message) for f in found.findings] == [
        (Level.WARNING, "这张表前面没有“@”指令，只作说明，不会执行")
    ]
    assert found.tables == ()


@pytest.mark.parametrize(
    ("count", "unit", "days"),
    [
        (1, Unit.MONTH, (28, 31)),
        (2, Unit.MONTH, (59, 62)),
        (3, Unit.MONTH, (89, 92)),
        (6, Unit.MONTH, (181, 184)),
        (1, Unit.YEAR, (365, 366)),
        (2, Unit.WEEK, (14, 14)),
    ],
)
def test_lengths_of_periods_in_days(count, unit, days):
    assert in_days(Amount(count, unit)) == days


def test_a_heading_without_a_number_is_called_by_its_title():
    found = manual("## 总则\n\n" + decision("金额 | → 谁", ">= 5 | 甲").replace("| 一 |", "| 总则 |"))

    assert errors(found) == []
    assert found.clause("总则").line == 12


AUTHORITY_BODY = decision("货值 | 被投诉人 | → 处理人", ">= 5 | 上级 | 店长", "- | - | 主管").replace(
    "@判定 表", "@判定 表 回答=complaint.authority"
)


def test_lists_that_a_question_wants_and_the_manual_lacks_are_made_up_from_its_cells():
    question = Question(
        "complaint.authority",
        facts=[Fact("value", Money, zh="货值"), Fact("accused", Enum("级别"), zh="被投诉人")],
        outcome=[Outcome("handler", Choice("处理人"), zh="处理人")],
    )

    found = manual(AUTHORITY_BODY, questions={question.name: question})

    assert errors(found) == []
    assert [f.message for f in found.findings] == [
        "没有清单“处理人”，“处理人”的取值按单元格",
        "没有清单“级别”，“被投诉人”的取值按单元格",
    ]
    assert [word.name for word in found.decisions[0].inputs[1].fact.words] == ["上级"]


def test_made_up_words_have_no_rank():
    question = Question(
        "complaint.authority",
        facts=[Fact("value", Money, zh="货值"), Fact("accused", Enum(["上级"]), zh="被投诉人")],
        outcome=[Outcome("handler", Choice("处理人"), zh="处理人")],
    )

    found = manual(AUTHORITY_BODY.replace("命中=首行", "命中=最高"), questions={question.name: question})

    assert errors(found) == ["命中=最高 要有第一个结论“处理人”的清单，排在前面的级别高"]


def test_words_fixed_in_code_have_codes_and_ranks():
    question = Question(
        "complaint.authority",
        facts=[
            Fact("value", Money, zh="货值"),
            Fact("accused", Enum([("up", "上级", "Senior")]), zh="被投诉人"),
        ],
        outcome=[Outcome("handler", Choice(["店长", "主管"]), zh="处理人")],
    )

    found = manual(AUTHORITY_BODY.replace("命中=首行", "命中=最高"), questions={question.name: question})

    assert errors(found) == []
    assert found.decisions[0].ranks == (0, 1)
    assert found.decisions[0].rows[0].tests[1].test.items[0].operand.value == "up"


@pytest.mark.parametrize("option", ["用途=服务流程", "purpose=服务流程"])
def test_a_list_says_what_it_is_for(option):
    found = manual(f"@清单 柜台接待 {option}\n\n| 名称 |\n|---|\n| 问候 |\n\n" + words("谁", "甲"))

    assert errors(found) == []
    assert [(table.name, table.purpose) for table in found.lists.values()] == [
        ("柜台接待", "服务流程"),
        ("谁", ""),
    ]


def test_only_a_list_says_what_it_is_for():
    found = manual("@参数 期限 用途=服务流程\n\n| 名称 | 值 | 条款 |\n|---|---|---|\n| 期 | 1天 | 一 |\n")

    assert errors(found) == ["“用途”只写在“@清单”后面"]


def test_front_matter_of_a_controlled_document():
    found = manual(
        "", front="number: GL-KF-01\ninterpreter: 法务部\napprover: GENERAL_MANAGER\nrevise_every: 半年"
    )

    assert found.findings == ()
    assert found.meta["number"] == "GL-KF-01"


@pytest.mark.parametrize("period", ["尽快", "3工作日", "20年", "30天"])
def test_the_period_of_revision_is_one_of_months_or_years(period):
    found = manual("", front=f"revise_every: {period}")

    assert errors(found) == [f"修订周期“{period}”看不懂(如 1年、半年、6个月)"]
