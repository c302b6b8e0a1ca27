"""Who may see a complaint and do what with it. Powers come from posts (people), reach from units.

Who is named on a complaint as taker or handler sees it wherever it lies; the person complained of never works it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from zhike.kernel import clock
from zhike.kernel.parties.scope import Scope
from zhike.kernel.procedures import approvals, stages
from zhike.people import access as people
from zhike.people.models import User

from . import queries, queries_after, questions
from .followups import Measure, OverdueSheet, Summary
from .models import Complaint, Grant, Penalty
from .models_after import CaseMember, Malice

SEE = "complaint.see"
REPORTS = "report.see"
POWERS = {
    "see": SEE,
    "take": "complaint.take",
    "handle": "complaint.handle",
    "assign": "complaint.assign",
    "correct": "complaint.correct",
    "judge": "complaint.decide",
    "punish": "penalty.issue",
}


@dataclass(frozen=True)
class May:
    """What one person may do with one complaint, for the page."""

    step: bool
    reply: bool
    note: bool
    hand_over: bool
    hand_up: bool
    change: bool
    correct: bool
    void: bool
    join: bool
    part: bool
    judge: bool
    see_findings: bool
    audit: bool
    confide: bool  # say who reads it
    reopen: bool
    follow_up: bool
    share: bool
    agree: bool
    mark: bool  # as malicious


def scope(user: User) -> Scope:
    """The complaints that the person may see."""
    return people.scope_of(user, SEE)


def can(user: User, verb: str, complaint: Complaint) -> bool:
    """True when the person holds the power over the complaint's unit, or is named on it and holds the power."""
    if verb != "see" and complaint.accused_id == user.pk:
        return False
    return people.may(user, POWERS[verb], complaint.unit_id, named=(complaint.handler_id, complaint.taker_id))


def may(user: User, complaint: Complaint) -> May:
    """Everything the page asks, at once."""
    is_open = complaint.is_open
    is_accused = complaint.accused_id == user.pk
    is_handler = complaint.handler_id == user.pk and not is_accused
    is_taker = complaint.taker_id == user.pk and not is_accused
    handles = can(user, "handle", complaint) or is_handler
    takes = can(user, "take", complaint)
    early = complaint.stage_kind in {"intake", "cause", "empathy", "details"}
    judges = can(user, "judge", complaint)
    works = handles or (early and (takes or is_taker))
    anybody = works and complaint.stage_kind not in questions.OWNERS_ONLY
    owes = is_open and not is_accused and not anybody and owes_stage(user, complaint)
    leads = can(user, "assign", complaint)
    was_worked = not (is_open or complaint.is_void or complaint.is_joined) and complaint.manual_id is not None
    return May(
        step=is_open and (anybody or owes),
        reply=not complaint.is_void and (handles or takes),
        note=handles or takes or owes or (not is_accused and is_named(user, complaint)),
        hand_over=is_open and leads,
        hand_up=is_open and is_handler,
        change=is_open and (handles or takes),
        correct=can(user, "correct", complaint) or (is_taker and is_open),
        void=is_open and can(user, "correct", complaint),
        join=is_open and (handles or takes),
        part=complaint.is_joined and (handles or takes),
        judge=judges,
        see_findings=judges or handles,
        audit=people.may(user, "audit.read", complaint.unit_id),
        confide=leads or is_handler,
        reopen=was_worked and (leads or is_handler),
        follow_up=was_worked and (handles or takes or owes_follow_up(user, complaint)),
        share=is_open and (works or owes),
        agree=is_open and (works or takes or owes),
        mark=leads,
    )


def is_named(user: User, complaint: Complaint) -> bool:
    """Whether the person is one of those named on a confidential case; others need not be named to see it."""
    return complaint.is_confidential and any(
        member.person_id == user.pk for member in queries_after.members_of(complaint)
    )


def member_for(complaint: Complaint, pk: int) -> CaseMember:
    """Somebody who is named on the case; 404 for others."""
    found = next((member for member in queries_after.members_of(complaint) if member.pk == pk), None)
    if found is None:
        raise Http404
    return found


