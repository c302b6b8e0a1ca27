"""Overlays: values of a unit inside the range, and the second check with them."""

from pathlib import Path

import pytest

from zhike.kernel.policy.contract import check_file
from zhike.kernel.policy.evaluate.examples import run_examples
from zhike.kernel.policy.manual.overlay import apply, is_overlay, read_overlay, refusal, with_values
from zhike.kernel.policy.manual.reader import read

from .declared import QUESTIONS
from .texts import manual, params

MANUALS = Path(__file__).parent / "manuals"
HEAD = "---\noverlay: mall-complaints\nunit: 东店\n---\n\n"


def mall():
    return read((MANUALS / "mall-complaints.md").read_text(encoding="utf-8"), questions=QUESTIONS)


def overlay(*rows, head=HEAD):
    lines = ["@参数 金额", "", "| 名称 | 值 |", "|---|---|", *(f"| {row} |" for row in rows), ""]
    return read_overlay(head + "\n".join(lines))


def messages(findings):
    return [(f.line, f.column, f.message) for f in findings]


@pytest.mark.parametrize("value", ["1500", "1500元", "2500元", "0.2万元"])
def test_a_value_inside_the_range_is_applied(value):
    changed, findings = apply(mall(), overlay(f"店长起点 | {value}"))

    assert findings == []
    assert changed.errors == ()
    assert changed.unit == "东店"
    assert changed.params["店长起点"].text == value
    assert changed.params["店长起点"].default == mall().params["店长起点"].value


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("店长起点 | 400", "参数“店长起点”的值 400 不在范围 [1500..2500] 内"),
        ("店长起点 | 1499.99", "参数“店长起点”的值 1499.99 不在范围 [1500..2500] 内"),
        ("店长起点 | 2500.01", "参数“店长起点”的值 2500.01 不在范围 [1500..2500] 内"),
        ("店长起点 | 未定", "参数“店长起点”要有一个值"),
        ("店长起点 | 很多", "参数“店长起点”的值“很多”不能与范围 [1500..2500] 比较"),
        ("店长起步 | 2000", "没有参数“店长起步”，是否指“店长起点”？"),
    ],
)
def test_a_value_outside_the_range_is_refused_and_changes_nothing(row, message):
    original = mall()

    changed, findings = apply(original, overlay(row))

    assert messages(findings) == [
        (10, row.index("|") + 5, message) if "起步" not in row else (10, 10, message)
    ]
    assert changed is original


def test_a_parameter_without_a_range_may_not_be_moved():
    found = manual(params("甲 | 3 | -"))

    assert refusal(found, "甲", "4") == "参数“甲”不许单位改"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1工作日", ""),
        ("3工作日", ""),
        ("4工作日", "参数“期”的值 4工作日 不在范围 [1工作日..3工作日] 内"),
        ("8工作小时", "参数“期”的值“8工作小时”不能与范围 [1工作日..3工作日] 比较"),
    ],
)
def test_working_time_has_ranges_too(text, why):
    found = manual(params("期 | 3工作日 | [1工作日..3工作日]"))

    assert refusal(found, "期", text) == why


def test_the_whole_manual_is_checked_again_with_the_values():
    found = with_values(mall(), {"店长起点": "400"})

    assert [(f.line, f.column, f.message) for f in found.errors] == [
        (115, 3, "区间上下限颠倒：[经理起点..店长起点)")
    ]


def test_an_overlay_names_its_manual_and_unit_and_holds_only_parameters():
    alien = overlay("店长起点 | 2000", head=HEAD.replace("mall", "hall"))
    bare = overlay("店长起点 | 2000", head="---\noverlay: mall-complaints\n---\n\n")
    rows = read_overlay(HEAD + "@清单 处理人\n\n| 名称 |\n|---|\n| 甲 |\n")

    assert messages(apply(mall(), alien)[1]) == [(1, 0, "覆盖的是“hall-complaints”，不是“mall-complaints”")]
    assert messages(bare.findings) == [(1, 0, "覆盖文件缺少 unit(哪个单位)")]
    assert messages(rows.findings) == [(6, 1, "覆盖文件只能改参数，不能有别的表")]


def test_an_overlay_file_is_checked_against_the_manual_beside_it(tmp_path):
    (tmp_path / "mall.md").write_text(
        (MANUALS / "mall-complaints.md").read_text(encoding="utf-8"), encoding="utf-8"
    )
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    table = "@参数 金额\n\n| 名称 | 值 |\n|---|---|\n"
    good.write_text(HEAD + table + "| 经理起点 | 400元 |\n", encoding="utf-8")
    bad.write_text(HEAD + table + "| 店长起点 | 400元 |\n", encoding="utf-8")

    assert is_overlay(good.read_text(encoding="utf-8")) is True
    assert check_file(good) == []
    assert [(f.line, f.column, f.level.value, f.message) for f in check_file(bad)] == [
        (10, 10, "error", "参数“店长起点”的值 400元 不在范围 [1500..2500] 内")
    ]


def test_examples_speak_of_the_figures_of_the_manual_not_of_the_unit():
    changed, _ = apply(mall(), overlay("店长起点 | 1500元"))

    assert run_examples(changed) == []


def test_a_second_check_that_fails_is_told_for_the_overlay(tmp_path):
    wide = (MANUALS / "mall-complaints.md").read_text(encoding="utf-8").replace("[1500..2500]", "[100..2500]")
    (tmp_path / "mall.md").write_text(wide, encoding="utf-8")
    file = tmp_path / "east.md"
    file.write_text(HEAD + "@参数 金额\n\n| 名称 | 值 |\n|---|---|\n| 店长起点 | 400元 |\n", encoding="utf-8")

    found = check_file(file)

    assert [(f.line, f.message) for f in found] == [
        (1, "改后的规定第115行：区间上下限颠倒：[经理起点..店长起点)")
    ]
