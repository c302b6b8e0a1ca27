"""Requests between departments: one record with what was asked, due, answered, and what came of it."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit


class Request(models.Model):
    """What one unit asks of another (S002-11, S004-17, S004-25, S002-16)."""

    class Kind(models.TextChoices):
        FEEDBACK = "FEEDBACK", _("Weekly feedback")
        URGENT = "URGENT", _("Urgent report")
        COORDINATION = "COORDINATION", _("Coordination")
        ENQUIRY = "ENQUIRY", _("Enquiry")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Waiting for an answer")
        ANSWERED = "ANSWERED", _("Answered")
        SETTLED = "SETTLED", _("Settled")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    topic = models.CharField(max_length=60, blank=True)  # what kind of problem it is, in the asker's words
    text = models.TextField()
    subject_label = models.CharField(max_length=60, blank=True)  # what it is about, such as a visit
    subject_id = models.BigIntegerField(null=True, blank=True)
    customer = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    secrecy = models.PositiveSmallIntegerField(default=0)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)  # of who asks
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)  # where it lies now
    owner = models.ForeignKey(Party, models.PROTECT, related_name="+")  # who owes the answer
    asked_by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    week = models.DateField()  # Monday of the week in which it was asked: its feedback sheet
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)
    passings = models.PositiveSmallIntegerField(default=0)
    is_last = models.BooleanField(default=False)  # with the common leader: it is passed on no further
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=400, blank=True)  # what came of it
    told_at = models.DateTimeField(null=True, blank=True)  # the answer was passed on to the customer
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["to_unit", "due_at"], name="request_to_open", condition=Q(state="OPEN")),
            models.Index(fields=["unit", "-asked_at"], name="request_unit"),
            models.Index(fields=["asked_by", "week"], name="request_week"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_answered_with_words",
                condition=~Q(state__in=["ANSWERED", "SETTLED"]) | ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="request_settled_with_a_result", condition=~Q(state="SETTLED") | ~Q(result="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:40]}"

    def is_late(self, now: dt.datetime) -> bool:
        return self.due_at is not None and (self.answered_at or now) > self.due_at


class RequestStep(models.Model):
    """What happened to a request, in order."""

    class Kind(models.TextChoices):
        ASKED = "ASKED", _("Request made")
        PASSED = "PASSED", _("Passed on")
        ANSWERED = "ANSWERED", _("Answered")
        SENT_BACK = "SENT_BACK", _("Asked again")
        SETTLED = "SETTLED", _("Settled")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    request = models.ForeignKey(Request, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["at", "id"]
