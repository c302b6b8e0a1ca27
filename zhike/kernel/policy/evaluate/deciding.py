"""Rulings of a manual: facts in, the outcome with its clause, row and everything else that matched out."""

import datetime as dt
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhike.kernel.policy.manual.formula import Ref
from zhike.kernel.policy.manual.model import (
    Bound,
    Chosen,
    Computed,
    DecisionRow,
    DecisionTable,
    Due,
    Hit,
    Literal,
    Manual,
    NoValue,
    OutcomeCell,
    Several,
)
from zhike.kernel.policy.manual.overlay import with_values
from zhike.kernel.policy.manual.text import normal

from .formulas import work_out
from .phrases import filled
from .program import Program, Ruler


class CannotDecide(ValueError):
    """The table gives no ruling: it is not sound, not there, or two of its rows contradict each other."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer. `row` counts from 1; `also` are the other rows that matched.

    `outcome` by label: Decimal, bool, text, code of a word, tuple of codes, `Due`, `Bound`, or None for `-`.
    `written` is the same as the cells say it.
    """

    outcome: Mapping[str, Any]
    clause: str
    row: int
    line: int
    also: tuple[int, ...]
    table: str
    row_text: str
    written: Mapping[str, str]


class Book:
    """A manual made ready to rule; keeps its compiled tables. One per manual, see `book_of`."""

    def __init__(self, manual: Manual) -> None:
        self.manual = manual
        self.derived = manual.derived
        self._sound: dict[str, DecisionTable] = {}
        self._programs: dict[str, Program] = {}
        self._rulers: dict[str, Ruler] = {}
        self._decisions: dict[tuple[str, tuple[int, ...]], Decision] = {}

    def table(self, name: str) -> DecisionTable:
        """The decision table of this name, fit to be executed. Raises CannotDecide."""
        table = self._sound.get(name)
        if table is None:
            table = self._sound[name] = self._find(name)
        return table

    def _find(self, name: str) -> DecisionTable:
        table = self.manual.decision(name)
        if table is None:
            names = "、".join(table.name for table in self.manual.decisions)
            raise CannotDecide(f"没有判定表“{name}”，只有：{names}" if names else "这份规定没有判定表")
        if table.broken or any(row.broken for row in table.rows):
            first = next((f for f in self.manual.errors if f.table == table.name), None)
            why = f"：第{first.line}行 {first.message}" if first else ""
            raise CannotDecide(f"判定表“{name}”有错误，不能执行{why}")
        return table

    def ruler(self, table: DecisionTable, today: dt.date) -> Ruler:
        program = self._programs.get(table.name)
        if program is None:
            program = self._programs[table.name] = Program(table)
        ruler = self._rulers.get(table.name)
        if ruler is None or (program.dated and ruler.today != today):
            ruler = self._rulers[table.name] = program.bind(today)
        return ruler

    def kept(self, table: DecisionTable, hits: tuple[int, ...]) -> Decision | None:
        """The decision of these matching rows, if nothing in it depends on the case."""
        return self._decisions.get((table.name, hits))

    def decision(self, table: DecisionTable, row: int, hits: tuple[int, ...], case: "Case") -> Decision:
        """The decision of `row` among `hits`; kept when nothing in it depends on the case."""
        also = tuple(other for other in hits if other != row)
        found = _decision(table, table.rows[row - 1], also, case)
        if not any(isinstance(cell.value, Computed) for cell in table.rows[row - 1].outcomes):
            self._decisions[(table.name, hits)] = found
        return found


_BOOKS: "weakref.WeakKeyDictionary[Manual, Book]" = weakref.WeakKeyDictionary()


def book_of(manual: Manual) -> Book:
    found = _BOOKS.get(manual)
    if found is None:
        found = _BOOKS[manual] = Book(manual)
    return found


