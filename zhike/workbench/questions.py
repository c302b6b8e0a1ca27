"""What the workbench asks the manuals: by when each work is done, by which posts (T004-02)."""

from __future__ import annotations

from zhike.kernel.policy.questions import DueTime, Enum, Fact, Multi, Outcome, Question, TextOut, register

WORKS = [
    ("MONTH_PLAN", "月工作计划", "Monthly work plan"),
    ("VISIT_SHEETS", "拜访计划表和记录表", "Visit plan and record sheets"),
    ("VISIT_RECORD", "拜访记录整理", "Sorting visit records"),
    ("URGENT", "紧急问题", "Urgent problem"),
    ("FEEDBACK", "一般问题", "General problem"),
    ("MESSAGE", "客户留言", "Customer message"),
    ("EVALUATION", "客户评价", "Evaluation of a customer"),
    ("WEEK", "周报", "Weekly report"),
    ("MONTH", "月报", "Monthly report"),
    ("SUMMARY", "工作总结", "Work summary"),
]
# lists of the manual: what each report holds, and the indicators of the monthly report with their targets
PARTS = {"MONTH_PLAN": "月计划内容", "WEEK": "周报内容", "MONTH": "月报内容", "SUMMARY": "总结内容"}
INDICATORS = "服务指标"

DEADLINE = register(
    Question(
        "work.deadline",
        facts=[Fact("work", Enum(WORKS), zh="工作", en="work")],
        outcome=[
            Outcome("limit", DueTime, zh="期限", en="deadline"),
            Outcome("posts", Multi(), zh="负责", en="owed by", optional=True),
            Outcome("module", TextOut, zh="模块", en="module", optional=True),
        ],
    )
)
