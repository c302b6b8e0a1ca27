"""Bit masks of tag sets: fixed places of words, so that one column serves rules over many rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _

from .models import TagBit

PLACES = 63


class TooManyTags(Exception):
    """A list has had more words, over all its versions, than a mask has places."""


def give_places(key: str, vocabulary: str, codes: Iterable[str]) -> dict[str, int]:
    """Give every word a place, words that had one keep it. Raises TooManyTags."""
    known = dict(TagBit.objects.filter(key=key, vocabulary=vocabulary).values_list("code", "bit"))
    new = [code for code in codes if code not in known]
    if len(known) + len(new) > PLACES:
        raise TooManyTags(
            _("The list “%(list)s” has had more than %(places)d words; start a new list.")
            % {"list": vocabulary, "places": PLACES}
        )
    rows = [
        TagBit(key=key, vocabulary=vocabulary, code=code, bit=len(known) + n) for n, code in enumerate(new)
    ]
    TagBit.objects.bulk_create(rows)
    _places.cache_clear()
    return known | {row.code: row.bit for row in rows}


@lru_cache(maxsize=256)
def _places(key: str, vocabulary: str, version_id: int) -> dict[str, int]:
    return dict(TagBit.objects.filter(key=key, vocabulary=vocabulary).values_list("code", "bit"))


def mask(key: str, vocabulary: str, codes: Iterable[str], *, version_id: int) -> int:
    """The mask of a set; a word without a place is a programming error and raises KeyError."""
    places = _places(key, vocabulary, version_id)
    return sum(1 << places[code] for code in set(codes))
