"""The day of a person who visits, and the proposal for a week. A proposal changes nothing of the plan."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party


class Workday(models.Model):
    """Where a person's day of visits begins and ends, and when, where it is not the calendar of the unit."""

    manager = models.OneToOneField(Party, models.CASCADE, related_name="+")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="workday_place_is_whole",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
            models.CheckConstraint(
                name="workday_ends_after_it_begins",
                condition=Q(begins=None) | Q(ends=None) | Q(ends__gt=F("begins")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.manager)


class Routes(models.Model):
    """What one person was proposed for a plan. Visits stand by their key, new ones by minus the customer's key."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    plan = models.ForeignKey("visits.WeekPlan", models.CASCADE, related_name="+", db_index=False)
    asked_by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    seen = models.PositiveIntegerField()  # `plan.revision`: what was changed later stops the taking over
    early = models.BooleanField(
        default=False
    )  # with customers who are due soon after, where they lie on the way
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    # {day: [key, ...]} in order
    days: models.JSONField[dict[str, list[int]], dict[str, list[int]]] = models.JSONField(default=dict)
    # {key: [why, day or null, seconds that are wanting]}
    left: models.JSONField[dict[str, list[Any]], dict[str, list[Any]]] = models.JSONField(default=dict)
    fixed: models.JSONField[list[int], list[int]] = models.JSONField(default=list)  # by hand
    problem = models.CharField(max_length=400, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, blank=True)  # when a worker took it up
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "asked_by"], name="routes_once_for_each")]

    def __str__(self) -> str:
        return f"{self.plan} {self.asked_by}"

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}
