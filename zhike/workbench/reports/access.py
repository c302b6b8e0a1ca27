"""Who writes, sees and comments on reports: the author, and who leads or inspects."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from zhike.kernel import clock
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.scope import Scope
from zhike.people.access import may as holds
from zhike.people.access import standing
from zhike.people.models import User
from zhike.workbench.models import Report

from . import queries

LEAD = "work.inspect"


def scope(user: User) -> Scope:
    """The own rows, which take no power, and those of the units that one inspects."""
    return standing(user).scope(LEAD) if holds(user, LEAD) else Scope(party=user.pk)


@dataclass(frozen=True)
class May:
    write: bool
    adjust: bool
    comment: bool


def may(user: User, report: Report) -> May:
    mine, is_draft = report.author_id == user.pk, report.state == Report.State.DRAFT
    leader = directory().superior_of(report.author_id, report.unit_id, clock.now())
    leads = holds(user, LEAD, report.unit_id) or (leader is not None and leader.pk == user.pk)
    return May(
        write=mine and is_draft, adjust=mine and not is_draft, comment=not mine and leads and not is_draft
    )


def report_for(user: User, pk: int, *, to: str = "see") -> Report:
    """The gate: 404 out of sight, 403 where the verb is somebody else's. `to`: see or a field of `May`."""
    found = queries.reports(scope(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to != "see" and not getattr(may(user, found), to):
        raise PermissionDenied(to)
    return found
