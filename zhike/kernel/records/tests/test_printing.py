"""Sheets on paper and in files: what stands on them, long and hostile values, missing faces."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook

from zhike.kernel.records import printing
from zhike.kernel.records.forms import Field, Form, cell
from zhike.kernel.records.sheet import lay_out
from zhike.kernel.records.tests.sample import DATA, FORM, HEAD, SHANGHAI

HOSTILE = "#panic(1) $x^2$ <label> @ref *b* _i_ \\ // /* <b>&amp;</b> =1+1 {{ x }} {% y %}"


def pages(pdf: bytes) -> list[str]:
    """Text of each page without blanks, which typst puts between Chinese and Latin signs."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [re.sub(r"\s|\u200b|\x02", "", page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_pdf_is_one_a4_page_with_labels_values_number_and_foot():
    pdf = printing.render(FORM, DATA, head=HEAD)

    (text,) = pages(pdf)
    document = pypdfium2.PdfDocument(pdf)
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    document.close()
    for part in (
        "长禾精工制造有限公司", "器物登记表", "表号：T-01", "依据：《器物登记办法》第2版5.1", "编号：QW-202609-0290",
        "2026年9月24日", "15时00分", "陆一鸣", "158****0746", "86,400.00元", "周启明", "来访单位", "公章",
        "打印：周启明2026-09-2814:20", "核验码7F3A-91C2", "第1页共1页", "说明：1.本表一式两份",
    ):  # fmt: skip
        assert part in text, part


def test_the_english_sheet_has_english_labels_and_the_values_as_they_are():
    (text,) = pages(printing.render(FORM, DATA, lang="en", head=HEAD))

    for part in (
        "Registerofobjects",
        "Form:T-01",
        "Page1of1",
        "86,400.00yuan",
        "2026-09-24",
        "欧阳静怡",
        "Quality",
    ):
        assert part in text, part
    assert "受理" not in text


def test_a_text_of_100000_characters_flows_over_pages_and_nothing_is_lost():
    content = "".join(f"第{line}句，内容甚长。" for line in range(9000))
    assert len(content) > 90_000

    found = pages(printing.render(FORM, DATA | {"content": content}, head=HEAD))

    assert len(found) > 30
    assert f"第1页共{len(found)}页" in found[0]
    assert all("器物登记表" in page and "QW-202609-0290" in page for page in found)
    assert "第0句" in found[0]
    assert any("第8999句" in page for page in found)


def test_the_head_of_a_long_table_stands_on_every_page():
    rows = [{"name": f"第{line}件", "count": line, "price": line} for line in range(150)]

    found = pages(printing.render(FORM, DATA | {"objects": rows}, head=HEAD))

    assert len(found) >= 3
    assert all("名称数量金额" in page for page in found[1:])
    assert "第149件" in found[-1]


def test_values_are_never_markup_and_rare_signs_print():
    (text,) = pages(printing.render(FORM, DATA | {"content": HOSTILE + "㐀𠮷犇骉靐龘"}, head=HEAD))

    assert squeezed(HOSTILE) in text
    assert "犇骉靐龘" in text


def test_a_long_word_without_a_blank_stays_on_the_sheet():
    text = "".join(
        pages(printing.render(FORM, DATA | {"company": "x" * 300, "content": "y" * 900}, head=HEAD))
    )

    assert text.count("x") == 300
    assert text.count("y") == 900


def test_a_machine_without_chinese_faces_is_named_clearly(monkeypatch):
    monkeypatch.setattr(printing, "_families", lambda: frozenset({"DejaVu Sans"}))

    with pytest.raises(printing.NoChineseFont, match="fonts-noto-cjk"):
        printing.render(FORM, DATA, head=HEAD)

    assert printing.render(FORM, DATA, kind="docx", head=HEAD)[:2] == b"PK"


def test_the_word_file_has_the_table_both_faces_and_values_as_text():
    document = Document(BytesIO(printing.render(FORM, DATA | {"content": HOSTILE}, kind="docx", head=HEAD)))

    grid, lines = document.tables
    assert grid.cell(0, 0).text == "受理日期"
    assert grid.cell(0, 1).text == "2026 年 9 月 24 日"
    assert grid.cell(1, 1).text == "☐ 来信　☑ 来电　☐ 来访　☐ 其他"
    assert grid.cell(6, 1).text == HOSTILE
    assert [box.text for box in lines.rows[1].cells] == ["轴承", "240", "86,400.00 元"]
    assert "tblHeader" in lines.rows[0]._tr.xml
    assert [line.text for line in document.paragraphs[:2]] == ["长禾精工制造有限公司", "器物登记表"]
    runs = [run for line in grid.rows for box in line.cells for text in box.paragraphs for run in text.runs]
    assert all('w:eastAsia="宋体"' in run._r.xml for run in runs)


