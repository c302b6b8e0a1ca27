"""What a person keeps of a list: saved views, chosen columns."""

from __future__ import annotations

from django.db import models

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
