"""How a table of a draft looks as a grid: cells dressed, findings at their cells, words offered, stretches of a figure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhike.kernel.policy.editing import offers, segments, words
from zhike.kernel.policy.editing.columns import columns as more_columns
from zhike.kernel.policy.editing.grids import Column, Grid
from zhike.kernel.policy.editing.vocabulary import Choice, choices
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal, split_items
from zhike.manuals.queries import Draft, key_of, marked_cell, said, saying

KINDS = {
    "decision": gettext_lazy("Decision"),
    "list": gettext_lazy("Word list"),
    "stages": gettext_lazy("Stages"),
    "params": gettext_lazy("Figures"),
    "derive": gettext_lazy("Derived facts"),
    "examples": gettext_lazy("Examples"),
}
HITS = {
    model.Hit.UNIQUE: gettext_lazy("exactly one row"),
    model.Hit.FIRST: gettext_lazy("the first row that fits"),
    model.Hit.HIGHEST: gettext_lazy("the highest that fits"),
    model.Hit.COLLECT: gettext_lazy("every row that fits"),
}
NOTES = {
    model.Kind.MONEY: gettext_lazy("yuan"),
    model.Kind.TAGS: gettext_lazy("any of"),
    model.Kind.BOOL: gettext_lazy("yes or no"),
    model.Kind.DATE: gettext_lazy("a day"),
    model.Kind.UNTIL: gettext_lazy("from today"),
    model.Kind.INT: gettext_lazy("a number"),
    model.Kind.NUMBER: gettext_lazy("a number"),
}
COLUMN_NOTES = {
    "fact": gettext_lazy("fact of the case"),
    "own": gettext_lazy("fact of this regulation"),
    "derived": gettext_lazy("derived fact"),
    "outcome": gettext_lazy("outcome"),
}
# widths by role of the column; what has none shares the rest
WIDTHS = {"clause": 104, "note": 96, "code": 130, "range": 150, "value": 120, "name": 140, "joint": 70}
FIGURES = (model.Kind.MONEY, model.Kind.NUMBER, model.Kind.INT, model.Kind.UNTIL, model.Kind.DATE)
ROOM = 760  # pixels for the columns; a table that needs more scrolls sideways instead of being squeezed
LEAST, USUAL = 140, 180  # of a column without a width: in a table that fits, in one that scrolls
GRAVITY = {model.Level.ERROR: "is-wrong", model.Level.GAP: "is-open", model.Level.WARNING: "is-odd"}
SHOWN_STRETCHES = 9
MOST_KNOWN = 3000  # dressed rows of one table that are kept
MOST_ROWS = 100  # of a table whose stretches are drawn: a longer one has too many to be read


@dataclass
class ShownColumn:
    label: str
    role: str
    note: Any = ""
    width: int = 0
    out: bool = False
    several: bool = False  # more than one word may stand in a cell
    source: str = ""  # key of the list whose words are offered
    choices: list[Choice] = field(default_factory=list)
    message: str = ""


@dataclass
class Stretch:
    text: str
    outcome: str
    tint: str


@dataclass
class Sheet:
    """One table as the page shows it; `payload` is what the grid in the browser works with."""

    key: str
    line: int
    kind: str
    label: Any
    name: str
    clause: str
    hit: Any
    saying: str
    columns: list[ShownColumn]
    rows: list[SafeString]
    wide: bool
    gaps: list[model.Finding]
    whole: list[model.Finding]
    offered: list[tuple[str, ...]]
    ghost: list[SafeString]
    gone: list[tuple[int, str]]
    stretched: str
    stretches: list[Stretch]
    payload: dict[str, Any]

    @property
    def title(self) -> str:
        return f"{self.clause} {self.name}".strip()


def language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def sheet_of(draft: Draft, grid: Grid, owners: Sequence[Choice] = ()) -> Sheet:
    """The sheet of one table."""
    table = draft.manual.decision(grid.name) if grid.kind == "decision" else None
    columns = [_column(draft, grid, n, table, owners) for n in range(len(grid.columns))]
    wide = sum(column.width or LEAST for column in columns) > ROOM
    if wide:
        for column in columns:
            column.width = column.width or USUAL
    elif all(column.width for column in columns):
        max(columns, key=lambda column: column.width).width = 0  # the widest takes what is left
    places, whole = draft.places(grid)
    for n, column in enumerate(columns):
        column.message = said(places[-1, n].message, draft.manual) if (-1, n) in places else ""
    before, gone = draft.formerly(grid)
    dress = Dress(draft)
    rows = _rows(dress, grid, columns, places, before)
    gaps = [found for found in whole if found.level is model.Level.GAP]
    offered = _offered(draft, table, gaps)
    clause = draft.clause_of(grid)
    stretched, stretches = _stretches(draft, table)
    lang = language()
    return Sheet(
        key=key_of(grid),
        line=grid.line,
        kind=grid.kind,
        label=KINDS[grid.kind],
        name=grid.name,
        clause=clause.number if clause else "",
        hit=HITS[table.hit] if table else "",
        saying=words.directive_in_words(draft.manual, table, lang) if table else "",
        columns=columns,
        rows=rows,
        wide=wide,
        gaps=gaps,
        whole=[found for found in whole if found.level in (model.Level.ERROR, model.Level.WARNING)],
        offered=offered,
        ghost=_ghost(dress, columns, offered),
        gone=[(number, "、".join(cell for cell in row if cell not in {"", "-"})) for number, row in gone],
        stretched=stretched,
        stretches=stretches,
        payload=_payload(grid, columns, offered) | {"more": list(_choices(_more(draft, grid)))},
    )


def _column(
    draft: Draft, grid: Grid, n: int, table: model.DecisionTable | None, owners: Sequence[Choice]
) -> ShownColumn:
    column = grid.columns[n]
    shown = ShownColumn(
        column.label, column.role, out=column.role == "outcome", width=WIDTHS.get(column.role, 0)
    )
    shown.choices = choices(draft.manual, grid, n, owners=owners)
    source = table or (draft.manual.decision(grid.name) if grid.kind == "examples" else None)
    vocabulary: str | None = None
    if source is not None and column.role in {"input", "outcome"}:
        bare = normal(column.label.lstrip("→ ").removeprefix("->").removeprefix("=>"))
        given = next((one for one in source.inputs if one.label == bare), None) if not shown.out else None
        came = next((one for one in source.outputs if one.label == bare), None) if shown.out else None
        if given is not None:
            shown.note = NOTES.get(given.fact.kind, "")
            shown.several = given.fact.kind is model.Kind.TAGS or (
                given.fact.kind is model.Kind.ENUM and grid.kind == "decision"
            )
            vocabulary = given.fact.vocabulary
            shown.width = (
                0 if given.fact.kind is model.Kind.TAGS else 150 if given.fact.kind in FIGURES else 120
            )
        if came is not None:
            shown.several = came.kind is model.OutcomeKind.MULTI
            vocabulary = came.vocabulary
            shown.width = 120
    shown.several = shown.several or column.role == "owner"
    if vocabulary and vocabulary in draft.manual.lists:
        shown.source = f"list.{vocabulary}"
    return shown


Findings = tuple[tuple[int, model.Level, str], ...]  # of a row, by column; -1 is the row as a whole


def _rows(
    dress: Dress,
    grid: Grid,
    columns: Sequence[ShownColumn],
    places: Mapping[tuple[int, int], model.Finding],
    before: Sequence[tuple[str, ...] | None],
) -> list[SafeString]:
    """The rows as the page has them. One key typed changes one row of hundreds: the others are as they were."""
    known = _dressed(_around(dress.draft, grid))
    if len(known) > MOST_KNOWN:
        known.clear()
    found: dict[int, list[tuple[int, model.Level, str]]] = {}
    say = saying(dress.draft.manual)
    for (row, at), one in places.items():
        found.setdefault(row, []).append((at, one.level, say(one.message)))
    rows = []
    for n, texts in enumerate(grid.rows):
        told = tuple(sorted(found.get(n, ())))
        key = (n, texts, before[n], told)
        if key not in known:
            known[key] = _row(dress, grid, n, columns, told, before[n])
        rows.append(known[key])
    return rows


@lru_cache(maxsize=4)
def _dressed(around: Hashable) -> dict[Hashable, SafeString]:
    """Rows of a table that were dressed already, while nothing around the table changes; `_rows` fills it."""
    return {}


def _around(draft: Draft, grid: Grid) -> Hashable:
    """All that a row looks like by, besides its own texts and findings."""
    rest = "\n".join([*draft.lines[: grid.first], *draft.lines[grid.last :]])
    return key_of(grid), rest, draft.params, language(), bool(draft.base_grids)


def _row(
    dress: Dress,
    grid: Grid,
    n: int,
    columns: Sequence[ShownColumn],
    told: Findings,
    before: tuple[str, ...] | None,
) -> SafeString:
    findings = {at: (GRAVITY.get(level, ""), message) for at, level, message in told}
    cells = []
    for at, text in enumerate(grid.rows[n]):
        old = before[at] if before is not None and _bare(before[at]) != _bare(text) else None
        grave, message = findings.get(at, ("", ""))
        classes = ["out" if columns[at].out else "", "is-changed" if old is not None else "", grave]
        said = words.in_words(dress.draft.manual, grid, n, at, language())
        html = dress.cell(grid.columns[at], grid.kind, text, old)
        cells.append((_attributes(classes, said, message), html))
    grave, message = findings.get(-1, ("", ""))
    is_new = bool(dress.draft.base_grids) and before is None
    whole = _attributes(["is-new" if is_new else "", grave])
    title = f' title="{escape(message)}"' if message else ""
    drawn = "".join(f'<td role="gridcell" tabindex="-1"{told}>{html}</td>' for told, html in cells)
    # all of it is escaped where it is made; one template call for each cell of hundreds of rows would cost most
    return mark_safe(f'<tr role="row"{whole}><th scope="row" class="n"{title}>{n + 1}</th>{drawn}</tr>\n')


def _bare(text: str) -> str:
    return "" if text == "-" else text


def _attributes(classes: Sequence[str], said: str = "", message: str = "") -> SafeString:
    named = " ".join(filter(None, classes))
    found = f' class="{named}"' if named else ""
    if said:
        found += f' data-words="{escape(said)}"'
    if message:
        told = escape(message)
        found += f' data-message="{told}" title="{told}" aria-invalid="true"'
    return mark_safe(found)


class Dress:
    """Texts of cells as they are shown: parameters coloured, signs as printed, what changed struck through."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        names = "|".join(re.escape(name) for name in draft.params)
        self.params = re.compile(f"({names})") if names else None

    def cell(self, column: Column, kind: str, text: str, old: str | None = None) -> SafeString:
        if old is not None:
            return self._changed(kind, column, old, text)
        return self.plain(column, kind, text)

    def plain(self, column: Column, kind: str, text: str) -> SafeString:
        empty = text in {"", "-"}
        if column.role == "input" and kind == "decision" and empty:
            return format_html('<span class="any">{}</span>', _("any"))
        if empty:
            return format_html('<span class="any">{}</span>', text)
        if column.role == "clause":
            return format_html_join(
                " ", '<span class="zk-clause">{}</span>', ((part,) for part in split_items(text))
            )
        if column.role == "name" and kind == "params":
            return format_html('<span class="p">{}</span>', text)
        return self.coloured(text) if kind in {"decision", "stages", "derive", "params"} else _escaped(text)

    def coloured(self, text: str) -> SafeString:
        """Names of parameters in their colour, comparisons with their printed signs."""
        if self.params is None:
            return _signs(text)
        parts = self.params.split(text)
        return mark_safe(
            "".join(
                format_html('<span class="p">{}</span>', part) if n % 2 else _signs(part)
                for n, part in enumerate(parts)
            )
        )

    def _changed(self, kind: str, column: Column, old: str, new: str) -> SafeString:
        asks = column.role == "input" and kind == "decision"
        if asks and "-" in {
            old or "-",
            new or "-",
        }:  # not a character that moved, but a condition that came or went
            return format_html(
                "<del>{}</del> <b>{}</b>", *(self.plain(column, kind, text) for text in (old, new))
            )
        before, after = marked_cell(old.strip("-"), new.strip("-"))
        pieces: list[SafeString] = []
        removed = iter(before)
        left = next(removed, None)
        for part in after:
            while left is not None and left.changed:
                pieces.append(format_html("<del>{}</del> ", left.text))
                left = next(removed, None)
            pieces.append(
                format_html("<b>{}</b>", self.coloured(part.text))
                if part.changed
                else self.coloured(part.text)
            )
            if not part.changed:
                left = next(removed, None)
        while left is not None:
            pieces.append(format_html("<del>{}</del>", left.text))
            left = next(removed, None)
        return mark_safe("".join(pieces))


