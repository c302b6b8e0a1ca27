"""Holes of real regimes, and what a change of them means, in the words of the format's sections 5.3 and 5.4."""

from pathlib import Path

import pytest

from zhike.kernel.policy.check import analyse, changed_tables, meaning
from zhike.kernel.policy.manual.model import Level, Param
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.questions import Choice, Count, Enum, Fact, Money, Outcome, Question, Tags, TextOut

HERE = Path(__file__).parent / "manuals"
MALL = (HERE / "mall.md").read_text(encoding="utf-8")
MFG = (HERE / "mfg.md").read_text(encoding="utf-8")

AUTHORITY = Question(
    "complaint.authority",
    facts=[
        Fact("value", Money, zh="货值", optional=True),
        Fact("circumstances", Tags("投诉情形"), zh="情形"),
        Fact("accused", Enum(["主管级以上", "主管级以下"]), zh="被投诉人", optional=True),
    ],
    outcome=[Outcome("handler", Choice("处理人"), zh="处理人")],
)
PENALTY = Question(
    "complaint.penalty",
    facts=[Fact("offence", Enum(["置投诉于不顾", "被投诉属实"]), zh="过失"), Fact("count", Count, zh="次数")],
    outcome=[Outcome("allowance", TextOut, zh="当月津贴"), Outcome("measure", TextOut, zh="处分")],
)
KNOWN = {question.name: question for question in (AUTHORITY, PENALTY)}


def without(text, *lines):
    for line in lines:
        assert text.count(line + "\n") == 1
        text = text.replace(line + "\n", "")
    return text


def swapped(text, *pairs):
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def found(text, level=Level.GAP, questions=KNOWN):
    manual = read(text, questions=questions)
    assert manual.errors == ()
    return [(one.line, one.message) for one in analyse(manual) if one.level is level]


def test_the_manuals_of_the_format_have_no_gap_and_no_error():
    for text in (MALL, MFG):
        assert found(text) == []
        assert found(text, Level.ERROR) == []
        assert found(text, Level.WARNING) == []


def test_the_manuals_of_the_format_have_no_gap_in_an_installation_that_knows_no_question():
    for text in (MALL, MFG):
        assert found(text, questions={}) == []
        assert found(text, Level.WARNING, questions={}) == []


def test_the_mall_says_nothing_of_a_third_offence():
    holes = swapped(MALL, ("| >= 3 |", "| 3 |"), ("| 被投诉属实 | >= 2 |", "| 被投诉属实 | 2 |"))

    assert found(holes) == [
        (58, "没有规定 —— 过失 被投诉属实，且 次数 ≥3"),
        (58, "没有规定 —— 次数 >3"),
    ]


def test_the_mall_says_nothing_of_small_values_and_unknown_persons():
    assert found(without(MALL, "| - | - | - | 客服主管 | 三(五)3 |")) == [
        (107, "没有规定 —— 货值 [0..500) 或 未知，且 被投诉人 未知，且 情形不含“食物中毒、变质过期食品”等9项")
    ]


