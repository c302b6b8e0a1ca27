"""The watch: looks at the duties whose moment has come, reminds and escalates as their manual says.

It takes rows by the index on `look_again_at`, in batches of one transaction; a batch that fails is split until
the bad row stands alone, which is pushed ahead and logged. Claiming is compare-and-set on `level`, so several
workers may run it at once and nothing happens twice. What was due stays due whenever the watch comes by.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.kernel.outbox import post
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import Tree, tree
from zhike.kernel.worktime import arithmetic, calendars

from . import escalation
from .models import Duty, Escalation

log = logging.getLogger(__name__)
BATCH = 300
REMINDED = gettext_noop("Due soon: %(title)s")
OVERDUE = gettext_noop("Overdue: %(title)s")


@dataclass
class Report:
    """What one run did."""

    looked: int = 0
    acted: int = 0
    failed: int = 0


@dataclass
class _Round:
    """What the rows of one run share: read once."""

    now: dt.datetime
    tree: Tree
    calendars: dict[int | None, arithmetic.Calendar]
    people: dict[tuple[str, str, int | None, int], Party | None]

    def calendar(self, unit: int) -> arithmetic.Calendar:
        return calendars.nearest(self.calendars, self.tree.line(unit))


def run(*, now: dt.datetime, batch: int = BATCH, limit: int | None = None) -> Report:
    """Handle every duty whose moment has come, earliest first, at most `limit` of them."""
    report = Report()
    around = _Round(now, tree(), calendars.calendars(), {})
    while limit is None or report.looked < limit:
        due = Duty.objects.filter(state=Duty.State.OPEN, look_again_at__lte=now).order_by("look_again_at")
        ids = list(due.values_list("pk", flat=True)[:batch])
        if not ids:
            break
        before = report.looked
        _handle(ids, around, report)
        if report.looked == before:
            break  # another worker holds all that is left
    return report


def _handle(ids: Sequence[int], around: _Round, report: Report) -> None:
    """One transaction for all rows; if it fails, each half on its own."""
    try:
        with transaction.atomic():
            rows = _claim(ids, around.now)
            acted = _act(rows, around)
    except Exception:
        if len(ids) > 1:
            half = len(ids) // 2
            _handle(ids[:half], around, report)
            _handle(ids[half:], around, report)
            return
        log.exception("duty %s could not be looked at", ids[0])
        _push_ahead(ids[0], around.now)
        report.looked += 1
        report.failed += 1
        return
    report.looked += len(rows)
    report.acted += acted


def _push_ahead(pk: int, now: dt.datetime) -> None:
    """A row that fails waits longer each time, at most a day, and stops nobody."""
    failures = Duty.objects.values_list("failures", flat=True).get(pk=pk)
    wait = min(dt.timedelta(minutes=5 * 2 ** min(failures, 9)), dt.timedelta(days=1))
    Duty.objects.filter(pk=pk).update(look_again_at=now + wait, failures=failures + 1)


def _act(rows: Sequence[Duty], around: _Round) -> int:
    """Carry out every level that is due for every row."""
    steps: list[tuple[Duty, escalation.Level, dt.datetime]] = []
    for duty in rows:
        calendar = around.calendar(duty.unit_id)
        levels = escalation.levels_of(duty)
        while duty.level < len(levels):
            due_since = escalation.moment_of(levels[duty.level], duty, calendar)
            if due_since > around.now:
                break
            steps.append((duty, levels[duty.level], due_since))
            duty.level += 1
        duty.look_again_at = escalation.next_look(duty, calendar, levels)
        duty.failures = 0
    Duty.objects.bulk_update(rows, ["level", "look_again_at", "failures"], batch_size=BATCH)
    targets = [_target(duty, level, around) for duty, level, _at in steps]
    Escalation.objects.bulk_create(
        [
            Escalation(
                duty=duty,
                level=level.level,
                at=around.now,
                due_since=due_since,
                action=level.action,
                target=target,
                clause=level.clause,
            )
            for (duty, level, due_since), target in zip(steps, targets, strict=True)
        ],
        ignore_conflicts=True,
    )
    post.notify_many(_notices(steps, targets, around))
    for (duty, level, _at), target in zip(steps, targets, strict=True):
        if level.action == "HAND_OVER" and target is not None and target.pk != duty.owner_id:
            Duty.objects.filter(pk=duty.pk, state=Duty.State.OPEN).update(owner=target, owner_post="")
    return len(steps)


def _claim(ids: Sequence[int], now: dt.datetime) -> list[Duty]:
    """The rows as they stand now, less those that were done or that another worker has taken meanwhile.

    On SQLite the lock is left out: its writers exclude each other from the start of the transaction.
    """
    return list(
        Duty.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=ids, state=Duty.State.OPEN, look_again_at__lte=now)
        .select_related("owner")
    )


def _target(duty: Duty, level: escalation.Level, around: _Round) -> Party | None:
    """The person that a level names: the owner, the superior, or the holder of a post."""
    if level.target in {"负责人", "owner"}:
        return duty.owner or _holder(duty.owner_post, duty, around)
    if level.target in {"上级", "superior"}:
        key = ("superior", "", duty.owner_id, duty.unit_id)
        if key not in around.people:
            around.people[key] = directory().superior_of(duty.owner_id, duty.unit_id, around.now)
        return around.people[key]
    return _holder(directory().post_code(level.target) or "", duty, around)


def _holder(code: str, duty: Duty, around: _Round) -> Party | None:
    if not code:
        return None
    key = ("post", code, None, duty.unit_id)
    if key not in around.people:
        holders = directory().holders_of(code, duty.unit_id, around.now)
        around.people[key] = holders[0] if holders else None
    return around.people[key]


def _notices(
    steps: Sequence[tuple[Duty, escalation.Level, dt.datetime]],
    targets: Sequence[Party | None],
    around: _Round,
) -> list[post.Notice]:
    return [
        post.Notice(
            to=target,
            kind="duty.soon" if level.level == 0 else "duty.overdue",
            title=(_(REMINDED) if level.level == 0 else _(OVERDUE)) % {"title": duty.title},
            body=duty.matter,
            subject_label=duty.subject_label,
            subject_id=duty.subject_id,
            at=around.now,
            clause=level.clause,
        )
        for (duty, level, _at), target in zip(steps, targets, strict=True)
        if target is not None
    ]