def _escaped(text: str) -> SafeString:
    return conditional_escape(text)


def _signs(text: str) -> SafeString:
    shown = re.sub(r">=\s*", "≥ ", text)
    shown = re.sub(r"<=\s*", "≤ ", shown)
    return conditional_escape(re.sub(r"!=\s*", "≠ ", shown))


def _offered(
    draft: Draft, table: model.DecisionTable | None, gaps: Sequence[model.Finding]
) -> list[tuple[str, ...]]:
    if table is None or not gaps:
        return []
    open_ones = {found.message for found in gaps}
    return [
        offer.cells
        for offer in offers.missing_rows(draft.manual, table)
        if offer.finding.message in open_ones
    ]


def _ghost(
    dress: Dress, columns: Sequence[ShownColumn], offered: Sequence[tuple[str, ...]]
) -> list[SafeString]:
    """The first offered row as it stands below the table, before it is taken."""
    if not offered:
        return []
    cells = []
    for column, text in zip(columns, offered[0], strict=True):
        if column.out and text in {"", "-"}:
            cells.append(format_html("{}", _("choose …")))
        elif column.role == "clause":
            cells.append(format_html("§ {}", text or "…"))
        elif column.role == "note":
            cells.append(format_html("{}", text or _("to be filled in")))
        else:
            cells.append(dress.plain(Column(column.label, column.role), "decision", text))
    return cells


