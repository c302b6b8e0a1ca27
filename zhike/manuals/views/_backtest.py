"""The part of a draft's page that shows its back-test, and the page of what-if."""

from __future__ import annotations

import csv
import datetime as dt
import io
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.manuals import access, access_gate, actions, forms_backtest, queries, reach, replaced
from zhike.manuals.models import Backtest, Revision
from zhike.manuals.sliders import slider_of
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui import answers
from zhike.ui.lists.export import cell_text

PART = "manuals/_backtest.html"
ON_GATE = "on_gate"  # beside the change itself, whose meaning stands above the part already


@staff_required()
def backtest(request: StaffRequest, pk: int) -> HttpResponse:
    """The back-test of a draft: looked at, and asked for. While it is at work the part asks again by itself."""
    revision = _revision(request, pk)
    scope = _scope(request, queries.manual_of_change(revision))
    if request.method == "POST":
        return _ask(request, revision)
    context = context_of(revision, scope)
    trial = context["trial"]
    if trial.running:
        actions.take_up_again(backtest=trial.backtest, now=clock.now())
    if request.GET.get("export") and trial.done:
        return _export(trial)
    if request.GET.get("part") == "effect":
        return answers.page(request, "manuals/_effect.html", context)
    context["on_gate"] = ON_GATE in request.GET
    return answers.page(request, PART if answers.is_htmx(request) else "manuals/backtest.html", context)


def context_of(revision: Revision, scope: Scope) -> dict[str, Any]:
    """What `_backtest.html` shows, with the form that asks for another period."""
    found = queries.backtest_context(revision, scope)
    queries.staffed(found["trial"].tables, queries.usual_staff(business_day(clock.now())))
    today = business_day(clock.now())
    return {
        **found,
        "form": forms_backtest.PeriodForm(initial=_period(found["trial"].backtest)),
        "compared": compared(revision, today),
    }


def _period(tried: Backtest | None) -> dict[str, Any]:
    """The period that was tried last, else the usual one."""
    return _usual() if tried is None else {"since": tried.since, "until": tried.last_day}


def compared(revision: Revision, today: dt.date) -> str:
    """With what a change is compared, in one sentence; a new regulation with nothing."""
    if revision.base is None:
        return ""
    said = {"version": revision.base.number}
    if revision.unit_id is None:
        return _("Compared with version %(version)d.") % said
    if replaced.is_over(revision):
        day = revision.effective_on or today
        text = _("Compared with version %(version)d and the values that held before %(day)s.")
    else:
        day = replaced.compared_on(revision, today)
        text = _("Compared with version %(version)d and the values that hold on %(day)s without this change.")
    return text % {**said, "day": day.isoformat()}


def _ask(request: StaffRequest, revision: Revision) -> HttpResponse:
    typed = request.POST if request.POST.get("since") else {key: str(day) for key, day in _usual().items()}
    form = forms_backtest.PeriodForm(typed)
    if form.is_valid():
        since, until = form.period()
        try:
            actions.ask_backtest(
                revision=revision, since=since, until=until, by=request.user.party, now=clock.now()
            )
        except actions.CannotBacktest as refusal:
            form.add_error(None, str(refusal))
    here = reverse("manuals:backtest", args=[revision.pk])
    if not answers.is_htmx(request) and form.is_valid():
        return answers.go(request, here)
    context = context_of(revision, _scope(request, queries.manual_of_change(revision)))
    context |= {"form": form, "on_gate": ON_GATE in request.POST}
    return answers.again(request, PART if answers.is_htmx(request) else "manuals/backtest.html", context)


def _usual() -> dict[str, Any]:
    today = business_day(clock.now())
    return {"since": forms_backtest.before(today, forms_backtest.MONTHS), "until": today}


def _revision(request: StaffRequest, pk: int) -> Revision:
    """The gate: who has a say in the change and sees cases."""
    revision = queries.revision_tried(pk)
    if revision is None:
        raise Http404
    if not access_gate.sees_backtest(request.user, revision):
        raise PermissionDenied(reach.CASES)
    return revision


