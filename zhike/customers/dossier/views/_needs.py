"""Needs: on the file of one customer, and as the list that product development reads."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers import access
from zhike.customers.dossier import access as gates
from zhike.customers.dossier import actions, forms, queries
from zhike.customers.dossier.models import Fact, Need
from zhike.customers.models import Customer
from zhike.customers.privacy.views.listing import guard, may_export
from zhike.customers.views.listing import units_of_list
from zhike.kernel import clock
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.ui import lists, parts
from zhike.ui.deeds import typed
from zhike.ui.lists.conditions import midnight

from ._common import act


@staff_required("customer.edit")
def add_need(request: StaffRequest, pk: int) -> HttpResponse:
    customer = access.customer_for(request.user, pk, to="edit")
    holders = customer.position == Customer.Position.INTERMEDIATE
    form = forms.NeedForm(typed(request), holders=holders, initial={"holder": request.GET.get("holder", "")})
    return act(request, customer, form, partial(actions.add_need, customer=customer), title=_("New need"))


@staff_required("customer.edit")
def change_need(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    need = gates.part_for(request.user, Need, pk, row, to="edit")
    columns = {key: getattr(need, key) for key in ("kind", "text", "strength", "source")}
    form = forms.NeedForm(typed(request), holders=False, initial=columns)
    return act(
        request, need.customer, form, partial(actions.change_need, need=need), title=_("The need has changed")
    )


@staff_required("customer.edit")
def send_need(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    need = gates.part_for(request.user, Need, pk, row, to="edit")
    return act(
        request,
        need.customer,
        forms.SendForm(typed(request), initial={"to": _("Product development")}),
        partial(actions.send_need, need=need),
        title=_("Send the need on"),
        submit=pgettext_lazy("a need on", "Send"),
        said=pgettext_lazy("a need on", "Sent."),
        intro=need.text,
    )


@staff_required("customer.edit")
def need_outcome(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    need = gates.part_for(request.user, Need, pk, row, to="edit")
    return act(
        request,
        need.customer,
        forms.OutcomeForm(typed(request), initial={"outcome": need.outcome}),
        partial(actions.need_outcome, need=need),
        title=_("What came of the need"),
        intro=need.text,
    )


@staff_required("customer.edit")
def close_need(request: StaffRequest, pk: int, row: int) -> HttpResponse:
    need = gates.part_for(request.user, Need, pk, row, to="edit")
    return act(
        request,
        need.customer,
        forms.CloseNeedForm(typed(request), initial={"measure": need.measure}),
        partial(actions.close_need, need=need),
        title=_("Close the need"),
        submit=_("Close the need"),
        intro=need.text,
    )


@staff_required("customer.see")
def needs(request: StaffRequest) -> HttpResponseBase:
    """Every need, with what was sent on and what came of it."""
    rows = queries.needs(scope_of(request.user, access.POWERS["see"]))
    return lists.answer(request, NEEDS, rows, "customers/dossier/needs.html", now=clock.now())


def _of_theirs(rows: Any) -> Any:
    return rows.exclude(holder="")


def _without_outcome(rows: Any) -> Any:
    return rows.filter(sent_at__isnull=False, outcome="")


def _open_on(rows: Any, days: tuple[dt.date | None, dt.date | None]) -> Any:
    """Not closed yet at the end of a day; of two days the later one counts."""
    day = days[1] or days[0]
    assert day is not None  # the filter is not asked without one
    return rows.filter(queries.still_open(midnight(day + dt.timedelta(days=1))))


STATES = {
    Need.State.OPEN: gettext_lazy("Not settled yet"),
    Need.State.CHANGED: gettext_lazy("Changed"),
    Need.State.CLOSED: pgettext_lazy("of a need", "Closed"),
}
KINDS = {Need.State.OPEN: "run", Need.State.CHANGED: "", Need.State.CLOSED: "met"}
NEEDS = lists.List(
    name="needs",
    title=gettext_lazy("Needs"),
    href=lambda row: f"{reverse('customers:beside', args=[row.customer_id])}#needs",
    row_name=lambda row: row.text[:30],
    sort="-at",
    may_export=may_export(access.POWERS["see"]),
    guard_export=guard("needs", "customer_id"),
    marked=True,
    empty=gettext_lazy("No need matches."),
    columns=(
        lists.Column("text", gettext_lazy("Need"), lambda r, n: parts.cut(r.text), lambda r: r.text, link=True, phone="title"),
        lists.Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, width=180),
        lists.Column("holder", gettext_lazy("Whose need"), lambda r, n: r.holder or "—", lambda r: r.holder, width=130, drop=2),
        lists.Column("kind", gettext_lazy("Kind"), lambda r, n: r.get_kind_display(), lambda r: r.get_kind_display(), width=204),
        lists.Column("strength", gettext_lazy("Strength"), lambda r, n: r.strength or "—", lambda r: r.strength, ("strength", "id"), 70, numeric=True, drop=1, phone=""),
        lists.Column("sent", gettext_lazy("Sent to"), lambda r, n: r.sent_to or "—", lambda r: r.sent_to, width=120),
        lists.Column("outcome", gettext_lazy("Outcome"), lambda r, n: parts.cut(r.outcome) if r.outcome else "—", lambda r: r.outcome, drop=1, phone=""),
        lists.Column("state", gettext_lazy("State"), lambda r, n: parts.status(STATES[r.state], KINDS[r.state]), lambda r: str(STATES[r.state]), width=144),
        lists.Column("at", gettext_lazy("Recorded"), lambda r, n: parts.moment(r.at, n), lambda r: r.at, ("at", "id"), 110),
    ),
    filters=(
        lists.text("q", gettext_lazy("Words"), "text__icontains", placeholder=gettext_lazy("What is needed")),
        lists.choice("kind", gettext_lazy("Kind"), list(Need.Kind.choices), width=160),
        lists.choice("state", gettext_lazy("State"), list(STATES.items())),
        lists.choice("source", gettext_lazy("Known from"), list(Fact.Source.choices), more=True),
        lists.unit("unit", gettext_lazy("Unit"), "customer__unit", choices=units_of_list, more=True),
        lists.dates("at", gettext_lazy("Recorded"), "at", more=True),
        lists.dates("closed", gettext_lazy("Closed on"), "closed_at", more=True),
        lists.Filter("stood", gettext_lazy("Open at the end of"), "dates", _open_on, more=True, width=132),
        lists.flag("first", gettext_lazy("New"), lambda rows: rows.filter(follows=None), more=True),
        lists.flag("again", gettext_lazy("Changed"), lambda rows: rows.exclude(follows=None), more=True),
        lists.flag("theirs", gettext_lazy("Of customers' customers"), _of_theirs, more=True),
        lists.flag("unanswered", gettext_lazy("Sent and not answered"), _without_outcome, more=True),
    ),
    views=(
        lists.View("open", gettext_lazy("Not settled yet"), "state=OPEN"),
        lists.View("theirs", gettext_lazy("Of customers' customers"), "theirs=1"),
        lists.View("unanswered", gettext_lazy("Sent and not answered"), "unanswered=1", late=True),
        lists.View("all", gettext_lazy("All"), "sort=-at"),
    ),
)  # fmt: skip
