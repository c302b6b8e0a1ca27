"""A run over one mailbox: what is new is kept first, then taken, each mail in transactions of its own.

Killed at any point, the next run goes on: a kept mail waits in state NEW, a taken one that is not marked on the server
yet is marked then, and nothing is kept twice (UID, and Message-ID with the digest of the body).
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from imapclient import IMAPClient

from zhike.kernel.records import attachments

from . import imap, reading
from .models import InboundMail, Mailbox
from .taking import take

LEASE = dt.timedelta(minutes=10)
BATCH = 50
MOST = 2000  # mails of one run of the job; the next goes on
LONGEST = 420.0  # seconds of one run, below the limit of a job
State = InboundMail.State
log = logging.getLogger(__name__)


@dataclass
class Run:
    """What one run did."""

    mailbox: str
    fetched: int = 0
    states: dict[str, int] = field(default_factory=dict)
    again: int = 0
    more: bool = False  # there is more to fetch
    busy: bool = False  # another run has the mailbox
    trouble: str = ""

    def count(self, state: str) -> None:
        self.states[state] = self.states.get(state, 0) + 1


def run(mailbox: Mailbox, moment: Callable[[], dt.datetime], most: int = MOST) -> Run:
    """Fetch and take what is new, up to `most` mails. Never raises for a server or a mail."""
    done = Run(mailbox.name)
    if not _claim(mailbox, moment()):
        done.busy = True
        return done
    error, detail = "", ""
    try:
        end = time.monotonic() + LONGEST
        _leftovers(mailbox, moment, end, done)
        with imap.connected(mailbox) as (client, folder):
            _agree(mailbox, folder)
            _file_away(client, mailbox)
            _all_new(client, mailbox, moment, most, end, done)
            _file_away(client, mailbox)
    except imap.Trouble as trouble:
        error, detail = trouble.code, trouble.detail
    except Exception as failure:
        log.exception("the run over mailbox %s failed", mailbox.pk)
        error, detail = "program", f"{type(failure).__name__}: {failure}"[:400]
    now = moment()
    values = {"busy_until": None, "last_run_at": now, "error": error, "error_detail": detail}
    Mailbox.objects.filter(pk=mailbox.pk).update(**values, **({} if error else {"last_good_at": now}))
    mailbox.error, mailbox.error_detail = error, detail
    done.trouble = mailbox.trouble
    return done


def run_all(mailbox: Mailbox, moment: Callable[[], dt.datetime], most: int = MOST) -> Run:
    """Runs one after another until nothing new is left or one meets trouble; what they did together."""
    whole = run(mailbox, moment, most)
    while whole.more and not whole.trouble:
        one = run(mailbox, moment, most)
        whole.fetched += one.fetched
        whole.again += one.again
        whole.more, whole.trouble, whole.busy = one.more, one.trouble, one.busy
        for state, count in one.states.items():
            whole.states[state] = whole.states.get(state, 0) + count
    return whole


def _claim(mailbox: Mailbox, now: dt.datetime) -> bool:
    free = Q(busy_until=None) | Q(busy_until__lt=now)
    return bool(Mailbox.objects.filter(free, pk=mailbox.pk).update(busy_until=now + LEASE, asked_at=None))


def _leftovers(mailbox: Mailbox, moment: Callable[[], dt.datetime], end: float, done: Run) -> None:
    """Mails that were kept when the last run died, or that somebody released."""
    waiting = InboundMail.objects.filter(mailbox=mailbox, state=State.NEW).order_by("id")
    for batch in _batches(list(waiting.values_list("pk", flat=True)[:MOST])):
        if time.monotonic() > end:
            done.more = True
            return
        _hold(mailbox, moment())
        for pk in batch:
            done.count(take(pk, moment()))


def _hold(mailbox: Mailbox, now: dt.datetime) -> None:
    """Claim the mailbox for longer: the run lives."""
    Mailbox.objects.filter(pk=mailbox.pk).update(busy_until=now + LEASE)


def _agree(mailbox: Mailbox, folder: imap.Folder) -> None:
    """Where to go on. After a new UIDVALIDITY everything is looked at again; what is known is known by its content."""
    mailbox.refresh_from_db(fields=["uid_validity", "last_uid", "takes_old"])
    if mailbox.uid_validity == folder.uid_validity:
        return
    first = mailbox.uid_validity is None
    mailbox.last_uid = folder.next_uid - 1 if first and not mailbox.takes_old else 0
    mailbox.uid_validity = folder.uid_validity
    mailbox.save(update_fields=["uid_validity", "last_uid"])


def _all_new(
    client: IMAPClient, mailbox: Mailbox, moment: Callable[[], dt.datetime], most: int, end: float, done: Run
) -> None:
    uids = imap.uids_after(client, mailbox.last_uid)
    done.more = done.more or len(uids) > most
    for batch in _batches(uids[:most]):
        if time.monotonic() > end:
            done.more = True
            return
        _hold(mailbox, moment())
        for mail in imap.fetch(client, batch, settings.MAX_MAIL_BYTES):
            kept = keep(mailbox, mail, moment())
            if kept is None:
                done.again += 1
                _file_copy(client, mailbox, mail.uid)
            else:
                done.fetched += 1
                done.count(take(kept, moment()))
        _reached(mailbox, batch[-1])
        _file_away(client, mailbox)


def _batches(uids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(uids)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _reached(mailbox: Mailbox, uid: int) -> None:
    Mailbox.objects.filter(pk=mailbox.pk, uid_validity=mailbox.uid_validity, last_uid__lt=uid).update(
        last_uid=uid
    )
    mailbox.last_uid = max(mailbox.last_uid, uid)


def keep(mailbox: Mailbox, mail: imap.Fetched, now: dt.datetime) -> int | None:
    """A row for a mail and how far the mailbox is read, in one transaction; None when it is known.

    The bytes reach the disk first: a row always has them.
    """
    raw = attachments.keep(mail.data)
    validity = mailbox.uid_validity or 0
    row = InboundMail(
        mailbox=mailbox,
        uid_validity=validity,
        uid=mail.uid,
        raw=raw,
        size=mail.size,
        is_cut=mail.is_cut,
        arrived_at=min(mail.arrived_at, now),
        at=now,
        message_id=f"<{raw}@unread>",
        body_digest=raw,
    )
    try:
        letter = reading.read(mail.data, is_cut=mail.is_cut)
        row.message_id, row.body_digest = letter.message_id, letter.body_digest
        row.sender, row.sender_name, row.subject = letter.sender, letter.sender_name, letter.subject
    except Exception as failure:  # a mail that breaks the parser is kept all the same
        log.exception("mail %s of mailbox %s cannot be read", mail.uid, mailbox.pk)
        row.state, row.reason = State.FAILED, "program_error"
        row.detail = f"{type(failure).__name__}: {failure}"[:400]
    if _insert(row, mailbox):
        return row.pk
    place = InboundMail.objects.filter(mailbox=mailbox, uid_validity=validity, uid=mail.uid)
    known = InboundMail.objects.filter(
        mailbox=mailbox, message_id=row.message_id, body_digest=row.body_digest
    )
    if known.exists():
        # after a new UIDVALIDITY the same mail has another place, where it may have to be marked
        place.exclude(pk__in=known.values("pk")).update(uid_validity=-F("id"), filed=True)
        known.exclude(uid_validity=validity).update(uid_validity=validity, uid=mail.uid, filed=False)
        _reached(mailbox, mail.uid)
        return None
    # another folder or server with the same UIDVALIDITY: the mail that had this place there gives it up
    place.update(uid_validity=-F("id"), filed=True)
    return row.pk if _insert(row, mailbox) else None


def _insert(row: InboundMail, mailbox: Mailbox) -> bool:
    """The row and how far the mailbox is read; False when its place or its content is taken."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _reached(mailbox, row.uid)
    except IntegrityError:
        row.pk = None
        return False
    return True