def _stretches(draft: Draft, table: model.DecisionTable | None) -> tuple[str, list[Stretch]]:
    """The first figure of a decision as a bar: which stretch gives which outcome."""
    if table is None or table.broken or len(table.rows) > MOST_ROWS:
        return "", []
    figure = next((one for one in table.inputs if one.fact.kind.is_figure), None)
    if figure is None:
        return "", []
    found = segments.segments(draft.manual, table, figure.label)
    if len(found) < 2 or len(found) > SHOWN_STRETCHES:
        return "", []
    outcomes = list(dict.fromkeys(one.outcome for one in reversed(found) if one.outcome))
    return figure.label, [
        Stretch(
            _signs(one.text), one.outcome, f"t{outcomes.index(one.outcome) % 5}" if one.outcome else "gap"
        )
        for one in found
    ]


def _payload(grid: Grid, columns: Sequence[ShownColumn], offered: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {
        "key": key_of(grid),
        "line": grid.line,
        "kind": grid.kind,
        "rows": [list(row) for row in grid.rows],
        "offers": [list(row) for row in offered],
        "columns": [
            {
                "label": column.label,
                "role": column.role,
                "several": column.several,
                "source": column.source,
                "choices": list(_choices(column.choices)),
            }
            for column in columns
        ],
    }


def _more(draft: Draft, grid: Grid) -> list[Choice]:
    """Columns that may be added, with what each is in the reader's language."""
    return [
        replace(one, note=str(COLUMN_NOTES.get(one.note, ""))) for one in more_columns(draft.manual, grid)
    ]


def _choices(found: Sequence[Choice]) -> Iterator[list[str]]:
    english = language() == "en"
    for choice in found:
        note = " · ".join(part for part in (choice.en if english else "", choice.note) if part)
        yield [choice.text, note]