REGIMES = {
    "car": (
        "产品原因: bool\n  保修期内: bool\n  公司同意: bool?\n  为维护品牌: bool",
        "首行",
        "产品原因 | 保修期内 | 公司同意 | 为维护品牌",
        ["是 | 是 | - | -", "是 | 否 | 是 | -", "是 | 否 | 否 | -", "否 | 否 | 是 | 是"],
        [
            "产品原因 否，且 保修期内 是",
            "产品原因 否，且 公司同意 否/未知",
            "产品原因 否，且 为维护品牌 否",
            "保修期内 否，且 公司同意 未知",
        ],
    ),
    "need": (
        "需求: enum\n  预计成交: until?",
        "首行",
        "需求 | 预计成交",
        ["明确 | <= 1周", "明确 | (1周..1个月]", "明确 | (1个月..3个月]", "明确 | > 3个月", "不明确 | -"],
        ["需求 明确，且 预计成交 未知"],
    ),
    "cadence": (
        "预计成交: until?",
        "唯一",
        "预计成交",
        ["<= 半年", "> 半年"],
        ["预计成交 未知"],
    ),
    "bank": (
        "项目: enum\n  持私人银行卡: bool",
        "唯一",
        "项目 | 持私人银行卡",
        ["洗车 | 是", "机场 | -"],
        ["项目 洗车，且 持私人银行卡 否"],
    ),
    "tier": (
        "档次: enum",
        "首行",
        "档次",
        ["高", "not(高, 低, 其他)"],
        ["档次 低/其他"],
    ),
    "rescue": (
        "地点: enum\n  故障: enum\n  预计分钟: number",
        "唯一",
        "地点 | 故障 | 预计分钟",
        ["中国大陆 | 大修 | > 30", "中国大陆 | 小修 | -", "境外 | - | -"],
        ["地点 中国大陆，且 故障 大修，且 预计分钟 [0..30]"],
    ),
    "pharma": (
        "对象: enum\n  受理处: enum",
        "唯一",
        "对象 | 受理处",
        ["产品 | 质量部", "服务 | 质量部", "服务 | 销售部、大区经理"],
        ["对象 产品，且 受理处 销售部/大区经理"],
    ),
}


def regime(facts, hit, header, rows):
    columns = header.count("|") + 3
    body = "".join(f"| {row} | 结论{n} | 一 |\n" for n, row in enumerate(rows))
    front = f"---\nmanual: m\ntitle: 规定\nversion: 1\neffective: 2025-01-01\nfacts:\n  {facts}\n---\n\n"
    table = f"@判定 表 回答=other.trade 命中={hit}\n\n| {header} | → 结论 | 条款 |\n|{'---|' * columns}\n"
    return f"{front}# 规定\n\n## 一、条款\n\n{table}{body}"


@pytest.mark.parametrize("name", REGIMES)
def test_the_holes_of_other_regimes_are_named(name):
    facts, hit, header, rows, holes = REGIMES[name]

    assert [message for _, message in found(regime(facts, hit, header, rows))] == [
        f"没有规定 —— {hole}" for hole in holes
    ]


def test_a_threshold_moved_from_2000_to_1500_is_one_line_about_outcomes():
    moved = swapped(MALL, ("| 店长起点 | 2000元 |", "| 店长起点 | 1500元 |"), ("version: 3", "version: 4"))
    old, new = (read(text, questions=KNOWN) for text in (MALL, moved))

    assert meaning(old, new) == [
        "客服经理 → 店长: 货值 [1500..2000)，且 被投诉人 主管级以下/未知，且 情形不含“食物中毒、变质过期食品”等7项",
        "参数 店长起点：2000元 → 1500元",
        "版本：3 → 4",
    ]


def test_the_region_of_a_change_is_given_as_tests():
    moved = swapped(MALL, ("| 店长起点 | 2000元 |", "| 店长起点 | 1500元 |"))
    old, new = (read(text, questions=KNOWN) for text in (MALL, moved))

    (table,) = changed_tables(old, new)
    (change,) = table.changes

    assert (table.table, table.decided, change.old, change.new) == (
        "处理权限",
        True,
        {"处理人": "客服经理"},
        {"处理人": "店长"},
    )
    assert [one.fact.key for one in change.region.conditions] == ["货值", "情形", "被投诉人"]
    assert [len(one.any_of) for one in change.region.conditions] == [1, 1, 1]


def test_a_unit_that_moves_a_figure_is_checked_with_its_own_value():
    crossing = swapped(
        MALL,
        ("[1500..2500]", "[400..2500]"),
        ("| 经理起点 | 500元 | [300..800] |", "| 经理起点 | 500元 | - |"),
    )

    assert found(crossing, Level.WARNING) == [
        (115, "单位改参数后，区间[经理起点..店长起点)的上下限可能颠倒：下限可到500，上限可到400")
    ]
    own = read(crossing, questions=KNOWN, overrides={"店长起点": "400"}, unit="一店")
    errors = [(one.line, one.message) for one in (*own.findings, *analyse(own)) if one.level is Level.ERROR]
    assert [line for line, message in errors if "颠倒" in message] == [115]
    own = read(MALL, questions=KNOWN, overrides={"店长起点": "1500"}, unit="一店")
    assert [one for one in analyse(own) if one.level is not Level.INFO] == []


