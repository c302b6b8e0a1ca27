"""The whole story of a mall complaint: registered, ruled, worked in seven steps, closed, printed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhike.complaints import actions, queries, regime
from zhike.complaints.models import Complaint
from zhike.complaints.tests.factories import a_complaint
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.procedures.models import HandOver, Move
from zhike.people.tests.factories import MONDAY


@pytest.mark.django_db
@pytest.mark.rule("S001-044", "S001-045", "R001-106", "R001-113")
def test_expired_yoghurt_goes_to_the_store_manager_and_through_seven_steps(people):
    taker = people.taker.party

    complaint = actions.register(
        unit=people.south,
        channel="COUNTER",
        name="贺晓岚",
        phone="13812346207",
        text="买到过期酸奶,36 元,要找店长。",
        item="EXPIRED",
        value=Decimal("36"),
        circumstances=["SPOILED_FOOD", "INSISTS_ON_MANAGER"],
        by=taker,
        now=MONDAY,
    )

    assert complaint.handler == people.store_manager.party
    assert complaint.clause == "三(五)1"
    assert complaint.stage == "确认原因"
    assert sorted(Duty.objects.filter(state="OPEN").values_list("kind", flat=True)) == [
        "complaint.cause",
        "complaint.reply",
        "complaint.resolution",
        "complaint.response",
    ]

    later = MONDAY + dt.timedelta(minutes=20)
    actions.record_step(complaint=complaint, kind="cause", text="冷柜断电", by=taker, now=later)
    actions.record_step(complaint=complaint, kind="details", text="四杯,批号 L0920", by=taker, now=later)
    actions.reply(complaint=complaint, text="我们正在处理。", by=people.store_manager.party, now=later)
    manager = people.store_manager.party
    actions.record_step(
        complaint=complaint,
        kind="solution",
        text="退一赔十",
        compensation=Decimal("100"),
        by=manager,
        now=later,
    )
    actions.record_step(complaint=complaint, kind="execution", text="已赔付", by=manager, now=later)
    with pytest.raises(actions.CannotClose):
        actions.record_step(complaint=complaint, kind="summary", text=" ", by=manager, now=later)
    actions.record_step(complaint=complaint, kind="summary", text="冷柜加装断电报警", by=manager, now=later)

    complaint = Complaint.objects.get()
    assert complaint.closed_at == later
    assert complaint.responded_at == later
    assert complaint.solved_at == later
    assert list(Duty.objects.filter(state="OPEN").values_list("title", flat=True)) == ["回访"]
    assert [move.from_stage for move in Move.objects.order_by("id")] == [
        "", "冷静倾听", "确认原因", "体谅顾客", "记录细节", "提出方案", "执行", "总结",
    ]  # fmt: skip
    assert HandOver.objects.count() == 0
    file = queries.file_of(complaint)
    assert file.text_of("summary") == "冷柜加装断电报警"
    assert queries.complaints(EVERYTHING).count() == 1
    assert regime.regime_of(complaint).label("投诉项目", "EXPIRED") in {"过期", "Expired"}


@pytest.mark.django_db
@pytest.mark.rule("R001-113")
def test_no_escalation_of_a_complaint_reaches_the_person_complained_of(people):
    store_manager = people.store_manager.party
    complaint = a_complaint(people, accused=store_manager, accused_level="SUPERVISOR_UP")

    watch.run(now=MONDAY + dt.timedelta(days=14))

    assert complaint.handler_id != store_manager.pk
    told = set(Escalation.objects.values_list("target", flat=True))
    assert store_manager.pk not in told
    assert people.general_manager.pk in told
    assert not Message.objects.filter(to=store_manager).exists()
