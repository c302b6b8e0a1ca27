"""How a view answers: the named part to htmx, a page or a redirect to a plain browser.

if form.is_valid():
    ...
    return answers.done(request, "complaints/detail.html#settlement", context, then=complaint)
return answers.again(request, "complaints/detail.html#settlement", context)
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.functional import Promise

from zhike.kernel.parties import subjects

from . import flash

Context = dict[str, Any]


def done(
    request: HttpRequest,
    part: str,
    context: Context,
    *,
    then: Any,
    message: str | Promise = "",
    kind: str = "met",
) -> HttpResponse:
    """The action is done.

    htmx gets the part (`page.html#part`) with status 200 and the message out of band; the event `zk:done` lets an
    open dialog or drawer close. A plain browser is sent to `then` (an address, a URL name, a row with an address
    or a registered subject) and shows the message there, once.
    """
    if is_htmx(request):
        html = render_to_string(part, context, request) + _toast(str(message), kind)
        response = HttpResponse(html)
        response["HX-Trigger"] = "zk:done"
        return response
    return flash.say(HttpResponseRedirect(where(then)), str(message), kind)


def again(request: HttpRequest, part: str, context: Context) -> HttpResponse:
    """The form has errors: status 200 with the part (htmx does not swap 4xx) or with the whole page."""
    template = part if is_htmx(request) else part.partition("#")[0]
    return HttpResponse(render_to_string(template, context, request))


def page(request: HttpRequest, part: str, context: Context) -> HttpResponse:
    """A read: the whole page, or only the part where htmx asked for it. Same rule as `again`."""
    return again(request, part, context)


def refuse(request: HttpRequest, message: str | Promise, *, then: Any) -> HttpResponse:
    """An action without a form was refused: the page stays as it is and the sentence appears in the message line."""
    if is_htmx(request):
        response = HttpResponse(_toast(str(message), "late"))
        response["HX-Reswap"] = "none"
        return response
    return flash.say(HttpResponseRedirect(where(then)), str(message), "late")


def go(request: HttpRequest, then: Any, *, message: str | Promise = "", kind: str = "met") -> HttpResponse:
    """Leave for another page, also out of htmx (HX-Redirect), and say `message` there."""
    if is_htmx(request):
        response = HttpResponse()
        response["HX-Redirect"] = where(then)
    else:
        response = HttpResponseRedirect(where(then))
    return flash.say(response, str(message), kind)


def is_htmx(request: HttpRequest) -> bool:
    """True when a part is wanted; a page that htmx restores from history is wanted whole."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def where(then: Any) -> str:
    """The address that `then` stands for."""
    label = getattr(getattr(then, "_meta", None), "label", "")
    subject = subjects.known(label) if label else None
    if subject is not None and not hasattr(then, "get_absolute_url"):
        return subject.url(then.pk)
    return resolve_url(then)


def _toast(text: str, kind: str) -> str:
    if not text:
        return ""
    return render_to_string("ui/components/toast.html", {"said": [flash.Said(text, kind)], "oob": True})
