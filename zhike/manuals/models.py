"""Regulations as controlled documents: changes on their way into force, readers, copies, what a regulation rests on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.models import ManualVersion


class Revision(models.Model):
    """A change on its way into force: the text of a manual, or a unit's own values of its figures.

    Prepared, reviewed and approved by named persons in this order (R002-139); the three steps of the gate are one
    `Approval` of kind "manual.revision". Of a manual, and of a unit's values, one change is open at a time.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        ASKED = "ASKED", _("In review")  # the line of reviewer and approver decides
        PUBLISHED = "PUBLISHED", _("Published")  # in force from its effective day
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")  # after publishing, before it came into force
        DROPPED = "DROPPED", pgettext_lazy("of a draft", "Dropped")

    OPEN = (State.DRAFT, State.ASKED)

    key = models.CharField(max_length=80)  # of the manual
    # None: the text of the manual changes; else only the values that hold at this unit and below
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    # what the change starts from; a new manual has none
    base = models.ForeignKey(ManualVersion, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)  # whole, as Markdown; empty for values
    values: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    # where a new manual is installed when it is published
    install_at = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True)  # why, in the words of who prepared it
    effective_on = models.DateField(null=True, blank=True)  # None: the day of issue (R002-033)
    # gaps and overlaps that stay, by name: [{"table", "message", "reason", "by", "name", "at"}]
    accepted: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, blank=True
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # the sign-off block of the cover (FM002-41): three persons, three moments
    prepared_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()  # begun; handed in: `asked_at`
    asked_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    version = models.OneToOneField(  # what it became, for a change of the text
        ManualVersion, models.PROTECT, null=True, blank=True, related_name="revision"
    )
    saved_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)  # raised by every save; a page sends back what it saw

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="one_open_revision_of_a_text",
                condition=Q(unit=None, state__in=["DRAFT", "ASKED"]),
            ),
            models.UniqueConstraint(
                fields=["key", "unit"],
                name="one_open_revision_of_values",
                condition=Q(unit__isnull=False, state__in=["DRAFT", "ASKED"]),
            ),
            models.CheckConstraint(
                name="revision_is_text_or_values", condition=Q(unit=None) | Q(text="", install_at=None)
            ),
            models.CheckConstraint(
                name="revision_signed_in_order",
                condition=(Q(reviewed_at=None) | Q(reviewed_at__gte=F("asked_at")))
                & (Q(approved_at=None) | Q(approved_at__gte=F("reviewed_at"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} #{self.pk}"


class Backtest(models.Model):
    """One trial of a changed manual on cases of the past, worked out in the background."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    revision = models.ForeignKey(Revision, models.CASCADE, null=True, blank=True, related_name="backtests")
    seen = models.PositiveIntegerField(default=0)  # `revision.revision` tried: a later save makes it stale
    # a what-if without a draft: other values of the figures of this version, at this unit or in the manual itself
    version = models.ForeignKey(ManualVersion, models.CASCADE, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    values: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)
    # whose cases were counted, see queries._backtest: figures are shown to those who may see all of these
    reach: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    since = models.DateField()
    until = models.DateField()  # excluded
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=400, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    asked_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, blank=True)  # last sign of life of the worker
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(name="backtest_ends_after_start", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(
                name="backtest_of_a_revision_or_of_values",
                condition=Q(revision__isnull=False, version=None) | Q(revision=None, version__isnull=False),
            ),
        ]

    @property
    def last_day(self) -> dt.date:
        return self.until - dt.timedelta(days=1)


class Reading(models.Model):
    """That somebody opened a version, and confirmed that they have read it (R000-01)."""

    version = models.ForeignKey(ManualVersion, models.CASCADE, related_name="readings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "party"], name="reading_once")]
        indexes = [models.Index(fields=["party", "version"])]


class Repeal(models.Model):
    """The end of a regulation: since when nobody is ruled by it any more, and why."""

    key = models.CharField(max_length=80, unique=True)
    ends_on = models.DateField()
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Copy(models.Model):
    """A printed copy of a version: its number, who has it, when it came back."""

    version = models.ForeignKey(ManualVersion, models.PROTECT, related_name="copies")
    number = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Party, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_to = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="copy_number_once"),
            models.CheckConstraint(
                name="copy_returned_after_issue",
                condition=Q(returned_at=None) | Q(returned_at__gte=F("issued_at")),
            ),
        ]


class Reference(models.Model):
    """A law or document that regulations rest on (S001-060, F001-45). Manuals name it in their list 引用文件."""

    class Kind(models.TextChoices):
        LAW = "LAW", _("Law or rule of the state")
        STANDARD = "STANDARD", _("Standard")
        HOUSE = "HOUSE", _("Document of the house")
        MAKER = "MAKER", _("Document of a maker or partner")

    name = models.CharField(max_length=160, unique=True)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LAW)
    issuer = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        english = self.name_en and (get_language() or "").startswith("en")
        return self.name_en if english else f"《{self.name}》"


class Edition(models.Model):
    """One edition of a referenced document. A new one flags every clause that rests on an older one (R001-150)."""

    reference = models.ForeignKey(Reference, models.CASCADE, related_name="editions")
    label = models.CharField(max_length=60)  # such as 2021年修正
    effective_on = models.DateField()
    changes = models.CharField(max_length=1000, blank=True)  # what changed, in words
    recorded_by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["reference", "-effective_on"]
        constraints = [models.UniqueConstraint(fields=["reference", "label"], name="edition_label_once")]

    def __str__(self) -> str:
        return f"{self.reference} {self.label}"


class Examination(models.Model):
    """That a manual was examined against a new edition of what it rests on, and needs no change."""

    version = models.ForeignKey(ManualVersion, models.CASCADE, related_name="examinations")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="examinations")
    note = models.CharField(max_length=400)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "edition"], name="examined_once")]


from .information.models import Information as Information  # noqa: E402
from .information.models import Receipt as Receipt  # noqa: E402
