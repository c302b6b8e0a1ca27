"""All customers graded at once while one in ten changes, against a bare UPDATE of the rows that change.

Makes its own customers at a unit of its own and takes them away again. `python -m bench.grading 100000` measures on
the database of the environment alone.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from importlib import resources

from django.db import connection, transaction

from .figures import SMALL, Row

SIZE = 100_000 if SMALL else 1_000_000
ROUNDS = 3
CHUNK = 50_000
BUDGET = 5.0


def run(size: int = SIZE) -> list[Row]:
    from zhike.customers.grading import actions
    from zhike.customers.models import Customer, Grade, Profile
    from zhike.kernel import clock
    from zhike.kernel.parties.models import Party, Unit
    from zhike.kernel.parties.tree import plant
    from zhike.manuals import actions as manuals

    now = clock.now()
    unit = plant(name="分级测量", code="bench-grading", parent=None, kind=Unit.Kind.COMPANY)
    text = resources.files("zhike.manuals").joinpath("library/customer-grading.md").read_text("utf-8")
    manuals.publish_and_install(text=text, unit=unit, by=None, now=now)
    for start in range(0, size, CHUNK):
        with transaction.atomic():
            people = Party.objects.bulk_create(
                Party(kind=Party.Kind.PERSON, name=f"客户{n}", unit=unit)
                for n in range(start, min(start + CHUNK, size))
            )
            Customer.objects.bulk_create(
                Customer(party=one, name=one.name, unit=unit, created_at=now) for one in people
            )
            Profile.objects.bulk_create(
                Profile(customer_id=one.pk, need="CLEAR" if one.pk % 2 else "LATENT") for one in people
            )
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
        changed = mine.filter(since=later).order_by().values("pk")
        bare = _timed(
            lambda changed=changed: Grade.objects.filter(
                pk__in=list(changed.values_list("pk", flat=True))
            ).update(valid_to=None)
        )
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
    ]


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


if __name__ == "__main__":
    import os

    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    for row in run(int(sys.argv[1])):
        print(
            f"{row.work}: {row.value:.2f} {row.unit}"
            + (f", {row.ratio:.1f} x {row.against}" if row.ratio else "")
        )
