"""Reads: where customers stand, and the words in which the manual in force says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from zhike.customers.models import Customer, Grade, Proposal
from zhike.kernel.parties.held import once
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import tree
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.worktime import calendars
from zhike.people.models import in_language

from .dimensions import DIMENSIONS, Dimension


def current(customer: Customer) -> dict[str, Grade]:
    """The value in force in each dimension, by its code, in the order in which dimensions are shown."""
    found = {grade.dimension: grade for grade in Grade.objects.filter(customer=customer, until=None)}
    return {code: found[code] for code in DIMENSIONS if code in found}


def current_of(customers: Iterable[int], *dimensions: str) -> dict[tuple[int, str], Grade]:
    """The values in force of several customers by (customer, dimension). One query."""
    rows = Grade.objects.filter(customer__in=list(customers), dimension__in=dimensions, until=None)
    return {(row.customer_id, row.dimension): row for row in rows}


def history(customer: Customer, dimension: str = "") -> QuerySet[Grade]:
    """Every value that the customer had, newest first."""
    rows = Grade.objects.filter(customer=customer, **({"dimension": dimension} if dimension else {}))
    return rows.select_related("by", "approved_by")


def course(customer: Customer) -> list[Grade]:
    """Every value of a customer since the first; read once for the strip and the timeline of a page."""
    rows = Grade.objects.filter(customer=customer).select_related("by").order_by("since", "id")
    return once(("grades", customer.pk), lambda: list(rows))


def proposals(scope: Scope) -> QuerySet[Proposal]:
    """Proposals about customers of the scope, and those that this person made."""
    return scope.rows(
        Proposal.objects.select_related("customer__unit", "by", "decided_by"),
        unit="customer__unit",
        named=("by",),
        secrecy="customer__secrecy",
    )


def with_value_before(rows: QuerySet[Grade], value: str) -> QuerySet[Grade]:
    """Those that had another value just before: the band of a flow."""
    earlier = Grade.objects.filter(
        customer=OuterRef("customer"), dimension=OuterRef("dimension"), until=OuterRef("since")
    )
    return rows.annotate(was=Subquery(earlier.order_by("-id").values("value")[:1])).filter(was=value)


def units_below(unit: Unit) -> frozenset[int]:
    """The unit and those below at which customers are."""
    below = tree().below(unit.pk)
    rows = Customer.objects.filter(unit__in=sorted(below)).order_by()
    return frozenset(rows.values_list("unit_id", flat=True).distinct())


def today(customer: Customer, now: dt.datetime) -> dt.date:
    return calendars.local_day(now, customer.unit_id)


# --- words of manuals


def answer_for(dimension: Dimension, unit_id: int, day: dt.date) -> inforce.Answer | None:
    """The table in force at a unit that rules on the dimension."""
    return inforce.find(dimension.question.name, unit_id, day)


def words(customer: Customer, dimension: str, now: dt.datetime | None = None) -> list[tuple[str, str]]:
    """The values that the manual in force at the customer's unit knows, as (code, label); none without a manual."""
    return words_at(customer.unit_id, dimension, now)


def words_at(unit_id: int, dimension: str, now: dt.datetime | None = None) -> list[tuple[str, str]]:
    """The same for a unit. Without `now` the newest version that was published by the end of time is read."""
    day = calendars.local_day(now, unit_id) if now is not None else dt.date.max
    found = answer_for(DIMENSIONS[dimension], unit_id, day)
    return [(word.code, label_of(word)) for word in words_of(found.manual, dimension)] if found else []


def named(unit_id: int, dimension: str, code: str) -> str:
    """What one stored value is called at a unit; the code where no manual knows it."""
    return dict(words_at(unit_id, dimension)).get(code, code)


def words_of(manual: model.Manual, dimension: str) -> tuple[model.Word, ...]:
    vocabulary = manual.lists.get(DIMENSIONS[dimension].vocabulary)
    return vocabulary.words if vocabulary is not None else ()


def label_of(word: model.Word) -> str:
    return in_language(word.name, word.en)


def labels(grades: Iterable[Grade]) -> dict[tuple[str, str], str]:
    """What stored values are called, by (dimension, value), in the words of the versions that gave them."""
    found: dict[tuple[str, str], str] = {}
    for grade in grades:
        if (grade.dimension, grade.value) not in found and grade.version_id is not None:
            for word in words_of(inforce.manual_of(grade.version_id), grade.dimension):
                found.setdefault((grade.dimension, word.code), label_of(word))
    return found


def label(grade: Grade) -> str:
    return labels([grade]).get((grade.dimension, grade.value), grade.value)
