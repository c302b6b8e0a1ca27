"""Files as people bring them: encodings, delimiters, workbooks, and what is wrong in them."""

import datetime as dt
import io

import pytest
import xlsxwriter

from zhike.kernel.records.sheets import BadSheet, Row, read_sheet

TEXT = "编号,内容,金额\n1,酸奶过期,36.00\n2,收银员态度差,\n"


def workbook(rows, *, second=None):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for table in filter(None, [rows, second]):
            sheet = book.add_worksheet()
            for place, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    sheet.write(place, column, cell)
    return out.getvalue()


@pytest.mark.parametrize(
    ("codec", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
def test_the_same_table_comes_out_of_every_encoding(codec, told):
    sheet = read_sheet("工单.csv", TEXT.encode(codec))

    assert sheet.header == ("编号", "内容", "金额")
    assert sheet.rows == (Row(2, ("1", "酸奶过期", "36.00")), Row(3, ("2", "收银员态度差", "")))
    assert sheet.encoding == told


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_header(mark):
    sheet = read_sheet("a.txt", f"编号{mark}内容\n1{mark}坏了，退货；快\n".encode())

    assert sheet.header == ("编号", "内容")
    assert sheet.rows == (Row(2, ("1", "坏了，退货；快")),)


def test_a_file_of_one_column_is_a_table():
    sheet = read_sheet("a.csv", "内容\n空调不冷,维修未到\n".encode().replace(b",", "，".encode()))

    assert sheet.header == ("内容",)
    assert sheet.rows == (Row(2, ("空调不冷，维修未到",)),)


def test_a_broken_byte_spoils_its_row_only():
    lines = ["内容,类别", *[f"第{n}条工单内容很长,品质" for n in range(2, 12)]]
    data = "\n".join(lines).encode()
    at = data.index("第5条".encode())
    data = data[:at] + b"\xff\xfe" + data[at:]

    sheet = read_sheet("a.csv", data)

    assert sheet.encoding == "utf-8"
    assert [row.number for row in sheet.rows if row.problem] == [5]
    assert sheet.rows[3].cells == ("\ufffd\ufffd第5条工单内容很长", "品质")


def test_a_broken_gb18030_row_is_named_too():
    data = "\n".join(["内容,类别", *["冰箱不制冷了要求退货,品质"] * 30]).encode("gb18030").split(b"\n")
    data[6] = data[6][:3] + b"\xff" + data[6][4:]

    sheet = read_sheet("a.csv", b"\n".join(data))

    assert sheet.encoding == "gb18030"
    assert [row.number for row in sheet.rows if row.problem] == [7]


def test_bytes_that_are_no_text_are_refused_with_the_line():
    data = b"a,b\n1,2\n" + bytes(range(128, 256)) * 8

    with pytest.raises(BadSheet, match="3"):
        read_sheet("a.csv", data)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b",,,\n,,\n", b"\xff\xfe"])
def test_an_empty_file_is_said_to_be_empty(data):
    with pytest.raises(BadSheet):
        read_sheet("a.csv", data)


def test_a_header_alone_is_a_table_without_rows():
    sheet = read_sheet("a.csv", "内容,类别\n".encode())

    assert sheet.header == ("内容", "类别")
    assert sheet.rows == ()


def test_line_breaks_and_doubled_quotes_stay_inside_a_field_and_rows_count_as_in_a_spreadsheet():
    sheet = read_sheet("a.csv", '内容,类别\n"第一行\r\n第二行,""好""",品质\n\n下一条,价格\n'.encode())

    assert sheet.rows == (Row(2, ('第一行\n第二行,"好"', "品质")), Row(4, ("下一条", "价格")))


def test_a_quotation_mark_that_never_closes_is_refused_with_its_line():
    with pytest.raises(BadSheet, match="3"):
        read_sheet("a.csv", '内容,类别\n好,品质\n"不好,价格\n还有,价格\n'.encode())


def test_short_rows_are_filled_and_long_rows_are_named():
    sheet = read_sheet("a.csv", "内容,类别\n只有内容\n三格,品质,多\n空格,品质, \n".encode())

    assert [row.cells for row in sheet.rows] == [("只有内容", ""), ("三格", "品质"), ("空格", "品质")]
    assert [bool(row.problem) for row in sheet.rows] == [False, True, False]


def test_a_text_of_a_hundred_thousand_characters_is_read_whole():
    long = "长" * 100_000

    assert read_sheet("a.csv", f"内容,类别\n{long},品质\n".encode()).rows[0].cells == (long, "品质")


def test_equal_and_empty_names_of_columns_are_told_apart():
    sheet = read_sheet("a.csv", "内容,,内容\na,b,c\n".encode())

    assert sheet.header[0] == "内容"
    assert sheet.header[2] == "内容 (2)"
    assert len(set(sheet.header)) == 3


def test_a_title_above_the_header_is_left_out():
    sheet = read_sheet("a.csv", "商场投诉工单导出,,\n编号,内容,类别\n1,坏,品质\n".encode())

    assert sheet.header == ("编号", "内容", "类别")
    assert sheet.rows == (Row(3, ("1", "坏", "品质")),)
    assert len(sheet.notes) == 1


def test_a_workbook_gives_text_as_people_see_it():
    data = workbook(
        [
            ["编号", "内容", "金额", "日期", "电话"],
            ["A1", "酸奶过期", 36.5, dt.date(2026, 9, 24), 13800001111],
            ["A2", "多行\n文字", 36, dt.datetime(2026, 9, 24, 16, 5), ""],  # noqa: DTZ001,
        ]
    )

    sheet = read_sheet("工单.xlsx", data)

    assert sheet.encoding == "workbook"
    assert sheet.rows == (
        Row(2, ("A1", "酸奶过期", "36.5", "2026-09-24", "13800001111")),
        Row(3, ("A2", "多行\n文字", "36", "2026-09-24 16:05:00", "")),
    )


def test_a_workbook_named_csv_is_still_a_workbook_and_says_that_other_sheets_were_left_out():
    sheet = read_sheet("a.csv", workbook([["内容"], ["坏"]], second=[["别的"]]))

    assert sheet.header == ("内容",)
    assert len(sheet.notes) == 1


def test_long_numbers_of_a_workbook_are_warned_of():
    sheet = read_sheet("a.xlsx", workbook([["编号", "内容"], [1234567890123456789, "坏"]]))

    assert len(sheet.notes) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b"PK\x03\x04 not a zip"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table>"),
        ("a.csv", b"%PDF-1.7 abc"),
        ("a.csv", b"\xff\xfe\x00\x00abcd"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(name, data):
    with pytest.raises(BadSheet) as refusal:
        read_sheet(name, data)

    assert "\n" not in str(refusal.value)


def test_a_cell_at_the_far_corner_is_refused_before_memory_is_spent():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "内容")
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(BadSheet, match="1048576"):
        read_sheet("a.xlsx", out.getvalue())


def test_nul_and_control_characters_are_dropped():
    sheet = read_sheet("a.xlsx", workbook([["内容", "类别"], ["坏\x0b了\x07", "品质"]]))

    assert sheet.rows[0].cells == ("坏了", "品质")
