"""Two files that are perhaps one customer, what was decided of them, and what a merge moved."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party


class Candidate(models.Model):
    """Two files of one house that are perhaps one customer. What was decided is remembered for every later sweep."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be looked at")
        MERGED = "MERGED", _("Merged")
        DIFFERENT = "DIFFERENT", _("Not the same")

    class Origin(models.TextChoices):
        SWEEP = "SWEEP", _("Found by the sweep")
        FILE = "FILE", _("Marked while importing")
        PERSON = "PERSON", _("Put forward by a person")

    # the older file first
    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()  # 0 to 100
    reasons: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list
    )  # codes of `sweep.REASONS`
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.SWEEP)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-score", "id"]
        indexes = [models.Index(fields=["state", "-score", "id"], name="candidate_state_score")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="candidate_once"),
            models.CheckConstraint(name="candidate_of_two", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merge(models.Model):
    """One file that became part of another, with all that is needed to part them again exactly."""

    gone = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    kept = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8)  # of the gone file before
    choices: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict
    )  # whose value holds
    moved: models.JSONField[dict[str, list[int]], dict[str, list[int]]] = models.JSONField(
        default=dict
    )  # "complaints.Complaint.customer": keys
    # columns that gave way: [label, key, {column: [before, after]}]
    changed: models.JSONField[list[Any], list[Any]] = models.JSONField(
        default=list, encoder=DjangoJSONEncoder
    )
    parted_at = models.DateTimeField(null=True, blank=True)
    parted_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    part_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["gone"], name="one_current_merge", condition=Q(parted_at=None)),
            models.CheckConstraint(name="merge_of_two", condition=~Q(gone=F("kept"))),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"

    @property
    def count(self) -> int:
        """How many rows were moved."""
        return sum(map(len, self.moved.values()))


class Sweep(models.Model):
    """One search for duplicates through all files."""

    started_at = models.DateTimeField()
    by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: by the clock
    finished_at = models.DateTimeField(null=True, blank=True)
    read = models.PositiveIntegerField(default=0)  # files
    found = models.PositiveIntegerField(default=0)  # pairs
    fresh = models.PositiveIntegerField(default=0)  # of them not known before

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.started_at}"
