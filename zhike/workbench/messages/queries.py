"""Reads of customers' messages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhike.channels.mail import replies
from zhike.customers.models import Interaction
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import subjects
from zhike.kernel.parties.scope import Scope
from zhike.workbench.models import CustomerMessage

ANSWER = "message.answer"


NAMED = ("customer__owner", "replied_by", "interaction__by")


def messages(scope: Scope, *, owed: QuerySet[Duty] | None = None) -> QuerySet[CustomerMessage]:
    """Messages of the visible customers; who looks after the customer, took it down or answered sees them anyway.

    So does whoever owes an answer: `owed` are the duties of the person and of the posts held.
    """
    about = None if owed is None else owed.filter(kind=ANSWER).order_by().values("subject_id")
    rows = scope.rows(
        CustomerMessage.objects.all(), named=NAMED, secrecy="customer__secrecy",
        also=None if about is None else Q(pk__among=about),
    )  # fmt: skip
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
