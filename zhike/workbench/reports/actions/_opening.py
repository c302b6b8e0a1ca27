"""A report is opened for its period with a duty whose date the regulation gives, and filled in from the records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy import inforce
from zhike.kernel.worktime import calendars
from zhike.people.queries import current_appointments
from zhike.workbench.questions import DEADLINE
from zhike.workbench.reports import contributors, regulation
from zhike.workbench.reports.models import Gap, Report
from zhike.workbench.reports.periods import counted, period_of

TITLES = {
    Report.Kind.MONTH_PLAN: gettext_noop("Write the monthly work plan"),
    Report.Kind.WEEK: gettext_noop("Write the weekly report"),
    Report.Kind.MONTH: gettext_noop("Write the monthly report"),
    Report.Kind.SUMMARY: gettext_noop("Write the work summary"),
}
# No figure of a regulation: of the periods written about today the one that ended first is the month before (the work
# summary), which ended a month ago at most; what ended earlier cannot stand in the way of a report opened now.
OLDEST = dt.timedelta(days=32)


def duty_kind(kind: str) -> str:
    return f"work_report.{kind.lower()}"


class CannotOpen(Exception):
    """No regulation on reports is in force, or there is one for this period already; one sentence."""


@held
@transaction.atomic
def open_report(*, kind: str, author: Party, unit: Unit, now: dt.datetime, by: Party | None = None) -> Report:
    """Open the report of the present period, filled in, with its duty. Raises CannotOpen."""
    if kind not in Report.Kind.values:
        raise CannotOpen(_("Say what kind of report it is."))
    found = regulation.deadline(unit.pk, kind, now)
    if found is None:
        raise CannotOpen(
            _("No regulation on reports is in force at this unit. Ask an administrator to install one.")
        )
    period = period_of(kind, calendars.local_day(now, unit.pk), calendars.calendar_for(unit.pk).tz)
    try:
        with transaction.atomic():
            row = Report.objects.create(
                kind=kind, author=author, unit=unit, first=period.first, after=period.after, opened_at=now,
                clause=found.clause, version_id=found.version_id,
            )  # fmt: skip
    except IntegrityError as again:
        raise CannotOpen(_("This report is open already.")) from again
    _fill(row, now)
    with override("zh-hans"):
        matter = str(row)
    draft = duties.Draft(
        kind=duty_kind(kind), **duties.titled(TITLES[Report.Kind(kind)]), owner=author, began_at=now,
        limit=found.limit, clause=found.clause, version_id=found.version_id,
    )  # fmt: skip
    row.due_at = duties.open_duties([draft], subject=row, unit_id=unit.pk, matter=matter)[0].due_at
    row.save()
    trail.record(
        "workbench.report_opened", subject=row, by=by, at=now, clause=row.clause, after={"kind": kind}
    )
    return row


@held
@transaction.atomic
def fill(*, report: Report, by: Party, now: dt.datetime) -> Report:
    """Take the figures of the records anew; what was typed stays, empty parts are filled in."""
    if report.state != Report.State.DRAFT:
        return report
    _fill(report, now)
    rows = Report.objects.filter(pk=report.pk, state=Report.State.DRAFT, revision=report.revision)
    if rows.update(facts=report.facts, parts=report.parts, revision=F("revision") + 1):
        trail.record("workbench.report_filled", subject=report, by=by, at=now)
    report.refresh_from_db()
    return report


def _fill(report: Report, now: dt.datetime) -> None:
    period = counted(report, calendars.calendar_for(report.unit_id).tz)
    topics = contributors.TOPICS[report.kind]
    lines = [(topics[line.topic], line) for line in contributors.lines(report.author, period)]
    report.facts = [[part, line.zh, line.en, line.number, line.url] for part, line in lines]
    said: dict[str, list[str]] = {}
    for part, line in lines:
        if line.number:
            said.setdefault(part, []).append(f"{line.zh} {line.number}")
    written = {code: text for code, text in report.parts.items() if text.strip()}
    report.parts = {code: "、".join(words) for code, words in said.items()} | written
    if report.kind == Report.Kind.MONTH:
        _gaps(report, now)


def _gaps(report: Report, now: dt.datetime) -> None:
    period = counted(report, calendars.calendar_for(report.unit_id).tz)
    reached = contributors.ratios(report.author, period)
    for one in regulation.indicators(report.unit_id, now):
        ratio = reached.get(one.code)
        actual = Decimal(100 * ratio.part) / ratio.whole if ratio is not None and ratio.whole else None
        Gap.objects.update_or_create(
            report=report, indicator=one.code,
            defaults={
                "name": one.zh, "name_en": one.en, "target": one.target,
                "actual": None if actual is None else actual.quantize(Decimal("0.01")),
            },
        )  # fmt: skip


def open_due(*, now: dt.datetime) -> int:
    """Open what is owed and not yet open, for everybody who holds a post that owes reports (a job; again nothing)."""
    made = 0
    known = set(
        Report.objects.filter(after__gte=calendars.local_day(now - OLDEST, 0)).values_list(
            "author", "kind", "first"
        )
    )
    asked = {row.unit_id for row in inforce.installations()}
    if not asked:
        return 0
    for row in current_appointments(now).order_by("-post__rank", "id"):
        unit = row.unit
        if inforce.find(DEADLINE.name, unit.pk, calendars.local_day(now, unit.pk)) is None:
            continue
        for kind in Report.Kind.values:
            found = regulation.deadline(unit.pk, kind, now)
            if found is None or row.post.code not in found.posts:
                continue
            period = period_of(kind, calendars.local_day(now, unit.pk), calendars.calendar_for(unit.pk).tz)
            key = (row.party_id, kind, period.first)
            if key not in known:
                known.add(key)
                open_report(kind=kind, author=row.party, unit=unit, now=now)
                made += 1
    return made
