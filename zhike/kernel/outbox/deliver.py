"""Deliver what the actions put into the outbox: events to listeners, messages by e-mail.

Each row is claimed by compare-and-set: its next try moves on by `LEASE`, so another worker leaves it alone, and
takes it again when this one died. E-mail leaves at least once (the same Message-ID lets receivers drop a second
copy); what listeners write to the database happens once.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import F, Min
from django.utils import translation

from zhike.kernel.parties.models import Party
from zhike.kernel.parties.subjects import known

from . import events
from .models import Event, Heard, Message

LEASE = dt.timedelta(minutes=10)
BACKOFF = tuple(dt.timedelta(minutes=each) for each in (1, 5, 15, 60, 240, 720, 1440))
# When the mail server itself cannot be reached, a run gives up after so many rows: each costs a timeout.
MOST_UNREACHABLE = 3

log = logging.getLogger(__name__)


@dataclass
class Report:
    """What one run did: numbers of rows."""

    told: int = 0
    sent: int = 0
    retried: int = 0
    failed: int = 0


def _nobody(party: Party) -> str:
    return ""


# Who knows the e-mail address of a party: `people` registers itself, the kernel knows no users.
address_of: Callable[[Party], str] = _nobody


def addresses_from(resolver: Callable[[Party], str]) -> None:
    """Register the resolver of e-mail addresses; "" means the party has none."""
    global address_of
    address_of = resolver


def _usual(party: Party) -> str:
    return settings.LANGUAGE_CODE


# Who knows the language in which a party reads: `people` registers itself.
language_of: Callable[[Party], str] = _usual


def languages_from(resolver: Callable[[Party], str]) -> None:
    """Register the resolver of languages, such as "en"."""
    global language_of
    language_of = resolver


def _nothing(sha256: str) -> bytes:
    raise ValueError("nobody keeps files")


# Who keeps the bytes of files that go with a letter: `records` registers itself.
bytes_of: Callable[[str], bytes] = _nothing
# Told as fn(message=, now=) when a letter about a subject of this label was given up or came back.
_when_failed: dict[str, Callable[..., None]] = {}


def files_from(opener: Callable[[str], bytes]) -> None:
    """Register the opener of kept files by their SHA-256."""
    global bytes_of
    bytes_of = opener


def when_failed(label: str, fn: Callable[..., None]) -> None:
    """Let `fn(message=, now=)` hear, in the same transaction, that a letter about such a subject did not arrive."""
    _when_failed[label] = fn


def fail(message: Message, error: str, now: dt.datetime) -> bool:
    """Mark a message as failed for good, once, and tell who wants to hear it; False when it was marked before."""
    rows = Message.objects.filter(pk=message.pk).exclude(email_state=Message.EmailState.FAILED)
    with transaction.atomic():
        if not rows.update(email_state=Message.EmailState.FAILED, next_try_at=None, error=error[:400]):
            return False
        message.error = error[:400]
        if message.envelope and message.subject_label in _when_failed:
            _when_failed[message.subject_label](message=message, now=now)
    return True


def run_once(now: dt.datetime, limit: int = 200) -> Report:
    """Deliver up to `limit` waiting events and as many waiting e-mails, oldest first. Never raises for a bad row."""
    report = Report()
    _tell_events(now, limit, report)
    _send_mails(now, limit, report)
    return report


def _tell_events(now: dt.datetime, limit: int, report: Report) -> None:
    waiting = Event.objects.filter(state=Event.State.WAITING, next_try_at__lte=now).order_by(
        "next_try_at", "pk"
    )
    for event in waiting[:limit]:
        claimed = Event.objects.filter(
            pk=event.pk, state=Event.State.WAITING, next_try_at=event.next_try_at
        ).update(next_try_at=now + LEASE, attempts=F("attempts") + 1)
        if not claimed:
            continue
        event.attempts += 1
        errors = [
            error for app, fn in events.listeners(event.name).items() if (error := _tell(event, app, fn, now))
        ]
        _settle_event(event, errors, now, report)


def _tell(event: Event, app: str, fn: events.Listener, now: dt.datetime) -> str:
    """Let one listener hear the event, once; the reason of a failure, or ""."""
    if Heard.objects.filter(event=event, listener=app).exists():
        return ""
    try:
        with transaction.atomic():
            Heard.objects.create(event=event, listener=app)
            events.tell(fn, ids=event.ids, at=event.at, now=now)
    except IntegrityError as failure:
        # another worker may have been quicker after a lease ran out; then its work stands and ours is undone
        return "" if Heard.objects.filter(event=event, listener=app).exists() else _reason(app, failure)
    except Exception as failure:
        log.exception("listener %s failed at event %s", app, event.pk)
        return _reason(app, failure)
    return ""


def _reason(where: str, failure: Exception) -> str:
    return f"{where}: {type(failure).__name__}: {failure}"


def _settle_event(event: Event, errors: list[str], now: dt.datetime, report: Report) -> None:
    row = Event.objects.filter(pk=event.pk, state=Event.State.WAITING)
    if not errors:
        row.update(state=Event.State.DONE, error="")
        report.told += 1
        return
    error = "; ".join(errors)[:400]
    if event.attempts > len(BACKOFF):
        row.update(state=Event.State.FAILED, error=error)
        report.failed += 1
    else:
        row.update(next_try_at=now + BACKOFF[event.attempts - 1], error=error)
        report.retried += 1


class _Line:
    """One connection to the mail server, opened when first needed and again after a failure."""

    def __init__(self) -> None:
        self.backend: BaseEmailBackend | None = None

    def send(self, mail: EmailMessage) -> None:
        if self.backend is None:
            backend = get_connection()
            backend.open()
            self.backend = backend
        self.backend.send_messages([mail])

    def drop(self) -> None:
        backend, self.backend = self.backend, None
        if backend is not None:
            try:
                backend.close()
            except Exception:
                log.debug("closing the mail connection failed", exc_info=True)


def _send_mails(now: dt.datetime, limit: int, report: Report) -> None:
    waiting = Message.objects.filter(email_state=Message.EmailState.WAITING, next_try_at__lte=now)
    line, unreachable = _Line(), 0
    for message in waiting.select_related("to").order_by("next_try_at", "pk")[:limit]:
        claimed = Message.objects.filter(
            pk=message.pk, email_state=Message.EmailState.WAITING, next_try_at=message.next_try_at
        ).update(next_try_at=now + LEASE, attempts=F("attempts") + 1)
        if not claimed:
            continue
        message.attempts += 1
        try:
            _send(message, line, report)
        except Exception as failure:
            line.drop()
            _put_off(message, failure, now, report)
            # an SMTP reply is about this message; anything else is about the way to the server
            lost = isinstance(failure, OSError) and not _is_reply(failure)
            unreachable = unreachable + 1 if lost else 0
            if unreachable >= MOST_UNREACHABLE:
                break
        else:
            unreachable = 0
    line.drop()


def _send(message: Message, line: _Line, report: Report) -> None:
    address = message.envelope.get("to") or address_of(message.to)
    row = Message.objects.filter(pk=message.pk, email_state=Message.EmailState.WAITING)
    if not address:
        row.update(email_state=Message.EmailState.NONE, next_try_at=None, error="no address")
        return
    with translation.override(language_of(message.to)):
        mail = _mail(message, address)
    line.send(mail)
    row.update(email_state=Message.EmailState.SENT, next_try_at=None, error="")
    report.sent += 1


def _mail(message: Message, address: str) -> EmailMessage:
    """The message as an e-mail: its body and the address of its subject's page; a letter as its envelope has it."""
    if message.envelope:
        return _letter(message, address)
    subject = known(message.subject_label)
    link = ""
    if subject is not None and message.subject_id is not None:
        link = settings.PUBLIC_URL.rstrip("/") + subject.url(message.subject_id)
    domain = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return EmailMessage(
        subject=" ".join(message.heading.split()),
        body="\n\n".join(part for part in (message.body, link) if part) + "\n",
        to=[address],
        headers={"Message-ID": f"<message-{message.pk}@{domain}>"},
    )


