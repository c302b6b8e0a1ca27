"""Who sees what on the workbench: everybody the own work, who inspects also the team's."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.kernel.procedures.models import Approval
from zhike.kernel.records.models import Attachment
from zhike.people import access as people
from zhike.people.models import User
from zhike.ui import doors

from . import queries

TEAM = "work.inspect"


def team_scope(user: User) -> Scope:
    return people.scope_of(user, TEAM)


def approval_for(user: User, pk: int) -> Approval:
    """The gate of one approval: who asks, decides or decided it."""
    found = queries.approval(user.party, pk, clock.now())
    if found is None:
        raise Http404(_("There is no such approval for you."))
    return found


# How each kind of subject lets a person in: registered by `workbench.apps`, one line for each trade.
def attachment_for(user: User, pk: int) -> Attachment:
    """The gate of one file: who may see its subject may see the file."""
    row = Attachment.objects.filter(pk=pk, removed_at=None).first()
    gate = GATES.get(row.subject_label) if row is not None else None
    if row is None or gate is None:
        raise Http404
    gate(user, row.subject_id)
    return row


def _complaint(user: User, pk: int) -> object:
    from zhike.complaints.access import complaint_for

    return complaint_for(user, pk)


def _customer(user: User, pk: int) -> object:
    from zhike.customers.access import customer_for

    return customer_for(user, pk)


def _information(user: User, pk: int) -> object:
    from zhike.kernel.worktime import calendars
    from zhike.manuals.information.access import item_for

    return item_for(user, pk, calendars.local_day(clock.now(), user.party.unit_id or 0))


def _message(user: User, pk: int) -> object:
    from .messages.access import message_for

    return message_for(user, pk)


GATES = {
    "complaints.Complaint": _complaint,
    "customers.Customer": _customer,
    "manuals.Information": _information,
    "workbench.CustomerMessage": _message,
}


def way_to(user: User, label: str, pk: int | None) -> str:
    """Address of a subject, or "" when its kind has no page or the person may not open it."""
    return doors.ways(user, [(label, pk)]).get((label, pk), "") if pk else ""
