"""Large lists as files: the worker asks the page again as the person would, keeps the answer, and says when it is ready.

What the person may see is asked when the file is made, as it is on the page; every list is made so without knowing it.
"""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from zhike.kernel import clock
from zhike.kernel.audit import trail
from zhike.kernel.outbox import post
from zhike.kernel.parties.models import Party
from zhike.ui import answers, flash
from zhike.ui.models import ListFile

from . import conditions, counting
from .declare import List, Rows

TASK = "zhike.ui.lists.background.run"
AT_ONCE = 5_000  # rows that leave with the answer; more are made by the worker
KEEP = dt.timedelta(days=7)
SILENT = dt.timedelta(minutes=30)

log = logging.getLogger("zhike.ui")


class QuietRequest(HttpRequest):
    """What the worker asks a page with: a GET of the person, without a browser."""

    def __init__(self, row: ListFile, user: Any) -> None:
        super().__init__()
        self.method = "GET"
        self.path = self.path_info = row.path
        self.GET = QueryDict(row.query)
        self.user = user
        self.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "QUERY_STRING": row.query}


def is_large(request: HttpRequest, rows: Rows) -> bool:
    """Whether the worker makes this file; the worker itself makes all."""
    return not isinstance(request, QuietRequest) and counting.capped(rows) > AT_ONCE


def order(
    request: HttpRequest, spec: List, asked: conditions.Asked, fmt: str, now: dt.datetime
) -> HttpResponse:
    """Have the worker make the file, and show where it will be."""
    query = conditions.query_of(asked.params, changes={"export": fmt})
    user: Any = request.user
    with transaction.atomic():
        row = ListFile.objects.create(
            owner=Party.objects.get(pk=user.pk),
            title=str(spec.title)[:120],
            path=request.path,
            query=query,
            fmt=fmt,
            language=translation.get_language() or "",
            asked_at=now,
        )
        trail.record(
            "lists.ordered", subject=row, by=row.owner, at=now, after={"path": row.path, "query": query}
        )
    async_task(TASK, row.pk, q_options={"group": "lists", "save": False})
    told = _("The file is being made; you get a message when it is ready.")
    return answers.go(request, reverse("ui:files"), message=told, kind="run")


def run(pk: int) -> None:
    """What the worker does; redelivered, it makes the file anew."""
    row = ListFile.objects.select_related("owner").get(pk=pk)
    if row.state != ListFile.State.WAITING:
        return
    user = get_user_model().objects.filter(pk=row.owner_id, is_active=True).first()
    with translation.override(row.language or None):
        try:
            if user is None:
                raise PermissionDenied
            view = resolve(row.path)
            response = view.func(QuietRequest(row, user), *view.args, **view.kwargs)
        except (PermissionDenied, Http404):
            _end(row, ListFile.State.REFUSED, _("You may not export this list any more."))
        except Exception:
            log.exception("the file %s could not be made", pk)
            _end(row, ListFile.State.FAILED, _("The file could not be made. Ask for it again."))
        else:
            _keep(row, response)


def _keep(row: ListFile, response: Any) -> None:
    """The answer as a file, if it is one; else what the page said."""
    if "attachment" not in response.get("Content-Disposition", ""):
        said = response.cookies.get(flash.COOKIE)
        told = flash.text_of(said.value) if said is not None else ""
        _end(row, ListFile.State.REFUSED, told or _("You may not export this list any more."))
        return
    with tempfile.TemporaryFile() as made:
        for piece in response.streaming_content if response.streaming else [response.content]:
            made.write(piece)
        made.seek(0)
        row.file.save(f"{row.pk}.{row.fmt}", File(made), save=False)
    row.name = f"{row.title}-{row.asked_at:%Y%m%d}.{row.fmt}"
    _end(row, ListFile.State.READY, "")


def _end(row: ListFile, state: str, problem: str) -> None:
    now = clock.now()
    with transaction.atomic():
        row.state, row.problem, row.ready_at = state, problem[:400], now
        row.save(update_fields=["state", "problem", "ready_at", "file", "name"])
        title = (
            _("“%(title)s” is ready as a file")
            if state == ListFile.State.READY
            else _("“%(title)s” was not exported")
        )
        words = {"title": row.title}
        post.notify(
            to=row.owner, kind="lists.file", title=title % words, body=problem, subject=row, by=None, at=now
        )


def files_of(party: int) -> Any:
    """One's own files, newest first; nobody sees those of others."""
    return ListFile.objects.filter(owner=party)


def fetched(row: ListFile, *, by: Party, now: dt.datetime) -> None:
    """Say in the trail that the file left the house."""
    trail.record("lists.fetched", subject=row, by=by, at=now, after={"title": row.title, "format": row.fmt})


def sweep(now: dt.datetime) -> int:
    """Forget files after a week. To be called daily; how many went."""
    old = ListFile.objects.filter(asked_at__lt=now - KEEP).exclude(state=ListFile.State.GONE)
    count = 0
    for row in old:
        if row.file:
            row.file.delete(save=False)
        ListFile.objects.filter(pk=row.pk).update(state=ListFile.State.GONE, file="")
        count += 1
    return count
