"""What the worker does: every regulation learns anew at night, or when somebody asks for it."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import IntegrityError
from django.utils import timezone
from django_q.tasks import async_task

from zhike.kernel import clock
from zhike.kernel.parties.models import Party
from zhike.people.models import business_day

from . import cases, training
from .models import SuggestModel

log = logging.getLogger("zhike.suggest")
TASK = "zhike.complaints.suggest.jobs.train_all"
NIGHT = range(2, 6)  # hours in which nobody waits for the worker


def train_all(
    key: str = "", by: int | None = None, take: bool = False, again: bool = False
) -> list[SuggestModel]:
    """Train one regulation or all; what was new. One that fails does not keep the others from learning."""
    now = clock.now()
    party = Party.objects.filter(pk=by).first() if by is not None else None
    found = []
    for one in [key] if key else cases.keys():
        try:
            row = training.train(key=one, by=party, now=now, take=take, again=again)
        except IntegrityError:
            log.warning("another training of %s was faster", one)
            continue
        if row is not None:
            found.append(row)
    return found


def ask(*, key: str, by: Party, take: bool = False) -> None:
    """Have the worker train one regulation now."""
    async_task(TASK, key=key, by=by.pk, take=take, again=True)


class Nightly:
    """Asks once a night. A second watch may ask too: with no new case there is nothing to learn."""

    def __init__(self) -> None:
        self.asked: dt.date | None = None

    def ask(self, now: dt.datetime) -> bool:
        if timezone.localtime(now).hour not in NIGHT or self.asked == business_day(now):
            return False
        self.asked = business_day(now)
        async_task(TASK)
        return True


NIGHTLY = Nightly()
