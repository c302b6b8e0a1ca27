"""What people and apps are told of an approval: duties and messages to who is asked, the outcome to who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import translation

from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import events, post, wording
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party

from .models import Approval, ApprovalStep

TITLE, TITLE_EN = "审批", "Approval"

# What an app does when an approval of its kind is decided, inside the same transaction.
Listener = Callable[[Approval, Party, dt.datetime], None]
_listeners: dict[str, list[Listener]] = {}


def on_decision(kind: str, then: Listener) -> None:
    """Register what follows a decision on approvals of this kind; called once, in `AppConfig.ready()`."""
    _listeners.setdefault(kind, [])
    if then not in _listeners[kind]:
        _listeners[kind].append(then)


def owe(steps: Sequence[ApprovalStep], approval: Approval, *, now: dt.datetime) -> None:
    """Who is asked owes a decision, and is told; so is the deputy of who is away."""
    duties.open_duties(
        [
            duties.Draft(
                kind=f"approval.{step.pk}",
                title=TITLE,
                title_en=TITLE_EN,
                owner=step.approver,
                began_at=now,
                limit=approval.limit,
                clause=approval.clause,
                version_id=approval.version_id,
                ruling_id=approval.ruling_id,
            )
            for step in steps
        ],
        subject=approval,
        unit_id=approval.unit_id,
        matter=approval.title,
        secrecy=approval.secrecy,
    )
    told = {step.approver_id: step.approver for step in steps}
    for step in steps:
        deputy = directory().substitute_for(step.approver_id, now)
        if deputy is not None and deputy.pk not in {approval.asked_by_id, *approval.barred}:
            told.setdefault(deputy.pk, deputy)
    post.notify_many(
        [
            _notice("approval.asked", approval, to=person, by=approval.asked_by, now=now, email=True)
            for person in told.values()
        ]
    )


def ended(approval: Approval, *, by: Party, now: dt.datetime) -> None:
    """Let the app hear the outcome, put the event out, tell who asked unless they ended it themselves."""
    for hear in _listeners.get(approval.kind, ()):
        hear(approval, by, now)
    post.emit(events.APPROVAL_DECIDED, ids={"id": approval.pk, "state": approval.state}, at=now)
    if approval.state != Approval.State.WITHDRAWN:
        post.notify_many([_notice("approval.decided", approval, to=approval.asked_by, by=by, now=now)])


def _notice(
    kind: str, approval: Approval, *, to: Party, by: Party, now: dt.datetime, email: bool = False
) -> post.Notice:
    label = Approval.State(approval.state).label
    params = {"title": approval.title}
    for name, language in (("state", settings.LANGUAGE_CODE), ("state_en", "en")):
        with translation.override(language):
            params[name] = str(label)
    with translation.override(settings.LANGUAGE_CODE):
        title = wording.sentence(kind, params)
    return post.Notice(
        to=to,
        kind=kind,
        title=title,
        params=params,
        **subjects.key(approval),
        unit_id=approval.unit_id,
        by=by,
        at=now,
        email=email,
        clause=approval.clause,
    )
