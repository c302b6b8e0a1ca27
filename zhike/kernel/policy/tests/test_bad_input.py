"""Every mistake that the format names gives one clear line at its place, as `zhike policy check` prints it."""

from __future__ import annotations

import time

import pytest

from zhike.kernel.policy.contract import check_text, main
from zhike.kernel.policy.editing.offers import missing_rows
from zhike.kernel.policy.manual.reader import read

from .texts import HEAD

FIRST = HEAD.count("\n") + 1  # the line on which a body begins
TABLE = "@判定 表 命中=首行\n\n| 金额 | 类 | → 谁 | 条款 |\n|---|---|---|---|\n"
GOOD = "| >= 500元 | - | 甲 | 一 |\n"
REST = "| - | - | 乙 | 一 |\n"


def lines(body, tmp_path, capsys, front=""):
    """What the command prints, with lines counted from the beginning of the body; hints (说明) are left out."""
    head = HEAD.replace("\n---\n\n#", f"\n{front}\n---\n\n#") if front else HEAD
    first = head.count("\n") + 1
    file = tmp_path / "m.md"
    file.write_text(head + body, encoding="utf-8")
    main(["check", str(file)])
    found = []
    for line in capsys.readouterr().out.splitlines():
        if line == "没有发现问题":
            break
        place, level, message = line.split(None, 2)
        number, _, column = place.partition(":")
        if level != "说明":
            found.append(f"{int(number) - first + 1}{':' + column if column else ''} {level} {message}")
    return found


def rows(*cells):
    return TABLE + "".join(f"| {row} | 一 |\n" for row in cells)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        # section 2.8: what a Markdown reader accepts in silence
        (TABLE + GOOD + REST + "| 1 | - | 甲 | 一 | 多 |\n", ["7 错误 这一行有 5 格，表头有 4 格"]),
        (TABLE + GOOD + REST + "| 1 | - | 甲 |\n", ["7 错误 这一行有 3 格，表头有 4 格"]),
        (
            TABLE + GOOD + REST + "接着写的一行文字\n",
            ["7 错误 表格后缺空行：这一行文字被当成了表格的一行"],
        ),
        (
            TABLE + GOOD + REST + ">= 2000 | - | 甲 | 一 |\n",
            ["7:1 错误 这一行没有以“|”开头，表格在这里断开了"],
        ),
        (
            TABLE + GOOD + REST + "｜ 1 ｜ - ｜ 甲 ｜ 一 ｜\n",
            ["7 错误 表格的每一行都要用半角的“|”，不能用全角的“｜”"],
        ),
        (
            "@判定 表\n\n｜ 金额 ｜ → 谁 ｜ 条款 ｜\n",
            ["1:1 错误 指令后面没有表格：表格要用半角的“|”，不能用全角的“｜”"],
        ),
        (
            "@判定 表\n\n| 金额 | → 谁 | 条款 |\n| —— | —— | —— |\n| 1 | 甲 | 一 |\n",
            ["1:1 错误 指令后面没有表格：表头下面一行要写成 |---|---|，格数与表头相同"],
        ),
        ("##三 权限\n", ["1:1 错误 标题的“#”后面缺空格：“##三”"]),
        ("@判定表 谁\n\n| 甲 |\n|---|\n| 1 |\n", ["1:1 错误 不认识的指令“@判定表”，是否指“@判定”？"]),
        (TABLE, ["1:1 错误 表格没有内容行"]),
        # section 5.3: cells and rows
        (rows(">= 五百 | - | 甲", "- | - | 乙"), ["5:3 错误 “五百”不是数值，也不是已声明的参数"]),
        (rows("[2000..500) | - | 甲", "- | - | 乙"), ["5:3 错误 区间上下限颠倒：[2000..500)"]),
        (TABLE + GOOD + "| - | - | 乙 | 二 |\n", ["6:15 错误 条款“二”在本规定中没有标题"]),
        (
            rows(">= 5 | 甲 | 甲", "- | >= 丙 | 乙", "- | - | 丙"),
            ["6:7 错误 “类”不能比较大小"],
        ),
        (
            rows(">= 5 | - | 甲", ">= 9 | - | 甲", "- | - | 乙"),
            ["6 注意 第2行永远轮不到：已被第1行盖住(结论相同，可删)"],
        ),
        (rows(">= 5 | - | 甲"), ["1 缺口 没有规定 —— 金额 [0..5)"]),
        # section 6.4: pitfalls
        (
            rows(">= 2,000 | - | 甲", "- | - | 乙"),
            ["5:3 错误 数值里不能有千位分隔符：“2,000”；几个数值之间用“、”"],
        ),
    ],
)
def test_mistakes_in_tables(body, found, tmp_path, capsys):
    assert lines(body, tmp_path, capsys, "facts:\n  金额: money\n  类: enum") == found


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        ("尽快", "时限看不懂：“尽快”没有说多久，请写明期限，或用值为“未定”的参数"),
        ("第一时间", "时限看不懂：“第一时间”没有说多久，请写明期限，或用值为“未定”的参数"),
        ("3个工作日", ""),
        ("三天内", ""),
        ("一周内", ""),
    ],
)
def test_deadlines(limit, found, tmp_path, capsys):
    body = (
        "@阶段 步骤\n\n| 阶段 | 时限 | 下一步 | 条款 |\n|---|---|---|---|\n"
        f"| 登记 | {limit} | 办结 | 一 |\n| 办结 | - | 结束 | 一 |\n"
    )

    assert lines(body, tmp_path, capsys) == ([f"5:8 错误 {found}"] if found else [])


