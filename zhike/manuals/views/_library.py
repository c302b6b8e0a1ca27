"""The library of controlled documents, and the cover of each with what is done to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.kernel import clock
from zhike.kernel.policy import inforce
from zhike.manuals import access, access_gate, actions, forms_library, queries, reach, sheets
from zhike.manuals.queries import Controlled
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day

from . import _sheets
from ._deeds import deed, typed, who

KINDS = {
    "complaint": gettext_lazy("Complaints"),
    "grumble": gettext_lazy("Grumbles"),
    "standards": gettext_lazy("Service standards"),
    "customer": gettext_lazy("Customers"),
    "tracking": gettext_lazy("Upkeep"),
    "visits": gettext_lazy("Visits"),
    "reception": gettext_lazy("Reception"),
    "information": gettext_lazy("Information"),
    "": gettext_lazy("Other"),
}
Test = Callable[[Controlled], bool]
STATES: dict[str, tuple[Any, Test]] = {
    "": (gettext_lazy("All"), lambda row: True),
    "in_force": (gettext_lazy("In force"), lambda row: row.in_force is not None),
    "coming": (gettext_lazy("Coming"), lambda row: row.coming is not None),
    "revision": (gettext_lazy("Under revision"), lambda row: row.revision is not None),
    "due": (gettext_lazy("To be revised"), lambda row: row.soon),
    "flagged": (gettext_lazy("To be examined"), lambda row: bool(row.flags)),
    "repealed": (gettext_lazy("Repealed"), lambda row: row.repealed),
}


@staff_required()
def library(request: StaffRequest) -> HttpResponse:
    """Every regulation as a controlled document."""
    now = clock.now()
    rows = queries.library(now)
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").strip()
    chosen = STATES.get(state, STATES[""])[1]
    found = [row for row in rows if chosen(row) and _has(row, words)]
    shares = queries.shares([row.shown for row in found if row.units], business_day(now))
    changes = _changes(request, found)
    for row in found:
        row.share = shares.get(row.shown.pk)
        row.change = _change(row, changes)
    context = {
        "groups": _groups(found),
        "states": [(key, label, sum(map(test, rows)), key == state) for key, (label, test) in STATES.items()],
        "q": words,
        "state": state,
        "figures": queries.revision_figures(now),
        "recall": len(queries.copies_to_recall(business_day(now))),
        "may_install": people.may(request.user, access.INSTALL),
        "may_write": access.may_write(request.user),
        "settable": access.settable(request.user),
        "tab": "library",
    }
    return render(request, "manuals/list.html", context)


def _has(row: Controlled, words: str) -> bool:
    shown = row.shown
    text = f"{row.front.number} {shown.title} {shown.title_en} {row.front.owner} {row.key}".casefold()
    return all(word in text for word in words.casefold().split())


def _groups(rows: list[Controlled]) -> list[tuple[Any, list[Controlled]]]:
    """By kind, in the order of KINDS; kinds of unknown trades come last but one."""
    kinds = [*KINDS][:-1] + sorted({row.kind for row in rows} - set(KINDS)) + [""]
    groups = [(KINDS.get(kind, kind), [row for row in rows if row.kind == kind]) for kind in kinds]
    return [(label, found) for label, found in groups if found]


def _controlled(key: str) -> Controlled:
    found = queries.controlled(key, clock.now())
    if found is None:
        raise Http404
    return found


@staff_required()
def cover(request: StaffRequest, key: str) -> HttpResponse:
    """One regulation: sign-off block, versions, units, references, copies, repeal."""
    row, now = _controlled(key), clock.now()
    shown = row.shown
    context = {
        "row": row,
        "version": shown,
        "front": row.front,
        "signed": getattr(shown, "revision", None) if hasattr(shown, "revision") else None,
        "units": _units(row, business_day(now)),
        "resting": _resting(row),
        "flags": row.flags,
        "kept": queries.examinations_as_is(key),
        "examined": queries.examinations(key),
        "copies": list(queries.copies(key)),
        "recall": {copy.pk for copy in queries.copies_to_recall(business_day(now), key)},
        "share": queries.share(shown, business_day(now)) if row.units else None,
        "may_see_readers": people.may(request.user, access.READERS),
        "change": _change(row, _changes(request, [row])),
        "cases": _cases(request, row),
        "may_write": access.may_write(request.user),
        "may_approve": access.may_approve(request.user),
        "settable": access.settable(request.user),
    }
    return render(request, "manuals/cover.html", context)


def _cases(request: StaffRequest, row: Controlled) -> int:
    """Open cases under a regulation that the person may see."""
    manual = inforce.manual_of(row.shown.pk)
    return queries.cases_under(row.key, reach.of(people.standing(request.user), manual))


def _changes(request: StaffRequest, rows: Iterable[Controlled]) -> dict[int, str]:
    """Where the drafts of next versions are, by their keys: the editor for who writes on one, else the page that
    judges it; without those that the person does not see."""
    drafts = [row.revision.pk for row in rows if row.revision is not None]
    seen = (
        list(access_gate.visible(request.user, queries.revisions()).filter(pk__in=drafts)) if drafts else []
    )
    edited = access_gate.edited_by(request.user, seen)
    return {
        one.pk: reverse("manuals:edit" if one.pk in edited else "manuals:gate", args=[one.pk]) for one in seen
    }


def _change(row: Controlled, changes: dict[int, str]) -> str:
    return changes.get(row.revision.pk, "") if row.revision is not None else ""


def _units(row: Controlled, day: dt.date) -> list[tuple[Any, list[Any]]]:
    """Units that installed it, with the values in which each differs from the manual."""
    found = []
    for unit in row.units:
        _version, values = queries.values_of(unit, row.key, day)
        found.append((unit, [value for value in values if value.own]))
    return found


def _resting(row: Controlled) -> list[tuple[Any, list[Any]]]:
    """What the shown version rests on, each with its flags."""
    return [
        (one, [flag for flag in row.flags if flag.citation == one]) for one in queries.citations_of(row.shown)
    ]


@staff_required()
def print_cover(request: StaffRequest, key: str, kind: str) -> HttpResponse:
    """FM002-41: cover and sign-off block."""
    row = _controlled(key)
    shown, front = row.shown, row.front
    signed = getattr(shown, "revision", None) if hasattr(shown, "revision") else None

    def sign(step: str) -> dict[str, Any] | None:
        person, at = (getattr(signed, f"{step}_{part}", None) for part in ("by", "at"))
        return {"name": person.name, "at": at.isoformat() if at else ""} if person else None

    data = {
        "title": shown.title,
        "number": front.number,
        "owner": front.owner,
        "interpreter": front.interpreter,
        "version": str(shown.number),
        "effective_on": shown.effective_on.isoformat(),
        "next_on": row.next_on.isoformat() if row.next_on else "",
        "ends_on": shown.ends_on.isoformat() if shown.ends_on else "",
        "units": "、".join(unit.name for unit in row.units),
        **{key: signature for key in ("prepared", "reviewed", "approved") if (signature := sign(key))},
    }
    return _sheets.answer(
        request,
        sheets.COVER,
        data,
        kind,
        address=lambda other: reverse("manuals:print_cover", args=[key, other]),
        back=reverse("manuals:cover", args=[key]),
        number=front.number,
    )


# --- what is done to a regulation


@staff_required(access.REVISE, access.PUBLISH)
def keep_as_it_is(request: StaffRequest, key: str) -> HttpResponse:
    """Record that the yearly look found nothing to change."""
    row = _controlled(key)
    form = forms_library.KeepForm(typed(request))

    def do(reason: str) -> None:
        actions.keep_as_it_is(version=row.shown, reason=reason, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:cover", args=[key]), title=_("Examined, stays as it is"),
        submit=_("Record"), said=_("Recorded; the next revision is due a period later."),
    )  # fmt: skip


@staff_required(access.PUBLISH)
def repeal(request: StaffRequest, key: str) -> HttpResponse:
    """Ask for the end of a regulation."""
    row = _controlled(key)
    form = forms_library.RepealForm(typed(request))
    cases = _cases(request, row)

    def do(ends_on: dt.date, reason: str) -> None:
        actions.ask_repeal(version=row.shown, ends_on=ends_on, reason=reason, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:cover", args=[key]), title=_("Repeal the regulation"),
        submit=_("Ask for approval"), said=_("The repeal waits for approval."), danger=True,
        intro=_("%(count)d open cases that you may see keep running under it. A second person approves.")
        % {"count": cases},
    )  # fmt: skip


@staff_required(access.REVISE)
def issue_copy(request: StaffRequest, key: str) -> HttpResponse:
    """Give out a numbered copy."""
    row = _controlled(key)
    staff, units = queries.holders_of_copies()
    form = forms_library.CopyForm(typed(request), staff=staff, units=units)

    def do(**given: Any) -> None:
        actions.issue_copy(version=row.shown, **given, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:cover", args=[key]), title=_("Issue a copy"),
        submit=_("Issue"), said=_("The copy is issued."),
    )  # fmt: skip


@staff_required(access.REVISE)
def return_copy(request: StaffRequest, key: str, number: int) -> HttpResponse:
    """Take a copy back."""
    copy = queries.copies(key).filter(pk=number).first()
    if copy is None:
        raise Http404
    form = forms_library.NothingForm(typed(request))

    def do() -> None:
        actions.return_copy(copy=copy, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:cover", args=[key]), title=_("Take the copy back"),
        submit=_("Take back"), said=_("The copy is back."),
        intro=f"{copy.version} · {copy.number} · {copy.holder.name}",
    )  # fmt: skip


@staff_required(access.REVISE)
def examined(request: StaffRequest, key: str, edition: int) -> HttpResponse:
    """Record that a new edition needs no change here."""
    row = _controlled(key)
    flag = next((one for one in row.flags if one.edition.pk == edition), None)
    if flag is None:
        raise Http404
    form = forms_library.ExaminedForm(typed(request))

    def do(note: str) -> None:
        actions.examined_without_change(version=row.shown, edition=flag.edition, note=note, **who(request))

    return deed(
        request, form, do, back=reverse("manuals:cover", args=[key]), title=_("No change needed"),
        submit=_("Record"), said=_("Recorded; the clauses are no longer flagged."), intro=flag.sentence,
    )  # fmt: skip
