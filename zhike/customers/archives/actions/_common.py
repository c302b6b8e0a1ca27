"""What the verbs of archives share: refusal, rulings, duties, compare and set."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _

from zhike.customers.archives import questions
from zhike.customers.models import Archive, Destruction
from zhike.customers.regulation import Regulation, regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.policy.models import Ruling
from zhike.kernel.policy.questions import Question

NUMBERS, LISTS = "DA-{yyyy}-{seq:05}", "XH-{yyyy}-{seq:03}"
FILE, RETURN, APPROVE_LOAN, CHECK, SIGN = (
    "archive.file",
    "archive.return",
    "archive.approve_loan",
    "archive.check",
    "archive.sign",
)
APPROVER = "P002-02"


class CannotArchive(Exception):
    """It was not done; the message is one sentence for the person who tried."""


def ruled(
    question: Question, about: Model, unit: int, *, by: Party, now: dt.datetime, **facts: Any
) -> Ruling:
    try:
        return ask.ask(question, about=about, unit_id=unit, by=by, now=now, facts=facts)
    except (NoManual, ask.NoRow) as missing:
        raise CannotArchive(str(missing)) from missing


def regime(unit: int, now: dt.datetime) -> Regulation | None:
    return regulation(questions.FILING.name, unit, now)


def owe(
    subject: Model,
    archive: Archive | None,
    *,
    unit: int,
    kind: str,
    titles: tuple[str, str],
    owner: Party | None,
    now: dt.datetime,
    post: str = APPROVER,
    limit: str = "",
    period: str = "",
    due_at: dt.datetime | None = None,
    clause: str = "",
) -> Duty:
    """One duty about a file, within a limit or a period that the regulation names; escalated as it says."""
    found = regime(unit, now)
    draft = duties.Draft(
        kind=kind,
        title=titles[0],
        title_en=titles[1],
        owner=owner,
        owner_post="" if owner else post,
        began_at=now,
        limit=limit or (found.limit(period) if found and period else ""),
        due_at=due_at,
        clause=clause,
        version_id=found.version_id if found else None,
    )
    (duty,) = duties.open_duties(
        [draft],
        subject=subject,
        unit_id=unit,
        matter=f"{archive.number} {archive.title}" if archive else str(subject),
        customer_id=archive.customer_id if archive else None,
        secrecy=archive.secrecy if archive else 0,
    )
    return duty


def record(
    code: str, subject: Model, *, by: Party, now: dt.datetime, unit: int, secrecy: int = 0, **after: Any
) -> None:
    trail.record(
        f"customers.{code}", subject=subject, by=by, at=now, after=after, unit_id=unit, secrecy=secrecy
    )


def need(archive: Archive, state: str) -> None:
    if archive.state != state:
        raise CannotArchive(
            _("The file is “%(state)s”; this cannot be done.") % {"state": archive.get_state_display()}
        )


def touch(archive: Archive) -> None:
    change(archive)


def change(archive: Archive, **values: Any) -> None:
    rows = Archive.objects.filter(pk=archive.pk, revision=archive.revision)
    if not rows.update(revision=F("revision") + 1, **values):
        raise CannotArchive(_("Somebody else has changed this file meanwhile. Reload it and look again."))
    archive.revision += 1
    for name, value in values.items():
        setattr(archive, name, value)


def move(row: Destruction, **values: Any) -> None:
    rows = Destruction.objects.filter(pk=row.pk, revision=row.revision, state=row.state)
    if not rows.update(revision=F("revision") + 1, **values):
        raise CannotArchive(_("Somebody else has signed this list meanwhile. Reload it and look again."))
    row.refresh_from_db()
