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


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _shifted.get() or dt.datetime.now(dt.UTC)


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
