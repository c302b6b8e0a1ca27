"""What the worker calls by the clock."""

from __future__ import annotations

from zhike.kernel import clock

from . import deliver as _deliver


def deliver() -> _deliver.Report:
    """Deliver what waits in the outbox (every few seconds)."""
    return _deliver.run_once(clock.now())


def prune() -> int:
    """Forget old delivered events (daily)."""
    return _deliver.prune(clock.now())
