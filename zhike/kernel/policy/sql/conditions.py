"""Cells of decision tables as conditions of the ORM.

The null rule is enforced here once more, for SQL: every test but `-` and `未知` is guarded, so that NOT never turns
an unknown value into a hit; a set is never unknown, and an empty text is an unknown one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, DecimalField, F, Q, Value
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from zhike.kernel.policy.manual.model import (
    Amount,
    AnyTest,
    Compare,
    HasAllTags,
    HasNoTags,
    HasTags,
    Interval,
    Item,
    Kind,
    Not,
    OneOf,
    Operand,
    TagsEmpty,
    TagsPresent,
    Test,
    UnknownTest,
    shift,
)

_LOOKUPS = {">": GreaterThan, ">=": GreaterThanOrEqual, "<": LessThan, "<=": LessThanOrEqual}
# What is certain of all rows and of none; Django drops the first and knows the second as an empty result.
ALWAYS: Q | None = None
NEVER = Q(pk__in=[])
# SQLite keeps figures as floats of 15 digits: what is longer cannot be told apart there.
SQLITE_DIGITS = 15


class NotInSql(ValueError):
    """The table cannot be put into one statement that gives what Python gives; the message says why."""


@dataclass(frozen=True)
class Column:
    """An input as the queryset has it: `name` of its alias, kind, places of the words of a set."""

    name: str
    kind: Kind
    places: Mapping[str, int]
    today: dt.date
    vendor: str

    def condition(self, test: Test) -> Q | None:
        """The test as a condition; None when it accepts everything."""
        match test:
            case AnyTest():
                return ALWAYS
            case HasTags(codes):
                return self._any_of(codes)
            case HasAllTags(codes):
                mask = self._mask(codes)
                if any(code not in self.places for code in codes):
                    return NEVER
                return Q(Exact(self._shared(mask), _integer(mask)))
            case HasNoTags(codes):
                mask = self._mask(codes)
                return Q(Exact(self._shared(mask), _integer(0))) if mask else ALWAYS
            case TagsPresent():
                return Q(GreaterThan(F(self.name), _integer(0)))
            case TagsEmpty():
                return Q(Exact(F(self.name), _integer(0)))
            case Not(items):
                found = self._items(items)
                return self._known() & ~found if found is not None else self._known()
            case OneOf(items):
                return self._one_of(items)

    # --- sets

    def _mask(self, codes: Iterable[str]) -> int:
        """A word that never had a place cannot be in any stored set."""
        return sum(1 << self.places[code] for code in set(codes) if code in self.places)

    def _shared(self, mask: int) -> Any:
        # the type is named, since a bare number goes to PostgreSQL as one of four bytes and loses its upper places
        return F(self.name).bitand(_integer(mask))  # type: ignore[arg-type]

    def _any_of(self, codes: Iterable[str]) -> Q:
        mask = self._mask(codes)
        return Q(GreaterThan(self._shared(mask), _integer(0))) if mask else NEVER

    # --- single values

    def _known(self) -> Q:
        known = Q(**{f"{self.name}__isnull": False})
        return known & ~Q(Exact(F(self.name), Value(""))) if self._is_text else known

    def _unknown(self) -> Q:
        unknown = Q(**{f"{self.name}__isnull": True})
        return unknown | Q(Exact(F(self.name), Value(""))) if self._is_text else unknown

    @property
    def _is_text(self) -> bool:
        return self.kind in (Kind.ENUM, Kind.TEXT)

    def _one_of(self, items: tuple[Item, ...]) -> Q:
        found = self._items(items)
        accepts_unknown = any(isinstance(item, UnknownTest) for item in items)
        if found is None:
            return self._unknown()
        if any(isinstance(item, Compare) and item.op == "!=" for item in items):
            found &= self._known()
        return self._unknown() | found if accepts_unknown else found

    def _items(self, items: tuple[Item, ...]) -> Q | None:
        """A condition on a known value; UnknownTest is left out, None if nothing else is there."""
        parts = [self._item(item) for item in items if not isinstance(item, UnknownTest)]
        return reduce(or_, parts) if parts else None

    def _item(self, item: Item) -> Q:
        if isinstance(item, Interval):
            low = self._compare(">=" if item.low_closed else ">", item.low)
            return low & self._compare("<=" if item.high_closed else "<", item.high)
        assert isinstance(item, Compare)
        return self._compare(item.op, item.operand)

    def _compare(self, op: str, operand: Operand) -> Q:
        value = self._value(operand)
        if op == "=":
            return Q(Exact(F(self.name), value))
        if op == "!=":
            return ~Q(Exact(F(self.name), value))
        return Q(_LOOKUPS[op](F(self.name), value))

    def _value(self, operand: Operand) -> Value:
        value = operand.value
        if isinstance(value, Amount):
            return Value(shift(self.today, value))
        if isinstance(value, Decimal):
            return self._figure(value, operand.text)
        return Value(value)

    def _figure(self, value: Decimal, text: str) -> Value:
        """The figure with all its digits: never rounded to those of the column."""
        if value == value.to_integral_value():
            value = value.to_integral_value()
        digits = len(value.as_tuple().digits)
        exponent = int(value.as_tuple().exponent)
        if self.vendor == "sqlite" and max(digits + max(exponent, 0), -exponent) > SQLITE_DIGITS:
            raise NotInSql(f"SQLite 分不清 15 位以上的数值：“{text}”")
        if exponent >= 0 and self.kind is Kind.INT and abs(value) < 2**62:
            return _integer(int(value))
        places = max(-exponent, 0)
        field: DecimalField[Any, Any] = DecimalField(
            max_digits=max(digits + max(exponent, 0), places) + 1, decimal_places=places
        )
        return Value(value, output_field=field)


def _integer(value: int) -> Value:
    return Value(value, output_field=BigIntegerField())
