"""The trail as rows: entries, their seals, and the keys of persons whose values stand in entries.

Entries and seals are append-only by database triggers (`immutable.py`).
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.secret import SecretField


class Entry(models.Model):
    """Who did what, when, to which subject, under which clause.

    `at` is the moment of the action as it was passed in; `recorded_at` is the clock of the database. A ruling is
    referred to by number, without a foreign key. Unit and secrecy are copied from the subject.
    """

    code = models.CharField(max_length=80)  # stem of the verb: "complaints.settled"
    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    secrecy = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    clause = models.CharField(max_length=40, blank=True)
    ruling_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    request = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_label", "subject_id", "at"], name="entry_of_subject"),
            models.Index(fields=["unit", "at"], name="entry_of_unit"),
            models.Index(fields=["by", "at"], name="entry_of_person"),
            models.Index(fields=["code", "at"], name="entry_of_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_label} {self.subject_id}"


class Seal(models.Model):
    """One link of the hash chain: entry `entry_id` stands at `position`, and `digest` covers everything before it.

    Positions run 1, 2, 3 without gaps in the order of sealing, which is nearly but not always the order of ids:
    a transaction that commits late is sealed late. No foreign key, so that the seal of a lost entry stays.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=8)
    sealed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sealed_at"], name="seal_at")]


class PersonKey(models.Model):
    """The key under which the personal values of one party lie in the trail. Erasure empties it for good."""

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="+")
    secret = SecretField(blank=True, default="")
    destroyed_at = models.DateTimeField(null=True)
