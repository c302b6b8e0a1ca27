"""What messages hold of a customer as a person: texts, the address, the e-mails and files."""

from __future__ import annotations

import datetime as dt

from zhike.channels.models import InboundMail
from zhike.customers.models import Customer
from zhike.customers.privacy import holdings
from zhike.customers.privacy.actions import forget_files, forget_mails
from zhike.kernel.outbox.models import Message
from zhike.kernel.records.models import Attachment
from zhike.workbench.models import CustomerMessage

LABEL = CustomerMessage._meta.label


def erase(customer: Customer, words: frozenset[str], now: dt.datetime) -> int:
    """The e-mails and files that came and went; the texts are emptied beside."""
    rows = CustomerMessage.objects.filter(customer=customer)
    about = {"subject_label": LABEL, "subject_id__in": list(rows.values_list("pk", flat=True))}
    forget_mails(InboundMail.objects.filter(**about), words)
    forget_files(Attachment.objects.filter(**about, removed_at=None), now)
    Message.objects.filter(**about).exclude(envelope={}).update(
        envelope={}, body="", title="—", email_state=Message.EmailState.NONE
    )
    return rows.count()


HOLDING = holdings.Holding(
    "workbench", erase=erase, emptied={LABEL: {"text": "—", "reply": "—", "email": ""}}
)
