"""Names that are almost what was typed: another character of the same sound, one wrong, missing, added or swapped.

Asked only where nothing has the words themselves. A name with one error keeps what stands before and after it, so the
index is asked for both parts; what it finds is compared with what was typed, the nearest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from zhike.customers import names
from zhike.customers.models import Customer
from zhike.kernel.search import grams, index

MOST = 50  # names that are offered
CANDIDATES = 200  # looked at for each place where the error may be
SHORTEST_PINYIN = 5  # letters; shorter ones are near to too many
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def names_like(text: str) -> list[int]:
    """Keys of customers whose name is nearly this, nearest first; of all units, so cut it to the scope."""
    typed = "".join(grams.folded(text).split())
    if not 2 <= len(typed) <= 30:
        return []
    if not _CHINESE.search(typed):
        return _ranked(typed, _like_pinyin(typed), _pinyin) if _is_pinyin(typed) else []
    sound = names.sort_key(typed, person=False).replace(" ", "")
    found = _rows(index.matching(sound, Customer._meta.label)) if len(typed) > 1 else []
    if len(typed) > 2:
        found += [row for words in _around(typed, 1) for row in _found(words)]
    return _ranked(typed, found, lambda row: grams.folded(row.name), sound=sound)


def _is_pinyin(typed: str) -> bool:
    return len(typed) >= SHORTEST_PINYIN and typed.isascii() and typed.isalpha()


def _like_pinyin(typed: str) -> list[Customer]:
    return [row for words in _around(typed, 2) for row in _found(words)]


def _around(typed: str, gap: int) -> Iterator[str]:
    """What stands before and after each place, as two words; `gap` characters may be wrong there."""
    for place in range(len(typed)):
        parts = (typed[:place], typed[place + gap :])
        words = " ".join(part for part in parts if part)
        if sum(map(len, parts)) >= 2:
            yield words


def _found(words: str) -> list[Customer]:
    return _rows(index.matching(words, Customer._meta.label)[:CANDIDATES])


def _rows(keys: Iterable[int]) -> list[Customer]:
    wanted = list(keys)[:CANDIDATES]
    return list(Customer.objects.filter(pk__in=wanted).only("name", "sort_key", "kind")) if wanted else []


def _pinyin(row: Customer) -> str:
    return row.sort_key.replace(" ", "")


def _ranked(
    typed: str, rows: list[Customer], key: Callable[[Customer], str], *, sound: str = ""
) -> list[int]:
    """Those at most one error away (two in long words), the nearest first; the same sound counts as half an error."""
    allowed = 2 if len(typed) >= 8 else 1
    near: dict[int, float] = {}
    for row in rows:
        if row.pk in near:
            continue
        distance: float = errors(typed, key(row), allowed)
        if sound and distance and _sounds(sound, row):
            distance = min(distance, 0.5)
        if distance <= allowed:
            near[row.pk] = distance
    return sorted(near, key=lambda pk: (near[pk], pk))[:MOST]


def _sounds(sound: str, row: Customer) -> bool:
    """Whether the name is read as what was typed, as a person's or as a firm's."""
    readings = {names.sort_key(row.name, person=person).replace(" ", "") for person in (False, True)}
    return any(sound in reading for reading in readings)


def errors(typed: str, name: str, most: int) -> int:
    """The fewest changes (wrong, missing, added, two swapped) by which some part of the name is what was typed.

    `most + 1` when there are more. Part of a long name is enough: people type the beginning of a firm's name.
    """
    before: list[int] = []
    row = [0] * (len(name) + 1)  # a match may begin anywhere in the name
    for at, char in enumerate(typed, 1):
        last, before, row = before, row, [at]
        for place, other in enumerate(name, 1):
            best = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (char != other))
            if at > 1 and place > 1 and char == name[place - 2] and typed[at - 2] == other:
                best = min(best, last[place - 2] + 1)
            row.append(best)
    return min(min(row), most + 1)
