"""Period reports: one record for each person, kind and period, of plans and reports alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit


class Report(models.Model):
    """A monthly plan, weekly report, monthly report or work summary (F004-02, F004-11, F004-12, F001-59)."""

    class Kind(models.TextChoices):
        MONTH_PLAN = "MONTH_PLAN", _("Monthly work plan")
        WEEK = "WEEK", _("Weekly report")
        MONTH = "MONTH", _("Monthly report")
        SUMMARY = "SUMMARY", _("Work summary")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Being written")
        SUBMITTED = "SUBMITTED", _("Submitted")
        COMMENTED = "COMMENTED", _("Commented")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    first = models.DateField()
    after = models.DateField()  # the day after the last one
    parts: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    # what the records said when it was filled in: rows of part, Chinese, English, number, address
    facts: models.JSONField[list[list[Any]], list[list[Any]]] = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)  # of the manual
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    number = models.PositiveSmallIntegerField(
        default=0
    )  # of the version that holds; 0 before it is submitted
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    commented_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    commented_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-first", "-id"]
        indexes = [models.Index(fields=["unit", "-first"], name="report_unit")]
        constraints = [
            models.UniqueConstraint(fields=["author", "kind", "first"], name="report_once"),
            models.CheckConstraint(name="report_period", condition=Q(after__gt=F("first"))),
            models.CheckConstraint(
                name="report_comment_by_another",
                condition=Q(commented_by=None) | ~Q(commented_by=F("author")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first} ~ {self.last}"

    @property
    def last(self) -> dt.date:
        return self.after - dt.timedelta(days=1)


class Version(models.Model):
    """What was submitted, and each change after it with its reason (R004-08)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    parts: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="version_once"),
            models.CheckConstraint(
                name="version_changed_for_a_reason", condition=Q(number=1) | ~Q(reason="")
            ),
        ]


class Gap(models.Model):
    """An indicator of a monthly report: target, what was reached, why it fell short (P004-07)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="gaps")
    indicator = models.CharField(max_length=60)  # code of the list 服务指标
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    target = models.DecimalField(max_digits=12, decimal_places=2)
    actual = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    cause = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="gap_once")]

    @property
    def short(self) -> Any:
        """By how much the target was missed; None where nothing was counted or the target was reached."""
        missed = None if self.actual is None else self.target - self.actual
        return missed if missed is not None and missed > 0 else None


class Measure(models.Model):
    """A next measure of a work summary; the following summary says what became of it (R001-218, R001-219)."""

    class Fate(models.TextChoices):
        PENDING = "PENDING", _("Not told yet")
        DONE = "DONE", _("Carried out")
        PARTLY = "PARTLY", _("Carried out in part")
        NOT_DONE = "NOT_DONE", _("Not carried out")

    report = models.ForeignKey(Report, models.CASCADE, related_name="measures")
    text = models.CharField(max_length=200)
    due_on = models.DateField()
    fate = models.CharField(max_length=8, choices=Fate.choices, default=Fate.PENDING)
    fate_note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
