"""What a manual is once it has been read: immutable, typed, every cell with its line and column.

How the checker (`policy.check`) is to use it
---------------------------------------------
`check.analyse(manual)` gets a Manual whose `findings` already hold every error of reading (unknown words,
missing clauses, bad cells ...). It adds what only the table as a whole shows, for each `manual.decisions`:

* Leave out rows with `row.broken` (a cell that could not be read): else one typing error makes five false
  findings. If a *column header* was wrong, `table.broken` is true: leave the whole table out.
* `table.inputs[i].fact` gives the dimension of column i, `row.tests[i].test` the test (never None when the
  row is not broken). Tests come in a normal form by kind of fact:

  =================  ======================================================================================
  kind               test
  =================  ======================================================================================
  TAGS               AnyTest | HasTags(any of) | HasAllTags | HasNoTags | TagsPresent (有) | TagsEmpty (无)
  every other kind   AnyTest | OneOf(items) | Not(items); items are Compare | Interval | UnknownTest
  =================  ======================================================================================

  A single value is OneOf((Compare("=", v),)). Operands are already resolved: `operand.value` is a Decimal
  (money, number, int), a date (date), an Amount (until), a bool (bool) or the code of a word (enum);
  `operand.param` names the parameter it came from, `operand.text` is what was written.
* Null rule: AnyTest accepts unknown; UnknownTest accepts only unknown; every other test, Not too, refuses
  unknown. `Not(items)` with an UnknownTest inside is thus "known and none of the others".
  A dimension has an unknown segment only if `fact.optional`. A set is never unknown.
* ENUM and TAGS: the values are `fact.words` (compare codes, print names). `fact.others` says that values
  outside the words count too (segment 其他); it is true only where a cell of that fact says not(..) and the
  words were merely collected from cells.
* MONEY, NUMBER, INT: `fact.minimum` is the lower end of the dimension (None: unbounded); INT has no points
  between whole numbers.
* UNTIL: operands are Amounts of days, weeks, months or years; `model.in_days` gives the shortest and longest
  length. The reader has already refused columns whose periods cannot be ordered. A distance may be negative.
* `table.hit` FIRST and HIGHEST: order matters / rank matters. For HIGHEST `table.ranks[i]` is the rank of row
  i (0 is highest); SQL and Python sort rows by rank, stable, and take the first. UNIQUE: overlap is an error.
  COLLECT: any number of rows may match, none is fine unless the question says `required`.
* `row.otherwise` marks a deliberate last row (其余 in the note column): report what falls into it as "info".
* A table of StagesTable: `stage.next` are the branches in order; a branch without condition is always true.

Positions are 1-based; `column` counts characters of the line as written.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from .formula import Node
from .periods import add_months, in_days, shift
from .terms import (
    Amount,
    AnyTest,
    Bound,
    Chosen,
    Compare,
    Computed,
    Due,
    Finding,
    HasAllTags,
    HasNoTags,
    HasTags,
    Hit,
    Interval,
    Item,
    Kind,
    Level,
    Literal,
    Not,
    NoValue,
    OneOf,
    Operand,
    Origin,
    OutcomeKind,
    OutcomeValue,
    Scalar,
    Several,
    TagsEmpty,
    TagsPresent,
    Test,
    UnknownTest,
    Word,
)
from .text import normal, unquoted

# fmt: off
__all__ = [
    "Amount", "AnyTest", "Bound", "Branch", "Cell", "Chosen", "Clause", "Compare", "Computed",
    "DecisionRow", "DecisionTable", "DeriveTable", "Derived", "Due", "ExampleRow", "ExampleTable",
    "FactSpec", "Finding", "HasAllTags", "HasNoTags", "HasTags", "Hit", "Input", "Interval", "Item",
    "Joint", "Kind", "Level", "ListRow", "ListTable", "Literal", "Manual", "NoValue", "Not", "OneOf",
    "Operand", "Origin", "OutcomeCell", "OutcomeKind", "OutcomeValue", "Output", "Param", "ParamTable",
    "Scalar", "Several", "Stage", "StagesTable", "Table", "TagsEmpty", "TagsPresent", "Test", "TestCell",
    "UnknownTest", "Word", "add_months", "in_days", "shift",
]
# fmt: on

# --- tables ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written (`text`, outer blanks stripped) with the place of its first character."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class TestCell:
    """`test` is None when the cell could not be read (its row is broken then)."""

    __test__ = False

    text: str
    line: int
    column: int
    test: Test | None


@dataclass(frozen=True, slots=True)
class OutcomeCell:
    text: str
    line: int
    column: int
    value: OutcomeValue | None


@dataclass(frozen=True, slots=True)
class FactSpec:
    """The dimension of an input: its type and all that is known of its values.

    `key` is what facts are called towards `evaluate` (the label). `vocabulary` names the list of ENUM and TAGS
    facts, if there is one. `inferred` says that nobody declared the type.
    """

    key: str
    kind: Kind
    vocabulary: str | None = None
    words: tuple[Word, ...] = ()
    others: bool = False
    minimum: Decimal | None = None
    optional: bool = False
    origin: Origin = Origin.FACT
    inferred: bool = False

    def name_of(self, code: str) -> str:
        return next((word.name for word in self.words if word.code == code), code)


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is tested. `index` is its place among all columns of the table."""

    label: str
    line: int
    column: int
    index: int
    fact: FactSpec


