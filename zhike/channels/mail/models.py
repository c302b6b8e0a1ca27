"""Mailboxes that are read, and one row for each mail that came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.kernel.parties.models import Party, Unit

from . import words


class Mailbox(models.Model):
    """One folder of one account on an IMAP server. Its password stands in the environment, never here."""

    class Tls(models.TextChoices):
        SSL = "SSL", _("TLS from the first byte (port 993)")
        STARTTLS = "STARTTLS", _("STARTTLS (port 143)")
        NONE = "NONE", _("None, only on this machine")

    name = models.CharField(max_length=60, unique=True)
    purpose = models.CharField(max_length=20)  # code of a registered purpose, such as "complaints"
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    host = models.CharField(max_length=200)
    port = models.PositiveIntegerField(default=993)
    tls = models.CharField(max_length=8, choices=Tls.choices, default=Tls.SSL)
    user = models.CharField(max_length=200)
    secret = models.CharField(max_length=40)  # ZHIKE_MAIL_SECRET_<this> in the environment is the password
    folder = models.CharField(max_length=200, default="INBOX")
    done_folder = models.CharField(max_length=200, blank=True)  # empty: mails stay and are marked as read
    address = models.EmailField(max_length=254)  # answers come from here
    sender_name = models.CharField(max_length=120, blank=True)
    acknowledges = models.BooleanField(default=True)
    takes_old = models.BooleanField(default=False)  # also what lay in the folder before the first run
    is_active = models.BooleanField(default=True)
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)  # a job was put into the queue
    busy_until = models.DateTimeField(null=True, blank=True)  # a run has it; a dead one's claim expires
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_good_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=24, blank=True)  # code of words.TROUBLES
    error_detail = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.name

    @property
    def trouble(self) -> str:
        """What kept the last run from its work, in one sentence; "" when it went well."""
        return words.sentence(self.error, self.error_detail)


class InboundMail(models.Model):
    """One mail that came, whatever became of it. The mail as it came lies under `raw` (attachments.path_of).

    A mail is known again by its Message-ID and the digest of its body: programs that give every mail the same
    Message-ID lose none.
    """

    class State(models.TextChoices):
        NEW = "NEW", _("Waiting")
        TAKEN = "TAKEN", pgettext_lazy("of a mail", "Taken")
        IGNORED = "IGNORED", _("Ignored")
        HELD = "HELD", _("Held")
        FAILED = "FAILED", _("Failed")

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="mails")
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    message_id = models.CharField(max_length=250, db_index=True)
    body_digest = models.CharField(max_length=64)
    raw = models.CharField(max_length=64, blank=True)  # SHA-256 of the bytes; "" once they are deleted
    size = models.BigIntegerField()  # on the server
    is_cut = models.BooleanField(default=False)  # too large: only its beginning was fetched
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    arrived_at = models.DateTimeField()  # as the server says
    at = models.DateTimeField()  # when it was fetched
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=24, blank=True)  # code of words.REASONS
    detail = models.CharField(max_length=400, blank=True)
    released = models.BooleanField(default=False)  # somebody said that it is to be taken all the same
    filed = models.BooleanField(default=False)  # marked as read or moved on the server
    subject_label = models.CharField(max_length=60, blank=True)  # what it became, or belongs to
    subject_id = models.BigIntegerField(null=True, blank=True)
    opened = models.BooleanField(default=False)  # it made the subject; else it was added to it
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")  # who wrote it

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["mailbox", "-at", "-id"], name="mail_of_mailbox"),
            models.Index(fields=["mailbox", "state"], name="mail_of_state"),
            models.Index(fields=["sender", "arrived_at"], name="mail_of_sender"),
            models.Index(fields=["subject_label", "subject_id"], name="mail_of_subject"),
            models.Index(fields=["mailbox", "uid"], name="mail_not_filed", condition=Q(filed=False)),
            models.Index(fields=["at"], name="mail_to_prune", condition=Q(state="IGNORED") & ~Q(raw="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="mail_uid_once"),
            models.UniqueConstraint(fields=["mailbox", "message_id", "body_digest"], name="mail_once"),
            models.CheckConstraint(
                name="mail_not_taken_has_reason",
                condition=Q(state__in=["NEW", "TAKEN"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.subject}"

    @property
    def why(self) -> str:
        """Why it was not taken, in one sentence."""
        return words.sentence(self.reason, self.detail)
