"""Duplicates among all files: candidates met by keys, weighed, kept as `Candidate` rows for people to look at.

Names are compared with their sound, numbers by blind index (nothing is decrypted), addresses in their normal form.
Files are compared within a house only, since each house keeps its own.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party
from zhike.people.standing import houses

from . import pairs
from .columns import Column
from .likeness import KINDS, Files, Likeness, levels, read, reasons
from .models import Candidate, Sweep
from .weighing import EQUAL

THRESHOLD = 0.5
BATCH = 2000
COLUMNS = [Column(kind.value, kind, place) for place, kind in enumerate(KINDS)]
_CHANCES = pairs.usual(COLUMNS)


# ---- candidates


def met(files: Files) -> NDArray[np.int64]:
    """Pairs of places of files that share a key."""
    width = len(files.rows)
    packed = [pairs.within(values, width) for values in _single_keys(files)]
    packed += [_among(files, get, width) for get in _many_keys()]
    found = np.unique(np.concatenate(packed)) if packed else np.empty(0, dtype=np.int64)
    return np.stack([found // max(width, 1), found % max(width, 1)], axis=1)


def _single_keys(files: Files) -> Iterator[list[str]]:
    rows = files.rows
    yield [row.sound for row in rows]
    yield [row.name for row in rows]
    yield [row.core if len(row.core) >= 2 else "" for row in rows]
    yield [f"{row.sound}|{row.addresses[0][:6]}" if row.addresses else "" for row in rows]
    yield [f"{row.sound[:3]}|{row.addresses[0][-8:]}" if row.addresses else "" for row in rows]


def _many_keys() -> tuple[Any, ...]:
    """Keys of which a file may have several."""
    return (
        lambda row: row.phones,
        lambda row: [f"{kind}{index}" for kind, index in row.numbers],
        lambda row: [text for text in row.addresses if len(text) >= 8],
        lambda row: [f"{row.sound}|{end}" for end in row.ends],
        lambda row: [f"{row.sound.partition(' ')[0]}|{end}" for end in row.ends],
    )


def _among(files: Files, get: Any, width: int) -> NDArray[np.int64]:
    groups: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(files.rows):
        for value in get(row):
            groups[value].append(place)
    packed: list[int] = []
    for places in groups.values():
        if len(places) > 1 and len(places) * (len(places) - 1) // 2 <= pairs.LARGEST_BLOCK:
            packed.extend(a * width + b for a, b in itertools.combinations(places, 2) if a != b)
    return np.array(packed, dtype=np.int64)


def scored(files: Files, threshold: float = THRESHOLD) -> list[tuple[int, int, Likeness]]:
    """Keys of the files of each pair at or above the threshold, the older file first."""
    found = met(files)
    if not len(found):
        return []
    both = [(files.rows[a], files.rows[b]) for a, b in found.tolist()]
    seen = np.array([levels(x, y) for x, y in both], dtype=np.int8)
    usual = np.log(files.usual)
    rarity = np.zeros(len(both))
    for place in np.flatnonzero(seen[:, 0] == EQUAL).tolist():
        rarity[place] = min(max(usual - np.log(files.named[both[place][0].name]), -3.0), 3.0)
    scores = pairs.posterior(seen, _CHANCES, rarity)
    kept = np.flatnonzero(scores >= threshold).tolist()
    return [
        (
            both[place][0].pk,
            both[place][1].pk,
            Likeness(float(scores[place]), reasons(*both[place], tuple(seen[place].tolist()))),
        )
        for place in kept
    ]


# ---- the job


def look(*, by: Party | None, now: dt.datetime) -> Sweep:
    """Look through the files of every house. What was decided before stays decided.

    Pairs that nobody has looked at and that are not alike any more are forgotten.
    """
    sweep = Sweep.objects.create(started_at=now, by=by)
    used = list(Customer.objects.order_by().values_list("unit", flat=True).distinct())
    place = houses()
    for house in sorted({place.of(unit) for unit in used}):
        files = read(place.together(house))
        found = scored(files)
        with transaction.atomic():
            fresh = _keep(found, {row.pk for row in files.rows}, now)
        sweep.read += len(files.rows)
        sweep.found += len(found)
        sweep.fresh += fresh
    with transaction.atomic():
        sweep.finished_at = clock.now()
        sweep.save()
        after = {"read": sweep.read, "found": sweep.found, "fresh": sweep.fresh}
        trail.record("customers.swept", subject=sweep, by=by, at=now, after=after)
    return sweep


def _keep(found: list[tuple[int, int, Likeness]], read: set[int], now: dt.datetime) -> int:
    """Store the pairs; how many were not known."""
    known = {
        (row.first_id, row.second_id): row
        for row in Candidate.objects.only("first", "second", "score", "reasons", "state", "origin").iterator()
        if row.first_id in read and row.second_id in read
    }
    fresh, changed, seen = [], [], set()
    for first, second, alike in found:
        seen.add((first, second))
        score = min(100, int(alike.score * 100))
        row = known.get((first, second))
        if row is None:
            fresh.append(
                Candidate(first_id=first, second_id=second, score=score, reasons=alike.reasons, found_at=now)
            )
        elif row.state == Candidate.State.OPEN and (row.score, row.reasons) != (score, alike.reasons):
            row.score, row.reasons = score, alike.reasons
            changed.append(row)
    Candidate.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
    Candidate.objects.bulk_update(changed, ["score", "reasons"], batch_size=500)
    gone = [
        row.pk
        for key, row in known.items()
        if key not in seen and (row.state, row.origin) == (Candidate.State.OPEN, Candidate.Origin.SWEEP)
    ]
    for start in range(0, len(gone), 900):
        Candidate.objects.filter(pk__in=gone[start : start + 900]).delete()
    return len(fresh)
