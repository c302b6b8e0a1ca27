"""The general forms of the handbook (FM002), filled from the cases of any regime."""

from importlib import resources

import pytest

from zhike.complaints import actions, queries, questions, sheets
from zhike.complaints.regime import regime_of
from zhike.kernel.records import forms, values
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, a_fault, at
from .regimes import opened
from .sheet_cases import (
    CASE,
    FACTORY,
    at_home,
    boxes,
    case,
    data,
    of_the_factory,
    offers,
    printed,
    signature,
    when,
    worked,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def factory(db):
    return at_home("mfg-complaints")


@pytest.fixture
def enterprise(db):
    return at_home("enterprise-complaints")


@pytest.mark.rule("FM002-20")
def test_the_general_registration_is_filled_from_any_regime(factory):
    complaint, _done = of_the_factory(factory)

    assert data(forms.get("FM002-20"), complaint) == {
        "number": "KS-202603-0001",
        "opened_at": when(MONDAY),
        "way": ["PHONE"],
        "customer": "广陵机械厂",
        "unit": "广陵机械厂",
        "phone": "138****6207",
        "address": "",
        "product": "轴套",
        "order": "L-07",
        "quantity": "",
        "amount": "",
        "kind": ["质量"],
        "class": "生产环节 / 产品质量",
        "text": "收到的一批零件尺寸不对。",
        "demand": "换货",
        "evidence": "裂纹照片\n第二箱留存\n现场照片.txt",
        "level": ["是"],
        "taker": factory["taker"].party.name,
        "handler": factory["QUALITY_ENGINEER"].party.name,
        "limit": when(at(11, 17, 30)),
        "state": "已结案",
    }
    form = forms.get("FM002-20")
    assert boxes(form, complaint, "way") == ["来信", "来电", "来访", "电子邮件", "其他"]
    assert boxes(form, complaint, "kind") == ["质量", "交货", "服务", "价格", "其他"]


@pytest.mark.rule("FM002-20")
@pytest.mark.parametrize(
    ("item", "kind"),
    [("", []), ("LATE_DELIVERY", ["交"]), ("SALES_SERVICE", ["服务"]), ("OTHER_PRODUCTION", ["OTHER"])],
)
def test_the_kind_is_read_from_the_words_of_the_manual(factory, item, kind):
    complaint = opened(factory, item=item, channel="FAX")

    found = data(forms.get("FM002-20"), complaint)

    assert (found["kind"], found["way"], found["level"]) == (kind, ["OTHER"], ["否"])
    assert (found["customer"], found["unit"], found["state"]) == ("", "", "初审")


@pytest.mark.rule("FM002-21")
def test_the_investigation_says_who_found_what(factory):
    complaint, done = of_the_factory(factory)
    form = forms.get("FM002-21")

    assert data(form, complaint) == {
        "number": "KS-202603-0001",
        "investigator": factory["QUALITY_ENGINEER"].party.name,
        "department": "恒远公司",
        "from": when(MONDAY),
        "to": when(done["判定责任"]),
        "method": "",
        "facts": FACTORY["判定责任"],
        "evidence": "裂纹照片\n第二箱留存\n现场照片.txt",
        "tests": "",
        "cause": "温控表失准",
        "responsible": "热处理车间",
        "person": "",
        "share": "",
        "loss": "",
        "opinion": "每周校表",
        "reviewer": signature(factory, "QUALITY_ENGINEER", done["方案初审"]),
    }
    assert {field.key for field in form.fields if field.source is None} == set()


@pytest.mark.rule("FM002-21")
def test_the_investigation_of_a_case_has_tests_loss_and_the_person_responsible(enterprise):
    complaint = case(enterprise, item="PRODUCT_QUALITY", more=CASE)
    worked(complaint, {"品质调查": "裂纹占百分之三", "检验确认": "复检合格"})

    found = data(forms.get("FM002-21"), complaint)

    assert (found["facts"], found["tests"], found["loss"]) == ("裂纹占百分之三", "复检合格", "3600.00")
    assert (found["responsible"], found["person"], found["cause"]) == ("制造部", "沈三", "制造调查已办")


@pytest.mark.rule("FM002-23")
def test_the_handling_report_goes_from_the_content_to_the_preventive_measure(factory):
    complaint, done = of_the_factory(factory)

    found = data(forms.get("FM002-23"), complaint)

    assert [(row["stage"], row["decision"]) for row in found.pop("opinions")] == [
        ("品质签收", ""),
        ("方案初审", "退回"),
        ("方案初审", "同意"),
    ]
    approver = complaint.steps.get(stage="措施核准").by.name
    assert found == {
        "number": "KS-202603-0001",
        "customer": "广陵机械厂",
        "opened_at": when(MONDAY),
        "text": "收到的一批零件尺寸不对。",
        "investigation": FACTORY["判定责任"],
        "responsibility": "热处理车间",
        "measures": [],
        "plan": "每周校表",
        "amount": "",
        "approval": "同意实施",
        "approval_sign": {"name": approver, "at": when(done["措施核准"])},
        "execution": "已换表并补货",
        "customer_opinion": "可以接受",
        "penalty": "",
        "preventive": "补上校表制度",
        "reporter": signature(factory, "MARKETING_CLERK", done["归档"]),
    }
    assert boxes(forms.get("FM002-23"), complaint, "measures") == [
        "修理",
        "换货",
        "退货",
        "折价",
        "赔偿",
        "道歉",
        "解释",
    ]


@pytest.mark.rule("FM002-23")
def test_a_penalty_is_proposed_in_the_report_for_those_alone_who_may_see_findings(people):
    complaint = a_complaint(people, accused=people.employee.party)
    a_fault(people, offence="IGNORED", complaint=complaint, happened_on=at(6, 0).date())
    actions.propose_compensation(complaint=complaint, amount=36, by=people.store_manager.party, now=MONDAY)
    form, regime = forms.get("FM002-23"), regime_of(complaint)

    seen, hidden = (
        values.gather(form, sheets.Filled(queries.file_of(complaint, findings=may), regime))
        for may in (True, False)
    )

    assert (seen["penalty"], hidden["penalty"]) == ("唐一帆 警告 三(三)", "")
    assert (seen["measures"], seen["amount"]) == (["COMPENSATION"], "36")


@pytest.mark.rule("FM002-24")
def test_the_tracking_has_every_record_but_no_internal_note(factory):
    complaint, done = of_the_factory(factory)
    actions.note(complaint=complaint, text="客户难缠", by=factory["taker"].party, now=at(10, 13))
    form = forms.get("FM002-24")

    found = data(form, complaint)

    records = [(row["state"], row["by"], row["text"]) for row in found.pop("records")]
    assert len(records) == complaint.steps.count() + 1
    assert records[0] == ("初审", factory["MARKETING_HEAD"].party.name, FACTORY["初审"])
    assert ("顾客来信", "广陵机械厂", "可以接受") in records
    assert found == {
        "number": "KS-202603-0001",
        "customer": "广陵机械厂",
        "measure": "每周校表",
        "person": factory["DEPARTMENT_HEAD"].party.name,
        "planned": when(at(24, 17, 30)),
        "actual": when(done["执行措施"]),
        "visited_on": "",
        "satisfaction": "",
        "reopened": ["否"],
        "improvement": "连续三批合格",
        "closed_by": factory["taker"].party.name,
        "closed_at": when(done["归档"]),
    }
    assert {field.key for field in form.fields if field.source is None} == set()


@pytest.mark.rule("FM002-20", "FM002-21", "FM002-23", "FM002-24")
def test_a_manual_may_name_the_general_forms_and_without_a_registration_gets_the_general_one(factory):
    text = resources.files("zhike.manuals").joinpath("library/mfg-complaints.md").read_text("utf-8")
    named = {
        "客户投诉登记表": "登记本",
        "客户投诉处理单": "《客户投诉调查表》",
        "纠正预防措施计划": "投诉处理报告表、投诉处理追踪表",
        "version: 1\n": "version: 2\n",
    }
    for old, new in named.items():
        text = text.replace(f"| {old} |", f"| {new} |") if "\n" not in old else text.replace(old, new)
    by = factory["taker"].party
    manuals.publish_and_install(text=text, unit=factory.unit, by=by, now=MONDAY, roles=questions.ROLES)
    complaint = case(factory, item="QUALITY")
    worked(complaint, FACTORY)

    assert offers(complaint) == ["FM002-20", "FM002-21", "FM002-23", "FM002-24"]
    for code in offers(complaint):
        assert forms.get(code).zh in printed(factory, complaint, code)
