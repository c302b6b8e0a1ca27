"""Deliberately broken manuals: line, column and the sentence."""

from pathlib import Path

import pytest

from zhike.kernel.policy.manual.reader import read

from .declared import QUESTIONS
from .texts import decision, errors, manual, one_error, params, words

MANUALS = Path(__file__).parent / "manuals"


def test_every_mistake_of_a_broken_manual_is_named_at_its_place():
    found = read((MANUALS / "broken.md").read_text(encoding="utf-8"), questions=QUESTIONS)

    assert [(f.line, f.column, f.table, f.message) for f in found.errors] == [
        (33, 7, "处理权限", "“情形”没有取值“变质食品”，是否指“变质过期食品”？"),
        (34, 3, "处理权限", "区间上下限颠倒：[2000..500)"),
        (34, 30, "处理权限", "条款“三(五)2”在本规定中没有标题"),
        (35, 3, "处理权限", "“五百”不是数值，也不是已声明的参数"),
        (35, 16, "处理权限", "结论“处理人”没有取值“总经理”，只有：店长、客服经理、客服主管"),
        (36, 3, "处理权限", "数值里不能有千位分隔符：“2,000”；几个数值之间用“、”"),
        (36, 18, "处理权限", "“被投诉人”不能比较大小"),
        (36, 33, "处理权限", "条款一格是空的：每一行都要写明条款"),
        (37, 0, "处理权限", "这一行有 6 格，表头有 5 格"),
        (38, 0, "处理权限", "表格后缺空行：这一行文字被当成了表格的一行"),
        (40, 1, "", "不认识的指令“@判定表”，是否指“@判定”？"),
        (46, 0, "处分", "缺少结论列“→ 处分”"),
        (48, 8, "处分", "问题 complaint.penalty 没有事实“人次”，只有：过失、次数"),
        (50, 3, "处分", "“过失”没有取值“迟到”，只有：置投诉于不顾、被投诉属实"),
        (56, 8, "步骤", "时限看不懂：“尽快”没有说多久，请写明期限，或用值为“未定”的参数"),
        (56, 13, "步骤", "下一步“审核”不是本表的阶段"),
        (58, 1, "", "指令后面没有表格"),
        (60, 1, "", "标题的“#”后面缺空格：“##三”"),
        (66, 8, "金额", "参数“起点”的值 400元 不在自己的范围 [500..800] 内"),
        (67, 8, "金额", "参数“期限”的值 5工作日 不在自己的范围 [1工作日..3工作日] 内"),
        (68, 8, "金额", "参数“未写”没有值(还没有定的写“未定”)"),
    ]


def test_rows_with_an_unreadable_cell_are_marked_and_sound_rows_are_not():
    found = read((MANUALS / "broken.md").read_text(encoding="utf-8"), questions=QUESTIONS)

    table = found.decision("处理权限")

    assert [row.broken for row in table.rows] == [True, True, True, True, True]
    assert table.broken is False
    assert found.decision("处分").broken is True


HEADER = "| 金额 | → 谁 | 条款 |\n|---|---|---|\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("@判定 表\n\n｜ 金额 ｜ → 谁 ｜\n", "指令后面没有表格：表格要用半角的“|”，不能用全角的“｜”"),
        (
            "@判定 表\n\n| 金额 | → 谁 |\n| —— | —— |\n| 1 | 甲 |\n",
            "指令后面没有表格：表头下面一行要写成 |---|---|，格数与表头相同",
        ),
        ("@判定 表\n\n只有文字\n", "指令后面没有表格"),
        ("@判定 表\n\n@清单 词\n\n| 名称 |\n|---|\n| 甲 |\n", "指令后面没有表格"),
        (f"@判定 表\n\n{HEADER}", "表格没有内容行"),
        (f"@判定 表\n\n{HEADER}| 1 | 甲 | 一 |\n>= 2 | 乙 | 一 |\n", "这一行没有以“|”开头，表格在这里断开了"),
        (f"@判定 表\n\n{HEADER}| 1 | 甲 | 一 |\n2 | 乙 | 一 |\n", "表格的每一行都要以“|”开头"),
        (f"@判定 表\n\n{HEADER}| 1 | 甲 |\n", "这一行有 2 格，表头有 3 格"),
        (f"@判定\n\n{HEADER}| 1 | 甲 | 一 |\n", "指令“@判定”后面缺表名"),
        (f"@判定 表 命种=首行\n\n{HEADER}| 1 | 甲 | 一 |\n", "指令里不认识“命种”，是否指“命中”？"),
        (
            f"@判定 表 命中=随便\n\n{HEADER}| 1 | 甲 | 一 |\n",
            "不认识的命中方式“随便”，只有：首行、唯一、最高、收集",
        ),
        ("@判定 表\n\n| 金额 | → 谁 |\n|---|---|\n| 1 | 甲 |\n", "缺少“条款”列"),
        ("@判定 表\n\n| 金额 | 条款 |\n|---|---|\n| 1 | 一 |\n", "缺少结论列：表头要有一列以“→”开头"),
        (
            "@判定 表\n\n| 金额 | 金额 | → 谁 | 条款 |\n|---|---|---|---|\n| 1 | 1 | 甲 | 一 |\n",
            "表头“金额”重复",
        ),
        ("#三 没有空格\n", "标题的“#”后面缺空格：“#三”"),
    ],
)
def test_what_markdown_accepts_in_silence_is_an_error(body, message):
    assert message in errors(manual(body))


