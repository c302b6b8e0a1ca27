"""Care of personal data: requests of persons, exports, releases, breaches, hand-overs of leaving staff."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit


class RightsRequest(models.Model):
    """What a person asks under the law on personal information, to be answered within a limit."""

    class Kind(models.TextChoices):
        COPY = "COPY", _("Access and copy")
        CORRECT = "CORRECT", _("Correction")
        ERASE = "ERASE", _("Erasure")
        WITHDRAW = "WITHDRAW", _("Withdrawal of consent")

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("not done yet", "Open")
        GRANTED = "GRANTED", _("Done")
        REFUSED = "REFUSED", _("Refused")

    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="rights_requests")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(blank=True)  # what is asked, such as what is wrong
    identity = models.CharField(max_length=200)  # how the person was recognised
    received_at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)  # what was done, or why not
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="rights_request_answered",
                condition=Q(state="OPEN", ended_at=None) | (Q(ended_at__isnull=False) & ~Q(answer="")),
            ),
            models.UniqueConstraint(
                fields=["customer", "kind"], name="one_open_request_of_kind", condition=Q(state="OPEN")
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Release(models.Model):
    """Leave to copy, send out or export data of customers, given by a second person."""

    class Way(models.TextChoices):
        COPY = "COPY", _("Copy")
        SEND = "SEND", _("Send outside the house")
        EXPORT = "EXPORT", _("Large export")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Waiting for approval")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")
        USED = "USED", _("Used")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="releases")
    way = models.CharField(max_length=6, choices=Way.choices)
    what = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    recipient = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=200, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="nobody_releases_for_themselves", condition=Q(decided_by=None) | ~Q(decided_by=F("by"))
            ),
            models.CheckConstraint(
                name="sent_out_has_recipient", condition=~Q(way="SEND") | ~Q(recipient="")
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Export(models.Model):
    """One file of data that left the product: who, when, what, and which customers stand in it."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # of who made it
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    source = models.CharField(max_length=60)  # name of the list, or of the page
    conditions = models.CharField(max_length=400, blank=True)
    format = models.CharField(max_length=8)
    rows = models.PositiveIntegerField()
    # customers in it, as far as there are at most `exports.NAMED`; of larger files the number is all that is kept
    customers = models.ManyToManyField(Customer, related_name="exports")
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="exports")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.rows}"


class Breach(models.Model):
    """A leak of customer data: what happened, what was done against it, who is responsible, who was told."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Being worked on")
        CLOSED = "CLOSED", _("Closed")

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    what = models.TextField()
    data = models.CharField(max_length=200)  # which data
    people = models.PositiveIntegerField(default=0)  # how many customers are concerned
    customers = models.ManyToManyField(Customer, related_name="breaches", blank=True)
    measures = models.TextField()  # taken at once
    owner = models.ForeignKey(Party, models.PROTECT, related_name="+")  # of what is still to be done
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    reported_at = models.DateTimeField(null=True, blank=True)  # to management, and where needed the authority
    reported_to = models.CharField(max_length=120, blank=True)
    cause = models.TextField(blank=True)
    responsible = models.CharField(max_length=200, blank=True)
    penalty = models.CharField(max_length=200, blank=True)
    persons_told = models.CharField(max_length=200, blank=True)  # how the persons were told, or why not
    prevention = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "breaches"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="breach_closed_with_cause",
                condition=Q(state="OPEN")
                | (Q(closed_at__isnull=False, reported_at__isnull=False) & ~Q(cause="") & ~Q(prevention="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Handover(models.Model):
    """What a person who leaves had in hand went to another, in one action."""

    leaver = models.ForeignKey(Party, models.PROTECT, related_name="+")
    to = models.ForeignKey(Party, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    moved: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)  # count by kind
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(name="handed_over_to_another", condition=~Q(leaver=F("to")))]
