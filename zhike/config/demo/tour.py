"""One case of the factory to look at from end to end: a holiday, a make-up day, a plan refused, an answer overdue.

September 30, 2026 is the last working day before the National Day holiday; October 10 is a Saturday that is worked.
The third working day after quality has signed is that Saturday.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings

from zhike.complaints import actions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.kernel.duties import watch
from zhike.kernel.procedures import stages

from .mall import Play

ZONE = ZoneInfo(settings.TIME_ZONE)
BEGIN = dt.datetime(2026, 9, 1, tzinfo=ZONE)
TEXT = "法兰 DN100 孔距偏差 0.8 毫米，二十套装不上，装配线等着用。"
# moment, stage that is written down, whether it is sent back, and the record
COURSE: list[tuple[str, str, bool, str]] = [
    (
        "09-30 13:55",
        "初审",
        False,
        "细节：二十套孔距同向偏 0.8 毫米；证据：客户量测表；临时措施：先调库存十套。",
    ),
    ("09-30 14:20", "发单", False, "法兰 DN100 批号 26J-208,孔距偏差，退换二十套。"),
    ("09-30 14:50", "主任核准", False, "内容属实，同意发单。"),
    ("09-30 15:30", "品质签收", False, "签收，由品质工程师调查。"),
    ("10-08 10:20", "判定责任", False, "调查结果：钻模定位销磨损；责任部门：机加工车间。"),
    ("10-08 16:30", "原因和方案", False, "根本原因：操作者疏忽；纠正方案：加强教育。"),
    ("10-09 09:40", "方案初审", True, "“疏忽”不是根本原因：定位销为何磨损而没有发现？重新分析。"),
    (
        "10-09 17:10",
        "原因和方案",
        False,
        "根本原因：定位销没有更换周期；纠正方案：每五千件更换，首件用通止规检验。",
    ),
    ("10-10 10:30", "方案初审", False, "原因查到制度上，方案可查可验，通过。"),
    ("10-13 09:10", "措施核准", False, "同意，九月以来同一钻模的在库件全检。"),
    ("10-13 10:00", "答复客户", False, "已换货二十套，附原因、措施和全检记录；客户接受。"),
    ("10-14 15:00", "执行措施", False, "更换定位销，周期写入作业指导书，在库三百件全检，剔除四件。"),
    ("10-16 11:00", "效果确认", False, "连续三批抽检孔距合格。"),
    (
        "10-16 16:00",
        "归档",
        False,
        "总结：节前收单、节后才判责，三个工作日只剩半天；节前当日判责写入注意事项。",
    ),
]
WATCHED = ("10-10 17:00", "10-10 18:30", "10-12 17:30")


def enter(stage: Play) -> None:
    """Let the case come in on the day before the holiday and go its way."""
    stage.at(_at("09-30 13:40"), partial(_open, stage))
    for moment in WATCHED:
        stage.at(_at(moment), lambda now: watch.run(now=now))


def _at(moment: str) -> dt.datetime:
    return dt.datetime.strptime(f"2026-{moment}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def _open(stage: Play, now: dt.datetime) -> None:
    complaint = actions.register(
        unit=stage.house.units["factory"],
        by=stage.house.staff["factory", "MARKETING_CLERK"][0],
        now=now,
        name="华岳重装",
        phone="13905311208",
        channel="PHONE",
        text=TEXT,
        demand="节后第一周换货并说明原因",
        item="QUALITY",
        more={
            "product": "法兰 DN100",
            "lot": "26J-208",
            "evidence": "量测表与照片",
            "evidence_kinds": "PHOTO、TEST",
        },
    )
    for moment, name, back, text in COURSE:
        stage.at(_at(moment), partial(_step, complaint.pk, name, back, text))


def _step(pk: int, name: str, back: bool, text: str, now: dt.datetime) -> None:
    complaint = Complaint.objects.get(pk=pk)
    regime = regime_of(complaint)
    here = regime.stage(complaint.stage)
    assert here is not None
    assert here.name == name, (here.name, name)
    owner = next(duty.owner for duty in stages.owed(complaint) if duty.owner is not None)
    actions.record_step(
        complaint=complaint,
        kind=complaint.stage_kind,
        text=text,
        by=owner,
        now=now,
        decision=back if regime.decided_in(here) else None,
    )
