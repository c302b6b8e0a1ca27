"""Grading and valuing all customers as a job that says how far it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from zhike.customers.models import Run
from zhike.kernel import clock
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.worktime import calendars

from . import actions, queries
from .dimensions import DIMENSIONS

TASK = "zhike.customers.grading.jobs.work"
SILENT = dt.timedelta(minutes=30)  # after which a run counts as given up


class CannotRun(Exception):
    """The job is not begun; the message is one sentence."""


@transaction.atomic
def begin(*, kind: str, unit: Unit, by: Party | None, now: dt.datetime, dimension: str = "") -> Run:
    """Put the job in the queue. Of one kind and unit only one waits or runs. Raises CannotRun."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two who begin at once follow each other
    open_ones = Run.objects.filter(
        kind=kind, unit=unit, state__in=(Run.State.WAITING, Run.State.RUNNING), at__gt=now - SILENT
    )
    if open_ones.exists():
        raise CannotRun(_("This is being worked out already."))
    run = Run.objects.create(kind=kind, unit=unit, dimension=dimension, by=by, at=now)
    transaction.on_commit(lambda: async_task(TASK, run.pk, q_options={"group": "customers", "save": False}))
    return run


def work(pk: int) -> None:
    """What the worker does. A run that somebody else has taken is left alone."""
    if not Run.objects.filter(pk=pk, state=Run.State.WAITING).update(state=Run.State.RUNNING):
        return
    run = Run.objects.select_related("unit", "by").get(pk=pk)
    try:
        result = carry_out(run, clock.now())
    except Exception as trouble:
        _end(pk, Run.State.FAILED, error=f"{type(trouble).__name__}: {trouble}"[:300])
        raise
    _end(pk, Run.State.DONE, result=result, percent=100)


def carry_out(run: Run, now: dt.datetime) -> dict[str, Any]:
    """The figures of the job, as plain JSON."""
    assert run.unit is not None

    def tell(percent: int) -> None:
        Run.objects.filter(pk=run.pk).update(percent=min(percent, 99))

    if run.kind == Run.Kind.VALUE:
        found = actions.value_all(unit=run.unit, now=now, by=run.by, tell=tell)
        return vars(found)
    return regrade_here(run.unit, now, run.by, run.dimension, tell)


def regrade_here(
    unit: Unit,
    now: dt.datetime,
    by: Party | None,
    dimension: str = "",
    tell: actions.Tell = lambda percent: None,
) -> dict[str, Any]:
    """One dimension, or every one that a manual rules on somewhere at the unit or below."""
    codes = [dimension] if dimension else ruled_on(unit, now)
    done: dict[str, Any] = {}
    for place, code in enumerate(codes):
        found = actions.regrade_many(
            dimension=code,
            now=now,
            by=by,
            unit=unit,
            tell=lambda percent, place=place: tell((100 * place + percent) // len(codes)),  # type: ignore[misc]
        )
        done[code] = {"customers": found.customers, "changed": found.changed}
    return done


def ruled_on(unit: Unit, now: dt.datetime) -> list[str]:
    """The dimensions that a manual in force at the unit or below rules on."""
    places = [(place, calendars.local_day(now, place)) for place in sorted(queries.units_below(unit))]
    return [
        one.code
        for one in DIMENSIONS.values()
        if any(queries.answer_for(one, place, day) is not None for place, day in places)
    ]


def _end(pk: int, state: str, **columns: Any) -> None:
    Run.objects.filter(pk=pk).update(state=state, ended_at=clock.now(), **columns)
