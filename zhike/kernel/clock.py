"""The only reader of the time.

Views, commands and workers call `now()` and pass it down; nothing below them reads a clock.
A demonstration or a test may shift it with `at()` for its own thread of work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_shifted: ContextVar[dt.datetime | None] = ContextVar("zhike_clock", default=None)
# Set once when a demonstration starts; zero everywhere else.
_offset = dt.timedelta(0)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _shifted.get() or dt.datetime.now(dt.UTC) + _offset


def shift(offset: dt.timedelta) -> None:
    """Let every later `now()` of this process answer so much later; for the demonstration only."""
    global _offset
    _offset = offset


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block."""
    if moment.tzinfo is None:
        raise ValueError("a moment must be aware")
    token = _shifted.set(moment)
    try:
        yield
    finally:
        _shifted.reset(token)
