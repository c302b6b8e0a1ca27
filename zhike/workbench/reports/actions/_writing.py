"""A report is written, submitted when nothing is missing, adjusted with a reason, commented by the leader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.people.models import in_language
from zhike.workbench.reports import regulation
from zhike.workbench.reports.models import Gap, Measure, Report, Version

from ._opening import duty_kind


class CannotWrite(Exception):
    """The report has moved, is somebody else's, or something is missing; `problems` names every missing thing."""

    def __init__(self, sentence: str, problems: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.problems = list(problems)


@held
@transaction.atomic
def save(
    *, report: Report, parts: Mapping[str, str], by: Party, now: dt.datetime,
    causes: Mapping[int, str] | None = None, measures: Sequence[tuple[str, dt.date]] | None = None,
    fates: Mapping[int, tuple[str, str]] | None = None,
) -> Report:  # fmt: skip
    """Keep what is written so far. `causes` by gap, `fates` by measure of the summary before. Raises CannotWrite."""
    _author(report, by)
    kept = {code: text.strip() for code, text in parts.items()}
    _move(report, Report.State.DRAFT, parts=kept)
    for pk, cause in (causes or {}).items():
        Gap.objects.filter(pk=pk, report=report).update(cause=cause.strip()[:400])
    if measures is not None:
        report.measures.all().delete()
        Measure.objects.bulk_create(
            Measure(report=report, text=text.strip()[:200], due_on=due)
            for text, due in measures
            if text.strip()
        )
    mine = {row.pk for row in measures_before(report)}
    for pk, (fate, note) in (fates or {}).items():
        if pk in mine and fate in Measure.Fate.values:
            Measure.objects.filter(pk=pk).update(fate=fate, fate_note=note.strip()[:200])
    trail.record("workbench.report_saved", subject=report, by=by, at=now)
    return report


def measures_before(report: Report) -> list[Measure]:
    """The measures of the author's summary before this one, whose fate this one tells (R001-219)."""
    if report.kind != Report.Kind.SUMMARY:
        return []
    before = Report.objects.filter(
        kind=Report.Kind.SUMMARY, author=report.author_id, first__lt=report.first
    ).exclude(state=Report.State.DRAFT).order_by("-first").first()  # fmt: skip
    return list(before.measures.all()) if before is not None else []


def missing(report: Report, now: dt.datetime) -> list[str]:
    """Every thing that keeps a report from being submitted."""
    found = [
        _("“%(part)s” is still empty.") % {"part": label}
        for code, label in regulation.parts(report.kind, report.unit_id, now)
        if not report.parts.get(code, "").strip()
    ]
    if report.kind == Report.Kind.MONTH:
        found += [
            _("“%(name)s” misses its target: write the cause.") % {"name": in_language(gap.name, gap.name_en)}
            for gap in report.gaps.all()
            if gap.short is not None and not gap.cause
        ]
    if report.kind == Report.Kind.SUMMARY:
        if not report.measures.exists():
            found.append(_("Name the next measures, each with its day."))
        found += [
            _("Say what became of “%(text)s”.") % {"text": row.text}
            for row in measures_before(report)
            if row.fate == Measure.Fate.PENDING
        ]
    return found


@held
@transaction.atomic
def submit(*, report: Report, by: Party, now: dt.datetime) -> Report:
    """Hand it in; the leader is told. Raises CannotWrite with everything that is missing."""
    _author(report, by)
    if lacking := missing(report, now):
        raise CannotWrite(_("The report is not complete."), lacking)
    _move(report, Report.State.DRAFT, state=Report.State.SUBMITTED, submitted_at=now, number=1)
    Version.objects.create(report=report, number=1, parts=report.parts, by=by, at=now)
    duties.discharge(subject=report, kinds=[duty_kind(report.kind)], by=by, now=now)
    leader = directory().superior_of(report.author_id, report.unit_id, now)
    if leader is not None:
        _tell(report, leader, "work_report.submitted", by, now)
    trail.record(
        "workbench.report_submitted", subject=report, by=by, at=now, clause=report.clause, after={"kind": report.kind}
    )  # fmt: skip
    return report


@held
@transaction.atomic
def adjust(
    *, report: Report, parts: Mapping[str, str], reason: str, by: Party, now: dt.datetime
) -> Report:  # fmt: skip
    """Change what was submitted: a version more, with its reason; the earlier ones stay (R004-08). Raises CannotWrite."""
    _author(report, by)
    if not reason.strip():
        raise CannotWrite(_("Say why the plan changes."))
    given = {code: text.strip() for code, text in parts.items()}
    lacking = [
        _("“%(part)s” is still empty.") % {"part": label}
        for code, label in regulation.parts(report.kind, report.unit_id, now)
        if not given.get(code, "")
    ]
    if lacking:
        raise CannotWrite(_("The report is not complete."), lacking)
    if given == report.parts:
        raise CannotWrite(_("Nothing has changed."))
    if report.state == Report.State.DRAFT:
        raise CannotWrite(_("It is not submitted yet: simply save it."))
    _move(report, report.state, parts=given, number=report.number + 1)
    Version.objects.create(
        report=report, number=report.number, parts=given, reason=reason.strip()[:200], by=by, at=now
    )
    trail.record(
        "workbench.report_adjusted", subject=report, by=by, at=now,
        after={"version": report.number, "reason": reason.strip()},
    )  # fmt: skip
    return report


@held
@transaction.atomic
def comment(*, report: Report, text: str, by: Party, now: dt.datetime) -> Report:
    """The leader's comment; the author is told. Raises CannotWrite."""
    if by.pk == report.author_id:
        raise CannotWrite(_("Somebody else comments on what you wrote."))
    if not text.strip():
        raise CannotWrite(_("Write the comment."))
    if report.state == Report.State.DRAFT:
        raise CannotWrite(_("It is not submitted yet."))
    _move(
        report, report.state, state=Report.State.COMMENTED, comment=text.strip(), commented_by=by,
        commented_at=now,
    )  # fmt: skip
    _tell(report, report.author, "work_report.commented", by, now)
    trail.record("workbench.report_commented", subject=report, by=by, at=now)
    return report


def _author(report: Report, by: Party) -> None:
    if by.pk != report.author_id:
        raise CannotWrite(_("Only its author writes a report."))


def _move(report: Report, expected: str, **columns: Any) -> None:
    rows = Report.objects.filter(pk=report.pk, state=expected, revision=report.revision)
    if not rows.update(revision=F("revision") + 1, **columns):
        raise CannotWrite(_("The report does not stand where you saw it any more."))
    report.refresh_from_db()


def _tell(report: Report, to: Party, kind: str, by: Party, now: dt.datetime) -> None:
    said = {}
    for name, language in (("report", "zh-hans"), ("report_en", "en")):
        with override(language):
            said[name] = f"{report.author.name} {report}"
    post.notify(
        to=to,
        kind=kind,
        title=said["report"],
        body=report.comment,
        subject=report,
        by=by,
        at=now,
        params=said,
    )
