"""Counters of number series, filled-in official forms, and files."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit


class Counter(models.Model):
    """The last number given out in a series, period and unit. Written by `series.take` alone."""

    series = models.CharField(max_length=60)
    period = models.CharField(max_length=10, blank=True)
    unit_code = models.CharField(max_length=40, blank=True)
    last = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "period", "unit_code"], name="one_counter_per_series"),
        ]


class Record(models.Model):
    """One filled-in official form, about a subject or standing for itself."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SUBMITTED = "SUBMITTED", _("Submitted")
        REVIEWED = "REVIEWED", _("Reviewed")
        VOID = "VOID", _("Void")

    form = models.CharField(max_length=20)  # code of the declared form, such as "F001-34"
    number = models.CharField(
        max_length=40, blank=True
    )  # empty until it is submitted, unless the subject gives it
    subject_label = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    secrecy = models.PositiveSmallIntegerField(default=0)
    # field key -> value as text, list or rows; "_options" keeps the choices that the form offered
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()  # when it was last saved as a draft
    submitted_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=400, blank=True)
    voided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=400, blank=True)
    revision = models.PositiveIntegerField(default=0)  # raised by every action; a form sends back what it saw

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "number"],
                name="record_number_once",
                condition=~Q(number="") & ~Q(state="VOID"),
            ),
            models.CheckConstraint(
                name="record_submitted_has_number", condition=Q(state__in=["DRAFT", "VOID"]) | ~Q(number="")
            ),
            models.CheckConstraint(
                name="nobody_reviews_own_record",
                condition=Q(reviewed_by=None)
                | Q(submitted_by=None)
                | ~Q(reviewed_by=models.F("submitted_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_label", "subject_id", "form"]),
            models.Index(fields=["unit", "form", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}".strip()


class Attachment(models.Model):
    """A file added to a subject. The bytes lie once under their hash; a removed row keeps its bytes."""

    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    secrecy = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()  # bytes
    content_type = models.CharField(max_length=100)  # told from the content, never from the name
    sha256 = models.CharField(max_length=64, db_index=True)
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    removal_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_label", "subject_id", "sha256"],
                name="same_file_once_per_subject",
                condition=Q(removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type in {"image/jpeg", "image/png", "image/webp"}
