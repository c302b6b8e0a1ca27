"""What a customer has had with the house: each trade adds a source, the customer's page shows them together.

Customers stand below the trades and know none of them. A trade registers in `AppConfig.ready()`:

    history.register(history.Source("complaints", _("Complaints"), read=..., count=...))

`read` and `count` take the user, since what is visible depends on the powers of that trade.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from zhike.customers.models import Customer
from zhike.people.models import User

Text = str | Promise


@dataclass(frozen=True)
class Line:
    """One entry: a case, a call, a visit. `kind` colours the mark: late, met, brand or nothing."""

    at: dt.datetime
    title: Text
    number: str = ""
    url: str = ""
    status: Text = ""
    status_kind: str = ""  # of `parts.status`: run, late, met, pause, new
    kind: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Begin:
    """A button on the customer's page: something new in a trade."""

    label: Text
    url: str
    icon: str = "plus"


@dataclass(frozen=True)
class Source:
    """One trade's part. `read` gives the newest lines first, at most `limit`; `count` says how many there are.

    `begin` gives the button that opens something new for the customer, or None where the person may not.
    """

    key: str
    label: Text
    read: Callable[[User, Customer, int], Sequence[Line]]
    count: Callable[[User, Customer], int]
    begin: Callable[[User, Customer], Begin | None] | None = None
    order: int = 50  # of its tab
    is_complaint: bool = False  # shown on the file of the intermediate customer too (R000-25)


@dataclass(frozen=True)
class Tab:
    key: str
    label: Text
    count: int


@dataclass(frozen=True)
class History:
    """Lines newest first, how many each source has, and what is open among all that was read."""

    lines: list[Line]
    tabs: list[Tab]
    open_lines: list[Line]

    @property
    def total(self) -> int:
        return sum(tab.count for tab in self.tabs)


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.key] = source


def of(user: User, customer: Customer, *, limit: int = 50, only: str = "") -> History:
    """The customer's history as this person may see it; `only` keeps the lines of one source."""
    sources = sorted(_sources.values(), key=lambda one: one.order)
    read = {one.key: list(one.read(user, customer, limit)) for one in sources if only in {"", one.key}}
    lines = [line for found in read.values() for line in found]
    lines.sort(key=lambda line: line.at, reverse=True)
    return History(
        lines[:limit],
        [Tab(one.key, one.label, _count(one, user, customer, read, limit)) for one in sources],
        [line for line in lines if line.is_open],
    )


def _count(source: Source, user: User, customer: Customer, read: dict[str, list[Line]], limit: int) -> int:
    """Who was read to the end was counted by that."""
    found = read.get(source.key)
    return len(found) if found is not None and len(found) < limit else source.count(user, customer)


def complaints(user: User, customer: Customer, *, limit: int) -> list[Line]:
    """What the customer complains of, without the rest of the history."""
    found = [one for one in _sources.values() if one.is_complaint]
    return [line for source in found for line in source.read(user, customer, limit)][:limit]


def beginnings(user: User, customer: Customer) -> list[Begin]:
    """What this person may begin for the customer, in the order of the sources."""
    found = (source.begin(user, customer) for source in _sources.values() if source.begin is not None)
    return [begin for begin in found if begin is not None]
