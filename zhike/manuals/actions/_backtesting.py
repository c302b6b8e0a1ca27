"""Asking what a change would have meant for cases of the past."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import reach, trying
from zhike.manuals.models import Backtest, Revision
from zhike.people.models import business_day
from zhike.people.standing import standing_of

LONGEST = 20  # years


class CannotBacktest(Exception):
    """The period is none, the change compares with nothing, or the person may see no cases."""


def ask_backtest(
    *, revision: Revision, since: dt.date, until: dt.date, by: Party, now: dt.datetime
) -> Backtest:
    """Try a draft on the cases of a period, as far as the person may see them: few at once, many by the worker.

    Asked again while the same is under way, it gives that one. Raises CannotBacktest.
    """
    _check_period(since, until)
    row = Backtest(revision=revision, seen=revision.revision, since=since, until=until)
    try:
        trial = trying.trial_of_revision(revision, since, until, business_day(now))
    except trying.CannotTry as why:
        raise CannotBacktest(str(why)) from why
    return _ask(row, trial, by, now, subject=revision)


def ask_whatif(
    *,
    version: ManualVersion,
    values: dict[str, str],
    unit: Unit | None,
    since: dt.date,
    until: dt.date,
    by: Party,
    now: dt.datetime,
) -> Backtest:
    """The same for other values of figures, without a draft. Raises CannotBacktest."""
    _check_period(since, until)
    row = Backtest(version=version, unit=unit, values=values, since=since, until=until)
    try:
        trial = trying.trial_of_values(version, unit, values, since, until, business_day(now))
    except trying.CannotTry as why:
        raise CannotBacktest(str(why)) from why
    return _ask(row, trial, by, now, subject=version)


def _check_period(since: dt.date, until: dt.date) -> None:
    if until <= since:
        raise CannotBacktest(_("The period ends before it begins."))
    if until.year - since.year > LONGEST:
        raise CannotBacktest(_("The period is longer than %(years)d years.") % {"years": LONGEST})


def _ask(row: Backtest, trial: Any, by: Party, now: dt.datetime, *, subject: Any) -> Backtest:
    scope = reach.of(standing_of(by.pk, now), *(pair.new for pair in trial.pairs))
    if scope.units is not None and not scope.units:
        raise CannotBacktest(_("You may see no cases, so there is nothing to count for you."))
    row.reach = trying.reach_of(scope)
    row.asked_by, row.asked_at = by, now
    running = _running(row, now)
    if running is not None:
        return running
    small = trying.is_small(trial, trying.scope_in(row.reach))
    with transaction.atomic():
        row.save()
        trail.record(
            "manuals.backtest_asked",
            subject=subject,
            by=by,
            at=now,
            after={"since": row.since, "until": row.until, "values": row.values},
        )
        if not small:
            async_task(trying.TASK, row.pk, q_options={"group": "backtest", "save": False})
    if small:
        trying.work_out(row.pk)
        row.refresh_from_db()
    return row


def _running(row: Backtest, now: dt.datetime) -> Backtest | None:
    """The same trial while somebody's worker is at it."""
    waiting = Backtest.objects.filter(
        revision=row.revision,
        version=row.version,
        unit=row.unit,
        seen=row.seen,
        since=row.since,
        until=row.until,
        state__in=[Backtest.State.WAITING, Backtest.State.RUNNING],
    )
    same = (one for one in waiting if (one.reach, one.values) == (row.reach, row.values))
    return next((one for one in same if not trying.given_up(one, now)), None)


def take_up_again(*, backtest: Backtest, now: dt.datetime) -> None:
    """Give a trial to the worker again of which nothing is heard any more."""
    if trying.given_up(backtest, now):
        async_task(trying.TASK, backtest.pk, q_options={"group": "backtest", "save": False})
