"""Where a customer stands: one value in each dimension that the manuals rule on, with its history, and the facts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit


class Profile(models.Model):
    """The figures and facts by which a customer is classified. Plain columns, so that one statement grades all.

    Money is yuan. What orders and contacts add up to is kept here by who writes them; a job counts it again.
    """

    class NeedState(models.TextChoices):
        CLEAR = "CLEAR", _("Clear need")
        LATENT = "LATENT", _("Latent need")
        NONE = "NONE", _("No need or no chance")

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="profile")
    need = models.CharField(max_length=8, choices=NeedState.choices, blank=True)
    deal_expected_on = models.DateField(null=True, blank=True)
    possible_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    is_negotiating = models.BooleanField(default=False)
    is_regular = models.BooleanField(default=True)  # trades by the rules (R004-04)
    environment = models.CharField(max_length=40, blank=True)  # of trading (R004-03)
    size = models.CharField(max_length=40, blank=True)
    area = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # square metres
    monthly_rent = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # value: the last twelve months, all time, what is expected, and who came through them
    spend = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    orders = models.PositiveIntegerField(default=0)
    total_spend = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total_orders = models.PositiveIntegerField(default=0)
    first_order_on = models.DateField(null=True, blank=True)
    last_order_on = models.DateField(null=True, blank=True)
    silent_days = models.PositiveIntegerField(null=True, blank=True)  # since the last order, on `valued_on`
    alive = models.DecimalField(
        max_digits=4, decimal_places=3, null=True, blank=True
    )  # chance of buying again
    valued_on = models.DateField(null=True, blank=True)  # when the figures were last counted
    expected_spend = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    referrals = models.PositiveIntegerField(default=0)
    referred_spend = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    score = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True
    )  # newest evaluation, 0 to 100
    satisfaction = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # 0 to 100
    complaints = models.PositiveIntegerField(default=0)  # of the last twelve months
    last_contact_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.customer)


class Grade(models.Model):
    """One value of a customer in one dimension, `[since, until)`. The current one has no end."""

    class Origin(models.TextChoices):
        RULED = "RULED", _("Ruled by the manual")
        CONFIRMED = "CONFIRMED", _("Confirmed by a person")
        DECIDED = "DECIDED", _("Decided by a person")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="grades", db_index=False)
    dimension = models.CharField(max_length=40)  # code of a `grading.dimensions.Dimension`
    value = models.CharField(max_length=60)  # code of a word of the manual
    origin = models.CharField(max_length=9, choices=Origin.choices, default=Origin.RULED)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # has to be looked at again by this day
    clause = models.CharField(max_length=40, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)  # of the manual
    row = models.PositiveIntegerField(null=True, blank=True)  # of its table
    ruling_id = models.BigIntegerField(null=True, blank=True)  # where one was stored
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    approved_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        ordering = ["-since", "-id"]
        indexes = [
            models.Index(
                fields=["dimension", "value", "customer"], name="grade_value", condition=Q(until=None)
            ),
            models.Index(fields=["customer", "dimension", "since"], name="grade_history"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "dimension"], name="one_current_grade", condition=Q(until=None)
            ),
            models.CheckConstraint(
                name="grade_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Proposal(models.Model):
    """A value that somebody proposes and somebody else approves (FM002-07)."""

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("not done yet", "Open")
        APPROVED = "APPROVED", _("Approved")
        REFUSED = "REFUSED", _("Refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="proposals")
    dimension = models.CharField(max_length=40)
    before = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=60)
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    opinion = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "dimension"], name="one_open_proposal", condition=Q(state="OPEN")
            ),
            models.CheckConstraint(
                name="proposal_four_eyes",
                condition=Q(decided_by=None) | Q(state="WITHDRAWN") | ~Q(decided_by=F("by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.value}"


class Sale(models.Model):
    """One line of the ledger of orders, as far as customers are valued by it (FM002-27). Money is yuan."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="sales", db_index=False)
    on = models.DateField()
    number = models.CharField(max_length=40, blank=True)
    product = models.CharField(max_length=80)
    model = models.CharField(max_length=60, blank=True)
    ordered = models.DecimalField(max_digits=12, decimal_places=2, default=1)
    delivered = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    returned = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    discount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    collected = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # when a sale on credit has to be paid
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["customer", "on"], name="sale_customer_on"),
            models.Index(fields=["on"], name="sale_on"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "number", "product", "model"],
                name="sale_line_once",
                condition=~Q(number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.product}"


class Evaluation(models.Model):
    """The monthly scoring of one customer against the standard of the manual (F004-10). Open until it has a moment."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="evaluations", db_index=False)
    month = models.DateField()  # its first day
    due_on = models.DateField()  # the Thursday of its week: before each Friday (A004-01)
    scores: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict, blank=True)
    weights: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    proposed = models.CharField(max_length=60, blank=True)  # class that follows, where it differs
    note = models.CharField(max_length=400, blank=True)
    version_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-month", "customer"]
        indexes = [models.Index(fields=["due_on"], name="evaluation_open", condition=Q(at=None))]
        constraints = [
            models.UniqueConstraint(fields=["customer", "month"], name="evaluated_once_a_month"),
            models.CheckConstraint(
                name="evaluation_total", condition=Q(total=None) | Q(total__range=(0, 100))
            ),
            models.CheckConstraint(
                name="evaluation_done_has_total", condition=Q(at=None) | Q(total__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.month:%Y-%m}"


class Persona(models.Model):
    """A picture of an important group or of a typical customer (F003-04). A new version ends the one before."""

    segment = models.CharField(max_length=60, blank=True)  # code of a word of the manual
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="personas")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    pains = models.TextField()
    expectations = models.TextField()
    factors = models.TextField()  # by which they decide
    interaction = models.TextField()  # how they like to be spoken to
    story = models.TextField(blank=True)
    sample = models.PositiveIntegerField(default=0)  # on how many customers it rests
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "version"], name="persona_version_once"),
            models.UniqueConstraint(
                fields=["unit", "name"], name="one_current_persona", condition=Q(until=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SegmentPlan(models.Model):
    """What is done for a segment in a period, by whom, with what result (F003-05)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    segment = models.CharField(max_length=60)
    begins_on = models.DateField()
    ends_on = models.DateField()
    strategy = models.TextField()
    content = models.TextField()
    priority = models.PositiveSmallIntegerField()  # of resources, 1 first
    owner = models.ForeignKey(Party, models.PROTECT, related_name="+")
    target = models.CharField(max_length=200)
    result = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-begins_on", "priority"]
        constraints = [
            models.CheckConstraint(name="segment_plan_has_days", condition=Q(ends_on__gte=F("begins_on"))),
            models.CheckConstraint(name="segment_plan_priority", condition=Q(priority__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.begins_on}"


class Run(models.Model):
    """A job over many customers: how far it is and what came of it."""

    class Kind(models.TextChoices):
        REGRADE = "REGRADE", _("Grading all customers")
        VALUE = "VALUE", _("Counting the value of customers")

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    dimension = models.CharField(max_length=40, blank=True)  # empty: every one that a manual rules on
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    result: models.JSONField[dict[str, object], dict[str, object]] = models.JSONField(
        default=dict, blank=True
    )
    error = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}
