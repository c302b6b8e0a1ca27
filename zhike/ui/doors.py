"""Which pages a reader is let into: whoever cannot open a page gets no link to it.

The gate before a view says itself whom it lets in (`admits`, set by `people.access.staff_required`); the rows
behind the page are asked through the registry of subjects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import Resolver404, get_urlconf, resolve

from zhike.kernel.parties import subjects

from . import menu


def opens(user: Any, url: str) -> bool:
    """Whether the gate before the page at an address lets this user in."""
    path = url.partition("#")[0].partition("?")[0]
    admits = _gate(path, get_urlconf(settings.ROOT_URLCONF))
    return admits is None or admits(user)


def way(user: Any, name: str, *arguments: Any) -> str:
    """The address behind a URL name, or "" where nothing is mounted or its gate refuses this user."""
    url = menu.address(name, *arguments)
    return url if url and opens(user, url) else ""


def ways(user: Any, keys: Iterable[subjects.Key]) -> dict[subjects.Key, str]:
    """Addresses of those of the subjects, each a label and a key, that this user may open."""
    found: dict[subjects.Key, str] = {}
    for label, pk in subjects.open_to(user, keys):
        subject = subjects.known(label)
        url = subject.url(pk) if subject is not None else ""
        if url and opens(user, url):
            found[label, pk] = url
    return found


@lru_cache(maxsize=1024)
def _gate(path: str, urlconf: str) -> Callable[[Any], bool] | None:
    try:
        return getattr(resolve(path, urlconf).func, "admits", None)
    except Resolver404:
        return None
