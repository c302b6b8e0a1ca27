"""What the lists of complaints offer as filters, how they cut, and what a line says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.complaints import access, queries, questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_of, regime_on, versions_among
from zhike.complaints.reporting import cuts, regimes
from zhike.complaints.templatetags.complaints import stage_words
from zhike.kernel import clock
from zhike.kernel.parties import tree
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.search import index
from zhike.manuals.queries import cases_behind
from zhike.people import access as people
from zhike.people.models import business_day
from zhike.people.standing import INNER
from zhike.ui import lists, parts
from zhike.ui.markup import format_html


def regime_asked(request: HttpRequest) -> Regime | None:
    """The regulation whose words the list speaks: that of the reader's own unit, else of the first with one."""
    user: Any = request.user
    if not hasattr(request, "_regime"):
        # words do not depend on the hour, so the enterprise's day will do
        day = business_day(clock.now())
        near = (
            regime_on(unit, day) for unit in [user.party.unit_id, *tree.tree().parents] if unit is not None
        )
        request._regime = next((found for found in near if found is not None), None)  # type: ignore[attr-defined]
    return request._regime  # type: ignore[attr-defined,no-any-return]


def items(request: HttpRequest) -> list[tuple[str, str]]:
    regime = regime_asked(request)
    return [*(regime.choices(questions.ITEMS) if regime else []), ("-", _("Not classified yet"))]


def handlers(request: HttpRequest) -> list[tuple[str, str]]:
    regime = regime_asked(request)
    return regime.choices(questions.HANDLERS) if regime else []


def units(request: HttpRequest) -> list[tuple[str, str]]:
    user: Any = request.user
    scope = access.scope(user)
    houses = (row for row in tree.rows() if row.kind not in INNER and scope.sees_unit(row.id))
    return [(str(house.id), house.label) for house in sorted(houses, key=attrgetter("path"))]


def search(rows: QuerySet[Complaint], typed: str) -> QuerySet[Complaint]:
    """By number, title and text through the index; by the customer's name as it begins."""
    found = Q(number__iexact=typed) | Q(customer__name__startswith=typed)
    if len(typed) > 1:
        found |= Q(pk__in=index.matching(typed, label=Complaint._meta.label))
    return rows.filter(found)


def by_item(rows: QuerySet[Complaint], code: str) -> QuerySet[Complaint]:
    return rows.filter(item="" if code == "-" else code)


STATES = [
    ("open", gettext_lazy("Under way")),
    ("late", gettext_lazy("Overdue")),
    ("closed", gettext_lazy("Closed")),
    ("void", gettext_lazy("Void")),
    ("joined", gettext_lazy("Joined to another")),
    ("valid", gettext_lazy("All but void")),
]


def by_state(rows: QuerySet[Complaint], code: str) -> QuerySet[Complaint]:
    if code == "open":
        return rows.filter(closed_at=None)
    if code == "late":
        return rows.filter(closed_at=None, due_at__lt=clock.now())
    if code == "void":
        return rows.filter(voided_at__isnull=False)
    if code == "joined":
        return rows.filter(joined_to__isnull=False)
    if code == "valid":
        return rows.filter(voided_at=None, joined_to=None)
    return rows.filter(closed_at__isnull=False, voided_at=None, joined_to=None)


def not_joined(rows: QuerySet[Complaint], params: Mapping[str, str]) -> QuerySet[Complaint]:
    """A joined complaint counts with its main one; it is listed when asked for, or looked for by its words.

    The states decide for themselves, and what is due today is open: then the index need not hold the column.
    """
    if any(params.get(key) for key in ("state", "q", "today")):
        return rows
    return rows.filter(joined_to=None)


def accused(request: HttpRequest) -> list[tuple[str, str]]:
    """Whom the figures of an employee are about: only the one asked for, since a house has many."""
    asked = request.GET.get("accused", "")
    if not asked.isdecimal() or len(asked) > 17:
        return []
    user: Any = request.user
    staff = access.scope(user).rows(Party.objects.filter(kind=Party.Kind.STAFF), named=("pk",))
    return [(str(party.pk), party.name) for party in staff.filter(pk=int(asked))]


