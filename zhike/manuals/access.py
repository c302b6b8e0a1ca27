"""Who reads, publishes and installs regulations. Every employee reads them."""

from __future__ import annotations

from django.db.models import QuerySet

from zhike.kernel.parties.models import Unit
from zhike.people import access as people
from zhike.people.models import User

INSTALL = "manual.install"
PUBLISH = "manual.publish"
REVISE = "manual.revise"
READERS = "report.see"  # heads see who of their units has read a regulation
CASES = "complaint.see"  # rulings and duties are counted over the units that this power reaches
# Roles of cases that a manual's 负责 may name beside posts; trades add theirs when they start.
ROLES: set[str] = set()


def units_to_install_in(user: User) -> QuerySet[Unit]:
    scope = people.scope_of(user, INSTALL)
    rows = Unit.objects.filter(closed_on=None).order_by("path")
    return rows if scope.units is None else rows.filter(pk__in=sorted(scope.units))
