"""Several workers at once, on real transactions."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from zhike.kernel.duties import _carrying_out, actions, watch
from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.outbox.models import Event, Message

from .house import MONDAY, a_house, at

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="threads share one connection to SQLite in memory"
    ),
]


@pytest.fixture
def crowd(settings):
    """A house with 120 duties that are all due for their warning and their first level."""
    settings.PARTIES_DIRECTORY = "zhike.kernel.duties.tests.house.Directory"
    house = a_house()
    drafts = [
        actions.Draft(
            kind=f"k{n}",
            title="答复",
            owner=house.an,
            began_at=MONDAY,
            limit="2工作小时",
            version_id=house.version.pk,
        )
        for n in range(120)
    ]
    actions.open_duties(drafts, subject=house.unit, unit_id=house.unit.pk, matter="")
    return house


def together(*work) -> list[object]:
    """Run at the same moment, each on a connection of its own; what each gave or raised."""
    gate, found = threading.Barrier(len(work)), [None] * len(work)

    def run(place, job):
        try:
            gate.wait(10)
            found[place] = job()
        except Exception as trouble:
            found[place] = trouble
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_four_workers_do_everything_and_nothing_twice(crowd):
    reports = together(*[lambda: watch.run(now=at(3), batch=7)] * 4)

    assert sum(report.looked for report in reports) == 120
    assert sum(report.acted for report in reports) == 240
    assert (Escalation.objects.count(), Message.objects.count()) == (240, 240)
    assert sum(len(event.ids["levels"]) for event in Event.objects.all()) == 120
    assert set(Duty.objects.values_list("level", flat=True)) == {2}


def test_one_run_with_two_workers_does_everything_once_and_counts_it(crowd):
    report = watch.run(now=at(3), batch=7, workers=2)

    assert (report.looked, report.acted, report.failed) == (120, 240, 0)
    assert (Escalation.objects.count(), Message.objects.count()) == (240, 240)


def test_workers_beside_a_bad_row_still_do_everything_else_once(crowd, monkeypatch):
    honest = _carrying_out.escalation.moment_of
    poison = Duty.objects.order_by("pk")[40].pk

    def moment_of(level, duty, calendar):
        if duty.pk == poison:
            raise ValueError("a bad row")
        return honest(level, duty, calendar)

    monkeypatch.setattr(_carrying_out.escalation, "moment_of", moment_of)
    together(*[lambda: watch.run(now=at(3), batch=50)] * 3)

    assert (Escalation.objects.count(), Message.objects.count()) == (238, 238)
    assert Duty.objects.filter(level=2).count() == 119
    assert Duty.objects.get(pk=poison).failures == 1


def test_a_duty_done_while_the_watch_looks_is_either_told_or_not_but_never_reopened(crowd):
    together(
        lambda: watch.run(now=at(3), batch=10),
        lambda: actions.cancel(subject=crowd.unit, now=at(3), by=crowd.an, reason="void"),
    )

    rows = Duty.objects.all()
    assert {row.state for row in rows} == {"CANCELLED"}
    assert {row.look_again_at for row in rows} == {None}
