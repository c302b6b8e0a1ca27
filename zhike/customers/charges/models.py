"""What tenants owe by their lease and not by an order, such as rent (R000-08, R000-14)."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.customers.grading.models import Sale
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.models import Ruling


class Charge(models.Model):
    """A bill: a line of the ledger of sales with the period that it is for.

    Amount, due day and what came in stand on the line, so that the tenant's value, credit and risk count it.
    """

    sale = models.OneToOneField(Sale, models.CASCADE, related_name="charge")
    kind = models.CharField(max_length=40)  # code of 收费项目
    period_from = models.DateField()
    period_to = models.DateField()  # excluded
    settled_on = models.DateField(
        null=True, blank=True
    )  # the day on which the last of it was paid or remitted
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-sale__due_on", "-id"]
        constraints = [
            models.CheckConstraint(name="charge_period_has_days", condition=Q(period_to__gt=F("period_from")))
        ]

    def __str__(self) -> str:
        return f"{self.sale.number} {self.sale.product}"

    @property
    def owed(self) -> Decimal:
        return self.sale.amount - self.sale.discount - self.sale.collected

    @property
    def last_day(self) -> dt.date:
        return self.period_to - dt.timedelta(days=1)

    def days_overdue(self, today: dt.date) -> int:
        """How late it is, or was when it was settled."""
        assert self.sale.due_on is not None
        return max(0, ((self.settled_on or today) - self.sale.due_on).days)

    def late_fee(self, today: dt.date) -> Decimal:
        """By the day on what was open after the due day, at the rate of the ruling; what was remitted bears none."""
        assert self.sale.due_on is not None
        rate = Decimal(str((self.ruling.outcome.get("late_rate") if self.ruling else None) or 0))
        open_, since, fee = self.sale.amount - self.sale.discount, self.sale.due_on, Decimal(0)
        paid = [step for step in self.steps.all() if step.kind == ChargeStep.Kind.PAID]
        for step in sorted(paid, key=lambda step: step.on):
            day = max(step.on, since)
            fee, open_, since = fee + open_ * (day - since).days, open_ - (step.amount or 0), day
        fee += open_ * max(0, (today - since).days)
        return (fee * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


class ChargeStep(models.Model):
    """What happened to a bill: something came in, the tenant was reminded, something was remitted."""

    class Kind(models.TextChoices):
        PAID = "PAID", _("Payment")
        REMINDED = "REMINDED", _("Reminder")
        REMITTED = "REMITTED", _("Remission")

    charge = models.ForeignKey(Charge, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=400, blank=True)  # what was said, or why it was remitted
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="charge_step_says_how_much", condition=Q(kind="REMINDED", amount=None) | Q(amount__gt=0)
            ),
            models.CheckConstraint(name="charge_step_says_why", condition=Q(kind="PAID") | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
