"""Letters out of a mailbox: they leave by the outbox, and say which thread and which case they belong to."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model

from zhike.kernel.outbox import post
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.subjects import key
from zhike.kernel.records.models import Attachment

from .models import InboundMail, Mailbox

OURS = "<zhike-"
OUR_ID = re.compile(rb"<zhike-[A-Za-z0-9_-]{24,40}@[A-Za-z0-9.-]{1,200}>")
KIND = "mail.reply"
ACKNOWLEDGEMENT = "mail.acknowledgement"
_REPLY = re.compile(r"^\s*((re|回复|答复|fw|fwd|转发)\s*[:：]\s*)+", re.I)
DAY = dt.timedelta(days=1)
LONGEST_CHAIN = 20


@dataclass(frozen=True)
class Thread:
    """Whom a case is talked over with by e-mail, and from which mailbox; `last_id` is "" where we write first."""

    mailbox: Mailbox
    address: str
    party: Party
    title: str
    last_id: str


def thread_of(subject: Model) -> Thread | None:
    """The thread of a case: the last mail that was taken for it; None when nobody wrote one."""
    mail = (
        InboundMail.objects.filter(**key(subject), state=InboundMail.State.TAKEN, party__isnull=False)
        .exclude(sender="")
        .select_related("mailbox", "party")
        .order_by("-at", "-id")
        .first()
    )
    if mail is None or mail.party is None:
        return None
    return Thread(mail.mailbox, mail.sender, mail.party, mail.subject, mail.message_id)


def mailbox_for(unit: Unit, purpose: str) -> Mailbox | None:
    """The mailbox from which a house writes: its own before one above it, one of this purpose before others."""
    found = Mailbox.objects.filter(unit__in=unit.line, is_active=True).select_related("unit")
    return max(found, key=lambda box: (box.purpose == purpose, len(box.unit.path), -box.pk), default=None)


def send(
    *,
    thread: Thread,
    subject: Model,
    number: str,
    text: str,
    by: Party | None,
    now: dt.datetime,
    files: Iterable[Attachment] = (),
    more: Mapping[str, Any] | None = None,
    kind: str = KIND,
    automatic: bool = False,
) -> str:
    """Put a letter of a case into the outbox; its Message-ID, which nobody can guess."""
    domain = thread.mailbox.address.rpartition("@")[2] or "localhost"
    message_id = f"{OURS}{secrets.token_urlsafe(20)}@{domain}>"
    headers = {"In-Reply-To": thread.last_id, "References": " ".join(_chain(subject, thread.last_id))}
    if not thread.last_id or thread.last_id.endswith("@no-id>"):
        headers = {}
    if automatic:
        headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    post.write(
        to=thread.party,
        kind=kind,
        address=thread.address,
        sender=email.utils.formataddr((" ".join(thread.mailbox.sender_name.split()), thread.mailbox.address)),
        title=f"Re: {_untagged(thread.title, number)} [{number}]".replace("  ", " "),
        body=text,
        message_id=message_id,
        headers=headers,
        subject=subject,
        by=by,
        at=now,
        files=[
            {"name": file.name, "content_type": file.content_type, "sha256": file.sha256} for file in files
        ],
        more={**(more or {}), "mailbox": thread.mailbox.pk},
    )
    return message_id


def acknowledge(*, thread: Thread, subject: Model, number: str, text: str, now: dt.datetime) -> bool:
    """Say once for each case that a mail arrived; False where it was said, or too often to this address today."""
    said = Message.objects.filter(kind=ACKNOWLEDGEMENT, to=thread.party)
    if said.filter(**key(subject)).exists():
        return False
    if said.filter(at__gt=now - DAY).count() >= settings.MAIL_ACKNOWLEDGEMENTS:
        return False
    send(
        thread=thread,
        subject=subject,
        number=number,
        text=text,
        by=None,
        now=now,
        kind=ACKNOWLEDGEMENT,
        automatic=True,
    )
    return True


def _chain(subject: Model, last: str) -> list[str]:
    """Message-IDs of the thread, oldest first, ending with the one that is answered."""
    came = InboundMail.objects.filter(**key(subject), state=InboundMail.State.TAKEN)
    went = Message.objects.filter(**key(subject), kind__in=[KIND, ACKNOWLEDGEMENT])
    found = [*came.values_list("at", "message_id"), *went.values_list("at", "message_id")]
    ids = [one for _at, one in sorted(found) if one != last and not one.endswith("@no-id>")]
    return [*ids[-LONGEST_CHAIN:], last]


def _untagged(title: str, number: str) -> str:
    return " ".join(_REPLY.sub("", title).replace(f"[{number}]", "").split())[:120]
