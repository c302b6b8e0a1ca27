"""The duties of a plan: entries of the journal, telephone calls, visits; opened one by one or in bulk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.customers.models import Customer
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.tracking.cadence import Cadence
from zhike.tracking.models import Plan
from zhike.tracking.queries import JOURNAL_KINDS, KINDS, PHONE, VISIT

TITLES = {
    JOURNAL_KINDS["DAY"]: gettext_noop("Day journal"),
    JOURNAL_KINDS["WEEK"]: gettext_noop("Week journal"),
    JOURNAL_KINDS["HALF_MONTH"]: gettext_noop("Half-month journal"),
    JOURNAL_KINDS["MONTH"]: gettext_noop("Month journal"),
    JOURNAL_KINDS["YEAR"]: gettext_noop("Year journal"),
    PHONE: gettext_noop("Telephone the customer"),
    VISIT: gettext_noop("Visit the customer"),
}
# who owes a contact with a customer whom nobody looks after
POST = "P002-09"


class CannotTrack(Exception):
    """The plan cannot be opened, changed or put to rest; the message is one sentence."""


def wanted(cadence: Cadence) -> dict[str, str]:
    """Kind of duty -> limit, as the cadence asks for."""
    found = {JOURNAL_KINDS[cadence.journal]: cadence.every, PHONE: cadence.phone, VISIT: cadence.visit}
    return {kind: limit for kind, limit in found.items() if limit}


@dataclass
class Opening:
    """Duties about many plans, collected for one INSERT. Each date is computed once for unit, kind and limit."""

    now: dt.datetime
    rows: list[Duty] = field(default_factory=list)
    _models: dict[tuple[int, str, str, int], Duty] = field(default_factory=dict)

    def add(
        self,
        plan: Plan,
        customer: Customer,
        kind: str,
        limit: str,
        cadence: Cadence,
        began: dt.datetime | None = None,
    ) -> Duty:
        key = (plan.unit_id, kind, limit, cadence.version_id)
        if began is not None or key not in self._models:
            made = self._planned(plan, customer, kind, limit, cadence, began or self.now)
            if began is None:
                self._models[key] = made
        else:
            made = self._like(self._models[key], plan, customer)
        self.rows.append(made)
        return made

    def save(self) -> list[Duty]:
        return Duty.objects.bulk_create(self.rows, batch_size=1000)

    def _planned(
        self, plan: Plan, customer: Customer, kind: str, limit: str, cadence: Cadence, began: dt.datetime
    ) -> Duty:
        draft = duties.Draft(
            kind=kind,
            **duties.titled(TITLES[kind]),
            owner=customer.owner,
            owner_post="" if customer.owner_id else POST,
            began_at=began,
            limit=limit,
            clause=cadence.clause,
            version_id=cadence.version_id,
        )
        found = duties.planned(
            [draft],
            subject=plan,
            unit_id=plan.unit_id,
            matter=customer.name,
            customer_id=customer.pk,
            secrecy=customer.secrecy,
        )
        return found[0]

    def _like(self, one: Duty, plan: Plan, customer: Customer) -> Duty:
        given = {
            column.attname: getattr(one, column.attname)
            for column in Duty._meta.fields
            if not column.primary_key
        }
        given |= {
            "subject_id": plan.pk,
            "customer_id": customer.pk,
            "matter": customer.name[:200],
            "owner_id": customer.owner_id,
            "owner_post": "" if customer.owner_id else POST,
            "secrecy": customer.secrecy,
        }
        return Duty(**given)


def open_of(plan: Plan) -> dict[str, Duty]:
    """What is owed about a plan, by kind."""
    rows = Duty.objects.open().filter(subject_label=Plan._meta.label, subject_id=plan.pk)
    return {duty.kind: duty for duty in rows.select_related("owner")}


def follow(plan: Plan, customer: Customer, cadence: Cadence, *, by: Party, now: dt.datetime) -> Duty:
    """Owe what the cadence asks for from now on. What is late already stays owed and late.

    A call or visit that is not late yet keeps its beginning and takes the new interval. Returns the duty of the
    journal.
    """
    owed, asked = open_of(plan), wanted(cadence)
    opening = Opening(now)
    for kind, duty in owed.items():
        if kind in asked and duty.limit == asked[kind] and duty.version_id == cadence.version_id:
            continue
        if duty.due_at is not None and duty.due_at < now:
            continue
        duties.cancel(subject=plan, kinds=[kind], by=by, now=now, reason=_("The cadence has changed."))
        if kind in asked and kind in {PHONE, VISIT}:
            moved = opening.add(plan, customer, kind, asked[kind], cadence, began=duty.began_at)
            if moved.due_at is not None and moved.due_at < now:  # the new interval is over: owed today
                opening.rows.remove(moved)
                opening.add(plan, customer, kind, asked[kind], cadence)
    still = set(open_of(plan)) | {duty.kind for duty in opening.rows}
    for kind, limit in asked.items():
        if kind not in still:
            opening.add(plan, customer, kind, limit, cadence)
    opening.save()
    return open_of(plan)[JOURNAL_KINDS[cadence.journal]]


def hand(customer: Customer) -> None:
    """Every contact that is owed to the customer is owed by whoever looks after them now."""
    rows = Duty.objects.open().filter(customer=customer.pk, kind__in=KINDS)
    rows.update(owner=customer.owner, owner_post="" if customer.owner_id else POST)
