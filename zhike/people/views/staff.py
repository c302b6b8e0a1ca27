from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhike.kernel import clock
from zhike.kernel.parties.models import Unit
from zhike.people import actions, forms, queries
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import Appointment, User, business_day
from zhike.ui import answers, lists, parts, words

from ._trying import tried

MEMBER = "people/staff_member.html"
lazy = gettext_lazy


def _name(user: User, now: dt.datetime) -> SafeString:
    return format_html("{} {}", parts.avatar(user.party.name, user.pk), user.party.name)


def _posts(user: User, now: dt.datetime) -> str:
    held: list[Appointment] = getattr(user, "held", [])
    return "、".join(_post_text(row) for row in held)


def _post_text(row: Appointment) -> str:
    acting = row.kind == Appointment.Kind.ACTING
    return f"{row.post.label}（{row.get_kind_display()}）" if acting else row.post.label


def _state(user: User, now: dt.datetime) -> SafeString:
    return parts.status(_("in use"), "met") if user.is_active else parts.status(_("closed account"))


STAFF = lists.List(
    name="staff",
    title=lazy("Staff"),
    columns=(
        lists.Column("name", lazy("Full name"), _name, str, ("party__name",), 180, link=True, hideable=False, phone="title"),
        lists.Column("unit", lazy("Unit"), lambda u, n: u.party.unit.label, lambda u: u.party.unit.name,
                     ("party__unit__path",), 180),
        lists.Column("posts", lazy("Posts"), _posts, lambda u: _posts(u, clock.now())),
        lists.Column("username", lazy("User name"), lambda u, n: u.username, lambda u: u.username,
                     ("username",), 160, drop=1),
        lists.Column("phone", lazy("Work telephone"), lambda u, n: u.phone, None, (), 130, drop=2),
        lists.Column("last", lazy("Last sign-in"), lambda u, n: parts.moment(u.last_login, n), None,
                     ("last_login",), 120, drop=1, phone=""),
        lists.Column("state", lazy("Account"), _state, lambda u: str(u.is_active), ("is_active",), 90, phone="side"),
    ),
    href=lambda user: user.get_absolute_url(),
    filters=(
        lists.text("q", lazy("Name or user name"), "party__name__icontains", "username__icontains"),
        lists.choice("account", lazy("Account"), [("1", lazy("in use")), ("0", lazy("closed account"))],
                     apply=lambda rows, code: rows.filter(is_active=code == "1")),
    ),
    views=(
        lists.View("open", lazy("In office"), "account=1"),
        lists.View("all", lazy("All"), ""),
    ),
    row_name=str,
    empty=lazy("Nobody matches these conditions."),
)  # fmt: skip


@staff_required("staff.manage", "work.inspect")
def staff(request: StaffRequest) -> HttpResponseBase:
    """The staff of the units in scope, with the posts they hold."""
    now = clock.now()
    scope = request.standing.scope("staff.manage", "work.inspect")

    def prepare(rows: list[User]) -> None:
        held = queries.appointments_by_party([row.pk for row in rows], now)
        for row in rows:
            row.held = held[row.pk]  # type: ignore[attr-defined]

    context = {"may": {"add": request.standing.has("staff.manage")}}
    spec = replace(STAFF, prepare=prepare)
    return lists.answer(
        request, spec, queries.visible_staff(scope), "people/staff.html", now=now, context=context
    )


@staff_required("staff.manage")
def add_staff(request: StaffRequest) -> HttpResponse:
    """Open an account; the one-time password is shown once, on the next page."""
    form = forms.StaffForm(request.POST or None, units=_own_units(request))
    if request.method == "POST":
        made: list[tuple[User, str]] = []
        done = tried(
            form,
            lambda: made.append(
                actions.add_staff(by=request.user.party, now=clock.now(), **form.cleaned_data)
            ),
        )
        if done:
            user, password = made[0]
            return render(request, "people/one_time.html", {"user_": user, "password": password, "new": True})
    return render(request, "people/add_staff.html", {"form": form})


@staff_required("staff.manage", "work.inspect")
def staff_member(request: StaffRequest, pk: int) -> HttpResponse:
    """One account: posts held and held before, deputies, what may be done."""
    return answers.page(request, MEMBER, _page(request, _member(request, pk)))


@staff_required("staff.manage")
def correct_staff(request: StaffRequest, pk: int) -> HttpResponse:
    user = _member(request, pk)
    party = user.party
    known = {
        "name": party.name,
        "username": user.username,
        "unit": str(party.unit_id),
        "phone": user.phone or "",
        "email": user.email,
    }
    form = forms.StaffForm(request.POST or None, initial=known, units=_own_units(request))
    if request.method == "POST":
        by = request.user.party
        if tried(form, lambda: actions.correct_staff(user=user, by=by, now=clock.now(), **form.cleaned_data)):
            return answers.go(request, user, message=_("Saved."))
    return render(request, "people/correct_staff.html", {"form": form, "user_": user})