def test_stages(tmp_path, capsys):
    body = (
        "@阶段 步骤\n\n| 阶段 | 下一步 | 条款 |\n|---|---|---|\n| 登记 | 审核 | 一 |\n| 复查 | 复查 | 一 |\n"
    )

    found = lines(body, tmp_path, capsys)

    assert "5:8 错误 下一步“审核”不是本表的阶段" in found
    assert [line for line in found if "复查" in line and "到不了" in line]


def test_periods_without_an_order(tmp_path, capsys):
    body = (
        TABLE.replace("金额", "到期")
        + "| <= 30天 | - | 甲 | 一 |\n| <= 1个月 | - | 乙 | 一 |\n| - | - | 丙 | 一 |\n"
    )

    assert lines(body, tmp_path, capsys, "facts:\n  到期: until\n  类: enum") == [
        "6:3 错误 “到期”里的 30天 与 1个月 分不出长短，请用同一种单位"
    ]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("起点 | 1400元 | [1500..2500]", "5:8 错误 参数“起点”的值 1400元 不在自己的范围 [1500..2500] 内"),
        ("起点 | - | [1500..2500]", "5:8 错误 参数“起点”没有值(还没有定的写“未定”)"),
        ("起点 | 2,000元 | -", "5:8 错误 数值里不能有千位分隔符：“2,000”"),
        (
            "期限 | 48h | [1工作日..10工作日]",
            "5:8 错误 参数“期限”的值“48h”不是数值，也不是期限，请写成“48小时”",
        ),
        ("起点 | 很多 | [1500..2500]", "5:8 错误 参数“起点”的值“很多”不是数值，也不是期限"),
        ("起点 | 2000元 | [2500..1500]", "5:16 错误 区间上下限颠倒：[2500..1500]"),
    ],
)
def test_parameters(row, found, tmp_path, capsys):
    body = f"@参数 数\n\n| 名称 | 值 | 单位可改 | 条款 |\n|---|---|---|---|\n| {row} | 一 |\n"

    assert lines(body, tmp_path, capsys) == [found]


def test_a_day_that_the_calendar_does_not_have(tmp_path, capsys):
    file = tmp_path / "m.md"
    file.write_text(HEAD.replace("effective: 2025-01-01", "effective: 2025-02-30"), encoding="utf-8")

    assert main(["check", str(file)]) == 1

    said = capsys.readouterr().out.splitlines()
    assert [line.split(None, 1)[1] for line in said] == ["错误  生效日期“2025-02-30”不是日期(如 2025-01-01)"]


def test_a_unit_that_moves_a_parameter_beyond_its_range_is_told_the_range(tmp_path, capsys):
    body = "@参数 数\n\n| 名称 | 值 | 单位可改 | 条款 |\n|---|---|---|---|\n| 起点 | 2000元 | [1500..2500] | 一 |\n"
    (tmp_path / "m.md").write_text(HEAD + body, encoding="utf-8")
    overlay = tmp_path / "unit.md"
    overlay.write_text(
        "---\noverlay: t\nunit: 南湖店\n---\n\n@参数 数\n\n| 名称 | 值 |\n|---|---|\n| 起点 | 1400元 |\n",
        encoding="utf-8",
    )

    assert main(["check", str(overlay)]) == 1

    assert capsys.readouterr().out.splitlines() == [
        "10:8    错误  参数“起点”的值 1400元 不在范围 [1500..2500] 内"
    ]


# --- a table of 500 rows


def large(count, *more):
    bands = [f"[{n * 10}..{n * 10 + 10}) | - | 甲" for n in range(count)]
    text = TABLE.replace("首行", "唯一") + "".join(f"| {row} | 一 |\n" for row in [*bands, *more])
    return HEAD + text


def test_a_table_of_500_rows_is_checked_and_its_gap_is_offered():
    began = time.process_time()

    whole = check_text(large(499, ">= 4990 | - | 乙"))
    holed = check_text(large(500))

    assert time.process_time() - began < 10
    assert [f.message for f in whole if f.level in ("error", "gap")] == []
    assert [f.message for f in holed if f.level == "gap"] == ["没有规定 —— 金额 ≥5000"]
    found = read(large(500))
    assert [offer.cells for offer in missing_rows(found, found.decisions[0])] == [(">= 5000", "-", "", "")]


def test_a_mistake_deep_in_a_large_table_is_named_at_its_place():
    found = [f for f in check_text(large(400, ">= 四千 | - | 乙", "> 4000 | - | 乙")) if f.level == "error"]

    assert [(f.line, f.column, f.message) for f in found] == [
        (FIRST + 4 + 400, 3, "“四千”不是数值，也不是已声明的参数")
    ]