def _scope(request: StaffRequest, manual: model.Manual) -> Scope:
    return reach.of(people.standing(request.user), manual)


def _export(trial: Any) -> HttpResponse:
    """The effect by unit, whole, as a file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Table"), _("Unit"), _("Cases"), _("Changed"), _("Share (%)"), _("More a month")])
    for table in queries.all_lines(trial):
        for line in table.lines:
            row = (table.name, line.label, line.total, line.changed, line.share, line.monthly)
            writer.writerow([cell_text(cell) for cell in row])
    response = HttpResponse(b"\xef\xbb\xbf" + out.getvalue().encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="backtest-{trial.backtest.pk}.csv"'
    return response


@staff_required(reach.CASES)
def whatif(request: StaffRequest, key: str) -> HttpResponse:
    """How cases would have gone with another figure: moved with a slider, without making a draft."""
    now = clock.now()
    today = business_day(now)
    version = inforce.versions_in_force(today).get(key)
    if version is None:
        raise Http404
    manual = inforce.manual_of(version.pk)
    scope = _scope(request, manual)
    units = queries.units_below(key, scope)
    first = next(iter(queries.parameters_to_try(version)), None)
    context: dict[str, Any] = {"version": version, "manual": manual, "trial": None}
    if first is None:
        return answers.page(request, "manuals/whatif.html", context)
    # another figure was chosen: its own value is shown first
    asked = request.POST if request.POST.get("value", "").strip() else None
    chosen = request.POST.get("param") or request.GET.get("param") or ""
    param = manual.params.get(chosen, first)
    initial = {"param": param.name, "value": param.text}
    initial |= {key: request.POST[key] for key in ("unit", "months") if request.POST.get(key)}
    staff, contacts = queries.usual_staff(today, manual), queries.asks_contacts(manual)
    initial |= {"minutes": f"{float(staff.minutes):g}", "hours": f"{float(staff.hours):g}"}
    form = forms_backtest.WhatIfForm(asked, manual=manual, units=units, contacts=contacts, initial=initial)
    context |= {
        "form": form,
        "param": param,
        "param_said": queries.name_of(param),
        "slider": slider_of(param),
    }
    if asked is not None and form.is_valid():
        given = form.cleaned_data
        staff = _staff(given, staff)
        try:
            row = actions.ask_whatif(
                version=version,
                values={given["param"]: given["value"]},
                unit=given["unit"],
                since=forms_backtest.before(today, int(given["months"])),
                until=today,
                by=request.user.party,
                now=now,
            )
        except actions.CannotBacktest as refusal:
            form.add_error(None, str(refusal))
        else:
            context |= queries.whatif_context(row, scope) | {
                "value": given["value"],
                "unit_chosen": given["unit"],
                "moved": given["value"].rstrip(_letters(given["value"])),
            }
    elif request.GET.get("trial", "").isdecimal():
        found = queries.backtest_for(int(request.GET["trial"][:17]), scope)
        context |= queries.whatif_context(found if found and found.version_id == version.pk else None, scope)
    if context["trial"] is not None:
        queries.staffed(context["trial"].tables, staff)
    context["ask_url"] = reverse("manuals:whatif", args=[key])
    context["may_revise"] = people.may(request.user, access.REVISE)
    return answers.again(request, "manuals/whatif.html#result", context)


def _staff(given: dict[str, Any], usual: queries.Staff) -> queries.Staff:
    """What the form says of people, else what is usual."""
    minutes, hours = given.get("minutes"), given.get("hours")
    return queries.Staff(
        Fraction(minutes) if minutes else usual.minutes,
        Fraction(hours) if hours else usual.hours,
        given.get("people"),
    )


def _letters(text: str) -> str:
    """The unit behind a figure: of 1500元 it is 元."""
    return text.lstrip("0123456789.+-")
