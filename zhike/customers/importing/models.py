"""Which parts of a file are loaded: written in the transaction of the part, so that nothing comes in twice."""

from __future__ import annotations

from django.db import models

from zhike.channels.models import Intake


class ImportBatch(models.Model):
    """A part of a file of so many rows, counted from its beginning, that is loaded."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    loaded = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)  # the house had them already
    updated = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["intake", "number"]
        constraints = [models.UniqueConstraint(fields=["intake", "number"], name="import_batch_once")]

    def __str__(self) -> str:
        return f"{self.intake} {self.number}"
