"""The page on which a change is judged, and what people do there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.kernel.procedures import approvals
from zhike.kernel.worktime import calendars
from zhike.manuals import access, access_gate, actions, forms_gate, queries, reach, replaced
from zhike.manuals.models import Revision
from zhike.people import access as people
from zhike.people import queries as staff
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import in_language
from zhike.ui import answers

from ._backtest import compared, context_of
from ._deeds import who

SIDE = "manuals/gate.html#side"
STRETCH = re.compile(r"([\[(][^()\[\]]*\.\.[^()\[\]]*[\])])")
SHOWN = 6  # outcomes before the rest is folded


@staff_required()
def gate(request: StaffRequest, pk: int) -> HttpResponse:
    """What changes, what it means, what it would have done, who signs; and my opinion."""
    return render(request, "manuals/gate.html", _page(request, access_gate.revision_for(request.user, pk)))


def _page(request: StaffRequest, revision: Revision, **forms: Any) -> dict[str, Any]:
    now = clock.now()
    place = queries.place_of(revision)
    today = calendars.local_day(now, place.pk)
    day = revision.effective_on or today
    found = queries.sides(revision, day)
    scope = reach.of(people.standing(request.user), found.new)
    outcomes, others = found.lines()
    say = queries.saying(found.new, found.old)
    line = queries.line_of(revision, now)
    may = access_gate.may(request.user, revision)
    is_open = revision.state in Revision.OPEN
    context: dict[str, Any] = {
        "revision": revision,
        "title": queries.title_of(found.new),
        "manual": found.new,
        "place": place,
        "today": today,
        "overtaken": actions.base_problems(revision, day) if is_open and revision.base else [],
        "over": replaced.is_over(revision),
        "compared": compared(revision, today),
        "late_day": is_open and revision.effective_on is not None and revision.effective_on < today,
        "meaning": [marked(say(one)) for one in outcomes[:SHOWN]],
        "more_meaning": [marked(say(one)) for one in [*outcomes[SHOWN:], *others]],
        "number": found.new.version,
        "counts": (len(found.new.tables), len(found.new.clauses)),
        "checks": actions.checks(revision, day) if is_open else None,
        "line": line,
        "may": may,
        "limits": queries.limit_changes(found, queries.open_duties(revision.key, place, scope=scope)),
        "cases": queries.open_cases(revision.key, place, scope=scope),
        "sees_cases": scope.units is None or bool(scope.units),
        "must_read": queries.readers_of_draft(found.new, revision.install_at, day),
        "approver": (approver := actions.approver_post(found.new)),
        "approver_label": in_language(approver, dict(queries.post_names()).get(approver, "")),
        "sign_within": queries.figure(actions.sign_within(found.new, today), english=_english()),
        "waits": revision.state == Revision.State.PUBLISHED and revision.effective_on is not None
        and revision.effective_on > today,
        **_difference(revision, day),
        **_trial(request, revision, scope),
        **_forms(request, revision, may),
        **forms,
    }  # fmt: skip
    return context


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _difference(revision: Revision, day: Any) -> dict[str, Any]:
    if revision.unit_id is not None:
        return {"moved": queries.moved_values(revision, day)}
    diff = queries.text_diff(revision.base.text if revision.base else "", revision.text)
    return {"diff": diff if revision.base else [], "diff_counts": queries.counted(diff)}


def _trial(request: StaffRequest, revision: Revision, scope: Scope) -> dict[str, Any]:
    """The back-test, for whom it may be shown to; a new regulation has nothing to be compared with."""
    if revision.base_id is None or not access_gate.sees_backtest(request.user, revision):
        return {}
    return {"backtest": True, "on_gate": True, **context_of(revision, scope)}


def _forms(request: StaffRequest, revision: Revision, may: access_gate.MayRevision) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if may.hand_in:
        found["hand_in"] = _hand_in_form(revision)
    if may.decide:
        found["opinion"] = forms_gate.OpinionForm()
        found["last_level"] = queries.is_last_level(revision)
        colleagues = staff.colleagues(request.user.party)
        found["add_sign"] = forms_gate.AddSignForm(colleagues=colleagues)
    if may.withdraw:
        found["withdraw"] = forms_gate.WithdrawForm()
        found["postpone"] = forms_gate.PostponeForm()
    return found


def _hand_in_form(revision: Revision, data: Any = None) -> forms_gate.HandInForm:
    heads = access_gate.heads(queries.place_of(revision), clock.now())
    return forms_gate.HandInForm(
        data,
        heads=[head for head in heads if head.pk != revision.prepared_by_id],
        initial={
            "reason": revision.reason,
            "effective_on": revision.effective_on,
            "seen": revision.revision,
        },
    )


def marked(line: str) -> SafeString:
    """A line of meaning with its stretches of figures marked."""
    parts = STRETCH.split(line)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="zk-tag is-run">{}</span>', part) if n % 2 else part,)
            for n, part in enumerate(parts)
        ),
    )


# ---- what people do


def _act(
    request: StaffRequest,
    revision: Revision,
    name: str,
    form: django_forms.Form,
    do: Callable[..., Any],
    *,
    said: str,
) -> HttpResponse:
    """A verb with its form in the right column: what is refused is said there."""
    address = reverse("manuals:gate", args=[revision.pk])
    if form.is_valid():
        try:
            do(**form.cleaned_data)
        except actions.CannotHandIn as refusal:
            for one in refusal.missing:
                form.add_error(None, one)
        except (
            approvals.CannotApprove,
            actions.CannotWithdraw,
            actions.CannotPostpone,
            actions.CannotRevise,
        ) as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, address, message=said)
    fresh = access_gate.revision_for(request.user, revision.pk)
    return answers.again(request, SIDE, _page(request, fresh, **{name: form}))


@staff_required()
@require_POST
def hand_in(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the draft to its reviewer."""
    revision = access_gate.revision_for(request.user, pk)
    form = _hand_in_form(revision, request.POST)
    do = partial(actions.hand_in, revision=revision, **who(request))
    return _act(request, revision, "hand_in", form, do, said=_("Handed in."))


