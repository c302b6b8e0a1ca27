"""Corrective action (纠正预防措施): one record with containment, causes, plan, judgements and effect (F001-50)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import NAMED_ONLY
from zhike.kernel.procedures.models import Approval


class Capa(models.Model):
    """The corrective action for one complaint or for several that are the same trouble."""

    class Phase(models.TextChoices):
        ANALYSIS = "ANALYSIS", _("Analysis and plan")
        REVIEW = "REVIEW", _("Review")
        APPROVAL = "APPROVAL", _("Approval")
        EXECUTION = "EXECUTION", _("Execution")
        EFFECT = "EFFECT", _("Effect check")
        SUMMARY = "SUMMARY", _("Lesson")
        CLOSED = "CLOSED", _("Closed")
        DROPPED = "DROPPED", _("Cancelled")

    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    secrecy = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.ANALYSIS)
    round = models.PositiveSmallIntegerField(
        default=1
    )  # of analysis; a refusal or a vain effect begins the next
    revision = models.PositiveIntegerField(default=0)  # raised by every action: two do not act on one state
    lead = models.ForeignKey(
        Party, models.PROTECT, related_name="+"
    )  # who leads and reviews: the quality engineer
    department = models.CharField(max_length=120, blank=True)  # responsible (R001-182)
    participants = models.ManyToManyField(Party, related_name="+", blank=True)  # called to analyse (R001-184)
    keywords = models.CharField(
        max_length=200, blank=True
    )  # words of the cause, by which past cases are found
    opened_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, blank=True, related_name="+")
    # what came back: the past case that a person has named
    recurs = models.ForeignKey(
        "complaints.Complaint", models.PROTECT, null=True, blank=True, related_name="+"
    )
    recurs_capa = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    recurs_note = models.CharField(max_length=400, blank=True)
    recurs_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    recurs_at = models.DateTimeField(null=True, blank=True)
    lesson = models.TextField(blank=True)  # R002-169
    change = models.TextField(blank=True)  # of a process or a manual
    ended_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=400, blank=True)  # why dropped

    class Meta:
        verbose_name_plural = "capas"
        indexes = [
            models.Index(fields=["unit", "-opened_at"], name="capa_unit_opened"),
            models.Index(fields=["phase", "-opened_at"], name="capa_phase"),
        ]
        constraints = [
            models.CheckConstraint(
                name="capa_closed_with_lesson",
                condition=~Q(phase="CLOSED") | (Q(ended_at__isnull=False) & ~Q(lesson="")),
            ),
            models.CheckConstraint(
                name="capa_dropped_with_reason",
                condition=~Q(phase="DROPPED") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="capa_judged_only_when_submitted",
                condition=~Q(phase__in=["REVIEW", "APPROVAL"]) | Q(submitted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def matter(self) -> str:
        """What others read of it in their duties."""
        return str(_("Confidential complaint")) if self.secrecy >= NAMED_ONLY else self.title

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def recurred(self) -> bool:
        return self.recurs_id is not None


class CapaCase(models.Model):
    """A complaint that a corrective action is about. Of each complaint one is under way (active)."""

    capa = models.ForeignKey(Capa, models.CASCADE, related_name="cases")
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="capa_cases")
    active = models.BooleanField(default=True)  # until the corrective action has ended
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["capa", "complaint"], name="capa_case_once"),
            models.UniqueConstraint(
                fields=["complaint"], name="capa_one_under_way", condition=Q(active=True)
            ),
        ]


class CapaWhy(models.Model):
    """One answer of a 5-why chain: it answers why the former is so; the last one may be the root cause."""

    capa = models.ForeignKey(Capa, models.CASCADE, related_name="whys")
    chain = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=400)
    root = models.BooleanField(default=False)
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["chain", "place"]
        constraints = [
            models.UniqueConstraint(fields=["capa", "chain", "place"], name="capa_why_place"),
            models.UniqueConstraint(
                fields=["capa", "chain"], name="capa_why_one_root", condition=Q(root=True)
            ),
            models.CheckConstraint(
                name="capa_why_from_one", condition=Q(chain__gte=1, place__gte=1) & ~Q(answer="")
            ),
        ]


class CapaCause(models.Model):
    """A bone of the fishbone: a cause in one of the six categories, or a sub-cause of one."""

    class Category(models.TextChoices):
        MAN = "MAN", _("Man")
        MACHINE = "MACHINE", _("Machine")
        MATERIAL = "MATERIAL", _("Material")
        METHOD = "METHOD", _("Method")
        ENVIRONMENT = "ENVIRONMENT", _("Environment")
        MEASUREMENT = "MEASUREMENT", _("Measurement")

    capa = models.ForeignKey(Capa, models.CASCADE, related_name="causes")
    category = models.CharField(max_length=12, choices=Category.choices)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="subs")
    text = models.CharField(max_length=200)
    verified = models.BooleanField(null=True, blank=True)  # None: not examined yet
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="capa_cause_has_text", condition=~Q(text=""))]


class CapaAction(models.Model):
    """Something to be done by a person or a post until a day: a temporary, a corrective or a preventive measure."""

    class Kind(models.TextChoices):
        CONTAINMENT = "CONTAINMENT", _("Temporary measure")
        CORRECTIVE = "CORRECTIVE", _("Corrective")
        PREVENTIVE = "PREVENTIVE", _("Preventive")

    capa = models.ForeignKey(Capa, models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    round = models.PositiveSmallIntegerField()
    what = models.TextField()
    owner = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    owner_post = models.CharField(max_length=60, blank=True)  # code of a post, where no person is named
    due_on = models.DateField()
    duty = models.OneToOneField(Duty, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    evidence = models.TextField(blank=True)
    done_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="capa_action_has_owner", condition=Q(owner__isnull=False) | ~Q(owner_post="")
            ),
            models.CheckConstraint(
                name="capa_action_done_with_evidence",
                condition=Q(done_at=None) | (Q(done_by__isnull=False) & ~Q(evidence="")),
            ),
        ]

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class CapaJudgement(models.Model):
    """A review, an approval or a check of the effect: by whom, how, why, and what lay before them."""

    class Kind(models.TextChoices):
        REVIEW = "REVIEW", _("Review")
        APPROVAL = "APPROVAL", _("Approval")
        EFFECT = "EFFECT", _("Effect check")

    capa = models.ForeignKey(Capa, models.CASCADE, related_name="judgements")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    round = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    reason = models.TextField(blank=True)  # opinion; of an effect the evidence
    on = models.DateField(null=True, blank=True)  # the day on which the effect was seen
    planned_by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    snapshot = models.JSONField()  # causes and plan as they were judged

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="capa_nobody_judges_own", condition=~Q(planned_by=F("by"))),
            models.CheckConstraint(name="capa_refused_with_reason", condition=Q(passed=True) | ~Q(reason="")),
            models.CheckConstraint(
                name="capa_effect_has_evidence",
                condition=~Q(kind="EFFECT") | (Q(on__isnull=False) & ~Q(reason="")),
            ),
        ]
