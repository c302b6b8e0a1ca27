"""A request is answered, found wanting, settled by who asked, or taken back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import events, post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.people.requests.models import Request, RequestStep

from ._asking import ANSWERS, TELL, TELL_TITLE, limits, owe, owe_answer, step, tell


class CannotAnswer(Exception):
    """The words are missing, the request has moved, or it is not this person's; one sentence."""


@held
@transaction.atomic
def answer(*, request: Request, text: str, by: Party, now: dt.datetime) -> Request:
    """Answer; the asker is told at once and owes it to the customer to pass it on. Raises CannotAnswer."""
    if by.pk == request.asked_by_id:
        raise CannotAnswer(_("Somebody else has to answer what you asked."))
    if not text.strip():
        raise CannotAnswer(_("Write the answer."))
    _move(
        request, Request.State.OPEN, state=Request.State.ANSWERED, answer=text.strip(), answered_by=by,
        answered_at=now,
    )  # fmt: skip
    duties.discharge(subject=request, kinds=ANSWERS, by=by, now=now)
    _answered, to_tell = limits(request.kind, request.unit_id, now)
    owe(request, TELL, TELL_TITLE, request.asked_by, request.unit_id, now, limit=to_tell.limit)
    step(request, RequestStep.Kind.ANSWERED, by, now, text=request.answer)
    tell(request, request.asked_by, "request.answered", by, now, email=request.urgent)
    _say(events.REQUEST_ANSWERED, request, now)
    _record("people.request_answered", request, by, now, {"state": request.state})
    return request


@held
@transaction.atomic
def send_back(*, request: Request, reason: str, by: Party, now: dt.datetime) -> Request:
    """The answer does not help: the same owner owes another one. Raises CannotAnswer."""
    _asker(request, by)
    if not reason.strip():
        raise CannotAnswer(_("Say what is still missing."))
    _move(request, Request.State.ANSWERED, state=Request.State.OPEN, answered_at=None, due_at=None)
    duties.cancel(subject=request, kinds=[TELL], by=by, now=now, reason=reason.strip()[:200])
    within, _told = limits(request.kind, request.unit_id, now)
    owe_answer(request, within.limit, now)
    step(request, RequestStep.Kind.SENT_BACK, by, now, text=reason.strip())
    tell(request, request.owner, "request.sent_back", by, now, email=request.urgent)
    _record("people.request_sent_back", request, by, now, {"reason": reason.strip()})
    return request


@held
@transaction.atomic
def settle(*, request: Request, result: str, by: Party, now: dt.datetime, told: bool = True) -> Request:
    """What came of it, and whether the customer was told. Raises CannotAnswer."""
    _asker(request, by)
    if not result.strip():
        raise CannotAnswer(_("Write what came of it."))
    if request.customer_id is not None and not told:
        raise CannotAnswer(_("Pass the answer on to the customer first."))
    _move(
        request, Request.State.ANSWERED, state=Request.State.SETTLED, result=result.strip()[:400],
        told_at=now if request.customer_id is not None else None, ended_at=now,
    )  # fmt: skip
    duties.discharge(subject=request, kinds=[TELL], by=by, now=now)
    step(request, RequestStep.Kind.SETTLED, by, now, text=request.result)
    _say(events.REQUEST_SETTLED, request, now)
    _record("people.request_settled", request, by, now, {"result": request.result})
    return request


@held
@transaction.atomic
def withdraw(*, request: Request, reason: str, by: Party, now: dt.datetime) -> Request:
    """The asker needs it no longer. Raises CannotAnswer."""
    _asker(request, by)
    if not reason.strip():
        raise CannotAnswer(_("Say why."))
    _move(request, Request.State.OPEN, state=Request.State.WITHDRAWN, ended_at=now)
    duties.cancel(subject=request, by=by, now=now, reason=reason.strip()[:200])
    step(request, RequestStep.Kind.WITHDRAWN, by, now, text=reason.strip())
    _record("people.request_withdrawn", request, by, now, {"reason": reason.strip()})
    return request


def _say(event: str, request: Request, now: dt.datetime) -> None:
    about = {"subject_label": request.subject_label, "subject_id": request.subject_id}
    post.emit(event, ids={"id": request.pk, **about}, at=now)


def _asker(request: Request, by: Party) -> None:
    if by.pk != request.asked_by_id:
        raise CannotAnswer(_("Only who asked says what came of it."))


def _move(request: Request, expected: str, **columns: object) -> None:
    rows = Request.objects.filter(pk=request.pk, state=expected, revision=request.revision)
    if not rows.update(revision=F("revision") + 1, **columns):
        raise CannotAnswer(_("The request does not stand where you saw it any more."))
    request.refresh_from_db()


def _record(code: str, request: Request, by: Party, now: dt.datetime, after: dict[str, object]) -> None:
    trail.record(code, subject=request, by=by, at=now, unit_id=request.unit_id, after=after)