def test_a_parameter_that_a_unit_has_moved_is_named_by_its_value():
    assert isinstance(read(MALL).params["店长起点"], Param)
    old = read(MALL, questions=KNOWN)
    new = read(MALL, questions=KNOWN, overrides={"店长起点": "1800元"}, unit="一店")

    assert meaning(old, new)[0].startswith("客服经理 → 店长: 货值 [1800..2000)")
    assert meaning(old, new)[1:] == ["参数 店长起点：2000元 → 1800元"]


def test_words_examples_clauses_and_stages_that_change_are_named():
    changed = swapped(
        MALL,
        ("| 叉车擦伤 | 叉车擦伤顾客 |", "| 叉车擦伤 | 被叉车擦伤 |"),
        ("| 环境影响 | 安全 | 一 |", "| 环境影响 | 安全 | 一 |\n| 停车 | 服务 | 一 |"),
        ("| 记录细节 | 接待人 | 细节 | 当天内 |", "| 记录细节 | 处理人 | 细节 | 2小时内 |"),
        ("| 2000 | 无 | 未知 | 店长 |\n", ""),
        ("员工对投诉置之不理,一经查实,按次数加重处分。", "员工对投诉置之不理的,加重处分。"),
        ("#### 三(五)3 其余投诉(暂定)", "#### 三(五)3 其余投诉"),
        ("effective: 2025-01-01", "effective: 2026-01-01"),
        ("| [300..800] |", "| [300..900] |"),
    )

    assert meaning(read(MALL, questions=KNOWN), read(changed, questions=KNOWN)) == [
        "参数 经理起点 单位可改：[300..800] → [300..900]",
        "清单 投诉类别：新增 停车",
        "清单 投诉情形 “叉车擦伤” 说明：叉车擦伤顾客 → 被叉车擦伤",
        "处理步骤 阶段“记录细节” 负责：接待人 → 处理人",
        "处理步骤 阶段“记录细节” 时限：当天内 → 2小时内",
        "示例 处理权限：取消1例",
        "条款 三(三) 文字有改动",
        "条款 三(五)3 标题：其余投诉(暂定) → 其余投诉",
        "生效日期：2025-01-01 → 2026-01-01",
    ]


def test_a_limit_that_moves_through_its_parameter_is_shown_where_it_acts():
    changed = swapped(
        MFG,
        ("| 普通答复 | 3工作日 |", "| 普通答复 | 2工作日 |"),
        ("| 发单期限 | 1小时 |", "| 发单期限 | 2小时 |"),
    )

    assert meaning(read(MFG, questions={}), read(changed, questions={})) == [
        "答复 品质签收后3工作日 → 品质签收后2工作日: 重大 否",
        "参数 发单期限：1小时 → 2小时",
        "参数 普通答复：3工作日 → 2工作日",
        "处理流程 阶段“发单” 时限：受理后1小时 → 受理后2小时",
    ]


def test_tables_and_clauses_that_come_or_go_are_named():
    changed = MALL.split("@示例")[0] + "\n## 四、附则\n\n@清单 附件\n\n| 名称 |\n|---|\n| 登记表 |\n"

    assert meaning(read(MALL, questions=KNOWN), read(changed, questions=KNOWN)) == [
        "新增清单“附件”",
        "示例 处理权限：取消6例",
        "新增条款 四 附则",
    ]


def test_a_new_threshold_in_the_rows_and_a_clause_that_moves_are_told_apart():
    changed = swapped(
        MALL, ("| - | - | 主管级以上 | 店长 | 三(五)1 |", "| - | - | 主管级以上 | 店长 | 三(五)2 |")
    )

    assert meaning(read(MALL, questions=KNOWN), read(changed, questions=KNOWN)) == [
        "处理权限 第3行：条款 三(五)1 → 三(五)2"
    ]
