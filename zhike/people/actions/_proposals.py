"""Personnel matters: the department proposes, others decide (R002-172, PW002-06)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party, Unit
from zhike.people.models import PersonnelProposal, business_day

from ._refusal import Refusal, require


class CannotPropose(Refusal):
    """The proposal may not be made or withdrawn this way."""


class CannotRecord(Refusal):
    """The outside decision may not be recorded this way."""


@transaction.atomic
def propose(
    *,
    kind: str,
    unit: Unit,
    title: str,
    reasons: str,
    by: Party,
    now: dt.datetime,
    about: Party | None = None,
) -> PersonnelProposal:
    """Propose organisation, hiring, dismissal, reward, penalty or appraisal. Changes nothing else."""
    require(by, "personnel.propose", unit, now, CannotPropose)
    if about is not None and about.pk == by.pk:
        raise CannotPropose(_("Nobody makes a proposal about themselves."))

    proposal = PersonnelProposal.objects.create(
        kind=kind, unit=unit, title=title, reasons=reasons, about=about, proposed_by=by, proposed_at=now
    )
    trail.record("people.proposed", subject=proposal, by=by, at=now, after={"kind": kind, "title": title})
    return proposal


@transaction.atomic
def record_decision(
    *,
    proposal: PersonnelProposal,
    agreed: bool,
    decided_by_name: str,
    decided_on: dt.date,
    by: Party,
    now: dt.datetime,
    decision: str = "",
) -> None:
    """Note the decision that was taken outside the department: by whom, on which day, in which words."""
    require(by, "personnel.record", proposal.unit, now, CannotRecord)
    if by.pk == proposal.proposed_by_id:
        raise CannotRecord(_("Nobody records the decision on the own proposal."))
    if not decided_by_name.strip():
        raise CannotRecord(_("The decision needs the name of who took it."))
    if decided_on > business_day(now):
        raise CannotRecord(_("The day of the decision lies ahead."))
    state = PersonnelProposal.State.AGREED if agreed else PersonnelProposal.State.DECLINED
    values = {
        "state": state,
        "decided_by_name": decided_by_name.strip(),
        "decided_on": decided_on,
        "decision": decision,
        "recorded_by": by,
        "recorded_at": now,
    }
    _advance(proposal, values, CannotRecord)

    after = {"state": state, "by": decided_by_name, "on": decided_on.isoformat()}
    trail.record("people.decision_recorded", subject=proposal, by=by, at=now, after=after)


@transaction.atomic
def withdraw(*, proposal: PersonnelProposal, by: Party, now: dt.datetime) -> None:
    """The proposer takes the proposal back before it is decided."""
    if by.pk != proposal.proposed_by_id:
        raise CannotPropose(_("Only the proposer withdraws a proposal."))
    _advance(proposal, {"state": PersonnelProposal.State.WITHDRAWN}, CannotPropose)

    trail.record("people.proposal_withdrawn", subject=proposal, by=by, at=now)


def _advance(proposal: PersonnelProposal, values: dict[str, object], refusal: type[Refusal]) -> None:
    """Compare and set: only a proposal that nobody has decided meanwhile."""
    still = PersonnelProposal.objects.filter(pk=proposal.pk, state=PersonnelProposal.State.PROPOSED)
    if not still.update(**values):
        raise refusal(_("This proposal has been settled already."))
    proposal.refresh_from_db()
