"""One visit: its steps with what is missing, what was noted, and the verbs that fill it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers import briefing
from zhike.kernel import clock
from zhike.kernel.records import attachments
from zhike.kernel.worktime import calendars
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import in_language
from zhike.people.requests import access as asking
from zhike.people.requests import queries as requests
from zhike.ui import answers
from zhike.ui.deeds import deed, typed
from zhike.visits import access, actions, demands, forms, queries, questions, rules, sheets
from zhike.visits.models import Visit, VisitPhoto
from zhike.visits.wording import title_of

Text = str | Promise


def _rules(visit: Visit) -> rules.Rules | None:
    try:
        return rules.rules_at(visit.unit_id, visit.started_at or clock.now())
    except rules.NoRegulation:
        return None


@dataclass(frozen=True)
class Verb:
    """A verb with a dialog: its form, its action, and what is said."""

    form: type[Any]
    act: Callable[..., Any]
    title: Text
    initial: Callable[[Visit], dict[str, Any]] = lambda visit: {}
    danger: bool = False


def _prepared(visit: Visit) -> dict[str, Any]:
    return {
        "purposes": visit.purposes,
        "target": visit.target,
        "focus": visit.focus,
        "content": visit.content,
        "channel": visit.channel,
        "is_hard": visit.is_hard,
    }


def _host(visit: Visit) -> dict[str, Any]:
    decides = {None: "", True: "1", False: "0"}[visit.host_decides]
    return {
        "name": visit.host, "position": visit.host_position, "decides": decides,
        "persons": visit.persons, "cards": visit.cards, "absent": visit.is_absent,
    }  # fmt: skip


def _arrive(*, visit: Visit, **given: Any) -> Visit:
    return actions.arrive(visit=visit, **given)


def _photo(*, visit: Visit, file: Any, **given: Any) -> VisitPhoto:
    return actions.photo(visit=visit, file=file, name=file.name, **given)


VERBS: dict[str, Verb] = {
    "prepare": Verb(forms.PrepareForm, actions.prepare, gettext_lazy("Prepare the visit"), _prepared),
    "move": Verb(
        forms.MoveForm, actions.move, gettext_lazy("Move the visit"),
        lambda visit: {"on": visit.planned_on, "at": visit.planned_at},
    ),
    "arrive": Verb(forms.ArriveForm, _arrive, gettext_lazy("Arrived")),
    "host": Verb(forms.HostForm, actions.host, gettext_lazy("Who received us"), _host),
    "finding": Verb(forms.FindingForm, actions.note_finding, gettext_lazy("Note what was learnt")),
    "problem": Verb(forms.ProblemForm, actions.raise_problem, gettext_lazy("Problem or objection")),
    "give": Verb(forms.GiveForm, actions.give, gettext_lazy("Told or handed over")),
    "guide": Verb(forms.GuideForm, actions.guide, gettext_lazy("Note guidance")),
    "photo": Verb(forms.PhotoForm, _photo, gettext_lazy("Photo")),
    "sign": Verb(
        forms.SignForm, actions.sign, gettext_lazy("Customer's signature"),
        lambda visit: {"signer": visit.signer or visit.host},
    ),
    "judge": Verb(
        forms.JudgeForm, actions.judge, gettext_lazy("Satisfaction"),
        lambda visit: {"satisfaction": visit.satisfaction, "remark": visit.remark},
    ),
    "report": Verb(
        forms.ReportForm, actions.report, gettext_lazy("Visit report"),
        lambda visit: {"text": visit.report, "cost": visit.cost},
    ),
    "next": Verb(
        forms.NextForm, actions.set_next, gettext_lazy("Next visit"),
        lambda visit: {"on": visit.next_on, "at": visit.next_at},
    ),
    "skip": Verb(forms.WhyForm, actions.skip, gettext_lazy("The visit is not made"), danger=True),
}  # fmt: skip
# what the phone calls otherwise
SENT = {"note_finding": "finding", "raise_problem": "problem", "set_next": "next"}


def _said(kind: str) -> Text:
    """What an entry of the phone was about, in words; "" for what needs none."""
    verb = VERBS.get(SENT.get(kind, kind))
    return verb.title if verb is not None else ""


PLAIN: dict[str, Callable[..., Any]] = {
    "start": actions.start,
    "leave": actions.leave,
    "no-problem": actions.no_problem,
}


@staff_required(access.SEE)
def visit(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.visit_for(request.user, pk)
    return render(request, "visits/visit.html", _context(request, row))


@dataclass
class Step:
    """One of the steps of the regulation: what it asks for, what of it is missing."""

    no: int
    label: str
    clause: str
    asked: int
    missing: list[demands.Missing]

    @property
    def state(self) -> str:
        if not self.asked:
            return "none"
        return "run" if self.missing else "met"


def _steps(row: Visit, found: rules.Rules) -> tuple[list[Step], list[demands.Missing]]:
    asked = demands.of(row, found)
    missing = demands.missing(row, found, asked) if row.is_open else []
    steps = []
    for place, listed in enumerate(found.visits.rows("拜访步骤"), start=1):
        label = found.label("拜访步骤", listed.word.code)
        here = [one for one in missing if one.step == place]
        clause = listed.cells["条款"].text if "条款" in listed.cells else ""
        steps.append(Step(place, label, clause, sum(one.step == place for one in asked), here))
    return steps, missing


def _context(request: StaffRequest, row: Visit) -> dict[str, Any]:
    found, scope, now = _rules(row), access.scope(request.user), clock.now()
    steps, missing = _steps(row, found) if found is not None else ([], [])
    label: Callable[[str, str], str] = found.label if found is not None else lambda name, code: code
    brief = queries.briefs([row.customer_id], row.planned_on)[row.customer_id]
    customer_problems = queries.problems(scope).filter(visit__customer=row.customer_id, state="OPEN")
    return {
        "row": row,
        "now": now,
        "works": access.works(request.user, row),
        "steps": steps,
        "missing": missing,
        "brief": brief,
        "notes": briefing.of([row.customer_id], now).get(row.customer_id, []),
        "policies": [(label(questions.POLICIES, one.kind), one) for one in _of_month(row, found)],
        "policy_asked": any(one.code == "POLICY_READ" for one in (demands.of(row, found) if found is not None else ())),
        "own": row.manager_id == request.user.party.pk,
        "purposes": [label(questions.PURPOSES, code) for code in row.purposes],
        "checks": [
            (title_of(name), name, [(label(name, code), done) for code, done in row.checks.get(name, {}).items()])
            for name in (found.checklists() if found is not None else [])
            if name in row.checks or any(one.key == f"CHECKS:{name}" for one in missing)
        ],
        "findings": [
            (title_of(questions.FINDINGS[group]), [(label(questions.FINDINGS[group], one.kind), one) for one in rows])
            for group, rows in _grouped(row.findings.all()).items()
        ],
        "problems": [(label(questions.PROBLEMS, one.kind), one, _actions_of(one.actions)) for one in queries.problems(scope).filter(visit=row)],
        "asked": set(requests.requests(asking.scope(request.user)).filter(pk__in=row.problems.values("request")).order_by().values_list("pk", flat=True)),
        "open_problems": customer_problems.exclude(visit=row)[:6],
        "given": [(label(questions.GIVEN[one.group], one.topic), title_of(questions.GIVEN[one.group]), one) for one in row.given.all()],
        "guidance": [(label(questions.ASPECTS, one.aspect), label(questions.SHOWN, one.demonstration), one) for one in row.guidance.all()],
        "photos": [(label(questions.PHOTOS, one.kind), one) for one in row.photos.select_related("attachment")],
        "excuses": [(_demand(key), why) for key, why in row.excuses.items()],
        "entries": [(one, _said(one.kind)) for one in queries.unsettled(scope).filter(visit=row)],
        "earlier": queries.visits(scope).filter(customer=row.customer_id).exclude(pk=row.pk).order_by("-planned_on")[:6],
        "sheets": [(code, in_language(form.zh, form.en)) for code, form in sheets.OF_VISIT.items() if code != "F001-54" or row.kind == Visit.Kind.FIRST],
        "excusable": any(one.excusable for one in missing),
    }  # fmt: skip


def _grouped(rows: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in rows:
        found.setdefault(one.group, []).append(one)
    return found


def _english() -> bool:
    from django.utils.translation import get_language

    return (get_language() or "").startswith("en")


def _actions_of(codes: list[str]) -> list[str]:
    words = {code: (en if _english() else zh) for code, zh, en in questions.ACTIONS}
    return [words.get(code, code) for code in codes]


def _demand(key: str) -> str:
    code, _sep, name = key.partition(":")
    words = {known: (en if _english() else zh) for known, zh, en in questions.DEMANDS}
    return title_of(name) if name else words.get(code, code)


@staff_required(access.SEE)
def do(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """One of the verbs of a visit; each has a dialog of its own, or none."""
    row = access.visit_for(request.user, pk, to="work")
    given: dict[str, Any] = {"visit": row, "by": request.user.party, "now": clock.now()}
    if verb in PLAIN:
        return _plain(request, row, partial(PLAIN[verb], **given))
    if verb.startswith("nothing-") and verb.removeprefix("nothing-") in questions.FINDINGS:
        return _plain(
            request, row, partial(actions.nothing_new, group=verb.removeprefix("nothing-"), **given)
        )
    if verb == "policies":
        return _policies(request, row, given)
    if verb == "excuse":
        return _excuse(request, row, given)
    if verb == "remove":
        return _plain(request, row, partial(actions.remove, **given), then=row.plan or reverse("visits:week"))
    if verb not in VERBS:
        raise Http404
    one = VERBS[verb]
    return deed(
        request,
        _form(request, row, one),
        partial(one.act, **given),
        refused=actions.CannotVisit,
        back=row,
        title=one.title,
        submit=_("Save"),
        said=_("Saved."),
        danger=one.danger,
        intro=row.customer.name,
    )


def _form(request: StaffRequest, row: Visit, one: Verb) -> Any:
    arguments: dict[str, Any] = {"initial": one.initial(row)}
    if request.method == "POST" and request.FILES:
        arguments["files"] = request.FILES
    if issubclass(one.form, forms.RuledForm):
        found = _rules(row)
        if found is None:
            raise Http404
        arguments |= {"rules": found, "visit": row}
    return one.form(typed(request), **arguments)


def _plain(request: StaffRequest, row: Visit, act: Callable[[], Any], then: Any = None) -> HttpResponse:
    """A verb that asks nothing; only a POST does it."""
    if request.method != "POST":
        return answers.go(request, row)
    try:
        act()
    except actions.CannotVisit as refusal:
        return answers.refuse(request, str(refusal), then=row)
    return answers.go(request, then or row, message=_("Saved."))


def _policies(request: StaffRequest, row: Visit, given: dict[str, Any]) -> HttpResponse:
    form = forms.PoliciesForm(typed(request), items=_of_month(row, _rules(row)))
    if not form.is_valid():
        return answers.refuse(request, _("These policies are not those of this month any more."), then=row)
    return _plain(request, row, partial(actions.prepare, **form.cleaned_data, **given))


def _of_month(row: Visit, found: rules.Rules | None) -> list[Any]:
    """The policies of the month with when the visitor read them; of a visit that is over none are asked for."""
    if found is None or not row.is_open:
        return []
    kinds = [code for code, _label in found.words(questions.POLICIES)]
    return queries.policies(row.manager, calendars.local_day(clock.now(), row.unit_id), kinds)


def _excuse(request: StaffRequest, row: Visit, given: dict[str, Any]) -> HttpResponse:
    found = _rules(row)
    missing = demands.missing(row, found) if found is not None else []
    choices = [(one.key, one.sentence) for one in missing if one.excusable]
    return deed(
        request,
        forms.ExcuseForm(typed(request), missing=choices, initial={"demand": request.GET.get("demand", "")}),
        partial(actions.excuse, **given),
        refused=actions.CannotVisit,
        back=row,
        title=_("Why it cannot be done"),
        submit=_("Save"),
        said=_("Saved."),
    )


@staff_required(access.SEE)
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """One checklist, `?list=` its name."""
    row, name = access.visit_for(request.user, pk, to="work"), request.GET.get("list", "")
    found = _rules(row)
    if found is None or name not in found.checklists():
        return answers.refuse(request, _("The regulation has no such checklist."), then=row)
    done = [code for code, was in row.checks.get(name, {}).items() if was]
    return deed(
        request,
        forms.ChecksForm(typed(request), rules=found, visit=row, name=name, initial={"done": done}),
        partial(actions.check, visit=row, by=request.user.party, now=clock.now()),
        refused=actions.CannotVisit,
        back=row,
        title=title_of(name),
        submit=_("Save"),
        said=_("Saved."),
        intro=_("What is not ticked was not at hand."),
    )


@staff_required(access.SEE)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    row = access.visit_for(request.user, pk, to="work")
    if request.method != "POST":
        return answers.go(request, row)
    try:
        actions.close(visit=row, by=request.user.party, now=clock.now())
    except actions.CannotVisit as refusal:
        said = " ".join([str(refusal), *refusal.problems[:3]])
        return answers.refuse(request, said, then=row)
    return answers.go(request, row, message=_("The visit is closed."))


@staff_required(access.WORK)
def start(request: StaffRequest) -> HttpResponse:
    """An unplanned visit: a round, a return visit, an explanation."""
    reach = queries.customers(access.scope(request.user)).order_by("sort_key")

    def do(customer: Any, kind: str) -> str:
        access.customer_for(request.user, customer.pk, to="work")
        made = actions.start(customer=customer, kind=kind, by=request.user.party, now=clock.now())
        return reverse("visits:visit", args=[made.pk])

    return deed(
        request,
        forms.StartForm(typed(request), customers=reach, initial={"customer": request.GET.get("customer")}),
        do,
        refused=actions.CannotVisit,
        back=reverse("visits:list"),
        title=_("Begin a visit"),
        submit=_("Begin"),
        said=_("The visit has begun."),
    )


@staff_required(access.SEE)
def file(request: StaffRequest, pk: int, file: int) -> HttpResponseBase:
    """A photo or the signature of a visit."""
    row = access.visit_for(request.user, pk)
    kept = attachments.attachments_of(row).filter(pk=file).first()
    if kept is None:
        raise Http404
    try:
        opened = attachments.open_file(kept)
    except attachments.FileMissing as missing:
        raise Http404 from missing
    answer = FileResponse(opened)
    for name, value in attachments.headers(kept, inline=True).items():
        answer[name] = value
    return answer


@staff_required(access.SEE)
def answer_problem(request: StaffRequest, pk: int) -> HttpResponse:
    problem = access.one(queries.problems(access.scope(request.user)), pk)
    row = access.visit_for(request.user, problem.visit_id, to="work")
    return deed(
        request,
        forms.AnswerForm(
            typed(request), initial={"answer": problem.request.answer if problem.request else ""}
        ),
        partial(actions.answer_problem, problem=problem, by=request.user.party, now=clock.now()),
        refused=actions.CannotVisit,
        back=row,
        title=_("Answer to the customer"),
        submit=_("Save"),
        said=_("The answer is saved."),
        intro=problem.text,
    )


@staff_required(access.SEE)
def effect(request: StaffRequest, pk: int) -> HttpResponse:
    guided = access.one(queries.guidance(access.scope(request.user)), pk)
    row = access.visit_for(request.user, guided.visit_id, to="work")
    return deed(
        request,
        forms.EffectForm(typed(request), initial={"effect": guided.effect}),
        partial(actions.note_effect, guidance=guided, by=request.user.party, now=clock.now()),
        refused=actions.CannotVisit,
        back=row,
        title=_("Effect of the guidance"),
        submit=_("Save"),
        said=_("Saved."),
    )


@staff_required(access.SEE)
def settle(request: StaffRequest, uid: uuid.UUID) -> HttpResponse:
    """What a device sent and what stands here: one of them is kept."""
    entry = access.entry_for(request.user, uid)
    back = entry.visit or reverse("visits:list")
    return deed(
        request,
        forms.SettleForm(typed(request)),
        partial(actions.settle, entry=entry, by=request.user.party, now=clock.now()),
        refused=actions.CannotVisit,
        back=back,
        title=_("Settle what the device sent"),
        submit=_("Decide"),
        said=_("The entry is settled."),
        intro=entry.sentence,
    )
