"""Who is due in a week: the last visit, and how often the regulation wants customers of each class to be visited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Max

from zhike.customers.grading import queries as grading
from zhike.customers.models import Customer
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.regulation import limit_of
from zhike.kernel.worktime import calendars

from . import questions, rules
from .models import Visit

CLASS = "class"


@dataclass(frozen=True)
class Due:
    """A customer whose next visit falls into the week or before it; `on` None: never visited."""

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
    visited = last_visits(customer.pk for customer in customers)
    rows = []
    for customer, shop_class, answer in _answers(customers, unit, until):
        last = visited.get(customer.pk)
        on = next_after(last, answer.every, unit) if last is not None else None
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


def _decided(found: rules.Rules, shop_class: str) -> _Answer:
    rows = found.decide(questions.CADENCE, shop_class=shop_class or None)
    if not rows:
        raise rules.NoRegulation(f"{questions.CADENCE.name}: {shop_class}")
    said = rows[0].outcome
    every = said["拜访周期"]
    text = calendars.text_of(every) if isinstance(every, model.Amount) else limit_of(every)
    return _Answer(text, str(said.get("重点工作") or ""), rows[0].clause)
