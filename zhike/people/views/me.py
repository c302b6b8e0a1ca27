from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from zhike.kernel import clock
from zhike.people import actions, forms, queries
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import Deputy, User
from zhike.ui import answers

from ._trying import tried
from .sign_in import _in_own_look

ME = "people/me.html"


@staff_required()
def me(request: StaffRequest) -> HttpResponse:
    """The own page: posts with their duties and powers, line manager, language, look, deputy."""
    return answers.page(request, ME, _page(request))


@sensitive_post_parameters()
@staff_required()
def password(request: StaffRequest) -> HttpResponse:
    """The own password; the first one, given by the administrator, must be changed before anything else."""
    form = forms.PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST":
        new = request.POST.get("new", "")
        if tried(form, lambda: actions.change_password(user=request.user, password=new, now=clock.now())):
            update_session_auth_hash(request, request.user)
            return answers.go(request, settings.LOGIN_REDIRECT_URL, message=_("Password changed."))
    return render(
        request, "people/password.html", {"form": form, "forced": request.user.must_change_password}
    )


@require_POST
@staff_required()
def preferences(request: StaffRequest) -> HttpResponse:
    form = forms.PreferencesForm(request.POST)
    user = request.user
    if tried(form, lambda: actions.set_preferences(user=user, now=clock.now(), **form.cleaned_data)):
        response = answers.go(request, "people:me", message=_("Saved."))
        if not user.theme:
            response.delete_cookie("zk_theme")
        return _in_own_look(response, user)
    return answers.again(request, ME, _page(request, preferences=form))


@require_POST
@staff_required()
def deputy(request: StaffRequest) -> HttpResponse:
    """Name the own deputy for an absence."""
    party = request.user.party
    form = forms.DeputyForm(request.POST, colleagues=queries.colleagues(party))
    now = clock.now()
    if tried(form, lambda: actions.name_deputy(absent=party, by=party, now=now, **form.cleaned_data)):
        return answers.done(
            request, f"{ME}#deputies", _page(request), then="people:me", message=_("Deputy named.")
        )
    return answers.again(request, f"{ME}#deputies", _page(request, deputy=form))


@require_POST
@staff_required()
def end_absence(request: StaffRequest, pk: int) -> HttpResponse:
    """Back early, or the absence is called off: one's own, or by whoever manages this person."""
    absence = get_object_or_404(Deputy.objects.select_related("absent__unit"), pk=pk)
    own = absence.absent_id == request.user.pk
    if not own and not request.standing.may("staff.manage", absence.absent.unit_id):
        return redirect("people:me")
    then: Any = "people:me" if own else get_object_or_404(User, pk=absence.absent_id)
    try:
        actions.end_absence(absence=absence, by=request.user.party, now=clock.now())
    except actions.Refusal as refusal:
        return answers.refuse(request, str(refusal), then=then)
    return answers.go(request, then, message=_("The deputy stands in no longer."))


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The button of the frame: this browser speaks the language from now on, and so do e-mails to who is signed in."""
    language, user = request.POST.get("language", ""), request.user
    if isinstance(user, User) and language in dict(settings.LANGUAGES) and language != user.language:
        actions.set_preferences(user=user, language=language, theme=user.theme, now=clock.now())
    return django_set_language(request)


def _page(request: StaffRequest, **bound: Any) -> dict[str, Any]:
    now, user = clock.now(), request.user
    held = queries.appointments_by_party([user.pk], now)[user.pk]
    look = {"language": user.language, "theme": user.theme}
    return {
        "held": held,
        "absences": queries.absences_of(user.pk, now),
        "stand_ins": queries.stand_ins_of(user.pk, now),
        "preferences_form": bound.get("preferences") or forms.PreferencesForm(initial=look),
        "deputy_form": bound.get("deputy") or forms.DeputyForm(colleagues=queries.colleagues(user.party)),
    }
