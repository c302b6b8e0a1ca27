"""Segments with what is set and planned for them, personas, and the stages of the life cycle."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhike.customers.grading import access, actions, forms, overview
from zhike.kernel import clock
from zhike.people.access import StaffRequest, scope_of, staff_required
from zhike.people.models import business_day
from zhike.ui.deeds import deed, typed


def _here() -> str:
    return reverse("customers:segments")


@staff_required(access.SEE)
@require_GET
def segments(request: StaffRequest) -> HttpResponse:
    """What each segment is worth and gets, and what each stage does."""
    scope = scope_of(request.user, access.SEE)
    now = clock.now()
    plans = list(access.plans(request.user)[:40])
    personas = list(access.personas(request.user).filter(until=None)[:40])
    names = {one.code: one.label for one in overview.settings_seen(scope, "segment", now)}
    rows: list[Any] = [*plans, *personas]
    for row in rows:
        row.name_of_segment = names.get(row.segment, row.segment)
    context = {
        "segments": _with_settings(scope, "segment", now),
        "stages": _with_settings(scope, "stage", now),
        "plans": plans,
        "personas": personas,
        "may_plan": request.standing.has(access.GRADE),
        "may_edit": request.standing.has(access.EDIT),
    }
    return render(request, "customers/grading/segments.html", context)


def _with_settings(scope: Any, dimension: str, now: Any) -> list[tuple[Any, Any]]:
    """Each value of the manual in force with its number of customers."""
    shares = {one.code: one for one in overview.spread(scope, dimension, now).shares}
    return [
        (setting, shares.get(setting.code) or overview.Share(setting.code, setting.label))
        for setting in overview.settings_seen(scope, dimension, now)
    ]


def _segment_words(request: StaffRequest) -> list[tuple[str, str]]:
    found = overview.settings_seen(scope_of(request.user, access.SEE), "segment", clock.now())
    return [(one.code, one.label) for one in found]


@staff_required(access.EDIT)
def add_persona(request: StaffRequest) -> HttpResponse:
    """A persona, or the next version of one."""
    here = request.user.party.unit_id
    form = forms.PersonaForm(
        typed(request),
        units=access.units_to_edit(request.user),
        segments=_segment_words(request),
        initial={"unit": here, "segment": request.GET.get("segment", ""), **_known(request)},
    )

    def do(**given: Any) -> None:
        actions.draw_persona(by=request.user.party, now=clock.now(), **given)

    return deed(
        request, form, do, refused=actions.CannotGrade, back=_here(), title=_("Persona"), submit=_("Save"),
        said=_("Saved as a new version."),
        intro=_("The same name makes the next version; the one before is kept."),
    )  # fmt: skip


def _known(request: StaffRequest) -> dict[str, Any]:
    """The newest version of the persona that the address names, to begin with."""
    pk = request.GET.get("of", "")
    row = (
        access.personas(request.user).filter(pk=int(pk)).first() if pk.isascii() and pk.isdecimal() else None
    )
    if row is None:
        return {}
    names = ("name", "segment", "pains", "expectations", "factors", "interaction", "story", "sample")
    return {"unit": row.unit_id, **{name: getattr(row, name) for name in names}}


@staff_required(access.GRADE)
def add_plan(request: StaffRequest, segment: str) -> HttpResponse:
    """The plan of a segment for a period, beginning with what the manual sets."""
    now = clock.now()
    found = overview.settings_seen(scope_of(request.user, access.SEE), "segment", now)
    setting = next((one for one in found if one.code == segment), None)
    if setting is None:
        raise Http404
    form = forms.SegmentPlanForm(
        typed(request),
        units=access.units_to_grade(request.user),
        staff=access.colleagues(request.user),
        initial={
            "unit": request.user.party.unit_id,
            "begins_on": business_day(now),
            "strategy": setting.cell("服务策略"),
            "content": setting.cell("沟通内容"),
            "priority": setting.cell("资源优先级"),
            "owner": request.user.pk,
        },
    )

    def do(**given: Any) -> None:
        actions.plan_segment(segment=segment, by=request.user.party, now=clock.now(), **given)

    return deed(
        request, form, do, refused=actions.CannotGrade, back=_here(),
        title=_("Plan for %(segment)s") % {"segment": setting.label}, submit=_("Save"), said=_("Saved."),
        intro=_("The three settings begin with those of the regulation."),
    )  # fmt: skip


@staff_required(access.SEE)
def plan_result(request: StaffRequest, pk: int) -> HttpResponse:
    """What came of a plan; written by who is responsible, or by who plans."""
    plan = access.plans(request.user).filter(pk=pk).first()
    if plan is None or not (
        plan.owner_id == request.user.party.pk or access.may_grade(request.user, plan.unit_id)
    ):
        raise Http404
    form = forms.ResultForm(typed(request), initial={"result": plan.result})

    def do(result: str) -> None:
        actions.report_segment(plan=plan, result=result, by=request.user.party, now=clock.now())

    return deed(
        request, form, do, refused=actions.CannotGrade, back=_here(), title=_("Result of the plan"),
        submit=_("Save"), said=_("Saved."), intro=plan.target,
    )  # fmt: skip
