"""Who is due in a week: the last visit, and how often the regulation wants customers of each class to be visited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max

from zhike.customers.grading import queries as grading
from zhike.customers.models import Customer, Interaction
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.regulation import limit_of
from zhike.kernel.worktime import calendars

from . import questions, rules
from .models import Visit

CLASS = "class"


@dataclass(frozen=True)
class Due:
    """A customer whose next visit falls into the week or before it; `on` None: nobody was ever there.

    `last_on` is the last visit; `on` counts from whoever was there last, so that nobody is asked for twice.
    """

    customer: Customer
    shop_class: str
    last_on: dt.date | None
    on: dt.date | None
    every: str
    focus: str
    clause: str

    @property
    def is_first(self) -> bool:
        return self.last_on is None


@dataclass(frozen=True)
class _Answer:
    every: str
    focus: str
    clause: str


def due(customers: Sequence[Customer], *, unit: int, until: dt.date) -> list[Due]:
    """Those of the customers who are due by a day, the longest waiting first. Raises NoRegulation."""
    keys = [customer.pk for customer in customers]
    visited, met = last_visits(keys), _last_met(keys)
    rows = []
    for customer, shop_class, answer in _answers(customers, unit, until):
        last = visited.get(customer.pk)
        seen = max(filter(None, [last, met.get(customer.pk)]), default=None)
        on = next_after(seen, answer.every, unit) if seen is not None else None
        if on is None or on <= until:
            rows.append(Due(customer, shop_class, last, on, answer.every, answer.focus, answer.clause))
    rows.sort(key=lambda row: (row.on or dt.date.min, row.customer.region, row.customer.sort_key))
    return rows


def intervals(customers: Sequence[Customer], *, unit: int, on: dt.date) -> dict[int, str]:
    """How often the regulation wants each of them visited, by customer. Raises NoRegulation."""
    return {customer.pk: answer.every for customer, _class, answer in _answers(customers, unit, on)}


def next_after(last: dt.date, every: str, unit: int) -> dt.date:
    """The day on which the interval after a visit ends."""
    calendar = calendars.calendar_for(unit)
    began = dt.datetime.combine(last, dt.time(12), tzinfo=calendar.zone)
    return calendars.local_day(calendars.due_at(calendar, began, every), unit)


def classes(customers: Iterable[int]) -> dict[int, str]:
    """The class that each customer has now. One query."""
    return {key: row.value for (key, _code), row in grading.current_of(list(customers), CLASS).items()}


def _answers(
    customers: Sequence[Customer], unit: int, on: dt.date
) -> Iterator[tuple[Customer, str, _Answer]]:
    """Each customer with its class and what the regulation says of this class."""
    found = rules.rules(unit, on)
    by_customer = classes(one.pk for one in customers)
    known = {code for code, _label in found.words(questions.CLASSES)}
    answers: dict[str, _Answer] = {}
    for customer in customers:
        shop_class = by_customer.get(customer.pk, "")
        asked = shop_class if shop_class in known else ""
        if asked not in answers:
            answers[asked] = _decided(found, asked)
        yield customer, shop_class, answers[asked]


def last_visits(customers: Iterable[int]) -> dict[int, dt.date]:
    """The day of the last visit that was made, by customer. One query."""
    rows = Visit.objects.filter(customer__in=list(customers), state=Visit.State.CLOSED, is_absent=False)
    return dict(rows.order_by().values_list("customer").annotate(Max("planned_on")))


def _last_met(customers: list[int]) -> dict[int, dt.date]:
    """The day on which somebody was last at the customer's otherwise, such as for the journal. One query."""
    rows = Interaction.objects.filter(
        customer__in=customers, way=Interaction.Way.VISIT, is_incoming=False, visit=None
    )
    last = rows.order_by().values_list("customer", "customer__unit").annotate(Max("at"))
    return {key: calendars.local_day(at, unit) for key, unit, at in last}


def _decided(found: rules.Rules, shop_class: str) -> _Answer:
    rows = found.decide(questions.CADENCE, shop_class=shop_class or None)
    if not rows:
        raise rules.NoRegulation(f"{questions.CADENCE.name}: {shop_class}")
    said = rows[0].outcome
    every = said["拜访周期"]
    text = calendars.text_of(every) if isinstance(every, model.Amount) else limit_of(every)
    return _Answer(text, str(said.get("重点工作") or ""), rows[0].clause)
