"""What several actions share: asking who handles, naming the person, telling people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from zhike.complaints import questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties import subjects
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.ask import ask
from zhike.kernel.policy.models import ManualVersion, Ruling
from zhike.kernel.procedures.models import HandOver
from zhike.kernel.procedures.stages import WrongStage


def rule_handler(
    complaint: Complaint, *, version: ManualVersion, by: Party | None, now: dt.datetime
) -> Ruling:
    """Ask the manual who handles the complaint as its facts now stand."""
    return ask(
        questions.AUTHORITY, about=complaint, unit_id=complaint.unit_id, by=by, now=now, version=version
    )


def holder_of(handler: str, regime: Regime, complaint: Complaint, now: dt.datetime) -> Party | None:
    """Who handles here, now: not the person complained of, and the deputy of who is away."""
    post_code = regime.post_of(handler)
    for holder in directory().holders_of(post_code, complaint.unit_id, now) if post_code else ():
        person = directory().substitute_for(holder.pk, now) or holder
        if person.pk != complaint.accused_id:
            return person
    if complaint.accused_id is not None:
        superior = directory().superior_of(complaint.accused_id, complaint.unit_id, now)
        return superior if superior is not None and superior.pk != complaint.accused_id else None
    return None


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
    complaint: Complaint, to: Party | None, *, by: Party, now: dt.datetime, reason: str, record: bool = True
) -> None:
    """Make `to` the handler: a row for the hand-over, the open duties follow, the new owner is told."""
    former = complaint.handler
    if to is not None and former is not None and to.pk == former.pk:
        return
    save_facts(complaint, handler=to)
    if to is None:
        return
    if record:
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
        title=_("Complaint %(number)s is yours: %(title)s")
        % {"number": complaint.number, "title": complaint.title},
        body=reason,
        subject=complaint,
        by=by,
        at=now,
        email=True,
        clause=complaint.clause,
    )
