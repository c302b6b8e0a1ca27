"""Which rows of plain files are about the same person or firm: blocked by several keys, compared, weighed.

Nobody says which pairs are right. How often the two rows of one person agree in a column, and how often two rows of
different people do, is learnt from the candidates themselves (Fellegi and Sunter 1969, by expectation-maximisation);
a rare name weighs more than a common one. With few candidates the weights that the kinds of columns begin with hold.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhike.kernel.parties.secret import normal_phone

from . import normal
from .columns import Column, Kind
from .weighing import AGREE, EQUAL, PRIOR, level

LARGEST_BLOCK = 2_000  # pairs that one key may give; a key that more share says too little
FEW = 200  # candidates below which nothing is learnt
ROUNDS = 60
STRONG = (Kind.PHONE, Kind.NUMBER, Kind.DAY)
WEAK = (Kind.NAME, Kind.ADDRESS, Kind.PLACE, Kind.CODE)
MOST_WEAK = 7  # columns that are keys in twos


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows by their place, and how sure it is (0 to 1) that they are one."""

    a: int
    b: int
    score: float


@dataclass
class Table:
    """Rows in the forms in which they are compared: by column, then by row."""

    columns: Sequence[Column]
    cells: list[list[str]]
    sounds: list[list[str]] = field(default_factory=list)  # of columns of names only

    @property
    def size(self) -> int:
        return len(self.cells[0]) if self.cells else 0


