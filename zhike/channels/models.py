"""Keys of the API, answers kept for repeated calls, counters of attempts, and files on their way in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit

from .mail.models import InboundMail as InboundMail
from .mail.models import Mailbox as Mailbox


class ApiToken(models.Model):
    """A key by which a program acts for a member of staff. The secret itself is stored nowhere."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="api_tokens")  # for whom it acts
    name = models.CharField(max_length=80)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list
    )  # such as "complaints:read"
    prefix = models.CharField(max_length=16, unique=True)  # the readable beginning, by which it is found
    digest = models.CharField(max_length=64)  # SHA-256 of the whole secret, which is random
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def is_good(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeptAnswer(models.Model):
    """The answer to a call with an Idempotency-Key, written in the transaction of the call."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)  # of method, path and body
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once")]


class Attempts(models.Model):
    """How often something was tried in one window of time. Written by `rates.count` alone."""

    key = models.CharField(max_length=80)  # what and who; addresses only as keyed digests
    window = models.BigIntegerField()  # number of the window since 1970
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "attempts"
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="attempts_once")]


class Intake(models.Model):
    """A file of many rows on its way in: what was brought, how it is read, how far it was loaded."""

    class State(models.TextChoices):
        NEW = "NEW", _("Columns to be chosen")
        READY = "READY", _("Checked")
        WAITING = "WAITING", _("Waiting to be loaded")
        LOADING = "LOADING", _("Loading")
        DONE = "DONE", _("Loaded")
        STOPPED = "STOPPED", _("Stopped")
        DROPPED = "DROPPED", _("Given up")

    kind = models.CharField(max_length=60)  # label of the model that the rows become
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="intake/", max_length=200)
    # {"columns": {field: column}, "categories": {word: code}, ...}: what the person chose
    plan: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    rows = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    only_good = models.BooleanField(default=False)
    loaded = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)  # there already
    problem = models.CharField(max_length=400, blank=True)  # why it stopped
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the worker
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["by", "kind", "-at"], name="intake_of_person")]

    def __str__(self) -> str:
        return self.name

    @property
    def good(self) -> int:
        return self.rows - self.bad

    @property
    def percent(self) -> int:
        done = self.loaded + self.skipped
        whole = self.good
        return 100 if not whole else min(100, done * 100 // whole)


class ColumnPlan(models.Model):
    """How a person reads files of one kind: remembered by name."""

    by = models.ForeignKey(Party, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    plan: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["by", "kind", "name"], name="column_plan_once")]

    def __str__(self) -> str:
        return self.name