def cut_asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The figure of a report that was opened: only the one asked for, if it is any."""
    asked = request.GET.get("cut", "")
    known = bool(asked) and cuts.is_known(asked, clock.now())
    return [(asked, _("as counted in the report"))] if known else []


def by_cut(rows: QuerySet[Complaint], text: str) -> QuerySet[Complaint]:
    found = cuts.apply(rows, text, clock.now())
    return rows.none() if found is None else found


def backtest_asked(request: HttpRequest) -> list[tuple[str, str]]:
    """The figure of a back-test that was opened: only the one asked for, if the person may see its cases."""
    asked = request.GET.get("backtest", "")
    user: Any = request.user
    scope = access.scope(user)
    known = bool(asked) and by_backtest_in(scope, queries.complaints(scope).none(), asked) is not None
    return [(asked, _("as counted in the back-test"))] if known else []


def by_backtest_in(scope: Scope, rows: QuerySet[Complaint], token: str) -> QuerySet[Complaint] | None:
    return cases_behind(token, rows, scope, business_day(clock.now()))


def houses(request: HttpRequest) -> list[tuple[str, str]]:
    """The unit of which a report was opened: a list that comes from no report asks for none."""
    return units(request) if "below" in request.GET else []


def reports(request: HttpRequest) -> list[tuple[str, str]]:
    """The regulation whose report was opened, by the report's code: only the one asked for."""
    if "regime" not in request.GET:
        return []
    user: Any = request.user
    offered = regimes.offers(access.scope(user), business_day(clock.now()))
    return [(offer.code, f"{offer.title} {offer.code}") for offer in offered.values()]


def by_report(rows: QuerySet[Complaint], code: str) -> QuerySet[Complaint]:
    return rows.filter(manual__in=list(regimes.versions(code)))


def due_today(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    now = clock.now()
    return rows.filter(closed_at=None, due_at__gte=now, due_at__lt=now + dt.timedelta(hours=24))


def _stage(row: Complaint) -> str:
    """The stage in the reader's language, put on the row by `prepare`."""
    return getattr(row, "stage_label", row.stage)


def state_cell(row: Complaint, now: dt.datetime) -> SafeString:
    if row.is_void:
        return parts.status(_("Void"), "")
    if row.is_joined:
        return parts.status(_("Joined"), "")
    if not row.is_open:
        return parts.status(_("Closed"), "met")
    return parts.status(_stage(row) or _("Under way"), "late" if row.is_late(now) else "run")


def due_cell(row: Complaint, now: dt.datetime) -> SafeString:
    """The due date; of a joined one the number of the complaint by whose dates it goes."""
    if row.is_joined:
        return format_html("{}", getattr(row, "main_number", ""))
    if not row.is_open:
        return SafeString("")
    return parts.due_badge(row.due_at, now)


def clause_cell(row: Complaint, now: dt.datetime) -> SafeString:
    if not row.clause:
        return SafeString("—")
    ruling = f"{address(row)}ruling/"
    return parts.clause(row.clause, ruling, peek=ruling)


def address(row: Complaint) -> str:
    """The page of a complaint; a list asks for hundreds, and resolving a name takes its time."""
    return f"{_root(get_script_prefix())}{row.pk}/"


@lru_cache(maxsize=8)
def _root(_prefix: str) -> str:
    return reverse("complaints:list")


def item_label(row: Complaint) -> str:
    """The item in words; kept on the row by `prepare`."""
    return getattr(row, "item_label", row.item) or row.source_category


def prepare(rows: list[Complaint]) -> None:
    """Words of items, by the manual of each complaint, whatever the values of its unit; numbers of main ones."""
    mains = {row.joined_to_id for row in rows if row.joined_to_id}
    numbers = queries.numbers_of(mains) if mains else {}
    asked = {row.manual_id for row in rows if row.manual_id}
    manuals = versions_among(asked, business_day(clock.now()))
    regimes: dict[int | None, Regime | None] = {}
    for row in rows:
        row.manual = manuals.get(row.manual_id) if row.manual_id else None
        if row.manual_id not in regimes:
            try:
                regimes[row.manual_id] = regime_of(row)
            except NoManual:
                regimes[row.manual_id] = None
        regime = regimes[row.manual_id]
        if regime and row.stage:
            row.stage_label = stage_words(row.stage, regime)  # type: ignore[attr-defined]
        row.main_number = numbers.get(row.joined_to_id or 0, "")  # type: ignore[attr-defined]
        row.item_label = regime.label(questions.ITEMS, row.item) if regime and row.item else ""  # type: ignore[attr-defined]


def may_export(request: HttpRequest) -> bool:
    user: Any = request.user
    return people.may(user, "data.export")


def may_assign(request: HttpRequest) -> bool:
    user: Any = request.user
    return people.may(user, "complaint.assign")


def log_export(request: HttpRequest, fmt: str, rows: int) -> None:
    from zhike.complaints.actions import exported

    user: Any = request.user
    exported(by=user.party, now=clock.now(), fmt=fmt, rows=rows, query=request.GET.urlencode())


def number_column(width: int = 138, phone: str = "side") -> lists.Column:
    """The number, which opens the row and stays where others are hidden."""
    return lists.Column(
        "number",
        gettext_lazy("No."),
        lambda r, n: r.number,
        lambda r: r.number,
        ("id",),
        width,
        link=True,
        hideable=False,
        phone=phone,
    )


def customer_column() -> lists.Column:
    return lists.Column(
        "customer",
        gettext_lazy("Customer"),
        lambda r, n: r.customer.name if r.customer else "—",
        lambda r: r.customer.name if r.customer else "",
        width=100,
        joins=("customer",),
    )
