"""An entry of the journal: the contact, the decision on the grade, and what follows from it at once (R001-133)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.contacts import actions as contacts
from zhike.customers.grading import actions as grading
from zhike.customers.grading import queries as grades
from zhike.customers.models import Customer, Grade
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.tracking.cadence import CLASS, GRADE, Cadences, NoCadence
from zhike.tracking.models import JournalEntry, Observation, Plan
from zhike.tracking.queries import JOURNAL_KINDS, PHONE, VISIT

from ._duties import CannotTrack, follow, open_of
from ._plans import open_plans


class CannotEnter(Exception):
    """The entry lacks the decision on the grade, or the contact cannot be recorded."""


@held
@transaction.atomic
def enter(
    *,
    customer: Customer,
    grade: str,
    by: Party,
    now: dt.datetime,
    reason: str = "",
    progress: str = "",
    next_step: str = "",
    need_change: str = "",
    measure: str = "",
    **contact: Any,
) -> JournalEntry:
    """Record a contact with its entry; `contact` goes to `contacts.actions.record`.

    `grade` confirms or changes the grade; no entry is saved without it. The next date comes from it at once, and
    an entry that comes late stays late. `need_change` is written down with the measure taken (R002-086).
    Raises CannotEnter.
    """
    if not grade:
        raise CannotEnter(_("Confirm or change the grade: no entry is saved without it."))
    before, today = grades.current(customer).get(GRADE), calendars.local_day(now, customer.unit_id)
    try:
        open_plans(customers=[customer], by=by, now=now)
        # two who enter a contact at once: the second finds what the first one set
        plan = Plan.objects.select_for_update(no_key=True).get(pk=customer.pk)
        owed = {kind: duty for kind, duty in open_of(plan).items() if kind in JOURNAL_KINDS.values()}
        due = min(owed.values(), key=lambda duty: duty.due_at or now) if owed else None
        made = contacts.record(customer=customer, by=by, now=now, duty=due, **contact)
        after = grading.regrade(
            customer=customer,
            dimension=GRADE,
            by=by,
            now=now,
            value=grade,
            **_decision(before, grade, reason, today),
        )
        cadence = _cadence(customer, after.value, now)
    except (contacts.CannotRecord, grading.CannotGrade, CannotTrack, NoCadence) as refusal:
        raise CannotEnter(str(refusal)) from refusal
    kinds = [*JOURNAL_KINDS.values(), *{"PHONE": [PHONE], "VISIT": [VISIT, PHONE]}.get(made.way, [])]
    duties.discharge(subject=plan, kinds=kinds, by=by, now=now)
    following = follow(plan, customer, cadence, by=by, now=now)
    assert following.due_at is not None
    entry = JournalEntry.objects.create(
        interaction=made,
        plan=plan,
        unit_id=plan.unit_id,
        at=now,
        by=by,
        journal=plan.journal or cadence.journal,
        due_at=due.due_at if due is not None else None,
        grade_before=before.value if before is not None else "",
        grade_after=after.value,
        progress=progress.strip(),
        next_step=next_step.strip(),
        next_at=following.due_at,
        next_journal=cadence.journal,
    )
    plan.journal, plan.next_at, plan.resting = cadence.journal, following.due_at, ""
    plan.silence, plan.silence_at, plan.silence_by = "", None, None
    plan.save(update_fields=["journal", "next_at", "resting", "silence", "silence_at", "silence_by"])
    if need_change.strip():
        Observation.objects.create(
            customer=customer,
            unit_id=customer.unit_id,
            interaction=made,
            kind=Observation.Kind.NEED,
            text=need_change.strip(),
            measure=measure.strip(),
            at=now,
            by=by,
        )
    trail.record(
        "tracking.entered",
        subject=customer,
        by=by,
        at=now,
        clause=cadence.clause,
        before={"grade": entry.grade_before},
        after={
            "entry": entry.pk,
            "grade": entry.grade_after,
            "journal": entry.next_journal,
            "next_at": entry.next_at.isoformat(),
        },
    )
    return entry


def _decision(before: Grade | None, grade: str, reason: str, today: dt.date) -> dict[str, Any]:
    """Why, and until when: what a person decided and confirms keeps the reason and the day that it has."""
    if reason.strip() or before is None or before.value != grade:
        return {"reason": reason}
    if before.valid_to is not None and before.valid_to < today:
        return {"reason": ""}
    return {"reason": before.reason, "valid_to": before.valid_to}


def _cadence(customer: Customer, grade: str, now: dt.datetime) -> Any:
    shop_class = grades.current(customer).get(CLASS)
    table = Cadences(calendars.local_day(now, customer.unit_id))
    return table.of(customer.unit_id, grade, shop_class.value if shop_class is not None else "")
