"""Where the cases of the questions about complaints lie: what a changed regulation is tried on."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy.populations import Population, register

from . import queries
from .models import Complaint

QUESTIONS = (
    "complaint.circumstance",
    "complaint.grade",
    "complaint.authority",
    "complaint.limits",
    "complaint.validity",
)


def _complaints(scope: Scope) -> QuerySet[Complaint]:
    """The visible ones; void and joined ones are ruled by nobody."""
    return queries.complaints(scope).filter(voided_at=None, joined_to=None)


def _about(party: int) -> QuerySet[Any]:
    """Who is complained of sees neither the case nor figures in which it counts."""
    return Complaint.objects.filter(accused=party)


def _address(row: Complaint) -> str:
    return reverse("complaints:detail", args=[row.pk])


COMPLAINTS = Population(
    rows=_complaints,
    noun=_("complaints"),
    number=lambda row: row.number,
    title=lambda row: row.title,
    value=lambda row: row.value,
    value_label=_("Value (yuan)"),
    url=_address,
    listed="complaints:list",
    withheld=_about,
)
COMPENSATIONS = Population(
    rows=lambda scope: _complaints(scope).filter(compensation__isnull=False),
    noun=_("complaints with compensation"),
    number=lambda row: row.number,
    title=lambda row: row.title,
    value=lambda row: row.compensation,
    value_label=_("Compensation (yuan)"),
    url=_address,
    listed="complaints:list",
    columns={"matter": Value("COMPENSATION"), "amount": F("compensation")},
    withheld=_about,
)
PENALTIES = Population(
    rows=queries.penalties,
    noun=_("penalties"),
    manual="ruling__version_id",
    moment="fault__at",
    unit="ruling__unit_id",
    number=lambda row: row.number,
    title=lambda row: row.person.name,
    url=lambda row: reverse("complaints:penalty", args=[row.pk]),
    columns={"offence": F("fault__offence"), "count": F("count")},
)


def register_all() -> None:
    register(QUESTIONS, COMPLAINTS)
    register(["complaint.approval"], COMPENSATIONS)
    register(["complaint.penalty"], PENALTIES)
