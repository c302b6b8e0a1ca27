"""Tracking: contact plans, journals, service plans, key moments, signs and measures, roles, activities."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer, Interaction
from zhike.kernel.parties.models import Party, Unit


class Plan(models.Model):
    """The upkeep of one customer. Person and area stand on the customer, place and time here (R000-11).

    What falls due next are duties about the plan; the days beside are copies for sorting and lists.
    """

    class Journal(models.TextChoices):
        DAY = "DAY", _("Day journal")
        WEEK = "WEEK", _("Week journal")
        HALF_MONTH = "HALF_MONTH", _("Half-month journal")
        MONTH = "MONTH", _("Month journal")
        YEAR = "YEAR", _("Year journal")

    class Risk(models.TextChoices):
        HIGH = "HIGH", _("High risk of leaving")
        MIDDLE = "MIDDLE", _("Middle risk of leaving")
        LOW = "LOW", _("Low risk of leaving")

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="contact_plan")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=120, blank=True)  # 定点
    suits = models.CharField(max_length=60, blank=True)  # 定时, in words: Wednesday afternoon
    journal = models.CharField(max_length=10, choices=Journal.choices, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)  # of the journal; empty while the plan rests
    origin = models.CharField(max_length=120, blank=True)  # the deal after which it was opened (R000-32)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    resting = models.CharField(max_length=200, blank=True)  # why nobody is to contact the customer now
    silence = models.CharField(max_length=200, blank=True)  # why a contact that is owed was not made
    silence_at = models.DateTimeField(null=True, blank=True)
    silence_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    risk = models.CharField(max_length=6, choices=Risk.choices, blank=True)
    risk_why = models.CharField(max_length=200, blank=True)
    risk_measure = models.CharField(max_length=200, blank=True)
    risk_clause = models.CharField(max_length=40, blank=True)
    risk_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "next_at"], name="plan_unit_next"),
            models.Index(fields=["risk", "unit"], name="plan_risk", condition=~Q(risk="")),
        ]

    def __str__(self) -> str:
        return str(self.customer)


class JournalEntry(models.Model):
    """What a contact meant for the relation: never without a decision on the grade (R001-133)."""

    interaction = models.OneToOneField(
        Interaction, models.CASCADE, primary_key=True, related_name="journal_entry"
    )
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="entries", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    journal = models.CharField(max_length=10, choices=Plan.Journal.choices)
    due_at = models.DateTimeField(null=True, blank=True)  # of the duty that it discharged
    grade_before = models.CharField(max_length=60, blank=True)
    grade_after = models.CharField(max_length=60)
    progress = models.TextField(blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_at = models.DateTimeField()  # at the cadence of the new grade
    next_journal = models.CharField(max_length=10, choices=Plan.Journal.choices)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["unit", "-at"], name="entry_unit_at"),
            models.Index(fields=["plan", "-at"], name="entry_plan_at"),
        ]
        constraints = [
            models.CheckConstraint(name="entry_has_a_grade", condition=~Q(grade_after="")),
        ]

    @property
    def was_late(self) -> bool:
        return self.due_at is not None and self.at > self.due_at


class ServicePlan(models.Model):
    """The individual service of one customer: strategy and the measures chosen (R002-079, R002-103)."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="service_plan")
    strategy = models.TextField()
    measures: models.JSONField[list[str], list[str]] = models.JSONField(default=list)  # codes of 客情措施
    valid_to = models.DateField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")


class Observation(models.Model):
    """What changed at a customer, a difficulty, a sign of leaving; and what was done about it."""

    class Kind(models.TextChoices):
        CHANGE = "CHANGE", _("Change at the customer")
        NEED = "NEED", _("Change in needs")
        DIFFICULTY = "DIFFICULTY", _("Difficulty of the customer")
        CHURN = "CHURN", _("Sign of leaving")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Not settled yet")
        CLOSED = "CLOSED", pgettext_lazy("of a need", "Closed")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="observations", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, null=True, blank=True, related_name="observations"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sign = models.CharField(max_length=60, blank=True)  # code of 流失迹象
    text = models.TextField()
    measure = models.CharField(max_length=400, blank=True)  # what is done about it, the help given
    result = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-at"], name="observation_customer"),
            models.Index(fields=["unit", "kind", "-at"], name="observation_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="observation_closed_with_a_result", condition=Q(state="OPEN") | ~Q(result="")
            ),
        ]


