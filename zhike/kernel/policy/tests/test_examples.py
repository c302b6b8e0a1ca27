"""Examples of manuals: those that come out, those that do not, and those that need a calendar."""

from pathlib import Path

import pytest

from zhike.kernel.policy.evaluate.examples import run_examples
from zhike.kernel.policy.evaluate.timekeeping import timekeeper
from zhike.kernel.policy.manual.model import Level
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.worktime.pattern import Calendar

from .declared import QUESTIONS
from .texts import decision, errors, manual, one_error, words

MANUALS = Path(__file__).parent / "manuals"
HOURS = [["08:30", "12:00"], ["13:00", "17:30"]]
FACTORY = {"tz": "Asia/Shanghai", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS)}


def text_of(name):
    return (MANUALS / f"{name}.md").read_text(encoding="utf-8")


def messages(found, keeper=None):
    return [(f.line, f.column, f.level, f.message) for f in run_examples(found, keeper)]


@pytest.mark.parametrize("questions", [{}, QUESTIONS])
def test_the_six_examples_of_the_mall_come_out(questions):
    found = read(text_of("mall-complaints"), questions=questions)

    assert len(found.examples[0].rows) == 6
    assert messages(found) == []


def test_an_example_that_does_not_come_out_is_an_error_at_its_cell():
    text = text_of("mall-complaints").replace(
        "| 1999.99 | 无 | 未知 | 客服经理 |", "| 1999.99 | 无 | 未知 | 店长 |"
    )

    found = messages(read(text, questions=QUESTIONS))

    assert found == [
        (124, 22, Level.ERROR, "示例第1行不符：“处理人”应为“店长”，实际是“客服经理”(第5行，条款 三(五)2)")
    ]


def test_a_changed_figure_breaks_its_examples():
    text = text_of("mall-complaints").replace("| 店长起点 | 2000元 |", "| 店长起点 | 2000.01元 |")

    assert [line for line, *_ in messages(read(text, questions=QUESTIONS))] == [125]


def test_time_examples_without_a_calendar_are_information():
    found = messages(read(text_of("mfg-complaints"), questions=QUESTIONS))

    assert found == [
        (68, 18, Level.INFO, "示例第1行：没有日历“工厂日历”，时间“周一 15:00”没有核对"),
        (68, 29, Level.INFO, "示例第1行：没有日历“工厂日历”，时间“周二 17:30”没有核对"),
        (69, 22, Level.INFO, "示例第2行：没有日历“工厂日历”，时间“周三 17:30”没有核对"),
    ]


@pytest.mark.rule("T001-12", "T001-38")
def test_time_examples_come_out_with_the_factory_calendar():
    keeper = timekeeper({"工厂日历": Calendar.of(FACTORY)})

    assert messages(read(text_of("mfg-complaints"), questions=QUESTIONS), keeper) == []


def test_a_wrong_time_is_an_error_that_names_the_right_one():
    keeper = timekeeper({"工厂日历": Calendar.of(FACTORY)})
    text = text_of("mfg-complaints").replace(
        "| 是 | 周五 15:00 | 周一 15:00 |", "| 是 | 周五 15:00 | 周一 14:59 |"
    )

    found = messages(read(text, questions=QUESTIONS), keeper)

    assert found == [
        (68, 18, Level.ERROR, "示例第1行不符：“临时措施答复”应为“周一 14:59”，实际是 2025-03-17(周一) 15:00")
    ]


def examples(header, *rows):
    lines = ["@示例 表", "", f"| {header} |", "|" + "---|" * (header.count("|") + 1)]
    return "\n".join([*lines, *(f"| {row} |" for row in rows), ""])


SETS = words("情形", "红", "黄")


@pytest.mark.parametrize(
    ("table", "given", "count"),
    [
        (decision("钱 | → 谁", ">= 5 | 甲"), ("钱 | → 谁", "5 | 甲", "4.99 | -"), 0),
        (decision("钱 | → 谁", ">= 5 | 甲"), ("钱 | → 谁", "5 | -", "4.99 | 甲"), 2),
        (decision("钱 | → 数", "- | = 钱 × 2"), ("钱 | → 数", "5 | 10", "0.5 | 1.0"), 0),
        (decision("钱 | → 数", "- | = 钱 × 2"), ("钱 | → 数", "5 | 11"), 1),
        (decision("钱 | → 率", "- | 15%"), ("钱 | → 率", "5 | 0.15"), 0),
        (decision("钱 | → 谁", "1 | 甲、乙"), ("钱 | → 谁", "1 | 甲，乙"), 0),
        (
            decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", hit="收集"),
            ("钱 | → 谁", "5 | 乙、甲", "1 | -", "3 | 乙"),
            0,
        ),
        (decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", hit="收集"), ("钱 | → 谁", "5 | 甲"), 1),
        (
            decision("到期 | → 谁", "<= 1周 | 近"),
            ("今天 | 到期 | → 谁", "2025-01-01 | 2025-01-08 | 近", "2025-01-01 | 2025-01-09 | -"),
            0,
        ),
        (decision("到期 | → 谁", "<= 1周 | 近"), ("到期 | → 谁", "1周 | 近", "8天 | -"), 0),
        (decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", hit="唯一"), ("钱 | → 谁", "5 | 甲"), 1),
        (
            SETS + decision("情形 | → 谁", "红 | 甲", "无 | 乙"),
            ("情形 | → 谁", "红、黄 | 甲", "无 | 乙", "黄 | -"),
            0,
        ),
    ],
)
def test_examples_of_every_kind_are_compared(table, given, count):
    found = manual(table + examples(*given))

    assert errors(found) == []
    assert len(messages(found)) == count


def test_an_example_may_give_the_facts_of_the_tables_before():
    chain = decision("钱 | → 等级", ">= 100 | 高", "- | 低", name="分级") + decision(
        "等级 | → 次数", "高 | 3", "低 | 1"
    )

    found = manual(chain + examples("钱 | → 次数", "100 | 3", "99.99 | 1"))

    assert errors(found) == []
    assert messages(found) == []


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("颜色 | → 谁", "示例里没有事实“颜色”，只有：金额"),
        ("金额数 | → 谁", "示例里没有事实“金额数”，是否指“金额”？"),
        ("金额 | → 何人", "示例里没有结论“何人”，只有：谁"),
    ],
)
def test_columns_of_examples_are_those_of_the_table(header, message):
    assert one_error(decision("金额 | → 谁", ">= 5 | 甲") + examples(header, "5 | 甲")) == message


def test_a_bad_value_in_an_example_is_an_error_of_the_example():
    found = manual(SETS + decision("情形 | → 谁", "有 | 甲") + examples("情形 | → 谁", "绿 | 甲"))

    assert [message for *_, message in messages(found)] == ["示例第1行：“情形”没有取值“绿”，只有：红、黄"]
