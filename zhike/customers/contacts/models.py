"""What was said between the house and a customer, and what was promised. Written by all trades."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.dossier.models import Contact
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit


class Interaction(models.Model):
    """One contact with a customer, whoever began it (F000-07, FM002-09)."""

    class Way(models.TextChoices):
        PHONE = "PHONE", _("Telephone")
        VISIT = "VISIT", _("Visit")
        MESSAGE = "MESSAGE", _("Message")
        EMAIL = "EMAIL", _("E-mail")
        LETTER = "LETTER", _("Letter")
        EVENT = "EVENT", _("Event")
        COUNTER = "COUNTER", _("At the counter")
        ONLINE = "ONLINE", _("Online")

    class Content(models.TextChoices):
        """What it brings the customer (R003-23); service matters may always be spoken of."""

        SERVICE = "SERVICE", _("Service matter")
        ADVICE = "ADVICE", _("Individual advice")
        NEWS = "NEWS", _("News of the trade")
        INVITATION = "INVITATION", _("Invitation")
        GREETING = "GREETING", _("Greeting")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="interactions")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="interactions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way.choices)
    is_incoming = models.BooleanField(default=False)
    content_kind = models.CharField(max_length=10, choices=Content.choices, default=Content.SERVICE)
    place = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=120, blank=True)
    content = models.TextField(blank=True)
    feedback = models.TextField(blank=True)  # what the customer said to it
    result = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True, blank=True)
    # what asked for it: a duty, and the row of a trade that has more to say of it
    duty_id = models.BigIntegerField(null=True, blank=True)
    subject_label = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    remark = models.CharField(max_length=200, blank=True)  # of a colleague or superior (R002-076)
    remark_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    remark_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-at"], name="interaction_customer_at"),
            models.Index(fields=["unit", "-at"], name="interaction_unit_at"),
            models.Index(fields=["by", "-at"], name="interaction_by_at"),
        ]

    def __str__(self) -> str:
        return self.purpose or str(self.get_way_display())


class Promise(models.Model):
    """Something promised to a customer: never without a keeper and a date (R001-067)."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be kept")
        KEPT = "KEPT", pgettext_lazy("of a promise", "Kept")
        BROKEN = "BROKEN", _("Not kept")
        RELEASED = "RELEASED", _("Released by the customer")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="promises")
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, null=True, blank=True, related_name="promises"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.CharField(max_length=400)
    holder = models.CharField(
        max_length=120, blank=True
    )  # the customer's customer to whom our customer promised
    depends_on = models.CharField(
        max_length=200, blank=True
    )  # product or service that must be ready (R000-24)
    ready_on = models.DateField(null=True, blank=True)
    keeper = models.ForeignKey(Party, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["keeper", "due_at"], name="promise_keeper", condition=Q(state="OPEN")),
            models.Index(fields=["unit", "due_at"], name="promise_unit", condition=Q(state="OPEN")),
        ]
        constraints = [
            models.CheckConstraint(
                name="promise_ends_at_a_moment",
                condition=Q(state="OPEN", ended_at=None) | (~Q(state="OPEN") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]
