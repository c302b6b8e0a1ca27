"""What becomes of one mail: noise is put aside, an answer goes to its case, anything else opens one."""

from __future__ import annotations

import datetime as dt
import logging
import re

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.models import Message
from zhike.kernel.records.attachments import path_of

from . import noise, purposes, reading, replies
from .models import InboundMail

State = InboundMail.State
_TAG = re.compile(r"[\[［【]([^\[\]［］【】]{3,40})[\]］】]")
log = logging.getLogger(__name__)


def take(mail: int, now: dt.datetime) -> str:
    """Decide on a mail that waits, in one transaction; its state afterwards.

    A failing mail is marked and keeps nothing else from its work. A failing database leaves it waiting and is raised.
    """
    try:
        with transaction.atomic():
            row = InboundMail.objects.select_for_update().select_related("mailbox").get(pk=mail)
            if row.state != State.NEW:
                return row.state
            _decide(row, now)
            row.save()
    except purposes.CannotTake as refusal:
        return _failed(mail, "refused_by", str(refusal))
    except DatabaseError:
        raise
    except Exception as failure:
        log.exception("mail %s could not be taken", mail)
        return _failed(mail, "program_error", f"{type(failure).__name__}: {failure}")
    return row.state


def _failed(mail: int, code: str, detail: str) -> str:
    InboundMail.objects.filter(pk=mail, state=State.NEW).update(
        state=State.FAILED, reason=code, detail=detail[:400]
    )
    return State.FAILED


def _decide(row: InboundMail, now: dt.datetime) -> None:
    data = path_of(row.raw).read_bytes()
    letter = reading.read(data, is_cut=row.is_cut)
    row.reason = row.detail = ""
    if not row.released and _put_aside(row, letter, data, now):
        return
    purpose = purposes.known().get(row.mailbox.purpose)
    if purpose is None:
        row.state, row.reason, row.detail = State.FAILED, "no_purpose", row.mailbox.purpose
        return
    incoming = purposes.Incoming(row, letter, row.mailbox, now, _answers_us(letter, data, purpose))
    row.state = State.TAKEN
    purpose, row.subject_id = _belongs_to(row, letter, purpose)
    row.subject_label = purpose.model
    if row.subject_id is None:
        row.opened = True
        row.subject_id = purpose.open(incoming).pk
    else:
        purpose.answer(incoming, row.subject_id)


def _put_aside(row: InboundMail, letter: reading.Letter, data: bytes, now: dt.datetime) -> bool:
    """Whether no person wrote it to us; the row says why."""
    if letter.report is not None:
        row.state = State.IGNORED
        row.reason, row.detail = _reported(letter.report, data, now)
        return True
    found = noise.verdict(letter, row, row.mailbox)
    if found is None and (elsewhere := _taken_elsewhere(row)):
        found = (State.IGNORED, "elsewhere", elsewhere)
    if found is None and noise.too_many(row):
        from django.conf import settings

        found = (State.HELD, "too_many", str(settings.MAIL_PER_SENDER))
    if found is None:
        return False
    row.state, row.reason, row.detail = found
    return True


def _reported(report: reading.Report, data: bytes, now: dt.datetime) -> tuple[str, str]:
    """A letter of ours came back: it is marked as failed, and who wrote it is told."""
    named = {*report.about, *reading.ids_in(data, replies.OUR_ID)}
    message = Message.objects.filter(message_id__in=[one for one in named if one.startswith(replies.OURS)])
    sent = message.order_by("pk").first()
    if sent is None:
        return "foreign_bounce", ""
    if not report.failed:
        return "delayed", ""
    to = str(sent.envelope.get("to", "")) or report.recipient
    deliver.fail(sent, report.said or _("The mail came back."), now)
    return "bounce", to[:400]


def _answers_us(letter: reading.Letter, data: bytes, purpose: purposes.Purpose) -> bool:
    named = (purpose.find(number.strip()) for number in _TAG.findall(letter.subject))
    return bool(reading.ids_in(data, replies.OUR_ID)) or any(found is not None for found in named)


def _taken_elsewhere(row: InboundMail) -> str:
    """The other mailbox in which this very mail was taken, or ""."""
    twin = InboundMail.objects.filter(
        message_id=row.message_id, body_digest=row.body_digest, state=State.TAKEN
    ).exclude(mailbox=row.mailbox_id)
    return twin.values_list("mailbox__name", flat=True).first() or ""


def _belongs_to(
    row: InboundMail, letter: reading.Letter, purpose: purposes.Purpose
) -> tuple[purposes.Purpose, int | None]:
    """The subject to which a mail is an answer, with the trade whose it is: that of the mailbox, or of our letter.

    Our own Message-IDs cannot be guessed and are believed from any address; the sender's own mails, and a number in
    the subject line, only from an address with which this case is talked over.
    """
    ours = [one for one in letter.references if one.startswith(replies.OURS)]
    if ours:
        by_model = {one.model: one for one in purposes.known().values()}
        sent = Message.objects.filter(message_id__in=ours, subject_label__in=by_model).order_by("-pk").first()
        if sent is not None:
            return by_model[sent.subject_label], sent.subject_id
    taken = InboundMail.objects.filter(
        subject_label=purpose.model, state=State.TAKEN, sender=row.sender, mailbox__purpose=purpose.code
    )
    if row.sender and letter.references:
        found = taken.filter(message_id__in=letter.references).values_list("subject_id", flat=True).first()
        if found is not None:
            return purpose, found
    for number in _TAG.findall(letter.subject) if row.sender else ():
        found = purpose.find(number.strip())
        if found is not None and taken.filter(subject_id=found).exists():
            return purpose, found
    return purpose, None
