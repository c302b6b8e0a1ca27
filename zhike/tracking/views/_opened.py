"""What stands behind the figures: contacts that fell due, customers under upkeep, entries of the journal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from zhike.customers.grading import queries as grading
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.tallies.figures import Question
from zhike.kernel.tallies.periods import Period
from zhike.people.access import StaffRequest, staff_required
from zhike.tracking import access, cadence, queries, statistics, tallying
from zhike.tracking.models import JournalEntry, Plan
from zhike.tracking.wording import words_of
from zhike.ui import lists, parts

from ._due import CHOICES, _name, _regions, attach, by_owner, href, in_area, owners
from ._lists import AREA, CUSTOMER, DEALING, FILTERS, LAST, OUTCOMES, OWNER, lacking, narrowed, work_of
from ._lists import attach as attach_customers
from ._work import MISSING

MET = lists.List(
    name="tracking-owed",
    title=gettext_lazy("Contacts that fell due"),
    href=href,
    row_name=lambda row: row.matter,
    sort="-due",
    prepare=attach,
    empty=gettext_lazy("No contact matches."),
    columns=(
        lists.Column("customer", gettext_lazy("Customer"), _name, lambda r: r.customer.name if r.customer else "", link=True, phone="title", hideable=False),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, done_at=r.done_at, paused_at=r.paused_at), lambda r: r.due_at, ("due_at", "id"), 170, phone="side"),
        lists.Column("what", gettext_lazy("What"), lambda r, n: parts.cut(r.label), lambda r: r.label, width=190),
        lists.Column("done", gettext_lazy("Made"), lambda r, n: parts.moment(r.done_at, n) if r.done_at else "—", lambda r: r.done_at, ("done_at", "id"), 130),
        lists.Column("area", gettext_lazy("Upkeep area"), lambda r, n: (r.who.region if r.who else "") or "—", lambda r: r.who.region if r.who else "", width=110, drop=1, phone=""),
        lists.Column("owner", gettext_lazy("In charge"), lambda r, n: parts.person(r.owner, empty="—"), lambda r: r.owner.name if r.owner else "", width=120),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(customer__name__startswith=typed)),
        lists.choice("outcome", gettext_lazy("Made"), OUTCOMES, apply=lambda rows, code: narrowed(rows, tallying.outcomes, code)),
        lists.dates("due", gettext_lazy("Due"), "due_at"),
        lists.choice("owner", gettext_lazy("In charge"), owners, apply=by_owner),
        lists.choice("area", gettext_lazy("Upkeep area"), _regions, apply=in_area("customer__customer__region"), more=True),
        lists.choice("kind", gettext_lazy("What"), CHOICES[: len(tallying.CONTACTS)], "kind", more=True),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-due"),
        *(lists.View(code, label, f"outcome={code}", late=code == "overdue") for code, label in OUTCOMES[1:]),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def owed(request: StaffRequest) -> HttpResponseBase:
    """Contacts that fell due, whatever became of them: the rows of P000-02 and P001-17."""
    rows = queries.duties(access.scope(request.user)).filter(
        kind__in=tallying.CONTACTS, state__in=[Duty.State.OPEN, Duty.State.DONE]
    )
    return lists.answer(request, MET, rows, "tracking/opened.html", now=clock.now(), context={"list": MET})


def _lost(rows: Any, days: Any) -> Any:
    """The customers of ST002-54 in a period; the rows are cut to the reader's scope already."""
    first, last = days
    if first is None or last is None or last < first:
        return rows.none()
    period = Period.of_days(first, last, settings.TIME_ZONE)
    return statistics.lost(rows, Question(EVERYTHING, period))


def _bought(row: Any) -> str:
    profile = getattr(row, "profile", None)
    return profile.last_order_on.isoformat() if profile is not None and profile.last_order_on else ""


