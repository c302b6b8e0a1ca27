"""Proposals beside the forms, and the page of what was learned."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.complaints import access, questions
from zhike.complaints.regime import Regime, regime_at, regime_of, regime_on
from zhike.kernel import clock
from zhike.kernel.parties.held import held
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy.inforce import NoManual
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui import answers

from . import jobs, reads, words
from .similar import similar

POWER = "report.see"
BESIDE_FORM = 3


@staff_required("complaint.take")
@require_POST
def suggest(request: StaffRequest) -> HttpResponse:
    """What past cases say of the text as typed: a proposal with a button, similar cases. Nothing is stored."""
    unit, text = request.POST.get("unit", ""), request.POST.get("text", "")
    scope = people.scope_of(request.user, "complaint.take")
    context: dict[str, object] = {"asked": False}
    if unit.isdecimal() and scope.sees_unit(int(unit)):
        try:
            regime = regime_at(int(unit), clock.now())
        except NoManual:
            return render(request, "complaints/_suggestion.html", context)
        context = _said(request, regime, text, limit=BESIDE_FORM)
        context["chosen"] = request.POST.get("item", "")
    return render(request, "complaints/_suggestion.html", context)


@staff_required(access.SEE)
def beside(request: StaffRequest, pk: int) -> HttpResponse:
    """The panel of a case: similar ones and, where it has no class yet, a proposal."""
    complaint = access.complaint_for(request.user, pk)
    try:
        regime = regime_of(complaint)
    except NoManual:
        regime = None
    context: dict[str, object] = {"complaint": complaint, "asked": False}
    if regime is not None:
        context |= _said(request, regime, complaint.text, besides=pk)
        if complaint.item or not access.may(request.user, complaint).change:
            context["proposal"] = None
    return render(request, "complaints/_beside.html", context)


def _said(
    request: StaffRequest, regime: Regime, text: str, *, besides: int | None = None, limit: int = 5
) -> dict[str, object]:
    labels = dict(regime.choices(questions.ITEMS))
    found = similar(
        access.scope(request.user), text, key=regime.answer.version.key, besides=besides, limit=limit
    )
    return {
        "asked": len(text.strip()) >= reads.LEAST_TEXT,
        "proposal": reads.proposal(regime, text),
        "similar": [(row, labels.get(row.complaint.item, "")) for row in found],
    }


@held
@staff_required(POWER)
def suggestions(request: StaffRequest) -> HttpResponse:
    """What was learned under the regulations of the person's houses, and how good it is."""
    regimes = _regimes(request)
    rows = reads.regulations(people.scope_of(request.user, POWER), list(regimes))
    shown = [(row, _labels(regimes[row.key]), words.sentence(row.last) if row.last else "") for row in rows]
    return render(request, "complaints/suggestions.html", {"regulations": shown, "demo": settings.DEMO})


def _labels(regime: Regime) -> dict[str, str]:
    return dict(regime.choices(questions.ITEMS))


def _regimes(request: StaffRequest) -> dict[str, Regime]:
    """The regulations in force in the houses that the person's reports reach, by key."""
    scope = people.scope_of(request.user, POWER)
    day = business_day(clock.now())
    units = sorted(tree().parents) if scope.units is None else sorted(scope.units)
    found = (regime_on(unit, day) for unit in units)
    return {regime.answer.version.key: regime for regime in found if regime is not None}


@held
@staff_required(POWER)
@require_POST
def train(request: StaffRequest) -> HttpResponse:
    """Have the worker train one regulation now; `take` puts the new model into use even if it is worse."""
    key = request.POST.get("key", "")
    if key not in _regimes(request):
        return answers.refuse(
            request, _("This regulation is not in force in your houses."), then="complaints:suggestions"
        )
    jobs.ask(key=key, by=request.user.party, take=bool(request.POST.get("take")))
    return answers.go(
        request, "complaints:suggestions", message=_("The worker trains it now; look again in a minute.")
    )