def test_the_excel_sheet_holds_text_only_and_cuts_nothing():
    content = "=HYPERLINK(1)" + "长" * 70_000
    data = DATA | {
        "content": content,
        "company": "=1+1",
        "visitor": "@SUM(1)",
        "address": "+cmd|' /C calc'!A0",
        "goods": "-2",
    }

    page = load_workbook(BytesIO(printing.render(FORM, data, kind="xlsx", head=HEAD))).active

    cells = [box for row in page.iter_rows() for box in row if box.value is not None]
    assert {box.data_type for box in cells} == {"s"}
    texts = [box.value for box in cells]
    assert {"=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-2"} <= set(texts)
    assert "".join(text for text in texts if set(text) >= {"长"} and len(text) > 3000) == content


def test_the_screen_sheet_escapes_values_and_has_no_inline_style():
    html = printing.render(
        FORM, DATA | {"content": "<script>alert(1)</script>\n二行"}, kind="html", head=HEAD
    ).decode()

    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>二行" in html
    assert "style=" not in html
    assert '<span class="box on">来电</span>' in html


def test_a_sheet_of_no_values_still_prints_every_label_and_box():
    (text,) = pages(printing.render(FORM, {}, head=HEAD))

    for part in ("受理日期", "来信来电来访其他", "年月日", "初审", "所附器物"):
        assert part in text, part


def test_a_full_number_never_reaches_a_sheet():
    sheet = lay_out(FORM, DATA | {"phone": "138 1234 5678 / 13812345678"}, "zh", HEAD)

    phone = sheet["body"][0]["rows"][3]["cells"][3]["blocks"][0]["text"]
    assert phone == "138****5678 / 138****5678"


def test_a_tick_of_a_word_no_longer_offered_still_shows():
    sheet = lay_out(FORM, {"way": "GONE"}, "zh", HEAD)

    assert sheet["body"][0]["rows"][1]["cells"][1]["blocks"][0]["items"][-1] == [True, "GONE"]


def test_moments_are_printed_in_the_calendar_of_the_head():
    late = {"received_at": "2026-09-24T17:30:00+00:00"}

    sheet = lay_out(FORM, late, "zh", HEAD)

    assert HEAD.tz == SHANGHAI
    assert sheet["body"][0]["rows"][0]["cells"][3]["blocks"][0]["text"] == "2026 年 9 月 25 日 01 时 30 分"


def test_the_currency_is_printed_once_in_the_label_or_behind_the_amount():
    fields = (Field("a", "货值(元)", "Value (yuan)", "money"), Field("b", "赔偿", "Compensation", "money"))
    form = Form("T-3", "单", "Sheet", fields, ((cell("a"),), (cell("b"),)), columns=(20, 80))

    def amounts(lang: str) -> list[str]:
        rows = lay_out(form, {"a": "36", "b": "1234.5"}, lang, HEAD)["body"][0]["rows"]
        return [row["cells"][1]["blocks"][0]["text"] for row in rows]

    assert amounts("zh-hans") == ["36.00", "1,234.50 元"]
    assert amounts("en") == ["36.00", "1,234.50 yuan"]


def test_many_sheets_are_one_pdf_and_each_has_its_own_numbers():
    long = {"content": "".join(f"第{line}句，内容甚长。" for line in range(400))}
    heads = [replace(HEAD, number=f"QW-{n}", watermark="") for n in range(3)]

    found = pages(printing.render_many(FORM, [(DATA, heads[0]), (DATA | long, heads[1]), (DATA, heads[2])]))

    of_second = len(found) - 2
    assert of_second > 1
    assert "编号：QW-0" in found[0]
    assert "第1页共1页" in found[0]
    for place, page in enumerate(found[1:-1], start=1):
        assert f"第{place}页共{of_second}页" in page
        assert "QW-1" in page
    assert "编号：QW-2" in found[-1]
    assert "第1页共1页" in found[-1]


def test_words_of_the_form_have_the_wide_marks_of_print_and_values_stay_as_typed():
    form = Form(
        "T-09",
        "登记表",
        "",
        (Field("a", "货值(元)", "Value"),),
        ((cell("a", span=5),),),
        note_zh="记下;不得结案(三(五)1)",
    )
    sheet = lay_out(form, {"a": "3,000;另付"}, "zh", HEAD)

    label, value = sheet["body"][0]["rows"][0]["cells"]
    assert label["text"] == "货值（元）"
    assert value["blocks"][0]["text"] == "3,000;另付"
    assert sheet["note"] == "说明：记下；不得结案(三(五)1)"


def test_a_sheet_of_many_columns_lies_on_its_side_in_every_file():
    form = replace(FORM, across=True)
    pdf = pypdfium2.PdfDocument(printing.render(form, DATA, head=HEAD))
    assert [round(side) for side in pdf[0].get_size()] == [842, 595]
    section = Document(BytesIO(printing.render(form, DATA, kind="docx", head=HEAD))).sections[0]
    assert section.page_width > section.page_height
    book = load_workbook(BytesIO(printing.render(form, DATA, kind="xlsx", head=HEAD)))
    assert book.active.page_setup.orientation == "landscape"
    assert 'class="zk-a4 is-across"' in printing.render(form, DATA, kind="html", head=HEAD).decode()
