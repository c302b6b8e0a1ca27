"""What several actions share: asking who handles, naming the person, telling people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import ask, keep, rulings
from zhike.kernel.policy.models import Ruling
from zhike.kernel.policy.questions import Question
from zhike.kernel.procedures.models import HandOver
from zhike.kernel.procedures.stages import WrongStage
from zhike.kernel.search import index
from zhike.kernel.worktime import calendars

YOURS = gettext_noop("Complaint %(number)s is yours: %(title)s")


def rule_handler(complaint: Complaint, regime: Regime, *, by: Party | None, now: dt.datetime) -> Ruling:
    """Ask the manual who handles the complaint as its facts now stand. Raises NoManual, NoRow."""
    answer = regime.answering(questions.AUTHORITY.name)
    return ask(questions.AUTHORITY, about=complaint, unit_id=complaint.unit_id, by=by, now=now, answer=answer)


def asked(
    question: Question, complaint: Complaint, regime: Regime, *, by: Party, now: dt.datetime
) -> list[Ruling]:
    """The rulings on a question that a regulation may leave open, not stored yet; none where it does."""
    answer = regime.answer.to(question.name)
    if answer is None:
        return []
    return rulings(question, about=complaint, unit_id=complaint.unit_id, by=by, now=now, answer=answer)


def grade(complaint: Complaint, regime: Regime, *, by: Party, now: dt.datetime) -> list[Ruling]:
    """How grave it is, where the manual says so (R001-152..154, R002-149); sets the columns, stores nothing."""
    found = asked(questions.GRADE, complaint, regime, by=by, now=now)
    complaint.grade = str(found[0]["grade"]) if found else ""
    complaint.major = bool(found and found[0].outcome.get("major"))
    return found


def judge(complaint: Complaint, regime: Regime, *, by: Party, now: dt.datetime) -> None:
    """Rule whether it counts as valid, where the manual says so (R001-158).

    A malicious one never does. A manual that is silent on these facts leaves it not judged; one without the question
    leaves it to its stages.
    """
    valid: bool | None = False
    if not complaint.malicious:
        if inforce.table_for(regime.manual, questions.VALIDITY.name) is None:
            return
        found = keep(asked(questions.VALIDITY, complaint, regime, by=by, now=now))
        valid = bool(found[0]["valid"]) if found else None
    if valid != complaint.valid:
        save_facts(complaint, valid=valid)


def save_facts(complaint: Complaint, **values: Any) -> None:
    """Compare and set columns of an open complaint. Raises WrongStage when somebody was faster."""
    changed = Complaint.objects.filter(pk=complaint.pk, revision=complaint.revision).update(
        revision=F("revision") + 1, **values
    )
    if not changed:
        raise WrongStage(_("Somebody else has changed this case meanwhile. Reload it and look again."))
    complaint.revision += 1
    for name, value in values.items():
        setattr(complaint, name, value)


def give_to(
    complaint: Complaint, to: Party, *, former: Party | None, by: Party, now: dt.datetime, reason: str
) -> None:
    """Make `to` the handler after `former`: a row for the hand-over, the open duties follow, `to` is told."""
    if former is not None and to.pk == former.pk:
        return
    save_facts(complaint, handler=to)
    HandOver.objects.create(
        **subjects.key(complaint), from_party=former, to_party=to, at=now, by=by, reason=reason[:400]
    )
    duties.reassign(subject=complaint, from_owner=former, to_owner=to)
    tell(complaint, to, by=by, now=now, reason=reason)


def tell(complaint: Complaint, to: Party, *, by: Party, now: dt.datetime, reason: str) -> None:
    """Tell the new owner in the product and by e-mail."""
    if to.pk == by.pk:
        return
    post.notify(
        to=to,
        kind="complaint.handed_over",
        title=_(YOURS) % {"number": complaint.number, "title": complaint.matter},
        params={"number": complaint.number, "title": complaint.matter},
        body="" if complaint.is_confidential else reason,
        subject=complaint,
        by=by,
        at=now,
        email=True,
        clause=complaint.clause,
    )


def in_future(day: object, unit_id: int, now: dt.datetime) -> str:
    """The refusal of a day on which nothing can have happened yet, or ""; `day` may be empty."""
    late = isinstance(day, dt.date) and day > calendars.local_day(now, unit_id)
    return _("What is complained of cannot have happened in the future.") if late else ""


def put_into_index(complaint: Complaint, *, fresh: bool = False) -> None:
    """Make the case findable by its words as they now stand; `fresh` as for `index.put`."""
    index.put(
        subject=complaint,
        number=complaint.number,
        title=complaint.title,
        body=complaint.text,
        unit_id=complaint.unit_id,
        secrecy=complaint.secrecy,
        at=complaint.opened_at,
        fresh=fresh,
    )