@dataclass(frozen=True, slots=True)
class Output:
    """A column of outcomes (→ label)."""

    label: str
    line: int
    column: int
    index: int
    kind: OutcomeKind
    vocabulary: str | None = None
    words: tuple[Word, ...] = ()
    field: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """`number` counts from 1 within the table; `clause` is normalised ("" if missing)."""

    number: int
    line: int
    tests: tuple[TestCell, ...]
    outcomes: tuple[OutcomeCell, ...]
    clause: str
    note: str
    otherwise: bool
    broken: bool
    text: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    name: str
    line: int
    question: str
    hit: Hit
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[DecisionRow, ...]
    ranks: tuple[int, ...] = ()
    required: bool = True
    broken: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """`cells` by column label, every column included; `word` is the vocabulary entry of this row."""

    line: int
    word: Word
    cells: Mapping[str, Cell]
    clause: str

    @property
    def written(self) -> str:
        """The name as the manual writes it, with its own punctuation; `word.name` is what words are compared by."""
        texts = (unquoted(cell.text).strip() for cell in self.cells.values())
        return next((text for text in texts if normal(text) == self.word.name), self.word.name)


@dataclass(frozen=True, slots=True)
class ListTable:
    """`purpose` is what the list is for, where many lists of one kind stand in a manual (用途=服务流程)."""

    name: str
    line: int
    labels: tuple[str, ...]
    rows: tuple[ListRow, ...]
    purpose: str = ""

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(row.word for row in self.rows)


class Joint(StrEnum):
    """Column 会签: who of several owners must act."""

    ALL = "all"
    ANY = "any"
    IN_TURN = "in turn"


@dataclass(frozen=True, slots=True)
class Branch:
    """`when` is the label of a fact or outcome that must be yes (None: always); `stage` None is the end."""

    when: str | None
    stage: str | None


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of a stages table. `next` is empty where the table has no 下一步 column (periodic duties)."""

    number: int
    line: int
    name: str
    owners: tuple[str, ...]
    joint: Joint | None
    limit: Due | None
    form: str
    nature: str
    next: tuple[Branch, ...]
    clause: str
    cells: Mapping[str, Cell]
    broken: bool = False
    informed: tuple[str, ...] = ()  # 知会: who is told when the stage is entered
    matter: str = ""  # 审批: the matter of approval that is decided here


@dataclass(frozen=True, slots=True)
class StagesTable:
    name: str
    line: int
    question: str
    stages: tuple[Stage, ...]
    has_next: bool
    calendar: str = ""
    broken: bool = False

    def stage(self, name: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.name == name), None)


@dataclass(frozen=True, slots=True)
class Param:
    """A named figure or period. `value` None is 未定; `default` is the manual's own value, before an overlay.

    `bound` is what a unit may set (None: nothing). Figures are Decimal, working time is an Amount.
    """

    name: str
    line: int
    column: int
    text: str
    value: Scalar | None
    default: Scalar | None
    bound: Test | None
    bound_text: str
    clause: str
    note: str = ""
    table: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class ParamTable:
    name: str
    line: int
    params: tuple[Param, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived fact; `kind` is NUMBER, or BOOL for a comparison. `formula` None when it could not be read."""

    name: str
    line: int
    column: int
    text: str
    formula: Node | None
    kind: Kind
    clause: str


@dataclass(frozen=True, slots=True)
class DeriveTable:
    name: str
    line: int
    rows: tuple[Derived, ...]


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """`given` holds inputs and events by label, `expected` outcomes by label; both as written."""

    number: int
    line: int
    given: Mapping[str, Cell]
    expected: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class ExampleTable:
    """Examples of the table `of`; `calendar` names the calendar of its time examples."""

    of: str
    line: int
    rows: tuple[ExampleRow, ...]
    calendar: str = ""


Table = DecisionTable | ListTable | StagesTable | ParamTable | DeriveTable | ExampleTable


@dataclass(frozen=True, slots=True)
class Clause:
    """A heading. `number` is its printed number, normalised ("" if it has none); `gist` the English gist."""

    number: str
    title: str
    depth: int
    line: int
    gist: str = ""


@dataclass(frozen=True, eq=False)
class Manual:
    """A regulation as read. `tables` in the order of the file; `findings` sorted by place. Equal only to itself.

    `source` is the text with line ends unified; an overlaid manual keeps `unit` and the values set in it.
    `questions` are the questions it was read with, by name.
    """

    name: str
    title: str
    version: str
    effective: dt.date | None
    owner: str
    calendar: str
    source: str
    clauses: tuple[Clause, ...]
    tables: tuple[Table, ...]
    facts: Mapping[str, FactSpec] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    unit: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def decisions(self) -> tuple[DecisionTable, ...]:
        return tuple(table for table in self.tables if isinstance(table, DecisionTable))

    @cached_property
    def lists(self) -> Mapping[str, ListTable]:
        return {table.name: table for table in self.tables if isinstance(table, ListTable)}

    @cached_property
    def stages(self) -> tuple[StagesTable, ...]:
        return tuple(table for table in self.tables if isinstance(table, StagesTable))

    @cached_property
    def examples(self) -> tuple[ExampleTable, ...]:
        return tuple(table for table in self.tables if isinstance(table, ExampleTable))

    @cached_property
    def params(self) -> Mapping[str, Param]:
        return {p.name: p for table in self.tables if isinstance(table, ParamTable) for p in table.params}

    @cached_property
    def derived(self) -> Mapping[str, Derived]:
        return {d.name: d for table in self.tables if isinstance(table, DeriveTable) for d in table.rows}

    @cached_property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level is Level.ERROR)

    def decision(self, name: str) -> DecisionTable | None:
        return next((table for table in self.decisions if table.name == name), None)

    def clause(self, number: str) -> Clause | None:
        """The heading with this number; a heading that prints none is called by its title."""
        return next((clause for clause in self.clauses if number == (clause.number or clause.title)), None)
