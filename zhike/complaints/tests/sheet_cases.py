"""Cases for the official forms: worked by whoever owes each stage, and what a form says of them."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import ContentFile
from django.urls import reverse

from zhike.complaints import actions, queries, sheets
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.customers.tests.factories import a_customer
from zhike.kernel.records import attachments, values
from zhike.people.tests.factories import MONDAY

from .factories import at, browser
from .regimes import a_house, opened, owner_of
from .test_forms import text_of

# manual: taker, the other posts that it names
HOUSES = {
    "mfg-complaints": ("MARKETING_CLERK", ["GENERAL_MANAGER", "MARKETING_VICE_GM", "MANAGEMENT_REPRESENTATIVE", "MARKETING_HEAD", "DEPARTMENT_HEAD", "QUALITY_HEAD", "QUALITY_ENGINEER", "SALES_REPRESENTATIVE"]),
    "enterprise-complaints": ("PRODUCTION_CONTROL", ["GENERAL_MANAGER", "QUALITY_HEAD", "MANUFACTURING_HEAD", "DEPARTMENT_HEAD", "BUSINESS_HANDLER"]),
    "fruit-complaints": ("P002-21", ["CHAIRMAN", "GENERAL_MANAGER", "GENERAL_OFFICE", "DEPARTMENT_HEAD", "SHOP_HEAD"]),
    "car-complaints": ("CUSTOMER_CENTRE", ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"]),
    "pharma-complaints": ("MARKETING_CLERK", ["MARKETING_DIRECTOR", "REGION_MANAGER", "AREA_MANAGER", "BACK_OFFICE_HEAD", "BACK_OFFICE", "QUALITY_HEAD"]),
}  # fmt: skip


def at_home(manual):
    taker, posts = HOUSES[manual]
    return a_house(manual, posts, taker=taker)


def case(house, **given):
    """A complaint of a business with a telephone."""
    customer = a_customer(house.unit, house["taker"], "广陵机械厂", "13812346207", kind="ORGANISATION")
    return opened(house, customer=customer, **given)


def worked(complaint, texts=None, *, back=None, until="", start=MONDAY, **money):
    """Whoever owes a stage writes it down, one each hour, as far as `until`; the moment of each stage when it was last done."""
    moments, now = {}, start
    while complaint.is_open and complaint.stage != until:
        stage, kind = complaint.stage, complaint.stage_kind
        label = regime_of(complaint).decided_in(regime_of(complaint).answer.table.stage(stage))
        back_now = back.pop(stage) if back and stage in back else False
        actions.record_step(
            complaint=complaint,
            kind=kind,
            text=(texts or {}).get(stage, f"{stage}已办"),
            by=owner_of(complaint),
            now=now,
            decision=back_now if label else None,
            **(money if kind == "solution" else {}),
        )
        moments[stage] = now
        now += dt.timedelta(hours=1)
    return moments


def data(form, complaint):
    """What the form says of the case as the database has it, without the boxes that it offers."""
    complaint = Complaint.objects.select_related("customer", "handler", "taker").get(pk=complaint.pk)
    filled = sheets.Filled(queries.file_of(complaint), regime_of(complaint))
    found = values.gather(form, filled)
    found.pop(values.OPTIONS, None)
    return found


def when(moment):
    return moment.astimezone(dt.UTC).isoformat()


def offers(complaint):
    return [form.code for form in sheets.offered(regime_of(complaint))]


def boxes(form, complaint, key):
    """The words of the boxes of a field."""
    filled = sheets.Filled(queries.file_of(complaint), regime_of(complaint))
    return [option.zh for option in form.by_key[key].choices(filled)]


FACTORY = {
    "初审": "细节:三箱有裂纹;证据:第二箱留存;临时措施:隔离库存",
    "发单": "第三批次轴套开裂",
    "主任核准": "属实",
    "副总核准": "照办",
    "品质签收": "已签收",
    "落实临时措施": "隔离库存",
    "判定责任": "调查结果:淬火温度过高;责任部门:热处理车间",
    "原因和方案": "根本原因:温控表失准;纠正方案:每周校表",
    "方案初审": "方案可行",
    "措施核准": "同意实施",
    "答复客户": "两日内补货",
    "执行措施": "已换表并补货",
    "效果确认": "连续三批合格",
    "归档": "补上校表制度",
}


def of_the_factory(house):
    """A major complaint with a sheet that was sent back once and a plan that was sent back once; when each was done."""
    complaint = case(
        house,
        item="QUALITY",
        circumstances=["BATCH"],
        happened_on=at(8, 0).date(),
        demand="换货",
        more={
            "product": "轴套",
            "lot": "L-07",
            "foreign": "是",
            "received_by": "门卫",
            "passed_on": "2026-03-09",
            "evidence": "裂纹照片",
        },
    )
    back = {"主任核准": True, "方案初审": True}
    done = worked(complaint, FACTORY, until="答复客户", back=back)
    actions.hear_customer(complaint=complaint, text="可以接受", channel="PHONE", now=at(10, 8))
    done |= worked(complaint, FACTORY, start=at(10, 9))
    photo = ContentFile("照片".encode(), "现场照片.txt")
    by = house["taker"].party
    attachments.attach(subject=complaint, file=photo, name=photo.name, unit=house.unit, by=by, now=at(10, 13))
    return complaint, done


CASE = {
    "order_no": "PO-778",
    "material_no": "M-204",
    "quantity": "1200",
    "shipped_on": "2026-02-20",
    "reason": "一箱里有裂纹",
    "loss": "3600.00",
    "responsible_department": "MANUFACTURING",
    "responsible_person": "沈三",
    "foreign": "否",
}


def signature(house, post, moment):
    return {"name": house[post].party.name, "at": when(moment)}


def printed(house, complaint, code, kind="pdf"):
    address = reverse("complaints:print", args=[complaint.pk, kind])
    answer = browser(house["taker"]).get(address, {"form": code})
    assert answer.status_code == 200
    return text_of(answer.content) if kind == "pdf" else answer.content
