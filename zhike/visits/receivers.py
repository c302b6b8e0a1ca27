"""What became of a request that a problem opened: its result is the answer to the customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhike.kernel.outbox import events

from . import actions
from .models import Problem


def settled(*, ids: dict[str, Any], at: dt.datetime, now: dt.datetime) -> None:
    """Who asked has passed the answer on: the problem is answered and its promise kept, at that moment."""
    problem = (
        Problem.objects.filter(request=ids["id"], state=Problem.State.OPEN).select_related("request").first()
    )
    if problem is not None and problem.request is not None:
        asked = problem.request
        actions.answer_problem(problem=problem, answer=asked.answer, by=asked.asked_by, now=at)


def listen() -> None:
    events.listen(events.REQUEST_SETTLED, settled, "visits")
