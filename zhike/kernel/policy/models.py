"""Manuals as rows: versions, where they are installed, and every ruling they gave."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit


class ManualVersion(models.Model):
    """One version of a regulation. Published text never changes; a repeal gives it an end."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    key = models.CharField(max_length=80)  # front matter `manual`
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    number = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    effective_on = models.DateField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    # gaps and overlaps that were accepted by name: [{"line", "message", "reason", "by"}]
    accepted = models.JSONField(default=list, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # repealed: rules nothing from this day on

    class Meta:
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="manual_number_once"),
            models.CheckConstraint(
                name="manual_published_at_a_moment",
                condition=models.Q(state="DRAFT", published_at=None)
                | (~models.Q(state="DRAFT") & models.Q(published_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.title}》第{self.number}版"

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        english = self.title_en and (get_language() or "").startswith("en")
        return self.title_en if english else self.title


class Installation(models.Model):
    """A manual adopted by a unit and everything below it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="installations")
    key = models.CharField(max_length=80)
    installed_at = models.DateTimeField()
    installed_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="manual_installed_once")]


class UnitValues(models.Model):
    """A unit's own values of a manual's parameters, all of them, from a day on until the next row of the unit.

    They hold for cases that begin from that day on; cases that began before keep the values they began under.
    """

    installation = models.ForeignKey(Installation, models.CASCADE, related_name="values")
    effective_on = models.DateField()
    # {"店长起点": "1500元"}: text as a manager types it, inside the range that the manual allows
    parameters: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["installation", "effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["installation", "effective_on"], name="unit_values_once_a_day")
        ]


class TagBit(models.Model):
    """The place of a word in the bit masks of a manual's tag sets. Given once, never moved or reused."""

    key = models.CharField(max_length=80)
    vocabulary = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    bit = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "vocabulary", "code"], name="tag_code_once"),
            models.UniqueConstraint(fields=["key", "vocabulary", "bit"], name="tag_bit_once"),
            models.CheckConstraint(name="tag_bit_fits", condition=models.Q(bit__lte=62)),
        ]


class Ruling(models.Model):
    """One answer of a manual to a question about facts. Written once, never changed."""

    question = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    version = models.ForeignKey(ManualVersion, models.PROTECT, related_name="rulings")
    table = models.CharField(max_length=60)
    clause = models.CharField(max_length=40)
    row = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    row_text = models.TextField()  # its conditions in words
    also = models.JSONField(
        default=list
    )  # [[row, conditions, outcomes], ...] of every other row that matched
    facts = models.JSONField(default=dict)  # label -> value as text, None for unknown
    parameters = models.JSONField(default=dict)  # values in force for the unit
    outcome = models.JSONField(default=dict)  # outcome name -> value
    asked_at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["subject_label", "subject_id", "question"]),
            models.Index(fields=["version", "clause", "asked_at"]),
        ]

    def __getitem__(self, name: str) -> Any:
        return self.outcome[name]

    def __str__(self) -> str:
        return f"{self.table} {self.clause}"
