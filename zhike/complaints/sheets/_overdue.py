"""The reminder and inquiry sheets of what is overdue (F001-63, D20 art. 2)."""

from __future__ import annotations

from zhike.complaints.followups import OverdueSheet
from zhike.kernel.records.forms import Field, Form, Option, cell, register


def _kinds(_sheet: object) -> list[Option]:
    return [Option("REMINDER", "催办单", "Reminder"), Option("INQUIRY", "洽办单", "Inquiry")]


def _answered(sheet: OverdueSheet) -> dict[str, object]:
    person = sheet.answered_by
    return {"name": person.name if person else "", "at": sheet.answered_at}


SHEET = register(
    Form(
        code="F001-63",
        zh="催办单/洽办单",
        en="Reminder and inquiry sheet",
        fields=(
            Field("kind", "单别", "Kind", "ticks", source=lambda s: [s.kind], options=_kinds),
            Field("case", "案件编号", "Case", source=lambda s: s.complaint.number),
            Field("title", "案由", "Matter", "long", source=lambda s: s.complaint.title),
            Field("department", "受文部门", "Department", source=lambda s: s.department),
            Field("to", "承办人", "In charge", "person", source=lambda s: s.to.name if s.to else ""),
            Field("step", "逾期事项", "What is overdue", source=lambda s: s.step),
            Field("due_at", "应办期限", "Was due", "moment", source=lambda s: s.due_at),
            Field("days", "逾期天数", "Days overdue", "number", source=lambda s: s.days),
            Field("turn", "第几次", "Turn", "number", source=lambda s: s.turn + 1),
            Field("at", "发文时间", "Written at", "moment", source=lambda s: s.at),
            Field("reply_by", "答复期限", "Reply by", "moment", source=lambda s: s.reply_by),
            Field(
                "answer",
                "延误原因和办理情况",
                "Reason and what is being done",
                "long",
                source=lambda s: s.answer,
            ),
            Field("answered", "答复人", "Answered by", "signature", source=_answered),
            Field("office", "发文单位", "Issued by", "signature"),
        ),
        layout=(
            (cell("kind", span=3), cell("turn")),
            (cell("case"), cell("title", span=3)),
            (cell("department", span=3), cell("to")),
            (cell("step", span=3), cell("days")),
            (cell("due_at"), cell("at"), cell("reply_by")),
            (cell("answer", "answered", span=5, tall=40),),
            (cell("office", span=5, tall=14),),
        ),
        note_zh="催办单于逾期未办时发出；洽办单于逾期结案后发出，请说明延误原因。",
        note_en="A reminder goes out while something is overdue; an inquiry asks for the cause after a late closing.",
    )
)
