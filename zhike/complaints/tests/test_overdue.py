"""Reminder sheets while a case is overdue, the inquiry sheet after it was closed late (D20, overdue response)."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhike.complaints import access, actions, queries, sheets
from zhike.complaints.actions import _overdue
from zhike.complaints.followups import OverdueSheet
from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.records import values

from .factories import at, browser
from .regimes import duty_of, opened, walked

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R001-232")
def test_no_overdue_case_of_the_regime_is_left_without_a_sheet(enterprise):
    cases = [opened(enterprise, item="SPECIFICATION") for _ in range(3)]
    walked(cases[2], until="业务查明", now=at(9, 10, 30))
    assert actions.remind(now=at(9, 14)) == []

    made = actions.remind(now=at(10, 18))

    open_duties = Duty.objects.open().filter(subject_label=Complaint._meta.label)
    late = set(open_duties.filter(due_at__lt=at(10, 18)).values_list("subject_id", flat=True))
    assert late == {case.pk for case in cases}
    assert {sheet.complaint_id for sheet in made} == late
    assert actions.remind(now=at(10, 18)) == []
    sheet = next(sheet for sheet in made if sheet.complaint_id == cases[0].pk)
    assert (sheet.department, sheet.step, sheet.turn, sheet.days) == ("总经理室生产管理室", "立案", 0, 2)
    other = next(sheet for sheet in made if sheet.complaint_id == cases[2].pk)
    assert (other.department, other.to) == ("业务部经办", enterprise["BUSINESS_HANDLER"].party)


@pytest.mark.rule("R001-232")
def test_a_reminder_comes_again_after_each_interval_and_once_in_it(enterprise):
    opened(enterprise, item="SPECIFICATION")
    due = Duty.objects.get(kind="complaint.check").due_at
    (first,) = actions.remind(now=due + dt.timedelta(minutes=1))

    last_day = actions.remind(now=at(12, 17, 29))
    second = actions.remind(now=at(12, 17, 30))

    assert first.turn == 0
    assert last_day == []
    assert [sheet.turn for sheet in second] == [1]
    assert actions.remind(now=at(12, 17, 30)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        OverdueSheet.objects.create(
            kind="REMINDER", number="x", complaint=first.complaint, unit=first.unit, duty_id=first.duty_id, turn=0,
            step="…", due_at=due, department="…", at=due, clause="2.4",
        )  # fmt: skip


@pytest.mark.rule("R001-232")
def test_who_is_not_due_costs_nothing_and_a_row_that_fails_stops_nobody(enterprise, monkeypatch):
    bad, good = (opened(enterprise, item="SPECIFICATION") for _ in range(2))
    write = _overdue._write

    def breaks(kind, case, duty, **given):
        if case.pk == bad.pk:
            raise ZeroDivisionError
        return write(kind, case, duty, **given)

    monkeypatch.setattr(_overdue, "_write", breaks)
    assert [sheet.complaint for sheet in actions.remind(now=at(10, 18))] == [good]
    with CaptureQueriesContext(connection) as asked:
        assert actions.remind(now=at(10, 18, 30)) == []
    assert len(asked) == 1
    monkeypatch.undo()
    assert [sheet.complaint for sheet in actions.remind(now=at(10, 19))] == [bad]


@pytest.mark.rule("R001-232")
def test_a_clock_that_stands_brings_no_reminder_until_it_runs_again(enterprise):
    opened(enterprise, item="SPECIFICATION")
    duty = Duty.objects.get(kind="complaint.check")
    by = enterprise["PRODUCTION_CONTROL"].party
    duties.pause(duty=duty, by=by, now=at(9, 10, 30), reason="等客户")
    assert actions.remind(now=at(20, 9)) == []

    duties.resume(duty=duty, by=by, now=at(20, 9))
    duty.refresh_from_db()

    assert duty.urge_at == duty.due_at
    assert len(actions.remind(now=duty.due_at + dt.timedelta(minutes=1))) == 1


@pytest.mark.rule("R001-232", "F001-63")
def test_the_department_answers_a_reminder_within_its_own_limit(enterprise):
    case = opened(enterprise, item="SPECIFICATION")
    walked(case, until="业务查明", now=at(9, 10, 30))
    (sheet,) = actions.remind(now=at(10, 18))
    business = enterprise["BUSINESS_HANDLER"]
    duty = duty_of(sheet, "complaint.overdue_reply")

    assert (duty.owner, duty.due_at) == (business.party, sheet.reply_by)
    assert Message.objects.filter(to=business.party, kind="complaint.reminder").count() == 1
    for by, text in ((enterprise["QUALITY_HEAD"], "…"), (business, " ")):
        with pytest.raises(actions.CannotAnswer):
            actions.answer_sheet(sheet=sheet, text=text, by=by.party, now=at(11, 9))
    with clock.at(at(11, 9)):
        client = browser(business)
        client.post(reverse("complaints:overdue_sheet", args=[sheet.pk]), {"text": "等客户回传订单"})
        page = browser(enterprise["GENERAL_MANAGER"]).get(reverse("complaints:detail", args=[case.pk]))
    sheet.refresh_from_db()
    assert (sheet.answer, sheet.answered_by) == ("等客户回传订单", business.party)
    assert duty_of(sheet, "complaint.overdue_reply").state == "DONE"
    assert sheet.number in page.content.decode()


def test_a_sheet_about_a_confidential_case_says_nothing_to_whom_it_was_addressed(enterprise):
    case = opened(enterprise, item="SPECIFICATION")
    walked(case, until="业务查明", now=at(9, 10, 30))
    (sheet,) = actions.remind(now=at(10, 18))
    business = access.scope(enterprise["BUSINESS_HANDLER"])
    assert sheet in queries.overdue_sheets(business)

    case.refresh_from_db()
    by = enterprise["GENERAL_MANAGER"].party
    actions.make_confidential(complaint=case, persons=[], by=by, now=at(11, 9), reason="涉及员工隐私")

    assert sheet not in queries.overdue_sheets(business)
    assert case.title not in duty_of(sheet, "complaint.overdue_reply").matter


@pytest.mark.rule("R001-232", "F001-63")
def test_a_case_that_was_closed_late_brings_an_inquiry_to_the_latest_department(enterprise):
    late, timely = (opened(enterprise, item="SPECIFICATION") for _ in range(2))
    walked(timely, now=at(9, 10, 30))
    walked(late, until="品质调查", now=at(9, 10, 30))
    (reminder,) = actions.remind(now=at(11, 9))
    walked(late, now=at(12, 9))

    (inquiry,) = OverdueSheet.objects.filter(kind="INQUIRY")
    assert (inquiry.complaint, inquiry.department, inquiry.step) == (late, "品质负责人", "品质调查")
    assert inquiry.to == enterprise["QUALITY_HEAD"].party
    assert duty_of(inquiry, "complaint.overdue_reply").owner == inquiry.to
    assert duty_of(reminder, "complaint.overdue_reply").state == "CANCELLED"
    assert actions.remind(now=at(20, 9)) == []
    data = values.gather(sheets.OVERDUE, inquiry)
    assert (data["kind"], data["case"], data["department"], data["step"]) == (
        ["INQUIRY"], late.number, "品质负责人", "品质调查",
    )  # fmt: skip
    assert int(data["days"]) == inquiry.days >= 2
    with clock.at(at(12, 10)):
        client = browser(enterprise["GENERAL_MANAGER"])
        paper = client.get(reverse("complaints:print_overdue", args=[inquiry.pk, "html"])).content.decode()
        listed = client.get(reverse("complaints:overdue"), {"view": "all"}).context["listing"]
    assert inquiry.number in paper
    assert listed.number == 2


@pytest.mark.rule("R001-232")
def test_a_regulation_without_an_interval_brings_no_sheets(fruit):
    case = opened(fruit, item="SERVICE")
    walked(case, now=at(25, 9))

    assert actions.remind(now=at(25, 9)) == []
    assert not OverdueSheet.objects.exists()
