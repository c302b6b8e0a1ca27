"""A verb with a small form: a dialog for htmx, a page for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.utils.functional import Promise

from zhike.kernel import clock
from zhike.manuals import actions
from zhike.people.access import StaffRequest
from zhike.ui import answers

Text = str | Promise
REFUSALS = (
    actions.CannotCopy,
    actions.CannotDepart,
    actions.CannotKeep,
    actions.CannotReference,
    actions.CannotRepeal,
    actions.CannotState,
)


def deed(
    request: StaffRequest,
    form: django_forms.Form,
    do: Callable[..., Any],
    *,
    back: str,
    title: Text,
    submit: Text,
    said: Text,
    intro: Text = "",
    danger: bool = False,
) -> HttpResponse:
    """Ask, do, and go back with a word; what is refused stays in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            then = do(**form.cleaned_data)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return answers.go(request, then if isinstance(then, str) else back, message=said)
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "intro": intro,
        "danger": danger,
        "action": request.get_full_path(),
        "back": back,
    }
    return answers.again(request, "manuals/deed.html#dialog", context)


def typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def who(request: StaffRequest) -> dict[str, Any]:
    return {"by": request.user.party, "now": clock.now()}
