"""The due list: what a relation specialist works off from the morning on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers import access as customers
from zhike.customers import actions as customer_actions
from zhike.customers.grading import queries as grading
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.worktime import arithmetic
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import User
from zhike.tracking import access, cadence, queries
from zhike.tracking.models import Plan
from zhike.ui import answers, lists, parts

CHOICES = [
    *((queries.JOURNAL_KINDS[code], label) for code, label in Plan.Journal.choices),
    (queries.PHONE, gettext_lazy("Call")),
    (queries.VISIT, gettext_lazy("Visit")),
    (queries.MOMENT, gettext_lazy("Key moment")),
    ("customer.promise", gettext_lazy("Promise")),
]


def attach(rows: list[Any]) -> None:
    """The customers on the page with their grades and last contacts: one query."""
    found = grading.current_of([row.customer_id for row in rows], cadence.GRADE)
    names = grading.labels(found.values())
    grades = {key: names.get((cadence.GRADE, row.value), row.value) for (key, _dim), row in found.items()}
    for row in rows:
        row.who = row.customer.customer if row.customer is not None else None
        row.grade = grades.get(row.customer_id, "")
        profile = getattr(row.who, "profile", None)
        row.spoken_at = profile.last_contact_at if profile is not None else None


def with_powers(
    request: StaffRequest, spec: lists.List, customer: Callable[[Any], Customer | None] = lambda row: row
) -> lists.List:
    """The list for this reader: each row knows what they may do with its customer (`may`, or None)."""

    def prepare(rows: list[Any]) -> None:
        if spec.prepare is not None:
            spec.prepare(rows)
        for row in rows:
            found = customer(row)
            row.may = access.may(request.user, found) if found is not None else None

    return replace(spec, prepare=prepare)


def works(row: Any) -> bool:
    """Whether the reader, for whom the list was made, may work with the row's customer."""
    return bool(row.may and row.may.work)


def href(row: Duty) -> str:
    if row.kind in queries.PROMISES:
        subject = subjects.known(row.subject_label)
        return subject.url(row.subject_id) if subject is not None else "#"
    return reverse("tracking:work", args=[row.customer_id])


def entry_href(row: Duty) -> str:
    if row.kind == queries.MOMENT:
        return reverse("tracking:reach", args=[row.subject_id])
    if row.kind in queries.PROMISES:
        return reverse("customers:end_promise", args=[row.subject_id])
    return reverse("tracking:enter", args=[row.customer_id])


def _what(row: Any, _now: Any) -> Any:
    return parts.cut(f"{row.label}: {row.about}" if row.about else row.label)


def _name(row: Any, _now: Any) -> Any:
    grade = parts.tag(row.grade, "brand") if row.grade else ""
    return format_html("{} {}", row.customer.name if row.customer else "—", grade)


def _ops(row: Any, _now: Any) -> Any:
    """One tap to the telephone, one to the entry."""
    reveals = row.may is not None and row.may.reveal
    number = next(iter(row.who.phones.all()), None) if reveals else None
    call = (
        format_html(
            '<a class="btn btn-sm zk-tap" href="{}" aria-label="{} {}"><i class="ti ti-phone" aria-hidden="true"></i></a> ',
            reverse("tracking:call", args=[row.customer_id, number.pk]),
            _("Call"),
            row.customer.name,
        )
        if number is not None
        else ""
    )
    if not works(row):
        return call
    return format_html(
        '{}<a class="btn btn-sm btn-primary zk-tap" href="{}" data-dialog>{}</a>',
        call,
        entry_href(row),
        _("Record"),
    )


def me(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(str(request.user.pk), gettext_lazy("Me"))]


def owners(request: HttpRequest) -> list[tuple[str, Any]]:
    """Oneself first, then everybody who looks after a customer in sight; read once for a request."""
    kept: list[tuple[str, Any]] | None = getattr(request, "_tracking_owners", None)
    if kept is None:
        user: Any = request.user
        rows = queries.customers(access.scope(user)).exclude(owner=None).exclude(owner=user.pk)
        found = rows.order_by("owner__name").values_list("owner", "owner__name").distinct()[:100]
        kept = [*me(request), ("-", _("nobody")), *((str(pk), name) for pk, name in found)]
        request._tracking_owners = kept  # type: ignore[attr-defined]
    return kept


def by_owner(rows: Any, code: str) -> Any:
    if code == "-":
        return rows.filter(owner=None)
    return rows.filter(owner=int(code)) if code.isdecimal() else rows


def _regions(request: HttpRequest) -> list[tuple[str, Any]]:
    kept: list[tuple[str, Any]] | None = getattr(request, "_tracking_regions", None)
    if kept is None:
        user: Any = request.user
        rows = queries.customers(access.scope(user)).exclude(region="").order_by("region")
        kept = [
            ("-", _("no area")),
            *((name, name) for name in rows.values_list("region", flat=True).distinct()[:100]),
        ]
        request._tracking_regions = kept  # type: ignore[attr-defined]
    return kept


def in_area(column: str) -> Callable[[Any, str], Any]:
    return lambda rows, code: rows.filter(**{column: "" if code == "-" else code})


def today() -> dt.datetime:
    """When the day began where the enterprise is."""
    day = arithmetic.local_date(clock.now(), settings.TIME_ZONE)
    return dt.datetime.combine(day, dt.time(), ZoneInfo(settings.TIME_ZONE))


def by_tonight(rows: Any) -> Any:
    return rows.filter(due_at__lt=today() + dt.timedelta(days=1))


