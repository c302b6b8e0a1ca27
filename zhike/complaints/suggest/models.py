"""What was learned, and whether people took what it proposed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party


class SuggestModel(models.Model):
    """One training for one regulation, with the figures of its cross-validation. Weights are kept while in use."""

    class State(models.TextChoices):
        IN_USE = "IN_USE", _("In use")
        REPLACED = "REPLACED", _("Replaced")
        WORSE = "WORSE", _("Not taken: clearly worse than the one in use")
        TOO_LITTLE = "TOO_LITTLE", _("Not trained: too few cases")

    key = models.CharField(max_length=80)  # of the manual
    number = models.PositiveIntegerField()  # the how-manieth training of this manual
    at = models.DateTimeField()
    by = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: the nightly job
    state = models.CharField(max_length=10, choices=State.choices)
    cases = models.PositiveIntegerField()
    classes = models.PositiveIntegerField()
    wanted = models.PositiveIntegerField()  # how many cases there must be at least
    learned_from = models.CharField(
        max_length=64
    )  # digest of the cases: the same again need not be learned again
    macro_f1 = models.FloatField(null=True, blank=True)
    macro_f1_std = models.FloatField(null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    # what predicts, beside the tokens
    labels = models.JSONField(default=list, blank=True)
    bias = models.JSONField(default=list, blank=True)
    temperature = models.FloatField(default=1)
    shift = models.JSONField(default=list, blank=True)
    longest = models.PositiveSmallIntegerField(default=2)  # characters of a token
    threshold = models.FloatField(default=2)  # how sure it must be to propose; above 1: never

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="suggest_model_number"),
            models.UniqueConstraint(
                fields=["key"], name="suggest_model_one_in_use", condition=Q(state="IN_USE")
            ),
            models.CheckConstraint(
                name="suggest_model_has_figures",
                condition=Q(state="TOO_LITTLE", macro_f1=None)
                | (~Q(state="TOO_LITTLE") & Q(macro_f1__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class SuggestToken(models.Model):
    """The row of one token: floats of its weight (see linear.packed)."""

    model = models.ForeignKey(SuggestModel, models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=8)
    weights = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "token"], name="suggest_token_once")]


class SuggestAnswer(models.Model):
    """What somebody was proposed for a complaint, and what they chose. A complaint left unclassified has none."""

    complaint = models.OneToOneField("complaints.Complaint", models.CASCADE, related_name="suggest_answer")
    model = models.ForeignKey(SuggestModel, models.PROTECT, related_name="answers")
    label = models.CharField(max_length=40)  # code of 投诉项目 that was proposed
    chosen = models.CharField(max_length=40)  # code that the person chose
    taken = models.BooleanField()
    by = models.ForeignKey(Party, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["model", "label", "taken"], name="suggest_answer_label")]
        constraints = [
            models.CheckConstraint(
                name="suggest_answer_taken_is_chosen",
                condition=(Q(taken=True) & Q(chosen=models.F("label")))
                | (Q(taken=False) & ~Q(chosen=models.F("label"))),
            )
        ]
