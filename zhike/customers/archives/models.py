"""Archives of customers: files with their contents, loans, the yearly check, destruction."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit


class Archive(models.Model):
    """One file (卷) of a customer under its own number."""

    class Medium(models.TextChoices):
        PAPER = "PAPER", _("Paper")
        ELECTRONIC = "ELECTRONIC", _("Electronic")
        BOTH = "BOTH", _("Paper and electronic")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Being added to")
        CLOSED = "CLOSED", _("Closed, kept")
        MISSING = "MISSING", _("Missing")
        DESTROYED = "DESTROYED", _("Destroyed")

    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="archives")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)  # code of 档案类别
    title = models.CharField(max_length=120)
    medium = models.CharField(max_length=10, choices=Medium.choices, default=Medium.PAPER)
    place = models.CharField(max_length=120)  # room, cupboard, shelf; or where the electronic part lies
    keeper = models.ForeignKey(Party, models.PROTECT, related_name="+")
    secrecy = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    keep = models.CharField(max_length=40, blank=True)  # how long after closing, as the manual says
    clause = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["unit", "state", "keep_until"], name="archive_unit_state")]
        constraints = [
            models.CheckConstraint(
                name="archive_closed_has_end",
                condition=Q(state="OPEN") | Q(keep_until__isnull=False) | Q(state="MISSING"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def keep_time(self) -> str:
        """How long it is kept after it was closed: 3年."""
        return self.keep.removesuffix("内")

    def is_over(self, today: dt.date) -> bool:
        """Its time of keeping has run out."""
        return self.keep_until is not None and self.keep_until < today


class ArchiveItem(models.Model):
    """A line of the list of contents: announced when it came about, filed within the limit."""

    archive = models.ForeignKey(Archive, models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    pages = models.PositiveSmallIntegerField(default=1)
    medium = models.CharField(max_length=10, choices=Archive.Medium.choices, default=Archive.Medium.PAPER)
    arose_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["archive", "place"], name="archive_item_place")]

    def __str__(self) -> str:
        return self.title


class Loan(models.Model):
    """A file asked for, lent and given back. Nobody approves their own loan."""

    class State(models.TextChoices):
        ASKED = "ASKED", _("Waiting for approval")
        LENT = "LENT", _("Lent")
        REFUSED = "REFUSED", _("Refused")
        RETURNED = "RETURNED", pgettext_lazy("of a loan", "Returned")

    archive = models.ForeignKey(Archive, models.PROTECT, related_name="loans")
    borrower = models.ForeignKey(Party, models.PROTECT, related_name="archive_loans")
    purpose = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    days = models.CharField(max_length=40, blank=True)  # for how long, as the manual says
    approver_post = models.CharField(max_length=60, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_to = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    condition = models.CharField(max_length=200, blank=True)  # in which it came back

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["archive"], name="archive_lent_once", condition=Q(state="LENT")),
            models.CheckConstraint(
                name="nobody_approves_own_loan", condition=Q(decided_by=None) | ~Q(decided_by=F("borrower"))
            ),
            models.CheckConstraint(
                name="loan_has_day_of_return", condition=~Q(state="LENT") | Q(due_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.archive} · {self.borrower}"


class ArchiveCheck(models.Model):
    """The yearly check of the archives of a unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], name="one_archive_check_under_way", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.begun_at:%Y}"


class CheckLine(models.Model):
    """What the check found of one file."""

    class Result(models.TextChoices):
        THERE = "THERE", _("In its place")
        LENT = "LENT", _("Lent")
        MISSING = "MISSING", _("Missing")

    check_of = models.ForeignKey(ArchiveCheck, models.CASCADE, related_name="lines")
    archive = models.ForeignKey(Archive, models.PROTECT, related_name="checks")
    result = models.CharField(max_length=8, choices=Result.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["archive__number"]
        constraints = [models.UniqueConstraint(fields=["check_of", "archive"], name="archive_checked_once")]


class Destruction(models.Model):
    """A list of files to be destroyed, signed by two persons besides who proposed it."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Waiting for the first signature")
        SIGNED = "SIGNED", _("Waiting for the second signature")
        DONE = "DONE", _("Destroyed")
        REFUSED = "REFUSED", _("Refused")

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    archives = models.ManyToManyField(Archive, related_name="destructions")
    reason = models.CharField(max_length=200)
    way = models.CharField(max_length=120)  # shredded, burnt, wiped
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    first_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="destruction_two_persons",
                condition=Q(second_by=None) | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by"))),
            ),
            models.CheckConstraint(
                name="destruction_not_by_proposer",
                condition=(Q(first_by=None) | ~Q(first_by=F("by")))
                & (Q(second_by=None) | ~Q(second_by=F("by"))),
            ),
            models.CheckConstraint(
                name="destroyed_with_two_signatures",
                condition=~Q(state="DONE") | Q(first_by__isnull=False, second_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number
