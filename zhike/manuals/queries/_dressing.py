"""Tables of a manual as a book shows them: captions in words, figures with their values, words in rows.

Nothing is left out that decides anything. What only the machine needs (codes, kinds of stages) stands in the source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from django.utils.translation import gettext as _

from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.records.typesetting import typeset

from ._book import Block, Section
from ._words import ANY, Part, Speech, figure

HITS = {
    model.Hit.HIGHEST: lambda: _("if several rows match, the highest decides"),
    model.Hit.FIRST: lambda: _("the first row that matches decides"),
    model.Hit.UNIQUE: lambda: _("exactly one row matches"),
    model.Hit.COLLECT: lambda: _("every row that matches counts"),
}
HIDDEN = {"代码", "英文", "性质", "行"}  # for the machine, or said otherwise


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind`: "" text, "any" accepts everything, "out" an outcome, "clause" a number of a clause, "no" nothing."""

    parts: tuple[Part, ...] = ()
    kind: str = ""

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(slots=True)
class Line:
    """A row. `hits` are its rulings in the period (None: the table gives none)."""

    cells: list[Cell]
    number: int = 0
    hits: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the manual. `own` is the value at the reader's unit where it differs, `said` its name to the reader."""

    name: str
    value: str
    own: str = ""
    bound: str = ""
    clause: str = ""
    note: str = ""
    said: str = ""


@dataclass(slots=True)
class Dressed:
    """A block made ready. `kind`: text, items, words, ladder, figures, table or examples."""

    kind: str
    block: Block
    name: str = ""
    note: str = ""  # the rest of the caption
    head: list[tuple[str, str]] = field(default_factory=list)  # (label, kind of cell)
    lines: list[Line] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    # of words and levels: (group, [(word, note)])
    groups: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)  # of figures: what is worth a column
    has_hits: bool = False
    numbered: bool = False


