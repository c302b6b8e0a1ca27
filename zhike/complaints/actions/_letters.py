"""Replies leave by e-mail where the case came by e-mail; what does not arrive is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.channels.mail import replies
from zhike.complaints.models import Complaint, Entry
from zhike.kernel.outbox import post
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.models import Party
from zhike.kernel.records.models import Attachment

NOT_ARRIVED = gettext_noop("An e-mail to the customer of %(number)s did not arrive")


def send_reply(
    complaint: Complaint, entry: Entry, *, by: Party, now: dt.datetime, files: Iterable[Attachment] = ()
) -> None:
    """The reply leaves by e-mail where the case is talked over by e-mail; else nothing happens."""
    thread = replies.thread_of(complaint) if complaint.source.get("address") else None
    if thread is not None:
        replies.send(
            thread=thread,
            subject=complaint,
            number=complaint.number,
            text=entry.text,
            by=by,
            now=now,
            files=files,
            more={"entry": entry.pk},
        )


def tell_failed(*, message: Message, now: dt.datetime) -> None:
    """Whose case it is, and who wrote the letter, hear that it did not arrive."""
    complaint = Complaint.objects.select_related("handler").get(pk=message.subject_id or 0)
    people = {one.pk: one for one in (complaint.handler, message.by) if one is not None}
    for person in people.values():
        post.notify(
            to=person,
            kind="complaint.mail_failed",
            title=_(NOT_ARRIVED) % {"number": complaint.number},
            params={"number": complaint.number},
            body=f"{message.envelope.get('to', '')}: {message.error}",
            subject=complaint,
            by=None,
            at=now,
        )
