"""A regulation on customers as the pages and actions read it, and who of the house may own something about one."""

from __future__ import annotations

from django.db.models import QuerySet

from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy.regulation import Regulation, holder, regulation

__all__ = ["Regulation", "holder", "regulation", "staff_near"]


def staff_near(unit: int) -> QuerySet[Party]:
    """Staff of the house, of those above it, and of its sisters: who may own something about a customer."""
    found = tree()
    line = found.line(unit)
    near = found.below(line[1] if len(line) > 1 else unit) | set(line)
    return Party.objects.filter(kind=Party.Kind.STAFF, unit__in=near, user__is_active=True).order_by("name")
