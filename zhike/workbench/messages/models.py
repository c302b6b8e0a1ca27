"""Messages of customers that are answered in time (F004-09)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Customer, Interaction
from zhike.kernel.parties.models import Party, Unit

PREFIX = "LY-"


class CustomerMessage(models.Model):
    """One message or interaction item of a customer; message and reply stand in the customer's history too."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be answered")
        ANSWERED = "ANSWERED", _("Answered")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    interaction = models.OneToOneField(Interaction, models.PROTECT, related_name="+")
    text = models.TextField()
    email = models.EmailField(blank=True)  # given with the message, so that the answer comes there too
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reply = models.TextField(blank=True)  # the last one; what was said before stands in the history
    replied_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["unit", "-at"], name="message_unit")]
        constraints = [
            models.CheckConstraint(
                name="message_answered_with_words", condition=Q(state="OPEN") | ~Q(reply="")
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def number(self) -> str:
        """By which customer and staff speak of it, and by which a subject line names it."""
        return f"{PREFIX}{self.pk:06}"