class Moment(models.Model):
    """A contact at a key moment (F003-07): before, during and after service, festivals, anniversaries."""

    class Kind(models.TextChoices):
        BEFORE = "BEFORE", _("Before service: confirm the need")
        DURING = "DURING", _("During service: tell the progress")
        AFTER = "AFTER", _("After service: satisfaction call-back")
        FESTIVAL = "FESTIVAL", _("Festival greeting")
        ANNIVERSARY = "ANNIVERSARY", _("Anniversary greeting")
        DEAL = "DEAL", _("After a deal: build the relation")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Still to do")
        DONE = "DONE", _("Done")
        LEFT_OUT = "LEFT_OUT", _("Left out")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="moments", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    occasion = models.CharField(max_length=120)
    key = models.CharField(max_length=80)  # such as FESTIVAL:MID_AUTUMN:2026; once for each customer
    on = models.DateField()  # the day itself
    due_at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Interaction.Way.choices)
    content_kind = models.CharField(max_length=10, blank=True)
    template = models.TextField(blank=True)
    clause = models.CharField(max_length=40, blank=True)
    subject_label = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, null=True, blank=True, related_name="moments"
    )
    reply = models.CharField(max_length=400, blank=True)
    why = models.CharField(max_length=200, blank=True)  # it was left out

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["unit", "due_at"], name="moment_unit_due")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "key"], name="moment_once"),
            models.CheckConstraint(
                name="moment_left_out_with_a_reason", condition=~Q(state="LEFT_OUT") | ~Q(why="")
            ),
        ]

    def __str__(self) -> str:
        return self.occasion


class RoleEvidence(models.Model):
    """What shows that customer and company play their parts for each other (T000-05)."""

    class Role(models.TextChoices):
        EXAMINER = "EXAMINER", _("Chief examiner")
        JUDGE = "JUDGE", _("Overall judge of quality")
        PROMOTER = "PROMOTER", _("Promoter of later products")
        PUBLICIST = "PUBLICIST", _("Publicist of the image")
        BACKUP = "BACKUP", _("Backup, real-time guarantee")
        SUPPORT = "SUPPORT", _("Technical support")
        GUIDE = "GUIDE", _("Guide and driver of innovation")
        DRIVER = "DRIVER", _("Driver of healthy competition")

    OF_CUSTOMER = ("EXAMINER", "JUDGE", "PROMOTER", "PUBLICIST")
    OF_COMPANY = ("BACKUP", "SUPPORT", "GUIDE", "DRIVER")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=9, choices=Role.choices)
    on = models.DateField()
    text = models.CharField(max_length=400)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-id"]

    @property
    def is_ours(self) -> bool:
        """What the company does for the customer."""
        return self.role in self.OF_COMPANY


class Activity(models.Model):
    """A relation activity under one of the eight strategies: plan, approval, cost and effect (F000-15)."""

    class Kind(models.TextChoices):
        MATCH = "MATCH", _("Match")
        SHOW = "SHOW", _("Performance")
        MEAL = "MEAL", _("Meal")
        LEADERS = "LEADERS", _("Leaders' visit")
        WORKS = "WORKS", _("Works tour")
        TRAVEL = "TRAVEL", _("Travel")
        MEETING = "MEETING", _("Meeting")
        GIFT = "GIFT", _("Gift")
        TRIAL = "TRIAL", _("Trial of a product")

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Waiting for approval")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")
        HELD = "HELD", _("Took place")
        DROPPED = "DROPPED", _("Called off")

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=120)
    strategy = models.PositiveSmallIntegerField()  # place 1 to 8 of the catalogue (T000-01)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    customers: models.ManyToManyField[Customer, Customer] = models.ManyToManyField(
        Customer, related_name="activities", blank=True
    )
    participants = models.TextField(blank=True)  # of our side and others, in words
    heads = models.PositiveSmallIntegerField(null=True, blank=True)  # who came, once it was held
    budget = models.DecimalField(max_digits=12, decimal_places=2)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    effect = models.TextField(blank=True)
    feedback = models.TextField(blank=True)
    introductions = models.PositiveSmallIntegerField(default=0)
    business = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # won by them
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    opinion = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["unit", "-on"], name="activity_unit_on")]
        constraints = [
            models.CheckConstraint(
                name="activity_one_of_eight_strategies", condition=Q(strategy__range=(1, 8))
            ),
            models.CheckConstraint(
                name="activity_four_eyes", condition=Q(decided_by=None) | ~Q(decided_by=F("by"))
            ),
            models.CheckConstraint(
                name="activity_held_with_cost_and_effect",
                condition=~Q(state="HELD") | (Q(cost__isnull=False) & ~Q(effect="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
