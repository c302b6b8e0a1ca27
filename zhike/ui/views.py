from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.kernel import clock

from . import answers, saved
from .context import THEMES
from .lists import background
from .models import ListFile

_YEAR = 60 * 60 * 24 * 365


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, kept in this browser. Open to everybody: the sign-in page has the switch too."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("zk_theme", chosen, max_age=_YEAR, samesite="Lax")
    return response


@login_required
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the conditions of a list under a name."""
    back = _back(request)
    try:
        view = saved.save_view(
            owner=_party(request),
            list_name=request.POST.get("list", ""),
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
            shared=request.POST.get("shared") == "1",
        )
    except saved.CannotSaveView as refusal:
        return answers.refuse(request, str(refusal), then=back)
    address = f"{back.partition('?')[0]}?{view.query}"
    message = _("View “%(name)s” saved.") % {"name": view.name}
    return answers.go(request, f"{address}&view={view.pk}", message=message)


@login_required
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the owner drops a view; for everybody else it does not exist."""
    if not saved.drop_view(owner=_party(request), pk=pk):
        return answers.refuse(request, _("This view is not yours or no longer exists."), then=_back(request))
    return answers.go(request, _back(request).partition("?")[0], message=_("View removed."))


@login_required
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Which columns of a list this person wants to see, and how many rows."""
    shown, known = request.POST.getlist("shown"), request.POST.getlist("known")
    saved.choose(
        owner=_party(request),
        list_name=request.POST.get("list", ""),
        hidden=[key for key in known if key not in shown],
        size=request.POST.get("size", ""),
    )
    return answers.go(request, _back(request))


@login_required
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """The lists that the worker has made into files for this person."""
    rows = list(background.files_of(_party(request))[:50])
    waiting = any(row.state == ListFile.State.WAITING for row in rows)
    context = {"files": rows, "waiting": waiting, "days": background.KEEP.days}
    return answers.page(request, "ui/files.html#files", context)


@login_required
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them."""
    row = background.files_of(_party(request)).filter(pk=pk, state=ListFile.State.READY).first()
    if row is None:
        raise Http404
    try:
        opened = row.file.open("rb")
    except (OSError, ValueError) as gone:
        raise Http404 from gone
    background.fetched(row, by=row.owner, now=clock.now())
    return FileResponse(opened, as_attachment=True, filename=row.name)


def _party(request: HttpRequest) -> int:
    """The key of the party that acts: staff share it with their sign-in."""
    user: Any = request.user
    return int(user.pk)


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of this house."""
    then = request.POST.get("then", "")
    safe = url_has_allowed_host_and_scheme(
        then, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return then if safe else "/"
