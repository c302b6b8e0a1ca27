"""The mall's forms (D09): F001-34 the record, F001-35 the penalty notice."""

from __future__ import annotations

from dataclasses import dataclass

from zhike.complaints import questions
from zhike.complaints.models import Penalty
from zhike.complaints.regime import Regime
from zhike.kernel.records.forms import Band, Field, Form, Option, cell, register

from ._reading import Words, Written, files, phone

RECORD = register(
    Form(
        code="F001-34",
        zh="顾客投诉记录",
        en="Customer complaint record",
        fields=(
            Field("opened_at", "受理时间", "Received at", "moment", source=lambda f: f.complaint.opened_at),
            Field("channel", "受理方式", "Channel", source=lambda f: f.complaint.get_channel_display()),
            Field(
                "taker",
                "接待人",
                "Taken by",
                "person",
                source=lambda f: f.complaint.taker.name if f.complaint.taker else "",
            ),
            Field(
                "customer",
                "顾客",
                "Customer",
                "person",
                source=lambda f: f.complaint.customer.name if f.complaint.customer else "",
            ),
            Field("phone", "电话", "Phone", source=phone),
            Field("happened_on", "发生日期", "Happened on", "date", source=lambda f: f.complaint.happened_on),
            Field(
                "group",
                "类别",
                "Class",
                "ticks",
                source=lambda f: [f.complaint.group] if f.complaint.group else [],
                options=Words(questions.GROUPS),
            ),
            Field(
                "item",
                "项目",
                "Item",
                "ticks",
                source=lambda f: [f.complaint.item] if f.complaint.item else [],
                options=Words(questions.ITEMS),
            ),
            Field(
                "circumstances",
                "情形",
                "Circumstances",
                "ticks",
                source=lambda f: f.complaint.circumstances,
                options=Words(questions.CIRCUMSTANCES),
            ),
            Field("value", "货值(元)", "Goods value (yuan)", "money", source=lambda f: f.complaint.value),
            Field("demand", "顾客要求", "Customer wants", source=lambda f: f.complaint.demand),
            Field("receipts", "凭证", "Receipts", source=files),
            Field("text", "投诉内容", "Complaint", "long", source=lambda f: f.complaint.text),
            Field("cause", "真正原因", "True cause", "long", source=Written(("cause",))),
            Field("details", "细节", "Details", "long", source=Written(("details",))),
            Field("solution", "解决方案", "Proposed solution", "long", source=Written(("solution",))),
            Field(
                "compensation",
                "赔偿(元)",
                "Compensation (yuan)",
                "money",
                source=lambda f: f.complaint.compensation,
            ),
            Field("execution", "执行情况", "Execution", "long", source=Written(("execution",))),
            Field("summary", "总结得失", "Summing-up", "long", source=Written(("summary",))),
            Field(
                "handler",
                "处理人",
                "Handler",
                "person",
                source=lambda f: f.complaint.handler.name if f.complaint.handler else "",
            ),
            Field("clause", "依据条款", "Clause", source=lambda f: f.complaint.clause),
            Field("closed_at", "结案时间", "Closed at", "moment", source=lambda f: f.complaint.closed_at),
            Field("handler_sign", "处理人签字", "Handler's signature", "signature"),
            Field("customer_sign", "顾客签字", "Customer's signature", "signature"),
            Field("seal", "门店盖章", "Seal of the store", "seal"),
        ),
        layout=(
            (cell("opened_at"), cell("channel"), cell("taker")),
            (cell("customer"), cell("phone"), cell("happened_on")),
            (cell("group", span=3), cell("value")),
            (cell("item", span=5),),
            (cell("circumstances", span=5),),
            (cell("demand", span=3), cell("receipts")),
            (cell("text", span=5, tall=22, vertical=True),),
            (cell("cause", span=5, tall=12),),
            (cell("details", span=5, tall=12),),
            (cell("solution", span=5, tall=14),),
            (cell("execution", span=5, tall=12),),
            (cell("summary", span=5, tall=12),),
            (cell("compensation"), cell("handler"), cell("clause")),
            (cell("closed_at"), cell("handler_sign"), cell("customer_sign")),
            (cell("seal", span=5),),
        ),
        series="",
        note_zh="步骤二、四、五、六、七须留下记录；没有总结不得结案。",
        note_en="Steps 2, 4, 5, 6 and 7 leave a record; no case closes without the summing-up.",
    )
)


