"""What is overdue gets an answer: reminder sheets while a case is open, an inquiry sheet when it was closed late.

A regulation with the parameter 催办间隔 wants them (R001-232); they go out in the name of its office, by the clock.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import questions
from zhike.complaints.followups import OverdueSheet
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.system import system_party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.procedures import stages
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars

MOST = 500
INTERVAL, REPLY_TO_REMINDER, REPLY_TO_INQUIRY = "催办间隔", "催办答复期限", "洽办答复期限"
REPLY = "complaint.overdue_reply"
CODE = "F001-63"
NUMBERS = {"REMINDER": "CB-{yyyy}{mm}-{seq:03}", "INQUIRY": "QB-{yyyy}{mm}-{seq:03}"}
LIMITS = {"REMINDER": REPLY_TO_REMINDER, "INQUIRY": REPLY_TO_INQUIRY}
TITLES = {
    "REMINDER": gettext_noop("Answer the reminder sheet"),
    "INQUIRY": gettext_noop("Answer the inquiry sheet"),
}
SENTENCES = {
    "REMINDER": gettext_noop("Reminder sheet %(number)s: %(step)s of complaint %(case)s is overdue"),
    "INQUIRY": gettext_noop("Inquiry sheet %(number)s: why was %(step)s of complaint %(case)s late?"),
}
log = logging.getLogger(__name__)


class CannotAnswer(Exception):
    """The sheet is not this person's to answer, was answered already, or the answer is empty."""


def amount(manual: model.Manual, name: str) -> str:
    """A stretch of time among the parameters of a manual as text; "" where there is none."""
    param = manual.params.get(name)
    value = param.value if param is not None else None
    return calendars.text_of(value) if isinstance(value, model.Amount) else ""


