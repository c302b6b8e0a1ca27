"""What the watch does for the rows of one batch: which levels are due, who is meant, what is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import translation

from zhike.kernel.audit import trail
from zhike.kernel.outbox import events, post, wording
from zhike.kernel.parties import bulk
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import Tree
from zhike.kernel.worktime import arithmetic, calendars

from . import escalation
from .models import Duty, Escalation

OWNER = frozenset({"负责人", "owner"})
SUPERIOR = frozenset({"上级", "superior"})
# Levels that one event names at most: a listener works through them in one transaction.
EVENT_SIZE = 100
# What of a duty is read by the batch.
COLUMNS = (
    "subject_label",
    "subject_id",
    "title",
    "title_en",
    "matter",
    "unit_id",
    "secrecy",
    "owner_id",
    "owner_post",
    "began_at",
    "due_at",
    "version_id",
    "ruling_id",
    "level",
)


@dataclass
class Around:
    """What the rows of one run share, each read once."""

    now: dt.datetime
    tree: Tree
    calendars: Mapping[int | None, arithmetic.Calendar]
    ladders: escalation.Ladders = field(default_factory=escalation.Ladders)
    posts: dict[str, str] = field(default_factory=dict)
    superiors: dict[tuple[int | None, int], Party | None] = field(default_factory=dict)
    holders: dict[tuple[str, int], Party | None] = field(default_factory=dict)
    answerable: dict[tuple[str, int], Party | None] = field(default_factory=dict)
    parties: dict[int, Party] = field(default_factory=dict)
    _near: dict[int, arithmetic.Calendar] = field(default_factory=dict)

    def meet(self, parties: Iterable[int | None]) -> None:
        """Read the parties that have not been met before, with one question."""
        strangers = {party for party in parties if party is not None} - self.parties.keys()
        if strangers:
            self.parties |= Party.objects.in_bulk(strangers)

    def calendar(self, unit: int) -> arithmetic.Calendar:
        if unit not in self._near:
            self._near[unit] = calendars.nearest(self.calendars, self.tree.line(unit))
        return self._near[unit]

    def superior(self, party: int | None, unit: int) -> Party | None:
        if (party, unit) not in self.superiors:
            self.superiors[party, unit] = directory().superior_of(party, unit, self.now)
        return self.superiors[party, unit]

    def holder(self, code: str, unit: int) -> Party | None:
        if (code, unit) not in self.holders:
            found = directory().holders_of(code, unit, self.now) if code else []
            self.holders[code, unit] = found[0] if found else None
        return self.holders[code, unit]

    def answering(self, code: str, unit: int) -> Party | None:
        """Who answers for a post, held or not: what is owed reaches somebody."""
        if (code, unit) not in self.answerable:
            found = directory().answering(code, unit, self.now)
            self.answerable[code, unit] = found[0] if found else None
        return self.answerable[code, unit]

    def post(self, word: str) -> str:
        if word not in self.posts:
            self.posts[word] = directory().post_code(word) or ""
        return self.posts[word]


@dataclass(frozen=True)
class Step:
    """One level of one duty that is due: whom it names, and who owned the duty until then."""

    duty: Duty
    level: escalation.Level
    due_since: dt.datetime
    target: Party | None
    owner_id: int | None

    @property
    def hands_over(self) -> bool:
        return (
            self.level.action == "HAND_OVER" and self.target is not None and self.target.pk != self.owner_id
        )


def steps_of(rows: Sequence[Duty], around: Around) -> list[Step]:
    """Every level that is due, in order; the rows are moved on in memory (level, next look, owner).

    Levels that fell due one after another are carried out as if the watch had come by each time: who was handed
    the duty at one level is its owner at the next.
    """
    roles = _Roles(rows)
    around.meet(duty.owner_id for duty in rows)
    steps = []
    for duty in rows:
        calendar = around.calendar(duty.unit_id)
        levels = around.ladders.of(duty, calendar.tz)
        while duty.level < len(levels):
            level = levels[duty.level]
            due_since = escalation.moment_of(level, duty, calendar)
            if due_since > around.now:
                break
            step = Step(duty, level, due_since, _target(duty, level, around, roles), duty.owner_id)
            steps.append(step)
            if step.hands_over:
                duty.owner, duty.owner_post = step.target, ""
            duty.level += 1
        duty.look_again_at = escalation.next_look(duty, calendar, levels)
    return steps


class _Roles:
    """Who plays the roles of the cases of a batch, read only when a level names a role."""

    def __init__(self, rows: Sequence[Duty]) -> None:
        self._rows = rows
        self._read: dict[str, Mapping[int, Mapping[str, Party | None]]] = {}

    def player(self, duty: Duty, word: str) -> Party | None:
        label = duty.subject_label
        if label not in self._read:
            read = escalation.roles_of(label)
            ids = {row.subject_id for row in self._rows if row.subject_label == label}
            self._read[label] = read(ids) if read is not None else {}
        return self._read[label].get(duty.subject_id, {}).get(word)


def _target(duty: Duty, level: escalation.Level, around: Around, roles: _Roles) -> Party | None:
    """The person that a level names, but not who is barred from the case: then the superior of that one."""
    found = _named(duty, level, around, roles)
    barred = roles.player(duty, escalation.BARRED)
    if found is None or barred is None or found.pk != barred.pk:
        return found
    higher = around.superior(found.pk, duty.unit_id)
    return higher if higher is not None and higher.pk != barred.pk else None


def _named(duty: Duty, level: escalation.Level, around: Around, roles: _Roles) -> Party | None:
    """The person that a level names: the owner, the superior, who plays a role, or the holder of a post.

    A post that nobody holds, or that the owner holds, goes to the superior: an escalation reaches somebody else.
    """
    if level.target in OWNER:
        if duty.owner_id is not None:
            around.meet([duty.owner_id])
            return around.parties[duty.owner_id]
        return around.answering(duty.owner_post, duty.unit_id)
    if level.target not in SUPERIOR:
        code = around.post(level.target)
        found = around.holder(code, duty.unit_id) if code else roles.player(duty, level.target)
        if found is not None and (found.pk != duty.owner_id or level.level == 0):
            return found
    return around.superior(duty.owner_id, duty.unit_id)


def write(steps: Sequence[Step], around: Around) -> None:
    """Rows of the levels carried out, a message to each person meant, events for levels above the warning."""
    if not steps:
        return
    bulk.insert(
        Escalation,
        [
            {
                "duty_id": step.duty.pk,
                "level": step.level.level,
                "due_since": step.due_since,
                "action": step.level.action,
                "target_id": step.target.pk if step.target else None,
                "clause": step.level.clause,
            }
            for step in steps
        ],
        fixed={"at": around.now},
        ignore_conflicts=True,
    )
    with translation.override(settings.LANGUAGE_CODE):
        post.notify_many(_notices(steps, around.now))
    overdue = [_ids(step) for step in steps if step.level.level > 0]
    chunks = [overdue[start : start + EVENT_SIZE] for start in range(0, len(overdue), EVENT_SIZE)]
    post.emit_many(events.DUTY_OVERDUE, [{"levels": chunk} for chunk in chunks], at=around.now)
    for step in steps:
        if step.hands_over:
            _hand_over(step, around.now)


def _ids(step: Step) -> dict[str, object]:
    duty = step.duty
    return {
        "id": duty.pk,
        "level": step.level.level,
        "action": step.level.action,
        "subject_label": duty.subject_label,
        "subject_id": duty.subject_id,
        "target": step.target.pk if step.target else None,
    }


def _notices(steps: Sequence[Step], now: dt.datetime) -> list[post.Notice]:
    """One message for each step that reaches somebody; equal sentences are made once."""
    said: dict[tuple[str, str, str], tuple[str, dict[str, str]]] = {}
    notices = []
    for step in steps:
        duty = step.duty
        kind = "duty.soon" if step.level.level == 0 else "duty.overdue"
        key = (kind, duty.title, duty.title_en)
        if key not in said:
            params = {"title": duty.title, "title_en": duty.title_en}
            said[key] = wording.sentence(kind, params), params
        if step.target is not None:
            notices.append(_notice(step, step.target, kind, *said[key], now))
    return notices


def _notice(
    step: Step, to: Party, kind: str, title: str, params: dict[str, str], now: dt.datetime
) -> post.Notice:
    duty = step.duty
    return post.Notice(
        to=to,
        kind=kind,
        title=title,
        params=params,
        body=duty.matter,
        subject_label=duty.subject_label,
        subject_id=duty.subject_id,
        unit_id=duty.unit_id,
        at=now,
        clause=step.level.clause,
    )


def _hand_over(step: Step, now: dt.datetime) -> None:
    duty = step.duty
    Duty.objects.filter(pk=duty.pk).update(owner=step.target, owner_post="")
    trail.record(
        "duties.handed_over",
        subject=duty,
        by=None,
        at=now,
        clause=step.level.clause,
        ruling=duty.ruling_id,
        before={"owner": step.owner_id},
        after={"owner": step.target.pk if step.target else None, "level": step.level.level},
        unit_id=duty.unit_id,
        secrecy=duty.secrecy,
    )
