"""Contacts and promises in the history of a customer."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhike.customers.history import Line, Source
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.people import access as people
from zhike.people.models import User

from . import queries
from .models import Interaction, Promise

KINDS = {"OPEN": "run", "KEPT": "met", "BROKEN": "late", "RELEASED": "pause"}


# what a line prints of a contact; a history of hundreds makes no objects of them
PRINTED = ("pk", "at", "way", "purpose", "content", "is_incoming", "by__name", "contact__name")


def read_contacts(user: User, customer: Customer, limit: int) -> list[Line]:
    """Who spoke with whom by which way about what: one sentence of names and nouns."""
    rows = queries.interactions(people.scope_of(user, "customer.see")).filter(customer=customer)
    ways, incoming = {code: str(label) for code, label in Interaction.Way.choices}, _("From the customer")
    # the address is worked out once, not for each of hundreds
    before, _key, after = reverse("customers:contact_entry", args=[0]).rpartition("0")
    lines = []
    for pk, at, way, purpose, content, is_incoming, who, whom in rows.values_list(*PRINTED)[:limit]:
        head = " ".join(part for part in (who, ways[way], whom) if part)
        about = " ".join((purpose or content).split())[:60]
        lines.append(
            Line(
                at=at,
                title=f"{head}: {about}" if about else head,
                url=f"{before}{pk}{after}",
                status=incoming if is_incoming else "",
                kind="met",
            )
        )
    return lines


def count_contacts(user: User, customer: Customer) -> int:
    return queries.interactions(people.scope_of(user, "customer.see")).filter(customer=customer).count()


def read_promises(user: User, customer: Customer, limit: int) -> list[Line]:
    now = clock.now()
    rows = queries.promises(people.scope_of(user, "customer.see")).filter(customer=customer)
    lines = []
    for row in rows.select_related(None).order_by("-at", "-pk")[:limit]:
        is_open = row.state == Promise.State.OPEN
        late = is_open and row.due_at < now
        lines.append(
            Line(
                at=row.at,
                title=_("Promised: %(text)s") % {"text": row.text},
                url=reverse("customers:promise", args=[row.pk]),
                status=str(row.get_state_display()),
                status_kind="late" if late else KINDS[row.state],
                kind="late" if late else "brand" if is_open else "",
                is_open=is_open,
            )
        )
    return lines


def count_promises(user: User, customer: Customer) -> int:
    return queries.promises(people.scope_of(user, "customer.see")).filter(customer=customer).count()


CONTACTS = Source("contacts", pgettext_lazy("talk", "Contacts"), read_contacts, count_contacts)
PROMISES = Source("promises", gettext_lazy("Promises"), read_promises, count_promises)
