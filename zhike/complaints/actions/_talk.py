"""What is said: replies to the customer, internal notes, messages of the customer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints.models import Complaint, Entry
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import stages

from . import _common


class CannotReply(Exception):
    """There is nothing to send, or nobody to send it to."""


@transaction.atomic
def reply(
    *, complaint: Complaint, text: str, by: Party, now: dt.datetime, channel: str = "", final: bool = False
) -> Entry:
    """Answer the customer. The first reply is the first response; a `final` one is the answer (R001-108)."""
    if not text.strip():
        raise CannotReply(_("Write what the customer is to read."))
    if complaint.is_void:
        raise CannotReply(_("This complaint was voided."))
    entry = Entry.objects.create(
        complaint=complaint,
        kind=Entry.Kind.REPLY,
        channel=channel or complaint.channel,
        text=text,
        by=by,
        at=now,
    )
    values: dict[str, object] = {}
    kinds = []
    if complaint.responded_at is None:
        values["responded_at"] = now
        kinds.append("complaint.response")
    if final and complaint.replied_at is None:
        values["replied_at"] = now
        kinds.append("complaint.reply")
    if values:
        _common.save_facts(complaint, **values)
        duties.discharge(subject=complaint, kinds=kinds, by=by, now=now)
        if complaint.is_open:
            stages.refresh_due(complaint)
    trail.record(
        "complaints.replied", subject=complaint, by=by, at=now, after={"entry": entry.pk, "final": final}
    )
    return entry


@transaction.atomic
def note(*, complaint: Complaint, text: str, by: Party, now: dt.datetime) -> Entry:
    """Write an internal note, which the customer never sees."""
    if not text.strip():
        raise CannotReply(_("Write the note."))
    entry = Entry.objects.create(complaint=complaint, kind=Entry.Kind.NOTE, text=text, by=by, at=now)
    trail.record("complaints.noted", subject=complaint, by=by, at=now, after={"entry": entry.pk})
    return entry


@transaction.atomic
def hear_customer(
    *, complaint: Complaint, text: str, channel: str, now: dt.datetime, by: Party | None = None
) -> Entry:
    """Take down what the customer adds later; the handler is told."""
    if not text.strip():
        raise CannotReply(_("Write what you want to tell us."))
    entry = Entry.objects.create(
        complaint=complaint, kind=Entry.Kind.CUSTOMER, channel=channel, text=text, by=by, at=now
    )
    if complaint.handler is not None:
        post.notify(
            to=complaint.handler,
            kind="complaint.customer_wrote",
            title=_("The customer wrote about %(number)s") % {"number": complaint.number},
            body=text[:500],
            subject=complaint,
            by=by,
            at=now,
        )
    trail.record("complaints.heard", subject=complaint, by=by, at=now, after={"entry": entry.pk})
    return entry
