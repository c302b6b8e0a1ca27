"""Examples worked out: every one must come out as stated before a manual can be published."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from zhike.kernel.policy.manual import values
from zhike.kernel.policy.manual.cells import ANY, CellError, read_test
from zhike.kernel.policy.manual.model import (
    Bound,
    Cell,
    DecisionTable,
    Due,
    ExampleRow,
    ExampleTable,
    FactSpec,
    Finding,
    Hit,
    Kind,
    Level,
    Manual,
    Output,
)
from zhike.kernel.policy.manual.text import normal, quotes, split_items
from zhike.kernel.worktime.phrases import Phrase

from .deciding import CannotDecide, Case, Decision, book_of
from .given import BadFact, known_facts, read_value


@dataclass(frozen=True, slots=True)
class Moment:
    """A local moment of an example: a day, and a time unless only the day was written."""

    day: dt.date
    time: dt.time | None


# (calendar name, deadline, where it starts) -> when it is due, in local time; None if the calendar is not known.
TimeKeeper = Callable[[str, Phrase, Moment], Moment | None]

# An ordinary week without public holidays stands for the weekdays of examples.
_MONDAY = dt.date(2025, 3, 10)
TODAY = {"今天", "today"}
NOTHING = "没有规定"
_WEEKDAY = re.compile(r"(?:本|下)?(?:周|星期)([一二三四五六日天])(?:[ T]+([0-9]{1,2}):([0-9]{2}))?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]+([0-9]{1,2}):([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example worked out: what came, as texts by label of the outcome, and what is wrong with it.

    `findings` None: its table has errors and cannot be executed.
    """

    examples: ExampleTable
    row: ExampleRow
    came: Mapping[str, str]
    findings: tuple[Finding, ...] | None


def run_examples(manual: Manual, timekeeper: TimeKeeper | None = None) -> list[Finding]:
    """Errors for examples that do not come out; information where a calendar would be needed."""
    return [finding for outcome in outcomes(manual, timekeeper) for finding in outcome.findings or ()]


def outcomes(manual: Manual, timekeeper: TimeKeeper | None = None) -> Iterator[Outcome]:
    """Every example in the order of the file.

    Examples speak of the manual's own figures: with the values of a unit there is nothing to compare.
    """
    if manual.overrides:
        return
    for examples in manual.examples:
        table = manual.decision(examples.of)
        sound = table is not None and not table.broken and not any(row.broken for row in table.rows)
        for row in examples.rows:
            if table is None or not sound:
                yield Outcome(examples, row, {}, None)
                continue
            run = _Run(manual, table, examples, row, timekeeper)
            findings = tuple(run.findings())
            yield Outcome(examples, row, run.came, findings)


def read_moment(text: str) -> Moment | None:
    """`周五 15:00`, `2025-03-07 15:00`, either without the time; None if it is no moment."""
    clean = normal(text)
    if match := _WEEKDAY.fullmatch(clean):
        day = _MONDAY + dt.timedelta(days="一二三四五六日".index(match[1].replace("天", "日")))
    elif match := _DAY.fullmatch(clean):
        found = values.day(match[1])
        if found is None:
            return None
        day = found
    else:
        return None
    if match[2] is None:
        return Moment(day, None)
    return (
        Moment(day, dt.time(int(match[2]), int(match[3])))
        if int(match[2]) < 24 and int(match[3]) < 60
        else None
    )


