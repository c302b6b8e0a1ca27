"""What one action or one page reads again and again is read once: units, calendars, installed manuals, posts.

Inside `holding()` a reader that goes through `once()` keeps its answer; outside it reads afresh each time. A block
is as long as an action or a page that only reads, so nothing can go stale across requests or processes. Who
changes what others hold calls `forget()`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("zhike_held", default=None)


@contextmanager
def holding() -> Iterator[None]:
    """Hold what is read inside the block; a block inside another shares what that one holds."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(key: Hashable, read: Callable[[], R]) -> R:
    """The answer of `read`, kept for the rest of the block if there is one."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: R = kept[key]
    return found


def forget() -> None:
    """Something that is held has changed."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()


def held(action: Callable[P, R]) -> Callable[P, R]:
    """Run an action inside `holding()`."""

    @wraps(action)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with holding():
            return action(*args, **kwargs)

    return inside
