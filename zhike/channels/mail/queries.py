"""Reads: mailboxes of the units in reach, their mails, the mail as it came."""

from __future__ import annotations

from typing import IO

from django.db.models import Count, Q, QuerySet

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.records.attachments import path_of

from .models import InboundMail, Mailbox

State = InboundMail.State


def mailboxes(scope: Scope) -> QuerySet[Mailbox]:
    return scope.rows(Mailbox.objects.select_related("unit"))


def with_counts(rows: QuerySet[Mailbox]) -> QuerySet[Mailbox]:
    """Mailboxes with how many mails stand in each state: `taken`, `ignored`, `held`, `failed`, `waiting`."""
    return rows.annotate(
        taken=Count("mails", filter=Q(mails__state=State.TAKEN)),
        ignored=Count("mails", filter=Q(mails__state=State.IGNORED)),
        held=Count("mails", filter=Q(mails__state=State.HELD)),
        failed=Count("mails", filter=Q(mails__state=State.FAILED)),
        waiting=Count("mails", filter=Q(mails__state=State.NEW)),
    )


def mails(mailbox: Mailbox, state: str = "") -> QuerySet[InboundMail]:
    """The mails of a mailbox whose gate was passed, newest first."""
    rows = InboundMail.objects.filter(mailbox=mailbox).select_related("party")
    return rows.filter(state=state) if state in State.values else rows


def units(scope: Scope) -> QuerySet[Unit]:
    """Houses for which a mailbox may be read."""
    rows = Unit.objects.filter(closed_on=None).exclude(kind__in=[Unit.Kind.DEPARTMENT, Unit.Kind.TEAM])
    return rows if scope.units is None else rows.filter(pk__in=sorted(scope.units))


def open_raw(mail: InboundMail) -> IO[bytes] | None:
    """The bytes of a mail as it came, or None where they are deleted or the disk has lost them."""
    if not mail.raw:
        return None
    try:
        return path_of(mail.raw).open("rb")
    except FileNotFoundError:
        return None


def all_mails(scope: Scope) -> QuerySet[InboundMail]:
    """Mails of every mailbox in the scope."""
    return scope.rows(InboundMail.objects.select_related("mailbox", "party"), unit="mailbox__unit")
