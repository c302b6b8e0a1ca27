"""The official forms of the other regimes: each field from the case, which forms a case offers, the page to print."""

import pytest
from django.urls import reverse

from zhike.complaints import sheets
from zhike.kernel.records import forms
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, at, browser
from .regimes import opened
from .sheet_cases import CASE, at_home, boxes, case, data, offers, signature, when, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def factory(db):
    return at_home("mfg-complaints")


@pytest.fixture
def enterprise(db):
    return at_home("enterprise-complaints")


@pytest.mark.rule("F001-60")
def test_the_enterprise_s_case_has_order_responsibility_approvals_amounts_and_step_times(enterprise):
    complaint = case(enterprise, item="PRODUCT_QUALITY", more=CASE, demand="换货")
    done = worked(complaint, {"处理方式": "全部换货"}, until="处理核决", compensation=500)
    quality = enterprise["QUALITY_HEAD"].party.name

    found = data(forms.get("F001-60"), complaint)

    assert [(row["stage"], row["decision"]) for row in found.pop("approvals")] == [
        ("内容审核", "同意"),
        ("责任判定", "同意"),
    ]
    assert [(row["amount"], row["decision"], row["by"]) for row in found.pop("decisions")] == [
        ("500.00", "审批中", enterprise["DEPARTMENT_HEAD"].party.name)
    ]
    times = found.pop("times")
    assert [row["stage"] for row in times] == [
        "立案",
        "业务查明",
        "内容审核",
        "品质调查",
        "制造调查",
        "责任人员",
        "责任判定",
        "拟定对策",
        "拟定对策",
        "处理方式",
    ]
    assert times[3] == {
        "stage": "品质调查",
        "by": quality,
        "due": when(at(10, 17, 30)),
        "at": when(done["品质调查"]),
    }
    assert found == {
        "customer": "广陵机械厂",
        "foreign": ["否"],
        "opened_at": when(MONDAY),
        "filed_at": when(done["立案"]),
        "order_no": "PO-778",
        "material_no": "M-204",
        "quantity": "1200",
        "shipped_on": "2026-02-20",
        "class": "质量异常 / 产品质量不符",
        "text": "收到的一批零件尺寸不对。",
        "demand": "换货",
        "reason": "一箱里有裂纹",
        "evidence": "",
        "investigation": "品质调查已办",
        "cause": "制造调查已办",
        "department": "制造部",
        "person": "沈三",
        "responsibility": "责任人员已办",
        "plan": "拟定对策已办",
        "solution": "全部换货",
        "value": "",
        "loss": "3600.00",
        "compensation": "500.00",
        "improvement": "",
        "execution": "",
        "effect": "",
        "customer_answer": "",
        "due": when(at(23, 17, 30)),
        "closed_at": "",
        "summary": "",
    }


@pytest.mark.rule("F001-60")
def test_the_case_is_filled_to_its_end(enterprise):
    complaint = case(enterprise, item="PRODUCT_QUALITY", more=CASE)
    done = worked(complaint, {"改善提案": "换供应商"})

    found = data(forms.get("F001-60"), complaint)

    assert (found["improvement"], found["execution"], found["effect"]) == (
        "换供应商",
        "执行改善已办",
        "效果确认已办",
    )
    assert (found["summary"], found["closed_at"]) == ("结案已办", when(done["结案"]))
    assert [row["stage"] for row in found["approvals"]][-2:] == ["处理核决", "检验确认"]


@pytest.mark.rule("F001-61")
def test_the_exception_sheet_urges_the_department_where_no_loss_came_about(enterprise):
    more = {
        "no_loss": "是",
        "product": "连杆",
        "material_no": "M-204",
        "responsible_department": "MANUFACTURING",
    }
    complaint = case(enterprise, item="PRODUCT_QUALITY", more=more)
    done = worked(complaint, {"异常处理": "异常内容:颜色不匀\n督促意见:三日内改善", "部门改善": "已调漆"})

    assert data(forms.get("F001-61"), complaint) == {
        "customer": "广陵机械厂",
        "product": "连杆",
        "order_no": "",
        "no_loss": ["是"],
        "opened_at": when(MONDAY),
        "handler": enterprise["BUSINESS_HANDLER"].party.name,
        "text": "收到的一批零件尺寸不对。",
        "problem": "颜色不匀",
        "urging": "三日内改善",
        "issue_sign": signature(enterprise, "BUSINESS_HANDLER", done["异常处理"]),
        "department": "制造部",
        "person": "",
        "improvement_due": when(at(11, 17, 30)),
        "improvement": "已调漆",
        "improvement_sign": signature(enterprise, "DEPARTMENT_HEAD", done["部门改善"]),
        "closed_at": when(done["结案"]),
    }


BOOK = {
    "book_page": "17",
    "own_entry": "是",
    "departments": "市场部",
    "complainant_signed": "是",
    "stall_no": "A-03",
    "stall_owner": "鲁记果行",
    "goods": "红富士",
    "claim": "120.50",
}


@pytest.fixture
def market(db):
    return at_home("fruit-complaints")


