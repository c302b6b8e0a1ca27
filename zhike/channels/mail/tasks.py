"""What the watch and the worker call by the clock."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django_q.tasks import async_task

from zhike.kernel import clock

from . import fetching
from .models import Mailbox

FORGOTTEN = dt.timedelta(minutes=15)  # a job that was asked for and never ran is asked for again


def plan() -> int:
    """Put a job into the queue for every active mailbox that has none; how many. Called every minute."""
    now = clock.now()
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    unasked = Q(asked_at=None) | Q(asked_at__lt=now - FORGOTTEN)
    rows = Mailbox.objects.filter(free, unasked, is_active=True).values_list("pk", flat=True)
    return sum(ask(pk, now) for pk in rows)


def ask(pk: int, now: dt.datetime) -> bool:
    """Put a job for this mailbox into the queue, unless one waits there."""
    unasked = Q(asked_at=None) | Q(asked_at__lt=now - FORGOTTEN)
    if not Mailbox.objects.filter(unasked, pk=pk).update(asked_at=now):
        return False
    async_task("zhike.channels.mail.tasks.fetch", pk, q_options={"group": "mail", "save": False})
    return True


def fetch(pk: int) -> None:
    """The job: one run over one mailbox; what is left waits for the next."""
    mailbox = Mailbox.objects.filter(pk=pk, is_active=True).first()
    if mailbox is not None:
        fetching.run(mailbox, clock.now)
