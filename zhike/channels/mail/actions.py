"""What an administrator does with mailboxes and with mails that were not taken."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from . import purposes
from .models import InboundMail, Mailbox
from .taking import take

State = InboundMail.State
PLACE = ("host", "port", "user", "folder")
SHOWN = ("name", "purpose", "unit", *PLACE, "tls", "secret", "done_folder", "address", "sender_name", "acknowledges", "takes_old", "is_active")  # fmt: skip


class CannotSaveMailbox(Exception):
    """The mailbox cannot be read as given; `field` is the one to look at."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class CannotTakeMail(Exception):
    """The mail is not waiting for anybody."""


@transaction.atomic
def save_mailbox(*, mailbox: Mailbox | None, by: Party, now: dt.datetime, **given: Any) -> Mailbox:
    """Set up a mailbox or change it. Another account or folder is read from its beginning.

    Raises CannotSaveMailbox.
    """
    if given["purpose"] not in purposes.known():
        raise CannotSaveMailbox(_("Choose what its mails become."), "purpose")
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,38}", given["secret"]) or given["secret"].endswith("_FILE"):
        raise CannotSaveMailbox(
            _("Write the name of the password in capitals, such as KEFU; the password itself is never written here."),
            "secret",
        )  # fmt: skip
    if given["tls"] == Mailbox.Tls.NONE and not _is_here(given["host"]):
        raise CannotSaveMailbox(
            _("Without TLS the password crosses the network in clear: that is for this machine only."), "tls"
        )
    row = mailbox or Mailbox()
    before = {name: str(getattr(row, name)) for name in SHOWN} if mailbox is not None and mailbox.pk else {}
    moved = mailbox is not None and any(getattr(row, name) != given[name] for name in PLACE)
    for name, value in given.items():
        setattr(row, name, value)
    if moved:
        row.uid_validity, row.last_uid = None, 0
    row.error = row.error_detail = ""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CannotSaveMailbox(_("There is a mailbox of this name already."), "name") from None
    trail.record(
        "channels.mailbox_saved",
        subject=row,
        by=by,
        at=now,
        unit_id=row.unit_id,
        before=before,
        after={name: str(getattr(row, name)) for name in SHOWN},
    )
    return row


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def release(*, mail: InboundMail, by: Party, now: dt.datetime) -> InboundMail:
    """Take a mail all the same that was held, ignored or failed. Raises CannotTakeMail."""
    if not mail.raw:
        raise CannotTakeMail(
            _("This mail was ignored, and its text is deleted: ask the sender to write again.")
        )
    with transaction.atomic():
        _set(mail, [State.HELD, State.IGNORED, State.FAILED], state=State.NEW, released=True)
        _record("channels.mail_released", mail, by, now, reason="")
    take(mail.pk, now)
    mail.refresh_from_db()
    return mail


@transaction.atomic
def put_aside(*, mail: InboundMail, reason: str, by: Party, now: dt.datetime) -> InboundMail:
    """Decide that a held or failed mail is not taken. Raises CannotTakeMail."""
    if not reason.strip():
        raise CannotTakeMail(_("Say why it is put aside."))
    _set(mail, [State.HELD, State.FAILED], state=State.IGNORED, reason="dropped", detail=reason.strip()[:400])
    _record("channels.mail_put_aside", mail, by, now, reason=reason.strip()[:400])
    mail.refresh_from_db()
    return mail


def _set(mail: InboundMail, states: list[State], **values: Any) -> None:
    if not InboundMail.objects.filter(pk=mail.pk, state__in=states).update(**values):
        raise CannotTakeMail(_("This mail waits for nobody: somebody was faster, or it was taken."))


def _record(code: str, mail: InboundMail, by: Party, now: dt.datetime, *, reason: str) -> None:
    trail.record(
        code,
        subject=mail.mailbox,
        by=by,
        at=now,
        unit_id=mail.mailbox.unit_id,
        after={"mail": mail.pk, "message_id": mail.message_id, "reason": reason},
    )
