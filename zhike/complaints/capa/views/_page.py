from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhike.complaints import access as cases
from zhike.complaints import queries as case_queries
from zhike.complaints.capa import access, actions, fishbone, queries
from zhike.complaints.capa.models import Capa, CapaAction, CapaCause, CapaWhy
from zhike.complaints.capa.reading import Dossier
from zhike.complaints.views._case import StageLine
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required
from zhike.ui import answers

Phase = Capa.Phase
LINE = (Phase.ANALYSIS, Phase.REVIEW, Phase.APPROVAL, Phase.EXECUTION, Phase.EFFECT, Phase.SUMMARY)


@dataclass(frozen=True)
class Chain:
    """One 5-why chain as the page shows it: the answers, and which why may be answered next."""

    number: int
    whys: list[CapaWhy]

    @property
    def next_place(self) -> int:
        return len(self.whys) + 1

    @property
    def is_open(self) -> bool:
        return not any(why.root for why in self.whys)


@dataclass(frozen=True)
class Bone:
    """One category of the fishbone with its causes, each with its sub-causes."""

    code: str
    label: str
    causes: list[tuple[CapaCause, list[CapaCause]]]


@dataclass(frozen=True)
class ActionLine:
    action: CapaAction
    owner: str
    late: bool
    may_finish: bool
    may_remove: bool


@staff_required()
def capa(request: StaffRequest, pk: int) -> HttpResponse:
    """One corrective action: phases, causes, plan, judgements, effect, past cases."""
    return answers.page(
        request, "complaints/capa/page.html", context_of(request, access.capa_for(request.user, pk))
    )


def context_of(request: StaffRequest, file: Dossier, **more: Any) -> dict[str, Any]:
    """Everything that the page and its parts show."""
    now, user, capa = clock.now(), request.user, file.capa
    may = access.may(user, file)
    words = request.GET.get("words")
    words = capa.keywords if words is None else words.strip()[:200]
    in_case = actions.reviewed_in_case(file) if capa.phase in {Phase.ANALYSIS, Phase.REVIEW} else None
    context = {
        "capa": capa,
        "file": file,
        "may": may,
        "now": now,
        "phases": phases(file),
        "analysing": capa.phase == Phase.ANALYSIS and may.work,
        **analysis(file, editing=capa.phase == Phase.ANALYSIS and may.work),
        "measures": measures(request, file, may),
        "in_case": in_case,
        "words": words,
        "past": queries.past_cases(cases.scope(user), file, words),
        "visible": seen_cases(request, file),
    }
    return context | more


def seen_cases(request: StaffRequest, file: Dossier) -> set[int]:
    """Which of its complaints the person may open: who only owes a measure sees the number and no more."""
    found = case_queries.complaints(cases.scope(request.user)).filter(
        pk__in=[one.pk for one in file.complaints]
    )
    return set(found.values_list("pk", flat=True))


def analysis(file: Dossier, *, editing: bool) -> dict[str, Any]:
    """The chains and the bones."""
    chains = [Chain(number, whys) for number, whys in file.chains]
    return {
        "editing": editing,
        "chains": chains,
        "next_chain": max((chain.number for chain in chains), default=0) + 1,
        "bones": [_bone(file, code, str(label)) for code, label in CapaCause.Category.choices],
        "fishbone": fishbone.draw(file.causes, file.capa.title, label=_("Fishbone of causes"))
        if file.causes
        else "",
    }


def _bone(file: Dossier, code: str, label: str) -> Bone:
    own = [cause for cause in file.causes if cause.category == code]
    tops = [cause for cause in own if cause.parent_id is None]
    return Bone(code, label, [(top, [sub for sub in own if sub.parent_id == top.pk]) for top in tops])


def measures(request: StaffRequest, file: Dossier, may: access.MayCapa) -> list[ActionLine]:
    """The table of measures: temporary ones first, then the plan by date."""
    capa, now = file.capa, clock.now()
    order = {CapaAction.Kind.CONTAINMENT: 0}
    found = []
    for row in sorted(file.actions, key=lambda one: (order.get(one.kind, 1), one.due_on, one.pk)):  # type: ignore[call-overload]
        temporary = row.kind == CapaAction.Kind.CONTAINMENT
        due = not row.is_done and (capa.is_open if temporary else capa.phase == Phase.EXECUTION)
        duty = row.duty
        found.append(
            ActionLine(
                action=row,
                owner=file.owner_of(row),
                late=duty is not None and duty.state == Duty.State.OPEN and duty.is_late(now),
                may_finish=due and access.finishes(request.user, file, row),
                may_remove=may.work and capa.phase == Phase.ANALYSIS and not row.is_done,
            )
        )
    return found


def phases(file: Dossier) -> list[StageLine]:
    """The line of phases with who did what when, and the round where there were several."""
    capa = file.capa
    places = {phase: place for place, phase in enumerate(LINE)}
    here = places.get(capa.phase, len(LINE))  # type: ignore[call-overload]
    if capa.phase == Phase.DROPPED:
        here = 0
    return [
        StageLine(
            str(phase.label),
            _note(file, phase, place, here),
            "done" if place < here else "now" if place == here and capa.is_open else "",
        )
        for place, phase in enumerate(LINE)
    ]


def _note(file: Dossier, phase: Phase, place: int, here: int) -> str:
    capa = file.capa
    if place == here:
        return _("Round %(number)d") % {"number": capa.round} if capa.is_open else ""
    if place > here:
        return ""
    if phase == Phase.ANALYSIS and capa.submitted_by is not None and capa.submitted_at is not None:
        return f"{capa.submitted_by.name} {calendars.local_day(capa.submitted_at, capa.unit_id):%m-%d}"
    judged = file.last(phase) if phase in {Phase.REVIEW, Phase.APPROVAL, Phase.EFFECT} else None
    if judged is not None:
        return f"{judged.by.name} {calendars.local_day(judged.at, capa.unit_id):%m-%d}"
    if phase == Phase.SUMMARY and capa.ended_by is not None and capa.ended_at is not None:
        return f"{capa.ended_by.name} {calendars.local_day(capa.ended_at, capa.unit_id):%m-%d}"
    return ""
