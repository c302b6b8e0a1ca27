"""What a report on customers is made of: tables of cells, each number with the list that shows its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.tallies.periods import Period
from zhike.people.models import in_language
from zhike.ui import words

NONE = "—"


@dataclass(frozen=True)
class Asked:
    """Whose customers, of which unit and below, in which period."""

    scope: Scope
    period: Period
    now: dt.datetime
    unit: int | None = None

    @property
    def units(self) -> list[int] | None:
        return sorted(tree().below(self.unit)) if self.unit is not None else None

    def customers(self, rows: Any, path: str = "customer") -> Any:
        """Rows about customers, cut down to the visible ones of the unit."""
        units = self.units
        if units is not None:
            rows = rows.filter(**{f"{path}__unit__in": units})
        return self.scope.rows(
            rows, unit=f"{path}__unit", named=(f"{path}__created_by",), secrecy=f"{path}__secrecy"
        )

    def within(self, column: str) -> dict[str, Any]:
        return {f"{column}__gte": self.period.begins_at, f"{column}__lt": self.period.ends_at}


@dataclass(frozen=True)
class Cell:
    """`url` opens the rows that a number counts."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Column:
    key: str
    zh: str
    en: str
    width: int = 2
    numeric: bool = True

    @property
    def label(self) -> str:
        return in_language(self.zh, self.en)


Row = dict[str, Cell]


@dataclass(frozen=True)
class Section:
    """One table. `picture` draws it for the screen: gives a template and what it shows, or None."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    make: Callable[[Asked], list[Row]]
    picture: Callable[[Asked], tuple[str, Any] | None] | None = None

    @property
    def label(self) -> str:
        return in_language(self.zh, self.en)


@dataclass(frozen=True)
class Report:
    """`code` is the id of the register."""

    code: str
    zh: str
    en: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        return in_language(self.zh, self.en)


@dataclass
class Filled:
    """A section with its rows and its picture."""

    section: Section
    rows: list[Row] = field(default_factory=list)
    picture: tuple[str, Any] | None = None

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        columns = self.section.columns
        return [[(column, row.get(column.key, Cell(""))) for column in columns] for row in self.rows]


NAME = Column("name", "项目", "Item", 5, numeric=False)
COUNT = Column("count", "客户数", "Customers")
SHARE = Column("share", "占比", "Share")
SPEND = Column("spend", "近一年(元)", "Twelve months (yuan)", 3)


def text(value: Any) -> Cell:
    return Cell(NONE if value in (None, "") else str(value))


def number(count: int, url: str = "") -> Cell:
    return Cell(f"{count:,}", url if count else "")


def money(amount: Decimal | None) -> Cell:
    return Cell(NONE if amount is None else words.money(amount))


def share(part: float | Decimal | int, whole: float | Decimal | int) -> Cell:
    return Cell(f"{100 * Decimal(part) / Decimal(whole):.1f} %" if whole else NONE)


def said(zh: str, en: str) -> str:
    return in_language(zh, en)


def language() -> str:
    return get_language() or "zh-hans"
