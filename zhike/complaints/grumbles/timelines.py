"""A customer's grumbles on the customer's page, and the button that records a new one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers.history import Begin, Line, Source
from zhike.customers.models import Customer
from zhike.people import access as people
from zhike.people.models import User

from . import access, queries
from .models import Grumble


def read(user: User, customer: Customer, limit: int) -> list[Line]:
    """The newest grumbles of the customer that the person may see; one statement."""
    rows = queries.grumbles(access.scope(user)).filter(customer=customer).order_by("-at")[:limit]
    return [
        Line(
            at=row.at,
            title=row.title,
            number=row.number,
            url=reverse("grumbles:detail", args=[row.pk]),
            status=row.get_state_display(),
            status_kind="run" if row.state == Grumble.State.OPEN else "met",
            kind="brand" if row.state == Grumble.State.OPEN else "met",
            is_open=row.state == Grumble.State.OPEN,
        )
        for row in rows
    ]


def count(user: User, customer: Customer) -> int:
    return queries.grumbles(access.scope(user)).filter(customer=customer).count()


def begin(user: User, customer: Customer) -> Begin | None:
    if not people.may(user, access.RECORD):
        return None
    return Begin(_("Record a grumble"), f"{reverse('grumbles:new')}?customer={customer.pk}")


SOURCE = Source("grumbles", gettext_lazy("Grumbles"), read, count, begin)