@pytest.mark.rule("F001-39")
def test_the_opinion_book_has_the_customer_s_entry_the_mediation_and_both_signatures(market):
    complaint = case(market, item="SERVICE", more=BOOK, demand="退款", happened_on=at(8, 0).date())
    done = worked(complaint)
    book = forms.get("F001-39")

    assert data(book, complaint) == {
        "book_page": "17",
        "opened_at": when(MONDAY),
        "happened_on": "2026-03-08",
        "customer": "广陵机械厂",
        "phone": "138****6207",
        "channel": "电话",
        "stall_no": "A-03",
        "stall_owner": "鲁记果行",
        "goods": "红富士",
        "class": "顾客投诉 / 服务",
        "own_entry": ["是"],
        "text": "收到的一批零件尺寸不对。",
        "demand": "退款",
        "departments": "市场部",
        "taker": market["taker"].party.name,
        "investigation": "协助核实已办",
        "responsibility": "认定责任已办",
        "mediation": "调解已办",
        "result": "妥善处理已办",
        "answer": "答复已办",
        "closed_at": when(done["归档"]),
        "complainant_signed": ["是"],
        "opponent_signed": [],
    }
    by_hand = {"complainant_sign", "opponent_sign"}
    assert {field.key for field in book.fields if field.source is None} == by_hand


@pytest.mark.rule("F001-41")
def test_the_report_of_a_major_complaint_has_suggestion_claim_and_the_general_manager_s_approval(market):
    complaint = case(market, item="GOODS", circumstances=["POISONING"], more=BOOK)
    texts = {
        "逐级上报": "上报对象:综合管理办公室;上报时间:九日十时",
        "呈报建议": "处理建议:退款并赔偿",
        "总经理批准": "同意",
    }
    done = worked(complaint, texts)
    report = forms.get("F001-41")

    assert data(report, complaint) == {
        "opened_at": when(MONDAY),
        "customer": "广陵机械厂",
        "phone": "138****6207",
        "stall_no": "A-03",
        "stall_owner": "鲁记果行",
        "goods": "红富士",
        "grade": "重大投诉",
        "handler": market["GENERAL_OFFICE"].party.name,
        "circumstances": ["POISONING"],
        "text": "收到的一批零件尺寸不对。",
        "claim": "120.50",
        "compensation": "",
        "files": "",
        "reported_to": "综合管理办公室",
        "reported_at": when(done["逐级上报"]),
        "investigation": "调查取证已办",
        "suggestion": "退款并赔偿",
        "suggestion_sign": signature(market, "GENERAL_OFFICE", done["呈报建议"]),
        "approval": "同意",
        "approval_sign": signature(market, "GENERAL_MANAGER", done["总经理批准"]),
        "chairman": "报董事长知悉已办",
        "result": "落实已办",
    }
    assert {field.key for field in report.fields if field.source is None} == {"medical"}


@pytest.mark.rule("F001-42")
def test_the_car_maker_s_case_has_the_vehicle_the_grade_and_whether_it_is_valid(db):
    house = at_home("car-complaints")
    more = {
        "vin": "LS5A3ABE8DA000001",
        "model": "SX4",
        "mileage": "41200",
        "purchased_on": "2022-05-01",
        "vehicle_owner": "张三",
        "repairs": "换过制动泵",
        "dealer": "南城站",
        "contract": "是",
        "warranty": "OUT_OF_WARRANTY",
        "fault_cause": "BY_ATTITUDE",
    }
    complaint = case(house, item="QUALITY", circumstances=["BRAKES"], more=more)
    done = worked(complaint)
    sheet = forms.get("F001-42")

    assert data(sheet, complaint) == {
        "channel": "电话",
        "medium": [],
        "opened_at": when(MONDAY),
        "taker": house["taker"].party.name,
        "customer": "广陵机械厂",
        "phone": "138****6207",
        "vehicle_owner": "张三",
        "vin": "LS5A3ABE8DA000001",
        "model": "SX4",
        "mileage": "41200",
        "purchased_on": "2022-05-01",
        "warranty": ["OUT_OF_WARRANTY"],
        "repairs": "换过制动泵",
        "dealer": "南城站",
        "contract": ["是"],
        "class": "产品 / 产品质量",
        "major": ["是"],
        "grade": ["A"],
        "valid": ["是"],
        "circumstances": "制动失效",
        "text": "收到的一批零件尺寸不对。",
        "demand": "",
        "evidence": "",
        "cause": "调查原因已办",
        "fault_cause": "服务态度引起",
        "worsened": "",
        "solution": "提出方案已办",
        "repair_cost": "",
        "special_case": [],
        "compensation": "",
        "execution": "执行方案已办",
        "reply": "答复客户已办",
        "effect": "跟踪确认已办",
        "summary": "结案已办",
        "handler": house["DEALER"].party.name,
        "clause": "一(二)",
        "closed_at": when(done["结案"]),
    }
    assert boxes(sheet, complaint, "grade") == ["A级投诉", "B级投诉", "普通投诉"]
    assert boxes(sheet, complaint, "warranty") == ["保修期内", "超出保修"]
    assert boxes(sheet, complaint, "valid") == ["有效", "无效"]


