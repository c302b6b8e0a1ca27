"""Grumbles: what a customer is unhappy with, before it becomes a complaint (S001-051)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit


class Grumble(models.Model):
    """One grumble (F001-38): said where, to whom, what was done, and whether it became a complaint."""

    class Source(models.TextChoices):
        COUNTER = "COUNTER", _("Counter")
        PHONE = "PHONE", _("Phone")
        VISIT = "VISIT", _("Visit")
        FOLLOW_UP = "FOLLOW_UP", _("Follow-up contact")
        SURVEY = "SURVEY", _("Survey")
        SOCIAL = "SOCIAL", _("Social media")
        STAFF = "STAFF", _("Heard by staff")
        OTHER = "OTHER", _("Other way")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Not settled yet")
        SETTLED = "SETTLED", _("Settled")
        COMPLAINT = "COMPLAINT", _("Became a complaint")

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    secrecy = models.PositiveSmallIntegerField(default=0)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="grumbles", db_index=False
    )
    source = models.CharField(max_length=10, choices=Source.choices)
    text = models.TextField()  # in the customer's words
    item = models.CharField(max_length=40, blank=True)  # code of 投诉项目, if it is clear
    action = models.TextField(blank=True)  # what was done
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")  # who heard it
    at = models.DateTimeField()
    again_on = models.DateField(
        null=True, blank=True
    )  # the customer is contacted again by the end of this day
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    settled_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    complaint = models.OneToOneField(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="grumble"
    )
    request_key = models.CharField(max_length=80, null=True, blank=True, unique=True)  # idempotency

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-at", "-id", "secrecy", "by"], name="grumble_unit_at"),
            models.Index(fields=["-at", "-id", "unit", "secrecy", "by"], name="grumble_at"),
            models.Index(fields=["customer", "-at"], name="grumble_customer"),
        ]
        constraints = [
            models.CheckConstraint(name="grumble_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="grumble_complaint_if_it_became_one",
                condition=Q(state="COMPLAINT", complaint__isnull=False)
                | (~Q(state="COMPLAINT") & Q(complaint=None)),
            ),
            models.CheckConstraint(
                name="grumble_settled_by_an_action", condition=~Q(state="SETTLED") | ~Q(action="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def title(self) -> str:
        """The first words."""
        line = " ".join(self.text.split())
        return line if len(line) <= 40 else f"{line[:39]}…"
