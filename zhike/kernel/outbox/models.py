"""What must leave the house or be told: rows of the action's own transaction."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party, Unit

from . import wording


class Event(models.Model):
    """Something happened in the kernel; the apps that listen are told at least once."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    name = models.CharField(max_length=40)
    ids = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # not before this moment; a worker that takes the row moves it on, so a dead worker's claim expires by itself
    next_try_at = models.DateTimeField()
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="event_waiting", condition=Q(state="WAITING")),
            models.Index(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.ids}"


class Heard(models.Model):
    """One listener dealt with one event: written in the transaction of what the listener wrote."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="heard")
    listener = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "listener"], name="event_heard_once")]


class Message(models.Model):
    """Something a person must know: shown in the product, and sent by e-mail when asked for."""

    class EmailState(models.TextChoices):
        NONE = "NONE", _("No e-mail")
        WAITING = "WAITING", _("Waiting")
        SENT = "SENT", _("Sent")
        FAILED = "FAILED", _("Failed")

    to = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    # what `wording` puts into the sentence of this kind, in the reader's language; empty: the title as it stands
    params = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True)
    subject_label = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    clause = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    email_state = models.CharField(max_length=8, choices=EmailState.choices, default=EmailState.NONE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)
    # a letter to somebody outside the house: {"to", "from", "subject", "headers", "files"}; see `post.write`
    envelope = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=200, blank=True)  # of such a letter: answers and bounces name it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"], name="message_id_once", condition=~Q(message_id="")
            ),
        ]
        indexes = [
            models.Index(fields=["to", "-at"], name="message_inbox"),
            models.Index(fields=["to", "-at"], name="message_unread", condition=Q(read_at=None)),
            models.Index(fields=["next_try_at"], name="message_waiting", condition=Q(email_state="WAITING")),
            models.Index(fields=["subject_label", "subject_id"], name="message_of_subject"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """The title in the reader's language, where its kind has a sentence; else as it was written."""
        return wording.sentence(self.kind, self.params) or self.title
