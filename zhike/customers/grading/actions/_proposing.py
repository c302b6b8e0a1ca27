"""A value that somebody proposes and another approves (FM002-07)."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.customers.grading import queries
from zhike.customers.models import Customer, Grade, Proposal
from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from ._regrading import LONGEST_REASON, CannotGrade, _dimension, regrade


@transaction.atomic
def propose(
    *,
    customer: Customer,
    dimension: str,
    value: str,
    reason: str,
    by: Party,
    now: dt.datetime,
    valid_to: dt.date | None = None,
) -> Proposal:
    """Ask for another value. Raises CannotGrade."""
    _dimension(dimension)
    text = " ".join(reason.split())[:LONGEST_REASON]
    if not text:
        raise CannotGrade(_("Say why the customer should get this value."))
    known = dict(queries.words(customer, dimension, now))
    if value not in known:
        raise CannotGrade(
            _("“%(value)s” is no value of this dimension. The regulation knows: %(known)s.")
            % {"value": value, "known": ", ".join(known.values())}
        )
    was = Grade.objects.filter(customer=customer, dimension=dimension, until=None).first()
    if was is not None and was.value == value:
        raise CannotGrade(_("The customer has this value already."))
    try:
        with transaction.atomic():
            made = Proposal.objects.create(
                customer=customer,
                dimension=dimension,
                before=was.value if was is not None else "",
                value=value,
                valid_to=valid_to,
                reason=text,
                at=now,
                by=by,
            )
    except IntegrityError as taken:
        raise CannotGrade(_("A proposal for this customer is waiting for its decision already.")) from taken
    _recorded("customers.grade_proposed", made, by, now)
    return made


@transaction.atomic
def approve(*, proposal: Proposal, by: Party, now: dt.datetime, opinion: str = "") -> Grade:
    """Give the customer the proposed value. Raises CannotGrade; nobody approves what they proposed themselves."""
    if by.pk == proposal.by_id:
        raise CannotGrade(_("Somebody else has to approve what you proposed."))
    _end(proposal, Proposal.State.APPROVED, by, now, opinion)
    return regrade(
        customer=proposal.customer,
        dimension=proposal.dimension,
        by=proposal.by,
        now=now,
        value=proposal.value,
        reason=proposal.reason,
        valid_to=proposal.valid_to,
        approved_by=by,
    )


@transaction.atomic
def refuse(*, proposal: Proposal, by: Party, now: dt.datetime, opinion: str) -> None:
    """Leave the value as it is, for a reason. Raises CannotGrade."""
    if by.pk == proposal.by_id:
        raise CannotGrade(_("Somebody else has to decide on what you proposed."))
    if not opinion.strip():
        raise CannotGrade(_("Say why the proposal is refused."))
    _end(proposal, Proposal.State.REFUSED, by, now, opinion)
    _recorded("customers.grade_refused", proposal, by, now)


@transaction.atomic
def withdraw(*, proposal: Proposal, by: Party, now: dt.datetime) -> None:
    """Take back one's own proposal. Raises CannotGrade."""
    if by.pk != proposal.by_id:
        raise CannotGrade(_("Only who made the proposal can take it back."))
    _end(proposal, Proposal.State.WITHDRAWN, by, now, "")
    _recorded("customers.grade_proposal_withdrawn", proposal, by, now)


def _end(proposal: Proposal, state: str, by: Party, now: dt.datetime, opinion: str) -> None:
    """Compare and set, so that two who decide at once do not both succeed."""
    text = " ".join(opinion.split())[:LONGEST_REASON]
    changed = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.OPEN).update(
        state=state, decided_at=now, decided_by=by, opinion=text
    )
    if not changed:
        raise CannotGrade(_("The proposal is decided already."))
    proposal.state, proposal.decided_at, proposal.decided_by, proposal.opinion = state, now, by, text


def _recorded(code: str, proposal: Proposal, by: Party, now: dt.datetime) -> None:
    after = {"dimension": proposal.dimension, "value": proposal.value, "reason": proposal.reason}
    trail.record(code, subject=proposal.customer, by=by, at=now, after=after)
