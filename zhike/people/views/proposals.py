from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.people import actions, forms, queries
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import PersonnelProposal, business_day
from zhike.ui import answers, lists, parts

from ._trying import tried

PROPOSAL = "people/proposal.html"
READS = ("personnel.propose", "personnel.record")
_LOOKS = {"PROPOSED": "new", "AGREED": "met", "DECLINED": "", "WITHDRAWN": ""}
lazy = gettext_lazy


def _state(row: PersonnelProposal, now: dt.datetime) -> SafeString:
    return parts.status(row.get_state_display(), _LOOKS[row.state])


PROPOSALS = lists.List(
    name="proposals",
    title=lazy("Personnel proposals"),
    columns=(
        lists.Column("title", lazy("Proposal"), lambda r, n: r.title, lambda r: r.title, ("title",),
                     link=True, hideable=False, phone="title"),
        lists.Column("kind", lazy("Matter"), lambda r, n: r.get_kind_display(), lambda r: r.get_kind_display(),
                     ("kind",), 110),
        lists.Column("about", lazy("Person concerned"), lambda r, n: parts.person(r.about), lambda r: str(r.about or ""),
                     ("about__name",), 120),
        lists.Column("unit", lazy("Unit"), lambda r, n: r.unit.label, lambda r: r.unit.name,
                     ("unit__path",), 170, drop=1),
        lists.Column("by", lazy("Proposed by"), lambda r, n: parts.person(r.proposed_by),
                     lambda r: str(r.proposed_by), ("proposed_by__name",), 120, drop=2),
        lists.Column("at", lazy("Proposed on"), lambda r, n: parts.moment(r.proposed_at, n), lambda r: r.proposed_at,
                     ("proposed_at",), 120),
        lists.Column("state", lazy("State"), _state, lambda r: r.get_state_display(), ("state",), 130, phone="side"),
    ),
    href=lambda row: row.get_absolute_url(),
    filters=(
        lists.text("q", lazy("Words in it"), "title__icontains", "reasons__icontains"),
        lists.choice("state", lazy("State"), PersonnelProposal.State.choices, "state"),
        lists.choice("kind", lazy("Matter"), PersonnelProposal.Kind.choices, "kind"),
    ),
    views=(
        lists.View("open", lazy("Undecided"), "state=PROPOSED"),
        lists.View("all", lazy("All"), ""),
    ),
    sort="-at",
    empty=lazy("No proposals here."),
)  # fmt: skip


@staff_required(*READS)
def proposals(request: StaffRequest) -> HttpResponseBase:
    """Proposals in matters of personnel; the decisions lie outside the department (R002-172)."""
    rows = queries.visible_proposals(request.standing.scope(*READS))
    context = {"may": {"propose": request.standing.has("personnel.propose")}}
    return lists.answer(request, PROPOSALS, rows, "people/proposals.html", now=clock.now(), context=context)


@staff_required("personnel.propose")
def propose(request: StaffRequest) -> HttpResponse:
    scope = request.standing.scope("personnel.propose")
    units = queries.tree_order(queries.open_units(scope.units))
    people = [user.party for user in queries.visible_staff(scope) if user.pk != request.user.pk]
    form = forms.ProposalForm(request.POST or None, units=units, people=people)
    if request.method == "POST":
        made: list[PersonnelProposal] = []
        by, now = request.user.party, clock.now()
        if tried(form, lambda: made.append(actions.propose(by=by, now=now, **form.cleaned_data))):
            return answers.go(request, made[0], message=_("Proposed. The decision is taken outside."))
    return render(request, "people/propose.html", {"form": form})


@staff_required(*READS)
def proposal(request: StaffRequest, pk: int) -> HttpResponse:
    return answers.page(request, PROPOSAL, _page(request, _proposal(request, pk)))


@require_POST
@staff_required("personnel.record")
def record_decision(request: StaffRequest, pk: int) -> HttpResponse:
    row = _proposal(request, pk, "personnel.record")
    form = forms.DecisionForm(request.POST)
    by, now = request.user.party, clock.now()
    if tried(form, lambda: actions.record_decision(proposal=row, by=by, now=now, **form.cleaned_data)):
        return answers.done(
            request, f"{PROPOSAL}#decision", _page(request, row), then=row, message=_("Decision recorded.")
        )
    return answers.again(request, f"{PROPOSAL}#decision", _page(request, row, form))


@require_POST
@staff_required("personnel.propose")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    row = _proposal(request, pk)
    try:
        actions.withdraw(proposal=row, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=row)
    return answers.done(
        request, f"{PROPOSAL}#decision", _page(request, row), then=row, message=_("Proposal withdrawn.")
    )


def _proposal(request: StaffRequest, pk: int, *powers: str) -> PersonnelProposal:
    scope = request.standing.scope(*(powers or READS))
    return get_object_or_404(queries.visible_proposals(scope), pk=pk)


def _page(
    request: StaffRequest, row: PersonnelProposal, form: forms.DecisionForm | None = None
) -> dict[str, Any]:
    is_open = row.state == PersonnelProposal.State.PROPOSED
    own = row.proposed_by_id == request.user.pk
    return {
        "proposal": row,
        "look": _LOOKS[row.state],
        "form": form or forms.DecisionForm(initial={"decided_on": business_day(clock.now())}),
        "may": {
            "record": is_open and not own and request.standing.may("personnel.record", row.unit_id),
            "withdraw": is_open and own,
        },
    }