@dataclass(frozen=True)
class Notice:
    """What the fields of F001-35 read from."""

    penalty: Penalty
    regime: Regime | None

    def options(self, list_name: str) -> list[Option]:
        words = self.regime.words(list_name) if self.regime else ()
        return [Option(word.code, word.name, word.en) for word in words]


def _approver(notice: Notice) -> str:
    return notice.penalty.decided_by.name if notice.penalty.decided_by else ""


NOTICE = register(
    Form(
        code="F001-35",
        zh="处分通知单",
        en="Penalty notice",
        fields=(
            Field("person", "姓名", "Name", "person", source=lambda n: n.penalty.person.name),
            Field(
                "unit",
                "部门",
                "Unit",
                source=lambda n: n.penalty.person.unit.label if n.penalty.person.unit else "",
            ),
            Field("month", "月份", "Month", source=lambda n: f"{n.penalty.month:%Y-%m}"),
            Field(
                "offence",
                "过失",
                "Offence",
                "ticks",
                source=lambda n: [n.penalty.fault.offence],
                options=Words(questions.OFFENCES),
            ),
            Field("count", "次数", "Count", "number", source=lambda n: n.penalty.count),
            Field(
                "happened_on", "发生日期", "Happened on", "date", source=lambda n: n.penalty.fault.happened_on
            ),
            Field(
                "complaint",
                "投诉单号",
                "Complaint",
                source=lambda n: n.penalty.fault.complaint.number if n.penalty.fault.complaint else "",
            ),
            Field(
                "evidence",
                "事实与证据",
                "Facts and evidence",
                "long",
                source=lambda n: n.penalty.fault.evidence,
            ),
            Field(
                "allowance",
                "当月津贴",
                "Allowance of the month",
                "ticks",
                source=lambda n: [n.penalty.allowance],
                options=Words(questions.ALLOWANCES),
            ),
            Field(
                "deducted",
                "本单扣除",
                "Deducted by this notice",
                "ticks",
                source=lambda n: ["YES" if n.penalty.deducts else "NO"],
                options=(Option("YES", "是", "Yes"), Option("NO", "否", "No")),
            ),
            Field(
                "measure",
                "处分",
                "Measure",
                "ticks",
                source=lambda n: [n.penalty.measure],
                options=Words(questions.MEASURES),
            ),
            Field("clause", "依据条款", "Clause", source=lambda n: n.penalty.clause),
            Field("state", "状态", "State", source=lambda n: n.penalty.get_state_display()),
            Field(
                "opinion", "批准意见", "Opinion of the approver", "long", source=lambda n: n.penalty.opinion
            ),
            Field("approver", "批准人", "Approved by", "person", source=_approver),
            Field("decided_at", "批准时间", "Decided at", "moment", source=lambda n: n.penalty.decided_at),
            Field("appeal", "申诉", "Appeal", "long", source=lambda n: n.penalty.appeal),
            Field("person_sign", "本人签字", "Signature of the person", "signature"),
            Field("approver_sign", "批准人签字", "Signature of the approver", "signature"),
            Field("seal", "盖章", "Seal", "seal"),
        ),
        layout=(
            (cell("person"), cell("unit"), cell("month")),
            (cell("offence", span=3), cell("count")),
            (cell("happened_on"), cell("complaint"), cell("clause")),
            (cell("evidence", span=5, tall=30, vertical=True),),
            (cell("allowance", span=3), cell("deducted")),
            (cell("measure", span=5),),
            Band("批准", "Decision"),
            (cell("opinion", span=5, tall=16),),
            (cell("approver"), cell("decided_at"), cell("state")),
            Band("申诉", "Appeal"),
            (cell("appeal", span=5, tall=24),),
            (cell("person_sign", span=2), cell("approver_sign", span=2)),
            (cell("seal", span=5),),
        ),
        note_zh="只计查实的投诉；同一个月内的津贴只扣一次。对处分不服的，可以申诉。",
        note_en="Only confirmed complaints count; the allowance of a month is deducted once. An appeal is open.",
    )
)
