"""What a trade knows that helps whoever goes to a customer, in a line or two; a trade that goes there asks here.

    briefing.register("service_plan", notes)

Trades register theirs in `AppConfig.ready()`; customers know none of them, and the trades not each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Note:
    """What it is, in words, and the page that has more."""

    label: str | Promise
    text: str
    url: str


# asked for many customers at once, whose gates were passed; answers for those of whom there is something to say
Read = Callable[[Collection[int], dt.datetime], Mapping[int, Note]]
_KNOWN: dict[str, Read] = {}


def register(key: str, read: Read) -> None:
    _KNOWN[key] = read


def of(customers: Collection[int], now: dt.datetime) -> dict[int, list[Note]]:
    """The notes by customer, in the order of their keys."""
    found: dict[int, list[Note]] = {}
    for _key, read in sorted(_KNOWN.items()):
        for customer, note in read(customers, now).items():
            found.setdefault(customer, []).append(note)
    return found
