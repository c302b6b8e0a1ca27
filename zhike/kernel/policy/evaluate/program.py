"""A decision table as generated Python: one function for the first row that matches, one for all of them.

The null rule is enforced here, in one place: `-` accepts everything, `未知` only unknown, every other test is false
for an unknown value, `not(..)` too; a set is never unknown, only empty.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from zhike.kernel.policy.manual.model import (
    Amount,
    AnyTest,
    Compare,
    DecisionTable,
    FactSpec,
    HasAllTags,
    HasNoTags,
    HasTags,
    Hit,
    Interval,
    Item,
    Kind,
    Not,
    OneOf,
    Operand,
    Origin,
    TagsEmpty,
    TagsPresent,
    Test,
    UnknownTest,
    Word,
    shift,
)

_PYTHON = {"=": "==", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}

Bits = Mapping[str, int]


def tag_bits(words: Collection[Word]) -> dict[str, int]:
    """Code -> bit position, in the order of the list. A caller that stores masks keeps its own, never reused."""
    return {word.code: place for place, word in enumerate(words)}


def mask_of(codes: Collection[str] | int | None, bits: Bits) -> int:
    """The set as an integer; unknown is the empty set. KeyError for a code without a bit."""
    if codes is None:
        return 0
    if isinstance(codes, int):
        return codes
    found = 0
    for code in codes:
        found |= 1 << bits[code]
    return found


@dataclass(frozen=True, slots=True)
class Constant:
    """A value of the generated source: one operand, several for `in`, or a mask."""

    name: str
    operands: tuple[Operand, ...]
    several: bool = False
    hashed: bool = False
    mask: int | None = None


class Program:
    """Generated source of a table with its constants. Bind it to a day to get a Ruler."""

    def __init__(self, table: DecisionTable, bits: Mapping[str, Bits] | None = None) -> None:
        self.table = table
        self.constants: list[Constant] = []
        self.bits = [
            dict((bits or {}).get(column.fact.vocabulary or "", tag_bits(column.fact.words)))
            for column in table.inputs
        ]
        self.dated = any(column.fact.kind is Kind.UNTIL for column in table.inputs)
        self.source = self._source()
        self.code = _code(self.source)

    def bind(self, today: dt.date) -> "Ruler":
        """The table ready to rule on cases of this day; bounds of `until` facts are worked out once."""
        space: dict[str, Any] = {f"MASK{at}": _masker(bits) for at, bits in enumerate(self.bits)}
        for constant in self.constants:
            space[constant.name] = _value(constant, today)
        exec(self.code, space)
        computed = tuple(c.fact.key for c in self.table.inputs if c.fact.origin is not Origin.FACT)
        return Ruler(
            self.table, today, computed, space["first"], space["every"], space["first_of"], space["every_of"]
        )

    # --- source

    def _source(self) -> str:
        conditions = [self._row(place) for place in range(len(self.table.rows))]
        live = [place for place, row in enumerate(self.table.rows) if not row.broken]
        order = live
        if self.table.hit is Hit.HIGHEST:
            order = sorted(live, key=lambda place: self.table.ranks[place])
        args = ", ".join(f"v{at}" for at in range(len(self.table.inputs)))
        first = [f"def first({args}):"]
        for place in order:
            if conditions[place] == "True":
                first.append(f"    return {place + 1}")
                break
            first.append(f"    if {conditions[place]}: return {place + 1}")
        first.append("    return 0")
        every = [f"def every({args}):", "    hits = []"]
        every += [f"    if {conditions[place]}: hits.append({place + 1})" for place in live]
        every.append("    return hits")
        reads = ", ".join(self._read(at, column.fact) for at, column in enumerate(self.table.inputs))
        both = [f"def {name}_of(get): return {name}({reads})" for name in ("first", "every")]
        return "\n".join([*first, *every, *both, ""])

    def _read(self, at: int, fact: FactSpec) -> str:
        read = f"get({fact.key!r})"
        if fact.kind is Kind.TAGS:
            return f"MASK{at}({read})"
        return f"{read} or None" if fact.kind in (Kind.ENUM, Kind.TEXT) else read

    def _row(self, place: int) -> str:
        tests = self.table.rows[place].tests
        parts = [self._test(f"v{at}", at, cell.test) for at, cell in enumerate(tests) if cell.test]
        return " and ".join(part for part in parts if part) or "True"

    def _test(self, v: str, at: int, test: Test) -> str:
        match test:
            case AnyTest():
                return ""
            case HasTags(codes):
                return f"{v} & {self._mask(codes, at)}"
            case HasAllTags(codes):
                mask = self._mask(codes, at)
                return f"{v} & {mask} == {mask}"
            case HasNoTags(codes):
                return f"not {v} & {self._mask(codes, at)}"
            case TagsPresent():
                return v
            case TagsEmpty():
                return f"not {v}"
            case Not(items):
                found = self._items(v, at, items)
                return f"{v} is not None and not ({found})" if found else f"{v} is not None"
            case OneOf(items):
                return self._one_of(v, at, items)

    def _one_of(self, v: str, at: int, items: tuple[Item, ...]) -> str:
        found = self._items(v, at, items)
        if any(isinstance(item, UnknownTest) for item in items):
            return f"({v} is None or {found})" if found else f"{v} is None"
        if all(isinstance(item, Compare) and item.op == "=" for item in items):
            return found  # nothing equals None, so no guard is needed
        return f"{v} is not None and ({found})"

    def _items(self, v: str, at: int, items: tuple[Item, ...]) -> str:
        """A condition on a known value; UnknownTest is left out."""
        equal = [item.operand for item in items if isinstance(item, Compare) and item.op == "="]
        parts = []
        if len(equal) == 1:
            parts.append(f"{v} == {self._constant((equal[0],))}")
        elif equal:
            hashed = self.table.inputs[at].fact.kind in (Kind.ENUM, Kind.TEXT)
            parts.append(f"{v} in {self._constant(tuple(equal), several=True, hashed=hashed)}")
        for item in items:
            if isinstance(item, Interval):
                low, high = self._constant((item.low,)), self._constant((item.high,))
                parts.append(
                    f"{low} {'<=' if item.low_closed else '<'} {v} {'<=' if item.high_closed else '<'} {high}"
                )
            elif isinstance(item, Compare) and item.op != "=":
                parts.append(f"{v} {_PYTHON[item.op]} {self._constant((item.operand,))}")
        return " or ".join(parts)

    def _constant(self, operands: tuple[Operand, ...], *, several: bool = False, hashed: bool = False) -> str:
        name = f"K{len(self.constants)}"
        self.constants.append(Constant(name, operands, several, hashed))
        return name

    def _mask(self, codes: tuple[str, ...], at: int) -> str:
        return str(mask_of(codes, self.bits[at]))


def _masker(bits: Bits) -> Callable[[Any], int]:
    def mask(value: Any) -> int:
        return value if value.__class__ is int else mask_of(value, bits)

    return mask


def _value(constant: Constant, today: dt.date) -> Any:
    values = [
        shift(today, operand.value) if isinstance(operand.value, Amount) else operand.value
        for operand in constant.operands
    ]
    if not constant.several:
        return values[0]
    return frozenset(values) if constant.hashed else tuple(values)


@lru_cache(maxsize=512)
def _code(source: str) -> CodeType:
    return compile(source, "<decision table>", "exec")


@dataclass(frozen=True, slots=True)
class Ruler:
    """A table bound to a day. Rows count from 1; 0 is no row.

    `first` and `every` take the values of the inputs in order, sets as masks, unknown as None. `first_of` and
    `every_of` take a function label -> value (`facts.get`), where sets may also be collections of codes.
    For HIGHEST, `first` is the row that stands highest. `computed` are the labels of derived facts and earlier
    outcomes among the inputs.
    """

    table: DecisionTable
    today: dt.date
    computed: tuple[str, ...]
    first: Callable[..., int]
    every: Callable[..., list[int]]
    first_of: Callable[[Callable[[str], Any]], int]
    every_of: Callable[[Callable[[str], Any]], list[int]]
