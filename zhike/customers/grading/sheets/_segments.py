"""The persona card and the strategy sheet of a segment."""

from __future__ import annotations

from dataclasses import dataclass

from zhike.customers.models import Persona, SegmentPlan
from zhike.kernel.records.forms import Field, Form, cell, register


@dataclass(frozen=True)
class Card:
    """A persona with the name of its segment."""

    persona: Persona
    segment: str


@dataclass(frozen=True)
class Plan:
    plan: SegmentPlan
    segment: str


SEGMENT_OF = Field("segment", "客户群", "Segment", source=lambda f: f.segment)

PERSONA = register(
    Form(
        "F003-04", "客户画像", "Persona card",
        fields=(
            Field("name", "名称", "Name", source=lambda f: f.persona.name),
            SEGMENT_OF,
            Field("version", "版本", "Version", "number", source=lambda f: f.persona.version),
            Field("pains", "需求痛点", "Pains in need", "long", source=lambda f: f.persona.pains),
            Field("expectations", "期望", "Expectations", "long", source=lambda f: f.persona.expectations),
            Field("factors", "决策因素", "Decision factors", "long", source=lambda f: f.persona.factors),
            Field("interaction", "偏好的互动方式", "Preferred interaction", "long", source=lambda f: f.persona.interaction),
            Field("story", "典型故事", "Typical story", "long", source=lambda f: f.persona.story),
            Field("sample", "样本数", "Sample size", "number", source=lambda f: f.persona.sample),
            Field("at", "日期", "Date", "moment", source=lambda f: f.persona.at),
            Field("by", "分析人", "Analyst", "person", source=lambda f: f.persona.by.name),
        ),
        layout=(
            (cell("name"), cell("segment"), cell("version")),
            (cell("pains", span=5, tall=14),),
            (cell("expectations", span=5, tall=14),),
            (cell("factors", span=5, tall=14),),
            (cell("interaction", span=5, tall=14),),
            (cell("story", span=5, tall=20),),
            (cell("sample"), cell("at"), cell("by")),
        ),
    )
)  # fmt: skip

SEGMENT = register(
    Form(
        "F003-05", "细分群体策略表", "Segment strategy sheet",
        fields=(
            SEGMENT_OF,
            Field("begins", "起", "From", "date", source=lambda f: f.plan.begins_on),
            Field("ends", "止", "To", "date", source=lambda f: f.plan.ends_on),
            Field("strategy", "服务策略", "Service strategy", "long", source=lambda f: f.plan.strategy),
            Field("content", "沟通内容", "Content of communication", "long", source=lambda f: f.plan.content),
            Field("priority", "资源优先级", "Priority of resources", "number", source=lambda f: f.plan.priority),
            Field("owner", "负责人", "Owner", "person", source=lambda f: f.plan.owner.name),
            Field("by", "制表人", "Prepared by", "person", source=lambda f: f.plan.by.name),
            Field("target", "目标", "Target", "long", source=lambda f: f.plan.target),
            Field("result", "结果", "Result", "long", source=lambda f: f.plan.result),
        ),
        layout=(
            (cell("segment"), cell("begins"), cell("ends")),
            (cell("strategy", span=5, tall=16),),
            (cell("content", span=5, tall=16),),
            (cell("priority"), cell("owner"), cell("by")),
            (cell("target", span=5, tall=10),),
            (cell("result", span=5, tall=14),),
        ),
    )
)  # fmt: skip