def _file_away(client: IMAPClient, mailbox: Mailbox) -> None:
    """Mark on the server what was decided; held and failed mails stay unread for people who look there."""
    rows = InboundMail.objects.filter(
        mailbox=mailbox,
        uid_validity=mailbox.uid_validity or 0,
        filed=False,
        state__in=[State.TAKEN, State.IGNORED],
    )
    for found in _batches(list(rows.order_by("uid").values_list("uid", flat=True))):
        imap.file_away(client, found, mailbox.done_folder)
        rows.filter(uid__in=found).update(filed=True)


def _file_copy(client: IMAPClient, mailbox: Mailbox, uid: int) -> None:
    """Mark the second copy of a known mail: no row has its place, so `_file_away` never meets it."""
    rows = InboundMail.objects.filter(mailbox=mailbox, uid_validity=mailbox.uid_validity or 0, uid=uid)
    if not rows.exists():
        imap.file_away(client, [uid], mailbox.done_folder)


def look(mailbox: Mailbox) -> tuple[imap.Folder | None, str]:
    """Try the connection: what the folder holds, or what is wrong in one sentence."""
    from . import words

    try:
        with imap.connected(mailbox) as (_client, folder):
            return folder, ""
    except imap.Trouble as trouble:
        return None, words.sentence(trouble.code, trouble.detail)
