"""Lending with approval and a day of return."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.archives import questions
from zhike.customers.models import Archive, Loan
from zhike.customers.regulation import holder
from zhike.kernel.duties import actions as duties
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars

from ._common import (
    APPROVE_LOAN,
    RETURN,
    CannotArchive,
    owe,
    record,
    ruled,
)


@transaction.atomic
def ask_loan(*, archive: Archive, purpose: str, by: Party, now: dt.datetime) -> Loan:
    """Ask for a file: who approves and for how long follows its secrecy. Raises CannotArchive."""
    if archive.state in {Archive.State.DESTROYED, Archive.State.MISSING}:
        raise CannotArchive(_("This file is not there to be lent."))
    if not purpose.strip():
        raise CannotArchive(_("Say what you need it for."))
    if Loan.objects.filter(archive=archive, borrower=by, state__in=["ASKED", "LENT"]).exists():
        raise CannotArchive(_("You have asked for this file already."))
    ruling = ruled(questions.LENDING, archive, archive.unit_id, by=by, now=now, secrecy=archive.secrecy)
    post = ruling.outcome["approver"]
    loan = Loan.objects.create(
        archive=archive, borrower=by, purpose=purpose.strip()[:200], days=ruling.outcome["days"],
        approver_post=post, clause=ruling.clause, asked_at=now,
    )  # fmt: skip
    owner = holder(post, archive.unit_id, now, barred=frozenset({by.pk})) or holder(
        "STORE_MANAGER", archive.unit_id, now, barred=frozenset({by.pk})
    )
    owe(
        loan, archive, unit=archive.unit_id, kind=APPROVE_LOAN, titles=("批准档案借阅", "Approve a loan"),
        owner=owner, now=now, period="借阅批准期限", clause=ruling.clause,
    )  # fmt: skip
    record(
        "archive_asked_for",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        purpose=loan.purpose,
    )
    return loan


@transaction.atomic
def decide_loan(*, loan: Loan, approve: bool, by: Party, now: dt.datetime, opinion: str = "") -> Loan:
    """Lend or refuse; nobody decides about their own request. The return is owed with its day. Raises CannotArchive."""
    archive = loan.archive
    if loan.borrower_id == by.pk:
        raise CannotArchive(_("Nobody approves their own loan."))
    if not approve and not opinion.strip():
        raise CannotArchive(_("Say why it is not lent."))
    due = calendars.due_at(calendars.calendar_for(archive.unit_id), now, loan.days) if approve else None
    state = Loan.State.LENT if approve else Loan.State.REFUSED
    rows = Loan.objects.filter(pk=loan.pk, state=Loan.State.ASKED)
    given = {"decided_by": by, "decided_at": now, "opinion": opinion.strip()[:200], "due_at": due}
    try:
        with transaction.atomic():
            decided = rows.update(state=state, **given)
    except IntegrityError as lent:
        raise CannotArchive(_("The file is lent to somebody else at present.")) from lent
    if not decided:
        raise CannotArchive(_("This request was decided already."))
    loan.refresh_from_db()
    duties.discharge(subject=loan, kinds=[APPROVE_LOAN], by=by, now=now)
    if approve:
        owe(
            loan, archive, unit=archive.unit_id, kind=RETURN, titles=("归还档案", "Return an archive"),
            owner=loan.borrower, now=now, limit=loan.days, clause=loan.clause,
        )  # fmt: skip
    verb = "archive_lent" if approve else "archive_not_lent"
    record(
        verb,
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        borrower=loan.borrower_id,
        due_at=due,
    )
    return loan


@transaction.atomic
def take_back(*, loan: Loan, by: Party, now: dt.datetime, condition: str = "") -> Loan:
    """The file is back; the keeper says in what condition. Raises CannotArchive."""
    rows = Loan.objects.filter(pk=loan.pk, state=Loan.State.LENT)
    if not rows.update(
        state=Loan.State.RETURNED, returned_at=now, returned_to=by, condition=condition.strip()[:200]
    ):
        raise CannotArchive(_("This file is not lent at present."))
    loan.refresh_from_db()
    duties.discharge(subject=loan, kinds=[RETURN], by=by, now=now)
    archive = loan.archive
    record(
        "archive_returned",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        borrower=loan.borrower_id,
    )
    return loan
