"""A laid-out form as a Word document that people can still edit."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FACE, LATIN = "宋体", "Times New Roman"
Sheet = dict[str, Any]


def document(sheet: Sheet, pictures: Sequence[Any] = ()) -> bytes:
    """A .docx file; values are text runs, never fields or markup."""
    doc = Document()
    _page(doc, sheet)
    _centred(doc, sheet["organisation"], 12, bold=False)
    _centred(doc, sheet["title"], 18, bold=True)
    _meta(doc, sheet)
    for part in sheet["body"]:
        if part["kind"] == "grid":
            _grid(doc, sheet["columns"], part["rows"], sheet["colon"])
        else:
            _lines(doc, part)
    if sheet["note"]:
        _paragraph(doc.add_paragraph(), sheet["note"], 9)
    for one in pictures:
        line = doc.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run().add_picture(BytesIO(one.path.read_bytes()), height=Mm(105))
        _paragraph(doc.add_paragraph(), one.name, 9)
    out = BytesIO()
    doc.save(out)
    return out.getvalue()


def _page(doc: Any, sheet: Sheet) -> None:
    section = doc.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if sheet["across"] else WD_ORIENT.PORTRAIT
    short, long = Mm(210), Mm(297)
    section.page_width, section.page_height = (long, short) if sheet["across"] else (short, long)
    section.left_margin, section.right_margin = Mm(20), Mm(16)
    section.top_margin, section.bottom_margin = Mm(15), Mm(16)
    style = doc.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    style.paragraph_format.space_after = Pt(0)
    doc.core_properties.title = f"{sheet['title']} {sheet['number']}".strip()[:255]
    doc.core_properties.author = sheet["organisation"][:255]
    doc.core_properties.comments = ""
    _footer(section, sheet)


def _room(section: Any) -> float:
    """Millimetres between the margins."""
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def _footer(section: Any, sheet: Sheet) -> None:
    line = section.footer.paragraphs[0]
    line.paragraph_format.tab_stops.add_tab_stop(Mm(_room(section)), WD_TAB_ALIGNMENT.RIGHT)
    before, between, after = sheet["page"].split("{}")
    _paragraph(line, f"{sheet['printed']}\t{before}", 8.5)
    _field(line, "PAGE")
    _paragraph(line, between, 8.5)
    _field(line, "NUMPAGES")
    _paragraph(line, after, 8.5)


def _field(paragraph: Any, name: str) -> None:
    run = _paragraph(paragraph, "", 8.5)
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _paragraph(paragraph: Any, text: str, size: float = 10.5, bold: bool = False) -> Any:
    """Adds a run with both faces set; without w:eastAsia Word takes a Japanese face for Chinese."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACE)
    return run


def _centred(doc: Any, text: str, size: float, *, bold: bool) -> None:
    if text:
        line = doc.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _paragraph(line, text, size, bold)


def _meta(doc: Any, sheet: Sheet) -> None:
    line, room = doc.add_paragraph(), _room(doc.sections[0])
    line.paragraph_format.tab_stops.add_tab_stop(Mm(room / 2), WD_TAB_ALIGNMENT.CENTER)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(room), WD_TAB_ALIGNMENT.RIGHT)
    left, middle, right = sheet["meta"]
    _paragraph(line, f"{left}\t{middle}\t{right}", 10)
    _paragraph(line, sheet["number"], 10, bold=True)


def _table(doc: Any, rows: int, shares: list[int]) -> Any:
    table = doc.add_table(rows=rows, cols=len(shares), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    room = _room(doc.sections[0])
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Mm(room * share / sum(shares))
    return table


def _grid(doc: Any, shares: list[int], rows: list[Sheet], colon: str) -> None:
    table, room = _table(doc, len(rows), shares), _room(doc.sections[0])
    for place, row in enumerate(rows):
        line = table.rows[place]
        line.height, line.height_rule = Mm(max(row["tall"], 8.6)), WD_ROW_HEIGHT_RULE.AT_LEAST
        boxes, column = list(line.cells), 0
        for cell in row["cells"]:
            last = column + cell["span"] - 1
            box = boxes[column] if last == column else boxes[column].merge(boxes[last])
            box.width = Mm(room * sum(shares[column : last + 1]) / sum(shares))
            _fill(box, cell, colon)
            column = last + 1


def _fill(box: Any, cell: Sheet, colon: str) -> None:
    box.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    first = box.paragraphs[0]
    if cell["kind"] != "value":
        first.alignment = WD_ALIGN_PARAGRAPH.CENTER
        text = cell["text"]
        if cell.get("vertical"):
            text = "\n".join(text[start : start + 2] for start in range(0, len(text), 2))
        _paragraph(first, text, bold=cell["kind"] == "band")
        return
    if cell["top"]:
        box.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
    for place, block in enumerate(cell["blocks"]):
        line = first if place == 0 else box.add_paragraph()
        if block["kind"] == "sign":
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.space_before = Pt(14)
        _paragraph(line, block_text(block, colon))


def block_text(block: Sheet, colon: str = "：") -> str:
    """A block as one text, for Word and Excel."""
    label = f"{block['label']}{colon}" if block.get("label") else ""
    if block["kind"] == "ticks":
        return label + "　".join(f"{'☑' if on else '☐'} {word}" for on, word in block["items"])
    if block["kind"] == "sign":
        return f"{label}{block['name'] or '＿＿＿＿＿＿'}　　{block['date']}"
    if block["kind"] == "seal":
        return f"（{block['text']}）"
    return label + str(block["text"])


def _lines(doc: Any, part: Sheet) -> None:
    table = _table(doc, 1 + len(part["rows"]), part["widths"])
    head = table.rows[0]._tr.get_or_add_trPr()
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    head.append(repeat)
    for line, texts in zip(table.rows, [part["head"], *part["rows"]], strict=True):
        for box, text in zip(line.cells, texts, strict=True):
            _paragraph(box.paragraphs[0], text, bold=texts is part["head"])
