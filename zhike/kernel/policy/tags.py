"""Bit masks of tag sets: fixed places of words, so that one column serves rules over many rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.kernel.parties.held import forget, once

from .models import TagBit

PLACES = 63
TRIES = 3


class TooManyTags(Exception):
    """A list has had more words, over all its versions, than a mask has places."""


def give_places(key: str, vocabulary: str, codes: Iterable[str]) -> dict[str, int]:
    """Give every word a place; words that had one keep it, for ever. Raises TooManyTags.

    Two publications at once give each word one place: the slower one takes what the quicker has given.
    """
    wanted = list(dict.fromkeys(codes))
    for attempt in range(TRIES):
        known = places(key, vocabulary)
        new = [code for code in wanted if code not in known]
        if not new:
            return known
        free = max(known.values(), default=-1) + 1
        if free + len(new) > PLACES:
            raise TooManyTags(
                _("The list “%(list)s” has had more than %(places)d words; start a new list.")
                % {"list": vocabulary, "places": PLACES}
            )
        rows = [TagBit(key=key, vocabulary=vocabulary, code=code, bit=free + n) for n, code in enumerate(new)]
        try:
            with transaction.atomic():
                TagBit.objects.bulk_create(rows)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
            forget()
            continue
        forget()
        _places.cache_clear()
        return known | {row.code: row.bit for row in rows}
    raise AssertionError("not reached")


def places(key: str, vocabulary: str) -> dict[str, int]:
    """Code -> place of every word that the list has ever had. One query, held for an action or a page."""
    rows = TagBit.objects.filter(key=key, vocabulary=vocabulary)
    return once(("tag places", key, vocabulary), lambda: dict(rows.values_list("code", "bit")))


@lru_cache(maxsize=256)
def _places(key: str, vocabulary: str, version_id: int) -> dict[str, int]:
    return places(key, vocabulary)


def mask(key: str, vocabulary: str, codes: Iterable[str], *, version_id: int) -> int:
    """The mask of a set; a word without a place is a programming error and raises KeyError."""
    wanted = set(codes)
    found = _places(key, vocabulary, version_id)
    if not wanted <= found.keys():  # given since then, or read in a transaction that was rolled back
        _places.cache_clear()
        found = _places(key, vocabulary, version_id)
    return sum(1 << found[code] for code in wanted)
