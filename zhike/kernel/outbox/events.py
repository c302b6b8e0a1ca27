"""The kernel events, all of them, and who listens.

An event carries ids, never objects. Listeners run in a worker, each in a transaction of its own; what a listener
writes to the database happens once, whatever happens to the worker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

CASE_OPENED = "case_opened"
CASE_STAGE_ENTERED = "case_stage_entered"
CASE_HANDED_OVER = "case_handed_over"
CASE_CLOSED = "case_closed"
DUTY_OVERDUE = (
    "duty_overdue"  # {"levels": [{"id", "level", "action", "subject_label", "subject_id", "target"}]}
)
APPROVAL_DECIDED = "approval_decided"
REQUEST_ANSWERED = "request_answered"  # {"id", "subject_label", "subject_id"} of what the request was about
REQUEST_SETTLED = "request_settled"  # the same; who asked has said what came of it
CUSTOMER_VISITED = "customer_visited"  # {"interaction"} that says who was where and when

NAMES = frozenset(
    {
        CASE_OPENED,
        CASE_STAGE_ENTERED,
        CASE_HANDED_OVER,
        CASE_CLOSED,
        DUTY_OVERDUE,
        APPROVAL_DECIDED,
        REQUEST_ANSWERED,
        REQUEST_SETTLED,
        CUSTOMER_VISITED,
    }
)

# Called as fn(ids=..., at=moment of the event, now=moment of delivery).
Listener = Callable[..., None]
_listeners: dict[str, dict[str, Listener]] = {}


def listen(name: str, fn: Listener, app: str) -> None:
    """Let `fn` hear every event `name`, once for each app; called in `AppConfig.ready()`."""
    if name not in NAMES:
        raise ValueError(f"there is no kernel event {name!r}")
    _listeners.setdefault(name, {})[app] = fn


def listeners(name: str) -> dict[str, Listener]:
    """App label -> function, in the order of registration."""
    return dict(_listeners.get(name, {}))


def tell(fn: Listener, *, ids: dict[str, Any], at: dt.datetime, now: dt.datetime) -> None:
    fn(ids=ids, at=at, now=now)
