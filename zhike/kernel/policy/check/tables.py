"""Decision tables as a whole: what no row says, what two rows say, what a row says in vain."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from zhike.kernel.policy.manual.model import (
    AnyTest,
    DecisionRow,
    DecisionTable,
    FactSpec,
    Finding,
    Hit,
    Level,
    Manual,
    Param,
    Test,
)

from .columns import Column, Space, Tags
from .outcomes import outcome_key
from .segments import Incomparable, cut
from .sweep import STATES, Box, Budget, Undecided, gaps, meet, overlaps, shadows
from .wording import describe

SHOWN = 20
MIXED = "分不出长短"  # as the reader says it
SHOWN_OTHERWISE = 10


@dataclass(frozen=True)
class Prepared:
    """A table over its space. Rows that could not be read have the boxes of what could be read of them."""

    table: DecisionTable
    space: Space
    boxes: tuple[Sequence[Box], ...]
    params: Mapping[str, Param]

    @cached_property
    def sound(self) -> list[int]:
        """Positions of rows without errors, in order of precedence."""
        rows = self.table.rows
        order = list(range(len(rows)))
        if self.table.hit is Hit.HIGHEST:
            order.sort(key=lambda n: self.table.ranks[n] if n < len(self.table.ranks) else len(rows))
        return [n for n in order if not rows[n].broken]

    def outcome(self, row: DecisionRow) -> tuple[object, ...]:
        return tuple(outcome_key(cell, self.params) for cell in row.outcomes)

    @cached_property
    def unruled(self) -> list[Box]:
        """Regions that no row rules, one more than are shown. A row with an error counts as far as read.

        Raises `Undecided`.
        """
        return list(gaps(self.boxes, self.space.hard, Budget(), SHOWN + 1))


def tests_of(table: DecisionTable) -> dict[str, list[Test]]:
    """Every readable test, by key of fact."""
    found: dict[str, list[Test]] = {column.fact.key: [] for column in table.inputs}
    for row in table.rows:
        for column, cell in zip(table.inputs, row.tests, strict=True):
            if cell.test is not None:
                found[column.fact.key].append(cell.test)
    return found


def space_of(
    facts: Iterable[FactSpec], tests: Mapping[str, Sequence[Test]], styles: Mapping[str, str]
) -> Space:
    """Raises `Incomparable`."""
    columns: list[Column] = [cut(fact, tests.get(fact.key, ()), styles) for fact in facts]
    return Space(tuple(columns))


def prepare(table: DecisionTable, params: Mapping[str, Param], space: Space | None = None) -> Prepared:
    """Raises `Incomparable` and `Undecided`."""
    if space is None:
        facts = {column.fact.key: column.fact for column in table.inputs}
        space = space_of(facts.values(), tests_of(table), styles_of(params))
    keys = [column.fact.key for column in table.inputs]
    boxes = tuple(
        space.boxes((key, cell.test) for key, cell in zip(keys, row.tests, strict=True)) for row in table.rows
    )
    return Prepared(table, space, boxes, params)


@lru_cache(maxsize=16)  # the checker and the editor ask for those of the same text
def prepared(manual: Manual, line: int) -> Prepared:
    """The decision table that begins at a line, over its space. Raises `Incomparable` and `Undecided`."""
    table = next(table for table in manual.decisions if table.line == line)
    return prepare(table, manual.params)


def styles_of(params: Mapping[str, Param]) -> dict[str, str]:
    """How parameters are written, for the style of figures."""
    return {name: param.text for name, param in params.items()}


def decision_findings(table: DecisionTable, manual: Manual) -> Iterator[Finding]:
    """Gaps, overlaps, unreachable rows and what falls into a row 其余. Nothing for a table with a bad header."""
    if table.broken or not table.rows:
        return
    try:
        ready = prepared(manual, table.line)
    except Incomparable as periods:
        if any(f.table == table.name and MIXED in f.message for f in manual.findings):
            return  # said already, at its cell
        one, two = periods.args
        yield _about(table, Level.ERROR, f"“{one}”和“{two}”谁长不一定，不能写在同一列")
        return
    except Undecided:
        yield _undecided(table, "有没有遗漏、重叠或轮不到的行")
        return
    yield from _gaps(ready)
    yield from _overlaps(ready) if table.hit is Hit.UNIQUE else _hidden(ready)
    yield from _otherwise(ready)


@dataclass(frozen=True, slots=True)
class Hole:
    """A region that no row rules, and the finding that says so."""

    box: Box
    finding: Finding


def holes(ready: Prepared) -> tuple[list[Hole], bool]:
    """What no row rules, in reading order, and whether there is more of it than is shown.

    Collect tables and questions that need no answer may be silent. Raises `Undecided`.
    """
    table = ready.table
    if table.hit is Hit.COLLECT or not table.required or not table.rows:
        return [], False
    found = ready.unruled
    shown = sorted(found[:SHOWN], key=lambda box: _restricted(ready.space, box))
    return [
        Hole(box, _about(table, Level.GAP, f"没有规定 —— {describe(ready.space, box)}")) for box in shown
    ], len(found) > SHOWN


def _gaps(ready: Prepared) -> Iterator[Finding]:
    try:
        found, more = holes(ready)
    except Undecided:
        yield _undecided(ready.table, "有没有遗漏")
        return
    yield from (hole.finding for hole in found)
    if more:
        yield _about(ready.table, Level.GAP, f"没有规定的情形不止以上{SHOWN}处")


def _restricted(space: Space, box: Box) -> tuple[tuple[bool, int], ...]:
    """Reading order of gaps: by the columns they restrict, sets last."""
    parts = enumerate(space.parts(box))
    return tuple(
        sorted(
            (isinstance(column, Tags), n) for n, (column, part) in parts if tuple(part) != tuple(column.hard)
        )
    )


def _overlaps(ready: Prepared) -> Iterator[Finding]:
    rows = [ready.table.rows[n] for n in ready.sound]
    found = 0
    for one, two, common in overlaps([ready.boxes[n] for n in ready.sound]):
        found += 1
        if found <= SHOWN:
            same = "(结论相同)" if ready.outcome(rows[one]) == ready.outcome(rows[two]) else ""
            where = describe(ready.space, common)
            message = f"第{rows[two].number}行与第{rows[one].number}行重叠{same} —— {where}"
            yield _at(ready.table, rows[two], Level.ERROR, message)
    if found > SHOWN:
        yield _about(ready.table, Level.ERROR, f"另有{found - SHOWN}处重叠")
    for number, boxes in zip(ready.sound, (ready.boxes[n] for n in ready.sound), strict=True):
        if not any(all(box) for box in boxes):
            yield _impossible(ready.table, ready.table.rows[number])


def _hidden(ready: Prepared) -> Iterator[Finding]:
    """Under 收集 every row counts, so only impossible rows are reported."""
    table = ready.table
    order = ready.sound
    if table.hit is Hit.COLLECT:
        empty = [n for n in order if not any(all(box) for box in ready.boxes[n])]
        yield from (_impossible(table, table.rows[n]) for n in empty)
        return
    found = shadows(ready.boxes, order, Budget())
    for number, hiding in found.hidden.items():
        row, others = table.rows[number], [table.rows[n] for n in hiding]
        together = "合起来" if len(others) > 1 else ""
        same = all(ready.outcome(other) == ready.outcome(row) for other in others)
        names = "、".join(str(other.number) for other in others[:SHOWN])
        more = "等" if len(others) > SHOWN else ""
        message = f"第{row.number}行永远轮不到：已被第{names}{more}行{together}盖住"
        yield _at(table, row, Level.WARNING, message + ("(结论相同，可删)" if same else ""))
    yield from (_impossible(table, table.rows[n]) for n in found.empty)
    if found.undecided:
        names = "、".join(str(table.rows[n].number) for n in sorted(found.undecided)[:SHOWN])
        yield _undecided(table, f"第{names}行能不能轮到")


def _impossible(table: DecisionTable, row: DecisionRow) -> Finding:
    return _at(table, row, Level.WARNING, f"第{row.number}行永远轮不到：没有任何值能符合它的条件")


def _otherwise(ready: Prepared) -> Iterator[Finding]:
    """What falls into a row marked 其余; and a hint where a last row of dashes is not marked."""
    for place, number in enumerate(ready.sound):
        row = ready.table.rows[number]
        if row.otherwise:
            before = ready.sound[:place]
            if ready.table.hit in (Hit.UNIQUE, Hit.COLLECT):
                before = [n for n in ready.sound if n != number]
            yield from _falls_into(ready, number, before)
        elif _hides_holes(ready, place):
            message = f"第{row.number}行全是“-”，遗漏不再报告；若是有意的，请在说明列写“其余”"
            yield _at(ready.table, row, Level.INFO, message)


def _hides_holes(ready: Prepared, place: int) -> bool:
    ordered = ready.table.required and ready.table.hit in (Hit.FIRST, Hit.HIGHEST)
    if not ordered or not 0 < place == len(ready.sound) - 1:
        return False
    cells = ready.table.rows[ready.sound[place]].tests
    return bool(cells) and all(isinstance(cell.test, AnyTest) for cell in cells)


def _falls_into(ready: Prepared, number: int, before: Sequence[int]) -> Iterator[Finding]:
    row, shown = ready.table.rows[number], 0
    others = [ready.boxes[n] for n in before]
    for own in ready.boxes[number]:
        within = meet(own, ready.space.hard)
        if within is None:
            continue
        try:
            for box in gaps(others, within, Budget(), SHOWN_OTHERWISE - shown):
                shown += 1
                message = f"落入“其余”(第{row.number}行) —— {describe(ready.space, box)}"
                yield _at(ready.table, row, Level.INFO, message)
        except Undecided:
            yield _undecided(ready.table, f"哪些情形落入第{row.number}行")
            return


def _undecided(table: DecisionTable, what: str) -> Finding:
    return _about(table, Level.WARNING, f"未能判定{what}：表太复杂，查了{STATES}个状态仍无结论")


def _about(table: DecisionTable, level: Level, message: str) -> Finding:
    return Finding(table.line, 0, level, table.name, message)


def _at(table: DecisionTable, row: DecisionRow, level: Level, message: str) -> Finding:
    return Finding(row.line, 0, level, table.name, message)