CUSTOMERS = lists.List(
    name="tracking-customers",
    title=gettext_lazy("Customers under upkeep"),
    href=work_of,
    row_name=lambda row: row.name,
    sort="name",
    prepare=attach_customers,
    empty=gettext_lazy("No customer matches."),
    columns=(
        CUSTOMER, OWNER, AREA, DEALING, LAST,
        lists.Column("bought", gettext_lazy("Last order"), lambda r, n: _bought(r) or "—", _bought, width=120),
    ),
    filters=(
        *FILTERS,
        lists.choice("lacks", gettext_lazy("Missing"), [(c, MISSING[c]) for c in MISSING], apply=lacking, more=True),
        lists.flag("fixed", gettext_lazy("All four fixed"), lambda rows: rows.filter(queries.FOUR_FIXED), more=True),
        lists.Filter("lost", gettext_lazy("Lost in the period"), "dates", _lost, more=True, width=132),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=name"),
        lists.View("fixed", gettext_lazy("All four fixed"), "fixed=1"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def customers(request: StaffRequest) -> HttpResponseBase:
    """Every customer under upkeep: the rows of coverage, grades and losses."""
    rows = queries.customers(access.scope(request.user))
    return lists.answer(
        request, CUSTOMERS, rows, "tracking/opened.html", now=clock.now(), context={"list": CUSTOMERS}
    )


def _words(request: HttpRequest) -> list[tuple[str, Any]]:
    user: Any = request.user
    return [("-", "—"), *words_of("GRADES", user.party.unit_id or 0, clock.now())]


def _before(rows: Any, code: str) -> Any:
    return rows.filter(grade_before="" if code == "-" else code)


def _grades(row: JournalEntry, _now: Any) -> Any:
    after = parts.tag(_named(row, row.grade_after), "brand")
    if row.grade_before == row.grade_after:
        return after
    return format_html("{} → {}", _named(row, row.grade_before) or "—", after)


def _named(row: JournalEntry, code: str) -> str:
    return grading.named(row.plan.unit_id, cadence.GRADE, code)


JOURNAL = lists.List(
    name="tracking-journal",
    title=gettext_lazy("Journal"),
    href=lambda row: reverse("customers:contact_entry", args=[row.pk]),
    row_name=lambda row: str(row.plan),
    sort="-at",
    empty=gettext_lazy("No entry matches."),
    columns=(
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.plan.customer.name, lambda r: r.plan.customer.name, link=True, phone="title"),
        lists.Column("at", gettext_lazy("When"), lambda r, n: parts.moment(r.at, n), lambda r: r.at, ("at", "pk"), 120, phone="side"),
        lists.Column("grade", gettext_lazy("Customer grade"), _grades, lambda r: _named(r, r.grade_after), width=120),
        lists.Column("what", gettext_lazy("What was said"), lambda r, n: parts.cut(r.interaction.content or "—"), lambda r: r.interaction.content),
        lists.Column("step", gettext_lazy("Next step"), lambda r, n: parts.cut(r.next_step or "—"), lambda r: r.next_step, width=150, drop=1),
        lists.Column("next", gettext_lazy("Next"), lambda r, n: parts.moment(r.next_at, n), lambda r: r.next_at, width=120, drop=1),
        lists.Column("late", gettext_lazy("late"), lambda r, n: parts.tag(gettext_lazy("late"), "late") if r.was_late else "", lambda r: r.was_late, width=80, drop=1),
        lists.Column("by", gettext_lazy("Recorded by"), lambda r, n: parts.person(r.by, empty="—"), lambda r: r.by.name if r.by else "", width=120),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(plan__customer__name__startswith=typed)),
        lists.dates("at", gettext_lazy("When"), "at"),
        lists.choice("journal", gettext_lazy("Journal"), Plan.Journal.choices, "journal"),
        lists.flag("moved", gettext_lazy("The grade has moved"), lambda rows: rows.exclude(grade_before=F("grade_after"))),
        lists.flag("late", gettext_lazy("late"), lambda rows: rows.filter(at__gt=F("due_at"))),
        lists.choice("before", gettext_lazy("Grade before"), _words, apply=_before, more=True),
        lists.choice("after", gettext_lazy("Grade after"), _words, "grade_after", more=True),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=-at"),
        lists.View("moved", gettext_lazy("The grade has moved"), "moved=1"),
        lists.View("late", gettext_lazy("late"), "late=1"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def journal(request: StaffRequest) -> HttpResponseBase:
    """Every entry of the journal: the rows of the moves between grades."""
    rows = queries.entries(access.scope(request.user))
    return lists.answer(
        request, JOURNAL, rows, "tracking/opened.html", now=clock.now(), context={"list": JOURNAL}
    )
