"""What the worker calls by the clock."""

from __future__ import annotations

from zhike.kernel import clock

from . import chain


def seal() -> int:
    """Seal the entries written since the last call (every minute or so)."""
    return chain.seal(clock.now())
