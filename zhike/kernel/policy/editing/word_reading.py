"""A .docx file as a row of paragraphs and tables, with the numbers that Word prints and what cannot be taken over."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from zhike.kernel.policy.editing.packed import Kind, wrong_with
from zhike.kernel.policy.editing.word_numbers import Numbering

WORD = Kind(
    "word/",
    none="这不是 Word 文件(.docx)",
    broken="Word 文件已损坏，打不开",
    open="这是 ODT 格式：请另存为 .docx",
    large="文件太大",
    most=300 * 1024 * 1024,
)
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"^toc|目录|^table of contents", re.IGNORECASE)  # WPS: WPSOffice手动目录 1
# Parts of a paragraph that are no text of it.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NO_TEXT = {
    _FALLBACK, *map(qn, ("w:del", "w:moveFrom", "w:txbxContent", "w:instrText", "w:rt"))
}  # fmt: skip
# Marks that nobody sees; a word with one of them would be another word to a vocabulary.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_BOXES = {"A8": "□", "6F": "□", "FE": "☑", "52": "☑"}  # of the fonts Wingdings, by the end of their code
_LEFT_OUT = {
    qn("w:drawing"): "图片",
    qn("w:pict"): "图片",
    qn("w:object"): "嵌入的对象",
    qn("w:txbxContent"): "文本框",
    qn("w:footnoteReference"): "脚注",
    qn("w:endnoteReference"): "尾注",
    qn("w:commentReference"): "批注",
    qn("w:vanish"): "隐藏的字",
    qn("w:sym"): "符号",
    qn("w:ins"): "修订",
    qn("w:del"): "修订",
}


class BadDocument(ValueError):
    """The file is no Word document that can be read; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`number` is what Word prints before the text by itself; `level` 1..9 for a heading, 0 for none."""

    text: str
    number: str = ""
    level: int = 0
    is_title: bool = False
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; every row has the same width, merged cells repeat their text."""

    rows: tuple[tuple[str, ...], ...]
    merged: bool = False


@dataclass(slots=True)
class Document:
    blocks: list[Paragraph | Sheet] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    title: str = ""


def read_document(data: bytes) -> Document:
    """Raises BadDocument."""
    _refuse_other_kinds(data)
    try:
        document = docx.Document(BytesIO(data))
        return _Reader(document).document
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
        SyntaxError,
    ) as wrong:
        raise BadDocument(WORD.broken) from wrong


def _refuse_other_kinds(data: bytes) -> None:
    if not data.strip():
        raise BadDocument("文件是空的")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BadDocument("文件有密码保护：请在 Word 里去掉密码再保存")
        raise BadDocument("这是旧的 .doc 格式：请在 Word 或 WPS 里另存为 .docx")
    if data.lstrip().startswith(b"{\\rtf"):
        raise BadDocument("这是 RTF 格式：请在 Word 或 WPS 里另存为 .docx")
    if wrong := wrong_with(data, WORD):
        raise BadDocument(wrong)


class _Reader:
    def __init__(self, document: Any) -> None:
        self.document = Document(title=(document.core_properties.title or "").strip())
        self.styles = {style.style_id: style for style in document.styles}
        self.numbering = Numbering(_numbering_of(document))
        for section in document.sections:
            for part, name in ((section.header, "页眉"), (section.footer, "页脚")):
                if not part.is_linked_to_previous and any(p.text.strip() for p in part.paragraphs):
                    self.document.left_out[name] += 1
        for element in _blocks(document.element.body, self.document.left_out):
            if element.tag == qn("w:tbl"):
                self._table(element)
            else:
                self._paragraph(element)

    def _paragraph(self, element: Any) -> None:
        self._count(element)
        style = self._style_of(element)
        name = (style.name or "") if style is not None else ""
        if _CONTENTS.search(name):
            self.document.left_out["目录"] = 1
            return
        number, bullet = self.numbering.next(*self._list_of(element, style))
        text = text_of(element)
        if text.strip():
            is_title = name.strip().lower() in {"title", "标题"}
            level = 0 if is_title else self._level(element, style)
            self.document.blocks.append(Paragraph(text, number, level, is_title, bullet))

    def _style_of(self, element: Any) -> Any:
        found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.styles.get(found.get(qn("w:val"))) if found is not None else None

    def _level(self, element: Any, style: Any) -> int:
        """The depth of a heading: by the name of its style or its outline level."""
        outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        while outline is None and style is not None:
            if match := _HEADING.fullmatch((style.name or "").strip()):
                return int(match[1])
            outline = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            style = style.base_style
        level = int(outline.get(qn("w:val"), "9")) + 1 if outline is not None else 0
        return level if level <= 9 else 0

    def _list_of(self, element: Any, style: Any) -> tuple[str | None, int | None, str]:
        """(number of the list, its level, id of the style) that numbers this paragraph."""
        found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style_id = style.style_id if style is not None else ""
        while found is None and style is not None:
            found = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            style_id, style = style.style_id, style.base_style
        if found is None:
            return None, None, ""
        number, level = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
        return (
            number.get(qn("w:val")) if number is not None else None,
            int(level.get(qn("w:val"))) if level is not None else None,
            style_id,
        )

    def _count(self, element: Any) -> None:
        for part in element.iter(*_LEFT_OUT):
            if not _is_told_elsewhere(part):
                self.document.left_out[_LEFT_OUT[part.tag]] += 1

    def _table(self, element: Any) -> None:
        self._count(element)
        nested = sum(1 for _ in element.iter(qn("w:tbl"))) - 1
        if nested:
            self.document.left_out["表格里的表格"] += nested
        rows, merged = _grid(element)
        if not any(cell for row in rows for cell in row):
            return
        if len(rows) == 1 and len(rows[0]) == 1:
            self.document.blocks.append(Paragraph(rows[0][0]))  # a frame around a text
            return
        self.document.blocks.append(Sheet(rows, merged))


