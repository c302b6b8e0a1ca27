"""Reads of customers' messages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from zhike.channels.mail import replies
from zhike.customers.models import Interaction
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import subjects
from zhike.kernel.parties.scope import Scope
from zhike.workbench.models import CustomerMessage


def messages(scope: Scope) -> QuerySet[CustomerMessage]:
    """Messages of the visible customers; who looks after the customer or answered sees them anyway."""
    rows = scope.rows(
        CustomerMessage.objects.all(), named=("customer__owner", "replied_by"), secrecy="customer__secrecy"
    )
    return rows.select_related("customer__owner", "customer__party", "unit", "replied_by", "interaction")


@dataclass(frozen=True)
class Said:
    """One thing that was said about a message, and the letter by which it left."""

    entry: Interaction
    letter: Message | None


def talk(message: CustomerMessage) -> list[Said]:
    """The message and everything said to it, oldest first. The gate was passed before."""
    about = subjects.key(message)
    rows = Interaction.objects.filter(**about).select_related("by").order_by("at", "pk")
    went = Message.objects.filter(**about, kind=replies.KIND)
    letters = {letter.envelope.get("entry"): letter for letter in went}
    return [Said(entry, letters.get(entry.pk)) for entry in (message.interaction, *rows)]
