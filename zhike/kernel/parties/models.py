"""Bare units and parties: what the kernel needs to know of an enterprise and of the people it meets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def unit_label(name: str, name_en: str) -> str:
    """The name of a unit in the reader's language."""
    return name_en if name_en and (get_language() or "").startswith("en") else name


class Unit(models.Model):
    """A node of the enterprise's tree: group, company, store, department, team (S002-01, S002-58)."""

    class Kind(models.TextChoices):
        GROUP = "GROUP", _("Group")
        COMPANY = "COMPANY", _("Company")
        BRANCH = "BRANCH", _("Branch")
        DEPARTMENT = "DEPARTMENT", _("Department")
        TEAM = "TEAM", _("Team")

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DEPARTMENT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # "/1/4/9/": the ids from the root down to this unit, kept by `parties.actions`
    path = models.CharField(max_length=200, blank=True, db_index=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="unit_name_once_per_parent",
                condition=models.Q(closed_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return unit_label(self.name, self.name_en)

    @property
    def line(self) -> list[int]:
        """Ids from this unit up to the root."""
        return [int(part) for part in reversed(self.path.split("/")) if part]


class Party(models.Model):
    """Anybody who acts, is acted for, or is acted upon: staff, customers, the system itself."""

    class Kind(models.TextChoices):
        STAFF = "STAFF", _("Staff")
        PERSON = "PERSON", _("Person")
        ORGANISATION = "ORGANISATION", _("Organisation")
        SYSTEM = "SYSTEM", _("System")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="parties")

    class Meta:
        indexes = [models.Index(fields=["unit", "kind", "name"])]

    def __str__(self) -> str:
        return self.name


class Stamp(models.Model):
    """A number that is another one after every change of what is kept between requests (`kept.py`).

    SQLite has one row; PostgreSQL one for each change, and the number is all of them together.
    """

    number = models.BigIntegerField()
