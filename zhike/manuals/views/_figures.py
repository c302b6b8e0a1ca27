"""What stands behind a live figure: the rulings, duties and cases of a clause, within the reader's units."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.parties import subjects
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion, Ruling
from zhike.manuals import figures, queries, reach
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import lists, parts

from ._reading import _clause

DUTY_TITLES = {
    "due": gettext_lazy("Duties due in the last 30 days"),
    "late": gettext_lazy("Duties not done in time in the last 30 days"),
    "open": gettext_lazy("Open duties"),
    "overdue": gettext_lazy("Overdue duties"),
}


def name_subjects(rows: list[Any]) -> None:
    """Put on each row what its subject is called: one query for each kind."""
    keys: dict[str, set[int]] = {}
    for row in rows:
        keys.setdefault(row.subject_label, set()).add(row.subject_id)
    named = {label: figures.names(label, found) for label, found in keys.items()}
    for row in rows:
        row.subject_name = named[row.subject_label].get(row.subject_id, "")


def _subject(row: Any) -> SafeString:
    subject = subjects.known(row.subject_label)
    if subject is None:
        return format_html("{} {}", row.subject_label, row.subject_id)
    name = getattr(row, "subject_name", "") or f"{subject.noun} {row.subject_id}"
    return format_html('<a class="subj" href="{}">{}</a>', subject.url(row.subject_id), name)


def _subject_text(row: Any) -> str:
    return getattr(row, "subject_name", "") or f"{row.subject_label} {row.subject_id}"


CASE = lists.Column("case", gettext_lazy("Case"), lambda r, n: _subject(r), _subject_text, phone="title")
CLAUSE = lists.Column(
    "clause", gettext_lazy("Clause"), lambda r, n: parts.clause(r.clause), lambda r: r.clause, width=96
)
UNIT = lists.Column(
    "unit", gettext_lazy("Unit"), lambda r, n: r.unit.label, lambda r: r.unit.name, width=120, drop=1
)


def _row(ruling: Ruling) -> str:
    """Table, number and conditions of the row that was hit."""
    manual, english = inforce.manual_of(ruling.version_id), (get_language() or "").startswith("en")
    table = manual.decision(ruling.table)
    name = queries.Speech(manual, english=english).word(ruling.table)
    said = queries.conditions_said(manual, table, ruling.row, ruling.row_text, english=english)
    return f"{name} {ruling.row}: {said}"


RULINGS = lists.List(
    name="clause-rulings",
    title=gettext_lazy("Rulings"),
    sort="-at",
    prepare=name_subjects,
    empty=gettext_lazy("No ruling in your units."),
    columns=(
        CASE,
        CLAUSE,
        lists.Column(
            "row",
            gettext_lazy("Row"),
            lambda r, n: parts.cut(_row(r)),
            lambda r: _row(r),
        ),
        lists.Column(
            "outcome",
            gettext_lazy("Outcome"),
            lambda r, n: parts.cut(queries.outcome_words(r)),
            queries.outcome_words,
            width=170,
        ),
        UNIT,
        lists.Column(
            "at",
            gettext_lazy("When"),
            lambda r, n: parts.moment(r.asked_at, n),
            lambda r: r.asked_at,
            ("asked_at", "id"),
            120,
            phone="side",
        ),
    ),
    filters=(lists.dates("at", gettext_lazy("When"), "asked_at"),),
)

DUTIES = lists.List(
    name="clause-duties",
    title=gettext_lazy("Duties"),
    sort="due",
    prepare=name_subjects,
    empty=gettext_lazy("No duty in your units."),
    columns=(
        CASE,
        lists.Column(
            "title", gettext_lazy("Duty"), lambda r, n: parts.cut(r.label), lambda r: r.label, width=170
        ),
        CLAUSE,
        lists.Column(
            "owner",
            gettext_lazy("Owner"),
            lambda r, n: parts.person(r.owner),
            lambda r: r.owner.name if r.owner else r.owner_post,
            width=110,
        ),
        lists.Column(
            "due",
            gettext_lazy("Due"),
            lambda r, n: parts.due_badge(r.due_at, n, done_at=r.done_at, paused_at=r.paused_at),
            lambda r: r.due_at,
            ("due_at", "id"),
            150,
            phone="side",
        ),
        lists.Column(
            "done",
            gettext_lazy("Done"),
            lambda r, n: parts.moment(r.done_at, n),
            lambda r: r.done_at,
            ("done_at", "id"),
            120,
            drop=2,
        ),
        UNIT,
    ),
)


def _others(figure: figures.Figure) -> lists.List:
    """The list of a figure that a trade counts."""
    url = subjects.known(figure.subject)
    return lists.List(
        name=f"clause-{figure.code}",
        title=figure.label,
        sort="-at",
        empty=gettext_lazy("No case in your units."),
        columns=(
            lists.Column(
                "case",
                gettext_lazy("Case"),
                lambda r, n: format_html('<a class="subj" href="{}">{}</a>', url.url(r.pk) if url else "", r),
                str,
                phone="title",
            ),
            lists.Column(
                "clause",
                gettext_lazy("Clause"),
                lambda r, n: parts.clause(getattr(r, figure.clause)),
                lambda r: getattr(r, figure.clause),
                width=96,
            ),
            lists.Column(
                "note",
                gettext_lazy("Reason"),
                lambda r, n: parts.cut(getattr(r, figure.note, "")),
                lambda r: getattr(r, figure.note, ""),
            ),
            UNIT,
            lists.Column(
                "at",
                gettext_lazy("When"),
                lambda r, n: parts.moment(getattr(r, figure.at), n),
                lambda r: getattr(r, figure.at),
                (figure.at, "pk"),
                120,
                phone="side",
            ),
        ),
    )


@staff_required()
def figure(request: StaffRequest, pk: int, number: str, kind: str) -> HttpResponseBase:
    """The rows behind one figure of a clause and of those below it: exactly as many as the figure says."""
    version, section = _clause(pk, number)
    spec, rows, title = _rows(request, version, section, kind)
    context = {
        "version": version,
        "section": section,
        "title": title,
        "note": _("Counted over the units whose cases you may see."),
        "back": f"{reverse('manuals:reader', args=[version.pk])}#{section.anchor}",
    }
    return lists.answer(request, spec, rows, "manuals/figure.html", now=clock.now(), context=context)


def _rows(
    request: StaffRequest, version: ManualVersion, section: queries.Section, kind: str
) -> tuple[lists.List, QuerySet[Any], object]:
    now, scope = clock.now(), reach.of(people.standing(request.user), inforce.manual_of(version.pk))
    if kind == "rulings":
        rulings = queries.rulings(scope, version.pk, now).filter(clause__in=section.covers)
        table, row = request.GET.get("table", ""), request.GET.get("row", "")
        if table and row.isdecimal() and len(row) < 6:
            rulings = queries.rulings(scope, version.pk, now).filter(table=table, row=int(row))
        return RULINGS, rulings.select_related("unit"), _("Rulings in the last 30 days")
    if kind in queries.DUTIES:
        duties = queries.duties(scope, version.pk).filter(
            queries.conditions(now)[kind], clause__in=section.covers
        )
        return DUTIES, duties.select_related("unit", "owner"), DUTY_TITLES[kind]
    known = figures.figure(kind)
    if known is None:
        raise Http404
    rows = queries.figure_rows(known, scope, version.pk, now).filter(
        **{f"{known.clause}__in": section.covers}
    )
    return _others(known), rows, known.label
