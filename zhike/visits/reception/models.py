"""Tables of reception: the log of letters, calls and visits, and the lockers that visitors use."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit


class Reception(models.Model):
    """Somebody came, wrote or called (F001-70). Each step of the standard keeps the moment at which it was done."""

    class Kind(models.TextChoices):
        VISIT = "VISIT", pgettext_lazy("reception", "Visit")
        LETTER = "LETTER", pgettext_lazy("reception", "Letter")
        CALL = "CALL", pgettext_lazy("reception", "Call")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Under way")
        DONE = "DONE", _("Answered")

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.VISIT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    secrecy = models.PositiveSmallIntegerField(default=0)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="receptions", db_index=False
    )
    is_key = models.BooleanField(default=False)  # a key customer on that day
    name = models.CharField(max_length=120)  # who came, wrote or called
    company = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=60, blank=True)  # how they came to know the house
    matter = models.TextField(blank=True)  # what the letter or call says
    arrived_at = models.DateTimeField()  # or received
    greet_by = models.DateTimeField(null=True, blank=True)
    greeted_at = models.DateTimeField(null=True, blank=True)
    greeted_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    watered_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    purpose = models.CharField(max_length=400, blank=True)
    passed_to = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reminded_at = models.DateTimeField(null=True, blank=True)  # of the locker
    receiver = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    assigned_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # the receiver's name
    entered_at = models.DateTimeField(null=True, blank=True)  # the showroom
    reply_by = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)  # or what came of the visit
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["-arrived_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "-arrived_at", "-id"], name="reception_unit_at"),
            models.Index(fields=["customer", "-arrived_at"], name="reception_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="reception_done_with_an_answer",
                condition=Q(state="OPEN", ended_at=None)
                | Q(state="DONE", ended_at__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="reception_registered_before_the_showroom",
                condition=Q(entered_at=None) | Q(registered_at__lte=F("entered_at")),
            ),
            models.CheckConstraint(
                name="reception_steps_of_visits_only",
                condition=Q(kind="VISIT")
                | Q(greeted_at=None, watered_at=None, reminded_at=None, entered_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class LockerUse(models.Model):
    """A locker (货物存放箱) lent to a visitor with its key (F001-71)."""

    reception = models.ForeignKey(Reception, models.CASCADE, related_name="lockers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    locker = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_to = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "locker"], condition=Q(returned_at=None), name="locker_lent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.locker}"