def _letter(message: Message, address: str) -> EmailMessage:
    given = message.envelope
    mail = EmailMessage(
        subject=given["subject"],
        body=message.body + "\n",
        from_email=given["from"],
        to=[address],
        headers={**given["headers"], "Message-ID": message.message_id},
    )
    for file in given["files"]:
        mail.attach(file["name"], bytes_of(file["sha256"]), file["content_type"])
    return mail


def _is_reply(failure: Exception) -> bool:
    return isinstance(failure, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)


def _is_final(failure: Exception) -> bool:
    """The server said no for good (5xx about the address or the text), or the message cannot be sent at all."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return False  # the operator's password, not the message
    if isinstance(failure, smtplib.SMTPResponseException):
        return failure.smtp_code >= 500
    return isinstance(failure, ValueError)


def _put_off(message: Message, failure: Exception, now: dt.datetime, report: Report) -> None:
    row = Message.objects.filter(pk=message.pk, email_state=Message.EmailState.WAITING)
    error = _reason("e-mail", failure)[:400]
    if _is_final(failure) or message.attempts > len(BACKOFF):
        log.warning("message %s cannot be sent: %s", message.pk, error)
        fail(message, error, now)
        report.failed += 1
    else:
        row.update(next_try_at=now + BACKOFF[message.attempts - 1], error=error)
        report.retried += 1


@dataclass(frozen=True)
class Backlog:
    """What waits and what was given up; `oldest` is the moment of the oldest event that waits."""

    events: int
    oldest: dt.datetime | None
    mails: int
    failed_events: int
    failed_mails: int


def backlog() -> Backlog:
    """For `doctor` and the page of the system."""
    waiting = Event.objects.filter(state=Event.State.WAITING)
    return Backlog(
        events=waiting.count(),
        oldest=waiting.aggregate(at=Min("at"))["at"],
        mails=Message.objects.filter(email_state=Message.EmailState.WAITING).count(),
        failed_events=Event.objects.filter(state=Event.State.FAILED).count(),
        failed_mails=Message.objects.filter(email_state=Message.EmailState.FAILED).count(),
    )


def prune(now: dt.datetime, keep: dt.timedelta = dt.timedelta(days=30)) -> int:
    """Forget events that every listener has heard, `keep` after they happened; how many."""
    old = Event.objects.filter(state=Event.State.DONE, at__lt=now - keep)
    Heard.objects.filter(event__in=old).delete()
    return old.delete()[0]
