"""The line of people of a change: who prepared, who reviews, who approves, and what they said in earlier rounds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures.models import Approval, ApprovalStep
from zhike.manuals.models import Revision
from zhike.people import queries as people

GATE = "manual.revision"
STATES = {"YES": "ok", "NOW": "now", "WAITING": "next", "NO": "no", "BACK": "no", "SKIPPED": "next"}


@dataclass
class Signature:
    """One person in the line. `role` is prepared, reviews, approves or added; `state` as the component draws it."""

    person: Party
    role: str
    state: str
    post: str = ""
    deputy: Party | None = None
    opinion: str = ""
    at: dt.datetime | None = None
    duty: Duty | None = None
    decision: str = ""


@dataclass
class Line:
    """The last round of signatures, and the opinions of rounds before it."""

    signatures: list[Signature]
    approval: Approval | None = None
    earlier: list[ApprovalStep] = field(default_factory=list)

    @property
    def sent_back(self) -> ApprovalStep | None:
        """The opinion with which the change came back to who prepares it."""
        return next((step for step in self.earlier if step.decision in {"BACK", "NO"}), None)


def approvals_of(revision: Revision) -> QuerySet[Approval]:
    """Every round of a change, newest first."""
    return Approval.objects.filter(**subjects.key(revision), kind=GATE).order_by("-pk")


def line_of(revision: Revision, now: dt.datetime) -> Line:
    """Prepared, reviewed, approved: with posts, opinions, moments and what is still owed."""
    rounds = list(approvals_of(revision)[:20])
    current = rounds[0] if rounds and revision.state != Revision.State.DRAFT else None
    prepared = Signature(
        revision.prepared_by, "prepared", "ok", opinion=revision.reason,
        at=revision.asked_at or revision.prepared_at,
    )  # fmt: skip
    found = Line([prepared], current)
    steps = ApprovalStep.objects.filter(approval__in=rounds).select_related("approver", "deputy", "approval")
    if current is not None:
        found.signatures += _signatures(current, [step for step in steps if step.approval_id == current.pk])
    said = [step for step in steps if step.opinion and (current is None or step.approval_id != current.pk)]
    found.earlier = sorted(said, key=lambda step: (step.approval_id, step.level), reverse=True)
    posts = people.appointments_by_party([one.person.pk for one in found.signatures], now)
    for one in found.signatures:
        held = posts.get(one.person.pk)
        one.post = str(held[0].post) if held else ""
    return found


def is_last_level(revision: Revision) -> bool:
    """Whether those who decide now are the last: who agrees, publishes."""
    current = ApprovalStep.objects.filter(
        approval__in=approvals_of(revision).filter(state=Approval.State.PENDING)
    )
    return not current.filter(decision=ApprovalStep.Decision.WAITING).exists()


def _signatures(approval: Approval, steps: list[ApprovalStep]) -> list[Signature]:
    owed = {duty.kind: duty for duty in Duty.objects.filter(**subjects.key(approval), state=Duty.State.OPEN)}
    found = []
    for step in sorted(steps, key=lambda step: (step.level, step.place)):
        role = "added" if step.added_by_id else ("reviews" if step.level == 1 else "approves")
        found.append(
            Signature(
                step.approver,
                role,
                STATES[step.decision],
                deputy=step.deputy,
                opinion=step.opinion,
                at=step.decided_at,
                duty=owed.get(f"approval.{step.pk}"),
                decision=step.decision,
            )
        )
    return found


def revisions() -> QuerySet[Revision]:
    """Every change with the names its line prints, the one touched last first; cut by `access_gate.visible`."""
    return (
        Revision.objects.select_related("unit", "base", "version", "prepared_by", "install_at")
        .defer("text", "base__text", "version__text")
        .order_by("-saved_at", "-pk")
    )


def changes_of(party: int) -> QuerySet[Revision]:
    """Changes in whose line the person stands: prepared, or asked for an opinion."""
    asked = Approval.objects.filter(Q(steps__approver=party) | Q(steps__deputy=party), kind=GATE)
    return Revision.objects.filter(Q(prepared_by=party) | Q(pk__in=asked.values("subject_id")))


def whose_turn(rows: list[Revision]) -> dict[int, list[str]]:
    """Names of those who have a change now: who prepares a draft, who is to decide one that was handed in."""
    found = {row.pk: [row.prepared_by.name] for row in rows if row.state == Revision.State.DRAFT}
    asked = [row.pk for row in rows if row.state == Revision.State.ASKED]
    steps = ApprovalStep.objects.filter(
        approval__kind=GATE,
        approval__subject_id__in=asked,
        approval__state=Approval.State.PENDING,
        decision=ApprovalStep.Decision.NOW,
    )
    for pk, name in steps.values_list("approval__subject_id", "approver__name"):
        found.setdefault(pk, []).append(name)
    return found
