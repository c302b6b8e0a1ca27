"""A verb with a small form of its own: a dialog for htmx, a page for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from . import answers

Text = str | Promise
TEMPLATE = "ui/deed.html#dialog"


def deed(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[..., Any],
    *,
    refused: type[Exception] | tuple[type[Exception], ...],
    back: Any,
    title: Text,
    submit: Text,
    said: Text,
    intro: Text = "",
    danger: bool = False,
) -> HttpResponse:
    """Ask, do, and leave with a word: to the address that `do` gives, else to `back`.

    What is refused stands in the form with its `problems`, if it has any, and what was typed stays.
    """
    if request.method == "POST" and form.is_valid():
        try:
            then = do(**form.cleaned_data)
        except refused as refusal:
            form.add_error(None, [str(refusal), *map(str, getattr(refusal, "problems", ()))])
        else:
            return answers.go(request, then if isinstance(then, str) else back, message=said)
    return ask(request, form, back=back, title=title, submit=submit, intro=intro, danger=danger)


def ask(
    request: HttpRequest, form: forms.Form, *, back: Any, title: Text, submit: Text, **more: Any
) -> HttpResponse:
    """The form alone, for a verb that answers in its own way; `more` is `intro`, `danger`, `selection`."""
    context = {
        **more,
        "form": form,
        "title": title,
        "submit": submit,
        "action": request.get_full_path(),
        "back": answers.where(back),
    }
    return answers.again(request, TEMPLATE, context)


def typed(request: HttpRequest) -> Any:
    """What was sent, None when the form is only asked for."""
    return request.POST if request.method == "POST" else None
