"""The car maker's applications for money: special-case warranty (F001-43) and special compensation (F001-44)."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from zhike.complaints.models import Grant
from zhike.kernel.records.forms import Field, Form, Option, cell, register

from ._fields import CUSTOMER, NUMBER, OPENED_AT, TEXT, chosen, more
from ._reading import Filled, files


class Of:
    """A figure of the newest application of one kind that was not withdrawn; nothing where there is none."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name = kind, name

    def __call__(self, filled: Filled) -> Any:
        grant = newest(filled, self.kind)
        if grant is None:
            return [] if self.name in {"form", "decision"} else ""
        if self.name == "form":
            return [grant.form] if grant.form else []
        if self.name == "decision":
            return [grant.state] if grant.state in {"GRANTED", "REFUSED"} else []
        if self.name == "asked_sign":
            return {"name": grant.by.name, "at": grant.at}
        if self.name == "decided_sign":
            return {"name": grant.decided_by.name if grant.decided_by else "", "at": grant.decided_at}
        if self.name == "granted":
            return grant.granted if grant.state == Grant.State.GRANTED else None
        if self.name == "opinions":
            return _opinions(filled, grant)
        return getattr(grant, self.name)


def newest(filled: Filled, kind: str) -> Grant | None:
    asked = [
        one
        for one in filled.complaint.grants.all()
        if one.kind == kind and one.state != Grant.State.WITHDRAWN
    ]
    return asked[-1] if asked else None


def _opinions(filled: Filled, grant: Grant) -> str:
    """What those who decided it wrote, each with the name."""
    asked = next((one for one in filled.file.approvals if one.pk == grant.approval_id), None)
    steps = asked.steps.all() if asked is not None else ()
    return "\n".join(
        f"{(step.deputy or step.approver).name}: {step.opinion}" for step in steps if step.opinion
    )


DECISION = (Option("GRANTED", "同意", "Granted"), Option("REFUSED", "不同意", "Refused"))


def _field(kind: str, name: str, zh: str, en: str, what: Any = "text", **more_of_it: Any) -> Field:
    return Field(name, zh, en, what, source=Of(kind, name), **more_of_it)


SPECIAL = register(
    Form(
        code="F001-43",
        zh="特案申请",
        en="Special-case warranty application",
        fields=(
            NUMBER, OPENED_AT, CUSTOMER,
            more("dealer", "申请单位", "Applicant"),
            more("vin", "车架号", "VIN"), more("model", "车型", "Model"),
            more("mileage", "里程(公里)", "Mileage (km)", kind="number"),
            more("purchased_on", "购车日期", "Purchased on", kind="date"),
            chosen("warranty", "保修状态", "Warranty"),
            more("product_cause", "产品质量原因", "Caused by the product"),
            TEXT,
            _field("SPECIAL_CASE", "reason", "申请理由", "Reason", "long"),
            _field("SPECIAL_CASE", "cost", "维修费用(元)", "Full repair cost (yuan)", "money"),
            _field("SPECIAL_CASE", "asked", "申请金额(元)", "Amount asked for (yuan)", "money"),
            _field("SPECIAL_CASE", "asked_sign", "申请人", "Asked by", "signature"),
            _field("SPECIAL_CASE", "decision", "裁定", "Decision", "ticks", options=DECISION),
            _field("SPECIAL_CASE", "granted", "结算金额(元)", "Granted (yuan)", "money"),
            _field("SPECIAL_CASE", "ratio", "比例(%)", "Ratio (%)", "number"),
            _field("SPECIAL_CASE", "opinions", "研判意见", "Opinion", "long"),
            _field("SPECIAL_CASE", "decided_sign", "技术支持系", "Technical support", "signature"),
            Field("files", "照片和附件", "Photos and files", "long", source=files),
        ),
        layout=(
            (cell("number"), cell("opened_at"), cell("customer")),
            (cell("dealer", span=5),),
            (cell("vin", span=3), cell("model")),
            (cell("mileage"), cell("purchased_on"), cell("product_cause")),
            (cell("warranty", span=5),),
            (cell("text", span=5, tall=16),),
            (cell("reason", span=5, tall=20),),
            (cell("cost"), cell("asked", span=3)),
            (cell("asked_sign", span=5),),
            (cell("decision"), cell("granted"), cell("ratio")),
            (cell("opinions", "decided_sign", span=5, tall=24),),
            (cell("files", span=5),),
        ),
        note_zh="特案保修只结算适当部分，结算金额低于全部维修费用。",
        note_en="A special case is a part payment below the full repair cost.",
    )
)  # fmt: skip
GOODWILL = register(
    Form(
        code="F001-44",
        zh="特别理赔(善意补偿)申请",
        en="Special compensation (goodwill) application",
        fields=(
            NUMBER, OPENED_AT, CUSTOMER,
            more("dealer", "申请单位", "Applicant"), more("vin", "车架号", "VIN"), more("model", "车型", "Model"),
            TEXT,
            _field("GOODWILL", "form", "类型", "Kind", "ticks", options=(
                Option("MAINTENANCE", "免费维修保养", "Free maintenance"), Option("COST", "商务费用", "Business cost"))),
            _field("GOODWILL", "reason", "目的和理由", "Purpose and reason", "long"),
            _field("GOODWILL", "asked", "申请金额(元)", "Amount asked for (yuan)", "money"),
            _field("GOODWILL", "asked_sign", "申请人", "Asked by", "signature"),
            _field("GOODWILL", "decision", "审批", "Decision", "ticks", options=DECISION),
            _field("GOODWILL", "granted", "批准金额(元)", "Granted (yuan)", "money"),
            _field("GOODWILL", "opinions", "审批意见", "Opinion", "long"),
            _field("GOODWILL", "decided_sign", "审批人", "Approver", "signature"),
            Field("agreed", "客户同意(签字)", "Customer's agreement", "signature"),
        ),
        layout=(
            (cell("number"), cell("opened_at"), cell("customer")),
            (cell("dealer"), cell("vin"), cell("model")),
            (cell("text", span=5, tall=16),),
            (cell("form", span=5),),
            (cell("reason", span=5, tall=24),),
            (cell("asked"), cell("asked_sign", span=3)),
            (cell("decision", span=3), cell("granted")),
            (cell("opinions", "decided_sign", span=5, tall=24),),
            (cell("agreed", span=5, tall=14),),
        ),
        note_zh="特别理赔在服务保证以外，须写明目的和理由。",
        note_en="Outside the service guarantee; purpose and reason are mandatory.",
    )
)  # fmt: skip
FORMS = {Grant.Kind.SPECIAL_CASE: SPECIAL, Grant.Kind.GOODWILL: GOODWILL}


def offered_by(filled: Filled) -> list[Form]:
    """The application forms of the money that was asked for in this case."""
    found = Grant.objects.select_related("by", "decided_by")
    prefetch_related_objects([filled.complaint], Prefetch("grants", queryset=found))
    return [form for kind, form in FORMS.items() if newest(filled, kind) is not None]