@pytest.mark.parametrize("blank", ["", "\n"])
@pytest.mark.parametrize("sign", ["@", "＠"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_directive_works_with_any_line_end_wide_sign_and_without_blank_line(blank, sign, end):
    body = f"文字\n{sign}判定 表 命中＝首行\n{blank}{HEADER}| >= 5 | 甲 | 一 |\n".replace("\n", end)

    found = manual(body)

    assert errors(found) == []
    assert found.decisions[0].rows[0].outcomes[0].text == "甲"


def test_a_byte_order_mark_and_wide_signs_in_cells_change_nothing():
    from .texts import HEAD

    body = decision("金额 | → 谁", "［１００．．２００）、＞＝３００ | 甲", "- | 乙")

    found = read("\ufeff" + HEAD + body, questions={})

    assert found.findings[0].level == "info"
    assert errors(found) == []


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (">= 2，000", "数值里不能有千位分隔符：“2,000”；几个数值之间用“、”"),
        ("[1..1)", "区间是空的：[1..1)"),
        (">= ", "这里缺一个值"),
        ("全有(1)", "“金额”不是集合，不能用“全有”"),
        ("很多", "“很多”不是数值，也不是已声明的参数"),
    ],
)
def test_cells_of_figures_refuse_what_is_no_figure(cell, message):
    body = decision("金额 | → 谁", f"{cell} | 甲")

    assert one_error(body, front="facts:\n  金额: money") == message


def test_a_list_of_two_figures_is_no_thousands_separator():
    body = decision("次数 | → 谁", "1、2 | 甲")

    assert errors(manual(body)) == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["<= 30天", "<= 1个月"], "“到期”里的 30天 与 1个月 分不出长短，请用同一种单位"),
        (["<= 180天", "> 半年"], None),
        (["<= 182天", "> 半年"], "“到期”里的 182天 与 半年 分不出长短，请用同一种单位"),
        (["<= 1周", "(1周..1个月]", "> 3个月"], None),
        (["<= 28天", "<= 1个月"], None),
        (["<= 12个月", "> 1年"], None),
        (["<= 3工作日"], "“3工作日”不是时间段(如 1周、3个月)，也不是已声明的参数"),
    ],
)
def test_periods_that_have_no_order_are_refused(cells, message):
    body = decision("到期 | → 谁", *(f"{cell} | 甲" for cell in cells))

    assert errors(manual(body, front="facts:\n  到期: until")) == ([message] if message else [])


def test_a_vague_deadline_asks_for_an_undecided_parameter():
    body = "@阶段 步骤\n\n| 阶段 | 时限 | 下一步 | 条款 |\n|---|---|---|---|\n| 登记 | {} | 结束 | 一 |\n"

    assert one_error(body.format("及时")).startswith("时限看不懂：“及时”没有说多久")
    assert errors(manual(params("时限 | 未定 | -") + body.format("时限"))) == []


@pytest.mark.parametrize("row", ["起点 | 2000元 | [1500..2000)", "起点 | 2000元 | [500..800]"])
def test_a_parameter_outside_its_own_range_is_an_error(row):
    assert len(errors(manual(params(row)))) == 1


