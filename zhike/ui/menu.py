"""The registry of the shell: what stands in the rail, what is counted, who is signed in.

Apps call these functions once, in `AppConfig.ready()`. Nothing here is evaluated before a page shows it, so a
part of a page and a page without rail cost no query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Need = Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class Count:
    """A number beside an entry; `late` paints it red, which only overdue work may be."""

    number: int
    late: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the rail.

    `url` is a name for `reverse`; an entry whose address does not exist is left out. `needs` says who sees it.
    `count` may cost one query at most; use `register_counts` for several numbers of one query.
    `keys` is the letter after G that opens it. `phone` puts it into the bottom bar on a phone.
    `below` names further addresses whose pages belong to it.
    """

    key: str
    label: Text
    icon: str
    url: str
    group: str = ""
    order: int = 50
    needs: Need | None = None
    count: Callable[[HttpRequest], Count | int | None] | None = None
    keys: str = ""
    phone: bool = False
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """An entry as it is shown to one person; what follows from its key is not compared."""

    key: str
    label: Text = field(compare=False)
    icon: str = field(compare=False)
    href: str
    count: Count | None
    current: bool
    keys: str = field(compare=False)
    phone: bool = field(compare=False)


@dataclass(frozen=True)
class Group:
    label: Text = field(compare=False)
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Person:
    """Who is signed in: name, a quiet line (post and unit), the house shown beside the brand, own page."""

    name: str
    line: str = ""
    house: str = ""
    tint: int = 0
    href: str = ""


# groups in the order of the rail; the first has no heading
GROUPS: dict[str, Text] = {
    "": "",
    "customers": _("Customers"),
    "service": _("Service"),
    "grounds": _("Grounds"),
    "setup": _("Set-up"),
}

_entries: dict[str, Entry] = {}
_counts: list[Callable[[HttpRequest], dict[str, Count | int]]] = []
_counters: dict[str, Callable[[HttpRequest], int]] = {}
_notices: list[Callable[[HttpRequest], Text | None]] = []
_person: list[Callable[[HttpRequest], Person | None]] = []


def register(entry: Entry) -> None:
    if entry.group not in GROUPS:
        raise ValueError(f"no group {entry.group!r} in the rail")
    _entries[entry.key] = entry


def register_counts(provider: Callable[[HttpRequest], dict[str, Count | int]]) -> None:
    """Several numbers of the rail out of one query: entry key -> number."""
    _counts.append(provider)


def register_counter(name: str, counter: Callable[[HttpRequest], int]) -> None:
    """A number of the top bar. `unread` is the bell."""
    _counters[name] = counter


def register_notice(notice: Callable[[HttpRequest], Text | None]) -> None:
    """A line for the top bar, such as public holidays ahead; None when there is nothing to say."""
    _notices.append(notice)


def register_person(card: Callable[[HttpRequest], Person | None]) -> None:
    """Who is signed in, as the user box shows it. The last registration wins."""
    _person[:] = [card]


def shown(request: HttpRequest) -> tuple[Group, ...]:
    """The rail for this person: groups without lines are left out."""
    numbers = _numbers(request)
    groups: dict[str, list[Line]] = {key: [] for key in GROUPS}
    site = get_script_prefix(), get_urlconf(settings.ROOT_URLCONF)
    addresses = {entry.key: _fixed(entry.url, *site) for entry in _entries.values()}
    below = {_fixed(name, *site): addresses[entry.key] for entry in _entries.values() for name in entry.below}
    named = {name: addresses[entry.key] for entry in _entries.values() for name in entry.below}
    match = getattr(request, "resolver_match", None)
    current = (
        named.get(match.view_name, "") if match is not None else ""
    )  # also where the address has a number
    current = current or _here(request.path, [*addresses.values(), *below])
    current = below.get(current, current) if current else ""
    for entry in sorted(_entries.values(), key=lambda entry: (entry.order, entry.key)):
        href = addresses[entry.key]
        if href and (entry.needs is None or entry.needs(request)):
            groups[entry.group].append(_line(request, entry, href, numbers, current=href == current))
    return tuple(Group(GROUPS[key], tuple(lines)) for key, lines in groups.items() if lines)


def count(request: HttpRequest, name: str) -> int:
    counter = _counters.get(name)
    return counter(request) if counter is not None and _signed_in(request) else 0


def notices(request: HttpRequest) -> list[Text]:
    return [line for line in (notice(request) for notice in _notices) if line]


def person(request: HttpRequest) -> Person | None:
    if not _signed_in(request):
        return None
    for card in _person:
        found = card(request)
        if found is not None:
            return found
    user: Any = request.user
    return Person(name=str(user), tint=user.pk)


def address(name: str, *arguments: Any) -> str:
    """The address behind a URL name, or "" where no app has mounted it."""
    if not arguments:
        return _fixed(name, get_script_prefix(), get_urlconf(settings.ROOT_URLCONF))
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=256)
def _fixed(name: str, _prefix: str, _urlconf: str) -> str:
    """An address without arguments: every page asks for the same thirty."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _numbers(request: HttpRequest) -> dict[str, Count | int]:
    if not _signed_in(request):
        return {}
    found: dict[str, Count | int] = {}
    for provider in _counts:
        found.update(provider(request))
    return found


def _line(
    request: HttpRequest, entry: Entry, href: str, numbers: dict[str, Count | int], *, current: bool
) -> Line:
    number = entry.count(request) if entry.count is not None else numbers.get(entry.key)
    if isinstance(number, int):
        number = Count(number)
    if number is not None and not number.number:
        number = None
    return Line(
        key=entry.key,
        label=entry.label,
        icon=entry.icon,
        href=href,
        count=number,
        current=current,
        keys=entry.keys,
        phone=entry.phone,
    )


def _here(path: str, addresses: Iterable[str]) -> str:
    """The address of the rail that is the longest beginning of this page's address; "/" only for itself."""
    found = [href for href in addresses if href and (path == href or (href != "/" and path.startswith(href)))]
    return max(found, key=len, default="")


def _signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)
