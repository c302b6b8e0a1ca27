"""Grade and cadence tables tried on a file of customers: contacts a month and people, to the last one."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.trials import contacts, files
from zhike.kernel.worktime.phrases import parse_phrase
from zhike.manuals import flow, shell, sliders

TODAY = dt.date(2026, 3, 9)
GRADING = Path(__file__).with_name("data") / "grading.md"
# need, expected deal in so many days, how many customers
CUSTOMERS = [
    ("明确", 20, 10),
    ("明确", 45, 20),
    ("明确", 80, 30),
    ("明确", 150, 40),
    ("明确", 300, 50),
    ("潜在", None, 15),
    ("无", None, 5),
]
WEEK, DAY = Fraction(52, 12), Fraction(365, 12)


def customers() -> str:
    lines = ["客户编号,单位,需求,预计成交"]
    for need, days, count in CUSTOMERS:
        day = (TODAY + dt.timedelta(days=days)).isoformat() if days is not None else "未知"
        lines += [f"K{len(lines) + n},{'一部' if n % 2 else '二部'},{need},{day}" for n in range(count)]
    return "\n".join(lines) + "\n"


def changed(*changes: tuple[str, str]) -> str:
    text = GRADING.read_text("utf-8").replace("version: 1", "version: 2", 1)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


TIGHTER = changed(("| 甲限 | 1个月 |", "| 甲限 | 2个月 |"), ("| B | 每周至少1次 |", "| B | 每周 2 次 |"))


def tried(new: str, table: str = customers()) -> dict[str, Any]:
    rows = [line.split(",") for line in table.splitlines()]
    return files.try_out(
        read(GRADING.read_text("utf-8")), read(new), rows[0], list(enumerate(rows[1:], start=2)), TODAY
    )


def moves(table: dict[str, Any]) -> list[tuple[str, str, int]]:
    names = [one["zh"] for one in table["outcomes"]]
    return [(names[one["old"]], names[one["new"]], one["count"]) for one in table["changes"]]


@pytest.mark.parametrize(
    ("phrase", "a_month"),
    [
        ("每周2次", 2 * WEEK),
        ("每周 2 次", 2 * WEEK),
        ("每月至少1次", Fraction(1)),
        ("每2周", WEEK / 2),
        ("每天", DAY),
        ("每15天", DAY / 15),
        ("每季至少1次", Fraction(1, 3)),
        ("每半年", Fraction(1, 6)),
        ("每年至少1次", Fraction(1, 12)),
    ],
)
def test_a_recurring_phrase_is_so_many_contacts_a_month(phrase, a_month):
    recurrence = parse_phrase(phrase).recurrence

    assert recurrence is not None
    assert contacts.a_month(recurrence) == a_month


def test_grades_and_cadences_change_as_the_tables_say():
    grade, cadence = tried(TIGHTER)["tables"]

    assert (grade["table"], grade["total"], grade["changed"]) == ("定格", 170, 20)
    assert moves(grade) == [("B", "A", 20)]
    assert (cadence["table"], cadence["changed"]) == ("联系频次", 50)
    assert moves(cadence) == [("每周至少1次", "每周 2 次", 30), ("每周至少1次", "每天", 20)]
    assert [(one["unit"], one["total"], one["changed"]) for one in grade["units"]] == [
        ("二部", 86, 10),
        ("一部", 84, 10),
    ]


def test_contacts_a_month_before_and_after_are_exact():
    cadence = tried(TIGHTER)["tables"][1]
    rest = 40 * DAY / 15 + 65 * DAY / 30 + 5 * Fraction(1, 12)
    before, after = 10 * DAY + 50 * WEEK + rest, 30 * DAY + 30 * 2 * WEEK + rest

    assert [Fraction(text) for text in cadence["contacts"]["exact"]] == [before, after]
    assert cadence["contacts"]["before"] == float(round(before, 1))
    assert cadence["contacts"]["more"] == float(round(after - before, 1))


@pytest.mark.parametrize(
    ("before", "after", "there", "expected"),
    [
        (Fraction(240), Fraction(480), None, (1, 2, 1, 1)),  # 30 minutes, 120 hours: 240 contacts a person
        (Fraction(240), Fraction(241), None, (1, 2, 1, 1)),
        (Fraction(239), Fraction(240), None, (1, 1, 1, 0)),
        (Fraction(480), Fraction(240), None, (2, 1, 2, 0)),
        (Fraction(240), Fraction(960), 3, (1, 4, 3, 1)),
    ],
)
def test_people_are_counted_whole(before, after, there, expected):
    found = contacts.staffing(before, after, Fraction(30), Fraction(120), there)

    assert (found["needed_before"], found["needed_after"], found["there"], found["short"]) == expected


def test_nothing_changes_under_the_same_text():
    assert tried(GRADING.read_text("utf-8"))["tables"] == []


def test_a_value_that_cannot_be_read_leaves_its_row_out_and_names_it():
    table = customers() + "K999,一部,大概,2026-04-01\n"

    found = tried(TIGHTER, table)

    assert (found["total"], found["left_out"]) == (170, 1)
    assert "172" in found["problems"][0]
    assert "大概" in found["problems"][0]


def test_a_table_without_any_fact_of_the_manual_is_refused():
    with pytest.raises(files.BadCases, match="预计成交"):
        tried(TIGHTER, "姓名,电话\n张三,1\n")


def write(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def workbook(text: str) -> bytes:
    import io

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for line in text.splitlines():
        sheet.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["utf-8", "gb18030", "xlsx"])
def test_the_command_reads_any_table(tmp_path, capsys, kind):
    new = write(tmp_path, "new.md", TIGHTER.encode())
    if kind == "xlsx":
        cases = write(tmp_path, "cases.xlsx", workbook(customers()))
    else:
        cases = write(tmp_path, "cases.csv", customers().encode(kind))
    given = ["--cases", cases, "--today", "2026-03-09", "--minutes", "30", "--hours", "120", "--json"]

    assert shell.main([str(GRADING), new, *given]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["changed"] == 50
    people = found["tables"][1]["contacts"]["people"]
    # 668.3 contacts before, 1,319.9 after, 240 a person
    assert (people["needed_before"], people["needed_after"], people["short"]) == (3, 6, 3)


def test_the_command_says_it_in_lines(tmp_path, capsys):
    new, cases = write(tmp_path, "new.md", TIGHTER.encode()), write(tmp_path, "c.csv", customers().encode())

    assert shell.main([str(GRADING), new, "--cases", cases, "--today", "2026-03-09"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("50 / 170 = 29.4 %")
    assert "  B → A  20" in lines


@pytest.mark.parametrize("wrong", ["missing", "broken", "empty"])
def test_a_wrong_file_is_one_line_and_exit_status_1(tmp_path, capsys, wrong):
    new = write(tmp_path, "new.md", TIGHTER.encode())
    if wrong == "broken":
        new = write(
            tmp_path, "new.md", TIGHTER.replace("| B | 每周 2 次 |", "| B | 经常 | 二 | 多 |").encode()
        )
    cases = (
        str(tmp_path / "no.csv")
        if wrong == "missing"
        else write(tmp_path, "c.csv", b"" if wrong == "empty" else customers().encode())
    )

    assert shell.main([str(GRADING), new, "--cases", cases]) == 1

    assert len(capsys.readouterr().err.strip().splitlines()) == 1


# --- shapes of the page


def test_a_slider_stays_inside_the_range():
    text = GRADING.read_text("utf-8").replace("| 甲限 | 1个月 | - |", "| 甲限 | 1个月 | [1个月..2个月] |")
    text = text.replace("| 甲限 |", "| 起点 | 2000元 | [1500..2500) | 一 |\n| 甲限 |", 1)

    params = read(text).params

    money, period = sliders.slider_of(params["起点"]), sliders.slider_of(params["甲限"])
    assert money is not None
    assert (money.least, money.most, money.step, money.unit) == (1500, 2490, 10, "元")
    assert period is not None
    assert (period.least, period.most, period.step, period.unit) == (1, 2, 1, "个月")
    assert sliders.slider_of(read(GRADING.read_text("utf-8")).params["甲限"]) is None


def test_bands_of_the_flow_fill_their_bars():
    outcomes = [{"before": 30, "after": 50}, {"before": 70, "after": 50}]
    flows = [
        {"old": 0, "new": 0, "count": 30},
        {"old": 1, "new": 1, "count": 50},
        {"old": 1, "new": 0, "count": 20},
    ]

    found = flow.flow_of(["高", "低"], outcomes, flows)

    assert found is not None
    assert [band.moves for band in found.bands] == [False, False, True]
    assert [node.count for node in found.nodes] == [30, 70, 50, 50]
    assert found.said == "低 → 高 20"


def test_too_many_outcomes_make_no_picture():
    many = [{"before": 1, "after": 1}] * (flow.MOST + 1)

    assert flow.flow_of(["词"] * len(many), many, []) is None
