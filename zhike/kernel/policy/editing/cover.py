"""The first page of a Word regulation: its title, who signed, from when on it holds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhike.kernel.policy.editing.clauses import Tree
from zhike.kernel.policy.editing.word_reading import Document, Paragraph, Sheet
from zhike.kernel.policy.manual.text import normal

LONGEST_TITLE = 40
MOST_BLOCKS = 25  # a cover is no longer than that
_LABELS = {
    "owner": "执行部门|主管部门|归口部门|归口管理部门|责任部门|编制部门|制定部门|发布部门|适用部门",
    "version": "版本号|版本|版次",
    "number": "文件编号|制度编号|规定编号|编号",
    "effective": "生效日期|执行日期|实施日期|施行日期|生效时间|实施时间",
    "other": "编制人|编制日期|编制|拟稿人|拟稿|起草人|起草|审核人|审核日期|审核|批准人|批准日期|批准|签发人|签发"
    "|审批人|审批|发布日期|颁布日期|受控状态|页数|页码|密级|分发号",
}
_LABEL = re.compile("|".join(f"(?P<{key}>{words})" for key, words in _LABELS.items()))
_PAIR = re.compile(
    rf"(?P<label>{'|'.join(_LABELS.values())})\s*:\s*(?P<value>.*?)(?=\s+(?:{'|'.join(_LABELS.values())})\s*:|$)"
)
_DATE = re.compile(r"([0-9]{4})\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})\s*日?")
_ENDS = re.compile(r"[。;:,!?]$")


@dataclass(slots=True)
class Cover:
    """`facts` by key of _LABELS; `said` are the lines that went nowhere else; `rest` is the body."""

    title: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    rest: list[Paragraph | Sheet] = field(default_factory=list)

    @property
    def effective(self) -> dt.date | None:
        return day(self.facts.get("effective", ""))

    @classmethod
    def of(cls, document: Document) -> Cover:
        """Only what stands before the first clause is a cover."""
        cover = cls()
        end = _first_clause(document)
        for block in document.blocks[:end]:
            if not cover._takes(block):
                cover.rest.append(block)
        cover.rest += document.blocks[end:]
        cover.title = cover.title or " ".join(document.title.split())
        return cover

    def _takes(self, block: Paragraph | Sheet) -> bool:
        if isinstance(block, Sheet):
            pairs = list(_pairs_of_table(block))
            filled = sum(1 for row in block.rows for cell in set(row) if cell)
            if len(pairs) * 3 < filled or not pairs:
                return False
            return self._note(pairs)
        if block.is_title and not self.title:
            self.title = " ".join(block.text.split())
            return True
        pairs = [
            (m["label"], m["value"].strip()) for m in _PAIR.finditer(normal(block.text).replace("\n", " "))
        ]
        if pairs and normal(block.text).startswith(pairs[0][0]):
            return self._note(pairs)
        if self.title or block.level or block.number or "\n" in block.text:
            return False
        if len(block.text) > LONGEST_TITLE or _ENDS.search(normal(block.text)):
            return False
        self.title = " ".join(block.text.split())
        return True

    def _note(self, pairs: list[tuple[str, str]]) -> bool:
        for label, value in pairs:
            match = _LABEL.fullmatch(label)
            key = match.lastgroup if match else "other"
            if key == "effective" and day(value) is None and value:
                key = "other"
            if not value:
                continue
            if key in (None, "other", "number") or key in self.facts:
                self.said.append(f"{label}：{value}")
            if key not in (None, "other"):
                self.facts.setdefault(str(key), value)
        return True


def _first_clause(document: Document) -> int:
    tree = Tree()
    for at, block in enumerate(document.blocks[:MOST_BLOCKS]):
        if isinstance(block, Paragraph) and not block.is_title:
            text = f"{block.number} {block.text}" if block.number else block.text
            if tree.heading(text, block.level):
                return at
    return min(len(document.blocks), MOST_BLOCKS)


def _pairs_of_table(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """`编制 | 张三 | 审核 | 李四`, or labels in one row and values below."""

    def clean(cell: str) -> str:
        return normal(cell).removesuffix(":").replace(" ", "")

    for number, row in enumerate(sheet.rows):
        labels = [bool(_LABEL.fullmatch(clean(cell))) for cell in row]
        below = sheet.rows[number + 1] if number + 1 < len(sheet.rows) else ()
        for at, cell in enumerate(row):
            yield from ((m["label"], m["value"].strip()) for m in _PAIR.finditer(normal(cell)))
            if not labels[at]:
                continue
            if at + 1 < len(row) and not labels[at + 1] and row[at + 1] != cell:
                yield clean(cell), normal(row[at + 1])
            elif all(labels) and at < len(below) and not _LABEL.fullmatch(clean(below[at])):
                yield clean(cell), normal(below[at])


def day(text: str) -> dt.date | None:
    """`2025年3月1日`, `2025.3.1`, `2025-03-01`."""
    match = _DATE.search(normal(text))
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
