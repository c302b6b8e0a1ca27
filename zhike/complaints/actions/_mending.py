"""Mending what was registered wrongly: corrections and voiding, each with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.complaints.models import Complaint
from zhike.customers.actions import recognise_or_create
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import stages

from . import _common, _joining
from ._under_way import under_way

CORRECTABLE = ("title", "text", "demand", "happened_on", "channel", "origin")


class CannotCorrect(Exception):
    """Nothing to correct, no reason given, or a field that a correction may not touch."""


class CannotVoid(Exception):
    """The registration cannot be voided."""


@transaction.atomic
def correct(
    *,
    complaint: Complaint,
    by: Party,
    now: dt.datetime,
    reason: str,
    customer: Customer | None = None,
    **values: object,
) -> Complaint:
    """Correct a wrong registration; before and after stay in the audit trail. Raises CannotCorrect."""
    if not reason.strip():
        raise CannotCorrect(_("Say why the registration is corrected."))
    if strange := set(values) - set(CORRECTABLE):
        raise CannotCorrect(_("%(field)s cannot be corrected here.") % {"field": ", ".join(sorted(strange))})
    if "text" in values and not str(values["text"]).strip():
        raise CannotCorrect(_("Say what the customer complains of."))
    if refusal := _common.in_future(values.get("happened_on"), complaint.unit_id, now):
        raise CannotCorrect(refusal)
    changed = {name: value for name, value in values.items() if getattr(complaint, name) != value}
    if customer is not None and customer.pk != complaint.customer_id:
        changed["customer"] = customer
    if not changed:
        raise CannotCorrect(_("Nothing was changed."))
    before = {name: _plain(getattr(complaint, name)) for name in changed}
    _common.save_facts(complaint, **changed)
    if "title" in changed or "customer" in changed:
        Duty.objects.filter(**subjects.key(complaint)).update(
            matter=complaint.matter, customer_id=complaint.customer_id
        )
    _common.put_into_index(complaint)
    trail.record(
        "complaints.corrected",
        subject=complaint,
        by=by,
        at=now,
        before=before,
        after={name: _plain(value) for name, value in changed.items()} | {"reason": reason},
    )
    return complaint


@transaction.atomic
def correct_registration(
    *, complaint: Complaint, name: str, phone: str, by: Party, now: dt.datetime, reason: str, **given: object
) -> Complaint:
    """`correct`, and another customer if a number is given or the name is that of somebody else."""
    customer = None
    known = complaint.customer.name if complaint.customer else ""
    if phone.strip() or (name.strip() and name.strip() != known):
        customer = recognise_or_create(
            name=name, phone=phone, unit=complaint.unit, by=by, now=now, source=complaint.channel
        ).customer
    return correct(complaint=complaint, by=by, now=now, reason=reason, customer=customer, **given)


@transaction.atomic
def void(*, complaint: Complaint, by: Party, now: dt.datetime, reason: str) -> Complaint:
    """Void a registration that should not be there; it stays readable, its duties are cancelled."""
    if not reason.strip():
        raise CannotVoid(_("Say why the registration is voided."))
    if not complaint.is_open:
        raise CannotVoid(_("This complaint is closed."))
    if first := under_way(complaint):
        raise CannotVoid(first)
    if _joining.has_parts(complaint):
        raise CannotVoid(_("Other complaints are joined to this one; part them first."))
    stages.end(complaint, by=by, now=now, reason=reason)
    _common.save_facts(complaint, voided_at=now, void_reason=reason.strip()[:400])
    trail.record("complaints.voided", subject=complaint, by=by, at=now, after={"reason": reason})
    return complaint


def _plain(value: object) -> object:
    return value.pk if isinstance(value, Customer) else value


@transaction.atomic
def exported(*, by: Party, now: dt.datetime, fmt: str, rows: int, query: str) -> None:
    """Note in the audit trail that somebody took a list out of the house."""
    trail.record(
        "complaints.exported", subject=by, by=by, at=now, after={"format": fmt, "rows": rows, "query": query}
    )
