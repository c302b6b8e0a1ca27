"""Questions as applications declare them, for the tests of this folder."""

from zhike.kernel.policy.questions import (
    Bool,
    Choice,
    Count,
    DueTime,
    Enum,
    Fact,
    Money,
    Multi,
    Outcome,
    Question,
    Tags,
    Text,
)

AUTHORITY = Question(
    "complaint.authority",
    facts=[
        Fact("value", Money, zh="货值", en="value", optional=True),
        Fact("circumstances", Tags("投诉情形"), zh="情形", en="circumstances"),
        Fact("accused", Enum(["主管级以上", "主管级以下"]), zh="被投诉人", en="accused", optional=True),
    ],
    outcome=[Outcome("handler", Choice("处理人"), zh="处理人", en="handler")],
)
PENALTY = Question(
    "complaint.penalty",
    facts=[
        Fact("fault", Enum(["置投诉于不顾", "被投诉属实"]), zh="过失"),
        Fact("count", Count, zh="次数"),
    ],
    outcome=[Outcome("allowance", Text, zh="当月津贴"), Outcome("step", Text, zh="处分")],
)
STEPS = Question("complaint.steps", required=False)
REPLY = Question(
    "mfg.reply",
    facts=[Fact("major", Bool, zh="重大")],
    outcome=[
        Outcome("interim", DueTime, zh="临时措施答复"),
        Outcome("reply", DueTime, zh="答复"),
        Outcome("approvers", Multi(), zh="签批人"),
    ],
)
PROCEDURE = Question(
    "mfg.procedure",
    facts=[Fact("major", Bool, zh="重大")],
    outcome=[Outcome("rejected", Bool, zh="不通过", optional=True)],
)
QUESTIONS = {question.name: question for question in (AUTHORITY, PENALTY, STEPS, REPLY, PROCEDURE)}