class Case:
    """The facts of one case, with derived facts and outcomes of earlier tables worked out when asked for.

    A fact given by the caller is never recomputed; one given as None is.
    """

    def __init__(self, book: Book, facts: Mapping[str, Any], today: dt.date) -> None:
        self.book, self.today = book, today
        self.known: dict[str, Any] = dict(facts)

    def look(self, label: str, above: int) -> Any:
        """The value of a label as seen by a table on line `above`."""
        given = self.known.get(label)
        if given is not None:
            return given
        derived = self.book.derived.get(label)
        if derived is not None:
            if derived.formula is None:
                raise CannotDecide(f"推算“{label}”有错误，不能执行")
            value: Any = work_out(derived.formula, lambda ref: self.figure(ref, above))
        else:
            value = self._earlier(label, above)
        self.known[label] = value
        return value

    def figure(self, ref: Ref, above: int) -> Any:
        if ref.param:
            return self.book.manual.params[ref.name].value
        return self.look(ref.name, above)

    def _earlier(self, label: str, above: int) -> Any:
        tables = [
            table
            for table in self.book.manual.decisions
            if table.line < above
            and table.hit is not Hit.COLLECT
            and any(label == output.label for output in table.outputs)
        ]
        if not tables:
            return None
        found = self.one(self.book.table(tables[-1].name))
        return _as_fact(found.outcome[label]) if found else None

    def hits(self, table: DecisionTable) -> list[int]:
        """Rows that match, from 1, in the order of the table."""
        ruler = self.book.ruler(table, self.today)
        try:
            for label in ruler.computed:
                if self.known.get(label) is None:
                    self.look(label, table.line)
            return ruler.every_of(self.known.get)
        except KeyError as stranger:
            raise CannotDecide(f"判定表“{table.name}”：清单里没有“{stranger.args[0]}”") from stranger

    def one(self, table: DecisionTable) -> Decision | None:
        """The ruling of a table that gives one; CannotDecide when two rows of a 唯一 table match."""
        hits = tuple(self.hits(table))
        if not hits:
            return None
        kept = self.book.kept(table, hits)
        if kept is not None:
            return kept
        if table.hit is Hit.UNIQUE and len(hits) > 1:
            rows = "、".join(f"第{row}行" for row in hits)
            raise CannotDecide(f"判定表“{table.name}”命中=唯一，但{rows}同时符合")
        best = hits[0]
        if table.hit is Hit.HIGHEST:
            best = min(hits, key=lambda row: table.ranks[row - 1])
        return self.book.decision(table, best, hits, self)

    def all(self, table: DecisionTable) -> list[Decision]:
        """Every row that matches, one decision each."""
        return [
            self.book.kept(table, (row,)) or self.book.decision(table, row, (row,), self)
            for row in self.hits(table)
        ]


def decide(
    manual: Manual,
    table: str,
    facts: Mapping[str, Any],
    today: dt.date,
    params: Mapping[str, str] | None = None,
) -> Decision | None:
    """The ruling of a table that gives one answer; None when no row matches. Raises CannotDecide.

    `facts` by label: Decimal, bool, date, code of a word, set of codes (or mask); missing or None is unknown.
    `params` are values of a unit as text; the manual is read again with them.
    """
    book = book_of(with_params(manual, params))
    return Case(book, facts, today).one(book.table(table))


def decide_all(
    manual: Manual,
    table: str,
    facts: Mapping[str, Any],
    today: dt.date,
    params: Mapping[str, str] | None = None,
) -> list[Decision]:
    """Every row that matches, for tables that collect. Raises CannotDecide."""
    book = book_of(with_params(manual, params))
    return Case(book, facts, today).all(book.table(table))


_UNITS: "weakref.WeakKeyDictionary[Manual, dict[tuple[tuple[str, str], ...], Manual]]" = (
    weakref.WeakKeyDictionary()
)


def with_params(manual: Manual, params: Mapping[str, str] | None) -> Manual:
    """The manual with these parameter values, read once for each set of values. Ranges are not checked here."""
    if not params or dict(params) == dict(manual.overrides):
        return manual
    kept = _UNITS.setdefault(manual, {})
    key = tuple(sorted(params.items()))
    if key not in kept:
        kept[key] = with_values(manual, params)
    return kept[key]


# --- outcomes -------------------------------------------------------------------------------------------


def _decision(table: DecisionTable, row: DecisionRow, also: tuple[int, ...], case: Case) -> Decision:
    outcome = {
        output.label: _outcome(cell, case, table.line)
        for output, cell in zip(table.outputs, row.outcomes, strict=True)
    }
    written = {output.label: cell.text for output, cell in zip(table.outputs, row.outcomes, strict=True)}
    return Decision(outcome, row.clause, row.number, row.line, also, table.name, row.text, written)


def _outcome(cell: OutcomeCell, case: Case, above: int) -> Any:
    match cell.value:
        case Literal(value):
            return value
        case Chosen(code):
            return code
        case Several(codes):
            return codes
        case Computed(formula):
            return work_out(formula, lambda ref: case.figure(ref, above))
        case Due() as due:
            return filled(due, case.book.manual.params)
        case Bound() as bound:
            return bound
        case NoValue() | None:
            return None


def _as_fact(value: Any) -> Any:
    """An outcome as the input of a table further down: texts in their normal form, as cells are compared."""
    return normal(value) if isinstance(value, str) else value
