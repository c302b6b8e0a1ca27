"""Data scope: which rows a person may see. Every query that returns rows takes one first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)

NAMED_ONLY = 9  # of rows that only those named on them read; no post is cleared for it


@dataclass(frozen=True)
class Scope:
    """What one person may see.

    `units` None means the whole enterprise. Rows of other units are seen only when the person is named on them
    (`party`). `secrecy` is the highest level read without being named.
    """

    party: int | None
    units: frozenset[int] | None = frozenset()
    secrecy: int = 0

    def rows(
        self,
        queryset: QuerySet[M],
        *,
        unit: str = "unit",
        named: tuple[str, ...] = (),
        secrecy: str | None = None,
        also: Q | None = None,
    ) -> QuerySet[M]:
        """Cut `queryset` down to the visible rows; `named` are columns that name persons who see a row anyway.

        `also` is a condition by which the person is named elsewhere: on few rows, `pk__among`.
        """
        seen = self._by_unit(unit, secrecy)
        return queryset.filter(seen | self._by_name(named, also)) if seen else queryset

    def beside(
        self,
        queryset: QuerySet[M],
        *,
        unit: str = "unit",
        named: tuple[str, ...],
        secrecy: str | None = None,
        also: Q | None = None,
    ) -> QuerySet[M]:
        """What `rows` lets through for the name alone: with the rows of the units, each once, it makes the whole."""
        by_unit, by_name = self._by_unit(unit, secrecy), self._by_name(named, also)
        return queryset.filter(by_name).exclude(by_unit) if by_unit and by_name else queryset.none()

    def _by_unit(self, unit: str, secrecy: str | None) -> Q:
        seen = Q() if self.units is None else Q(**{f"{unit}__in": sorted(self.units)})
        return seen if secrecy is None else seen & Q(**{f"{secrecy}__lte": self.secrecy})

    def _by_name(self, named: tuple[str, ...], also: Q | None) -> Q:
        seen = Q()
        if self.party is not None:
            for column in named:
                seen |= Q(**{column: self.party})
            if also is not None:
                seen |= also
        return seen

    def sees_unit(self, unit: int | None) -> bool:
        return self.units is None or (unit is not None and unit in self.units)


@Field.register_lookup
class Among(In):
    """Like `in`, for a subquery that gives few rows and stands beside other conditions in an "or".

    PostgreSQL takes an `IN (SELECT ...)` there for half of the table and walks through all of it; of an array it knows
    that it is short, and goes by the indexes.
    """

    lookup_name = "among"

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        keys, more = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY{keys})", [*params, *more]


NOTHING = Scope(party=None)
# For workers and commands, which act for the enterprise and not for a person.
EVERYTHING = Scope(party=None, units=None, secrecy=NAMED_ONLY)
