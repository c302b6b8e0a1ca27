"""What people do with archives: open, file, close, lend, check, destroy. One transaction with one audit row each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from zhike.customers.models import Archive, ArchiveCheck, ArchiveItem, CheckLine, Customer, Destruction, Loan
from zhike.customers.regulation import Regulation, holder, regulation
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.policy.models import Ruling
from zhike.kernel.policy.questions import Question
from zhike.kernel.records import series
from zhike.kernel.worktime import arithmetic, calendars

from . import questions

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


def _ask(question: Question, about: Model, unit: int, *, by: Party, now: dt.datetime, **facts: Any) -> Ruling:
    try:
        return ask.ask(question, about=about, unit_id=unit, by=by, now=now, facts=facts)
    except (NoManual, ask.NoRow) as missing:
        raise CannotArchive(str(missing)) from missing


def _regulation(unit: int, now: dt.datetime) -> Regulation | None:
    return regulation(questions.FILING.name, unit, now)


def _owe(
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
    due_at: dt.datetime | None = None,
    clause: str = "",
) -> Duty:
    """One duty about a file; its levels of escalation are those of the regulation."""
    found = _regulation(unit, now)
    draft = duties.Draft(
        kind=kind,
        title=titles[0],
        title_en=titles[1],
        owner=owner,
        owner_post="" if owner else post,
        began_at=now,
        limit=limit,
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


def _record(
    code: str, subject: Model, *, by: Party, now: dt.datetime, unit: int, secrecy: int = 0, **after: Any
) -> None:
    trail.record(
        f"customers.{code}", subject=subject, by=by, at=now, after=after, unit_id=unit, secrecy=secrecy
    )


# ---- files and their contents


@transaction.atomic
def open_archive(
    *,
    customer: Customer,
    kind: str,
    title: str,
    place: str,
    by: Party,
    now: dt.datetime,
    medium: str = Archive.Medium.PAPER,
    keeper: Party | None = None,
    secrecy: int | None = None,
) -> Archive:
    """A file of its own number for a customer, never below the customer's level of secrecy. Raises CannotArchive."""
    if not title.strip() or not place.strip():
        raise CannotArchive(_("Say what the file is called and where it stands."))
    level = customer.secrecy if secrecy is None else secrecy
    if level < customer.secrecy:
        raise CannotArchive(_("A file is not less secret than its customer."))
    ruling = _ask(questions.FILING, customer, customer.unit_id, by=by, now=now, kind=kind)
    zone = calendars.calendar_for(customer.unit_id).zone
    archive = Archive.objects.create(
        number=series.take(NUMBERS, key="archive", now=now, tz=zone),
        customer=customer,
        unit=customer.unit,
        kind=kind,
        title=title.strip()[:120],
        medium=medium,
        place=place.strip()[:120],
        keeper=keeper or by,
        secrecy=level,
        keep=ruling.outcome["keep"],
        clause=ruling.clause,
        opened_at=now,
        by=by,
    )
    _record(
        "archive_opened", archive, by=by, now=now, unit=archive.unit_id, secrecy=level, number=archive.number
    )
    return archive


@transaction.atomic
def announce_item(
    *,
    archive: Archive,
    title: str,
    arose_on: dt.date,
    by: Party,
    now: dt.datetime,
    pages: int = 1,
    medium: str = Archive.Medium.PAPER,
) -> ArchiveItem:
    """A document that belongs into the file: the keeper owes its filing from the day on which it came about."""
    _need(archive, Archive.State.OPEN)
    today = calendars.local_day(now, archive.unit_id)
    if not title.strip():
        raise CannotArchive(_("Say what the document is."))
    if arose_on > today:
        raise CannotArchive(_("The document cannot come from a day that lies ahead."))
    _touch(archive)
    place = archive.items.count() + 1
    item = ArchiveItem.objects.create(
        archive=archive, place=place, title=title.strip()[:120], pages=pages, medium=medium,
        arose_on=arose_on, at=now, by=by,
    )  # fmt: skip
    ruling = _ask(questions.FILING, archive, archive.unit_id, by=by, now=now, kind=archive.kind)
    calendar = calendars.calendar_for(archive.unit_id)
    began = min(now, dt.datetime.combine(arose_on, dt.time(18), tzinfo=calendar.zone))
    _owe(
        item, archive, unit=archive.unit_id, kind=FILE, titles=("归档文件", "File a document"),
        owner=archive.keeper, now=now, clause=ruling.clause,
        due_at=calendars.due_at(calendar, began, ruling.outcome["filing"]),
    )  # fmt: skip
    _record(
        "archive_item_announced",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        place=place,
        title=item.title,
    )
    return item


