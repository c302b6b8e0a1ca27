"""Findings about staff and the penalties the manual proposes for them (R001-102, R001-109..112)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import questions
from zhike.complaints.models import Complaint, Fault, Penalty
from zhike.complaints.regime import Regime, regime_at, regime_of
from zhike.kernel.audit import trail
from zhike.kernel.outbox import post
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.ask import ask
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.kernel.records import series
from zhike.kernel.worktime import calendars

from . import _compensation

NUMBERS = "CF-{yyyy}{mm}-{seq:03}"
# Codes of the lists 津贴 and 处分 that mean something to the product.
DEDUCTED = "DEDUCTED"
NO_MEASURE = "NONE"
PENALTY_KIND = "complaint.penalty"
FOUND = gettext_noop("A finding about you was recorded: %(number)s")
DECIDED = gettext_noop("Penalty %(number)s was decided")


class CannotJudge(Exception):
    """The finding cannot be recorded: no evidence, about oneself, or recorded already."""


class CannotPunish(Exception):
    """The penalty was decided already, or one's own."""


@held
@transaction.atomic
def record_fault(
    *,
    person: Party,
    offence: str,
    confirmed: bool,
    evidence: str,
    by: Party,
    now: dt.datetime,
    complaint: Complaint | None = None,
    unit: Unit | None = None,
    happened_on: dt.date | None = None,
) -> Fault:
    """Record whether a member of staff committed an offence. A confirmed one lets the manual propose a
    penalty by its count in the window; a person with the power decides. Raises CannotJudge.
    """
    if not evidence.strip():
        raise CannotJudge(_("Say what the finding rests on."))
    if person.pk == by.pk:
        raise CannotJudge(_("Nobody judges a matter of their own."))
    if complaint is not None and complaint.joined_to is not None:  # one offence would count twice
        raise CannotJudge(
            _("A joined complaint is judged in %(number)s.") % {"number": complaint.joined_to.number}
        )
    place = complaint.unit if complaint is not None else unit
    assert place is not None
    regime = regime_of(complaint) if complaint is not None else regime_at(place.pk, now)
    if offence not in {word.code for word in regime.words(questions.OFFENCES)}:
        raise CannotJudge(_("“%(word)s” is not an offence in the manual.") % {"word": offence})
    today = calendars.local_day(now, place.pk)
    if happened_on is not None and happened_on > today:
        raise CannotJudge(_("This day lies in the future: nothing has happened on it yet."))
    # findings about one person are counted one after the other, else two at once are both the first
    list(Party.objects.select_for_update(no_key=True).filter(pk=person.pk))
    try:
        with transaction.atomic():
            fault = Fault.objects.create(
                complaint=complaint,
                person=person,
                offence=offence,
                happened_on=happened_on or today,
                evidence=evidence,
                confirmed=confirmed,
                by=by,
                at=now,
            )
    except IntegrityError as known:
        raise CannotJudge(_("This finding is recorded already for this complaint.")) from known
    penalty = _propose(fault, regime, place, by=by, now=now) if confirmed else None
    trail.record(
        "complaints.fault_recorded",
        subject=complaint or fault,
        by=by,
        at=now,
        unit_id=place.pk,
        clause=penalty.clause if penalty else "",
        after={
            "person": person.pk,
            "offence": offence,
            "confirmed": confirmed,
            "penalty": penalty and penalty.pk,
        },
    )
    return fault


def _propose(fault: Fault, regime: Regime, place: Unit, *, by: Party, now: dt.datetime) -> Penalty | None:
    """Count within the window of the manual, ask for the penalty, deduct a month's allowance once.

    None where the manual states no consequence for this count.
    """
    months = window_of(regime, fault.offence)
    month = fault.happened_on.replace(day=1)
    count = Fault.objects.filter(
        Q(complaint=None) | Q(complaint__voided_at=None),
        person=fault.person,
        offence=fault.offence,
        confirmed=True,
        happened_on__gte=_months_before(month, months - 1),
        happened_on__lte=fault.happened_on,
    ).count()
    ruling = ask(
        questions.PENALTY,
        about=fault,
        unit_id=place.pk,
        by=by,
        now=now,
        facts={"count": count},
        answer=regime.answering(questions.PENALTY.name),
    )
    if ruling["measure"] == NO_MEASURE and ruling["allowance"] != DEDUCTED:
        return None
    deducted = Penalty.objects.filter(person=fault.person, month=month, deducts=True).exclude(
        state=Penalty.State.DROPPED
    )
    penalty = Penalty.objects.create(
        number=series.take(
            NUMBERS, key="penalty", now=now, tz=calendars.calendar_for(place.pk).zone, unit_code=place.code
        ),
        fault=fault,
        person=fault.person,
        count=count,
        month=month,
        allowance=ruling["allowance"],
        measure=ruling["measure"],
        deducts=ruling["allowance"] == DEDUCTED and not deducted.exists(),
        clause=ruling.clause,
        ruling=ruling,
    )
    penalty.approval = _compensation.ask_approval(
        subject=penalty,
        matter="PENALTY",
        amount=Decimal(0),
        title=f"{penalty.number} {fault.person.name}",
        kind=PENALTY_KIND,
        regime=regime,
        unit_id=place.pk,
        by=by,
        now=now,
        not_by=[fault.person_id],
    )
    penalty.save(update_fields=["approval"])
    post.notify(
        to=fault.person,
        kind="complaint.penalty_proposed",
        title=_(FOUND) % {"number": penalty.number},
        params={"number": penalty.number},
        body=fault.evidence[:500],
        subject=penalty,
        by=by,
        at=now,
        clause=ruling.clause,
    )
    return penalty


