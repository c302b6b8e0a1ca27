"""The lists of archives and of loans."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.archives import access, queries, questions
from zhike.customers.models import Archive, Loan
from zhike.customers.privacy.views.listing import guard, may_export
from zhike.customers.regulation import Regulation, regulation
from zhike.kernel import clock
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import lists, parts


def regulation_of(request: HttpRequest) -> Regulation | None:
    user: Any = request.user
    unit = user.party.unit_id
    return regulation(questions.FILING.name, unit, clock.now()) if unit else None


def _kinds(request: HttpRequest) -> list[tuple[str, str]]:
    found = regulation_of(request)
    return found.choices(questions.CLASSES) if found else []


def with_words(rows: list[Archive]) -> None:
    """Classes in words, read once for each unit."""
    kept: dict[int, Regulation | None] = {}
    now = clock.now()
    for row in rows:
        if row.unit_id not in kept:
            kept[row.unit_id] = regulation(questions.FILING.name, row.unit_id, now)
        found = kept[row.unit_id]
        row.kind_label = found.label(questions.CLASSES, row.kind) if found else row.kind  # type: ignore[attr-defined]


def state_cell(row: Archive, now: dt.datetime) -> SafeString:
    if row.state == Archive.State.MISSING:
        return parts.status(row.get_state_display(), "late")
    if getattr(row, "is_lent", False):
        return parts.status(_("Lent"), "run")
    if getattr(row, "is_unfiled", False):
        return parts.status(_("Documents to be filed"), "new")
    if row.state == Archive.State.CLOSED and row.is_over(calendars.local_day(now, row.unit_id)):
        return parts.status(_("Time is over"), "pause")
    return parts.status(row.get_state_display(), "" if row.state == Archive.State.DESTROYED else "met")


def by_state(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    if code == "lent":
        return rows.filter(is_lent=True)
    if code == "unfiled":
        return rows.filter(is_unfiled=True)
    if code == "over":
        today = calendars.local_day(clock.now(), 0)
        return rows.filter(state=Archive.State.CLOSED, keep_until__lt=today)
    if code == "missing":
        return rows.filter(state=Archive.State.MISSING)
    return rows.exclude(state=Archive.State.DESTROYED)


ARCHIVES = lists.List(
    name="archives",
    title=gettext_lazy("Archives"),
    href=lambda row: reverse("customers:archive", args=[row.pk]),
    row_name=lambda row: row.number,
    sort="-opened",
    prepare=with_words,
    may_export=may_export(access.KEEP),
    guard_export=guard("archives", "customer"),
    marked=True,
    empty=gettext_lazy("No archive matches."),
    columns=(
        lists.Column("number", gettext_lazy("Number"), lambda r, n: r.number, lambda r: r.number, ("number",), 130, link=True, phone="side"),
        lists.Column("title", gettext_lazy("Title"), lambda r, n: parts.cut(r.title), lambda r: r.title, link=True, hideable=False, phone="title"),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, ("customer__sort_key", "id"), 150),
        lists.Column("kind", gettext_lazy("Class"), lambda r, n: r.kind_label, lambda r: r.kind_label, ("kind", "id"), 210),
        lists.Column("medium", gettext_lazy("Kept as"), lambda r, n: r.get_medium_display(), lambda r: r.get_medium_display(), width=156, drop=2, phone=""),
        lists.Column("place", gettext_lazy("Place"), lambda r, n: parts.cut(r.place), lambda r: r.place, width=150, drop=1),
        lists.Column("keeper", gettext_lazy("Keeper"), lambda r, n: parts.person(r.keeper), lambda r: r.keeper.name, width=100, drop=2, phone=""),
        lists.Column("state", gettext_lazy("State"), state_cell, lambda r: r.get_state_display(), width=190),
        lists.Column("keep", gettext_lazy("Keep until"), lambda r, n: r.keep_until or "—", lambda r: r.keep_until, ("keep_until", "id"), 104, phone=""),
        lists.Column("opened", gettext_lazy("Set up"), lambda r, n: parts.moment(r.opened_at, n), lambda r: r.opened_at, ("opened_at", "id"), 110, shown=False, phone=""),
    ),
    filters=(
        lists.text("q", gettext_lazy("Search"), "number__iexact", "title__icontains", "customer__name__icontains", "place__icontains"),
        lists.choice("kind", gettext_lazy("Class"), _kinds, "kind"),
        lists.choice("state", gettext_lazy("State"), [("kept", gettext_lazy("Kept")), ("unfiled", gettext_lazy("Documents to be filed")), ("lent", gettext_lazy("Lent")), ("over", gettext_lazy("Time is over")), ("missing", gettext_lazy("Missing"))], apply=by_state),
        lists.choice("medium", gettext_lazy("Kept as"), list(Archive.Medium.choices), "medium", more=True),
    ),
    views=(
        lists.View("kept", gettext_lazy("Kept"), "state=kept"),
        lists.View("unfiled", gettext_lazy("To be filed"), "state=unfiled"),
        lists.View("lent", gettext_lazy("Lent"), "state=lent"),
        lists.View("over", gettext_lazy("Time is over"), "state=over"),
        lists.View("missing", gettext_lazy("Missing"), "state=missing", late=True),
        lists.View("all", gettext_lazy("All"), "sort=-opened"),
    ),
)  # fmt: skip


def _loan_state(row: Loan, now: dt.datetime) -> SafeString:
    if row.state == Loan.State.LENT and row.due_at is not None:
        return parts.due_badge(row.due_at, now)
    marks = {Loan.State.ASKED: "run", Loan.State.RETURNED: "met"}
    return parts.status(row.get_state_display(), marks.get(row.state, ""))  # type: ignore[call-overload]


LOANS = lists.List(
    name="archive_loans",
    title=gettext_lazy("Loans"),
    href=lambda row: reverse("customers:archive", args=[row.archive_id]),
    row_name=lambda row: row.archive.number,
    sort="-asked",
    may_export=may_export(access.KEEP),
    guard_export=guard("archive_loans", "archive__customer"),
    marked=True,
    empty=gettext_lazy("No loan matches."),
    columns=(
        lists.Column("archive", gettext_lazy("Archive"), lambda r, n: str(r.archive), lambda r: str(r.archive), link=True, hideable=False, phone="title"),
        lists.Column("borrower", gettext_lazy("Borrower"), lambda r, n: parts.person(r.borrower), lambda r: r.borrower.name, ("borrower__name", "id"), 110, phone="side"),
        lists.Column("purpose", gettext_lazy("What for"), lambda r, n: parts.cut(r.purpose), lambda r: r.purpose, drop=2),
        lists.Column("state", gettext_lazy("State"), _loan_state, lambda r: r.get_state_display(), ("due_at", "id"), 182),
        lists.Column("decided", gettext_lazy("Decided by"), lambda r, n: parts.person(r.decided_by) if r.decided_by else "—", lambda r: r.decided_by.name if r.decided_by else "", width=110, drop=1),
        lists.Column("asked", gettext_lazy("Asked"), lambda r, n: parts.moment(r.asked_at, n), lambda r: r.asked_at, ("asked_at", "id"), 120),
        lists.Column("returned", pgettext_lazy("of a loan", "Returned"), lambda r, n: parts.moment(r.returned_at, n) if r.returned_at else "—", lambda r: r.returned_at, ("returned_at", "id"), 120, drop=1, phone=""),
    ),
    filters=(
        lists.text("q", gettext_lazy("Search"), "archive__number__iexact", "archive__title__icontains", "borrower__name__icontains"),
        lists.choice("state", gettext_lazy("State"), list(Loan.State.choices), "state"),
        lists.flag("late", gettext_lazy("Overdue only"), lambda rows: rows.filter(state=Loan.State.LENT, due_at__lt=clock.now())),
    ),
    views=(
        lists.View("asked", gettext_lazy("To be decided"), "state=ASKED"),
        lists.View("lent", gettext_lazy("Lent"), "state=LENT"),
        lists.View("late", gettext_lazy("Overdue"), "late=1", late=True),
        lists.View("all", gettext_lazy("All"), "sort=-asked"),
    ),
)  # fmt: skip


@staff_required(access.KEEP, access.APPROVE)
def archives(request: StaffRequest) -> HttpResponseBase:
    """The register of archives."""
    rows = queries.archives(access.scope(request.user))
    return lists.answer(request, ARCHIVES, rows, "customers/archives/list.html", now=clock.now(), context={"tab": "archives"})  # fmt: skip


@staff_required(access.SEE)
def archive_loans(request: StaffRequest) -> HttpResponseBase:
    """Loans: those of the units whose archives one keeps, and one's own."""
    rows = queries.loans(access.scope(request.user))
    return lists.answer(request, LOANS, rows, "customers/archives/list.html", now=clock.now(), context={"tab": "loans"})  # fmt: skip
