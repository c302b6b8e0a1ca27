"""Drafts: a change of a regulation begins, is saved bit by bit, and is handed in or dropped (S001-046).

A draft is one row of text beside the published versions. Nothing here touches a version, an installation or a
ruling, so whatever is written in a draft, cases run on under the text that is in force.

Saves are many and small. The trail has one row for each sitting: it is written where another person goes on with
the draft, or the same person after a break; what became of the text is in the row of handing in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.editing import excel, grids
from zhike.kernel.policy.editing.workbooks import Problem
from zhike.kernel.policy.manual.blocks import unify
from zhike.kernel.policy.manual.model import Finding, Level
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import queries
from zhike.manuals.models import Revision
from zhike.people.models import business_day

from ._front import front_value, with_front

SITTING = dt.timedelta(minutes=10)  # a longer break begins another one
MOST_TEXT = 2_000_000
# lines of the front matter that are not typed, and why
_FIXED = {
    "manual": gettext_noop("The line “manual” names the regulation and stays “%(now)s”."),
    "version": gettext_noop("The number of the version is given by the system and stays “%(now)s”."),
    "effective": gettext_noop(
        "The day from which it holds is set beside the text; the line stays “%(now)s”."
    ),
}


class CannotDraft(Exception):
    """No draft can begin; `open` is the one that stands in the way, if any."""

    def __init__(self, message: str, open: Revision | None = None) -> None:
        super().__init__(message)
        self.open = open


class CannotSave(Exception):
    """What was sent cannot be saved; the draft is as it was."""


class SavedMeanwhile(CannotSave):
    """Somebody else saved since the page was read; `now` is the draft as it stands."""

    def __init__(self, now: Revision) -> None:
        self.now = now
        super().__init__(
            _("%(name)s saved this draft at %(time)s, after you opened it. What you typed is still here.")
            % {"name": now.saved_by.name, "time": _clock(now.saved_at)}
        )


class CannotMerge(CannotSave):
    """A workbook that cannot be taken, with the address of every cell that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_("The workbook was not taken. The draft is as it was."))
        self.problems = tuple(replace(one, message=queries.said(one.message)) for one in problems)


@transaction.atomic
def begin(*, key: str, by: Party, now: dt.datetime, values: Mapping[str, str] | None = None) -> Revision:
    """A draft of the next version, from the newest published one. Raises CannotDraft.

    `values` are parameters that the draft begins with, as tried in a what-if.
    """
    base = queries.newest(key)
    if base is None:
        raise CannotDraft(_("No version of the manual “%(key)s” has been published.") % {"key": key})
    latest = ManualVersion.objects.filter(key=key).aggregate(n=Max("number"))["n"]
    # without a day of its own the new version holds from its issue (R002-033)
    text = with_front(base.text, version=str(latest + 1), effective=None)
    for name, value in (values or {}).items():
        text = grids.with_value(text, name, value)
    return _begin(key=key, base=base, text=text, by=by, now=now)


@transaction.atomic
def begin_new(
    *,
    text: str,
    by: Party,
    now: dt.datetime,
    title: str = "",
    key: str = "",
    install_at: Unit | None = None,
) -> Revision:
    """A draft of a manual that does not exist yet. Raises CannotDraft.

    Title and key are taken from the text where it has them; a key is invented where nobody gave one. `install_at`
    works by it as soon as it is published.
    """
    _refuse_length(text, CannotDraft)
    name = (key.strip() or front_value(text, "manual") or _free_key()).lower()
    if not all(part.isalnum() and part.isascii() for part in name.split("-")) or len(name) > 80:
        raise CannotDraft(
            _(
                "“%(key)s” cannot name a manual. Use small letters, figures and hyphens, such as mall-complaints."
            )
            % {"key": name[:80]}
        )
    if ManualVersion.objects.filter(key=name).exists():
        raise CannotDraft(
            _("There is a manual “%(key)s” already. Open it and revise it, or choose another name.")
            % {"key": name}
        )
    heading = title.strip() or front_value(text, "title")
    if not heading:
        raise CannotDraft(_("Give the regulation a title."))
    return _begin(
        key=name, base=None, text=new_text(text, name, heading), by=by, now=now, install_at=install_at
    )


def new_text(text: str, key: str, title: str) -> str:
    """A text with the front matter that a first version needs; an empty one with its first clause."""
    body = text if text.strip() else f"# {title}\n\n## 第一条 目的\n\n"
    return with_front(body, manual=key, title=title, version="1", effective=None)


