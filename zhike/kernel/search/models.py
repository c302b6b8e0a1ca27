"""What can be found: one row for each subject, with its text as it is shown and as it is compared."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from zhike.kernel.parties.models import Unit


class GramsField(models.Field):  # type: ignore[type-arg]
    """The tokens of a document: a tsvector on PostgreSQL; empty on SQLite, where an FTS5 table holds them.

    Only `engines` writes it.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class DocumentManager(models.Manager["Document"]):
    def get_queryset(self) -> models.QuerySet[Document]:
        return super().get_queryset().defer("grams")


class Document(models.Model):
    """One subject in the index.

    `id` grows with the moment of the subject (`index.document_id`), so the newest are found first in the order of
    the key, without sorting.
    """

    id = models.BigIntegerField(primary_key=True)
    subject_label = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    number = models.CharField(max_length=60, blank=True)
    title = models.TextField()
    body = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    secrecy = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    folded = models.TextField()  # number, title and body, folded, one to a line
    grams = GramsField(default="")

    objects = DocumentManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_label", "subject_id"], name="document_once_per_subject")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