class _Run:
    """One row of examples."""

    def __init__(
        self,
        manual: Manual,
        table: DecisionTable,
        examples: ExampleTable,
        row: ExampleRow,
        timekeeper: TimeKeeper | None,
    ) -> None:
        self.manual, self.table, self.examples, self.row = manual, table, examples, row
        self.timekeeper = timekeeper
        self.came: dict[str, str] = {}
        self.start: Moment | None = None
        self.events: dict[str, Moment] = {}

    def findings(self) -> list[Finding]:
        try:
            facts, today = self._facts()
        except BadFact as problem:
            return [self._finding(Level.ERROR, None, f"示例第{self.row.number}行：{problem}")]
        case = Case(book_of(self.manual), facts, today)
        try:
            if self.table.hit is Hit.COLLECT:
                return self._compare_all(case.all(self.table))
            return self._compare(case.one(self.table))
        except CannotDecide as problem:
            return [self._finding(Level.ERROR, None, f"示例第{self.row.number}行：{problem}")]

    def _finding(self, level: Level, cell: Cell | None, message: str) -> Finding:
        column = cell.column if cell else 0
        return Finding(self.row.line, column, level, self.table.name, message)

    def _facts(self) -> tuple[dict[str, object], dt.date]:
        known = known_facts(self.manual)
        today = self.manual.effective or _MONDAY
        for label, cell in self.row.given.items():
            if label in TODAY:
                today = values.day(cell.text) or today
        facts: dict[str, object] = {}
        for label, cell in self.row.given.items():
            spec = known.get(label)
            moment = read_moment(cell.text)
            if moment and (spec is None or spec.kind not in (Kind.DATE, Kind.UNTIL)):
                self.events[label] = moment
                self.start = self.start or moment
            elif spec is not None:
                text = "" if normal(cell.text) in ANY else cell.text
                facts[spec.key] = read_value(spec, text, today)
        return facts, today

    # --- what came out

    def _compare(self, decision: Decision | None) -> list[Finding]:
        found = []
        for output in self.table.outputs:
            cell = self.row.expected.get(output.label)
            if cell is None or not cell.text.strip():
                continue
            found += self._compare_cell(output, cell, decision)
        return found

    def _compare_cell(self, output: Output, cell: Cell, decision: Decision | None) -> list[Finding]:
        value = decision.outcome[output.label] if decision else None
        self.came[output.label] = shown(output, decision) if decision else NOTHING
        moment = read_moment(cell.text)
        if moment and isinstance(value, Due):
            return self._compare_time(output, cell, value, moment)
        if decision is None and normal(cell.text) in ANY:
            return []
        if decision is not None and self._equal(output, cell.text, decision):
            return []
        came = (
            f"“{shown(output, decision)}”(第{decision.row}行，条款 {decision.clause})"
            if decision
            else NOTHING
        )
        message = f"示例第{self.row.number}行不符：“{output.label}”应为“{cell.text}”，实际是{came}"
        return [self._finding(Level.ERROR, cell, message)]

    def _equal(self, output: Output, expected: str, decision: Decision) -> bool:
        value, clean = decision.outcome[output.label], normal(expected)
        if clean in ANY:
            return value is None
        if value is None:
            return False
        if clean in self.manual.params:
            clean = self.manual.params[clean].text
        if isinstance(value, bool):
            return values.yes_no(clean) == value
        figure = values.figure(clean)
        if figure is not None and not isinstance(value, str | tuple | Due | Bound):
            return bool(value == figure)
        written = normal(decision.written[output.label])
        if isinstance(value, Bound):
            return _same_bound(value, clean, output) or clean == written
        same = split_items(quotes(clean)) == split_items(quotes(written))
        return same or normal(shown(output, decision)) == clean

    def _compare_all(self, decisions: list[Decision]) -> list[Finding]:
        """A collect table: the cell names the outcomes of all matching rows, in any order; `-` for none."""
        found = []
        for output in self.table.outputs:
            cell = self.row.expected.get(output.label)
            if cell is None or not cell.text.strip():
                continue
            wanted = set() if normal(cell.text) in ANY else set(split_items(quotes(normal(cell.text))))
            came = {
                part
                for decision in decisions
                if decision.outcome[output.label] is not None
                for part in split_items(quotes(normal(decision.written[output.label])))
            }
            shown_all = self.came[output.label] = "、".join(sorted(came)) or NOTHING
            if wanted != came:
                message = (
                    f"示例第{self.row.number}行不符：“{output.label}”应为“{cell.text}”，实际是“{shown_all}”"
                )
                found.append(self._finding(Level.ERROR, cell, message))
        return found

    def _compare_time(self, output: Output, cell: Cell, due: Due, wanted: Moment) -> list[Finding]:
        start = self.events.get(due.phrase.event or "", self.start)
        name = self.examples.calendar
        came = self.timekeeper(name, due.phrase, start) if self.timekeeper and start else None
        if came is None:
            message = f"示例第{self.row.number}行：没有日历“{name}”，时间“{cell.text}”没有核对"
            return [self._finding(Level.INFO, cell, message)]
        at = f" {came.time:%H:%M}" if came.time else ""
        weekday = "周" + "一二三四五六日"[came.day.weekday()]
        self.came[output.label] = f"{came.day}({weekday}){at}"
        weekday_only = normal(cell.text)[:1] in "本下周星"
        same_day = came.day.weekday() == wanted.day.weekday() if weekday_only else came.day == wanted.day
        if same_day and (wanted.time is None or came.time == wanted.time):
            return []
        message = f"示例第{self.row.number}行不符：“{output.label}”应为“{cell.text}”，实际是 {self.came[output.label]}"
        return [self._finding(Level.ERROR, cell, message)]


def _same_bound(value: Bound, text: str, output: Output) -> bool:
    try:
        return read_test(text, FactSpec(output.label, Kind.NUMBER), {}) == value.test
    except CellError:
        return False


def shown(output: Output, decision: Decision) -> str:
    """An outcome for people: figures worked out, all else as written."""
    value = decision.outcome[output.label]
    written = decision.written[output.label]
    if normal(written).startswith("=") and value is not None:
        return f"{value:f}" if not isinstance(value, bool) else ("是" if value else "否")
    return written
