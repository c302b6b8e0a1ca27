"""The factory's forms (D14): each field from the case, and the printed sheets read back."""

import io

import docx
import openpyxl
import pytest

from zhike.kernel.records import forms
from zhike.people.tests.factories import MONDAY

from .factories import at
from .sheet_cases import FACTORY, at_home, case, data, of_the_factory, printed, signature, when, worked
from .test_forms import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
def factory(db):
    return at_home("mfg-complaints")


def line(house, stage, post, moment, decision=""):
    by = house[post].party.name
    return {"stage": stage, "text": FACTORY[stage], "decision": decision, "by": by, "at": when(moment)}


@pytest.mark.rule("F001-48")
def test_the_factory_s_register_has_its_line_and_what_marketing_and_quality_keep(factory):
    complaint, done = of_the_factory(factory)

    assert data(forms.get("F001-48"), complaint) == {
        "entry": [
            {
                "number": "KS-202603-0001",
                "opened_at": when(MONDAY),
                "channel": "电话",
                "customer": "广陵机械厂",
                "product": "轴套",
                "lot": "L-07",
            }
        ],
        "state": [
            {
                "happened_on": "2026-03-08",
                "class": "生产环节 / 产品质量",
                "due": when(at(11, 17, 30)),
                "closed_at": when(done["归档"]),
            }
        ],
        "text": "收到的一批零件尺寸不对。",
        "grade": "重大投诉",
        "foreign": ["是"],
        "taker": factory["taker"].party.name,
        "received_by": "门卫",
        "passed_on": "2026-03-09",
        "quality_by": factory["QUALITY_ENGINEER"].party.name,
        "quality_at": when(done["判定责任"]),
        "responsibility": FACTORY["判定责任"],
        "kept": [
            line(factory, "初审", "MARKETING_HEAD", done["初审"]),
            line(factory, "判定责任", "QUALITY_ENGINEER", done["判定责任"]),
            line(factory, "归档", "MARKETING_CLERK", done["归档"]),
        ],
    }


@pytest.mark.rule("F001-49")
def test_the_handling_sheet_goes_from_the_issue_to_the_customer_s_answer(factory):
    complaint, done = of_the_factory(factory)

    found = data(forms.get("F001-49"), complaint)

    approvals = found.pop("approvals")
    assert [(row["stage"], row["text"], row["decision"]) for row in approvals] == [
        ("主任核准", "属实", "退回"),
        ("主任核准", "属实", "同意"),
        ("副总核准", "照办", "同意"),
    ]
    assert approvals[-1] == line(factory, "副总核准", "MARKETING_VICE_GM", done["副总核准"], "同意")
    assert found == {
        "customer": "广陵机械厂",
        "product": "轴套",
        "lot": "L-07",
        "opened_at": when(MONDAY),
        "issued_at": when(done["发单"]),
        "issued_by": factory["SALES_REPRESENTATIVE"].party.name,
        "class": "生产环节 / 产品质量",
        "grade": "重大投诉",
        "major": ["是"],
        "handler": factory["QUALITY_ENGINEER"].party.name,
        "text": "收到的一批零件尺寸不对。",
        "issued": "第三批次轴套开裂",
        "evidence": "裂纹照片\n第二箱留存\n现场照片.txt",
        "signoff": "已签收",
        "signoff_sign": signature(factory, "QUALITY_HEAD", done["品质签收"]),
        "temporary": "隔离库存",
        "temporary_due": when(at(10, 16)),
        "cause": "温控表失准",
        "plan": "每周校表",
        "permanent": "已换表并补货",
        "permanent_due": when(at(24, 17, 30)),
        "effect": "连续三批合格",
        "effect_sign": signature(factory, "QUALITY_ENGINEER", done["效果确认"]),
        "answer": "两日内补货",
        "answered_at": when(done["答复客户"]),
        "answer_due": when(at(11, 17, 30)),
        "customer_answer": "可以接受",
        "closed_at": when(done["归档"]),
    }


@pytest.mark.rule("F001-50")
def test_the_plan_has_cause_review_approval_owner_date_evidence_and_effect(factory):
    complaint, done = of_the_factory(factory)

    found = data(forms.get("F001-50"), complaint)

    rounds = [(row["stage"], row["decision"]) for row in found.pop("rounds")]
    assert rounds == [("方案初审", "退回"), ("方案初审", "同意"), ("措施核准", "同意")]
    approver = complaint.steps.get(stage="措施核准").by.name
    assert found == {
        "customer": "广陵机械厂",
        "product": "轴套",
        "lot": "L-07",
        "text": "收到的一批零件尺寸不对。",
        "cause": "温控表失准",
        "plan": "每周校表",
        "plan_sign": signature(factory, "DEPARTMENT_HEAD", done["原因和方案"]),
        "owner": factory["DEPARTMENT_HEAD"].party.name,
        "due": when(at(24, 17, 30)),
        "done_at": when(done["执行措施"]),
        "review": "方案可行",
        "review_sign": signature(factory, "QUALITY_ENGINEER", done["方案初审"]),
        "approval": "同意实施",
        "approval_sign": {"name": approver, "at": when(done["措施核准"])},
        "execution": "已换表并补货",
        "evidence": "现场照片.txt",
        "effect": "连续三批合格",
        "effect_sign": signature(factory, "QUALITY_ENGINEER", done["效果确认"]),
    }


def test_a_record_that_does_not_use_the_manual_s_words_stands_once_and_as_a_whole(factory):
    complaint = case(factory, item="QUALITY")
    worked(complaint, {"原因和方案": "温控表失准,每周校表"}, until="方案初审")

    for code in ("F001-49", "F001-50"):
        found = data(forms.get(code), complaint)
        assert (found["cause"], found["plan"]) == ("温控表失准,每周校表", "")


@pytest.mark.rule("F001-48", "F001-49", "F001-50")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("F001-48", ["客户投诉登记表", "营销登记", "品质登记", "补上校表制度", "轴套"]),
        ("F001-49", ["客户投诉处理单", "发单时间", "副总核准", "品质负责人", "隔离库存", "客户答复"]),
        ("F001-50", ["纠正预防措施计划", "根本原因", "每周校表", "品质初审", "批准人", "连续三批合格"]),
    ],
)
def test_the_printed_sheet_says_it_in_every_kind_of_file(factory, code, words):
    complaint, _done = of_the_factory(factory)

    pdf = printed(factory, complaint, code)
    word = docx.Document(io.BytesIO(printed(factory, complaint, code, "docx")))
    cells = squeezed("".join(cell.text for t in word.tables for row in t.rows for cell in row.cells))
    sheet = openpyxl.load_workbook(io.BytesIO(printed(factory, complaint, code, "xlsx"))).active
    excel = squeezed("".join(str(cell.value) for row in sheet.iter_rows() for cell in row))
    html = squeezed(printed(factory, complaint, code, "html").decode())

    for file in (pdf, cells, excel, html):
        assert [word for word in words[1:] if word not in file] == []
    assert words[0] in pdf
    assert complaint.number in pdf
    assert "13812346207" not in pdf
