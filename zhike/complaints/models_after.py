"""What belongs to a complaint beside its stages: named people, rounds, return visits, shares, agreement, malice."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit

from .models import Complaint


class CaseMember(models.Model):
    """A person named on a case: reads it wherever it lies, also while it is confidential."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="members")
    person = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    removal_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "id"]
        # lists ask for all cases of one person at once, with the keys of the cases in the index
        indexes = [
            models.Index(fields=["person", "complaint"], name="member_person", condition=Q(removed_at=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "person"], name="member_once", condition=Q(removed_at=None)
            ),
            models.CheckConstraint(name="member_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="member_removed_by_somebody",
                condition=Q(removed_at=None, removed_by=None)
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removal_reason="")),
            ),
        ]


class Reopening(models.Model):
    """A closed case was taken up again: why, by whom, into which stage, and what its former end was."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="reopenings")
    round = models.PositiveSmallIntegerField()  # 1: reopened for the first time
    reason = models.CharField(max_length=400)
    stage = models.CharField(max_length=60)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField()  # the end of the round before
    solved_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    valid = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "round"], name="reopening_round_once"),
            models.CheckConstraint(name="reopening_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="reopening_after_close", condition=Q(at__gte=F("closed_at"))),
        ]


class FollowUp(models.Model):
    """A return visit after a case was closed, reached or not; the latest with a satisfaction counts."""

    class Source(models.TextChoices):
        STAFF = "STAFF", _("Return visit")
        PORTAL = "PORTAL", _("Portal")

    class Satisfaction(models.IntegerChoices):
        VERY_DISSATISFIED = 1, _("Very dissatisfied")
        DISSATISFIED = 2, _("Dissatisfied")
        FAIR = 3, _("Fair")
        SATISFIED = 4, _("Satisfied")
        VERY_SATISFIED = 5, _("Very satisfied")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="follow_ups", db_index=False)
    round = models.PositiveSmallIntegerField(default=0)  # of the case: how often it had been reopened
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.STAFF)
    reached = models.BooleanField()
    # the customer was not reached and nobody tries again
    ended = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)  # why nobody was reached
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True, choices=Satisfaction.choices)
    resolved = models.BooleanField(null=True, blank=True)
    # at or below what the manual called dissatisfied, or not resolved
    dissatisfied = models.BooleanField(default=False)
    text = models.TextField(blank=True)  # what the customer says
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["complaint", "at", "satisfaction"], name="follow_up_latest")]
        constraints = [
            models.CheckConstraint(
                name="follow_up_scale", condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5))
            ),
            models.CheckConstraint(
                name="follow_up_reached_or_reason",
                condition=Q(reached=True, satisfaction__isnull=False, resolved__isnull=False, ended=False)
                | (Q(reached=False, satisfaction=None, resolved=None) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                fields=["complaint", "round"], name="follow_up_portal_once", condition=Q(source="PORTAL")
            ),
        ]


class Share(models.Model):
    """The part of the responsibility that one party bears; the shares of a case add to 100 (`actions.settle_shares`)."""

    class Side(models.TextChoices):
        OWN = "OWN", _("Own department")
        SUPPLIER = "SUPPLIER", _("Supplier")
        CARRIER = "CARRIER", _("Carrier")
        CUSTOMER = "CUSTOMER", _("Customer")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="shares")
    place = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")  # of ours
    name = models.CharField(max_length=120, blank=True)  # of the others
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    nature = models.CharField(max_length=200, blank=True)
    evidence = models.TextField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "place"], name="share_place_once"),
            models.CheckConstraint(
                name="share_within_hundred", condition=Q(percent__gt=0) & Q(percent__lte=100)
            ),
            models.CheckConstraint(
                name="share_of_somebody",
                condition=Q(side="OWN", unit__isnull=False, name="")
                | (Q(side__in=["SUPPLIER", "CARRIER"], unit=None) & ~Q(name=""))
                | Q(side="CUSTOMER", unit=None),
            ),
            models.CheckConstraint(name="share_has_evidence", condition=~Q(evidence="")),
        ]

    @property
    def who(self) -> str:
        """The party in words."""
        return self.unit.label if self.unit is not None else self.name or str(self.get_side_display())


class Agreement(models.Model):
    """What the customer said to the solution that was offered; the latest of a round counts."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="agreements")
    round = models.PositiveSmallIntegerField(default=0)
    ways = models.JSONField(default=list)  # codes of the manual's list 处理方式
    agreed = models.BooleanField()
    channel = models.CharField(max_length=10, choices=Complaint.Channel.choices)
    who = models.CharField(max_length=120)  # who said it on the customer's side
    text = models.TextField(blank=True)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(name="agreement_by_somebody", condition=~Q(who=""))]


class Malice(models.Model):
    """A case marked as malicious with evidence; a second person confirms or refuses it, and it can be taken back."""

    class State(models.TextChoices):
        ASKED = "ASKED", _("To be confirmed")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        REFUSED = "REFUSED", _("Not confirmed")
        REVOKED = "REVOKED", _("Taken back")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="malices")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=400)
    evidence = models.TextField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=400, blank=True)
    revoked_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "malices"
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                name="malice_one_at_a_time",
                condition=Q(state__in=["ASKED", "CONFIRMED"]),
            ),
            models.CheckConstraint(name="malice_has_grounds", condition=~Q(reason="") & ~Q(evidence="")),
            models.CheckConstraint(
                name="malice_four_eyes", condition=Q(decided_by=None) | ~Q(decided_by=F("by"))
            ),
            models.CheckConstraint(
                name="malice_decided_by_somebody",
                condition=Q(state="ASKED", decided_by=None)
                | (~Q(state="ASKED") & Q(decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="malice_revoked_with_reason", condition=~Q(state="REVOKED") | ~Q(revoke_reason="")
            ),
        ]
