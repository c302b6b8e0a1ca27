"""The protocol by which the kernel asks who holds a post, without knowing of any staff."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from .models import Party


class Directory(Protocol):
    """Implemented by `people` (setting PARTIES_DIRECTORY)."""

    def holders_of(self, post: str, unit: int, now: dt.datetime) -> list[Party]:
        """Who holds the post at this unit, or at the nearest unit above it; acting holders come first."""
        ...

    def substitute_for(self, party: int, now: dt.datetime) -> Party | None:
        """Who stands in for this person now, if the person is away."""
        ...

    def superior_of(self, party: int | None, unit: int, now: dt.datetime) -> Party | None:
        """The person one level up the line: head of the unit, or of the next unit above."""
        ...

    def posts_of(self, party: int, now: dt.datetime) -> list[tuple[str, int]]:
        """Posts held or acted for, as (post code, unit id)."""
        ...

    def answering(self, post: str, unit: int, now: dt.datetime) -> list[Party]:
        """Who answers for a duty that is the post's: `holders_of` it, or who is next above it in the line."""
        ...

    def answers_for(self, party: int, now: dt.datetime) -> list[tuple[frozenset[str], frozenset[int]]]:
        """The same from the other side, as (posts, units): also for those who are away and named this deputy."""
        ...

    def stands_in_for(self, party: int, now: dt.datetime) -> list[int]:
        """Persons who are away now and have named this one as deputy."""
        ...

    def post_code(self, word: str) -> str | None:
        """The code of the post that a manual names by this word, or None."""
        ...


@lru_cache(maxsize=1)
def _implementation(path: str) -> Directory:
    found: Directory = import_string(path)()
    return found


def directory() -> Directory:
    return _implementation(settings.PARTIES_DIRECTORY)


def answers(party: int, post: str, unit: int, now: dt.datetime) -> bool:
    """Whether this person answers for the post at this unit."""
    return any(post in posts and unit in units for posts, units in directory().answers_for(party, now))
