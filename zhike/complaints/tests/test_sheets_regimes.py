"""The official forms of the other regimes: each field from the case, which forms a case offers, the printed sheets."""

import datetime as dt
import io
from importlib import resources

import docx
import openpyxl
import pytest
from django.urls import reverse

from zhike.complaints import actions, queries, questions, sheets
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.customers.tests.factories import a_customer
from zhike.kernel.records import forms, values
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, at, browser
from .regimes import a_house, opened, owner_of
from .test_forms import squeezed, text_of

pytestmark = pytest.mark.django_db
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

from pprint import pprint
def show(*codes, complaint):
    for code in codes:
        print("=====", code); pprint(data(forms.get(code), complaint), sort_dicts=False, width=140)

TEXTS = {
    "初审": "细节:三箱有裂纹;证据:照片;临时措施:隔离库存",
    "发单": "第三批次轴套开裂",
    "品质签收": "已签收",
    "判定责任": "调查结果:淬火温度过高;责任部门:热处理车间",
    "原因和方案": "根本原因:温控表失准;纠正方案:每周校表",
    "方案初审": "方案可行",
    "措施核准": "同意实施",
    "答复客户": "两日内补货",
    "执行措施": "已换表并补货",
    "效果确认": "连续三批合格",
    "归档": "补上校表制度",
}
def test_factory(db):
    house = at_home("mfg-complaints")
    complaint = case(house, item="QUALITY", circumstances=["BATCH"], happened_on=at(8,0).date(), demand="换货",
        more={"product": "轴套", "lot": "L-07", "foreign": "是", "received_by": "门卫", "passed_on": "2026-03-09", "evidence": "裂纹照片"})
    worked(complaint, TEXTS, until="答复客户", back={"主任核准": True, "方案初审": True})
    actions.hear_customer(complaint=complaint, text="可以接受", channel="PHONE", now=MONDAY)
    worked(complaint, TEXTS, start=at(10,9))
    print(offers(complaint))
    show("F001-48","F001-49","F001-50","FM002-20","FM002-21","FM002-23","FM002-24", complaint=complaint)
    c = browser(house["taker"])
    for f in offers(complaint):
        for k in ("pdf","html","docx","xlsx"):
            r = c.get(reverse("complaints:print", args=[complaint.pk, k]) + "?form="+f)
            assert r.status_code == 200
            open(f"/tmp/out/{f}.{k}","wb").write(r.content)

def test_ent(db):
    house = at_home("enterprise-complaints")
    more = {"order_no": "PO-778", "material_no": "M-204", "quantity": "1200", "shipped_on": "2026-02-20", "reason": "一箱里有裂纹", "loss": "3600.00", "responsible_department": "MANUFACTURING", "responsible_person": "沈三", "foreign": "否"}
    complaint = case(house, item="PRODUCT_QUALITY", more=more, demand="换货")
    worked(complaint, {"处理方式":"全部换货"}, compensation=500, until="处理核决")
    print(offers(complaint), complaint.stage)
    show("F001-60", complaint=complaint)
    c = browser(house["taker"])
    r = c.get(reverse("complaints:print", args=[complaint.pk, "pdf"])); open("/tmp/out/F001-60.pdf","wb").write(r.content)

def test_exc(db):
    house = at_home("enterprise-complaints")
    complaint = case(house, item="PRODUCT_QUALITY", more={"no_loss": "是", "material_no": "M-204", "responsible_department": "MANUFACTURING"})
    worked(complaint, {"异常处理":"异常内容:颜色不匀\n督促意见:三日内改善"})
    show("F001-61", complaint=complaint)
    c = browser(house["taker"])
    r = c.get(reverse("complaints:print", args=[complaint.pk, "pdf"])+"?form=F001-61"); open("/tmp/out/F001-61.pdf","wb").write(r.content)

def test_fruit(db):
    house = at_home("fruit-complaints")
    book = {"book_page": "17", "own_entry": "是", "departments": "市场部", "complainant_signed": "是", "stall_no": "A-03", "stall_owner":"鲁记果行","goods":"红富士","claim":"120.50"}
    complaint = case(house, item="GOODS", circumstances=["POISONING"], more=book, demand="退款", happened_on=at(8,0).date())
    worked(complaint, {"呈报建议":"处理建议:退款并赔偿"})
    print(offers(complaint))
    show("F001-39","F001-41", complaint=complaint)
    c = browser(house["taker"])
    for f in offers(complaint):
        r = c.get(reverse("complaints:print", args=[complaint.pk, "pdf"])+"?form="+f); open(f"/tmp/out/{f}.pdf","wb").write(r.content)

def test_car(db):
    house = at_home("car-complaints")
    more = {"vin": "LS5A3ABE8DA000001", "model": "SX4", "mileage": "41200", "purchased_on": "2022-05-01", "vehicle_owner": "张三", "repairs": "换过制动泵", "dealer": "南城站", "contract":"是", "warranty":"OUT_OF_WARRANTY", "fault_cause":"BY_ATTITUDE"}
    complaint = case(house, item="QUALITY", circumstances=["BRAKES"], more=more)
    worked(complaint, {})
    print(offers(complaint))
    show("F001-42", complaint=complaint)
    c = browser(house["taker"])
    r = c.get(reverse("complaints:print", args=[complaint.pk, "pdf"])); open("/tmp/out/F001-42.pdf","wb").write(r.content)

def test_pharma(db):
    house = at_home("pharma-complaints")
    more = {"apology":"是","route":"BACK_OFFICE","product_class": "片剂", "batch": "250311", "product_time": "2025-11-02", "arrival_time": "2026-02-20", "quality_problem": "颜色发暗,有裂片", "reaction": "皮疹", "severity": "MARKED", "dose": "一次两片", "onset": "2026-03-01", "doctor": "市一院贾医生", "sample_kept": "是"}
    complaint = case(house, item="PRODUCT_TROUBLE", more=more)
    print(offers(complaint))
    worked(complaint, {})
    show("F001-68", complaint=complaint)
    c = browser(house["taker"])
    r = c.get(reverse("complaints:print", args=[complaint.pk, "pdf"])); open("/tmp/out/F001-68.pdf","wb").write(r.content)

GENERAL = {"客户投诉登记表": "登记本", "客户投诉处理单": "《客户投诉调查表》", "纠正预防措施计划": "投诉处理报告表、投诉处理追踪表"}
def test_general(db):
    house = at_home("mfg-complaints")
    text = resources.files("zhike.manuals").joinpath("library/mfg-complaints.md").read_text("utf-8")
    for old, new in GENERAL.items():
        text = text.replace(f"| {old} |", f"| {new} |")
    text = text.replace("version: 1\n", "version: 2\n")
    manuals.publish_and_install(text=text, unit=house.unit, by=house["taker"].party, now=MONDAY, roles=questions.ROLES)
    complaint = case(house, item="QUALITY", circumstances=["BATCH"])
    worked(complaint, TEXTS)
    print(offers(complaint))
    c = browser(house["taker"])
    for f in offers(complaint):
        r = c.get(reverse("complaints:print", args=[complaint.pk, "pdf"])+"?form="+f); open(f"/tmp/out/{f}.pdf","wb").write(r.content)
