"""Which mails no person wrote to us: they are ignored or held, and never answered."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings

from .models import InboundMail, Mailbox
from .reading import Letter
from .replies import OURS

State = InboundMail.State
HOUR = dt.timedelta(hours=1)
_ROBOT = re.compile(
    r"^\s*(自动回复|自動回覆|系统自动|外出自动|auto(matic)?[ -]?(reply|response)|out of (the )?office)", re.I
)
_WORKERS = {"mailer-daemon", "postmaster"}


def verdict(letter: Letter, row: InboundMail, mailbox: Mailbox) -> tuple[str, str, str] | None:
    """State, code and detail of a mail that is not to be taken, or None. `rate` is asked separately."""
    if automatic := _automatic(letter):
        return State.IGNORED, *automatic
    if letter.message_id.startswith(OURS) or letter.sender in own_addresses():
        return State.IGNORED, "own", letter.sender[:400]
    if not letter.sender:
        return State.HELD, "no_sender", ""
    if suppressed := letter.marks.get("x-auto-response-suppress", ""):
        return State.HELD, "suppressed", suppressed[:100]
    return None


def _automatic(letter: Letter) -> tuple[str, str] | None:
    marks = letter.marks
    submitted = marks.get("auto-submitted", "no").split(";")[0].strip().lower()
    if submitted != "no":
        return "automatic", f"Auto-Submitted: {submitted}"[:100]
    for name in ("x-autoreply", "x-autorespond"):
        if marks.get(name, "no").lower() not in {"no", "false", ""}:
            return "automatic", name
    precedence = marks.get("precedence", "").lower()
    if precedence in {"bulk", "junk", "list", "auto_reply"}:
        return "bulk", f"Precedence: {precedence}"
    if "list-id" in marks:
        return "bulk", f"List-Id: {marks['list-id']}"[:200]
    if marks.get("return-path", "-").replace(" ", "") == "<>":
        return "no_return", ""
    if _ROBOT.search(letter.subject) or letter.sender.partition("@")[0] in _WORKERS:
        return "automatic", letter.subject[:100]
    return None


def own_addresses() -> set[str]:
    """Addresses from which we write: of every mailbox, and of the product."""
    own = {settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("<> ").lower()}
    for address, user in Mailbox.objects.values_list("address", "user"):
        own |= {address.lower(), user.lower()}
    return own


def too_many(row: InboundMail) -> bool:
    """More mails of one sender within the hour before this one arrived than the house takes."""
    before = InboundMail.objects.filter(
        sender=row.sender, arrived_at__gt=row.arrived_at - HOUR, arrived_at__lte=row.arrived_at
    ).exclude(pk=row.pk)
    most = settings.MAIL_PER_SENDER
    # counted no further than the limit: a flood of one sender costs no more with each of its mails
    return before.exclude(state=State.IGNORED)[:most].count() >= most
