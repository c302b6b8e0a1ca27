"""Corrective actions in the factory: one that came back after a confirmed effect, one sent back, one in vain, one late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from zhike.complaints import actions as cases
from zhike.complaints.capa import actions
from zhike.complaints.capa.models import Capa, CapaAction, CapaWhy
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures import approvals
from zhike.kernel.worktime import arithmetic, calendars

from .enterprise import House
from .trade_stories import SAID
from .trades import _owner

Bones = list[tuple[str, str, list[str], bool | None]]


@dataclass
class Story:
    """One complaint with its corrective action, played from `now` on; every act is some working hours later."""

    house: House
    now: dt.datetime
    complaint: Complaint = field(init=False)
    capa: Capa = field(init=False)

    def who(self, post: str) -> Party:
        return self.house.staff["factory", post][0]

    def later(self, hours: float = 2) -> dt.datetime:
        calendar = calendars.calendar_for(self.house.units["factory"].pk)
        self.now = arithmetic.next_open(calendar, self.now + dt.timedelta(hours=hours))
        return self.now

    def day(self, days: int) -> dt.date:
        return calendars.local_day(self.now + dt.timedelta(days=days), self.house.units["factory"].pk)

    def opened(self, text: str, item: str, customer: str, **more: str) -> None:
        self.complaint = cases.register(
            unit=self.house.units["factory"],
            by=self.who("MARKETING_CLERK"),
            now=self.later(0),
            name=customer,
            phone="",
            channel="EMAIL",
            text=text,
            demand="查明原因并改善",
            item=item,
            circumstances=[],
            more=more,
        )

    def step(self, *, back: bool = False, text: str = "") -> None:
        """Whoever owes the stage writes it down."""
        case = self.complaint
        regime = regime_of(case)
        here = regime.answer.table.stage(case.stage)  # type: ignore[union-attr]
        label = regime.decided_in(here) if here is not None else ""
        owner = _owner(case)
        assert owner is not None, case.stage
        cases.record_step(
            complaint=case,
            kind=case.stage_kind,
            text=text or SAID["back" if back else case.stage_kind][0],
            by=owner,
            now=self.later(),
            decision=back if label else None,
        )

    def until(self, stage: str) -> None:
        while self.complaint.is_open and self.complaint.stage != stage:
            self.step()

    # ---- the corrective action

    def _who(self, post: str) -> dict[str, Any]:
        self.capa.refresh_from_db()
        return {"by": self.who(post), "now": self.later(0.3)}

    def begin(self, department: str, keywords: str, participant: str = "SALES_REPRESENTATIVE") -> None:
        self.capa = actions.start_capa(
            complaints=[self.complaint], lead=self.who("QUALITY_ENGINEER"), by=self.who("QUALITY_ENGINEER"), now=self.later()
        )  # fmt: skip
        actions.describe_capa(
            capa=self.capa,
            lead=self.capa.lead,
            department=department,
            participants=[self.who(participant), self.who("DEPARTMENT_HEAD")],
            keywords=keywords,
            **self._who("QUALITY_ENGINEER"),
        )

    def why(self, chain: int, *answers: str, root: bool = True) -> None:
        why: CapaWhy | None = None
        for place, answer in enumerate(answers, start=1):
            given = self._who("DEPARTMENT_HEAD")
            why = actions.answer_why(capa=self.capa, chain=chain, place=place, answer=answer, **given)
        if root and why is not None:
            given = self._who("DEPARTMENT_HEAD")
            actions.mark_root(why=why, **given)

    def fishbone(self, bones: Bones) -> None:
        for category, text, subs, verified in bones:
            given = self._who("DEPARTMENT_HEAD")
            top = actions.add_cause(capa=self.capa, category=category, text=text, **given)
            for sub in subs:
                given = self._who("DEPARTMENT_HEAD")
                actions.add_cause(capa=self.capa, category=category, text=sub, parent=top, **given)
            if verified is not None:
                given = self._who("DEPARTMENT_HEAD")
                top.capa.refresh_from_db()
                actions.verify_cause(cause=top, verified=verified, **given)

    def plan(self, kind: str, what: str, post: str, days: int, by: str = "DEPARTMENT_HEAD") -> CapaAction:
        given = self._who(by)
        return actions.add_action(
            capa=self.capa, kind=kind, what=what, owner=self.who(post), due_on=self.day(days), **given
        )

    def done(self, *evidence: str) -> None:
        """The first open measures, one for each evidence."""
        rows = CapaAction.objects.filter(capa=self.capa, done_at=None).order_by("id")
        for row, shown in zip(list(rows), evidence, strict=False):
            assert row.owner is not None
            actions.finish_action(action=row, evidence=shown, by=row.owner, now=self.later(5))

    def approved(self) -> None:
        self.capa.refresh_from_db()
        assert self.capa.approval is not None
        approvals.decide(
            approval=self.capa.approval, decision="YES", opinion="同意", by=self.who("MANAGEMENT_REPRESENTATIVE"), now=self.later()
        )  # fmt: skip


def correct(house: House, end: dt.datetime) -> None:
    """Play the four stories up to `end`."""
    old = _confirmed(Story(house, end - dt.timedelta(days=68)))
    _came_back(Story(house, end - dt.timedelta(days=16)), old)
    _in_vain(Story(house, end - dt.timedelta(days=44)))
    _late(Story(house, end - dt.timedelta(days=7)))


def _confirmed(play: Story) -> Complaint:
    play.opened(
        "连接座内孔偏大，装配后松动，同一批六十件中有九件。",
        "QUALITY",
        "广陵机械厂",
        product="连接座 L-40",
        lot="26A-117",
    )
    play.until("判定责任")
    play.begin("机加工车间", "换刀 对刀")
    play.plan("CONTAINMENT", "隔离 26A-117 批库存并全检", "QUALITY_ENGINEER", 1, by="QUALITY_ENGINEER")
    play.done("全检 214 件，挑出 11 件")
    play.until("原因和方案")
    play.why(1, "内孔尺寸超上差", "换刀后没有重新对刀", "换刀后凭经验补偿")
    play.plan("CORRECTIVE", "换刀后首件三坐标检验", "DEPARTMENT_HEAD", 5)
    play.until("执行措施")
    play.done("换刀首检记录 12 份")
    play.now += dt.timedelta(days=6)
    play.until("")
    play.capa.refresh_from_db()
    actions.close_capa(
        capa=play.capa,
        lesson="换刀要首检，凭经验补偿不可靠。",
        change="作业指导书 JG-07 增加换刀首检。",
        by=play.who("QUALITY_ENGINEER"),
        now=play.later(),
    )
    return play.complaint


def _came_back(play: Story, old: Complaint) -> None:
    """The same trouble again: the plan is sent back once, then accepted; one measure is overdue."""
    play.opened(
        "新到的连接座又有内孔偏大的，与上次投诉的现象一样。",
        "QUALITY",
        "广陵机械厂",
        product="连接座 L-40",
        lot="26A-117",
    )
    play.until("判定责任")
    play.begin("机加工车间", "换刀 对刀 首检")
    given = play._who("QUALITY_ENGINEER")
    actions.confirm_recurrence(
        capa=play.capa, past=old, note="同一工序、同一现象，上次的首检没有坚持。", **given
    )
    play.plan(
        "CONTAINMENT",
        "通知客户暂停使用，发 60 件合格品替换",
        "SALES_REPRESENTATIVE",
        1,
        by="QUALITY_ENGINEER",
    )
    play.done("替换件已签收")
    play.until("原因和方案")
    play.why(1, "内孔尺寸超上差", "夜班换刀后没有做首检", root=False)
    play.why(2, "不合格品没有检出", "抽检方案只抽前十件", root=True)
    play.fishbone(
        [
            ("MAN", "夜班操作工未培训", ["新员工三名"], True),
            ("MACHINE", "刀具补偿值漂移", ["刀补无锁定"], None),
            ("MATERIAL", "来料硬度波动", [], False),
            ("METHOD", "首检规定没有夜班责任人", ["作业指导书只写白班"], True),
            ("ENVIRONMENT", "夜间车间温差大", [], False),
            ("MEASUREMENT", "内径表未按期校准", ["校准超期 11 天"], True),
        ]
    )
    play.plan("CORRECTIVE", "夜班首检由班长签字", "DEPARTMENT_HEAD", 7)
    play.step()
    play.step(back=True, text="只说了没有做首检，没有说明为什么上次的措施没有坚持，请重新分析。")
    play.why(3, "首检没有坚持", "夜班没有首检的责任人", "作业指导书只写了白班")
    play.plan("CORRECTIVE", "修改作业指导书 JG-07,写明夜班责任人", "DEPARTMENT_HEAD", 4)
    play.plan("PREVENTIVE", "机床刀补设权限锁定", "QUALITY_HEAD", 30)
    play.step()
    play.until("执行措施")
    play.done("夜班首检签字表 9 份")


def _in_vain(play: Story) -> None:
    """The first measure did not help; the second was carried out and waits for the check of its effect."""
    play.opened("支架焊缝开裂，两台在路试中断裂。", "QUALITY", "宏图车辆", product="支架 K-9", lot="26B-044")
    play.until("判定责任")
    play.begin("焊接车间", "焊缝 开裂")
    play.until("原因和方案")
    play.why(1, "焊缝熔深不够", "焊接电流偏低")
    play.plan("CORRECTIVE", "焊接电流由 180 A 调到 200 A", "DEPARTMENT_HEAD", 4)
    play.until("执行措施")
    play.done("参数卡已改，首件熔深 1.4 mm")
    play.until("效果确认")
    play.now += dt.timedelta(days=10)
    given = play._who("QUALITY_ENGINEER")
    actions.check_effect(
        capa=play.capa,
        round=play.capa.round,
        effective=False,
        evidence="调整后第二批探伤又有 4 件裂纹，电流不是根本原因。",
        on=play.day(0),
        **given,
    )
    play.fishbone(
        [
            ("MATERIAL", "焊丝受潮", ["库房湿度 78 %"], True),
            ("MACHINE", "焊机电流漂移", [], False),
            ("ENVIRONMENT", "雨季库房没有除湿", [], True),
            ("METHOD", "焊丝开封后无时限", [], None),
        ]
    )
    play.why(2, "焊缝有氢致裂纹", "焊丝受潮", "开封的焊丝没有烘干和时限")
    play.plan("CORRECTIVE", "焊丝库加装除湿机，湿度记录", "DEPARTMENT_HEAD", 5)
    given = play._who("DEPARTMENT_HEAD")
    actions.submit_plan(capa=play.capa, **given)
    given = play._who("QUALITY_ENGINEER")
    actions.review_plan(
        capa=play.capa, round=play.capa.round, passed=True, reason="证据充分，可以执行。", **given
    )
    play.approved()
    play.done("除湿机已装，湿度连续五天低于 50 %")


def _late(play: Story) -> None:
    """The analysis has hardly begun, and the temporary measure is overdue."""
    play.opened(
        "轴套表面有砂眼，来料检验退了十二件。", "QUALITY", "江北泵业", product="轴套 Z-12", lot="26B-031"
    )
    play.until("判定责任")
    play.begin("铸造车间", "砂眼 铸造")
    play.plan("CONTAINMENT", "在库轴套目视全检并补发十二件", "QUALITY_ENGINEER", 2, by="QUALITY_ENGINEER")
    play.why(1, "铸件有气孔", "型砂水分偏高", root=False)
