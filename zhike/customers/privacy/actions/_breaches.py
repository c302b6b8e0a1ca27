"""A leak of customer data: reported at once, limited, told, its cause found, closed with prevention."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.models import Breach, Customer
from zhike.customers.privacy import questions
from zhike.customers.regulation import regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars

TELL, MEND = "privacy.breach_tell", "privacy.breach_mend"
NUMBERS = "XM-{yyyy}-{seq:03}"


class CannotBreach(Exception):
    """It was not entered; the message is one sentence."""


@transaction.atomic
def report_breach(
    *,
    unit: Unit,
    what: str,
    data: str,
    measures: str,
    people: int,
    found_at: dt.datetime,
    owner: Party,
    by: Party,
    now: dt.datetime,
    customers: Iterable[Customer] = (),
) -> Breach:
    """Enter a leak: the report to management (and where needed the authority) and the mending are owed from now on."""
    if not what.strip() or not data.strip() or not measures.strip():
        raise CannotBreach(_("Say what happened, which data are concerned and what was done at once."))
    if found_at > now:
        raise CannotBreach(_("The moment at which it was found lies ahead."))
    known = list(customers)
    breach = Breach.objects.create(
        number=series.take(NUMBERS, key="breach", now=now, tz=calendars.calendar_for(unit.pk).zone),
        unit=unit,
        found_at=found_at,
        at=now,
        by=by,
        what=what.strip(),
        data=data.strip()[:200],
        people=max(people, len(known)),
        measures=measures.strip(),
        owner=owner,
    )
    breach.customers.set(known)
    found = regulation(questions.SHARING.name, unit.pk, now)
    limits = {name: found.limit(name) if found else "" for name in ("泄密报告期限", "泄密整改期限")}
    drafts = [
        duties.Draft(
            kind=kind,
            title=title,
            title_en=english,
            owner=owner,
            began_at=found_at,
            limit=limits[name],
            clause="三(五)",
            version_id=found.version_id if found else None,
        )
        for kind, title, english, name in (
            (TELL, "报告泄密", "Report the leak", "泄密报告期限"),
            (MEND, "查明原因并整改", "Find the cause and mend it", "泄密整改期限"),
        )
    ]
    duties.open_duties(drafts, subject=breach, unit_id=unit.pk, matter=breach.number)
    _record("reported", breach, by=by, now=now, people=breach.people)
    return breach


@transaction.atomic
def tell_breach(*, breach: Breach, to: str, persons: str, by: Party, now: dt.datetime) -> Breach:
    """To whom it was reported, and how the persons concerned were told or why they were not."""
    if not to.strip() or not persons.strip():
        raise CannotBreach(_("Say to whom it was reported and how the persons were told, or why not."))
    rows = Breach.objects.filter(pk=breach.pk, reported_at=None)
    if not rows.update(reported_at=now, reported_to=to.strip()[:120], persons_told=persons.strip()[:200]):
        raise CannotBreach(_("The report was made already."))
    breach.refresh_from_db()
    duties.discharge(subject=breach, kinds=[TELL], by=by, now=now)
    _record("told", breach, by=by, now=now, to=breach.reported_to)
    return breach


@transaction.atomic
def close_breach(
    *,
    breach: Breach,
    cause: str,
    responsible: str,
    penalty: str,
    prevention: str,
    by: Party,
    now: dt.datetime,
) -> Breach:
    """Cause, who is responsible, the penalty, and what keeps it from happening again. Raises CannotBreach."""
    if breach.reported_at is None:
        raise CannotBreach(_("Report the leak first."))
    if not cause.strip() or not prevention.strip():
        raise CannotBreach(_("Say the cause and what keeps it from happening again."))
    rows = Breach.objects.filter(pk=breach.pk, state=Breach.State.OPEN)
    if not rows.update(
        state=Breach.State.CLOSED,
        cause=cause.strip(),
        responsible=responsible.strip()[:200],
        penalty=penalty.strip()[:200],
        prevention=prevention.strip(),
        closed_at=now,
        closed_by=by,
    ):
        raise CannotBreach(_("This leak is closed already."))
    breach.refresh_from_db()
    duties.discharge(subject=breach, kinds=[MEND], by=by, now=now)
    _record("closed", breach, by=by, now=now)
    return breach


def _record(verb: str, breach: Breach, *, by: Party, now: dt.datetime, **after: object) -> None:
    trail.record(
        f"customers.breach_{verb}", subject=breach, by=by, at=now, after=after, unit_id=breach.unit_id
    )
