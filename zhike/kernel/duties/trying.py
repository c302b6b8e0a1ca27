"""What other limits in a manual would have meant for the duties of a period: how many, and how many late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from zhike.kernel.parties.held import holding
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import populations
from zhike.kernel.policy.check import limits
from zhike.kernel.policy.evaluate.phrases import filled
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.trials.database import Trial
from zhike.kernel.policy.trials.pairs import Pair
from zhike.kernel.worktime import calendars

from .models import Duty

MOST = 20_000  # duties whose dates are computed anew, the newest of them; figures of more are those of this sample
COUNTED = (Duty.State.OPEN, Duty.State.DONE)


@dataclass(frozen=True)
class Limit:
    """A limit as a duty carries it: what has to be done, under which clause, how long."""

    title: str
    clause: str
    text: str  # "" without a limit


@dataclass
class Moved:
    """One limit that becomes another: the duties that had it, and how many of those looked at were late and would be."""

    limit: Limit
    new: str
    count: int = 0
    looked: int = 0
    late_before: int = 0
    late_after: int = 0


def moved_limits(pair: Pair) -> dict[Limit, str]:
    """Limits that differ between the versions. One that depends on the case, or on another event, is left out."""
    found: dict[Limit, set[str | None]] = {}
    for old, new in limits.paired(pair.old, pair.new):
        if old is not None and new is not None and old.names_duty:
            before, event = _carried(old, pair.old)
            after, its_event = _carried(new, pair.new)
            found.setdefault(before, set()).add(after.text if event == its_event else None)
    return {
        limit: text
        for limit, texts in found.items()
        if len(texts) == 1 and (text := next(iter(texts))) is not None and text != limit.text
    }


def _carried(one: limits.Limit, manual: model.Manual) -> tuple[Limit, str | None]:
    """A limit of a manual as its duties carry it, and the event from which it runs."""
    due = filled(one.due, manual.params) if one.due else None
    if due is None or due.phrase.limit is None:
        return Limit(one.title, one.clause, ""), None
    return Limit(one.title, one.clause, calendars.text_of(due.phrase.limit)), due.phrase.event


def try_limits(trial: Trial, scope: Scope, now: dt.datetime) -> dict[str, Any] | None:
    """Figures as plain JSON; None where no limit differs."""
    found: dict[tuple[Limit, str], Moved] = {}
    versions = trial.versions()
    with holding():
        for pair in trial.pairs:
            if moved_to := moved_limits(pair):
                _look(_duties(trial, pair, scope, versions), moved_to, now, found)
    if not found:
        return None
    moved = sorted(found.values(), key=lambda one: -one.count)
    return {
        "duties": sum(one.count for one in moved),
        "looked": sum(one.looked for one in moved),
        "late_before": sum(one.late_before for one in moved),
        "late_after": sum(one.late_after for one in moved),
        "by": [
            {
                "title": one.limit.title,
                "clause": one.limit.clause,
                "old": one.limit.text,
                "new": one.new,
                "count": one.count,
                "looked": one.looked,
                "late_before": one.late_before,
                "late_after": one.late_after,
            }
            for one in moved
        ],
    }


def _duties(trial: Trial, pair: Pair, scope: Scope, versions: Sequence[int]) -> QuerySet[Duty]:
    rows = scope.rows(Duty.objects.all(), named=("owner",), secrecy="secrecy")
    for population in populations.known():
        if population.withheld is not None and scope.party is not None:
            gone = population.withheld(scope.party)
            rows = rows.exclude(subject_label=gone.model._meta.label, subject_id__in=gone.values("pk"))
    return rows.filter(
        version_id__in=versions,
        unit_id__in=sorted(pair.units),
        state__in=COUNTED,
        began_at__gte=trial.begin(trial.since),
        began_at__lt=trial.begin(trial.until),
    )


def _look(
    duties: QuerySet[Duty],
    moved_to: Mapping[Limit, str],
    now: dt.datetime,
    found: dict[tuple[Limit, str], Moved],
) -> None:
    for limit, text in moved_to.items():
        rows = duties.filter(Q(title=limit.title, clause=limit.clause, limit=limit.text))
        moved = found.setdefault((limit, text), Moved(limit, text))
        moved.count += rows.count()
        room = MOST - sum(one.looked for one in found.values())
        for duty in rows.order_by("-began_at", "-pk").prefetch_related("pauses")[: max(room, 0)]:
            moved.looked += 1
            stopped = duty.paused_at or duty.done_at or now
            moved.late_before += duty.due_at is not None and stopped > duty.due_at
            moved.late_after += bool(text) and stopped > _due(duty, text, now)


def _due(duty: Duty, limit: str, now: dt.datetime) -> dt.datetime:
    """When the duty would have been due, its pauses taken out as they were."""
    calendar = calendars.nearest(calendars.calendars(), tree().line(duty.unit_id))
    pauses = [(pause.since, pause.until or now) for pause in duty.pauses.all()]
    if not pauses:
        return calendars.due_at(calendar, duty.began_at, limit)
    return calendars.due(calendar, duty.began_at, limit, pauses).at