class Dresser:
    """Dresses the blocks of one manual for one reader."""

    def __init__(
        self, manual: model.Manual, *, english: bool, values: Mapping[str, str] | None = None
    ) -> None:
        self.speech = Speech(manual, english=english)
        self.english, self.manual = english, manual
        self.tables = {table.line: table for table in manual.tables}
        self.values = values or {}
        self.clauses = {one.number or one.title for one in manual.clauses}

    def dress(self, section: Section) -> list[Dressed]:
        return [self._block(block, section) for block in section.blocks]

    def _block(self, block: Block, section: Section) -> Dressed:
        if block.kind != "table":
            prose = replace(block, text=typeset(block.text), items=[typeset(item) for item in block.items])
            return Dressed(block.kind, prose)
        table = self.tables.get(block.line)
        match table:
            case model.DecisionTable():
                return self._decision(block, table, section)
            case model.ListTable(name="升级"):
                return self._ladder(block, table)
            case model.ListTable():
                return self._list(block, table, section)
            case model.StagesTable():
                return self._stages(block, table, section)
            case model.ParamTable():
                return self._figures(block, table, section)
            case model.ExampleTable():
                return self._examples(block, table)
            case _:
                return self._plain(block, getattr(table, "name", ""))

    def _decision(self, block: Block, table: model.DecisionTable, section: Section) -> Dressed:
        roles = {one.index: "in" for one in table.inputs} | {one.index: "out" for one in table.outputs}
        head, keep = [], []
        for place, label in enumerate(block.head):
            role = roles.get(place) or ("clause" if label == "条款" else "note")
            told = {normal(row[place]) for row in block.rows if place < len(row)}
            if (role == "note" and not any(told)) or (role == "clause" and told <= {section.key}):
                continue
            keep.append((place, role))
            said = self.speech.label(table, label.lstrip("→->= "))
            head.append((f"→ {said}" if role == "out" else said, role))
        numbers = {row.line: row.number for row in table.rows}
        lines = []
        for row, at in zip(block.rows, block.lines, strict=True):
            cells = [self._cell(row[place] if place < len(row) else "", role) for place, role in keep]
            lines.append(Line(cells, numbers.get(at, 0)))
        note = HITS[table.hit]()
        if table.inputs:
            names = (self.speech.label(table, one.label) for one in table.inputs)
            by = (", " if self.english else "、").join(
                name.lower() if self.english else name for name in names
            )
            note = _("by %(facts)s") % {"facts": by} + " · " + note
        return Dressed(
            "table", block, table.name, note, head, lines, self._used(block), has_hits=bool(table.question), numbered=True
        )  # fmt: skip

    def _cell(self, text: str, role: str) -> Cell:
        plain = normal(text)
        if role == "in":
            if plain in {"", "-"}:
                return Cell((Part(ANY["en" if self.english else "zh"]),), "any")
            return Cell(self.speech.test(text))
        if role == "out":
            parts = self.speech.test(text) if plain not in {"", "-"} else (Part("—"),)
            return Cell(parts, "out")
        if role == "clause":
            return Cell((Part(plain),), "clause") if plain not in {"", "-"} else Cell((), "no")
        if plain in {"", "-"}:
            return Cell((Part("—"),) if plain else (), "no")
        return Cell(self.speech.test(text))

    def _used(self, block: Block) -> list[Figure]:
        """The figures that the cells of a table name, in the order of the manual."""
        said = {
            part.param for row in block.rows for text in row for part in self.speech.test(text) if part.param
        }
        return [self.figure(param) for name, param in self.speech.params.items() if name in said]

    def figure(self, param: model.Param) -> Figure:
        own = self.values.get(param.name, "")
        own = figure(own, english=self.english) if own and normal(own) != normal(param.text) else ""
        bound = figure(param.bound_text, english=self.english) if param.bound is not None else ""
        note = typeset(self.speech.word(param.note))
        value, said = figure(param.text, english=self.english), self.speech.word(param.name)
        return Figure(param.name, value, own, bound, param.clause, note, said)

    def _figures(self, block: Block, table: model.ParamTable, section: Section) -> Dressed:
        told = [self.figure(param) for param in table.params]
        columns = {name for name in ("bound", "note") if any(getattr(one, name) for one in told)}
        if {one.clause for one in told} - {section.key, ""}:
            columns.add("clause")
        return Dressed("figures", block, table.name, figures=told, columns=columns)

    def _ladder(self, block: Block, table: model.ListTable) -> Dressed:
        """The levels of escalation, one sentence each."""
        dressed = Dressed("ladder", block, self.speech.word(table.name))
        for row in table.rows:
            said = {label: cell.text for label, cell in row.cells.items()}
            span = figure(said.get("逾期", ""), english=self.english)
            before = _("%(span)s before it is due") if said.get("级") == "0" else _("%(span)s late")
            what, whom = self.speech.word(said.get("动作", "")), self.speech.word(said.get("对象", ""))
            matter = said.get("事项", "")
            note = "" if matter in {"", "全部", "-"} else self.speech.word(matter)
            sentence = _("%(what)s %(whom)s") % {"what": what, "whom": whom}
            dressed.groups.append((before % {"span": span}, [(sentence, note)]))
        return dressed

    def _list(self, block: Block, table: model.ListTable, section: Section) -> Dressed:
        """A vocabulary as words in a line, in groups or with short notes; what says more is a table."""
        shown, note = self._uniform(block, self._columns(block, section))
        rest = shown[1:]
        labels = {block.head[place] for place in rest}
        words = [(self.speech.word(row[0]), "") for row in block.rows if row]
        dressed = Dressed("words", block, table.name, note)
        if not rest:
            dressed.groups = [("", words)]
        elif labels <= {"说明", "备注"} and len(rest) == 1:
            notes = (typeset(self.speech.word(row[rest[0]]).strip("-")) for row in block.rows)
            dressed.groups = [("", [(word, note) for (word, _none), note in zip(words, notes, strict=True)])]
        elif len(rest) == 1 and self._groups(block, rest[0]):
            groups: dict[str, list[tuple[str, str]]] = {}
            for row, word in zip(block.rows, words, strict=True):
                groups.setdefault(self.speech.word(row[rest[0]]), []).append(word)
            dressed.groups = list(groups.items())
        else:
            return self._grid(block, table, shown, name=table.name, note=note)
        return dressed

    def _uniform(self, block: Block, shown: list[int]) -> tuple[list[int], str]:
        """Columns that say the same in every row are said once, beside the name of the table."""
        said = []
        for place in list(shown[1:]):
            values = {row[place] for row in block.rows if place < len(row)}
            if len(block.rows) > 2 and len(values) == 1:
                shown.remove(place)
                said.append(f"{self.speech.word(block.head[place])} {self.speech.word(values.pop())}")
        return shown, " · ".join(said)

    def _groups(self, block: Block, place: int) -> bool:
        """Whether a column puts the words into few groups, such as 大类."""
        values = [row[place] for row in block.rows if place < len(row)]
        lists = {word.name for one in self.manual.lists.values() for word in one.words}
        return len(set(values)) < len(values) and all(normal(value) in lists for value in values)

    def _columns(self, block: Block, section: Section) -> list[int]:
        """Columns worth their place: not for the machine, not empty all the way, no clause that stands above."""
        found = []
        for place, label in enumerate(block.head):
            values = {normal(row[place]) for row in block.rows if place < len(row)}
            if label in HIDDEN or (place and values <= {"", "-"}):
                continue
            if label == "条款" and values <= {section.key, "", "-"}:
                continue
            found.append(place)
        return found

    def _grid(
        self, block: Block, table: model.Table, shown: Sequence[int], *, name: str, note: str = ""
    ) -> Dressed:
        roles = ["clause" if block.head[place].endswith("条款") else "" for place in shown]
        head = [
            (self.speech.label(table, block.head[place]), role)
            for place, role in zip(shown, roles, strict=True)
        ]
        lines = [
            Line([self._cell(row[place] if place < len(row) else "", role or "text") for place, role in zip(shown, roles, strict=True)])
            for row in block.rows
        ]  # fmt: skip
        return Dressed("table", block, name, note, head, lines, self._used(block))

    def _stages(self, block: Block, table: model.StagesTable, section: Section) -> Dressed:
        shown = self._columns(block, section)
        note = [_("one after another")] if _straight(table) else []
        forms = {stage.form for stage in table.stages}
        for place in list(shown):
            label = block.head[place]
            if label == "下一步" and _straight(table):
                shown.remove(place)
            if label == "表单" and len(forms) == 1:
                shown.remove(place)
                note.append(_("form: %(form)s") % {"form": self.speech.word(forms.pop())})
        dressed = self._grid(block, table, shown, name=table.name, note=" · ".join(note))
        following = [place for place, at in enumerate(shown) if block.head[at] == "下一步"]
        for number, (line, stage) in enumerate(zip(dressed.lines, table.stages, strict=False), 1):
            line.number = number
            for place in following:
                line.cells[place] = self._next(stage)
        dressed.numbered = True
        return dressed

    def _next(self, stage: model.Stage) -> Cell:
        """Where a stage leads, a line for each place: 重大、恶意投诉 → 逐级上报."""
        comma = ", " if self.english else "、"
        lines: list[str] = []
        for there, branches in groupby(stage.next, key=lambda branch: branch.stage or "结束"):
            conditions = [branch.when for branch in branches]
            rest = None in conditions
            if rest and not lines:  # whatever is the case
                lines.append(self.speech.word(there))
                continue
            when = comma.join(self.speech.word(one) for one in (["其余"] if rest else conditions) if one)
            lines.append(f"{when} → {self.speech.word(there)}")
        return Cell((Part("\n".join(lines)),), "next")

    def _examples(self, block: Block, table: model.ExampleTable) -> Dressed:
        of = next((one for one in self.manual.tables if getattr(one, "name", "") == table.of), table)
        head = []
        for label in block.head:
            out = label.startswith(("→", "->", "=>"))
            said = self.speech.label(of, label.lstrip("→->= "))
            head.append((f"→ {said}" if out else said, "out" if out else ""))
        lines = [
            Line([self._cell(text, role or "text") for text, (_label, role) in zip(row, head, strict=False)])
            for row in block.rows
        ]
        return Dressed("examples", block, table.of, head=head, lines=lines)

    def _plain(self, block: Block, name: str) -> Dressed:
        lines = [Line([self._cell(text, "text") for text in row]) for row in block.rows]
        return Dressed(
            "table", block, name, head=[(self.speech.word(label), "") for label in block.head], lines=lines
        )


def _straight(table: model.StagesTable) -> bool:
    """Whether every stage leads to the one below it and the last one ends."""
    names = [stage.name for stage in table.stages]
    wanted = [*names[1:], None]
    return table.has_next and all(
        len(stage.next) == 1 and stage.next[0].when is None and stage.next[0].stage == following
        for stage, following in zip(table.stages, wanted, strict=True)
    )
