"""All customers graded at once while one in ten changes, against a bare UPDATE of the rows that change; a changed table
of grades tried on all of them.

Makes its own customers at a unit of its own.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Model

from zhike.customers import questions
from zhike.customers.grading import actions
from zhike.customers.importing import bulk
from zhike.customers.models import Customer, Grade, Profile
from zhike.kernel import clock
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.parties.tree import plant
from zhike.kernel.policy import populations
from zhike.kernel.policy.manual.reader import read
from zhike.kernel.policy.questions import registered
from zhike.kernel.policy.sql import Asked, compare
from zhike.manuals import actions as manuals

from .figures import SMALL, Row

TABLE = "客户等级"
SIZE = 100_000 if SMALL else 1_000_000
ROUNDS = 3
CHUNK = 50_000
BUDGET = 5.0


def run(size: int = SIZE) -> list[Row]:
    now = clock.now()
    unit = plant(name="分级测量", code="bench-grading", parent=None, kind=Unit.Kind.COMPANY)
    text = resources.files("zhike.manuals").joinpath("library/customer-grading.md").read_text("utf-8")
    manuals.publish_and_install(text=text, unit=unit, by=None, now=now)
    _fill(unit, size, now)
    first = _timed(lambda: actions.regrade_many(dimension="grade", now=now, unit=unit))
    analyse()
    mine = Grade.objects.filter(customer__unit=unit, until=None)
    some = Profile.objects.filter(customer__unit=unit)
    ratios, times = [], []
    for round_ in range(1, ROUNDS + 1):
        tenth = some.filter(pk__in=some.extra(where=[f"customer_id %% 10 = {round_}"]).values("pk"))
        tenth.update(need="NONE")
        later = now + dt.timedelta(days=round_)
        took = _timed(lambda later=later: actions.regrade_many(dimension="grade", now=later, unit=unit))
        bare = _timed(lambda later=later: mine.filter(since=later).update(valid_to=None))
        ratios.append(took / bare)
        times.append(took)
    ratio, took = statistics.median(ratios), statistics.median(times)
    return [
        Row(f"first grading of {size:,} customers with history", first, "s"),
        Row(
            f"grading {size:,} customers of whom a tenth changes",
            took,
            "s",
            ratio,
            "bare UPDATE of these rows",
            budget=f"≤ {BUDGET:g} x",
            met=ratio <= BUDGET if size >= 1_000_000 and connection.vendor == "postgresql" else None,
        ),
        *_backtest(text, unit, size),
    ]


def _fill(unit: Unit, size: int, now: dt.datetime) -> None:
    """Customers with what grades ask of them; a million of objects would take longer to make than all the rest."""
    at = bulk.moment(now)
    for start in range(0, size, CHUNK):
        names = [f"客户{n}" for n in range(start, min(start + CHUNK, size))]
        with transaction.atomic():
            keys = bulk.new_keys(Party, len(names))
            people = list(zip(keys, names, strict=True))
            _put(
                Party,
                ("id", "kind", "name", "unit_id"),
                ((pk, "PERSON", name, unit.pk) for pk, name in people),
            )
            _put(
                Customer,
                ("party_id", "name", "unit_id", "created_at"),
                ((pk, name, unit.pk, at) for pk, name in people),
            )
            _put(Profile, ("customer_id", "need"), ((pk, "CLEAR" if pk % 2 else "LATENT") for pk in keys))


def _put(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    rest = bulk.defaults(model, columns)
    values = tuple(rest.values())
    bulk.insert(model, (*columns, *rest), ((*row, *values) for row in rows))


def _backtest(text: str, unit: Unit, size: int) -> list[Row]:
    """What a changed table of grades would mean for everybody, against grouping the same rows by a stored column."""
    population = populations.of(questions.GRADE.name)
    assert population is not None
    cases = population.rows(Scope(party=None, units=frozenset({unit.pk})))
    today = clock.now().date()
    before, after = (
        Asked(
            read(one, questions=registered()),
            TABLE,
            population.asking(questions.GRADE),
            today,
            "customer-grading",
        )
        for one in (text, _changed(text))
    )

    def compared() -> int:
        return sum(change.count for change in compare(before, after, cases, unit=population.unit))

    def bare() -> int:
        return sum(row["n"] for row in cases.order_by().values("value").annotate(n=Count("pk")))

    assert compared() == bare()
    took, plain = (statistics.median(_timed(work) for _ in range(ROUNDS)) for work in (compared, bare))
    return [
        Row(
            f"back-test of a changed table of grades on {size:,} customers",
            took,
            "s",
            took / plain,
            "bare GROUP BY",
        )
    ]


def _changed(text: str) -> str:
    assert "<= 3个月" in text
    return text.replace("<= 3个月", "<= 4个月").replace("version: 1", "version: 2", 1)


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
