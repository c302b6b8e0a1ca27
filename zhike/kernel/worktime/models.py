"""Calendars as rows: the enterprise's weekly hours, holidays followed, and its own exceptions."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Unit


def new_revision() -> int:
    """A number that no state of a calendar had before, not even one that was rolled back."""
    return secrets.randbelow(2**31 - 1) + 1


class WorkCalendar(models.Model):
    """Weekly hours of a unit and of everything below it that has no calendar of its own."""

    class Convention(models.TextChoices):
        CIVIL = "civil", _("Civil Code")
        ELAPSED = "elapsed", _("Elapsed")

    name = models.CharField(max_length=60)
    unit = models.OneToOneField(Unit, models.CASCADE, null=True, related_name="calendar")
    tz = models.CharField(max_length=40, default="Asia/Shanghai")
    # {"mon": [["09:00", "12:00"], ...]}; a day that is missing is closed
    week = models.JSONField(default=dict)
    holidays = models.CharField(max_length=8, blank=True, default="CN")
    convention = models.CharField(max_length=8, choices=Convention.choices, default=Convention.CIVIL)
    # another number after every change (calendars.touch), so that a calendar kept in memory is known to be stale
    revision = models.PositiveIntegerField(default=new_revision)

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """One day on which the calendar differs: closed, or open with its own hours."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    day = models.DateField()
    # [] means closed; null means open with the ordinary hours of that week
    hours = models.JSONField(null=True, default=list)
    note = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]
