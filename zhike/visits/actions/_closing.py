"""Closing a visit: nothing that the regulation demands may be missing; what follows from it is made at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhike.customers.contacts import actions as contacts
from zhike.customers.models import Interaction
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import events, post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.visits import demands
from zhike.visits.models import Visit
from zhike.visits.rules import Rules

from ._common import CALL, RECORD, RETURN, CannotVisit, change, ruled
from ._plans import add

CALL_TITLE = gettext_noop("Telephone the customer who was out")


class CannotClose(CannotVisit):
    """The record lacks something; `problems` names every missing thing."""


@held
@transaction.atomic
def close(*, visit: Visit, by: Party, now: dt.datetime) -> Visit:
    """Close the visit: writes the contact and plans the next visit. Raises CannotClose with all that is missing."""
    if visit.state != Visit.State.UNDER_WAY:
        raise CannotClose(_("This visit is not under way."))
    found = ruled(visit, now)
    lacking = demands.missing(visit, found)
    if lacking:
        raise CannotClose(
            _("The visit cannot be closed yet."), tuple(missing.sentence for missing in lacking)
        )
    told = _contact(visit, found, by, now)
    change(
        visit, by=by, now=now, code="visits.closed",
        state=Visit.State.CLOSED, closed_at=now, closed_by=by, interaction=told,
        entered_on=calendars.local_day(now, visit.unit_id), version_id=found.visits.version_id,
    )  # fmt: skip
    duties.discharge(subject=visit, kinds=[RECORD], by=by, now=now)
    if visit.promise is not None:
        duties.discharge(subject=visit.promise, kinds=[RETURN], by=by, now=now)
    _next(visit, by, now)
    if visit.is_absent:
        _call(visit, found, now)
    else:
        post.emit(events.CUSTOMER_VISITED, ids={"interaction": told.pk}, at=now)
    return visit


def _contact(visit: Visit, found: Rules, by: Party, now: dt.datetime) -> Interaction:
    labels = dict(found.words("拜访目的"))
    purposes = _(", ").join(labels.get(code, code) for code in visit.purposes)
    notes = [finding.text for finding in visit.findings.all() if finding.text]
    ahead = visit.next_on is not None and visit.next_on >= calendars.local_day(now, visit.unit_id)
    try:
        return contacts.record(
            customer=visit.customer,
            way=Interaction.Way.VISIT,
            by=by,
            now=now,
            at=visit.arrived_at or visit.started_at,
            contact=visit.contact,
            place=str(visit.get_channel_display()) if visit.channel != Visit.Channel.SHOP else "",
            purpose=(purposes or visit.focus or visit.target)[:120],
            content=visit.report or "\n".join(notes),
            feedback=visit.remark,
            result=_("The customer was out.") if visit.is_absent else "",
            next_on=visit.next_on if ahead else None,
            subject=visit,
        )
    except contacts.CannotRecord as refusal:
        raise CannotClose(str(refusal)) from refusal


def _next(visit: Visit, by: Party, now: dt.datetime) -> None:
    """The date that the customer was told feeds the plan (S004-16)."""
    if visit.next_on is None or visit.next_on < calendars.local_day(now, visit.unit_id):
        return
    there = Visit.objects.filter(
        manager=visit.manager_id, customer=visit.customer_id, planned_on=visit.next_on, state__in=Visit.OPEN
    )
    if there.exists():
        return
    add(
        manager=visit.manager,
        customer=visit.customer,
        on=visit.next_on,
        at=visit.next_at,
        by=by,
        now=now,
        knowing=True,
    )


def _call(visit: Visit, found: Rules, now: dt.datetime) -> None:
    """The card that was left is the topic of the next call (R001-206)."""
    limit, clause = found.limit("CALL")
    with override("zh-hans"):
        title = _(CALL_TITLE)
    draft = duties.Draft(CALL, title, visit.manager, now, limit, title_en=CALL_TITLE, clause=clause)
    duties.open_duties(
        [draft],
        subject=visit,
        unit_id=visit.unit_id,
        matter=visit.customer.name,
        customer_id=visit.customer_id,
        secrecy=visit.secrecy,
    )
