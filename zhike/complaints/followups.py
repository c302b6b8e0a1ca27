"""What follows from complaints beside each case: summaries of a period with their measures, sheets on what is overdue."""

from __future__ import annotations

import datetime as dt
import math

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.records.models import Record


class Summary(models.Model):
    """The complaints of a period summed up and signed: the weekly summary (F001-40) or the analysis (FM002-22).

    What was signed stands in the record, as it was counted then.
    """

    class Kind(models.TextChoices):
        WEEK = "WEEK", _("Weekly summary")
        ANALYSIS = "ANALYSIS", _("Complaint analysis")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    version = models.ForeignKey(ManualVersion, models.PROTECT, null=True, blank=True, related_name="+")
    clause = models.CharField(max_length=40, blank=True)
    record = models.OneToOneField(Record, models.PROTECT, null=True, blank=True, related_name="+")
    signed_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-first", "-id"]
        verbose_name_plural = "summaries"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "first"], name="summary_one_a_week", condition=Q(kind="WEEK")
            ),
            models.CheckConstraint(name="summary_ends_after_start", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="summary_signed_has_record",
                condition=Q(signed_by=None, signed_at=None, record=None)
                | Q(signed_by__isnull=False, signed_at__isnull=False, record__isnull=False),
            ),
            models.CheckConstraint(
                name="summary_read_by_another",
                condition=Q(read_by=None) | (Q(signed_by__isnull=False) & ~Q(read_by=F("signed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.record.number if self.record else f"{self.get_kind_display()} {self.first}"

    @property
    def title(self) -> str:
        return f"{self.get_kind_display()} {self.first} ~ {self.last}"


class Measure(models.Model):
    """An improvement that an analysis decided on: who does it, by when, what became of it."""

    summary = models.ForeignKey(Summary, models.PROTECT, related_name="measures")
    text = models.CharField(max_length=400)
    owner = models.ForeignKey(Party, models.PROTECT, related_name="+")
    due_on = models.DateField()
    result = models.CharField(max_length=400, blank=True)
    done_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(name="measure_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="measure_done_says_what", condition=Q(done_at=None) | ~Q(result="")),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def unit_id(self) -> int:
        return self.summary.unit_id


class OverdueSheet(models.Model):
    """A reminder of a step that is overdue, or after the closing the question why it was late (F001-63)."""

    class Kind(models.TextChoices):
        REMINDER = "REMINDER", _("Reminder sheet")
        INQUIRY = "INQUIRY", _("Inquiry sheet")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.CharField(max_length=40, unique=True)
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="overdue_sheets")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    duty_id = models.BigIntegerField()  # the duty that was or is late
    turn = models.PositiveSmallIntegerField(default=0)  # the how-manieth reminder of this duty, from 0
    step = models.CharField(max_length=200)  # what is late, in the words of the manual
    due_at = models.DateTimeField()  # when that was due
    department = models.CharField(max_length=80)  # whom the sheet goes to, as the manual names it
    to = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    reply_by = models.DateTimeField(null=True, blank=True)
    clause = models.CharField(max_length=40)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty_id", "turn"], name="overdue_one_reminder_a_turn", condition=Q(kind="REMINDER")
            ),
            models.UniqueConstraint(
                fields=["complaint"], name="overdue_one_inquiry", condition=Q(kind="INQUIRY")
            ),
            models.CheckConstraint(
                name="overdue_answer_by_somebody",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-at"], name="overdue_unit")]

    def __str__(self) -> str:
        return self.number

    @property
    def secrecy(self) -> int:
        return self.complaint.secrecy

    @property
    def days(self) -> int:
        """How many days it was late when the sheet was written, begun ones included."""
        return max(1, math.ceil((self.at - self.due_at) / dt.timedelta(days=1)))