def malice_for(complaint: Complaint, pk: int) -> Malice:
    """One mark of the case; 404 for others."""
    found = complaint.malices.select_related("by", "complaint").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def owes_follow_up(user: User, complaint: Complaint) -> bool:
    """Whether the return visit is this person's, as owner, deputy or holder of the post."""
    return any(
        stages.signs(duty, user.party, clock.now()) for duty in queries_after.follow_up_duties(complaint)
    )


def owes_stage(user: User, complaint: Complaint) -> bool:
    return stages.is_owed_by(complaint, by=user.party, now=clock.now())


def seen(user: User) -> QuerySet[Complaint]:
    """Complaints whose page the person may open; of a few keys, lists go by units."""
    rows = queries.complaints(scope(user)) | queries.complaints_owed(user.pk)
    return rows.exclude(accused=user.pk)


def complaint_for(user: User, pk: int, to: str = "see") -> Complaint:
    """The gate: the complaint, if the person may see it and do this. 404 outside the scope, 403 without power.

    Who owes or owed something in it sees it too, wherever it lies.
    """
    from django.core.exceptions import PermissionDenied

    found = queries.complaints(scope(user)).filter(pk=pk).first()
    complaint = found or queries.complaints_owed(user.pk).filter(pk=pk).first()
    if complaint is None or (complaint.accused_id == user.pk):
        raise Http404
    if to != "see" and not getattr(may(user, complaint), to):
        raise PermissionDenied(to)
    return complaint


def grant_to_decide(user: User, complaint: Complaint, pk: int) -> Grant:
    """A grant of a complaint that the person sees and whose turn to decide it is. 404, or 403."""
    from django.core.exceptions import PermissionDenied

    grant = next((grant for grant in queries.grants_of(complaint) if grant.pk == pk), None)
    if grant is None:
        raise Http404
    if not decides(user, grant):
        raise PermissionDenied("decide_grant")
    return grant


def decides(user: User, grant: Grant) -> bool:
    """Whether it is the person's turn to decide on the money."""
    approval = grant.approval
    return approval is not None and approvals.step_of(approval, user.party, clock.now()) is not None


def penalty_for(user: User, pk: int) -> Penalty:
    """A penalty is seen by whose it is, by who decides it, and by those with the power over the unit."""
    penalty = queries.penalties(penalty_scope(user)).filter(pk=pk).first()
    if penalty is None:
        raise Http404
    return penalty


def penalty_scope(user: User) -> Scope:
    """Penalties of the units over which the person issues them, and one's own."""
    found = people.scope_of(user, POWERS["punish"])
    return Scope(party=user.pk, units=found.units, secrecy=found.secrecy)


def reports_scope(user: User) -> Scope:
    """The units whose reports and summaries the person sees, and what the person owes of them."""
    found = people.scope_of(user, REPORTS)
    return Scope(party=user.pk, units=found.units, secrecy=found.secrecy)


def summary_for(user: User, pk: int) -> Summary:
    """A summary is seen with the reports of its unit, by who owes it, and by who carries out a measure of it."""
    return _or_404(summaries(user).filter(pk=pk).first())


def summaries(user: User) -> QuerySet[Summary]:
    return queries.summaries(reports_scope(user))


def overdue_sheet_for(user: User, pk: int) -> OverdueSheet:
    """A sheet is seen with its complaint, and by whom it goes to."""
    return _or_404(overdue_sheets(user).filter(pk=pk).first())


def overdue_sheets(user: User) -> QuerySet[OverdueSheet]:
    return queries.overdue_sheets(own_scope(user))


def own_scope(user: User) -> Scope:
    """The complaints that the person may see, and what is addressed to the person."""
    found = scope(user)
    return Scope(party=user.pk, units=found.units, secrecy=found.secrecy)


def measure_for(user: User, pk: int) -> Measure:
    """A measure is seen with its summary."""
    found = measures(user).filter(pk=pk)
    return _or_404(found.select_related("summary__unit", "summary__record", "owner").first())


def measures(user: User) -> QuerySet[Measure]:
    return Measure.objects.filter(summary__in=summaries(user).order_by().values("pk"))


Seen = TypeVar("Seen")


def _or_404(found: Seen | None) -> Seen:
    if found is None:
        raise Http404
    return found
