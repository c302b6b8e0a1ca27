"""The two versions of a trial, with the values of the units: units whose values are equal go together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.inforce import Installed
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.models import ManualVersion

Values = Mapping[str, str]


@dataclass(frozen=True)
class Pair:
    """What rules at these units today, and what would."""

    old: model.Manual
    new: model.Manual
    units: frozenset[int]


def of_text(base: ManualVersion, text: str, day: dt.date) -> list[Pair]:
    """A changed text: at every unit of the manual, with the values that the units have set."""
    rows = inforce.installations(base.key)
    plain = read(text)

    def after(values: Values) -> model.Manual:
        kept = {name: value for name, value in values.items() if name in plain.params}
        return read(text, overrides=kept) if kept else plain

    values = {unit: _values(base.key, rows, unit, day) for unit in _units(rows)}
    return _pairs(base, {unit: (own, own) for unit, own in values.items()}, after)


def of_values(
    base: ManualVersion, unit: int | None, values: Values, day: dt.date, *, before: Values | None = None
) -> list[Pair]:
    """Other values of a unit, or of the manual itself: only at those units where they would hold.

    What the unit itself has set is taken from `before`, else as it holds on the day.
    """
    rows = inforce.installations(base.key)
    plain = inforce.manual_of(base.pk).params
    units = _units(rows) if unit is None else sorted(tree().below(unit))
    # the values of the manual itself are those that no unit has set: a unit's own go before them
    own = next((row for row in rows if row.unit_id == unit), Installed(0, unit or 0, base.key))
    others = [row for row in rows if row.unit_id != unit]
    changed = others if unit is None else [*others, replace(own, values=((dt.date.min, values),))]
    if before is not None:
        rows = [*others, replace(own, values=((dt.date.min, before),))]
    found: dict[int, tuple[Values, Values]] = {}
    for place in units:
        now = _values(base.key, rows, place, day)
        after = _values(base.key, changed, place, day) if unit is not None else {**values, **now}
        if any(after.get(n, plain[n].text) != now.get(n, plain[n].text) for n in plain):
            found[place] = now, after
    return _pairs(base, found, lambda after: inforce.manual_of(base.pk, after))


def values_now(base: ManualVersion, unit: int, day: dt.date) -> dict[str, str]:
    """What the unit itself has set."""
    own = next((row for row in inforce.installations(base.key) if row.unit_id == unit), None)
    return dict(own.on(day)) if own else {}


def _units(rows: Iterable[Installed]) -> list[int]:
    """The units that work by the manual: where it is installed, and below."""
    place = tree()
    return sorted({unit for row in rows for unit in place.below(row.unit_id)})


def _values(key: str, rows: Iterable[Installed], unit: int, day: dt.date) -> dict[str, str]:
    line = tree().line(unit)
    near = sorted((row for row in rows if row.unit_id in line), key=lambda row: line.index(row.unit_id))
    return inforce.parameters_of(key, near, day)


def _pairs(
    base: ManualVersion, units: Mapping[int, tuple[Values, Values]], after: Callable[[Values], model.Manual]
) -> list[Pair]:
    """Most units first: the first pair speaks for the manual where one has to."""
    groups: dict[tuple[tuple[tuple[str, str], ...], ...], list[int]] = {}
    for unit, sides in units.items():
        groups.setdefault(tuple(tuple(sorted(side.items())) for side in sides), []).append(unit)
    pairs = [
        Pair(inforce.manual_of(base.pk, dict(old)), after(dict(new)), frozenset(members))
        for (old, new), members in groups.items()
    ]
    return sorted(pairs, key=lambda pair: -len(pair.units))
