"""The name of the request that is being answered, for the entries that it causes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("zhike_request", default="")


def current() -> str:
    """Id of the request at hand, or "" in commands and workers."""
    return _current.get()


@contextmanager
def named(request_id: str) -> Iterator[None]:
    """Let entries written inside the block carry `request_id` (cut to 40 characters)."""
    token = _current.set(request_id[:40])
    try:
        yield
    finally:
        _current.reset(token)
