"""What is said: replies to the customer, internal notes, messages of the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints.models import Complaint, Entry
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import stages
from zhike.kernel.records import attachments
from zhike.kernel.records.models import Attachment

from . import _common, _letters

WROTE = gettext_noop("The customer wrote about %(number)s")


class CannotReply(Exception):
    """There is nothing to send, or nobody to send it to."""


@held
@transaction.atomic
def reply(
    *,
    complaint: Complaint,
    text: str,
    by: Party,
    now: dt.datetime,
    channel: str = "",
    final: bool = False,
    files: Iterable[Attachment] = (),
) -> Entry:
    """Answer the customer. The first reply is the first response; a `final` one is the answer (R001-108).

    Where the case came by e-mail the reply leaves by e-mail, with the `files` that are attached already.
    """
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
    _letters.send_reply(complaint, entry, by=by, now=now, files=files)
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


@held
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
    case = complaint.worked
    if case.handler is not None:
        post.notify(
            to=case.handler,
            kind="complaint.customer_wrote",
            title=_(WROTE) % {"number": complaint.number},
            params={"number": complaint.number},
            body=text[:500],
            subject=case,
            by=by,
            at=now,
        )
    trail.record("complaints.heard", subject=complaint, by=by, at=now, after={"entry": entry.pk})
    return entry


@held
@transaction.atomic
def say(
    *,
    complaint: Complaint,
    mode: str,
    text: str,
    by: Party,
    now: dt.datetime,
    final: bool = False,
    files: Iterable[Any] = (),
    to_joined: bool = False,
) -> Entry:
    """A reply or a note with its files: both or neither. `to_joined` sends the reply to every joined customer too."""
    added = attach_files(complaint=complaint, files=files, by=by, now=now)
    if mode == "note":
        return note(complaint=complaint, text=text, by=by, now=now)
    entry = reply(complaint=complaint, text=text, final=final, by=by, now=now, files=added)
    for joined in complaint.joined.all() if to_joined else ():
        reply(complaint=joined, text=text, final=final, by=by, now=now, files=added)
    return entry


@transaction.atomic
def attach_files(
    *, complaint: Complaint, files: Iterable[Any], by: Party, now: dt.datetime, note: str = ""
) -> list[Attachment]:
    """Attach receipts and photos; each is one audit row. Raises AttachmentRefusal."""
    return [
        attachments.attach(
            subject=complaint, file=file, name=file.name, unit=complaint.unit, by=by, now=now, note=note
        )
        for file in files
    ]