def window_of(regime: Regime, offence: str) -> int:
    """Months in which findings of an offence are counted together, the month itself included."""
    table = regime.manual.lists[questions.OFFENCES]
    row = next(row for row in table.rows if row.word.code == offence)
    cell = row.cells.get("计数月数")
    param = regime.manual.params.get(cell.text) if cell else None
    return int(param.value) if param is not None and param.value is not None else 1  # type: ignore[arg-type]


@held
@transaction.atomic
def decide_penalty(*, penalty: Penalty, impose: bool, opinion: str, by: Party, now: dt.datetime) -> Penalty:
    """Impose or drop a proposed penalty, as the one whom the manual names; whose it is has no say.

    Raises CannotPunish.
    """
    if by.pk == penalty.person_id:
        raise CannotPunish(_("Nobody decides a penalty of their own."))
    if penalty.state != Penalty.State.PROPOSED:
        raise CannotPunish(_("This penalty was decided already."))
    if penalty.approval is None:
        raise CannotPunish(_("The manual names nobody who decides this penalty."))
    decision = approvals.Decision.YES if impose else approvals.Decision.NO
    try:
        approvals.decide(approval=penalty.approval, decision=decision, opinion=opinion, by=by, now=now)
    except approvals.CannotApprove as refusal:
        raise CannotPunish(str(refusal)) from refusal
    penalty.refresh_from_db()
    return penalty


def penalty_decided(approval: Approval, by: Party, now: dt.datetime) -> None:
    """What follows when the line of approval of a penalty comes to its end."""
    penalty = Penalty.objects.select_related("person", "fault__complaint", "ruling").get(approval=approval)
    imposed = approval.state == Approval.State.APPROVED
    penalty.state = Penalty.State.IMPOSED if imposed else Penalty.State.DROPPED
    opinion = (
        approval.steps.exclude(opinion="").order_by("-decided_at").values_list("opinion", flat=True).first()
    )
    penalty.opinion = opinion or ""
    penalty.decided_by, penalty.decided_at = by, now
    penalty.save(update_fields=["state", "opinion", "decided_by", "decided_at"])
    if penalty.deducts and not imposed:
        _deduct_by_another(penalty)
    subject = penalty.fault.complaint or penalty
    post.notify(
        to=penalty.person,
        kind="complaint.penalty_decided",
        title=_(DECIDED) % {"number": penalty.number},
        params={"number": penalty.number},
        body=penalty.opinion,
        subject=penalty,
        by=by,
        at=now,
        email=True,
        clause=penalty.clause,
    )
    trail.record(
        "complaints.penalty_decided",
        subject=subject,
        by=by,
        at=now,
        ruling=penalty.ruling,
        clause=penalty.clause,
        after={"penalty": penalty.pk, "state": penalty.state},
        unit_id=penalty.ruling.unit_id,
    )


def _deduct_by_another(dropped: Penalty) -> None:
    """The month's allowance is still due under the next finding that asks for it (R001-112)."""
    others = Penalty.objects.filter(person=dropped.person, month=dropped.month, allowance=DEDUCTED)
    other = others.exclude(state=Penalty.State.DROPPED).order_by("pk").first()
    if other is not None:
        other.deducts = True
        other.save(update_fields=["deducts"])


@transaction.atomic
def appeal_penalty(*, penalty: Penalty, text: str, by: Party, now: dt.datetime) -> Penalty:
    """The person concerned objects; the text goes onto the notice (F001-35). Raises CannotPunish."""
    if by.pk != penalty.person_id:
        raise CannotPunish(_("Only the person concerned may appeal."))
    if not text.strip():
        raise CannotPunish(_("Say what you object to."))
    if not Penalty.objects.filter(pk=penalty.pk, appealed_at=None).update(appeal=text, appealed_at=now):
        raise CannotPunish(_("An appeal was made already."))
    penalty.refresh_from_db()
    trail.record(
        "complaints.penalty_appealed",
        subject=penalty.fault.complaint or penalty,
        by=by,
        at=now,
        clause=penalty.clause,
        after={"penalty": penalty.pk},
        unit_id=penalty.ruling.unit_id,
    )
    return penalty


def _months_before(month: dt.date, months: int) -> dt.date:
    year, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return dt.date(year, index + 1, 1)
