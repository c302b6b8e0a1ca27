"""Staged cases: what every case has, and every move, hand-over and approval as a row."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import ManualVersion


class StagedCase(models.Model):
    """The columns of every case. A case stands in one stage of the manual under which it began."""

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    secrecy = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    manual = models.ForeignKey(ManualVersion, models.PROTECT, null=True, blank=True, related_name="+")
    stage = models.CharField(max_length=60, blank=True)  # name of the stage in that manual
    stage_kind = models.CharField(max_length=20, blank=True)  # its kind (性质), by which actions ask
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    taker = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    # the earliest open due date of the case, kept by procedures so that lists sort by it without a join
    due_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)  # raised by every action; forms send it back

    class Meta:
        abstract = True

    @property
    def matter(self) -> str:
        """What is told of the case outside its own page: in duties, messages, approvals."""
        return self.title


class Move(models.Model):
    """A case went from one stage to another."""

    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    from_stage = models.CharField(max_length=60, blank=True)
    to_stage = models.CharField(max_length=60, blank=True)  # empty: the case ended
    kind = models.CharField(max_length=20, blank=True)  # kind of the stage that was left
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_label", "subject_id", "at"])]


class HandOver(models.Model):
    """A case went from one handler to another (R001-116: each is recorded)."""

    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    from_party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    to_party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["subject_label", "subject_id", "at"])]


class Approval(models.Model):
    """A request that other people decide: who asks, for what, how much, under which clause."""

    class State(models.TextChoices):
        PENDING = "PENDING", _("Pending")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")
        SENT_BACK = "SENT_BACK", _("Sent back")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)  # such as "complaint.penalty"
    title = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    decided_at = models.DateTimeField(null=True, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    ruling_id = models.BigIntegerField(null=True, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)
    limit = models.CharField(max_length=80, blank=True)  # within which each level decides
    secrecy = models.PositiveSmallIntegerField(default=0)
    # ids of parties who have no say in it, such as the person complained of; neither approver nor deputy nor asked
    barred = models.JSONField(default=list, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_label", "subject_id"]),
            models.Index(fields=["unit", "asked_at"], name="approval_pending", condition=Q(state="PENDING")),
        ]


class ApprovalStep(models.Model):
    """One person in the line of an approval. `deputy` decided in the approver's place."""

    class Decision(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        NOW = "NOW", _("Deciding")
        YES = "YES", _("Agreed")
        NO = "NO", _("Refused")
        BACK = "BACK", _("Sent back")
        SKIPPED = "SKIPPED", _("Skipped")

    approval = models.ForeignKey(Approval, models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField()
    # steps of one level are decided together: ALL of them, or ANY one
    level = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=4, default="ALL")
    asked_by = models.ForeignKey(Party, models.PROTECT, related_name="+")  # repeated here for the constraint
    approver = models.ForeignKey(Party, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.WAITING)
    opinion = models.CharField(max_length=400, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["approval", "level", "place"]
        constraints = [
            models.CheckConstraint(name="nobody_approves_own_request", condition=~Q(approver=F("asked_by"))),
            models.CheckConstraint(
                name="nobody_stands_in_for_own_request",
                condition=Q(deputy=None) | ~Q(deputy=F("asked_by")),
            ),
        ]
        indexes = [models.Index(fields=["approver"], name="step_now", condition=Q(decision="NOW"))]