@require_POST
@staff_required("staff.manage")
def reset_password(request: StaffRequest, pk: int) -> HttpResponse:
    """A new one-time password, shown once."""
    user = _member(request, pk)
    try:
        password = actions.reset_password(user=user, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=user)
    return render(request, "people/one_time.html", {"user_": user, "password": password, "new": False})


@require_POST
@staff_required("staff.manage")
def close_account(request: StaffRequest, pk: int) -> HttpResponse:
    user = _member(request, pk)
    try:
        actions.close_account(user=user, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=user)
    return answers.go(request, user, message=_("The account is closed and the posts have ended."))


@require_POST
@staff_required("staff.manage")
def reopen_account(request: StaffRequest, pk: int) -> HttpResponse:
    user = _member(request, pk)
    try:
        actions.reopen_account(user=user, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=user)
    return answers.go(request, user, message=_("The account is open again."))


@require_POST
@staff_required("staff.manage")
def appoint(request: StaffRequest, pk: int) -> HttpResponse:
    user = _member(request, pk)
    form = forms.AppointForm(request.POST, posts=queries.posts_in_use(), units=_own_units(request))

    def act() -> None:
        asked = form.cleaned_data
        actions.appoint(
            party=user.party,
            post=asked["post"],
            unit=asked["unit"],
            kind=asked["kind"],
            held_from=asked["held_from"],
            held_to=form.held_to,
            by=request.user.party,
            now=clock.now(),
        )

    if tried(form, act):
        return answers.done(
            request, f"{MEMBER}#posts", _page(request, user), then=user, message=_("Appointed.")
        )
    return answers.again(request, f"{MEMBER}#posts", _page(request, user, appoint=form))


@require_POST
@staff_required("staff.manage")
def end_appointment(request: StaffRequest, pk: int) -> HttpResponse:
    """End an appointment from today on: today is no longer a day in the post."""
    units = request.standing.scope("staff.manage")
    row = get_object_or_404(units.rows(Appointment.objects.select_related("party", "post", "unit")), pk=pk)
    user = get_object_or_404(User, pk=row.party_id)
    now = clock.now()
    held_to = max(business_day(now), row.held_from)
    try:
        actions.end_appointment(appointment=row, held_to=held_to, by=request.user.party, now=now)
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=user)
    return answers.done(
        request, f"{MEMBER}#posts", _page(request, user), then=user, message=_("The appointment has ended.")
    )


@require_POST
@staff_required("staff.manage")
def staff_deputy(request: StaffRequest, pk: int) -> HttpResponse:
    """Name a deputy for somebody who could not do it."""
    user = _member(request, pk)
    form = forms.DeputyForm(request.POST, colleagues=queries.colleagues(user.party))
    by, now = request.user.party, clock.now()
    if tried(form, lambda: actions.name_deputy(absent=user.party, by=by, now=now, **form.cleaned_data)):
        return answers.done(
            request, f"{MEMBER}#deputies", _page(request, user), then=user, message=_("Deputy named.")
        )
    return answers.again(request, f"{MEMBER}#deputies", _page(request, user, deputy=form))


def _member(request: StaffRequest, pk: int) -> User:
    """The account, if its unit lies in the scope of the power that the view asks for; else 404."""
    reads = request.method == "GET"
    powers = ("staff.manage", "work.inspect") if reads else ("staff.manage",)
    return get_object_or_404(queries.visible_staff(request.standing.scope(*powers)), pk=pk)


def _own_units(request: StaffRequest) -> list[tuple[Unit, int]]:
    return queries.tree_order(queries.open_units(request.standing.units("staff.manage")))


def _page(request: StaffRequest, user: User, **bound: Any) -> dict[str, Any]:
    now = clock.now()
    today = business_day(now)
    rows = list(queries.appointments_of(user.pk))
    manages = request.standing.may("staff.manage", user.party.unit_id)
    context: dict[str, Any] = {
        "user_": user,
        "held": [row for row in rows if row.held_to is None or row.held_to > today],
        "past": [row for row in rows if row.held_to is not None and row.held_to <= today],
        "today": today,
        "absences": queries.absences_of(user.pk, now),
        "stand_ins": queries.stand_ins_of(user.pk, now),
        "last": words.moment(user.last_login, now),
        "may": {"manage": manages},
    }
    if manages:
        start = {"held_from": today, "unit": str(user.party.unit_id)}
        context["appoint_form"] = bound.get("appoint") or forms.AppointForm(
            initial=start, posts=queries.posts_in_use(), units=_own_units(request)
        )
        context["deputy_form"] = bound.get("deputy") or forms.DeputyForm(
            colleagues=queries.colleagues(user.party)
        )
    return context
