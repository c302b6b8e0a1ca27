"""The vocabulary of tables: kinds of facts, values, tests of input cells, values of outcome cells."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from zhike.kernel.worktime.limits import Limit
from zhike.kernel.worktime.phrases import Phrase

from .formula import Node


class Level(StrEnum):
    ERROR = "error"
    GAP = "gap"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One line of a report. `column` 0 means the whole line; `table` "" means none."""

    line: int
    column: int
    level: Level
    table: str
    message: str


class Kind(StrEnum):
    """Types of facts, by the words of the front-matter block `facts:`."""

    MONEY = "money"
    NUMBER = "number"
    INT = "int"
    BOOL = "bool"
    DATE = "date"
    UNTIL = "until"
    ENUM = "enum"
    TAGS = "tags"
    TEXT = "text"
    # an amount of time, working time too: only in ranges of parameters and outcomes of type bound
    AMOUNT = "amount"

    @property
    def is_figure(self) -> bool:
        return self in (Kind.MONEY, Kind.NUMBER, Kind.INT)

    @property
    def is_ordered(self) -> bool:
        return self.is_figure or self in (Kind.DATE, Kind.UNTIL, Kind.AMOUNT)


class Origin(StrEnum):
    """Where the value of an input comes from."""

    FACT = "fact"
    DERIVED = "derived"
    EARLIER = "earlier"


class Hit(StrEnum):
    UNIQUE = "unique"
    FIRST = "first"
    HIGHEST = "highest"
    COLLECT = "collect"


# An amount of time as written: 3工作日, 8工作小时, 半年 (6 months).
Amount = Limit


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of a vocabulary. `rank` 0 is the first row of its list, the highest. Codes are never reused."""

    name: str
    code: str
    en: str
    rank: int


Scalar = Decimal | dt.date | Amount | bool | str


@dataclass(frozen=True, slots=True)
class Operand:
    """A value in a cell, resolved for the unit at hand; `param` is the parameter it stands for, if any."""

    value: Scalar
    text: str
    param: str | None = None


# --- tests of input cells -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnyTest:
    """`-` or an empty cell: everything, unknown included."""


@dataclass(frozen=True, slots=True)
class UnknownTest:
    """`未知`; stands only among items."""


@dataclass(frozen=True, slots=True)
class Compare:
    """`op` is one of = != > >= < <=."""

    op: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Interval:
    low: Operand
    high: Operand
    low_closed: bool
    high_closed: bool


Item = Compare | Interval | UnknownTest


@dataclass(frozen=True, slots=True)
class OneOf:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Not:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class HasTags:
    """At least one of these codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasAllTags:
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasNoTags:
    """None of these codes; true for the empty set."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TagsPresent:
    """`有`: the set is not empty."""


@dataclass(frozen=True, slots=True)
class TagsEmpty:
    """`无`: the set is empty."""


Test = AnyTest | OneOf | Not | HasTags | HasAllTags | HasNoTags | TagsPresent | TagsEmpty


# --- values of outcome cells ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoValue:
    """`-` or an empty outcome cell."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A figure, a yes or no, a text, or a parameter's value (then `param` names it; None: 未定)."""

    value: Scalar | None
    param: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """One word of a vocabulary, by code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Several:
    """Several words (type multi), in the order written: codes, or the words themselves without a list."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    formula: Node


@dataclass(frozen=True, slots=True)
class Due:
    """A time phrase. `phrase.parameter`, if any, is filled in by `evaluate` with the unit's value."""

    text: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Bound:
    """A test that the application applies to a value somebody proposes."""

    test: Test


OutcomeValue = NoValue | Literal | Chosen | Several | Computed | Due | Bound


class OutcomeKind(StrEnum):
    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    MULTI = "multi"
    DUE = "due"
    BOUND = "bound"
