"""Leave to copy, send out or export much, by a second person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.customers.models import Customer, Release
from zhike.customers.privacy import questions
from zhike.customers.regulation import holder, regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party, Unit

KIND = "privacy.release"
PERIOD = "外发批准期限"


class CannotRelease(Exception):
    """It was not asked for or decided; the message is one sentence."""


@transaction.atomic
def ask_release(
    *,
    unit: Unit,
    way: str,
    what: str,
    purpose: str,
    by: Party,
    now: dt.datetime,
    recipient: str = "",
    customer: Customer | None = None,
) -> Release:
    """Ask for leave; who approves archives of the unit owes an answer. Raises CannotRelease."""
    if not what.strip() or not purpose.strip():
        raise CannotRelease(_("Say what is to leave and for what purpose."))
    if way == Release.Way.SEND and not recipient.strip():
        raise CannotRelease(_("Say who gets it."))
    release = Release.objects.create(
        unit=unit,
        customer=customer,
        way=way,
        what=what.strip()[:200],
        purpose=purpose.strip()[:200],
        recipient=recipient.strip()[:120],
        by=by,
        at=now,
    )
    owner = holder("P002-02", unit.pk, now, barred=frozenset({by.pk})) or holder(
        "STORE_MANAGER", unit.pk, now, barred=frozenset({by.pk})
    )
    found = regulation(questions.SHARING.name, unit.pk, now)
    draft = duties.Draft(
        kind=KIND,
        title="批准资料外发或导出",
        title_en="Decide on a release of data",
        owner=owner,
        owner_post="" if owner else "GENERAL_MANAGER",
        began_at=now,
        limit=found.limit(PERIOD) if found is not None else "",
        version_id=found.version_id if found is not None else None,
    )
    duties.open_duties([draft], subject=release, unit_id=unit.pk, matter=release.what)
    trail.record(
        "customers.release_asked", subject=release, by=by, at=now, after={"way": way}, unit_id=unit.pk
    )
    return release


@transaction.atomic
def decide_release(
    *, release: Release, approve: bool, by: Party, now: dt.datetime, opinion: str = ""
) -> Release:
    """Approve or refuse; nobody decides on their own request. Raises CannotRelease."""
    if release.by_id == by.pk:
        raise CannotRelease(_("Somebody else decides on your request."))
    if not approve and not opinion.strip():
        raise CannotRelease(_("Say why."))
    state = Release.State.APPROVED if approve else Release.State.REFUSED
    rows = Release.objects.filter(pk=release.pk, state=Release.State.ASKED)
    if not rows.update(state=state, decided_by=by, decided_at=now, opinion=opinion.strip()[:200]):
        raise CannotRelease(_("This request was decided already."))
    release.refresh_from_db()
    duties.discharge(subject=release, kinds=[KIND], by=by, now=now)
    about = release.customer if release.customer is not None and approve else release
    trail.record(
        "customers.released" if approve else "customers.not_released",
        subject=about,
        by=by,
        at=now,
        after={"release": release.pk, "way": release.way, "purpose": release.purpose},
        unit_id=release.unit_id,
    )
    return release
