"""Regulations for reading: what is in force where, and a manual cut into its clauses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import heading_parts, normal, split_row
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.people.standing import houses

from ._words import name_of

HEADING = re.compile(r"^(#{1,6})\s*(.+?)\s*$")
RULE = re.compile(r":?-{3,}:?")
ITEM = re.compile(r"^\s*(?:[-*]|\d+[.)、])\s+(.*)$")


@dataclass
class Block:
    """A stretch of a clause: a paragraph, a list of items or a table with its directive.

    `lines` are the lines of the file on which the rows stand, `line` that of the directive, or of the table.
    """

    kind: str  # "text", "items" or "table"
    text: str = ""
    caption: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    executed: bool = False
    items: list[str] = field(default_factory=list)
    ordered: bool = False
    line: int = 0
    lines: list[int] = field(default_factory=list)


@dataclass
class Section:
    """One clause as the book shows it; `anchor` is what clause chips point to.

    `number` is normalised ("" if none is printed), `title` the whole heading, `name` without its number.
    `covers` are the clauses whose figures stand beside this one: its own and those below it.
    """

    number: str
    title: str
    depth: int
    anchor: str
    gist: str
    blocks: list[Block]
    name: str = ""
    line: int = 0
    text: str = ""  # as written, heading and gist left out
    covers: list[str] = field(default_factory=list)
    rulings: int = 0
    duties: int = 0

    @property
    def key(self) -> str:
        """What rulings and duties call the clause."""
        return self.number or self.name


def manuals() -> QuerySet[ManualVersion]:
    """Published versions, newest first in each manual, without their texts. Regulations are open to all staff."""
    return (
        ManualVersion.objects.filter(state=ManualVersion.State.PUBLISHED)
        .defer("text")
        .order_by("key", "-number")
    )


def house_of(unit: int | None) -> Unit | None:
    """The house (store, company) of a unit, whose values of figures hold in its departments too."""
    return Unit.objects.filter(pk=houses().of(unit)).first() if unit else None


def installations(scope: Scope) -> QuerySet[Installation]:
    """Where manuals are installed, in the visible units."""
    return scope.rows(Installation.objects.select_related("unit").order_by("unit__path", "key"))


def sections_of_version(version: ManualVersion) -> list[Section]:
    """The clauses of a version, without live figures."""
    return sections_of(inforce.manual_of(version.pk))


def clause_of(sections: Iterable[Section], number: str) -> Section | None:
    """The clause with this number; one that prints none is called by its title."""
    wanted = normal(number)
    return next((one for one in sections if wanted in {one.number or one.name, normal(one.title)}), None)


def sections_of(manual: model.Manual) -> list[Section]:
    """Cut the text at its headings; what stands before the first clause is the cover."""
    lines = manual.source.splitlines()
    gists = {clause.line: clause.gist for clause in manual.clauses}
    sections: list[Section] = []
    cutter: _Cutter | None = None
    for place in range(_after_front_matter(lines), len(lines)):
        line = lines[place].rstrip()
        heading = HEADING.match(line)
        if heading is not None:
            number, name = heading_parts(heading[2])
            anchor = f"c-{number or heading[2]}"
            section = Section(
                number, heading[2], len(heading[1]), anchor, gists.get(place + 1, ""), [], name, place + 1
            )
            cutter = _Cutter(section)
            sections.append(section)
        elif cutter is not None:
            cutter.take(place + 1, line)
    _cover(sections)
    return sections


class _Cutter:
    """Takes the lines of one clause and makes blocks of them."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.directive: tuple[str, int] = ("", 0)
        self.block: Block | None = None

    def take(self, number: int, line: str) -> None:
        if line.startswith("> en:"):
            return
        self.section.text += line + "\n"
        if line.startswith(("@", "＠")):
            self.directive, self.block = (line, number), None
        elif line.startswith("|"):
            self._row(number, line)
        elif item := ITEM.match(line):
            block = self._open("items", number)
            block.ordered = line.lstrip()[0].isdigit()
            block.items.append(item[1])
        elif line.strip():
            self._open("text", number).text += line.strip()
        elif not (self.block and self.block.kind == "table" and not self.block.head):
            self.block = None

    def _row(self, number: int, line: str) -> None:
        cells = [piece.text for piece in split_row(line)]
        if all(RULE.fullmatch(cell) for cell in cells):
            return
        block = self._open("table", number)
        if not block.head:
            block.head = cells
        else:
            block.rows.append(cells)
            block.lines.append(number)

    def _open(self, kind: str, number: int) -> Block:
        if self.block is None or self.block.kind != kind:
            self.block = Block(kind, line=number)
            if kind == "table" and self.directive[0]:
                text, self.block.line = self.directive
                self.block.caption, self.block.executed = caption_words(text), True
                self.directive = ("", 0)
            self.section.blocks.append(self.block)
        return self.block


def _cover(sections: list[Section]) -> None:
    """Let every clause cover those below it. The title of the book covers nothing but itself."""
    above: list[Section] = []
    for section in sections:
        while above and above[-1].depth >= section.depth:
            above.pop()
        above.append(section)
        for one in above:
            if one.depth > 1 or one is section:
                one.covers.append(section.key)


def _after_front_matter(lines: list[str]) -> int:
    if lines and lines[0].strip() == "---":
        for place in range(1, len(lines)):
            if lines[place].strip() == "---":
                return place + 1
    return 0


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


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text with every place of these words (folded as the search index folds them) marked."""
    wanted = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    if not wanted:
        return mark_safe(escape(text))
    cut = re.split(f"({wanted})", text, flags=re.IGNORECASE)
    shown = (f"<mark>{escape(one)}</mark>" if place % 2 else escape(one) for place, one in enumerate(cut))
    return mark_safe("".join(shown))


@dataclass(frozen=True)
class Value:
    """One parameter as a unit sees it; `said` is its name in the reader's language."""

    name: str
    said: str
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
            name_of(param),
            param.text,
            own.get(param.name, ""),
            param.bound_text,
            param.clause,
            param.note,
            param.bound is not None,
        )
        for param in manual.params.values()
    ]