def left(user: User) -> int:
    """How many of one's own customers wait for a contact today."""
    rows = by_tonight(queries.waiting(access.scope(user), since=today()).filter(owner=user.party))
    return rows.order_by().values("customer").distinct().count()  # type: ignore[no-any-return]


DUE = lists.List(
    name="tracking-due",
    title=gettext_lazy("Contacts due"),
    href=href,
    row_name=lambda row: row.matter,
    sort="due",
    prepare=attach,
    empty=gettext_lazy("Nothing is due. Time for a customer who has not heard from us for long."),
    columns=(
        lists.Column("customer", gettext_lazy("Customer"), _name, lambda r: r.customer.name if r.customer else "", link=True, phone="title", hideable=False),
        lists.Column("due", gettext_lazy("Due"), lambda r, n: parts.due_badge(r.due_at, n, paused_at=r.paused_at), lambda r: r.due_at, ("due_at", "id"), 150, phone="side"),
        lists.Column("what", gettext_lazy("What"), _what, lambda r: r.label, width=190),
        lists.Column("last", gettext_lazy("Last contact"), lambda r, n: parts.moment(r.spoken_at, n) if r.spoken_at else "—", None, width=120, drop=1),
        lists.Column("area", gettext_lazy("Upkeep area"), lambda r, n: (r.who.region if r.who else "") or "—", lambda r: r.who.region if r.who else "", width=100, drop=2, phone=""),
        lists.Column("owner", gettext_lazy("In charge"), lambda r, n: parts.person(r.owner, empty="—"), lambda r: r.owner.name if r.owner else "", width=110, drop=1, phone=""),
        lists.Column("ops", gettext_lazy("Work"), _ops, None, width=128, hideable=False, phone="line"),
    ),
    filters=(
        lists.text("q", gettext_lazy("Customer"), apply=lambda rows, typed: rows.filter(customer__name__startswith=typed)),
        lists.choice("kind", gettext_lazy("What"), CHOICES, "kind"),
        lists.choice("owner", gettext_lazy("In charge"), owners, apply=by_owner),
        lists.flag("late", gettext_lazy("Overdue"), lambda rows: rows.filter(due_at__lt=clock.now())),
        lists.flag("today", gettext_lazy("By tonight"), by_tonight),
        lists.choice("area", gettext_lazy("Upkeep area"), _regions, apply=in_area("customer__customer__region"), more=True),
        lists.dates("due", gettext_lazy("Due"), "due_at", more=True),
    ),
    views=(
        lists.View("all", gettext_lazy("All"), "sort=due"),
        lists.View("today", gettext_lazy("By tonight"), "today=1&sort=due"),
        lists.View("late", gettext_lazy("Overdue"), "late=1&sort=due", late=True),
        *(lists.View(kind.rpartition(".")[2], label, f"kind={kind}&sort=due") for kind, label in CHOICES[:5]),
        lists.View("phone", gettext_lazy("Calls"), f"kind={queries.PHONE}&sort=due"),
        lists.View("visit", gettext_lazy("Visits"), f"kind={queries.VISIT}&sort=due"),
        lists.View("moment", gettext_lazy("Key moments"), f"kind={queries.MOMENT}&sort=due"),
    ),
)  # fmt: skip


@staff_required(access.SEE)
def due(request: StaffRequest) -> HttpResponseBase:
    """What is owed to customers, the most urgent first."""
    rows = queries.due(access.scope(request.user))
    return lists.answer(
        request, with_powers(request, DUE, lambda row: row.who), rows.prefetch_related("customer__customer__phones"), "tracking/due.html", now=clock.now(),
        context={"left": left(request.user), "leads": access.leads(request.user)},
    )  # fmt: skip


@staff_required(access.SEE)
def following(request: StaffRequest) -> HttpResponse:
    """The customer who needs a contact first: of one's own, else of the house.

    `after` is who was looked at last: whoever comes behind them in the list follows, round to its beginning.
    """
    rows = queries.waiting(access.scope(request.user), since=today())
    after = request.GET.get("after", "")
    last = int(after) if after.isdecimal() else 0
    found = _next(rows.filter(owner=request.user.party), last) or _next(rows, last)
    if found is None:
        return answers.go(request, reverse("tracking:due"), message=_("Nothing more is due."))
    return HttpResponseRedirect(reverse("tracking:work", args=[found.customer_id]))


def _next(rows: QuerySet[Duty], last: int) -> Duty | None:
    others = rows.exclude(customer=last)
    seen = rows.filter(customer=last).first()
    if seen is None:
        return others.first()
    behind = others.filter(Q(due_at__gt=seen.due_at) | Q(due_at=seen.due_at, pk__gt=seen.pk))
    return behind.first() or others.first()


class Dial(HttpResponseRedirect):
    """Leads the browser to the telephone."""

    allowed_schemes = ["tel"]


@staff_required("customer.reveal")
def call(request: StaffRequest, pk: int, phone: int) -> HttpResponse:
    """Dial a customer's number with one tap, at a desk show it to dial; both stand in the log like every look."""
    number = customers.phone_for(request.user, pk, phone, to="reveal")
    full = customer_actions.reveal_phone(
        phone=number, reason=_("Contact with the customer"), by=request.user.party, now=clock.now()
    )
    dial = f"tel:{full.replace(' ', '')}"
    answer = (
        HttpResponse(format_html('<a class="btn btn-primary btn-sm" href="{}">{}</a>', dial, full))
        if answers.is_htmx(request)
        else Dial(dial)
    )
    answer["Cache-Control"] = "no-store"
    return answer
