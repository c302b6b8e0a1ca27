import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection

from zhike.kernel.outbox import deliver, events, post
from zhike.kernel.outbox.models import Event, Heard, Message
from zhike.kernel.parties.models import Party

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ears(monkeypatch):
    """Listeners of the test alone."""
    monkeypatch.setattr(events, "_listeners", {})


def plan(name: str):
    def listener(*, ids, at, now):
        Party.objects.create(kind=Party.Kind.PERSON, name=f"{name} {ids['case']} {at:%H:%M} {now:%H:%M}")

    return listener


def fail(*, ids, at, now):
    Party.objects.create(kind=Party.Kind.PERSON, name="half")
    raise RuntimeError("no manual")


def names() -> list[str]:
    return list(Party.objects.order_by("pk").values_list("name", flat=True))


def test_every_listener_hears_an_event_once(ears):
    events.listen("case_closed", plan("surveys"), "surveys")
    events.listen("case_closed", plan("quality"), "quality")
    events.listen("case_opened", plan("never"), "surveys")
    post.emit("case_closed", ids={"case": 3}, at=MONDAY)

    report = deliver.run_once(MONDAY + MINUTE)
    deliver.run_once(MONDAY + 60 * MINUTE)

    assert report == deliver.Report(told=1)
    assert names() == ["surveys 3 09:30 09:31", "quality 3 09:30 09:31"]
    assert Event.objects.get().state == "DONE"


def test_an_event_nobody_listens_to_is_done(ears):
    post.emit("case_closed", ids={"case": 3}, at=MONDAY)

    assert deliver.run_once(MONDAY) == deliver.Report(told=1)


def test_registering_again_replaces_and_an_unknown_name_is_refused(ears):
    events.listen("case_closed", plan("old"), "surveys")
    events.listen("case_closed", plan("new"), "surveys")

    assert len(events.listeners("case_closed")) == 1
    with pytest.raises(ValueError, match="case_eaten"):
        events.listen("case_eaten", plan("x"), "surveys")


def test_a_failing_listener_leaves_nothing_stops_nobody_and_is_tried_alone(ears):
    events.listen("case_closed", fail, "surveys")
    events.listen("case_closed", plan("quality"), "quality")
    post.emit("case_closed", ids={"case": 1}, at=MONDAY)
    post.emit("case_closed", ids={"case": 2}, at=MONDAY)

    report = deliver.run_once(MONDAY)

    assert report == deliver.Report(retried=2)
    assert names() == ["quality 1 09:30 09:30", "quality 2 09:30 09:30"]
    assert {event.error for event in Event.objects.all()} == {"surveys: RuntimeError: no manual"}

    events.listen("case_closed", plan("surveys"), "surveys")
    assert deliver.run_once(MONDAY + MINUTE) == deliver.Report(told=2)
    assert names()[2:] == ["surveys 1 09:30 09:31", "surveys 2 09:30 09:31"]


def test_an_event_is_given_up_after_the_last_wait(ears):
    events.listen("case_closed", fail, "surveys")
    post.emit("case_closed", ids={"case": 1}, at=MONDAY)
    now = MONDAY

    for wait in deliver.BACKOFF:
        assert deliver.run_once(now) == deliver.Report(retried=1)
        now += wait
    assert deliver.run_once(now) == deliver.Report(failed=1)

    assert Event.objects.get().state == "FAILED"
    assert deliver.backlog() == deliver.Backlog(0, None, 0, 1, 0)


def test_a_listener_that_breaks_a_constraint_is_tried_again(ears):
    def twice(*, ids, at, now):
        raise IntegrityError("unique")

    events.listen("case_closed", twice, "surveys")
    post.emit("case_closed", ids={"case": 1}, at=MONDAY)

    assert deliver.run_once(MONDAY) == deliver.Report(retried=1)
    assert Event.objects.get().error == "surveys: IntegrityError: unique"


def test_what_another_worker_did_meanwhile_is_not_done_again(ears):
    event = Event.objects.create(name="case_closed", ids={"case": 1}, at=MONDAY, next_try_at=MONDAY)
    Heard.objects.create(event=event, listener="surveys")
    events.listen("case_closed", plan("surveys"), "surveys")

    assert deliver.run_once(MONDAY) == deliver.Report(told=1)

    assert names() == []


def test_an_event_claimed_by_a_dead_worker_is_taken_again(ears):
    def die(*, ids, at, now):
        raise KeyboardInterrupt

    events.listen("case_closed", die, "surveys")
    post.emit("case_closed", ids={"case": 1}, at=MONDAY)
    with pytest.raises(KeyboardInterrupt):
        deliver.run_once(MONDAY)
    events.listen("case_closed", plan("surveys"), "surveys")

    assert deliver.run_once(MONDAY + deliver.LEASE - MINUTE) == deliver.Report()
    assert deliver.run_once(MONDAY + deliver.LEASE) == deliver.Report(told=1)
    assert names() == ["surveys 1 09:30 09:40"]


def test_a_run_stops_at_its_limit_and_the_oldest_go_first(ears):
    events.listen("case_closed", plan("s"), "surveys")
    for case in (3, 2, 1):
        post.emit("case_closed", ids={"case": case}, at=MONDAY - case * MINUTE)

    deliver.run_once(MONDAY, limit=2)

    assert [name.split()[1] for name in names()] == ["3", "2"]
    assert deliver.backlog().events == 1
    assert deliver.backlog().oldest == MONDAY - MINUTE


def test_old_delivered_events_are_forgotten_and_waiting_ones_kept(ears):
    events.listen("case_closed", plan("s"), "surveys")
    post.emit("case_closed", ids={"case": 1}, at=MONDAY)
    deliver.run_once(MONDAY)
    post.emit("case_closed", ids={"case": 2}, at=MONDAY)

    assert deliver.prune(MONDAY + dt.timedelta(days=30)) == 0
    assert deliver.prune(MONDAY + dt.timedelta(days=30, seconds=1)) == 1

    assert [event.ids for event in Event.objects.all()] == [{"case": 2}]
    assert Heard.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_workers_side_by_side_tell_each_event_once(ears):
    events.listen("case_closed", plan("s"), "surveys")
    for case in range(40):
        post.emit("case_closed", ids={"case": case}, at=MONDAY)

    def work():
        deliver.run_once(MONDAY)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(int(name.split()[1]) for name in names()) == list(range(40))
    assert Message.objects.count() == 0
