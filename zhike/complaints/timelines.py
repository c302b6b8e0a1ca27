"""A customer's complaints on the customer's page, and the button that opens a new one."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.customers.history import Begin, Line, Source
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.people import access as people
from zhike.people.models import User

from . import access, queries


def read(user: User, customer: Customer, limit: int) -> list[Line]:
    """The newest complaints of the customer that the person may see; one statement."""
    now = clock.now()
    lines = []
    for row in queries.history_of(access.scope(user), customer.pk, limit=limit):
        is_quiet = row.is_void or row.is_joined
        late = row.is_late(now)
        lines.append(
            Line(
                at=row.opened_at,
                title=row.title,
                number=row.number,
                url=reverse("complaints:detail", args=[row.pk]),
                status=_("Malicious")
                if row.malicious and people.may(user, "complaint.assign", row.unit_id)
                else _("Void")
                if row.is_void
                else _("Joined to %(number)s") % {"number": row.joined_to.number}
                if row.joined_to
                else row.stage
                if row.is_open
                else _("Closed"),
                status_kind="" if is_quiet else "late" if late else "run" if row.is_open else "met",
                kind="late" if late else "brand" if row.is_open else "met",
                is_open=row.is_open,
            )
        )
    return lines


def count(user: User, customer: Customer) -> int:
    return queries.complaints(access.scope(user)).filter(customer=customer).count()


def begin(user: User, customer: Customer) -> Begin | None:
    """The way to the registration form, with the customer filled in."""
    if not people.may(user, "complaint.take"):
        return None
    return Begin(_("Register a complaint"), f"{reverse('complaints:new')}?customer={customer.pk}")


SOURCE = Source("complaints", gettext_lazy("Complaints"), read, count, begin, is_complaint=True)
