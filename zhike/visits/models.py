"""Visits: the plan of a week, a visit step by step, what came of it, and entries made on the road."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Contact, Customer, Interaction, Promise
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.records.models import Attachment
from zhike.people.requests.models import Request


class WeekPlan(models.Model):
    """The visits of one person in one week (R004-09). Visits keep their day; the plan is set and printed ahead."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SET = "SET", _("Plan set")

    manager = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    monday = models.DateField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.DRAFT)
    printed_at = models.DateTimeField(null=True, blank=True)
    set_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-monday", "id"]
        indexes = [models.Index(fields=["unit", "-monday"], name="week_plan_unit")]
        constraints = [models.UniqueConstraint(fields=["manager", "monday"], name="week_planned_once")]

    def __str__(self) -> str:
        return f"{self.manager} {self.monday}"


class Visit(models.Model):
    """One visit of one customer, from the plan to the next date. Sheets and cards are views of it (A002-45)."""

    class Kind(models.TextChoices):
        PLANNED = "PLANNED", _("Planned visit")
        ROUND = "ROUND", _("Unscheduled round")
        FIRST = "FIRST", _("First visit")
        RETURN = "RETURN", _("Return visit")
        POLICY = "POLICY", _("Explanation of policy")

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Planned")
        UNDER_WAY = "UNDER_WAY", _("Visit under way")
        CLOSED = "CLOSED", _("Visit closed")
        MISSED = "MISSED", _("Not made")

    class Channel(models.TextChoices):
        """How large or hard-to-visit customers are reached (R002-117)."""

        SHOP = "SHOP", _("At the customer's")
        ASSOCIATION = "ASSOCIATION", _("Local association")
        FAIR = "FAIR", _("Trade fair")
        LEADERS = "LEADERS", _("Meeting of leaders")

    OPEN = (State.PLANNED, State.UNDER_WAY)

    uid = models.UUIDField(unique=True, default=uuid.uuid4)  # given by the device, or made here
    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="visits", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    secrecy = models.PositiveSmallIntegerField(default=0)  # of the customer
    manager = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    plan = models.ForeignKey(WeekPlan, models.SET_NULL, null=True, blank=True, related_name="visits")
    planned_on = models.DateField()  # of a round: the day on which it was made
    planned_at = models.TimeField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PLANNED)
    channel = models.CharField(max_length=11, choices=Channel.choices, default=Channel.SHOP)
    is_hard = models.BooleanField(default=False)  # hard to visit
    promise = models.ForeignKey(  # whose fulfilment a return visit follows (R002-137)
        Promise, models.SET_NULL, null=True, blank=True, related_name="return_visits"
    )
    purposes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    target = models.CharField(max_length=200, blank=True)
    focus = models.CharField(max_length=400, blank=True)  # key work of this visit
    content = models.CharField(max_length=400, blank=True)  # what to publicise
    policy_read_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=200, blank=True)  # why it was not made
    # {list of the manual: {code: done?}}
    checks: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # {demand: why it could not be met}
    excuses: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    accuracy = models.PositiveIntegerField(null=True, blank=True)  # metres
    place_why = models.CharField(max_length=120, blank=True)  # why there is no position
    clock_off = models.IntegerField(null=True, blank=True)  # seconds that the device's clock was wrong by
    host = models.CharField(max_length=60, blank=True)
    host_position = models.CharField(max_length=60, blank=True)
    host_decides = models.BooleanField(null=True, blank=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    is_absent = models.BooleanField(default=False)  # the customer was out, a card was left (R001-206)
    persons = models.PositiveSmallIntegerField(null=True, blank=True)
    cards = models.PositiveSmallIntegerField(null=True, blank=True)
    no_problem = models.BooleanField(default=False)  # asked, and there was none
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 5
    remark = models.CharField(max_length=400, blank=True)  # the customer's own judgement
    report = models.TextField(blank=True)
    cost = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    signature = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    signer = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    signed_longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    next_at = models.TimeField(null=True, blank=True)
    entered_on = models.DateField(null=True, blank=True)  # the record was completed (R004-26)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    interaction = models.OneToOneField(
        Interaction, models.SET_NULL, null=True, blank=True, related_name="visit"
    )
    version_id = models.BigIntegerField(null=True, blank=True)  # of the regulation under which it was closed
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["planned_on", "order", "id"]
        indexes = [
            models.Index(fields=["unit", "planned_on"], name="visit_unit_on"),
            models.Index(fields=["manager", "planned_on", "order"], name="visit_manager_on"),
            models.Index(fields=["customer", "-planned_on"], name="visit_customer_on"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["manager", "customer", "planned_on"],
                name="visit_open_once_a_day",
                condition=Q(state__in=["PLANNED", "UNDER_WAY"]),
            ),
            models.CheckConstraint(
                name="visit_missed_with_a_reason", condition=~Q(state="MISSED") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="visit_closed_with_next_date",
                condition=~Q(state="CLOSED") | Q(entered_on__isnull=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_left_after_arrival",
                condition=Q(left_at=None) | Q(arrived_at=None) | Q(left_at__gte=F("arrived_at")),
            ),
            models.CheckConstraint(
                name="visit_satisfaction_scale",
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.customer}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def was_entered_late(self) -> bool:
        return self.entered_on is not None and self.entered_on > self.planned_on

    @property
    def minutes(self) -> int | None:
        if self.arrived_at is None or self.left_at is None:
            return None
        return int((self.left_at - self.arrived_at).total_seconds() // 60)


class Finding(models.Model):
    """An answer to one line of a list: market information, what was said, the shop's handbook, first facts."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="findings", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    group = models.CharField(max_length=6)  # key of questions.FINDINGS
    kind = models.CharField(max_length=60)  # code of that list
    text = models.TextField(blank=True)  # empty: asked, nothing new
    area = models.CharField(max_length=60, blank=True)  # region of the customer on that day
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["visit"], name="finding_visit"),
            models.Index(fields=["unit", "group", "kind", "at"], name="finding_unit_kind"),
        ]


class Problem(models.Model):
    """A problem, objection or conflict at the customer, what the regulation says of it, and its answer (T004-03)."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be answered")
        ANSWERED = "ANSWERED", _("Answered")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="problems")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    text = models.TextField()
    proposal = models.CharField(max_length=400, blank=True)  # the solution that the visitor proposes
    in_authority = models.BooleanField()
    at_once = models.BooleanField()
    urgent = models.BooleanField(default=False)
    needs_others = models.BooleanField(default=False)
    actions: models.JSONField[list[str], list[str]] = models.JSONField(default=list)  # codes, by ruling
    clause = models.CharField(max_length=60, blank=True)
    reply_by = models.DateTimeField(null=True, blank=True)
    promise = models.ForeignKey(Promise, models.SET_NULL, null=True, blank=True, related_name="problems")
    request = models.ForeignKey(  # to other departments, or the leader
        Request, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)  # to the leader (R004-27)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["unit", "-at"], name="problem_unit_at")]
        constraints = [
            models.CheckConstraint(
                name="problem_answered_or_promised",
                condition=Q(state="ANSWERED", answered_at__isnull=False) & ~Q(answer="")
                | Q(state="OPEN", reply_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Given(models.Model):
    """What was told or handed over: information, topics, items, gifts, a policy explained; and how it was taken."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="given")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    group = models.CharField(max_length=6)  # key of questions.GIVEN
    topic = models.CharField(max_length=60)  # code of that list
    item = models.ForeignKey(  # the information item that was told
        "manuals.Information", models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.CharField(max_length=400, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    value = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # of a gift
    accepted = models.BooleanField(null=True, blank=True)
    objection = models.CharField(max_length=400, blank=True)
    handling = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["unit", "group", "at"], name="given_unit_group")]
        constraints = [
            models.CheckConstraint(
                name="given_refused_with_an_objection", condition=~Q(accepted=False) | ~Q(objection="")
            ),
        ]


class Guidance(models.Model):
    """One aspect looked at with the customer: what was found and why, advice, praise, what was shown."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="guidance")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    aspect = models.CharField(max_length=60)
    is_fine = models.BooleanField(default=False)
    finding = models.CharField(max_length=400, blank=True)
    cause = models.CharField(max_length=400, blank=True)
    text = models.CharField(max_length=400, blank=True)  # advice, ideas, methods
    praise = models.CharField(max_length=200, blank=True)
    demonstration = models.CharField(max_length=60, blank=True)  # code of the items that are shown in person
    minutes = models.PositiveSmallIntegerField(default=0)
    effect = models.CharField(max_length=400, blank=True)  # seen at a later visit
    effect_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "guidance"
        indexes = [models.Index(fields=["unit", "aspect", "at"], name="guidance_unit_aspect")]


class VisitPhoto(models.Model):
    """A photo of the visit; its bytes are an attachment of the visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    kind = models.CharField(max_length=60)
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)

    class Meta:
        ordering = ["taken_at", "id"]


class SyncEntry(models.Model):
    """What a device sent, once for each of its own keys, and what became of it. Nothing that was sent is dropped."""

    class Outcome(models.TextChoices):
        KEPT = "KEPT", _("Taken over")
        CONFLICT = "CONFLICT", _("Conflict")
        REFUSED = "REFUSED", _("Refused")

    uid = models.UUIDField(primary_key=True)
    visit_uid = models.UUIDField()
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, blank=True, related_name="entries")
    kind = models.CharField(max_length=20)
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    device = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()  # by the clock of the device
    offset = models.IntegerField(null=True, blank=True)  # seconds to add, as far as the device knew
    moment = models.DateTimeField()  # as it is taken to be
    received_at = models.DateTimeField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    sentence = models.CharField(max_length=400, blank=True)
    here: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    settlement = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["moment", "uid"]
        indexes = [
            models.Index(fields=["visit_uid"], name="entry_visit_uid"),
            models.Index(
                fields=["by"], name="entry_unsettled", condition=~Q(outcome="KEPT") & Q(settled_at=None)
            ),
        ]


from .planning.models import Routes as Routes  # noqa: E402
from .planning.models import Workday as Workday  # noqa: E402
from .reception.hospitality.models import Hospitality as Hospitality  # noqa: E402
from .reception.models import LockerUse as LockerUse  # noqa: E402
from .reception.models import Reception as Reception  # noqa: E402
