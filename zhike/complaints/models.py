"""Complaints: the case, what was written in each step, what was said, and findings about staff."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_DOWN, Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import NAMED_ONLY
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures.models import Approval, StagedCase

from .grumbles.models import Grumble as Grumble  # a table of this app, declared in its own folder

# What a data scope asks of a row. Lists walk along a date and count up to ten thousand: with these columns in the
# index they need not fetch the wide rows that the person may not see.
_SCOPE = ["unit", "secrecy", "handler", "taker", "accused"]
_CLOSED = Q(closed_at__isnull=False, voided_at=None, joined_to=None)


class Complaint(StagedCase):
    """One complaint, whatever its channel. Words of the manual are stored by their code."""

    class Channel(models.TextChoices):
        COUNTER = "COUNTER", _("Counter")
        PHONE = "PHONE", _("Phone")
        LETTER = "LETTER", _("Letter")
        FAX = "FAX", _("Fax")
        EMAIL = "EMAIL", _("E-mail")
        MEDIA = "MEDIA", _("Media")
        WORD = "WORD", _("Word of mouth")
        OTHER = "OTHER", _("Other way")
        PORTAL = "PORTAL", _("Portal")
        API = "API", _("API")
        FILE = "FILE", _("File")

    class Origin(models.TextChoices):
        TENANT = "TENANT", _("Tenant")
        THEIRS = "THEIRS", _("Customer of a tenant")

    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="complaints", verbose_name=_("Customer")
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # who complains, where a regulation serves tenants (R000-10); empty elsewhere and while unknown
    origin = models.CharField(max_length=20, choices=Origin.choices, blank=True)
    text = models.TextField()  # what the customer says
    demand = models.CharField(max_length=400, blank=True)  # what the customer wants
    happened_on = models.DateField(null=True, blank=True)
    # of a fax, letter, news item or e-mail: sender, medium, link, received at; see source_fields
    source: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    item = models.CharField(max_length=40, blank=True)  # code of 投诉项目; empty: not classified yet
    group = models.CharField(max_length=40, blank=True)  # code of 投诉大类
    source_category = models.CharField(max_length=120, blank=True)  # as imported, when it is foreign
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    grade = models.CharField(max_length=40, blank=True)  # code of 级别
    major = models.BooleanField(default=False)
    valid = models.BooleanField(null=True, blank=True)  # 有效投诉; None: not judged
    more = models.JSONField(default=dict, blank=True)  # 登记事项 of the manual, by code, as typed
    circumstances = models.JSONField(default=list, blank=True)  # codes of 投诉情形
    circumstance_bits = models.BigIntegerField(default=0)  # the same as a mask, for rulings over many rows
    accused = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    accused_level = models.CharField(max_length=40, blank=True)  # code of 被投诉人级别
    # who handles: code of the ruling, and what the list shows of it
    handler_code = models.CharField(max_length=40, blank=True)
    clause = models.CharField(max_length=40, blank=True)
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, blank=True, related_name="+")
    override_reason = models.CharField(max_length=400, blank=True)
    compensation = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    compensation_approved_at = models.DateTimeField(null=True, blank=True)
    # R001-108: quick reaction, timely solution, timely answer
    responded_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=400, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)  # how often it was taken up again after its end
    malicious = models.BooleanField(default=False)  # confirmed by a second person
    # part of another complaint about the same thing: closed for itself, worked and counted there
    joined_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", db_index=False
    )
    imported = models.BooleanField(default=False)
    access_code = models.CharField(max_length=64, blank=True)  # keyed digest of the code the customer holds
    request_key = models.CharField(max_length=80, null=True, blank=True, unique=True)  # idempotency

    class Meta:
        indexes = [
            models.Index(
                fields=["unit", "due_at", "id", "secrecy", "accused"],
                name="complaint_unit_due",
                condition=Q(closed_at=None),
            ),
            models.Index(fields=["due_at", "id", *_SCOPE], name="complaint_due", condition=Q(closed_at=None)),
            models.Index(
                fields=["unit", "-opened_at", "-id", "secrecy", "accused", "joined_to"],
                name="complaint_unit_opened",
            ),
            models.Index(fields=["-opened_at", "-id", *_SCOPE, "joined_to"], name="complaint_opened"),
            models.Index(
                fields=["unit", "secrecy", "accused"], name="complaint_unit_closed", condition=_CLOSED
            ),
            models.Index(fields=["-closed_at", "-id", *_SCOPE], name="complaint_closed", condition=_CLOSED),
            models.Index(fields=["handler", "due_at"], name="complaint_handler", condition=Q(closed_at=None)),
            # the item is a column and no condition: SQLite sees no condition in a value that is bound
            models.Index(fields=["item", *_SCOPE], name="complaint_to_classify", condition=Q(closed_at=None)),
            models.Index(fields=["customer", "-opened_at"], name="complaint_customer"),
            models.Index(
                fields=["joined_to", "opened_at"],
                name="complaint_joined",
                condition=Q(joined_to__isnull=False),
            ),
            models.Index(fields=["accused", "opened_at"], name="complaint_accused"),
            models.Index(
                fields=["handler", "taker", "accused"],
                name="complaint_confidential",
                condition=Q(secrecy__gte=NAMED_ONLY),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="complaint_value_not_negative", condition=Q(value=None) | Q(value__gte=0)
            ),
            models.CheckConstraint(
                name="complaint_compensation_not_negative",
                condition=Q(compensation=None) | Q(compensation__gte=0),
            ),
            models.CheckConstraint(
                name="complaint_nobody_handles_own",
                condition=Q(accused=None) | Q(handler=None) | ~Q(accused=F("handler")),
            ),
            models.CheckConstraint(
                name="complaint_void_has_reason", condition=Q(voided_at=None) | ~Q(void_reason="")
            ),
            models.CheckConstraint(
                name="complaint_joined_is_closed_and_not_void",
                condition=Q(joined_to=None) | Q(closed_at__isnull=False, voided_at=None),
            ),
            models.CheckConstraint(
                name="complaint_not_joined_to_itself",
                condition=Q(joined_to=None) | ~Q(joined_to=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def matter(self) -> str:
        """What others read of it, in their duties and messages: of a confidential case nothing."""
        return str(_("Confidential complaint")) if self.is_confidential else self.title

    @property
    def is_confidential(self) -> bool:
        return self.secrecy >= NAMED_ONLY

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    @property
    def worked(self) -> Complaint:
        """The case in which it is worked: the one to which it was joined, or itself."""
        return self.joined_to or self

    @property
    def is_joined(self) -> bool:
        return self.joined_to_id is not None

    def is_late(self, now: dt.datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now


class Joining(models.Model):
    """A complaint became part of another about the same thing, and perhaps was parted from it again."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="joinings")
    main = models.ForeignKey(Complaint, models.PROTECT, related_name="taken_in")
    stage = models.CharField(max_length=60)  # where the complaint stood, and goes on when parted
    stage_kind = models.CharField(max_length=20)
    duties = models.JSONField(default=list)  # ids of those that were open, to be owed again when parted
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    part_reason = models.CharField(max_length=400, blank=True)
    parted_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    parted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], name="joining_one_at_a_time", condition=Q(parted_at=None)
            ),
            models.CheckConstraint(name="joining_not_to_itself", condition=~Q(complaint=F("main"))),
            models.CheckConstraint(name="joining_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="joining_parted_with_reason",
                condition=Q(parted_at=None, parted_by=None, part_reason="")
                | (Q(parted_at__isnull=False, parted_by__isnull=False) & ~Q(part_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} → {self.main_id}"


class Step(models.Model):
    """What was written down when a stage was done (R001-106: steps 2, 4, 5, 6 and 7 leave a record)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)  # kind of the stage: cause, details, solution, execution, summary
    text = models.TextField()
    decision = models.BooleanField(null=True, blank=True)  # of a stage whose way on somebody decides
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["complaint", "kind"])]


class Entry(models.Model):
    """Something said: a reply to the customer, an internal note, a message of the customer."""

    class Kind(models.TextChoices):
        REPLY = "REPLY", _("Reply")
        NOTE = "NOTE", _("Internal note")
        CUSTOMER = "CUSTOMER", _("From the customer")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Complaint.Channel.choices, blank=True)
    text = models.TextField()
    by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["complaint", "at"])]

    @property
    def channel_label(self) -> str:
        """The channel in the reader's language; `get_channel_display` translates all of them each time."""
        return str(Complaint.Channel(self.channel).label) if self.channel else ""


class Grant(models.Model):
    """Money that the maker is asked to bear, and what was decided: special-case warranty (F001-43), goodwill (F001-44).

    Both may stand in one complaint, each by itself (A001-64); of each kind one is under way or granted.
    """

    class Kind(models.TextChoices):
        SPECIAL_CASE = "SPECIAL_CASE", _("Special-case warranty")
        GOODWILL = "GOODWILL", _("Special compensation (goodwill)")

    class Form(models.TextChoices):
        MAINTENANCE = "MAINTENANCE", _("Free maintenance")
        COST = "COST", _("Costs borne")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Asked for")
        GRANTED = "GRANTED", _("Granted")
        REFUSED = "REFUSED", _("Refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="grants")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    form = models.CharField(max_length=12, choices=Form.choices, blank=True)  # of goodwill
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # the full repair cost
    asked = models.DecimalField(max_digits=14, decimal_places=2)
    granted = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )  # so far, while asked
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    approval = models.OneToOneField(Approval, models.PROTECT, null=True, blank=True, related_name="+")
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, blank=True, related_name="+")
    clause = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="grant_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="grant_within_what_was_asked",
                condition=Q(asked__gt=0)
                & (Q(granted=None) | (Q(granted__gt=0) & Q(granted__lte=F("asked")))),
            ),
            # R001-156: part of the repair cost, never all of it
            models.CheckConstraint(
                name="grant_below_repair_cost",
                condition=~Q(kind="SPECIAL_CASE")
                | (
                    Q(cost__isnull=False)
                    & Q(asked__lt=F("cost"))
                    & (Q(granted=None) | Q(granted__lt=F("cost")))
                ),
            ),
            models.CheckConstraint(
                name="grant_goodwill_has_form",
                condition=(Q(kind="GOODWILL") & ~Q(form="")) | (Q(kind="SPECIAL_CASE") & Q(form="")),
            ),
            models.CheckConstraint(
                name="grant_nobody_decides_own", condition=Q(decided_by=None) | ~Q(decided_by=F("by"))
            ),
            models.CheckConstraint(
                name="grant_decided_by_somebody",
                condition=Q(state__in=["ASKED", "WITHDRAWN"], decided_by=None)
                | Q(state="GRANTED", decided_by__isnull=False, granted__isnull=False)
                | Q(state="REFUSED", decided_by__isnull=False, granted=None),
            ),
            models.UniqueConstraint(
                fields=["complaint", "kind"],
                name="grant_one_of_a_kind",
                condition=Q(state__in=["ASKED", "GRANTED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked}"

    @property
    def ratio(self) -> Decimal | None:
        """The part of the repair cost that is granted, in per cent."""
        if self.granted is None or not self.cost or self.state != self.State.GRANTED:
            return None
        return (100 * self.granted / self.cost).quantize(Decimal("0.1"), rounding=ROUND_DOWN)


class Fault(models.Model):
    """A finding about a member of staff: was the complaint about this person true? (R001-102, R001-109..112)"""

    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, blank=True, related_name="faults")
    person = models.ForeignKey(Party, models.PROTECT, related_name="faults")
    offence = models.CharField(max_length=40)  # code of 过失
    happened_on = models.DateField()
    evidence = models.TextField()
    confirmed = models.BooleanField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "offence", "happened_on"])]
        constraints = [
            models.CheckConstraint(name="fault_nobody_judges_self", condition=~Q(person=F("by"))),
            models.UniqueConstraint(
                fields=["complaint", "person", "offence"],
                name="fault_once_per_complaint",
                condition=Q(confirmed=True),
            ),
        ]