def prepare(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Table:
    """The table of the compared columns in their normal forms."""
    forms = {
        Kind.NAME: normal.name,
        Kind.PHONE: lambda text: normal_phone(text) or normal.code(text),
        Kind.ADDRESS: normal.address,
        Kind.DAY: normal.day,
        Kind.PLACE: normal.name,
        Kind.TEXT: normal.folded,
    }
    cells = [[forms.get(one.kind, normal.code)(row[one.place]) for row in rows] for one in columns]
    sounds = [
        [normal.sound(cell) if cell and not cell.isascii() else cell for cell in cells[place]]
        if one.kind == Kind.NAME
        else []
        for place, one in enumerate(columns)
    ]
    return Table(columns, cells, sounds)


# ---- candidates


def _keys(table: Table) -> Iterator[tuple[str, list[str]]]:
    """Keys by which rows meet: (name of the key, its value for each row); "" meets nobody."""
    for place, column in enumerate(table.columns):
        values = table.cells[place]
        if column.kind in STRONG:
            yield column.field, values
        if column.kind == Kind.PHONE:
            yield f"{column.field}/end", [value[-8:] if len(value) > 8 else "" for value in values]
        if column.kind == Kind.NAME and column.field == "name":
            yield f"{column.field}/sound", table.sounds[place]
            yield f"{column.field}/core", [normal.core(value) if value else "" for value in values]
        if column.kind == Kind.ADDRESS:
            yield column.field, [value if len(value) >= 8 else "" for value in values]
    weak = [
        (column.field, table.sounds[place] or table.cells[place])
        for place, column in enumerate(table.columns)
        if column.kind in WEAK and column.field not in {"gender", "state"}
    ]
    for (one, left), (other, right) in itertools.combinations(weak[:MOST_WEAK], 2):
        both = [f"{x}|{y}" if x and y else "" for x, y in zip(left, right, strict=True)]
        yield f"{one}+{other}", both
    for place, column in enumerate(table.columns):
        if column.kind == Kind.NAME:
            yield from _halves(table, place, column)


def _halves(table: Table, place: int, column: Column) -> Iterator[tuple[str, list[str]]]:
    """A name that is misspelt meets by its beginning together with the year of birth or the end of a number."""
    begins = [sound.replace(" ", "")[:4] for sound in table.sounds[place]]
    for other, beside in enumerate(table.columns):
        if beside.kind == Kind.DAY:
            part = [value[:6] for value in table.cells[other]]
        elif beside.kind in {Kind.PHONE, Kind.NUMBER}:
            part = [value[-4:] for value in table.cells[other]]
        else:
            continue
        both = [f"{x}|{y}" if x and y else "" for x, y in zip(begins, part, strict=True)]
        yield f"{column.field}<{beside.field}", both


def candidates(left: Table, right: Table | None = None) -> NDArray[np.int64]:
    """Pairs of rows that share a key, as two columns; within one table the first is the smaller."""
    found: list[NDArray[np.int64]] = []
    others = dict(_keys(right)) if right is not None else {}
    width = right.size if right is not None else left.size
    for key, values in _keys(left):
        if right is None:
            found.append(within(values, width))
        elif key in others:
            found.append(_between(values, others[key], width))
    packed = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return np.stack([packed // max(width, 1), packed % max(width, 1)], axis=1)


def _grouped(values: Sequence[str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        if value:
            groups[value].append(row)
    return groups


def within(values: Sequence[str], width: int) -> NDArray[np.int64]:
    """Pairs of rows of one table with the same value, packed into one number each; "" meets nobody."""
    packed: list[int] = []
    for rows in _grouped(values).values():
        if len(rows) > 1 and len(rows) * (len(rows) - 1) // 2 <= LARGEST_BLOCK:
            packed.extend(a * width + b for a, b in itertools.combinations(rows, 2))
    return np.array(packed, dtype=np.int64)


def _between(values: Sequence[str], others: Sequence[str], width: int) -> NDArray[np.int64]:
    packed: list[int] = []
    groups = _grouped(others)
    for value, rows in _grouped(values).items():
        met = groups.get(value, ())
        if met and len(rows) * len(met) <= LARGEST_BLOCK:
            packed.extend(a * width + b for a in rows for b in met)
    return np.array(packed, dtype=np.int64)


# ---- comparing


def levels(left: Table, right: Table, found: NDArray[np.int64]) -> NDArray[np.int8]:
    """One row for each candidate, one column for each compared column."""
    out = np.empty((len(found), len(left.columns)), dtype=np.int8)
    firsts, seconds = found[:, 0].tolist(), found[:, 1].tolist()
    for place, column in enumerate(left.columns):
        xs, ys, kind = left.cells[place], right.cells[place], column.kind
        if left.sounds[place]:
            sx, sy = left.sounds[place], right.sounds[place]
            out[:, place] = [
                level(kind, xs[a], ys[b], sx[a], sy[b]) for a, b in zip(firsts, seconds, strict=True)
            ]
        else:
            out[:, place] = [level(kind, xs[a], ys[b]) for a, b in zip(firsts, seconds, strict=True)]
    return out


# ---- weighing


@dataclass
class Chances:
    """Of each level in each column, for one person's rows and for two people's; and of a pair being one."""

    one: NDArray[np.float64]
    two: NDArray[np.float64]
    prior: float

    def weights(self) -> NDArray[np.float64]:
        """Logarithms of the ratios, with a column of noughts behind for what is missing (index -1)."""
        table = np.log(self.one) - np.log(self.two)
        return np.concatenate([table, np.zeros((len(table), 1))], axis=1)


def usual(columns: Sequence[Column]) -> Chances:
    """The chances that hold before anything is learnt."""
    one = np.array([AGREE[column.kind][0] for column in columns])
    two = np.array([AGREE[column.kind][1] for column in columns])
    return Chances(one, two, PRIOR)


def learn(columns: Sequence[Column], seen: NDArray[np.int8], *, rounds: int = ROUNDS) -> Chances:
    """Chances by expectation-maximisation over the patterns seen, from the usual ones on."""
    chances = usual(columns)
    if len(seen) < FEW:
        return chances
    patterns, counts = np.unique(seen, axis=0, return_counts=True)
    for _round in range(rounds):
        sure = posterior(patterns, chances)
        ours, others = sure * counts, (1 - sure) * counts
        before = chances.prior
        chances = Chances(
            _shares(patterns, ours), _shares(patterns, others), float(ours.sum() / counts.sum())
        )
        chances.prior = min(max(chances.prior, 1e-6), 1 - 1e-6)
        if abs(before - chances.prior) < 1e-7:
            break
    return chances


def _shares(patterns: NDArray[np.int8], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each level in each column; a little of each, so that nothing is impossible."""
    found = np.stack(
        [((patterns == step) * weight[:, None]).sum(axis=0) for step in range(EQUAL + 1)], axis=1
    )
    found += 0.5
    shares: NDArray[np.float64] = found / found.sum(axis=1, keepdims=True)
    return shares


def posterior(
    seen: NDArray[np.int8], chances: Chances, rarity: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """How sure it is that each pattern is one person; `rarity` is added to the weight of a pair."""
    total = chances.weights()[np.arange(seen.shape[1]), seen].sum(axis=1)
    total = total + np.log(chances.prior) - np.log1p(-chances.prior)
    if rarity is not None:
        total = total + rarity
    sure: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(total, -500, 500)))
    return sure


def rarities(
    left: Table, right: Table, found: NDArray[np.int64], seen: NDArray[np.int8]
) -> NDArray[np.float64]:
    """What an equal name adds when it is rarer than the mean of equal names, or takes when it is commoner."""
    added = np.zeros(len(found))
    for place, column in enumerate(left.columns):
        if column.kind != Kind.NAME:
            continue
        counts = Counter(left.cells[place])
        if right is not left:
            counts.update(right.cells[place])
        counts.pop("", None)
        whole = sum(counts.values())
        if not whole:
            continue
        mean = sum(n * n for n in counts.values()) / whole
        equal = np.flatnonzero(seen[:, place] == EQUAL)
        held = [counts[left.cells[place][row]] for row in found[equal, 0].tolist()]
        added[equal] += np.clip(np.log(mean) - np.log(held), -3.0, 3.0) if held else 0.0
    return added


def match(
    left: Table, right: Table | None = None, *, threshold: float = 0.5, one_to_one: bool = False
) -> list[Pair]:
    """Pairs at or above the threshold, surest first. Both tables have the same fields in the same order."""
    found = candidates(left, right)
    if not len(found):
        return []
    beside = left if right is None else right
    seen = levels(left, beside, found)
    chances = learn(left.columns, seen)
    scores = posterior(seen, chances, rarities(left, beside, found, seen))
    # of equally sure pairs the one whose cells agree more comes first
    order = np.lexsort((-np.maximum(seen, 0).sum(axis=1), -scores))
    pairs = [
        Pair(int(found[row, 0]), int(found[row, 1]), float(scores[row]))
        for row in order
        if scores[row] >= threshold
    ]
    return assigned(pairs, within=right is None) if one_to_one else pairs


def assigned(pairs: Sequence[Pair], *, within: bool) -> list[Pair]:
    """Each row once, the surest pairs first."""
    kept: list[Pair] = []
    left: set[int] = set()
    right: set[int] = left if within else set()
    for pair in pairs:
        if pair.a not in left and pair.b not in right:
            left.add(pair.a)
            right.add(pair.b)
            kept.append(pair)
    return kept