def remind(*, now: dt.datetime, most: int = MOST) -> list[OverdueSheet]:
    """A sheet for every overdue duty whose turn has come: when it became late, and after each interval again.

    Taken by the index on the moment of the next turn, at most `most` a run; a row that fails waits an hour and stops
    nobody. Several may run it at once: a turn has one sheet.
    """
    due = Duty.objects.open().filter(subject_label=Complaint._meta.label, urge_at__lte=now, due_at__lt=now)
    made = []
    for duty in list(due.select_related("owner").order_by("urge_at", "pk")[:most]):
        try:
            with transaction.atomic():
                sheet = _urge(duty, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("no reminder could be written for duty %s", duty.pk)
            _next(duty, now + dt.timedelta(hours=1))
        else:
            made += [sheet] if sheet is not None else []
    return made


def _urge(duty: Duty, now: dt.datetime) -> OverdueSheet | None:
    if duty.version_id is None or INTERVAL not in inforce.manual_of(duty.version_id).params:
        _next(duty, None)
        return None
    turn, following = _turn(duty, now)
    case = Complaint.objects.select_related("unit", "manual", "handler", "taker").get(pk=duty.subject_id)
    if not case.is_open:
        following = None
    if not _next(duty, following) or not case.is_open:
        return None
    written = OverdueSheet.objects.filter(kind="REMINDER", duty_id=duty.pk, turn__gte=turn)
    return None if written.exists() else _write("REMINDER", case, duty, turn=turn, now=now)


def _next(duty: Duty, moment: dt.datetime | None) -> bool:
    """Say when its next turn comes; False when somebody else has taken this one."""
    rows = Duty.objects.filter(pk=duty.pk, urge_at=duty.urge_at)
    return bool(rows.update(urge_at=moment))


def _turn(duty: Duty, now: dt.datetime) -> tuple[int, dt.datetime | None]:
    """The turn that has come, and the moment of the next; turns that nobody came by for are passed over."""
    assert duty.due_at is not None
    assert duty.version_id is not None
    began = calendars.local_day(duty.began_at, duty.unit_id)
    interval = amount(inforce.manual_at(duty.version_id, duty.unit_id, began), INTERVAL)
    calendar = calendars.calendar_for(duty.unit_id)
    turn, moment = 0, duty.due_at
    while interval:
        following = calendars.due_at(calendar, moment, interval)
        if following <= moment:  # an interval of nothing has one turn
            break
        if following > now:
            return turn, following
        turn, moment = turn + 1, following
    return turn, None


def inquire(*, complaint: Complaint, now: dt.datetime) -> OverdueSheet | None:
    """After a late case was closed: ask the department that was latest for the cause of the delay."""
    if INTERVAL not in regime_of(complaint).manual.params:
        return None
    rows = Duty.objects.filter(**subjects.key(complaint), state=Duty.State.DONE, due_at__lt=F("done_at"))
    late = sorted(rows.select_related("owner", "done_by"), key=_lateness)
    for sheet in OverdueSheet.objects.filter(complaint=complaint, kind="REMINDER", answered_at=None):
        duties.cancel(
            subject=sheet,
            now=now,
            by=system_party("system"),
            reason=_("The complaint is closed."),
            kinds=[REPLY],
        )
    return _write("INQUIRY", complaint, late[-1], turn=0, now=now) if late else None


def _lateness(duty: Duty) -> tuple[bool, dt.timedelta]:
    """Steps before limits of the whole case, which no department owes; among them the latest."""
    assert duty.done_at is not None
    assert duty.due_at is not None
    return duty.ruling_id is None, duty.done_at - duty.due_at


def _write(kind: str, case: Complaint, duty: Duty, *, turn: int, now: dt.datetime) -> OverdueSheet | None:
    """The sheet, its reply duty and the message; None when another worker has written it."""
    regime = regime_of(case)
    addressed = _addressed(case, duty) if kind == "REMINDER" else duty
    to = addressed.done_by or addressed.owner
    limit = amount(regime.manual, LIMITS[kind])
    assert duty.due_at is not None
    try:
        with transaction.atomic():
            number = series.take(
                NUMBERS[kind],
                key=f"overdue {kind}",
                now=now,
                tz=calendars.calendar_for(case.unit_id).zone,
                unit_code=case.unit.code,
            )
            sheet = OverdueSheet.objects.create(
                kind=kind,
                number=number,
                complaint=case,
                unit=case.unit,
                duty_id=duty.pk,
                turn=turn,
                step=duty.title,
                due_at=duty.due_at,
                department=_department(regime, addressed),
                to=to,
                at=now,
                clause=regime.manual.params[INTERVAL].clause,
            )
            _ask_reply(sheet, regime, to, addressed.owner_post, limit, now)
            trail.record(
                "complaints.overdue_sheet",
                subject=case,
                by=system_party("system"),
                at=now,
                clause=sheet.clause,
                after={"number": number, "kind": kind, "step": duty.title, "turn": turn},
            )
    except IntegrityError:  # another worker was faster
        return None
    return sheet


def _ask_reply(
    sheet: OverdueSheet, regime: Regime, to: Party | None, post_code: str, limit: str, now: dt.datetime
) -> None:
    draft = duties.Draft(
        kind=REPLY,
        **duties.titled(TITLES[sheet.kind]),
        owner=to,
        owner_post="" if to is not None else post_code or "-",
        began_at=now,
        limit=limit,
        clause=sheet.clause,
        version_id=regime.answer.version.pk,
    )
    case = sheet.complaint
    found = duties.open_duties(
        [draft],
        subject=sheet,
        unit_id=sheet.unit_id,
        matter=f"{case.number} {case.matter}",
        secrecy=case.secrecy,
    )
    OverdueSheet.objects.filter(pk=sheet.pk).update(reply_by=found[0].due_at)
    sheet.reply_by = found[0].due_at
    if to is None:
        return
    words = {"number": sheet.number, "step": sheet.step, "case": case.number}
    post.notify(
        to=to,
        kind=f"complaint.{sheet.kind.lower()}",
        title=_(SENTENCES[sheet.kind]) % words,
        params=words,
        body=case.matter,
        subject=sheet,
        by=None,
        at=now,
        email=True,
        clause=sheet.clause,
    )


def _addressed(case: Complaint, duty: Duty) -> Duty:
    """The duty whose department is reminded: of a limit of the whole case, that of the stage where it stands."""
    if duty.ruling_id is None:
        return duty
    here = Duty.objects.open().filter(**subjects.key(case), title=case.stage).select_related("owner").first()
    return here or duty


def _department(regime: Regime, duty: Duty) -> str:
    """Who owes it, as the manual names them; a role of the case by the handler's name in the manual."""
    table = regime.answer.table
    stage = table.stage(duty.title) if isinstance(table, model.StagesTable) else None
    owners = [word for word in (stage.owners if stage is not None else ()) if word not in questions.ROLES]
    if owners:
        return "、".join(owners)[:80]
    person = duty.done_by or duty.owner
    unit = person.unit if person is not None else None
    return unit.name if unit is not None else duty.owner_post


@transaction.atomic
def answer_sheet(*, sheet: OverdueSheet, text: str, by: Party, now: dt.datetime) -> OverdueSheet:
    """The department says when it will be done, or why it was late. Raises CannotAnswer."""
    if not text.strip():
        raise CannotAnswer(_("Write down the reason and what is being done."))
    if not owes_reply(sheet, by, now):
        raise CannotAnswer(_("This sheet does not wait for your answer."))
    rows = OverdueSheet.objects.filter(pk=sheet.pk, answered_at=None)
    if not rows.update(answer=text.strip(), answered_by=by, answered_at=now):
        raise CannotAnswer(_("This sheet was answered already."))
    duties.discharge(subject=sheet, kinds=[REPLY], by=by, now=now)
    sheet.refresh_from_db()
    trail.record(
        "complaints.overdue_answered",
        subject=sheet.complaint,
        by=by,
        at=now,
        clause=sheet.clause,
        after={"number": sheet.number, "answer": sheet.answer[:200]},
    )
    return sheet


def owes_reply(sheet: OverdueSheet, by: Party, now: dt.datetime) -> bool:
    owed = Duty.objects.open().filter(**subjects.key(sheet), kind=REPLY)
    return any(stages.signs(duty, by, now) for duty in owed)
