"""Duties: who owes what, about whom, by when, under which clause."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit


class DutyQuerySet(models.QuerySet["Duty"]):
    """Open duties and late ones, as every list and figure asks for them."""

    def open(self) -> DutyQuerySet:
        return self.filter(state=Duty.State.OPEN)

    def late(self, now: dt.datetime) -> DutyQuerySet:
        """Late now or done late: the same as `Duty.is_late` for a whole queryset."""
        stopped = Coalesce("paused_at", "done_at", Value(now, output_field=models.DateTimeField()))
        return self.filter(state__in=[Duty.State.OPEN, Duty.State.DONE], due_at__lt=stopped)


class Duty(models.Model):
    """One obligation. `due_at` is derived from the inputs beside it and kept for sorting."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        WAIVED = "WAIVED", _("Waived")
        CANCELLED = "CANCELLED", _("Cancelled")

    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)  # such as "complaint.solution": what has to be done, a stable code
    title = models.CharField(max_length=200)  # in the words of the manual
    title_en = models.CharField(max_length=200, blank=True)
    matter = models.CharField(max_length=200, blank=True)  # about what: the title of the case
    customer = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    # the partial indexes below serve unit and owner; every index less makes the watch quicker
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    secrecy = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="duties", db_index=False
    )
    owner_post = models.CharField(max_length=60, blank=True)  # code of a post, while nobody is named

    # inputs of the date
    began_at = models.DateTimeField()
    limit = models.CharField(
        max_length=80, blank=True
    )  # phrase as resolved, e.g. "3工作日"; empty: no due date
    # results
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    look_again_at = models.DateTimeField(null=True, blank=True)
    urge_at = models.DateTimeField(null=True, blank=True)  # when the app next urges it, see `escalation.urge`
    provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(
        null=True, blank=True
    )  # since when the clock stands, or stood at the end

    clause = models.CharField(max_length=40, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)  # of the manual
    ruling_id = models.BigIntegerField(null=True, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=200, blank=True)  # why waived or cancelled
    level = models.PositiveSmallIntegerField(
        default=0
    )  # rows of the escalation list that are over, the warning included
    failures = models.PositiveSmallIntegerField(default=0)  # times the watch could not handle the row

    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["look_again_at"], name="duty_look", condition=Q(state="OPEN")),
            models.Index(
                fields=["urge_at"], name="duty_urge", condition=Q(state="OPEN", urge_at__isnull=False)
            ),
            models.Index(fields=["owner", "due_at"], name="duty_owner", condition=Q(state="OPEN")),
            models.Index(fields=["unit", "due_at"], name="duty_unit", condition=Q(state="OPEN")),
            models.Index(fields=["owner_post", "unit"], name="duty_post", condition=Q(state="OPEN")),
            models.Index(fields=["subject_label", "subject_id"], name="duty_subject"),
            # what fell due in a period under a manual, done or not; without it each figure reads the whole table
            models.Index(fields=["due_at", "version_id"], name="duty_due"),
        ]
        constraints = [
            models.CheckConstraint(
                name="duty_done_has_moment", condition=~Q(state="DONE") | Q(done_at__isnull=False)
            ),
            models.CheckConstraint(
                name="duty_has_owner", condition=Q(owner__isnull=False) | ~Q(owner_post="")
            ),
            models.CheckConstraint(
                name="duty_warned_before_due",
                condition=Q(warn_at__isnull=True) | Q(due_at__isnull=True) | Q(warn_at__lte=F("due_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title

    def is_late(self, now: dt.datetime) -> bool:
        """Late now, or done late: derived from when it was done, never from when a sweep ran.

        While the clock stands nothing becomes late, and what was late before stays late.
        """
        if self.due_at is None or self.state not in {self.State.OPEN, self.State.DONE}:
            return False
        return (self.paused_at or self.done_at or now) > self.due_at


class Pause(models.Model):
    """A stretch `[since, until)` in which the clock of a duty stands, and why."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["duty"], name="duty_one_running_pause", condition=Q(until=None)),
            models.CheckConstraint(
                name="pause_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]


class Escalation(models.Model):
    """One level of escalation that was carried out."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="escalations", db_index=False)
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    due_since = models.DateTimeField()  # the moment that the level fell due, whenever the watch came by
    action = models.CharField(max_length=12)  # REMIND, HAND_OVER, REPORT
    target = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    clause = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["duty", "level"], name="duty_level_once")]

    @property
    def done(self) -> str:
        """What was done at this level, in words."""
        said = _("passed to %(name)s") if self.action == "HAND_OVER" else _("%(name)s was told")
        return str(said % {"name": self.target.name if self.target else "—"})