def _numbering_of(document: Any) -> Any:
    try:
        return document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        return None


def _blocks(parent: Any, left_out: Counter[str]) -> Iterator[Any]:
    """Paragraphs and tables in order, those in content controls too; a table of contents is left out."""
    for child in parent.iterchildren():
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag == qn("w:sdt"):
            gallery = child.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
            if gallery is not None and "Contents" in gallery.get(qn("w:val"), ""):
                left_out["目录"] = 1
                continue
            content = child.find(qn("w:sdtContent"))
            if content is not None:
                yield from _blocks(content, left_out)
        elif child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")):
            yield from _blocks(child, left_out)


def _is_told_elsewhere(part: Any) -> bool:
    """A text box is no picture and stands in a file twice, for old programs again; some marks leave nothing out."""
    if part.tag in (qn("w:drawing"), qn("w:pict")) and next(part.iter(qn("w:txbxContent")), None) is not None:
        return True
    if part.tag == qn("w:vanish"):
        return part.getparent().getparent().tag != qn("w:r") or not _is_hidden(part.getparent().getparent())
    if part.tag == qn("w:sym"):
        return bool(_symbol(part))
    return next(part.iterancestors(_FALLBACK), None) is not None


def _is_hidden(run: Any) -> bool:
    found = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return found is not None and found.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _symbol(element: Any) -> str:
    return _BOXES.get(str(element.get(qn("w:char"), ""))[-2:].upper(), "")


def text_of(element: Any) -> str:
    """The text of a paragraph: insertions of a revision count, deletions and hidden words do not."""
    parts: list[str] = []
    _collect(element, parts)
    return "".join(parts).translate(_UNSEEN).strip()


def _collect(element: Any, parts: list[str]) -> None:
    for child in element.iterchildren():
        if child.tag in _NO_TEXT or (child.tag == qn("w:r") and _is_hidden(child)):
            continue
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag == qn("w:tab"):
            if element.tag == qn("w:r"):
                parts.append(" ")
        elif child.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif child.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif child.tag == qn("w:sym"):
            parts.append(_symbol(child))
        else:
            _collect(child, parts)


def _grid(table: Any) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """The cells of a table, merged ones repeated, and whether there were any."""
    rows: list[list[str]] = []
    merged = False
    for line in table.iterchildren(qn("w:tr")):
        if line.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:  # deleted in a revision
            continue
        row: list[str] = []
        above = rows[-1] if rows else []
        row += [""] * _value(line.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for cell in _cells(line):
            properties = cell.find(qn("w:tcPr"))
            span = _value(properties.find(qn("w:gridSpan")), 1) if properties is not None else 1
            joined = properties.find(qn("w:vMerge")) if properties is not None else None
            goes_on = joined is not None and joined.get(qn("w:val"), "continue") == "continue"
            text = above[len(row)] if goes_on and len(row) < len(above) else _cell_text(cell)
            merged = merged or span > 1 or goes_on
            row += [text] * min(span, 63)
        rows.append(row)
    width = max(map(len, rows), default=0)
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows), merged


def _cells(line: Any) -> Iterator[Any]:
    for child in line.iterchildren():
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag == qn("w:sdt"):
            yield from child.iter(qn("w:tc"))


def _cell_text(cell: Any) -> str:
    texts = [text_of(child) for child in _blocks(cell, Counter()) if child.tag == qn("w:p")]
    return " ".join(" ".join(texts).split())


def _value(element: Any, otherwise: int) -> int:
    text = element.get(qn("w:val")) if element is not None else None
    return int(text) if text and text.isdigit() else otherwise