@pytest.mark.rule("F001-68")
def test_the_drug_maker_s_register_has_all_its_columns(db):
    house = at_home("pharma-complaints")
    more = {
        "apology": "是",
        "route": "BACK_OFFICE",
        "product_class": "片剂",
        "batch": "250311",
        "product_time": "2025-11-02",
        "arrival_time": "2026-02-20",
        "quality_problem": "颜色发暗,有裂片",
        "reaction": "皮疹",
        "severity": "MARKED",
        "dose": "一次两片",
        "onset": "2026-03-01",
        "doctor": "市一院贾医生",
        "sample_kept": "是",
    }
    complaint = case(house, item="PRODUCT_TROUBLE", more=more)
    before = data(forms.get("F001-68"), complaint)
    done = worked(complaint, back={"总结": True})

    assert before["valid"] == []
    assert data(forms.get("F001-68"), complaint) == {
        "number": "YY-202603-0001",
        "opened_at": when(MONDAY),
        "channel": "电话",
        "customer": "广陵机械厂",
        "phone": "138****6207",
        "taker": house["taker"].party.name,
        "route": ["BACK_OFFICE"],
        "object": ["PRODUCT"],
        "item": "产品问题",
        "valid": ["是"],
        "apology": ["是"],
        "text": "收到的一批零件尺寸不对。",
        "demand": "",
        "product_class": "片剂",
        "batch": "250311",
        "product_time": "2025-11-02",
        "arrival_time": "2026-02-20",
        "sample_kept": ["是"],
        "quality_problem": "颜色发暗,有裂片",
        "reaction": "皮疹",
        "severity": ["MARKED"],
        "dose": "一次两片",
        "onset": "2026-03-01",
        "doctor": "市一院贾医生",
        "opinion": "质量意见已办",
        "opinion_sign": signature(house, "QUALITY_HEAD", done["质量意见"]),
        "opinion_due": when(at(10, 17, 30)),
        "plan": "",
        "guidance": "说明用法已办",
        "reply": "答复客户已办",
        "replied_at": when(done["答复客户"]),
        "summary": "总结已办",
        "handler": house["BACK_OFFICE"].party.name,
        "closed_at": when(done["总结"]),
        "files": "",
    }


# ---- which forms a case offers, and the sheets


@pytest.mark.parametrize(
    ("manual", "codes"),
    [
        ("mfg-complaints", ["F001-48", "F001-49", "F001-50"]),
        ("enterprise-complaints", ["F001-60", "F001-61"]),
        ("fruit-complaints", ["F001-39", "F001-41"]),
        ("car-complaints", ["F001-42"]),
        ("pharma-complaints", ["F001-68"]),
    ],
)
def test_a_case_offers_the_forms_that_its_manual_names_the_registration_first(db, manual, codes):
    assert offers(opened(at_home(manual))) == codes


def test_the_mall_keeps_its_record(people):
    assert offers(a_complaint(people)) == ["F001-34"]
    assert sheets.offered(None) == [sheets.RECORD]


@pytest.mark.parametrize("form", sheets.FORMS, ids=lambda form: form.code)
def test_every_field_of_a_form_has_its_place_on_the_sheet(form):
    placed = set()
    for row in form.layout:
        if isinstance(row, forms.Lines):
            placed.add(row.key)
        elif not isinstance(row, forms.Band):
            placed |= {key for one in row for key in one.keys}

    assert set(form.by_key) == placed


def test_the_print_page_offers_the_other_forms_of_the_case(factory):
    complaint = opened(factory)
    address = reverse("complaints:print", args=[complaint.pk, "html"])
    client = browser(factory["taker"])

    page, other = client.get(address), client.get(address, {"form": "F001-50"})

    assert page.context["forms"] == [
        ("F001-48", "客户投诉登记表", f"{address}?form=F001-48"),
        ("F001-49", "客户投诉处理单", f"{address}?form=F001-49"),
        ("F001-50", "纠正预防措施计划", f"{address}?form=F001-50"),
    ]
    assert (page.context["code"], other.context["code"]) == ("F001-48", "F001-50")
    assert other.context["links"][0] == (
        "PDF",
        reverse("complaints:print", args=[complaint.pk, "pdf"]) + "?form=F001-50",
    )
    assert f'href="{address}?form=F001-49"' in other.content.decode()


@pytest.mark.parametrize("code", ["F001-34", "F001-61", "F001-35", "…"])
def test_a_form_that_the_manual_does_not_name_is_not_found(factory, code):
    complaint = opened(factory)

    answer = browser(factory["taker"]).get(
        reverse("complaints:print", args=[complaint.pk, "pdf"]), {"form": code}
    )

    assert answer.status_code == 404


def test_in_english_the_sheet_has_english_words(enterprise):
    complaint = case(enterprise, item="PRODUCT_QUALITY", more=CASE)
    worked(complaint, until="品质调查")
    address = reverse("complaints:print", args=[complaint.pk, "html"])

    page = browser(enterprise["taker"], "en").get(address).content.decode()

    words = ["Customer complaint case", "Shipping date", "Check order and demand", "Agreed"]
    assert [word for word in words if word not in page] == []