@transaction.atomic
def file_item(*, item: ArchiveItem, by: Party, now: dt.datetime) -> ArchiveItem:
    """The document lies in its file. Raises CannotArchive."""
    rows = ArchiveItem.objects.filter(pk=item.pk, filed_at=None)
    if not rows.update(filed_at=now, filed_by=by):
        raise CannotArchive(_("This document was filed already."))
    item.refresh_from_db()
    duties.discharge(subject=item, kinds=[FILE], by=by, now=now)
    archive = item.archive
    _record(
        "archive_item_filed",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        place=item.place,
    )
    return item


@transaction.atomic
def close_archive(*, archive: Archive, by: Party, now: dt.datetime) -> Archive:
    """Nothing more comes in: the time of keeping begins. Raises CannotArchive."""
    _need(archive, Archive.State.OPEN)
    if archive.items.filter(filed_at=None).exists():
        raise CannotArchive(_("Documents of this file wait to be filed."))
    today = calendars.local_day(now, archive.unit_id)
    calendar = calendars.calendar_for(archive.unit_id)
    until = arithmetic.local_date(calendars.due_at(calendar, now, archive.keep), calendar.tz)
    _change(archive, state=Archive.State.CLOSED, closed_on=today, keep_until=until)
    _record(
        "archive_closed",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        keep_until=until,
    )
    return archive


@transaction.atomic
def move_archive(*, archive: Archive, place: str, by: Party, now: dt.datetime, reason: str = "") -> Archive:
    """Another place, or a missing file that was found again."""
    if archive.state == Archive.State.DESTROYED:
        raise CannotArchive(_("This file was destroyed."))
    if not place.strip():
        raise CannotArchive(_("Say where it stands."))
    before = archive.place
    state = archive.state
    if state == Archive.State.MISSING:
        state = Archive.State.CLOSED if archive.keep_until else Archive.State.OPEN
    _change(archive, place=place.strip()[:120], state=state)
    trail.record(
        "customers.archive_moved", subject=archive, by=by, at=now, before={"place": before},
        after={"place": archive.place, "reason": reason.strip()[:200]}, unit_id=archive.unit_id, secrecy=archive.secrecy,
    )  # fmt: skip
    return archive


# ---- lending


