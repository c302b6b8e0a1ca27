"""Figures: numbers by period and unit that open into the rows they count.

An app declares its figures once, in `AppConfig.ready()`; pages read them with the scope of the person who looks, so
nobody sees a number over rows that they may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, When
from django.db.models import Value as SqlValue
from django.utils.functional import Promise

from zhike.kernel.parties.scope import Scope

from .periods import Period


class Measure(StrEnum):
    """What a number counts, so that pages know how to write it."""

    COUNT = "COUNT"
    MONEY = "MONEY"
    RATIO = "RATIO"
    HOURS = "HOURS"
    SCORE = "SCORE"


@dataclass(frozen=True)
class Ratio:
    """Part of a whole; computed in Decimal, never in the database."""

    part: int
    whole: int

    @property
    def value(self) -> Decimal | None:
        """None when there is nothing to take a part of."""
        return Decimal(self.part) / Decimal(self.whole) if self.whole else None

    @property
    def percent(self) -> Decimal | None:
        """To one place, half up."""
        value = self.value
        return None if value is None else (value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


Number = int | Decimal | Ratio | None


@dataclass(frozen=True)
class Question:
    """What is asked of a figure: rows of `units` (None: every unit of the scope) within `period`, as `scope` allows."""

    scope: Scope
    period: Period
    units: frozenset[int] | None = None

    def rows(self, queryset: QuerySet[Any], *, moment: str, unit: str = "unit", **more: Any) -> QuerySet[Any]:
        """`queryset` cut to the question; `more` goes to `Scope.rows` (`named`, `secrecy`)."""
        found = self.scope.rows(queryset, unit=unit, **more).filter(**self.period.within(moment))
        return found if self.units is None else found.filter(**{f"{unit}__in": sorted(self.units)})

    def before(self) -> Question:
        return Question(self.scope, self.period.previous(), self.units)


@dataclass(frozen=True)
class Part:
    """One line of a breakdown. `key` is what the address of its rows filters by."""

    key: str
    label: str | Promise
    number: Number
    url: str = ""


@dataclass(frozen=True)
class Breakdown:
    """A figure by something: item, handler, value band, month."""

    key: str
    label: str | Promise
    parts: Callable[[Question], Sequence[Part]]


@dataclass(frozen=True)
class Figure:
    """One declared number.

    Either `rows` gives the queryset that is counted, or `compute` gives the number itself (sums, ratios).
    `url` is the address of the list of exactly these rows. `source` is an id of the register ("P001-16").
    """

    key: str
    label: str | Promise
    measure: Measure
    url: Callable[[Question], str]
    source: str
    rows: Callable[[Question], QuerySet[Any]] | None = None
    compute: Callable[[Question], Number] | None = None
    breakdowns: tuple[Breakdown, ...] = ()
    # whether more is better (True), worse (False) or neither: pages colour the change by it
    more_is_good: bool | None = None

    def __post_init__(self) -> None:
        if (self.rows is None) == (self.compute is None):
            raise ValueError(f"figure {self.key} needs either rows or compute")

    def number(self, question: Question) -> Number:
        if self.compute is not None:
            return self.compute(question)
        assert self.rows is not None
        return self.rows(question).order_by().count()


@dataclass(frozen=True)
class Reading:
    """A figure as it stands: the number, the same for the period before, and where its rows are."""

    figure: Figure
    number: Number
    previous: Number
    url: str

    @property
    def change(self) -> Decimal | None:
        """Growth against the period before: 0.25 is a quarter more; for ratios the difference. None if undefined."""
        now, before = _plain(self.number), _plain(self.previous)
        if now is None or before is None:
            return None
        if isinstance(self.number, Ratio):
            return now - before
        return (now - before) / before if before else None

    @property
    def is_better(self) -> bool | None:
        """Whether the change is welcome; None when there is none, or it is neither."""
        change = self.change
        if not change or self.figure.more_is_good is None:
            return None
        return (change > 0) == self.figure.more_is_good


def _plain(number: Number) -> Decimal | None:
    if isinstance(number, Ratio):
        return number.value
    return None if number is None else Decimal(number)


_figures: dict[str, Figure] = {}


def register(*declared: Figure) -> None:
    """Make figures known; declaring a key again replaces it."""
    _figures.update({figure.key: figure for figure in declared})


def figure(key: str) -> Figure:
    """Raises KeyError for a figure that no app declared."""
    return _figures[key]


def figures(prefix: str = "") -> list[Figure]:
    """Figures whose key begins with `prefix`, in the order of declaration."""
    return [each for each in _figures.values() if each.key.startswith(prefix)]


def read(wanted: Figure | str, question: Question) -> Reading:
    """The figure now and in the period before."""
    found = figure(wanted) if isinstance(wanted, str) else wanted
    return Reading(found, found.number(question), found.number(question.before()), found.url(question))


def counted(
    rows: QuerySet[Any],
    column: str,
    *,
    label: Callable[[Any], str | Promise] = str,
    url: Callable[[Any], str] = lambda key: "",
) -> list[Part]:
    """Rows by the values of a column, most first; one query. NULL has the key ""."""
    found = rows.order_by().values_list(column).annotate(number=Count("pk")).order_by("-number", column)
    return [Part("" if key is None else str(key), label(key), number, url(key)) for key, number in found]


def band(column: str, bounds: Sequence[Decimal]) -> Case:
    """The band of a column as a number: 0 below the first bound, 1 from it up to the second; NULL stays NULL.

    A bound belongs to the band above it: with bounds 500 and 2000, exactly 500 is in band 1.
    """
    if list(bounds) != sorted(set(bounds)):
        raise ValueError("bounds must rise")
    below = [When(**{f"{column}__lt": bound}, then=SqlValue(place)) for place, bound in enumerate(bounds)]
    above = When(**{f"{column}__isnull": False}, then=SqlValue(len(bounds)))
    return Case(*below, above, default=None, output_field=IntegerField())
