"""The texts of mails that became nothing are deleted after a time; mails of a case belong to it and stay."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from zhike.kernel.records import attachments

from .models import InboundMail

BATCH = 500


def prune(now: dt.datetime) -> int:
    """Delete the bytes of mails that were ignored MAIL_KEEP_DAYS ago; how many.

    The row stays: by it the mail is known again when the server offers it once more. The bytes go first, so that a
    run that is killed leaves a row that the next one finds.
    """
    if not settings.MAIL_KEEP_DAYS:
        return 0
    old = InboundMail.objects.filter(
        state=InboundMail.State.IGNORED, at__lt=now - dt.timedelta(days=settings.MAIL_KEEP_DAYS)
    ).exclude(raw="")
    gone = 0
    while rows := list(old.order_by("at", "id")[:BATCH]):
        for row in rows:
            # the same bytes in another mailbox have the same Message-ID, which has an index
            others = InboundMail.objects.filter(message_id=row.message_id, raw=row.raw).exclude(pk=row.pk)
            if not others.exists():
                attachments.drop(row.raw)
            gone += old.filter(pk=row.pk).update(raw="")
    return gone
