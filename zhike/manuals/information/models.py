"""Information for staff: six kinds of service information, policies of the month, notices, bulletins; who read it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.people.models import Post


class Information(models.Model):
    """One item (F004-15): for the staff of a unit and everything below, or for some posts there."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    class Demand(models.TextChoices):
        STUDY = "STUDY", _("Study and confirm")
        READ = "READ", _("Read it")

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=60)  # code of the list 信息种类
    title = models.CharField(max_length=120)
    body = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    posts: models.ManyToManyField[Post, Post] = models.ManyToManyField(Post, related_name="+", blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day
    demand = models.CharField(max_length=5, choices=Demand.choices, default=Demand.READ)
    limit = models.CharField(max_length=80, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)
    # a bulletin tells of a period, an answer goes back to the request that asked (S002-16)
    about_from = models.DateField(null=True, blank=True)
    about_to = models.DateField(null=True, blank=True)
    request = models.ForeignKey("people.Request", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(
                fields=["unit", "valid_from"], name="information_unit", condition=Q(state="PUBLISHED")
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="information_ends_after_it_begins", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Receipt(models.Model):
    """That one person read an item, and studied it."""

    item = models.ForeignKey(Information, models.CASCADE, related_name="receipts")
    party = models.ForeignKey(Party, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()
    studied_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)  # what it means for the own work

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "party"], name="receipt_once")]
