"""What a report is made of: tables of cells, each number with the conditions of the list that shows its cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from zhike.complaints.regime import limit_words, reads_english
from zhike.complaints.templatetags.complaints import span
from zhike.kernel.tallies.figures import Ratio
from zhike.ui import words

from .reading import Kept, Part, Reading, change, share

NONE = "—"


@dataclass(frozen=True)
class Cell:
    """What is printed; a number that counts cases has `count` and the query of the list that shows them."""

    text: str
    count: int | None = None
    query: str = ""


@dataclass(frozen=True)
class Column:
    key: str
    zh: str
    en: str
    width: int = 1
    numeric: bool = True

    @property
    def label(self) -> str:
        return self.en if reads_english() else self.zh


Row = dict[str, Cell]


@dataclass(frozen=True)
class Section:
    """One table of a report. `chart` draws its lines: "pareto" or "trend"."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    make: Callable[[Reading], list[Row]]
    chart: str = ""
    note_zh: str = ""
    note_en: str = ""

    @property
    def label(self) -> str:
        return self.en if reads_english() else self.zh

    @property
    def note(self) -> str:
        return self.note_en if reads_english() else self.note_zh


@dataclass(frozen=True)
class Report:
    """`code` is the id of the register; `usual` the period that it has unless another is asked for."""

    code: str
    zh: str
    en: str
    sections: tuple[Section, ...]
    usual: str = "MONTH"
    of_regime: bool = True

    @property
    def title(self) -> str:
        return self.en if reads_english() else self.zh


@dataclass(frozen=True)
class Filled:
    """A section with its rows."""

    section: Section
    rows: list[Row] = field(default_factory=list)

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        return [
            [(column, row.get(column.key, Cell(""))) for column in self.section.columns] for row in self.rows
        ]


def said(zh: str, en: str) -> str:
    return en if reads_english() else zh


# ---- cells


def label(text: str, note: str = "") -> Cell:
    return Cell(f"{text or _('Not recorded')} · {note}" if note else text or _("Not recorded"))


def number(reading: Reading, count: int, cut: str = "") -> Cell:
    """A number of cases, which opens into them."""
    return Cell(f"{count:,}", count, reading.asked.query(cut))


def plain(count: int) -> Cell:
    return Cell(f"{count:,}")


def percent(value: Decimal | None) -> Cell:
    return Cell(NONE if value is None else f"{value} %")


def growth(now: int, before: int) -> Cell:
    found = change(now, before)
    return Cell(NONE if found is None else f"{found:+,} %")


def ratio(value: Ratio) -> Cell:
    return percent(value.percent)


def money(amount: Decimal | None) -> Cell:
    return Cell(words.money(amount or Decimal(0)))


def length(value: dt.timedelta | None) -> Cell:
    return Cell(span(value))


# ---- usual tables

NAME = Column("name", "项目", "Item", 5, numeric=False)
COUNT = Column("count", "件数", "Cases", 2)
SHARE = Column("share", "占比", "Share", 2)
BEFORE = Column("before", "上期", "Before", 2)
CHANGE = Column("change", "增减", "Change", 2)
FIGURE = Column("figure", "数值", "Figure", 3)
BREAKDOWN = (NAME, COUNT, SHARE, BEFORE, CHANGE)


def part_rows(reading: Reading, parts: Sequence[Part]) -> list[Row]:
    """Lines of a breakdown with share and change; those that have neither now nor before are left out."""
    return [
        {
            "name": label(part.label, part.note),
            "count": number(reading, part.count, part.cut),
            "share": percent(share(part.count, reading.total)),
            "before": plain(part.before),
            "change": growth(part.count, part.before),
        }
        for part in parts
        if part.count or part.before
    ]


def breakdown(
    key: str, zh: str, en: str, parts: Callable[[Reading], Sequence[Part]], chart: str = ""
) -> Section:
    return Section(key, zh, en, BREAKDOWN, lambda reading: part_rows(reading, parts(reading)), chart)


def figure(zh: str, en: str, cell: Cell, now: int | None = None, before: int | None = None) -> Row:
    """A line of the summary; with two numbers it also says how they have changed."""
    row = {"name": Cell(said(zh, en)), "figure": cell}
    if now is not None and before is not None:
        row |= {"before": plain(before), "change": growth(now, before)}
    return row


SUMMARY = (NAME, FIGURE, BEFORE, CHANGE)

KEPT = (
    Column("name", "事项", "Duty", 4, numeric=False),
    Column("clause", "条款", "Clause", 2, numeric=False),
    Column("limit", "时限", "Limit", 2, numeric=False),
    Column("cases", "到期件数", "Due", 2),
    Column("late", "逾期件数", "Late", 2),
    Column("in_time", "按时率", "On time", 2),
)


def kept_row(reading: Reading, kept: Kept) -> Row:
    return {
        "name": Cell(said(kept.title, kept.title_en or kept.title)),
        "clause": Cell(kept.clause),
        "limit": Cell(limit_words(kept.limit) if kept.limit else NONE),
        "cases": number(reading, kept.cases, kept.cut("owed")),
        "late": number(reading, kept.late, kept.cut("late")),
        "in_time": ratio(kept.in_time),
    }


def kept_section(key: str, zh: str, en: str, wanted: Callable[[Kept], bool] = lambda kept: True) -> Section:
    return Section(
        key, zh, en, KEPT, lambda reading: [kept_row(reading, kept) for kept in reading.kept if wanted(kept)]
    )
