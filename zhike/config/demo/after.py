"""After the end of cases in the demo: return visits, one taken up again, a confidential one, shares; invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from zhike.complaints import actions, questions
from zhike.complaints.models import Complaint
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party

from .enterprise import House
from .mall import Play

SAID = {
    1: ["问题没有解决，还要再投诉。"],
    2: ["处理太慢，东西换了还是有毛病。"],
    3: ["可以接受，希望以后快一点。"],
    4: ["处理得比较满意。", "店里打电话道歉了，满意。"],
    5: ["很满意，会再来。", "没想到这么快就解决了。"],
}
EVERY = 6  # hours between two looks at what is owed


def enter(stage: Play, *, days: int) -> None:
    """Let whoever owes a return visit make it within a day or two of the end of the case."""
    begin = stage.end - dt.timedelta(days=days)
    for hour in range(0, days * 24, EVERY):
        stage.at(begin + dt.timedelta(hours=hour), lambda now: _visit(stage, now))


def _visit(stage: Play, now: dt.datetime) -> None:
    owed = Duty.objects.open().filter(
        kind=questions.FOLLOW_UP_DUTY, owner__isnull=False, began_at__lt=now - dt.timedelta(hours=18)
    )
    for duty in owed.select_related("owner").order_by("pk"):
        if stage.dice.random() < 0.3:
            continue
        complaint = Complaint.objects.get(pk=duty.subject_id)
        assert duty.owner is not None
        if stage.dice.random() < 0.12:
            actions.record_follow_up(
                complaint=complaint, reached=False, reason="电话无人接听。", by=duty.owner, now=now
            )
            continue
        degree = stage.dice.choices([5, 4, 3, 2, 1], [30, 40, 18, 8, 4])[0]
        actions.record_follow_up(
            complaint=complaint,
            reached=True,
            satisfaction=degree,
            resolved=degree > 1,
            text=stage.dice.choice(SAID[degree]),
            by=duty.owner,
            now=now,
        )


def finish(house: House, now: dt.datetime) -> None:
    """One dissatisfied customer's case is taken up again, one open case is confidential, one has shares."""
    mall = Complaint.objects.filter(unit__in=[house.units["mall"], *_stores(house)], voided_at=None)
    closed = mall.filter(closed_at__isnull=False, follow_ups__dissatisfied=True)
    again = closed.order_by("-closed_at").first()
    if again is not None and again.handler is not None:
        actions.reopen(complaint=again, reason="回访时客户表示不满意，重新处理。", by=again.handler, now=now)
        _share(house, again, again.handler, now)
    secret = mall.filter(closed_at=None, accused__isnull=False, handler__isnull=False).order_by("pk").first()
    if secret is not None and secret.handler is not None:
        actions.make_confidential(
            complaint=secret,
            persons=[house.staff["mall", "GENERAL_MANAGER"][0]],
            by=secret.handler,
            now=now,
            reason="涉及员工隐私，只由指定人员查看。",
        )


def _stores(house: House) -> list[object]:
    mall = house.units["mall"]
    return [unit for unit in house.units.values() if mall.pk in unit.line and unit.pk != mall.pk]


def _share(house: House, complaint: Complaint, by: Party, now: dt.datetime) -> None:
    actions.settle_shares(
        complaint=complaint,
        parts=[
            actions.Part("OWN", Decimal(60), "验收记录缺签字。", unit=complaint.unit, nature="验收疏漏"),
            actions.Part(
                "SUPPLIER", Decimal(40), "来货单与实物不符。", name="嘉禾食品供应商", nature="来货质量"
            ),
        ],
        by=by,
        now=now,
    )