@transaction.atomic
def save_text(*, revision: Revision, seen: int, text: str, by: Party, now: dt.datetime) -> Revision:
    """Save the whole text. Raises CannotSave, SavedMeanwhile.

    The lines of the front matter that say which manual, which version and from when are not typed.
    """
    _refuse_length(text, CannotSave)
    for name, why in _FIXED.items():
        if front_value(text, name) != front_value(revision.text, name):
            raise CannotSave(_(why) % {"now": front_value(revision.text, name) or "-"})
    return _write(revision, seen, by, now, text=unify(text))


@transaction.atomic
def save_table(
    *,
    revision: Revision,
    seen: int,
    line: int,
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    by: Party,
    now: dt.datetime,
) -> Revision:
    """Write one table over its lines, and nothing else. Raises CannotSave, SavedMeanwhile."""
    if seen != revision.revision:  # its lines may be others by now
        raise _refused(revision)
    return _write(revision, seen, by, now, text=spliced(revision.text, line, labels, rows))


def spliced(text: str, line: int, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The text with a table exchanged. Raises CannotSave."""
    try:
        return grids.with_table(text, line, labels, rows)
    except grids.NoSuchTable as gone:
        raise CannotSave(_("This table is not in the text any more. Load the page again.")) from gone


@transaction.atomic
def save_prose(
    *, revision: Revision, seen: int, first: int, last: int, prose: str, by: Party, now: dt.datetime
) -> Revision:
    """Write a passage between two tables over its lines (`first` to `last`). Raises CannotSave, SavedMeanwhile."""
    if seen != revision.revision:
        raise _refused(revision)
    lines = revision.text.split("\n")
    if not 1 <= first <= last + 1 <= len(lines) + 1:
        raise CannotSave(_("This passage is not in the text any more. Load the page again."))
    lines[first - 1 : last] = unify(prose).strip("\n").split("\n")
    return save_text(revision=revision, seen=seen, text="\n".join(lines), by=by, now=now)


@transaction.atomic
def add_example(
    *, revision: Revision, seen: int, table: str, cells: Mapping[str, str], by: Party, now: dt.datetime
) -> Revision:
    """Add an example to a decision table, by label of column. Raises CannotSave, SavedMeanwhile."""
    found = grids.grids_of(revision.text)
    examples = next((grid for grid in found if grid.kind == "examples" and grid.name == table), None)
    if examples is not None:
        labels = [column.label for column in examples.columns]
        rows = [*examples.rows, tuple(cells.get(label, "") for label in labels)]
        text = grids.with_table(revision.text, examples.line, labels, rows)
    else:
        decision = next((grid for grid in found if grid.kind == "decision" and grid.name == table), None)
        if decision is None:
            raise CannotSave(_("There is no decision table “%(table)s” in the text.") % {"table": table})
        labels = [column.label for column in decision.columns if column.role in {"input", "outcome"}]
        block = grids.written(labels, [[cells.get(label, "") for label in labels]])
        lines = revision.text.split("\n")
        lines[decision.last : decision.last] = ["", f"@示例 {table}", "", *block]
        text = "\n".join(lines)
    return _write(revision, seen, by, now, text=text)


@transaction.atomic
def merge_workbook(*, revision: Revision, seen: int, data: bytes, by: Party, now: dt.datetime) -> list[str]:
    """Take the tables of a workbook back in; the names of those that changed. Raises CannotMerge, SavedMeanwhile."""
    merged = excel.from_workbook(data, revision.text, key=revision.key, version=workbook_version(revision))
    if merged.problems:
        raise CannotMerge(merged.problems)
    if merged.changed:
        _write(revision, seen, by, now, sitting=False, text=merged.text)
        _record("draft_merged", revision, by, now, tables=list(merged.changed))
    return list(merged.changed)


def workbook_version(revision: Revision) -> str:
    """What a workbook carries, so that one of another version is not merged by mistake."""
    return front_value(revision.text, "version")


@transaction.atomic
def set_day(*, revision: Revision, seen: int, day: dt.date | None, by: Party, now: dt.datetime) -> Revision:
    """From which day the change is to hold; None: from its issue (R002-033). Raises CannotSave, SavedMeanwhile."""
    if day is not None and day < business_day(now):
        raise CannotSave(
            _(
                "%(day)s lies in the past: cases that began since then are ruled already. Choose today or later."
            )
            % {"day": day.isoformat()}
        )
    text = with_front(revision.text, effective=day.isoformat() if day else None)
    return _write(revision, seen, by, now, text=text, effective_on=day)


def may_be_accepted(finding: Finding) -> bool:
    """What the text leaves open on purpose may stay. An error may not: a table that contradicts itself rules nothing."""
    return finding.level is Level.GAP


@transaction.atomic
def accept(
    *, revision: Revision, seen: int, finding: Finding, reason: str, by: Party, now: dt.datetime
) -> Revision:
    """Leave a gap open by name and with a reason. Raises CannotSave, SavedMeanwhile."""
    if not may_be_accepted(finding):
        raise CannotSave(_("An error cannot be accepted; the table has to be put right."))
    if not reason.strip():
        raise CannotSave(_("Write why this may stay open."))
    row = {
        "table": finding.table,
        "message": finding.message,
        "reason": reason.strip()[:400],
        "by": by.pk,
        "name": by.name,
        "at": now.isoformat(),
    }
    kept = [*_without(revision, finding.table, finding.message), row]
    _write(revision, seen, by, now, sitting=False, accepted=kept)
    _record("gap_accepted", revision, by, now, **{k: row[k] for k in ("table", "message", "reason")})
    return revision


@transaction.atomic
def take_back(
    *, revision: Revision, seen: int, table: str, message: str, by: Party, now: dt.datetime
) -> Revision:
    """Undo the acceptance of a gap. Raises CannotSave, SavedMeanwhile."""
    kept = _without(revision, table, message)
    if len(kept) == len(revision.accepted):
        raise CannotSave(_("This was not accepted, or somebody took it back already."))
    _write(revision, seen, by, now, sitting=False, accepted=kept)
    _record("gap_reopened", revision, by, now, table=table, message=message)
    return revision


@transaction.atomic
def drop(*, revision: Revision, seen: int, by: Party, now: dt.datetime) -> Revision:
    """Give a draft up; its text is kept and another may begin. Raises CannotSave, SavedMeanwhile."""
    _write(revision, seen, by, now, sitting=False, state=Revision.State.DROPPED)
    _record("draft_dropped", revision, by, now, key=revision.key)
    return revision


def _begin(
    *,
    key: str,
    base: ManualVersion | None,
    text: str,
    by: Party,
    now: dt.datetime,
    install_at: Unit | None = None,
) -> Revision:
    try:
        with transaction.atomic():
            revision = Revision.objects.create(
                key=key, base=base, text=text, install_at=install_at, prepared_by=by, prepared_at=now,
                saved_by=by, saved_at=now,
            )  # fmt: skip
    except IntegrityError as taken:
        other = Revision.objects.select_related("saved_by").get(key=key, unit=None, state__in=Revision.OPEN)
        sentence = (
            _("This manual is under review already, handed in by %(name)s.")
            if other.state == Revision.State.ASKED
            else _("%(name)s has a draft of this manual open, last saved %(time)s. One is written at a time.")
        )
        raise CannotDraft(
            sentence % {"name": other.saved_by.name, "time": _day_and_clock(other.saved_at)}, other
        ) from taken
    _record("draft_begun", revision, by, now, key=key, base=base.number if base else None)
    return revision


def _write(
    revision: Revision, seen: int, by: Party, now: dt.datetime, *, sitting: bool = True, **values: Any
) -> Revision:
    """Compare and set on what the page saw. The row of the trail of a sitting, unless the caller writes its own."""
    changed = Revision.objects.filter(
        pk=revision.pk, unit=None, revision=seen, state=Revision.State.DRAFT
    ).update(**values, revision=F("revision") + 1, saved_by=by, saved_at=now)
    if not changed:
        raise _refused(revision)
    begins = revision.saved_by_id != by.pk or now - revision.saved_at > SITTING
    revision.refresh_from_db()
    if sitting and begins:
        _record("draft_saved", revision, by, now, save=revision.revision)
    return revision


def _refused(revision: Revision) -> CannotSave:
    now = Revision.objects.select_related("saved_by").get(pk=revision.pk)
    if now.state == Revision.State.DRAFT:
        return SavedMeanwhile(now)
    return CannotSave(
        _("This draft cannot be changed any more: %(state)s.") % {"state": now.get_state_display()}
    )


def _without(revision: Revision, table: str, message: str) -> list[dict[str, Any]]:
    return [row for row in revision.accepted if (row["table"], row["message"]) != (table, message)]


def _record(verb: str, revision: Revision, by: Party, now: dt.datetime, **after: Any) -> None:
    trail.record(f"manuals.{verb}", subject=revision, by=by, at=now, after=after)


def _refuse_length(text: str, refusal: type[Exception]) -> None:
    if len(text) > MOST_TEXT:
        raise refusal(_("The text is too long: at most %(most)d characters.") % {"most": MOST_TEXT})


def _free_key() -> str:
    taken = {
        *Revision.objects.values_list("key", flat=True),
        *ManualVersion.objects.values_list("key", flat=True),
    }
    return next(key for n in range(1, len(taken) + 2) if (key := f"house-{n}") not in taken)


def _clock(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def _day_and_clock(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
