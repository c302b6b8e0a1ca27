"""Proposals of grades: who proposes what, approved, refused or taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from zhike.customers.grading import access, actions, forms, queries
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.models import Proposal
from zhike.kernel import clock
from zhike.people.access import StaffRequest, scope_of, staff_required, standing
from zhike.ui import answers, lists, parts
from zhike.ui.deeds import deed, typed

_act = partial(deed, refused=actions.CannotGrade)


def _name(dimension: str) -> Any:
    found = DIMENSIONS.get(dimension)
    return found.label if found else dimension


def _prepare(rows: list[Proposal]) -> None:
    """The words of values, one reading of the manual for each unit and dimension."""
    known: dict[tuple[int, str], dict[str, str]] = {}
    for row in rows:
        key = (row.customer.unit_id, row.dimension)
        if key not in known:
            known[key] = dict(queries.words_at(*key)) if row.dimension in DIMENSIONS else {}
        row.words = known[key]  # type: ignore[attr-defined]


def _change(row: Any, _now: Any = None) -> str:
    return f"{row.words.get(row.before, row.before) or '—'} → {row.words.get(row.value, row.value)}"


def _verbs(row: Proposal, _now: Any) -> Any:
    """Approve and refuse; what is not allowed is refused by the action with one sentence."""
    if row.state != Proposal.State.OPEN:
        return row.opinion
    return format_html(
        '<a href="{}" hx-get="{}" hx-target="#dialog">{}</a> · <a href="{}" hx-get="{}" hx-target="#dialog">{}</a>',
        *(reverse("customers:approve_proposal", args=[row.pk]),) * 2,
        _("Approve"),
        *(reverse("customers:refuse_proposal", args=[row.pk]),) * 2,
        _("Refuse"),
    )


def _state(row: Proposal, _now: Any) -> Any:
    return parts.status(row.get_state_display(), "met" if row.state == Proposal.State.APPROVED else "")


def _may_export(request: HttpRequest) -> bool:
    found = standing(request.user)  # type: ignore[arg-type]
    return found.has("data.export") and found.has(access.SEE)


Column = lists.Column
PROPOSALS = lists.List(
    name="grade-proposals",
    title=gettext_lazy("Proposals of grades"),
    columns=(
        Column("customer", gettext_lazy("Customer"), lambda r, n: r.customer.name, lambda r: r.customer.name, ("customer__sort_key", "pk"), link=True, phone="title"),
        Column("dimension", gettext_lazy("Dimension"), lambda r, n: _name(r.dimension), lambda r: str(_name(r.dimension)), ("dimension", "pk"), 110),
        Column("change", gettext_lazy("Change"), _change, _change, width=170),
        Column("reason", gettext_lazy("Reason"), lambda r, n: parts.cut(r.reason), lambda r: r.reason, width=240, drop=1),
        Column("by", gettext_lazy("Proposed by"), lambda r, n: parts.person(r.by), lambda r: r.by.name, width=110, drop=2),
        Column("at", gettext_lazy("On"), lambda r, n: parts.moment(r.at, n), lambda r: r.at, ("at", "pk"), 110),
        Column("state", gettext_lazy("State"), _state, lambda r: r.get_state_display(), width=100, phone="side"),
        Column("verbs", gettext_lazy("Decision"), _verbs, lambda r: r.opinion, width=150),
    ),
    href=lambda row: reverse("customers:grades", args=[row.customer_id]),
    filters=(
        lists.choice("state", gettext_lazy("State"), Proposal.State.choices),
        lists.choice("dimension", gettext_lazy("Dimension"), [(one.code, one.label) for one in DIMENSIONS.values()]),
        lists.dates("at", gettext_lazy("On"), "at", more=True),
    ),
    views=(
        lists.View("open", pgettext_lazy("not done yet", "Open"), "state=OPEN", late=True),
        lists.View("approved", gettext_lazy("Approved"), "state=APPROVED"),
        lists.View("refused", gettext_lazy("Refused"), "state=REFUSED"),
    ),
    sort="-at",
    prepare=_prepare,
    may_export=_may_export,
    empty=gettext_lazy("Nobody has proposed a grade."),
)  # fmt: skip


@staff_required(access.SEE)
def proposals(request: StaffRequest) -> HttpResponseBase:
    rows = queries.proposals(scope_of(request.user, access.SEE))
    return lists.answer(request, PROPOSALS, rows, "customers/grading/plain_list.html", now=clock.now())


@staff_required(access.GRADE)
def approve_proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the customer the proposed value."""
    proposal = access.proposal_for(request.user, pk, to="decide")

    def do(opinion: str) -> None:
        actions.approve(proposal=proposal, opinion=opinion, by=request.user.party, now=clock.now())

    return _act(
        request, forms.OpinionForm(typed(request)), do, back=reverse("customers:proposals"),
        title=_("Approve the proposal"), submit=_("Approve"), said=_("Approved."), intro=proposal.reason,
    )  # fmt: skip


@staff_required(access.GRADE)
def refuse_proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """Leave the value as it is."""
    proposal = access.proposal_for(request.user, pk, to="decide")

    def do(opinion: str) -> None:
        actions.refuse(proposal=proposal, opinion=opinion, by=request.user.party, now=clock.now())

    return _act(
        request, forms.OpinionForm(typed(request)), do, back=reverse("customers:proposals"),
        title=_("Refuse the proposal"), submit=_("Refuse"), said=_("Refused."), intro=proposal.reason,
    )  # fmt: skip


@staff_required(access.SEE)
@require_POST
def withdraw_proposal(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back one's own proposal."""
    proposal = access.proposal_for(request.user, pk)
    back = reverse("customers:proposals")
    try:
        actions.withdraw(proposal=proposal, by=request.user.party, now=clock.now())
    except actions.CannotGrade as refusal:
        return answers.refuse(request, str(refusal), then=back)
    return answers.go(request, back, message=_("Taken back."))
