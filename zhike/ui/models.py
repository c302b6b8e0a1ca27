"""What a person keeps of a list: saved views, chosen columns."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.models import Party


class SavedView(models.Model):
    """A filter with a name, shown as a tab. It holds the conditions only; who may see which rows is asked anew."""

    owner = models.ForeignKey(Party, models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=60)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)  # such as "state=OPEN&sort=-due"
    shared = models.BooleanField(default=False)  # a tab for everybody who may open the list

    class Meta:
        ordering = ["shared", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_name", "name"], name="view_name_once_per_owner")
        ]
        indexes = [models.Index(fields=["list_name", "shared"], name="view_of_list")]

    def __str__(self) -> str:
        return self.name


class ListChoice(models.Model):
    """The columns and the page size that a person chose for a list."""

    owner = models.ForeignKey(Party, models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=60)
    hidden = models.JSONField(default=list)  # keys of columns
    size = models.PositiveSmallIntegerField(default=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "list_name"], name="list_choice_once")]

    def __str__(self) -> str:
        return self.list_name


class ListFile(models.Model):
    """A list as a file, made by the worker for the person who asked; nobody else gets it."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Being made")
        READY = "READY", _("Ready")
        REFUSED = "REFUSED", _("Refused")
        FAILED = "FAILED", _("Could not be made")
        GONE = "GONE", _("No longer kept")

    owner = models.ForeignKey(Party, models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    path = models.CharField(max_length=400)  # of the page; its conditions follow in `query`
    query = models.TextField(blank=True)
    fmt = models.CharField(max_length=8)
    language = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.CharField(max_length=400, blank=True)
    file = models.FileField(upload_to="lists/", max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)  # under which it is downloaded
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["owner", "-asked_at"], name="list_file_of_person")]

    def __str__(self) -> str:
        return self.title