@transaction.atomic
def ask_loan(*, archive: Archive, purpose: str, by: Party, now: dt.datetime) -> Loan:
    """Ask for a file: who approves and for how long follows its secrecy. Raises CannotArchive."""
    if archive.state in {Archive.State.DESTROYED, Archive.State.MISSING}:
        raise CannotArchive(_("This file is not there to be lent."))
    if not purpose.strip():
        raise CannotArchive(_("Say what you need it for."))
    if Loan.objects.filter(archive=archive, borrower=by, state__in=["ASKED", "LENT"]).exists():
        raise CannotArchive(_("You have asked for this file already."))
    ruling = _ask(questions.LENDING, archive, archive.unit_id, by=by, now=now, secrecy=archive.secrecy)
    post = ruling.outcome["approver"]
    loan = Loan.objects.create(
        archive=archive, borrower=by, purpose=purpose.strip()[:200], days=ruling.outcome["days"],
        approver_post=post, clause=ruling.clause, asked_at=now,
    )  # fmt: skip
    owner = holder(post, archive.unit_id, now, barred=frozenset({by.pk})) or holder(
        "STORE_MANAGER", archive.unit_id, now, barred=frozenset({by.pk})
    )
    _owe(
        loan, archive, unit=archive.unit_id, kind=APPROVE_LOAN, titles=("批准档案借阅", "Approve a loan"),
        owner=owner, now=now, limit="1工作日", clause=ruling.clause,
    )  # fmt: skip
    _record(
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
    if approve and Loan.objects.filter(archive=archive, state=Loan.State.LENT).exists():
        raise CannotArchive(_("The file is lent to somebody else at present."))
    due = calendars.due_at(calendars.calendar_for(archive.unit_id), now, loan.days) if approve else None
    state = Loan.State.LENT if approve else Loan.State.REFUSED
    rows = Loan.objects.filter(pk=loan.pk, state=Loan.State.ASKED)
    if not rows.update(state=state, decided_by=by, decided_at=now, opinion=opinion.strip()[:200], due_at=due):
        raise CannotArchive(_("This request was decided already."))
    loan.refresh_from_db()
    duties.discharge(subject=loan, kinds=[APPROVE_LOAN], by=by, now=now)
    if approve:
        _owe(
            loan, archive, unit=archive.unit_id, kind=RETURN, titles=("归还档案", "Return an archive"),
            owner=loan.borrower, now=now, limit=loan.days, clause=loan.clause,
        )  # fmt: skip
    verb = "archive_lent" if approve else "archive_not_lent"
    _record(
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
    _record(
        "archive_returned",
        archive,
        by=by,
        now=now,
        unit=archive.unit_id,
        secrecy=archive.secrecy,
        borrower=loan.borrower_id,
    )
    return loan


# ---- the yearly check


@transaction.atomic
def begin_check(*, unit: Unit, by: Party, now: dt.datetime) -> ArchiveCheck:
    """List every file of the unit that should be there. Raises CannotArchive."""
    files = Archive.objects.filter(unit=unit).exclude(state=Archive.State.DESTROYED)
    if not files.exists():
        raise CannotArchive(_("This unit keeps no archives."))
    try:
        with transaction.atomic():
            check = ArchiveCheck.objects.create(unit=unit, begun_at=now, by=by)
    except IntegrityError as known:
        raise CannotArchive(_("A check of this unit is under way already.")) from known
    CheckLine.objects.bulk_create(CheckLine(check_of=check, archive=one) for one in files)
    _record("archive_check_begun", check, by=by, now=now, unit=unit.pk, files=files.count())
    return check


@transaction.atomic
def note_check(
    *, check: ArchiveCheck, results: Mapping[int, tuple[str, str]], by: Party, now: dt.datetime
) -> None:
    """What was found: line -> (result, note)."""
    if check.ended_at is not None:
        raise CannotArchive(_("This check has ended."))
    lines = {line.pk: line for line in check.lines.all()}
    for pk, (result, note) in results.items():
        if pk in lines and result in CheckLine.Result.values:
            CheckLine.objects.filter(pk=pk).update(result=result, note=note.strip()[:200])
    _record("archive_check_noted", check, by=by, now=now, unit=check.unit_id, lines=len(results))


@transaction.atomic
def end_check(*, check: ArchiveCheck, by: Party, now: dt.datetime, note: str = "") -> ArchiveCheck:
    """Every line has a result: missing files are marked, and the next check is owed within a year."""
    if check.lines.filter(result="").exists():
        raise CannotArchive(_("Some files were not looked for yet."))
    rows = ArchiveCheck.objects.filter(pk=check.pk, ended_at=None)
    if not rows.update(ended_at=now, ended_by=by, note=note.strip()):
        raise CannotArchive(_("This check has ended."))
    check.refresh_from_db()
    found = check.lines.filter(result=CheckLine.Result.MISSING)
    Archive.objects.filter(checks__in=check.lines.all()).update(checked_at=now)
    Archive.objects.filter(checks__in=found).update(state=Archive.State.MISSING)
    for duty in Duty.objects.open().filter(kind=CHECK, unit=check.unit_id):
        Duty.objects.filter(pk=duty.pk).update(
            state=Duty.State.DONE, done_at=now, done_by=by, look_again_at=None
        )
    regime = _regulation(check.unit_id, now)
    _owe(
        check, None, unit=check.unit_id, kind=CHECK, titles=("清查客户档案", "Check the archives"),
        owner=by, now=now, limit=(regime.limit("清查周期") if regime else "") or "12个月", clause="二(四)",
    )  # fmt: skip
    _record("archive_check_ended", check, by=by, now=now, unit=check.unit_id, missing=found.count())
    return check


# ---- destruction


@transaction.atomic
def propose_destruction(
    *, archives: Iterable[Archive], reason: str, way: str, by: Party, now: dt.datetime
) -> Destruction:
    """A list of files whose time is over, to be signed by two other persons. Raises CannotArchive."""
    files = list(archives)
    if not files:
        raise CannotArchive(_("Choose the files that are to be destroyed."))
    if not reason.strip() or not way.strip():
        raise CannotArchive(_("Say why and how they are destroyed."))
    unit = files[0].unit
    for one in files:
        _refuse_destroying(one, unit, now)
    zone = calendars.calendar_for(unit.pk).zone
    row = Destruction.objects.create(
        number=series.take(LISTS, key="destruction", now=now, tz=zone), unit=unit,
        reason=reason.strip()[:200], way=way.strip()[:120], by=by, at=now,
    )  # fmt: skip
    row.archives.set(files)
    _owe_signature(row, by=by, now=now)
    _record("destruction_proposed", row, by=by, now=now, unit=unit.pk, files=[one.number for one in files])
    return row


def _refuse_destroying(archive: Archive, unit: Unit, now: dt.datetime) -> None:
    said = {"number": archive.number}
    if archive.unit_id != unit.pk:
        raise CannotArchive(_("A list has files of one unit only."))
    if archive.state != Archive.State.CLOSED or not archive.is_over(calendars.local_day(now, unit.pk)):
        raise CannotArchive(_("The time of keeping of %(number)s is not over.") % said)
    if archive.loans.filter(state=Loan.State.LENT).exists():
        raise CannotArchive(_("The file %(number)s is lent.") % said)
    if archive.customer.rights_requests.filter(state="OPEN").exists():
        raise CannotArchive(_("A request of the customer of %(number)s is open.") % said)
    if archive.destructions.filter(state__in=["PROPOSED", "SIGNED"]).exists():
        raise CannotArchive(_("The file %(number)s stands on another list.") % said)


def _owe_signature(row: Destruction, *, by: Party, now: dt.datetime) -> None:
    barred = frozenset({row.by_id, *([row.first_by_id] if row.first_by_id else [])})
    owner = holder(APPROVER, row.unit_id, now, barred=barred) or holder("STORE_MANAGER", row.unit_id, now, barred=barred) or holder("GENERAL_MANAGER", row.unit_id, now, barred=barred)  # fmt: skip
    _owe(
        row, None, unit=row.unit_id, kind=SIGN, titles=("签字销毁档案", "Sign a destruction"), owner=owner,
        now=now, post="GENERAL_MANAGER", limit="5工作日", clause="二(五)",
    )  # fmt: skip


@transaction.atomic
def sign_destruction(*, row: Destruction, by: Party, now: dt.datetime) -> Destruction:
    """The first signature, then by another person the second one, with which the files are destroyed."""
    if by.pk == row.by_id:
        raise CannotArchive(_("Who proposed the list does not sign it."))
    State = Destruction.State
    if row.state == State.PROPOSED:
        _move(row, state=State.SIGNED, first_by=by, first_at=now)
    elif row.state == State.SIGNED:
        if by.pk == row.first_by_id:
            raise CannotArchive(_("You have signed already; the second signature is another person's."))
        for one in row.archives.select_related("customer"):
            if one.loans.filter(state=Loan.State.LENT).exists():
                raise CannotArchive(_("The file %(number)s is lent.") % {"number": one.number})
        _move(row, state=State.DONE, second_by=by, second_at=now)
        row.archives.update(state=Archive.State.DESTROYED, destroyed_at=now, place="—")
    else:
        raise CannotArchive(_("This list needs no signature."))
    duties.discharge(subject=row, kinds=[SIGN], by=by, now=now)
    if row.state == State.SIGNED:
        _owe_signature(row, by=by, now=now)
    _record("destruction_signed", row, by=by, now=now, unit=row.unit_id, state=row.state)
    return row


@transaction.atomic
def refuse_destruction(*, row: Destruction, reason: str, by: Party, now: dt.datetime) -> Destruction:
    """The files stay. Raises CannotArchive."""
    if not reason.strip():
        raise CannotArchive(_("Say why."))
    if row.state not in {Destruction.State.PROPOSED, Destruction.State.SIGNED}:
        raise CannotArchive(_("This list needs no signature."))
    _move(row, state=Destruction.State.REFUSED, refusal=reason.strip()[:200])
    duties.cancel(subject=row, now=now, by=by, reason=reason)
    _record("destruction_refused", row, by=by, now=now, unit=row.unit_id, reason=row.refusal)
    return row


def loan_duty(loan: Loan) -> Duty | None:
    return Duty.objects.filter(**subjects.key(loan), kind=RETURN).first()


# ---- compare and set


def _need(archive: Archive, state: str) -> None:
    if archive.state != state:
        raise CannotArchive(
            _("The file is “%(state)s”; this cannot be done.") % {"state": archive.get_state_display()}
        )


def _touch(archive: Archive) -> None:
    _change(archive)


def _change(archive: Archive, **values: Any) -> None:
    rows = Archive.objects.filter(pk=archive.pk, revision=archive.revision)
    if not rows.update(revision=F("revision") + 1, **values):
        raise CannotArchive(_("Somebody else has changed this file meanwhile. Reload it and look again."))
    archive.revision += 1
    for name, value in values.items():
        setattr(archive, name, value)


def _move(row: Destruction, **values: Any) -> None:
    rows = Destruction.objects.filter(pk=row.pk, revision=row.revision, state=row.state)
    if not rows.update(revision=F("revision") + 1, **values):
        raise CannotArchive(_("Somebody else has signed this list meanwhile. Reload it and look again."))
    row.refresh_from_db()
