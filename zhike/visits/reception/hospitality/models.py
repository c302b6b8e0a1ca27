"""Table of hospitality (FM002-11): the application, its approval, the settlement."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit


class Hospitality(models.Model):
    """Money to be spent on a customer, applied for by one person."""

    class Kind(models.TextChoices):
        MEAL = "MEAL", _("Meal with customers")
        LODGING = "LODGING", _("Lodging")
        GIFT = "GIFT", _("Gift")
        TOUR = "TOUR", _("Tour")
        TRAVEL = "TRAVEL", _("Travel")
        MEETING = "MEETING", _("Hosted meeting")
        LEADERS = "LEADERS", _("Mutual visit of leaders")
        OTHER = "OTHER", _("Other")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Waiting for approval")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        SETTLED = "SETTLED", pgettext_lazy("of expenses", "Settled")

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    secrecy = models.PositiveSmallIntegerField(default=0)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="hospitality", db_index=False)
    is_key = models.BooleanField(default=False)  # a key customer on that day
    kind = models.CharField(max_length=8, choices=Kind.choices)
    guests = models.PositiveSmallIntegerField()
    guest_names = models.CharField(max_length=400)  # with their positions
    companions = models.PositiveSmallIntegerField(default=0)
    companion_names = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=400)
    place = models.CharField(max_length=200)
    on = models.DateField()
    each = models.DecimalField(max_digits=10, decimal_places=2)  # standard per person
    budget = models.DecimalField(max_digits=12, decimal_places=2)
    after_reason = models.CharField(max_length=400, blank=True)  # why it was applied for afterwards
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    actual_on = models.DateField(null=True, blank=True)
    actual_guests = models.PositiveSmallIntegerField(null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    invoice = models.CharField(max_length=40, blank=True)
    overrun_reason = models.CharField(max_length=400, blank=True)
    result = models.CharField(max_length=400, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["unit", "-on", "-id"], name="hospitality_unit_on"),
            models.Index(fields=["by", "-on"], name="hospitality_by_on"),
            models.Index(fields=["customer", "-on"], name="hospitality_customer"),
        ]
        constraints = [
            models.CheckConstraint(name="hospitality_has_guests", condition=Q(guests__gt=0, budget__gt=0)),
            models.CheckConstraint(
                name="hospitality_settled_with_invoice",
                condition=~Q(state="SETTLED")
                | Q(cost__isnull=False, actual_on__isnull=False) & ~Q(invoice=""),
            ),
            models.CheckConstraint(
                name="hospitality_overrun_with_reason",
                condition=Q(cost=None) | Q(cost__lte=F("budget")) | ~Q(overrun_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"
