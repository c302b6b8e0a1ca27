"""Applying for hospitality, what its approval means, settling it. Each verb is one transaction with one audit row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import ask_all
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.policy.regulation import regulation_on
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars
from zhike.visits.reception import questions

from .models import Hospitality

KIND = "reception.hospitality"
NUMBERS = "ZD-{yyyy}{mm}-{seq:04}"
ENDS = {
    Approval.State.APPROVED: Hospitality.State.APPROVED,
    Approval.State.REFUSED: Hospitality.State.REFUSED,
    Approval.State.SENT_BACK: Hospitality.State.REFUSED,
    Approval.State.WITHDRAWN: Hospitality.State.WITHDRAWN,
}


class CannotHost(Exception):
    """The application or settlement is refused; the message is one sentence."""


@held
@transaction.atomic
def apply(
    *,
    customer: Customer,
    kind: str,
    guests: int,
    guest_names: str,
    reason: str,
    place: str,
    on: dt.date,
    budget: Decimal,
    by: Party,
    now: dt.datetime,
    companions: int = 0,
    companion_names: str = "",
    after_reason: str = "",
) -> Hospitality:
    """Apply for money to be spent on a customer; the manual says who approves. Raises CannotHost."""
    today = calendars.local_day(now, customer.unit_id)
    _check_day(customer.unit_id, on, today, after_reason)
    each = _standard(customer, kind, guests, companions, budget, today)
    row = Hospitality.objects.create(
        number=series.take(NUMBERS, key="hospitality", now=now, tz=calendars.calendar_for(customer.unit_id).zone),
        unit_id=customer.unit_id, secrecy=customer.secrecy, customer=customer, is_key=customer.is_key, kind=kind,
        guests=guests, guest_names=guest_names.strip(), companions=companions,
        companion_names=companion_names.strip(), reason=reason.strip(), place=place.strip(), on=on, each=each,
        budget=budget, after_reason=after_reason.strip() if on < today else "", at=now, by=by,
    )  # fmt: skip
    clause = _ask(row, by, now)
    trail.record(
        "hospitality.applied", subject=row, by=by, at=now, clause=clause,
        after={"number": row.number, "kind": kind, "budget": budget},
    )  # fmt: skip
    return row


def _check_day(unit: int, on: dt.date, today: dt.date, after_reason: str) -> None:
    """Before the day, or afterwards with a reason and within the days of the manual."""
    if on >= today:
        return
    found = regulation_on(questions.STANDARD.name, unit, today)
    days = found.figure(questions.DAYS_AFTER, 0) if found is not None else 0
    if on < today - dt.timedelta(days=days):
        raise CannotHost(
            _("Hospitality is applied for beforehand, an exception within %(days)d days after it.")
            % {"days": days}
        )
    if not after_reason.strip():
        raise CannotHost(_("Say why it was not applied for beforehand."))


def _standard(
    customer: Customer, kind: str, guests: int, companions: int, budget: Decimal, today: dt.date
) -> Decimal:
    """The standard per person; the budget and the companions keep to it. Raises CannotHost."""
    if guests < 1:
        raise CannotHost(_("There is no hospitality without customers."))
    if budget <= 0:
        raise CannotHost(_("Say how much is needed."))
    found = regulation_on(questions.STANDARD.name, customer.unit_id, today)
    if found is None:
        raise CannotHost(
            _("No regulation on reception is in force at this unit. Ask an administrator to install one.")
        )
    said = found.decided({"种类": kind, "重点客户": customer.is_key}, today)[0].outcome
    each, most = Decimal(str(said["人均标准"])), int(said["陪同人数"])
    if companions > most:
        raise CannotHost(_("At most %(most)d companions.") % {"most": most})
    if budget > each * (guests + companions):
        raise CannotHost(
            _("The standard is %(each)s yuan per person: at most %(whole)s yuan.")
            % {"each": f"{each:,.2f}", "whole": f"{each * (guests + companions):,.2f}"}
        )
    return each


def _ask(row: Hospitality, by: Party, now: dt.datetime) -> str:
    """Start the line of approval; the clause. Raises CannotHost when nobody can be asked."""
    facts = {"amount": row.budget}
    try:
        rulings = ask_all(questions.APPROVAL, about=row, unit_id=row.unit_id, by=by, now=now, facts=facts)
    except NoManual as trouble:
        raise CannotHost(str(trouble)) from trouble
    words = list(rulings[0].outcome.get("approvers") or []) if rulings else []
    if not words:
        raise CannotHost(_("The regulation names nobody who approves this."))
    ruling = rulings[0]
    try:
        approvals.request(
            subject=row,
            kind=KIND,
            title=_("%(kind)s for %(customer)s: %(amount)s yuan")
            % {"kind": row.get_kind_display(), "customer": row.customer.name, "amount": f"{row.budget:,.2f}"},
            levels=approvals.levels_for(words, asked_by=by, unit_id=row.unit_id, now=now),
            unit_id=row.unit_id, by=by, now=now, limit=ruling.outcome.get("limit") or "", amount=row.budget,
            clause=ruling.clause, ruling_id=ruling.pk, version_id=ruling.version_id, secrecy=row.secrecy,
        )  # fmt: skip
    except approvals.CannotApprove as refusal:
        raise CannotHost(str(refusal)) from refusal
    return ruling.clause


def decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """The line of approval came to its end."""
    asked = Hospitality.objects.filter(pk=approval.subject_id, state=Hospitality.State.ASKED)
    asked.update(state=ENDS[Approval.State(approval.state)])


@held
@transaction.atomic
def settle(
    *,
    hospitality: Hospitality,
    actual_on: dt.date,
    actual_guests: int,
    cost: Decimal,
    invoice: str,
    by: Party,
    now: dt.datetime,
    overrun_reason: str = "",
    result: str = "",
    satisfaction: int | None = None,
) -> Hospitality:
    """What was spent, with the invoice; more than the budget needs a reason. Raises CannotHost."""
    if cost < 0 or not invoice.strip():
        raise CannotHost(_("Give the actual cost and the number of the invoice."))
    if cost > hospitality.budget and not overrun_reason.strip():
        raise CannotHost(_("Say why more was spent than approved."))
    if actual_on > calendars.local_day(now, hospitality.unit_id):
        raise CannotHost(_("This day has not come yet."))
    rows = Hospitality.objects.filter(pk=hospitality.pk, state=Hospitality.State.APPROVED)
    if not rows.update(
        state=Hospitality.State.SETTLED, actual_on=actual_on, actual_guests=actual_guests, cost=cost,
        invoice=invoice.strip(), overrun_reason=overrun_reason.strip() if cost > hospitality.budget else "",
        result=result.strip(), satisfaction=satisfaction, settled_at=now,
    ):  # fmt: skip
        raise CannotHost(_("Only what is approved and not settled yet is settled."))
    hospitality.refresh_from_db()
    trail.record(
        "hospitality.settled",
        subject=hospitality,
        by=by,
        at=now,
        after={"cost": cost, "invoice": invoice.strip()},
    )
    return hospitality