@pytest.mark.parametrize(
    "row", ["起点 | 2000元 | [1500..2000]", "起点 | 1500元 | [1500..2000]", "起点 | 未定 | [1..2]"]
)
def test_a_parameter_at_the_end_of_its_range_is_fine(row):
    assert errors(manual(params(row))) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (words("词", "甲", "甲"), "清单“词”里“甲”重复"),
        (words("词", "甲") + words("词", "乙"), "表名“词”重复"),
        (params("甲 | 1 | -", "甲 | 2 | -"), "参数“甲”重复"),
        ("@清单 词\n\n| 名称 | 代码 |\n|---|---|\n| 甲 | a |\n| 乙 | a |\n", "清单“词”里代码“a”重复"),
        ("@清单 词\n\n| 名称 | 条款 |\n|---|---|\n| 甲 | 九 |\n", "条款“九”在本规定中没有标题"),
        ("@示例 表\n\n| 甲 | → 乙 |\n|---|---|\n| 1 | 2 |\n", "示例要写判定表的名称，没有“表”"),
    ],
)
def test_words_are_unique_and_clauses_exist(body, message):
    assert one_error(body) == message


def test_empty_clauses_are_fine_in_lists_and_errors_elsewhere():
    empty = "@清单 词\n\n| 名称 | 条款 |\n|---|---|\n| 甲 | |\n"
    derived = "@推算 数\n\n| 名称 | 算式 | 条款 |\n|---|---|---|\n| 和 | 1 + 1 | |\n"

    assert errors(manual(empty)) == []
    assert one_error(derived) == "条款一格是空的：每一行都要写明条款"


def test_highest_needs_a_vocabulary_for_the_first_outcome():
    body = decision("金额 | → 谁", ">= 5 | 甲", hit="最高")

    assert one_error(body) == "命中=最高 要有第一个结论“谁”的清单，排在前面的级别高"


def test_a_set_has_at_most_63_words():
    many = words("情形", *(f"词{n}" for n in range(64)))
    few = words("情形", *(f"词{n}" for n in range(63)))
    body = decision("情形 | → 谁", "有 | 甲")

    assert one_error(many + body) == "“情形”的清单有 64 项，作集合最多 63 项"
    assert errors(manual(few + body)) == []


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("facts:\n  金额: mony", "事实“金额”的类型“mony”不认识，是否指“money”？"),
        ("facts:\n  情形: tags(没有)", "事实“情形”：没有清单“没有”"),
        ("facts: 金额", "facts 要写成“事实名: 类型”，每行一项"),
        ("owner: [", "文件信息不是有效的 YAML，请检查冒号和缩进"),
    ],
)
def test_front_matter_mistakes_are_errors(front, message):
    assert one_error(decision("金额、| → 谁", "- | 甲").replace("金额、", "情形 "), front=front) == message


@pytest.mark.parametrize(
    "text", ["", "\0\0", "|" * 5000, "# " + "一" * 100_000, "@判定\n" * 500, "---\n---\n", "((((" * 999]
)
def test_no_text_whatever_raises(text):
    read(text)
    read("@推算 x\n\n| 名称 | 算式 | 条款 |\n|---|---|---|\n| a | " + text[:500].replace("|", "") + " | |\n")


def test_an_empty_header_beside_a_formula_is_an_error_and_no_endless_loop():
    body = "@判定 表\n\n| | → 谁 | 条款 |\n|---|---|---|\n| - | = 原价 × 2 | 一 |\n"

    assert errors(manual(body)) == ["表头有一格是空的"]


@pytest.mark.parametrize(
    "cell", ["[" + "." * 100_000, "(" * 100_000, "9" * 100_000, "," * 100_000, "食" * 100_000]
)
def test_a_cell_of_100000_characters_is_one_error(cell):
    assert one_error(decision("金额 | → 谁", f"{cell} | 甲")) == f"这一格太长({len(cell)} 字，最多 4000 字)"


@pytest.mark.parametrize("cell", ["[" + "." * 3999, "(" * 4000, "," * 4000, "[" * 2000 + ".." + "]" * 1990])
def test_a_long_cell_of_signs_is_refused_and_does_not_hang(cell):
    assert errors(manual(decision("金额 | → 谁", f"{cell} | 甲"), front="facts:\n  金额: money")) != []


@pytest.mark.parametrize(
    "line", ["@判定 " + "x" * 100_000, "# " + "一" * 100 + "x", "# " + "1." * 5000 + "x"]
)
def test_long_lines_do_not_hang(line):
    read(line)
