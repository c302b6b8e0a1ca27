"""The tour of the README: a factory's complaint over the National Day holiday, with a plan refused and an answer late."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from zhike.complaints.models import Complaint
from zhike.complaints.queries import file_of
from zhike.config.demo import enterprise, tour, trades
from zhike.config.demo.mall import Play
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.procedures.models import Move
from zhike.people.models import User

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0, month=10):
    return dt.datetime(2026, month, day, hour, minute, tzinfo=tour.ZONE)


@pytest.fixture
def played(db):
    """The demo's people and regulations, and nothing but the tour."""
    end = at(1, 14, 20, month=11)
    house = enterprise.build(end, end - dt.timedelta(days=300))
    trades.settle(house, end - dt.timedelta(days=300))
    stage = Play(house, seed=1, end=end)
    tour.enter(stage)
    stage.run()
    return house


@pytest.mark.rule("R001-176", "R001-179", "R001-183..184", "T001-37")
def test_the_case_crosses_the_holiday_to_the_minute(played):
    complaint = Complaint.objects.get()
    duties = {duty.kind: duty for duty in Duty.objects.exclude(ruling_id=None)}
    factory = {post: parties[0].pk for (unit, post), parties in played.staff.items() if unit == "factory"}

    assert complaint.closed_at == at(16, 16)
    # one clock hour; the third working day after September 30 is Saturday, October 10, which is worked
    assert Duty.objects.get(kind="complaint.issue").due_at == at(30, 14, 40, month=9)
    reply = duties["complaint.reply"]
    assert (reply.due_at, reply.done_at, reply.is_late(at(20, 9))) == (at(10, 17, 30), at(13, 10), True)
    ways = Move.objects.filter(from_stage="方案初审").order_by("at").values_list("to_stage", flat=True)
    assert list(ways) == ["原因和方案", "措施核准"]
    # one hour after the close of Saturday the superior, one working day after it, on Monday, the vice general manager
    told = Message.objects.filter(kind="duty.overdue", title="逾期：答复").order_by("at")
    assert list(told.values_list("to", "at")) == [
        (factory["DEPARTMENT_HEAD"], at(10, 18, 30)),
        (factory["MARKETING_VICE_GM"], at(12, 17, 30)),
    ]
    shown = [item for item in file_of(complaint).timeline if item.kind == "escalation"]
    assert [(item.row.target_id, item.at) for item in shown if item.row.duty == reply] == list(
        told.values_list("to", "at")
    )


def test_who_opens_the_case_reads_whom_the_escalation_told(played, client):
    client.force_login(User.objects.get(party=played.staff["factory", "MARKETING_CLERK"][0]))

    page = client.get(reverse("complaints:detail", args=[Complaint.objects.get().pk])).content.decode()

    lines = [line for line in re.findall(r"ti-alarm.*?</li>", page, re.S) if "答复" in line]
    vice = played.staff["factory", "MARKETING_VICE_GM"][0].name
    assert [("18:30" in line, "17:30" in line and vice in line, "5.3.1" in line) for line in lines] == [
        (True, False, True),
        (False, True, True),
    ]
