"""Credit of customers: surveys with three signatures, ratings with their history, changes, customers at risk."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party
from zhike.kernel.policy.models import Ruling
from zhike.kernel.records.models import Record


class CreditSurvey(models.Model):
    """One survey of a customer's credit; what was filled in is its record FM002-03."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Being filled in")
        REVIEW = "REVIEW", _("With the manager")
        APPROVAL = "APPROVAL", _("With the general manager")
        RATED = "RATED", _("Rated")
        DROPPED = "DROPPED", pgettext_lazy("of a draft", "Dropped")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="credit_surveys")
    record = models.OneToOneField(Record, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)  # of signatures; sending back begins the next
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)  # why dropped

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                name="one_credit_survey_under_way",
                condition=Q(state__in=["DRAFT", "REVIEW", "APPROVAL"]),
            ),
            models.CheckConstraint(
                name="credit_survey_dropped_with_reason", condition=~Q(state="DROPPED") | ~Q(end_reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.record.number}".strip()

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class CreditSignature(models.Model):
    """One of the three signatures (R002-173), or the refusal of one. Nobody signs a round twice."""

    STEPS = {1: _("Interviewer"), 2: _("Manager"), 3: _("General manager")}

    survey = models.ForeignKey(CreditSurvey, models.CASCADE, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    passed = models.BooleanField(default=True)  # False: sent back
    opinion = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "step"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "round", "step"], name="credit_step_signed_once"),
            models.UniqueConstraint(fields=["survey", "round", "by"], name="nobody_signs_credit_twice"),
            models.CheckConstraint(name="three_credit_signatures", condition=Q(step__range=(1, 3))),
            models.CheckConstraint(
                name="credit_sent_back_with_reason", condition=Q(passed=True) | ~Q(opinion="")
            ),
        ]

    @property
    def step_label(self) -> str:
        return str(self.STEPS[self.step])


class CreditRating(models.Model):
    """Grade, score, limit, payment method and guarantee, `[since, until)`. The current one has no end."""

    class Origin(models.TextChoices):
        RULED = "RULED", _("Ruled by the manual")
        DECIDED = "DECIDED", _("Decided by a person")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="credit_ratings")
    survey = models.OneToOneField(CreditSurvey, models.PROTECT, null=True, related_name="rating")
    grade = models.CharField(max_length=40)  # code of 信用等级
    score = models.DecimalField(max_digits=5, decimal_places=2)
    payment = models.CharField(max_length=40)  # code of 付款方式
    sells_on_account = models.BooleanField()  # whether that method is one of credit
    limit = models.DecimalField(max_digits=14, decimal_places=2)  # yuan
    needs_guarantee = models.BooleanField(default=False)
    guarantor = models.CharField(max_length=120, blank=True)
    guarantee_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    guarantee_until = models.DateField(null=True, blank=True)
    points: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(
        default=list
    )  # [row of the manual, points, clause]
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # to be reviewed by this day
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.RULED)
    reason = models.CharField(max_length=400, blank=True)
    remark = models.CharField(max_length=400, blank=True)  # 备注 of the form
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)  # raised by every sale, so that two do not use one rest

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], name="one_current_credit_rating", condition=Q(until=None)
            ),
            models.CheckConstraint(name="credit_limit_not_negative", condition=Q(limit__gte=0)),
            models.CheckConstraint(
                name="credit_decided_with_reason", condition=Q(origin="RULED") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.grade}"

    @property
    def is_guaranteed(self) -> bool:
        return bool(self.guarantor)


class CreditChange(models.Model):
    """A change in the credit of a customer, with its cause; it opens a review (R002-123)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="credit_changes")
    kind = models.CharField(max_length=40)  # code of 信用异动
    seen_on = models.DateField()
    sign = models.TextField()  # what was seen
    cause = models.TextField()
    source = models.CharField(max_length=120, blank=True)
    stops = models.BooleanField(default=False)  # no sales on account until it is reviewed
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    # the review: what came of it, and the new rating if there is one
    result = models.TextField(blank=True)
    rating = models.ForeignKey(CreditRating, models.PROTECT, null=True, related_name="changes")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="credit_change_reviewed_with_result", condition=Q(ended_at=None) | ~Q(result="")
            ),
            models.CheckConstraint(name="credit_change_has_cause", condition=~Q(sign="") & ~Q(cause="")),
        ]

    def __str__(self) -> str:
        return self.sign[:40]


class CreditRisk(models.Model):
    """A line of the list of customers at risk (FM002-29), with the figures of the day on which it was entered."""

    class Kind(models.TextChoices):
        PAYMENT = "PAYMENT", _("Payment delay")
        CHANGE = "CHANGE", _("Credit change")
        DECLINE = "DECLINE", _("Declining business")
        DISPUTE = "DISPUTE", _("Dispute")
        LOSS = "LOSS", _("Loss of the customer")
        OTHER = "OTHER", _("Other")

    class Measure(models.TextChoices):
        LEGAL = "LEGAL", _("Legal action")
        STOP = "STOP", _("Stop credit sales")
        GUARANTEE = "GUARANTEE", _("Guarantee")
        DUN = "DUN", _("Dun")
        VISIT = "VISIT", _("Visit")

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("not done yet", "Open")
        DONE = "DONE", _("Over")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="credit_risks")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    signs = models.TextField()
    outstanding = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    days_overdue = models.PositiveIntegerField(default=0)
    limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    use = models.DecimalField(max_digits=7, decimal_places=4, default=0)  # share of the limit, 1 is all of it
    last_order_on = models.DateField(null=True, blank=True)
    level = models.CharField(max_length=40)  # code of 危险等级
    measure = models.CharField(max_length=10, choices=Measure.choices)
    reason = models.CharField(max_length=200, blank=True)  # for another measure than the manual's
    owner = models.ForeignKey(Party, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    result = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="credit_risk_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"], name="one_open_risk_of_kind", condition=Q(state="OPEN")
            ),
            models.CheckConstraint(
                name="credit_risk_over_with_result",
                condition=Q(state="OPEN", ended_at=None) | (Q(ended_at__isnull=False) & ~Q(result="")),
            ),
            models.CheckConstraint(
                name="credit_risk_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("at")),
            ),
        ]

    def __str__(self) -> str:
        return self.signs[:40]
