"""The IMAP server: a connection, its troubles as codes, and the few things asked of it."""

from __future__ import annotations

import datetime as dt
import imaplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from .models import Mailbox

TIMEOUT = 30
BEGINNING = 1_000_000  # bytes that are fetched of a mail that is too large


class Trouble(Exception):
    """The mailbox cannot be read now: a code of words.TROUBLES and its detail."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail[:400]


@dataclass(frozen=True)
class Folder:
    """What the server says of the folder."""

    uid_validity: int
    next_uid: int
    count: int


@dataclass(frozen=True)
class Fetched:
    """One mail as the server has it; `data` may be its beginning only."""

    uid: int
    size: int
    arrived_at: dt.datetime
    data: bytes
    is_cut: bool


@contextmanager
def connected(mailbox: Mailbox) -> Iterator[tuple[IMAPClient, Folder]]:
    """The open folder. Every failure is a Trouble."""
    secret = settings.MAIL_SECRETS.get(mailbox.secret)
    if not secret:
        raise Trouble("no_secret", mailbox.secret)
    where = f"{mailbox.host}:{mailbox.port}"
    with _told("unreachable", where):
        client = IMAPClient(mailbox.host, mailbox.port, ssl=mailbox.tls == Mailbox.Tls.SSL, timeout=TIMEOUT)
    client.normalise_times = False
    try:
        if mailbox.tls == Mailbox.Tls.STARTTLS:
            with _told("tls", where):
                client.starttls(ssl.create_default_context())
        with _told("sign_in", mailbox.user):
            client.login(mailbox.user, secret)
        with _told("folder", mailbox.folder):
            if client.has_capability(
                "ID"
            ):  # some Chinese providers open no folder for programs without a name
                client.id_({"name": "Zhike", "vendor": "Zhike"})
            said = client.select_folder(mailbox.folder)
        folder = Folder(int(said[b"UIDVALIDITY"]), int(said.get(b"UIDNEXT", 1)), int(said.get(b"EXISTS", 0)))
        with _told("lost", where):
            yield client, folder
    finally:
        try:
            client.logout()
        except (IMAPClientError, imaplib.IMAP4.error, OSError):
            client.shutdown()


@contextmanager
def _told(code: str, detail: str) -> Iterator[None]:
    try:
        yield
    except Trouble:
        raise
    except socket.gaierror:
        raise Trouble("unknown_host", detail.partition(":")[0]) from None
    except ssl.SSLError as failure:
        raise Trouble(
            "tls", str(getattr(failure, "verify_message", "") or failure.reason or failure)
        ) from None
    except LoginError as failure:
        raise Trouble("sign_in", _said(failure)) from None
    except (IMAPClientError, imaplib.IMAP4.error) as failure:
        raise Trouble("folder", detail) if code == "folder" else Trouble("refused", _said(failure)) from None
    except OSError as failure:
        raise Trouble(code if code in {"unreachable", "lost"} else "lost", detail or str(failure)) from None


def _said(failure: Exception) -> str:
    text = failure.args[0] if failure.args else ""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def uids_after(client: IMAPClient, last: int) -> list[int]:
    """UIDs above the last, ascending; a server answers `n:*` with the highest one even when it is below n."""
    found = client.search(["UID", f"{last + 1}:*"])
    return sorted(uid for uid in found if uid > last)


def fetch(client: IMAPClient, uids: Sequence[int], most: int) -> Iterator[Fetched]:
    """The mails of some UIDs one after another; of one larger than `most` bytes its beginning. Gone ones are left out."""
    known: dict[int, dict[bytes, Any]] = client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
    for uid in uids:
        if uid not in known:
            continue
        size = int(known[uid].get(b"RFC822.SIZE", 0))
        is_cut = size > most
        got = client.fetch([uid], [f"BODY.PEEK[]<0.{BEGINNING}>" if is_cut else "BODY.PEEK[]"])
        data = next((value for name, value in got.get(uid, {}).items() if name.startswith(b"BODY[")), None)
        if isinstance(data, bytes):
            arrived = known[uid].get(b"INTERNALDATE") or dt.datetime.now(dt.UTC)
            yield Fetched(uid, size, arrived, data, is_cut)


def file_away(client: IMAPClient, uids: Sequence[int], done_folder: str) -> None:
    """Mark as read, and move where a folder is named. What is gone already does no harm."""
    client.add_flags(list(uids), [b"\\Seen"], silent=True)
    if not done_folder:
        return
    with _told("folder", done_folder):
        if client.has_capability("MOVE"):
            client.move(list(uids), done_folder)
        else:
            client.copy(list(uids), done_folder)
            client.add_flags(list(uids), [b"\\Deleted"], silent=True)
            if client.has_capability("UIDPLUS"):
                client.uid_expunge(list(uids))
