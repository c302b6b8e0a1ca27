"""Drafts, submission, review and voiding, each with its refusals."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import plant
from zhike.kernel.records import actions, forms, printing
from zhike.kernel.records.forms import Field, Form, cell
from zhike.kernel.records.models import Record

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 9, 28, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = MONDAY + dt.timedelta(hours=1)
FORM = Form(
    "T-02",
    "说明",
    "Statement",
    (Field("what", "事由", "What", "long", required=True), Field("amount", "金额", "Amount", "money")),
    ((cell("what"),), (cell("amount"),)),
    columns=(20, 80),
    series="SM-{yyyy}{mm}-{seq:03}",
)


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    monkeypatch.setattr(forms, "_forms", {"T-02": FORM})
    with translation.override("en"):
        yield


@pytest.fixture
def unit():
    return plant(name="门店", code="S1", kind="BRANCH")


@pytest.fixture
def ann():
    return Party.objects.create(kind="STAFF", name="甲")


@pytest.fixture
def bob():
    return Party.objects.create(kind="STAFF", name="乙")


def a_draft(unit, by, **typed) -> Record:
    return actions.save_draft(form=FORM, unit=unit, by=by, now=MONDAY, typed=typed)


def a_submitted(unit, by) -> Record:
    return actions.submit(record=a_draft(unit, by, what="已办"), by=by, now=MONDAY)


def codes() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("code", flat=True))


def test_a_draft_may_be_incomplete_and_is_recorded(unit, ann):
    record = a_draft(unit, ann, amount="3")

    assert (record.state, record.number, record.revision, record.data) == ("DRAFT", "", 0, {"amount": "3"})
    assert codes() == ["records.draft_saved"]


def test_a_draft_with_an_unreadable_value_is_refused_and_nothing_is_kept(unit, ann):
    with pytest.raises(actions.BadValues, match="“Amount” is not a number: three"):
        a_draft(unit, ann, amount="three")

    assert Record.objects.count() == 0
    assert codes() == []


def test_saving_a_draft_again_keeps_what_was_not_typed(unit, ann):
    record = a_draft(unit, ann, amount="3")

    actions.save_draft(
        form=FORM, unit=unit, by=ann, now=LATER, typed={"what": "补"}, record=record, revision=0
    )

    assert (record.data, record.revision, record.at) == ({"amount": "3", "what": "补"}, 1, LATER)


def test_of_two_people_who_saved_at_once_the_second_is_told(unit, ann, bob):
    record = a_draft(unit, ann, what="一")
    seen_by_bob = Record.objects.get(pk=record.pk)
    actions.save_draft(form=FORM, unit=unit, by=ann, now=LATER, typed={"what": "二"}, record=record)

    with pytest.raises(actions.Stale):
        actions.save_draft(form=FORM, unit=unit, by=bob, now=LATER, typed={"what": "三"}, record=seen_by_bob)

    record.refresh_from_db()
    assert record.data == {"what": "二"}
    assert codes() == ["records.draft_saved"] * 2


def test_submit_gives_the_next_number_of_the_series(unit, ann):
    first, second = a_submitted(unit, ann), a_submitted(unit, ann)

    assert [first.number, second.number] == ["SM-202609-001", "SM-202609-002"]
    assert (first.state, first.submitted_by, first.submitted_at) == ("SUBMITTED", ann, MONDAY)


def test_submit_keeps_a_number_that_the_subject_gave(unit, ann):
    record = actions.save_draft(form=FORM, unit=unit, by=ann, now=MONDAY, typed={"what": "x"}, number="TS-1")

    assert actions.submit(record=record, by=ann, now=MONDAY).number == "TS-1"


def test_submit_refuses_an_incomplete_form_and_takes_no_number(unit, ann):
    record = a_draft(unit, ann, amount="3")

    with pytest.raises(actions.BadValues, match="“What” is still empty"):
        actions.submit(record=record, by=ann, now=MONDAY)

    record.refresh_from_db()
    assert (record.state, record.number) == ("DRAFT", "")
    assert a_submitted(unit, ann).number == "SM-202609-001"


def test_submitting_twice_is_refused_the_second_time(unit, ann):
    record = a_submitted(unit, ann)

    with pytest.raises(actions.WrongState, match="is “Submitted” by now"):
        actions.submit(record=record, by=ann, now=LATER)

    assert codes().count("records.submitted") == 1


def test_a_submitted_form_is_no_longer_rewritten(unit, ann):
    record = a_submitted(unit, ann)

    with pytest.raises(actions.WrongState):
        actions.save_draft(form=FORM, unit=unit, by=ann, now=LATER, typed={"what": "改"}, record=record)

    record.refresh_from_db()
    assert record.data["what"] == "已办"


def test_the_number_of_a_form_is_given_once_until_its_record_is_void(unit, ann):
    made = {"form": FORM, "unit": unit, "by": ann, "now": MONDAY, "number": "TS-1"}
    record = actions.save_draft(**made)

    with pytest.raises(actions.NumberTaken, match="TS-1 exists already"):
        actions.save_draft(**made)
    actions.void(record=record, by=ann, now=LATER, reason="误开")

    assert actions.save_draft(**made).number == "TS-1"


def test_review_needs_a_second_person(unit, ann, bob):
    record = a_submitted(unit, ann)

    with pytest.raises(actions.OwnRecord):
        actions.review(record=record, by=ann, now=LATER)
    actions.review(record=record, by=bob, now=LATER, opinion=" 同意 ")

    assert (record.state, record.reviewed_by, record.reviewed_at, record.opinion) == (
        "REVIEWED",
        bob,
        LATER,
        "同意",
    )


def test_the_reviewer_fills_in_fields_of_the_form(unit, ann, bob):
    record = a_submitted(unit, ann)

    with pytest.raises(actions.BadValues, match="not a number"):
        actions.review(record=record, by=bob, now=LATER, typed={"amount": "many"})
    record.refresh_from_db()
    assert (record.state, record.data) == ("SUBMITTED", {"what": "已办"})
    actions.review(record=record, by=bob, now=LATER, typed={"amount": "36"})

    assert (record.state, record.data) == ("REVIEWED", {"what": "已办", "amount": "36"})


def test_a_draft_cannot_be_reviewed(unit, ann, bob):
    with pytest.raises(actions.WrongState):
        actions.review(record=a_draft(unit, ann, what="x"), by=bob, now=LATER)


def test_void_needs_a_reason_and_happens_once(unit, ann):
    record = a_submitted(unit, ann)

    with pytest.raises(actions.NoReason):
        actions.void(record=record, by=ann, now=LATER, reason=" ")
    actions.void(record=record, by=ann, now=LATER, reason="误开")
    with pytest.raises(actions.WrongState):
        actions.void(record=record, by=ann, now=LATER, reason="再")

    assert (record.state, record.void_reason) == ("VOID", "误开")
    assert codes() == ["records.draft_saved", "records.submitted", "records.voided"]


def test_a_form_nobody_declared_is_named(unit, ann):
    record = a_draft(unit, ann, what="x")
    record.form = "F-?"

    with pytest.raises(actions.UnknownForm, match="F-\\?"):
        actions.submit(record=record, by=ann, now=MONDAY)


def test_a_printed_record_carries_its_company_number_check_code_and_mark(ann):
    company = plant(name="长禾公司", code="C", kind="COMPANY")
    record = a_submitted(plant(name="客服部", code="D", parent=company), ann)

    head = printing.record_head(record, "zh-hans")
    actions.void(record=record, by=ann, now=LATER, reason="误开")
    void = printing.record_head(record, "en")

    assert (head.organisation, head.number, head.watermark) == ("长禾公司", "SM-202609-001", "")
    assert void.watermark == "Void"
    assert head.check_code == void.check_code == printing.check_code(record)
    record.data["what"] = "改"
    assert printing.check_code(record) != head.check_code
    assert printing.render(FORM, record, lang="zh-hans")[:5] == b"%PDF-"
