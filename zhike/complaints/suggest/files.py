"""Files of labelled cases: tables (CSV, TSV, XLSX, ...) and JSON Lines, with a column of texts and one of classes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhike.kernel.records.sheets import MOST_ROWS, BadSheet, read_sheet

from . import grams

TEXTS = (
    "text", "内容", "文本", "投诉内容", "诉求内容", "问题描述", "正文", "评论", "content", "sentence", "review", "comment",
    "query", "question", "title", "标题",
)  # fmt: skip
LABELS = (
    "label", "类别", "标签", "分类", "投诉类别", "投诉项目", "类", "class", "category", "cat", "target", "intent",
)  # fmt: skip


class BadFile(ValueError):
    """The file cannot be learned from; the message is one sentence and names the line where there is one."""


@dataclass(frozen=True)
class Skipped:
    row: int
    reason: str


@dataclass
class Cases:
    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    shortened: int = 0  # texts judged by their beginning


def read_cases(name: str, data: bytes, *, text: str = "", label: str = "") -> Cases:
    """The labelled cases of a file; rows without text or class are skipped and said. Raises BadFile."""
    names, rows = _records(name, data)
    text_at, label_at = _column(names, text, TEXTS, "--text"), _column(names, label, LABELS, "--label")
    if text_at == label_at:
        raise BadFile(_("Text and class are the same column, “%(name)s”.") % {"name": names[text_at]})
    found = Cases()
    for number, cells, problem in rows:
        said, of = cells[text_at].strip(), " ".join(cells[label_at].split())
        reason = problem
        if not reason and not grams.folded(said):
            reason = _("no text")
        elif not reason and not of:
            reason = _("no class")
        if reason:
            found.skipped.append(Skipped(number, reason))
            continue
        found.shortened += len(said) > grams.MOST_CHARACTERS
        found.texts.append(said)
        found.labels.append(of)
    if not found.texts:
        first = f" {_('Row')} {found.skipped[0].row}: {found.skipped[0].reason}" if found.skipped else ""
        raise BadFile(_("The file has no row with a text and a class.") + first)
    return found


Rows = Iterator[tuple[int, Sequence[str], str]]


def _records(name: str, data: bytes) -> tuple[Sequence[str], Rows]:
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        objects = _objects(data)
        header = list(dict.fromkeys(key for _number, one in objects for key in one))
        return header, ((number, [_said(one.get(key)) for key in header], "") for number, one in objects)
    try:
        sheet = read_sheet(name, data)
    except BadSheet as wrong:
        raise BadFile(str(wrong)) from wrong
    return sheet.header, ((row.number, row.cells, row.problem) for row in sheet.rows)


def _objects(data: bytes) -> list[tuple[int, dict[str, Any]]]:
    found: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line.decode())
        except UnicodeDecodeError as wrong:
            raise BadFile(_("Line %(line)s is not UTF-8, as JSON must be.") % {"line": number}) from wrong
        except (json.JSONDecodeError, RecursionError) as wrong:
            raise BadFile(_("Line %(line)s is no JSON object.") % {"line": number}) from wrong
        if not isinstance(one, dict):
            raise BadFile(_("Line %(line)s is no JSON object.") % {"line": number})
        if len(found) >= MOST_ROWS:
            raise BadFile(_("The file has more than %(most)s rows. Divide it.") % {"most": f"{MOST_ROWS:,}"})
        found.append((number, one))
    return found


def _said(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _column(names: Sequence[str], wanted: str, usual: Sequence[str], option: str) -> int:
    """The place of a column: the one asked for, or the first with a usual name."""
    plain = [name.strip().casefold() for name in names]
    for one in [wanted] if wanted else usual:
        if one.strip().casefold() in plain:
            return plain.index(one.strip().casefold())
    values = {"wanted": wanted or "/".join(usual[:2]), "names": "、".join(names)[:200], "option": option}
    raise BadFile(
        _("There is no column “%(wanted)s”; the first row has: %(names)s. Name it with %(option)s.") % values
    )
