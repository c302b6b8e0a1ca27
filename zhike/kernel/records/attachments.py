"""Files added to a subject: told by content, kept once under their hash, handed out with safe headers.

The kernel has no addresses: a view asks its gate for the subject, then calls `open_file` and `headers`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.records.models import Attachment
from zhike.kernel.records.sniff import FileType, sniff

LONGEST_NAME = 200
# Shown in the page; everything else is saved by the browser.
INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "application/pdf",
        "audio/mpeg",
        "audio/wav",
        "audio/mp4",
        "video/mp4",
    }
)
ACCEPT = ".jpg,.jpeg,.png,.webp,.heic,.pdf,.docx,.xlsx,.doc,.xls,.txt,.csv,.mp3,.wav,.m4a,.amr,.mp4"


class AttachmentRefusal(Exception):
    """The file was not added; the message is one sentence for the person who tried."""


class TooLarge(AttachmentRefusal):
    """More bytes than MAX_ATTACHMENT_BYTES."""


class WrongKind(AttachmentRefusal):
    """Empty, or a kind of file that is not accepted."""


class AlreadyThere(AttachmentRefusal):
    """The subject has this very file already; `attachment` is it."""

    def __init__(self, message: str, attachment: Attachment) -> None:
        super().__init__(message)
        self.attachment = attachment


class FileMissing(AttachmentRefusal):
    """The row stands, but its bytes are not on the disk."""


def clean_name(name: str, kind: FileType) -> str:
    """The last part of the path, without control and direction signs, at most 200 characters, ending as it should."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(
        sign for sign in name if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co"}
    )
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or ending.lower() not in kind.endings:
        stem, ending = name or _("file"), kind.endings[0]
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def attach(
    *,
    subject: Model,
    file: File[bytes],
    name: str,
    unit: Unit,
    by: Party | None,
    now: dt.datetime,
    note: str = "",
    secrecy: int | None = None,
) -> Attachment:
    """Add a file to a saved subject. `by` is None for a customer in the portal.

    Raises TooLarge, WrongKind or AlreadyThere, each with one sentence; then nothing is kept. The bytes reach the disk
    before the row is written, so a row always has its file; a file without a row does no harm.
    """
    limit = settings.MAX_ATTACHMENT_BYTES
    shown = Path(name.replace("\\", "/")).name[:60]
    with tempfile.TemporaryFile() as copy:
        size, digest = _copy(file, copy, limit)
        if size > limit:
            said = {"name": shown, "limit": filesizeformat(limit)}
            raise TooLarge(_("“%(name)s” is larger than %(limit)s.") % said)
        if size == 0:
            raise WrongKind(_("“%(name)s” is empty.") % {"name": shown})
        kind = sniff(copy, name)
        if kind is None:
            raise WrongKind(
                _(
                    "“%(name)s” cannot be added: accepted are pictures, PDF, Word and Excel without macros, text, sound and MP4."
                )
                % {"name": shown}
            )
        _store(copy, digest)
    row = Attachment(
        **subjects.key(subject),
        unit=unit,
        secrecy=int(getattr(subject, "secrecy", 0) or 0) if secrecy is None else secrecy,
        name=clean_name(name, kind),
        size=size,
        content_type=kind.content_type,
        sha256=digest,
        by=by,
        at=now,
        note=note.strip()[:200],
    )
    return _add(row, subject)


def _add(row: Attachment, subject: Model) -> Attachment:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            trail.record(
                "records.file_added",
                subject=subject,
                by=row.by,
                at=row.at,
                after={"file": row.pk, "name": row.name, "size": row.size, "sha256": row.sha256},
                unit_id=row.unit_id,
                secrecy=row.secrecy,
            )
    except IntegrityError:
        there = Attachment.objects.filter(**subjects.key(subject), sha256=row.sha256, removed_at=None).first()
        if there is None:
            raise
        raise AlreadyThere(
            _("This file is there already, as “%(name)s”.") % {"name": there.name}, there
        ) from None
    return row


def _copy(source: File[bytes], target: IO[bytes], limit: int) -> tuple[int, str]:
    """Size and SHA-256 of the source; stops soon after the limit, so that nobody fills the disk."""
    size, digest = 0, hashlib.sha256()
    for chunk in source.chunks():
        size += len(chunk)
        if size > limit:
            break
        digest.update(chunk)
        target.write(chunk)
    return size, digest.hexdigest()


def path_of(sha256: str) -> Path:
    """Where the bytes of a hash lie: MEDIA_ROOT/ab/cd/abcd..."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def _store(copy: IO[bytes], sha256: str) -> None:
    """Writes beside the place, then renames: a reader never meets half a file, equal files are kept once."""
    path = path_of(sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    copy.seek(0)
    handle, beside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := copy.read(1 << 20):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def keep(data: bytes) -> str:
    """Keep bytes that are no attachment, such as a mail as it came; their SHA-256, under which `path_of` has them."""
    digest = hashlib.sha256(data).hexdigest()
    with tempfile.TemporaryFile() as copy:
        copy.write(data)
        _store(copy, digest)
    return digest


def drop(sha256: str) -> bool:
    """Delete bytes that `keep` kept; False where a file of a subject has the same ones, which stay."""
    if Attachment.objects.filter(sha256=sha256).exists():
        return False
    path_of(sha256).unlink(missing_ok=True)
    return True


@transaction.atomic
def remove(*, attachment: Attachment, subject: Model, by: Party, now: dt.datetime, reason: str) -> bool:
    """Take a file off its subject. The bytes stay for the audit; False when it was removed before."""
    rows = Attachment.objects.filter(pk=attachment.pk, removed_at=None)
    if rows.update(removed_at=now, removed_by=by, removal_reason=reason.strip()[:200]) == 0:
        return False
    attachment.refresh_from_db()
    trail.record(
        "records.file_removed",
        subject=subject,
        by=by,
        at=now,
        before={"file": attachment.pk, "name": attachment.name, "sha256": attachment.sha256},
        after={"reason": attachment.removal_reason},
        unit_id=attachment.unit_id,
        secrecy=attachment.secrecy,
    )
    return True


def attachments_of(subject: Model) -> QuerySet[Attachment]:
    """Files of a subject, oldest first. The subject's own gate has been passed."""
    return Attachment.objects.filter(**subjects.key(subject), removed_at=None).select_related("by")


def attachments(scope: Scope) -> QuerySet[Attachment]:
    """Every file that the person may see."""
    return scope.rows(Attachment.objects.filter(removed_at=None), named=("by",), secrecy="secrecy")


def open_file(attachment: Attachment) -> IO[bytes]:
    """The bytes, to be closed by the caller. Raises FileMissing."""
    try:
        return path_of(attachment.sha256).open("rb")
    except FileNotFoundError:
        raise FileMissing(
            _("The file “%(name)s” is missing on the disk.") % {"name": attachment.name}
        ) from None


def headers(attachment: Attachment, *, inline: bool = False) -> dict[str, str]:
    """Headers of a download: never run, never guessed, name in RFC 5987. `inline` holds only for harmless kinds."""
    shown = inline and attachment.content_type in INLINE
    disposition = content_disposition_header(not shown, attachment.name) or "attachment"
    return {
        "Content-Type": attachment.content_type,
        "Content-Length": str(attachment.size),
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=0, no-store",
    }