@staff_required()
@require_POST
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Agree, send back or refuse."""
    revision = access_gate.revision_for(request.user, pk)
    approval = queries.approvals_of(revision).first()
    form = forms_gate.OpinionForm(request.POST)

    def do(decision: str, opinion: str) -> None:
        if approval is None:
            raise approvals.CannotApprove(_("This was not handed in yet."))
        approvals.decide(approval=approval, decision=decision, opinion=opinion, **who(request))

    return _act(request, revision, "opinion", form, do, said=_("Your decision is recorded."))


@staff_required()
@require_POST
def add_sign(request: StaffRequest, pk: int) -> HttpResponse:
    """Whose turn it is asks one more person."""
    revision = access_gate.revision_for(request.user, pk)
    approval = access_gate.pending(revision)
    form = forms_gate.AddSignForm(request.POST, colleagues=staff.colleagues(request.user.party))

    def do(person: Any) -> None:
        if approval is None:
            raise approvals.CannotApprove(_("This was decided already."))
        approvals.add_sign(approval=approval, person=person, **who(request))

    return _act(request, revision, "add_sign", form, do, said=_("One more person is asked."))


@staff_required()
@require_POST
def recall(request: StaffRequest, pk: int) -> HttpResponse:
    """Who prepared it takes it back and goes on with the draft."""
    revision = access_gate.revision_for(request.user, pk)
    approval = access_gate.pending(revision)
    then = reverse("manuals:gate", args=[pk])
    try:
        if approval is None:
            raise approvals.CannotApprove(_("This was decided already."))
        approvals.withdraw(approval=approval, **who(request))
    except approvals.CannotApprove as refusal:
        return answers.refuse(request, str(refusal), then=then)
    return answers.go(request, then, message=_("It is a draft again."))


@staff_required()
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what was published, before it comes into force."""
    form, said = forms_gate.WithdrawForm(request.POST), _("Withdrawn; what was in force stays so.")
    return _before_its_day(request, pk, "withdraw", form, actions.withdraw, said)


@staff_required()
@require_POST
def postpone(request: StaffRequest, pk: int) -> HttpResponse:
    """Move the day on which it comes into force."""
    form = forms_gate.PostponeForm(request.POST)
    return _before_its_day(request, pk, "postpone", form, actions.postpone, _("The day is moved."))


def _before_its_day(
    request: StaffRequest, pk: int, name: str, form: django_forms.Form, do: Callable[..., Any], said: str
) -> HttpResponse:
    revision = access_gate.revision_for(request.user, pk, to="withdraw")
    return _act(request, revision, name, form, partial(do, what=revision, **who(request)), said=said)


@staff_required()
@require_POST
def drop_values(request: StaffRequest, pk: int) -> HttpResponse:
    """Give up a draft of a unit's values."""
    revision = access_gate.revision_for(request.user, pk, to="drop")
    try:
        actions.drop_values(revision=revision, **who(request))
    except actions.CannotRevise as refusal:
        return answers.refuse(request, str(refusal), then=reverse("manuals:gate", args=[pk]))
    return answers.go(request, reverse("manuals:revisions"), message=_("The draft is given up."))


# ---- the list


TABS = ["mine", "waiting", "open", "ended"]


@staff_required()
def revisions(request: StaffRequest) -> HttpResponse:
    """Changes on their way: mine, waiting for me, all that are open, those that have ended."""
    now = clock.now()
    rows = access_gate.visible(request.user, queries.revisions())
    waiting = access_gate.waiting_for(request.user, now)
    groups = {
        "mine": rows.filter(prepared_by=request.user.pk, state__in=Revision.OPEN),
        "waiting": queries.revisions().filter(pk__in=waiting),
        "open": rows.filter(state__in=Revision.OPEN),
        "ended": rows.exclude(state__in=Revision.OPEN),
    }
    counts = {name: group.count() for name, group in groups.items() if name != "ended"}
    asked = request.GET.get("show", "")
    default = "waiting" if waiting else "mine" if counts["mine"] else "open"
    tab = asked if asked in groups else default
    shown = list(groups[tab][:200])
    turns, names = queries.whose_turn(shown), queries.titles_of(shown)
    context = {
        "rows": [(row, names[row.pk], turns.get(row.pk, [])) for row in shown],
        "tab": tab,
        "tabs": [(name, counts.get(name)) for name in TABS],
        "may_set": people.may(request.user, access.INSTALL),
    }
    return render(request, "manuals/revisions.html", context)