class Penalty(models.Model):
    """A penalty that the manual proposes for a confirmed finding, and what was decided (F001-35)."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        IMPOSED = "IMPOSED", _("Imposed")
        DROPPED = "DROPPED", _("Dropped")

    number = models.CharField(max_length=40, unique=True)
    fault = models.OneToOneField(Fault, models.PROTECT, related_name="penalty")
    person = models.ForeignKey(Party, models.PROTECT, related_name="penalties")
    count = models.PositiveSmallIntegerField()  # the how-manieth in the window
    month = models.DateField()  # first day of the month whose allowance is meant
    allowance = models.CharField(max_length=40)  # code of 津贴
    measure = models.CharField(max_length=40)  # code of 处分
    deducts = models.BooleanField(default=False)  # deducts this month's allowance, which happens once
    clause = models.CharField(max_length=40)
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(max_length=400, blank=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "penalties"
        constraints = [
            # R001-112: the allowance of a month is deducted once
            models.UniqueConstraint(
                fields=["person", "month"],
                name="penalty_one_deduction_a_month",
                condition=Q(deducts=True) & ~Q(state="DROPPED"),
            ),
            models.CheckConstraint(
                name="penalty_nobody_decides_own", condition=Q(decided_by=None) | ~Q(decided_by=F("person"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


from . import models_after as models_after  # noqa: E402

# corrective action: tables of this app in a folder of their own, which point to these by name
from .capa.models import Capa as Capa  # noqa: E402
from .capa.models import CapaCase as CapaCase  # noqa: E402
from .followups import Measure, OverdueSheet, Summary  # noqa: E402, F401  (Django finds models here)
from .suggest.models import SuggestAnswer, SuggestModel, SuggestToken  # noqa: E402, F401  tables of the same app
