"""A back-test at work: what is tried, in whose reach, by a worker that says how far it has come."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.duties.trying import try_limits
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import NAMED_ONLY, Scope
from zhike.kernel.policy import populations
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.policy.trials import pairs
from zhike.kernel.policy.trials.database import Trial, tables_of, try_out
from zhike.kernel.worktime import calendars
from zhike.people.models import business_day

from .models import Backtest, Revision
from .replaced import compared_on, values_before

TASK = "zhike.manuals.trying.work_out"
SMALL = 20_000  # cases that are tried while one waits
SILENT = dt.timedelta(minutes=12)  # after which a trial counts as given up; the queue brings it again before


class CannotTry(Exception):
    """There is nothing to try; the message is one sentence."""


# --- reach: whose cases were counted


def reach_of(scope: Scope) -> dict[str, Any]:
    """What figures in this scope are made of: units and secrecy, and the person only where some rows are withheld.

    Rows that one sees for being named on them are left out, so that people of equal reach share their figures.
    """
    party = scope.party
    hidden = party is not None and any(
        one.withheld(party).exists() for one in populations.known() if one.withheld is not None
    )
    units = None if scope.units is None else sorted(scope.units)
    return {"units": units, "secrecy": min(scope.secrecy, NAMED_ONLY - 1), "party": party if hidden else None}


def scope_in(reach: dict[str, Any]) -> Scope:
    units = None if reach["units"] is None else frozenset(reach["units"])
    return Scope(party=reach["party"], units=units, secrecy=reach["secrecy"])


def covers(mine: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether everything that was counted there is mine to see."""
    if mine == other:
        return True
    if mine["party"] is not None or other["party"] is not None or other["secrecy"] > mine["secrecy"]:
        return False
    return mine["units"] is None or (other["units"] is not None and set(other["units"]) <= set(mine["units"]))


# --- what is tried


def trial_of_revision(revision: Revision, since: dt.date, until: dt.date, today: dt.date) -> Trial:
    """Raises CannotTry for a new manual, which has no version to be compared with."""
    if revision.base is None:
        raise CannotTry(_("A new regulation has no earlier version to compare with."))
    if revision.unit_id is None:
        both = pairs.of_text(revision.base, revision.text, today)
    else:
        both = pairs.of_values(
            revision.base,
            revision.unit_id,
            revision.values,
            compared_on(revision, today),
            before=values_before(revision, today),
        )
    return _trial(revision.key, both, since, until, today)


def trial_of_values(
    version: ManualVersion,
    unit: Unit | None,
    values: dict[str, str],
    since: dt.date,
    until: dt.date,
    today: dt.date,
) -> Trial:
    """Other values of figures, tried without a draft; of the manual itself where no unit is named."""
    if unit is not None:
        rows = pairs.values_now(version, unit.pk, today)
        values = {**rows, **values}
    both = pairs.of_values(version, unit.pk if unit else None, values, today)
    return _trial(version.key, both, since, until, today)


def _trial(key: str, both: list[pairs.Pair], since: dt.date, until: dt.date, today: dt.date) -> Trial:
    if not both:
        raise CannotTry(_("Nothing would change: no unit would work by other figures."))
    place = min((unit for pair in both for unit in pair.units), default=0)
    return Trial(key, both, since, until, today, zone=calendars.calendar_for(place).zone)


def trial_of(row: Backtest, today: dt.date) -> Trial:
    if row.revision is not None:
        return trial_of_revision(row.revision, row.since, row.until, today)
    assert row.version is not None
    return trial_of_values(row.version, row.unit, row.values, row.since, row.until, today)


def is_small(trial: Trial, scope: Scope) -> bool:
    """Whether the cases are few enough to be tried while one waits; counted no further than that."""
    tables, _passed_over = tables_of(trial)
    left = SMALL
    for population in {id(table.population): table.population for table in tables}.values():
        left -= trial.cases(population, scope).order_by()[: left + 1].count()
        if left < 0:
            return False
    return True


def tried(
    trial: Trial, reach: dict[str, Any], now: dt.datetime, tell: Callable[[int], None] = lambda percent: None
) -> dict[str, Any]:
    """Figures of cases and of limits, of what this reach sees."""
    return tried_by(trial, scope_in(reach), now, tell)


def tried_by(
    trial: Trial, scope: Scope, now: dt.datetime, tell: Callable[[int], None] = lambda percent: None
) -> dict[str, Any]:
    begun = time.perf_counter()
    result = try_out(trial, scope, tell)
    result["limits"] = try_limits(trial, scope, now)
    result["seconds"] = round(time.perf_counter() - begun, 2)
    return result


# --- the worker


def work_out(pk: int) -> None:
    """What the worker does. Of two workers one works; the trial of one that fell silent is taken up again."""
    now = clock.now()
    free = Q(state=Backtest.State.WAITING) | Q(state=Backtest.State.RUNNING, beat_at__lt=now - SILENT)
    mine = Backtest.objects.filter(free, pk=pk)
    if not mine.update(state=Backtest.State.RUNNING, beat_at=now, progress=0):
        return
    row = Backtest.objects.select_related("revision__base", "version", "unit", "asked_by").get(pk=pk)

    def tell(percent: int) -> None:
        running = Backtest.objects.filter(pk=pk, state=Backtest.State.RUNNING)
        running.update(progress=min(percent, 99), beat_at=clock.now())

    begun = time.perf_counter()
    try:
        trial = trial_of(row, business_day(now))
        result = tried(trial, row.reach, now, tell)
    except CannotTry as why:
        _end(pk, problem=str(why))
    except Exception:
        _end(pk, problem=_("The trial broke off. An administrator finds the reason in the log."))
        raise
    else:
        _end(pk, result=result, seconds=time.perf_counter() - begun)


def _end(
    pk: int, *, result: dict[str, Any] | None = None, problem: str = "", seconds: float | None = None
) -> None:
    Backtest.objects.filter(pk=pk, state=Backtest.State.RUNNING).update(
        state=Backtest.State.FAILED if problem else Backtest.State.DONE,
        result=result or {},
        problem=problem[:400],
        seconds=seconds,
        progress=0 if problem else 100,
        done_at=clock.now(),
    )


def given_up(row: Backtest, now: dt.datetime) -> bool:
    """Whether nothing has been heard of it for so long that it may be asked for again."""
    since = row.beat_at or row.asked_at
    return row.state in {Backtest.State.WAITING, Backtest.State.RUNNING} and now - since > SILENT
