"""Regulations for reading: what is in force where, and a manual as a book."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Installation, ManualVersion, Ruling

HEADING = re.compile(r"^(#{1,6})\s*(.+?)\s*$")


@dataclass
class Block:
    """A stretch of a clause: a paragraph or a table with its directive."""

    kind: str  # "text" or "table"
    text: str = ""
    caption: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    executed: bool = False


@dataclass
class Section:
    """One clause as the book shows it; `anchor` is what clause chips point to."""

    number: str
    title: str
    depth: int
    anchor: str
    gist: str
    blocks: list[Block]
    rulings: int = 0
    duties: int = 0


def manuals() -> QuerySet[ManualVersion]:
    """Published versions, newest first in each manual, without their texts. Regulations are open to all staff."""
    return (
        ManualVersion.objects.filter(state=ManualVersion.State.PUBLISHED)
        .defer("text")
        .order_by("key", "-number")
    )


def installations(scope: Scope) -> QuerySet[Installation]:
    """Where manuals are installed, in the visible units."""
    return scope.rows(Installation.objects.select_related("unit").order_by("unit__path", "key"))


def book(version: ManualVersion, *, scope: Scope, since: dt.datetime) -> list[Section]:
    """The manual as sections with the live figures of the visible units: rulings since then, open duties."""
    manual = inforce.manual_of(version.pk)
    sections = sections_of(manual)
    rulings = dict(
        scope.rows(Ruling.objects.filter(version=version, asked_at__gte=since))
        .values_list("clause")
        .annotate(n=Count("id"))
    )
    duties = dict(
        scope.rows(Duty.objects.filter(version_id=version.pk, state=Duty.State.OPEN))
        .values_list("clause")
        .annotate(n=Count("id"))
    )
    for section in sections:
        section.rulings = rulings.get(section.number, 0)
        section.duties = duties.get(section.number, 0)
    return sections


def sections_of_version(version: ManualVersion) -> list[Section]:
    """The sections without live figures."""
    return sections_of(inforce.manual_of(version.pk))


def sections_of(manual: model.Manual) -> list[Section]:
    """Cut the text at its headings; tables become tables, directives their captions."""
    lines = manual.source.splitlines()
    body = _after_front_matter(lines)
    clauses = {clause.line: clause for clause in manual.clauses}
    sections: list[Section] = []
    block: Block | None = None
    caption = ""
    for place in range(body, len(lines)):
        line = lines[place].rstrip()
        heading = HEADING.match(line)
        if heading is not None:
            clause = clauses.get(place + 1)
            number = clause.number if clause else ""
            sections.append(
                Section(
                    number,
                    heading[2],
                    len(heading[1]),
                    f"c-{number or heading[2]}",
                    clause.gist if clause else "",
                    [],
                )
            )
            block, caption = None, ""
            continue
        if not sections or line.startswith("> en:"):
            continue
        if line.startswith(("@", "＠")):
            caption, block = line, None
        elif line.startswith("|"):
            if block is None or block.kind != "table":
                block = Block("table", caption=caption_words(caption), executed=bool(caption))
                sections[-1].blocks.append(block)
                caption = ""
            _add_row(block, line)
        elif line.strip():
            if block is None or block.kind != "text":
                block = Block("text")
                sections[-1].blocks.append(block)
            block.text += line.strip()
        else:
            block = None if block is None or block.kind == "text" or block.rows or block.head else block
    return sections


def _after_front_matter(lines: list[str]) -> int:
    if lines and lines[0].strip() == "---":
        for place in range(1, len(lines)):
            if lines[place].strip() == "---":
                return place + 1
    return 0


def _add_row(block: Block, line: str) -> None:
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    if all(re.fullmatch(r":?-{3,}:?", cell) for cell in cells):
        return
    if not block.head:
        block.head = cells
    else:
        block.rows.append(cells)


CAPTIONS = {"判定": "判定表", "清单": "清单", "阶段": "阶段", "参数": "参数", "推算": "推算", "示例": "示例"}


def caption_words(directive: str) -> str:
    """`@判定 处理权限 回答=… 命中=最高` as a caption: 判定表 处理权限 · 级别最高者."""
    if not directive:
        return ""
    word, _space, rest = directive[1:].partition(" ")
    name = rest.split(" ")[0] if rest else ""
    hit = re.search(r"命中=(\S+)", rest)
    how = {
        "最高": "同时符合几行时取级别最高",
        "首行": "取第一行",
        "唯一": "只能符合一行",
        "收集": "符合的每一行都算",
    }
    return " · ".join(
        part
        for part in (f"{CAPTIONS.get(word, word)} {name}".strip(), how.get(hit[1], "") if hit else "")
        if part
    )


def units_with(key: str) -> list[Unit]:
    """Units that installed a manual."""
    return list(Unit.objects.filter(installations__key=key).order_by("path"))


def marked(text: str) -> SafeString:
    return mark_safe(escape(text))


@dataclass(frozen=True)
class Value:
    """One parameter as a unit sees it."""

    name: str
    default: str
    own: str
    bound: str
    clause: str
    note: str
    settable: bool


def values_of(unit: Unit, key: str, day: dt.date) -> tuple[ManualVersion | None, list[Value]]:
    """The parameters of the version in force and what the unit has set."""
    version = inforce.versions_in_force(day).get(key)
    if version is None:
        return None, []
    manual = inforce.manual_of(version.pk)
    row = next((row for row in inforce.installations(key) if row.unit_id == unit.pk), None)
    own = row.on(day) if row else {}
    return version, [
        Value(
            param.name,
            param.text,
            own.get(param.name, ""),
            param.bound_text,
            param.clause,
            param.note,
            param.bound is not None,
        )
        for param in manual.params.values()
    ]
