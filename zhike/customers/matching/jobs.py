"""The search for duplicates as the worker does it: when somebody asks, and once a night."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max
from django.utils import timezone
from django_q.tasks import async_task

from zhike.kernel import clock
from zhike.kernel.parties.models import Party

from .models import Sweep

TASK = "zhike.customers.matching.jobs.run"
EVERY = dt.timedelta(hours=20)
NIGHT = range(2, 6)  # hours in which nobody waits for the worker


def ask(*, by: Party | None) -> None:
    """Have the worker look through all files now."""
    async_task(TASK, by.pk if by is not None else None, q_options={"group": "sweep", "save": False})


def ask_at_night(now: dt.datetime) -> bool:
    """To be called by the watch: once a night."""
    if timezone.localtime(now).hour not in NIGHT:
        return False
    last = Sweep.objects.aggregate(at=Max("started_at"))["at"]
    if last is not None and now - last < EVERY:
        return False
    ask(by=None)
    return True


def run(by: int | None = None) -> None:
    """What the worker does."""
    from . import sweep  # loads numpy, which the pages do without

    sweep.look(by=Party.objects.filter(pk=by).first() if by is not None else None, now=clock.now())
