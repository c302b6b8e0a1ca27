"""Tables out to Excel and back: nothing lost, whoever saved the workbook; what cannot be taken is named by its cell."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from zhike.kernel.policy.editing.excel import from_workbook, to_workbook
from zhike.kernel.policy.editing.grids import grid_at, grids_of
from zhike.kernel.policy.manual.reader import read

LIBRARY = sorted((Path(__file__).parents[3] / "manuals" / "library").glob("*.md"))
TEXT = """---
manual: t
title: 试
version: 1
effective: 2025-01-01
---

# 试

## 一、条

文字里的表不动:

| 甲 | 乙 |
|---|---|
| 1 | 2 |

@清单 谁

| 名称 | 说明 |
|---|---|
| 张 | |
| 李 | a\\|b |

@判定 折扣 命中=首行

| 金额 | 会员 | → 谁 | → 折扣 | 条款 |
|---|---|---|---|---|
| >= 100 | 是 | 张 | = 金额 × 0.9 | 一 |
| - | 否 | 李 | 15% | 一 |

@示例 折扣

| 金额 | 会员 | → 谁 |
|---|---|---|
| 100 | 是 | 张 |

末尾的文字。
"""


def workbook(text=TEXT, key="t", version="1"):
    return openpyxl.load_workbook(BytesIO(to_workbook(text, key=key, version=version)))


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def back(data, text=TEXT, key="t", version="1"):
    return from_workbook(data, text, key=key, version=version)


def problems(data, **more):
    found = back(data, **more)
    assert (found.text, found.changed) == (more.get("text", TEXT), ())
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_every_table_of_the_library_comes_back_as_it_was(file):
    text = file.read_text(encoding="utf-8")
    data = to_workbook(text, key=file.stem, version="7")
    # saved again by another program: other styles, other shared strings
    again = saved(openpyxl.load_workbook(BytesIO(data)))

    for each in (data, again):
        found = from_workbook(each, text, key=file.stem, version="7")
        assert (found.text == text, found.changed, found.problems) == (True, (), ())


def test_every_cell_is_a_text_and_the_first_lines_tell_the_table():
    book = workbook()
    sheet = book["折扣"]

    assert sheet["A1"].value == "@判定 折扣 命中=首行"
    assert sheet["B1"].value == "t 第1版"
    assert [cell.value for cell in sheet[2]] == ["金额", "会员", "→ 谁", "→ 折扣", "条款"]
    assert sheet["D3"].value == "= 金额 × 0.9"
    assert {sheet["D3"].data_type, sheet["A3"].data_type} == {"s"}
    assert (sheet["A3"].number_format, sheet["D3"].quotePrefix) == ("@", True)
    assert [sheet.title for sheet in book.worksheets] == ["谁", "折扣", "示例 折扣", "词"]
    assert book["词"].sheet_state == "hidden"


def test_outcomes_of_a_list_have_a_drop_down():
    (rule,) = workbook()["折扣"].data_validations.dataValidation

    assert (str(rule.sqref), rule.type) == ("C3:C204", "list")
    assert rule.formula1 == "词!$A$1:$A$2"
    assert [cell.value for cell in workbook()["词"]["A"]] == ["张", "李"]


def test_only_the_table_that_changed_is_written_and_only_its_changed_rows():
    book = workbook()
    book["谁"]["B3"].value = "新说明"
    book["谁"]["A5"].value, book["谁"]["B5"].value = " 王 ", "两\n行"

    found = back(saved(book))

    assert found.changed == ("@清单 谁",)
    before, after = TEXT.split("\n"), found.text.split("\n")
    at = before.index("| 张 | |")
    assert after[:at] == before[:at]
    assert after[at : at + 3] == ["| 张 | 新说明 |", "| 李 | a\\|b |", "| 王 | 两 行 |"]
    assert after[at + 3 :] == before[at + 2 :]


def test_numbers_percentages_and_yes_or_no_typed_as_such_become_what_a_manager_writes():
    book = workbook()
    sheet = book["折扣"]
    sheet["A3"].value = 0.1 + 0.2
    sheet["B4"].value = False
    sheet["D4"].value, sheet["D4"].number_format = 0.075, "0.00%"
    for row, value in enumerate((12.0, 1e15, 1500, -0.5), 5):
        sheet.cell(row, 1).value = value
        sheet.cell(row, 5).value = "一"

    rows = grid_at(back(saved(book)).text, grids_of(TEXT)[1].line).rows

    assert [row[0] for row in rows] == ["0.3", "-", "12", "1000000000000000", "1500", "-0.5"]
    assert (rows[1][1], rows[1][3]) == ("否", "7.5%")


def test_a_file_with_inline_strings_is_read_like_one_with_shared_strings():
    data = to_workbook(TEXT, key="t", version="1")
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            xml = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                cell = xml[xml.index(b'<c r="B3"') :].partition(b"</row>")[0]
                inline = '<c r="B3" t="inlineStr"><is><t>行内</t></is></c>'.encode()
                xml = xml.replace(cell, inline)
            new.writestr(part, xml)

    found = back(out.getvalue())

    assert found.changed == ("@清单 谁",)
    assert "| 张 | 行内 |" in found.text


def test_a_table_without_its_sheet_stays_and_sheets_of_ones_own_are_left_alone():
    book = workbook()
    del book["谁"]
    book.create_sheet("草稿")["A1"].value = "随便"

    found = back(saved(book))

    assert (found.text, found.changed, found.problems) == (TEXT, (), ())


def test_rows_and_columns_may_be_added_and_taken_away():
    book = workbook()
    book["折扣"].insert_cols(2)
    book["折扣"]["B1"].value, book["折扣"]["C1"].value = "t 第1版", None
    book["折扣"]["B2"].value = "渠道"
    book["折扣"].delete_rows(4)

    grid = grid_at(back(saved(book)).text, grids_of(TEXT)[1].line)

    assert [column.label for column in grid.columns] == ["金额", "渠道", "会员", "→ 谁", "→ 折扣", "条款"]
    assert grid.rows == ((">= 100", "", "是", "张", "= 金额 × 0.9", "一"),)


@pytest.mark.parametrize(
    ("address", "value", "message"),
    [
        ("A3", dt.date(2025, 3, 4), "折扣!A3:Excel 把这一格当成了日期或时间，请设为“文本”格式再写"),
        ("A4", dt.time(9, 30), "折扣!A4:Excel 把这一格当成了日期或时间，请设为“文本”格式再写"),
        (
            "D3",
            "=A3*0.9",
            "折扣!D3:这里是 Excel 的公式，请写成文字(设为“文本”格式，或在前面加一个单引号)",
        ),
        ("B3", "#REF!", "折扣!B3:这里是 Excel 的错误值 #REF!"),
        ("G3", "多", "折扣!G3:这一格在表头以外"),
        ("A1", None, "折扣!A1:A1 空了：要是下载时的“@…”那一行"),
        ("A1", "@判定 价", "折扣!A1:规定里没有“@判定 价”这张表，请不要改 A1"),
        ("B1", "t 第2版", "折扣!B1:B1 是“t 第2版”，现在要改的是“t 第1版”：请重新导出，在新的工作簿里改"),
        ("B1", None, "折扣!B1:B1 是空的，现在要改的是“t 第1版”：请重新导出，在新的工作簿里改"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_cell(address, value, message):
    book = workbook()
    book["折扣"][address].value = value

    assert problems(saved(book)) == [message]


def test_merged_cells_and_a_sheet_twice_are_refused():
    book = workbook()
    book["折扣"].merge_cells("A3:A4")
    copy = book.copy_worksheet(book["谁"])
    copy.title = "再一份"

    assert problems(saved(book)) == [
        "再一份!A1:这张表在工作簿里有两份",
        "折扣!A3:合并的单元格(A3:A4)要先拆开",
    ]


def test_another_manual_is_refused():
    assert problems(to_workbook(TEXT, key="别的", version="1"))[0] == (
        "谁!B1:B1 是“别的 第1版”，现在要改的是“t 第1版”：请重新导出，在新的工作簿里改"
    )


def _zip(name, content=b""):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的"),
        (b"a,b\n1,2\n", "这不是 Excel 工作簿(.xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "工作簿有密码，或是旧的 .xls 格式：请不加密码另存为 .xlsx"),
        (b"PK\x03\x04rest", "工作簿已损坏，打不开"),
        (_zip("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), "这是 ODS 格式的表格：请另存为 .xlsx"),
        (_zip("word/document.xml"), "这不是 Excel 工作簿(.xlsx)"),
        (_zip("xl/workbook.xml", b"<broken"), "工作簿已损坏，打不开"),
    ],
)  # fmt: skip
def test_other_files_are_refused_in_one_sentence(data, message):
    assert problems(data) == [message]


def test_a_workbook_without_our_tables_and_a_vast_one_are_refused():
    stranger = openpyxl.Workbook()
    stranger.active["A1"].value = "别的"
    vast = workbook()
    vast["谁"]["A9999"].value = "远"

    assert problems(saved(stranger)) == ["工作簿里没有这份规定的表：每张表的 A1 要是“@…”那一行"]
    assert problems(saved(vast)) == ["工作表“谁”一直到 B9999：请删掉表格以外的格"]


def test_sheet_names_are_short_and_never_twice():
    long = "名" * 40
    body = (
        "".join(f"@清单 {long}{n}\n\n| 名称 |\n|---|\n| 甲 |\n\n" for n in "一二")
        + "@清单 甲/乙\n\n| 名称 |\n|---|\n| 甲 |\n"
    )
    text = TEXT + body

    data = to_workbook(text, key="t", version="1")

    names = [sheet.title for sheet in openpyxl.load_workbook(BytesIO(data)).worksheets]
    assert names[3:6] == ["名" * 31, "名" * 26 + " (2)", "甲 乙"]
    assert back(data, text=text).problems == ()


def test_what_comes_back_is_for_the_ordinary_checks():
    book = workbook()
    book["折扣"]["A3"].value = ">= 一百"

    found = back(saved(book))

    assert [finding.message for finding in read(found.text).errors] == ["“一百”不是数值，也不是已声明的参数"]
