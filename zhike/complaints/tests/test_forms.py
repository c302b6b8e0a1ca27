"""F001-34 and F001-35: each field from the case, and the printed sheets read back."""

import io
from decimal import Decimal

import docx
import openpyxl
import pypdfium2
import pytest
from django.urls import reverse

from zhike.complaints import actions, queries, regime, sheets
from zhike.complaints.models import Penalty
from zhike.complaints.regime import regime_of
from zhike.customers.tests.factories import a_customer
from zhike.kernel.records import values

from .factories import RECORDS, a_complaint, a_fault, at, browser, worked

pytestmark = pytest.mark.django_db


def full(people):
    """A complaint worked to the end, with everything that the form asks for."""
    complaint = a_complaint(
        people,
        customer=a_customer(people.south, people.taker, "贺晓岚", "13812346207"),
        item="EXPIRED",
        value=Decimal("36.5"),
        demand="退一赔十",
        happened_on=at(8, 0).date(),
    )
    return worked(complaint, now=at(9, 11), compensation=Decimal("100"))


@pytest.mark.rule("F001-34")
def test_the_record_is_filled_from_the_case(people):
    complaint = full(people)

    data = values.gather(
        sheets.RECORD, sheets.Filled(queries.file_of(complaint), regime.regime_of(complaint))
    )

    assert {key: value for key, value in data.items() if key in FILLED} == FILLED | {
        "opened_at": complaint.opened_at.isoformat(),
        "closed_at": complaint.closed_at.isoformat(),
    }
    assert set(sheets.RECORD.by_key) - set(data) == {"handler_sign", "customer_sign", "seal"}


FILLED = {
    "opened_at": "",
    "closed_at": "",
    "channel": "柜台",
    "taker": "陆小满",
    "customer": "贺晓岚",
    "phone": "138****6207",
    "happened_on": "2026-03-08",
    "group": ["GOODS"],
    "item": ["EXPIRED"],
    "circumstances": ["SPOILED_FOOD"],
    "value": "36.5",
    "demand": "退一赔十",
    "receipts": "",
    "text": "买到过期酸奶,36 元,要找店长。",
    **RECORDS,
    "compensation": "100",
    "handler": "何景行",
    "clause": "三(五)1",
}


@pytest.mark.rule("F001-34")
def test_the_printed_record_says_all_of_it_and_has_boxes_for_seal_and_signatures(people):
    complaint = full(people)

    answer = browser(people.manager).get(reverse("complaints:print", args=[complaint.pk, "pdf"]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = text_of(answer.content)
    wanted = [
        "顾客投诉记录",
        complaint.number,
        "贺晓岚",
        "138****6207",
        "36.50",
        "100.00",
        "三(五)1",
        "顾客签字",
        "门店盖章",
    ]
    assert [word for word in [*wanted, *RECORDS.values()] if squeezed(word) not in text] == []
    assert "13812346207" not in text


@pytest.mark.rule("F001-34")
def test_word_excel_and_the_screen_carry_the_same(people):
    complaint = full(people)
    client = browser(people.manager)

    found = {
        kind: client.get(reverse("complaints:print", args=[complaint.pk, kind])).content
        for kind in ("docx", "xlsx", "html")
    }

    word = docx.Document(io.BytesIO(found["docx"]))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    sheet = openpyxl.load_workbook(io.BytesIO(found["xlsx"])).active
    excel = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for text in RECORDS.values():
        assert any(text in cell for cell in cells)
        assert any(text in cell for cell in excel)
        assert text in found["html"].decode()


@pytest.mark.rule("F001-34")
def test_a_fresh_complaint_of_nobody_prints_with_empty_fields(people):
    complaint = a_complaint(people, item="")

    page = browser(people.manager).get(reverse("complaints:print", args=[complaint.pk, "html"]))

    assert page.status_code == 200
    assert complaint.text in page.content.decode()


def penalty(people):
    complaint = a_complaint(people, accused=people.employee.party)
    row = a_fault(people, offence="IGNORED", complaint=complaint, happened_on=at(6, 0).date()).penalty
    actions.decide_penalty(
        penalty=row, impose=True, opinion="属实", by=people.store_manager.party, now=at(9, 12)
    )
    return actions.appeal_penalty(penalty=row, text="当时在休息", by=people.employee.party, now=at(9, 15))


@pytest.mark.rule("F001-35")
def test_the_penalty_notice_is_filled_from_the_finding_and_the_decision(people):
    row = penalty(people)

    data = values.gather(sheets.NOTICE, sheets.Notice(row, regime_of(row.fault.complaint)))

    assert {key: value for key, value in data.items() if key not in {"decided_at", "unit"}} == {
        "person": "唐一帆",
        "month": "2026-03",
        "offence": ["IGNORED"],
        "count": "1",
        "happened_on": "2026-03-06",
        "complaint": row.fault.complaint.number,
        "evidence": "监控",
        "allowance": ["DEDUCTED"],
        "deducted": ["YES"],
        "measure": ["WARNING"],
        "clause": "三(三)",
        "state": "已处分",
        "opinion": "属实",
        "approver": "何景行",
        "appeal": "当时在休息",
        values.OPTIONS: data[values.OPTIONS],
    }
    assert values.moment(data["decided_at"]) == at(9, 12)
    assert data["unit"] == "南湖店收银部"


@pytest.mark.rule("F001-35")
def test_the_printed_notice_says_who_why_and_what(people):
    row = penalty(people)

    pdf = browser(people.employee).get(reverse("complaints:print_penalty", args=[row.pk, "pdf"])).content

    text = text_of(pdf)
    wanted = ["处分通知单", row.number, "唐一帆", "监控", "警告", "三(三)", "属实", "当时在休息", "本人签字"]
    assert [word for word in wanted if word not in text] == []


@pytest.mark.rule("F001-35")
@pytest.mark.parametrize("kind", ["docx", "xlsx", "html"])
def test_the_notice_comes_in_every_kind_of_file(people, kind):
    row = penalty(people)

    answer = browser(people.store_manager).get(reverse("complaints:print_penalty", args=[row.pk, kind]))

    assert answer.status_code == 200
    assert len(answer.content) > 1000
    assert Penalty.objects.get().number == row.number


def test_a_kind_of_file_that_nobody_knows_is_not_found(people):
    complaint = a_complaint(people)

    answer = browser(people.manager).get(reverse("complaints:print", args=[complaint.pk, "rtf"]))

    assert answer.status_code == 404


def squeezed(text):
    return "".join(text.split())


def text_of(pdf):
    """The words of every page without spaces, as lines break where they like."""
    document = pypdfium2.PdfDocument(pdf)
    return squeezed("".join(page.get_textpage().get_text_bounded() for page in document))
