"""Requests between departments: asked, passed on within bounds, answered, settled; the sheets that print."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Event, Message
from zhike.kernel.parties.models import Party
from zhike.kernel.worktime import calendars
from zhike.people.requests import access, actions, queries
from zhike.people.requests.models import Request
from zhike.people.tests.factories import MONDAY

HOUR = dt.timedelta(hours=1)


def ask(cast, **more):
    given = {
        "kind": "FEEDBACK", "text": "店里的价签打印机坏了", "to_unit": cast.south_cash, "by": cast.specialist.party,
        "now": MONDAY,
    } | more  # fmt: skip
    return actions.ask(**given)


def owed(row: Request) -> list[tuple[str, str]]:
    return [
        (duty.kind, duty.owner.name) for duty in Duty.objects.open().filter(subject_id=row.pk).order_by("pk")
    ]


@pytest.mark.rule("R004-28", "S004-17")
def test_a_general_problem_goes_to_the_department_in_charge(cast):
    row = ask(cast)

    assert (row.number, row.state, row.owner.name) == ("QQ-202603-0001", "OPEN", "秦亦舒")
    assert owed(row) == [("request.answer", "秦亦舒")]
    assert calendars.local_day(row.due_at, cast.south.pk) == dt.date(2026, 3, 12)  # 3 working days
    assert row.clause == "四(一)"
    assert Message.objects.get(kind="request.asked").to == cast.cashier_supervisor.party
    assert Entry.objects.filter(code="people.requested").count() == 1


@pytest.mark.rule("R004-27", "S004-17", "F004-08")
def test_an_urgent_report_goes_to_the_own_leader_at_once(cast):
    row = ask(cast, kind="URGENT", to_unit=None, text="假烟进店")

    assert row.owner == cast.supervisor.party or row.owner == cast.manager.party
    assert row.urgent
    assert row.due_at - MONDAY == HOUR
    assert Message.objects.get(kind="request.asked").email_state != ""


@pytest.mark.rule("R004-37", "S004-25", "S002-11")
def test_a_request_cannot_be_passed_on_for_ever(cast):
    row = ask(cast, kind="COORDINATION")
    due = row.due_at
    for unit in (cast.north_service, cast.south_cash):
        row = actions.pass_on(request=row, to_unit=unit, reason="不归我们管", by=row.owner, now=MONDAY + HOUR)
        assert (row.to_unit, row.is_last, row.due_at) == (unit, False, due)

    row = actions.pass_on(
        request=row, to_unit=cast.north_service, reason="再转", by=row.owner, now=MONDAY + 2 * HOUR
    )
    assert (row.is_last, row.passings, row.due_at) == (True, 3, due)
    assert row.owner == cast.store_manager.party  # head of the nearest unit above both
    assert owed(row) == [("request.answer", "何景行")]
    with pytest.raises(actions.CannotPass, match="common leader"):
        actions.pass_on(request=row, to_unit=cast.north_service, reason="再转", by=row.owner, now=MONDAY)
    assert Request.objects.get().passings == 3


@pytest.mark.rule("R004-37", "F004-16", "S002-11")
def test_an_answer_is_told_back_and_passed_on_to_the_customer(cast):
    shop = Party.objects.create(kind=Party.Kind.PERSON, name="老陈面馆")
    row = ask(cast, kind="COORDINATION", customer=shop)

    with pytest.raises(actions.CannotAnswer, match="Somebody else"):
        actions.answer(request=row, text="好", by=cast.specialist.party, now=MONDAY)
    with pytest.raises(actions.CannotAnswer, match="Write the answer"):
        actions.answer(request=row, text=" ", by=row.owner, now=MONDAY)
    assert Request.objects.get().state == "OPEN"

    row = actions.answer(request=row, text="明天换新的", by=row.owner, now=MONDAY + HOUR)
    told = Message.objects.get(kind="request.answered")
    assert (told.to, told.heading) == (cast.specialist.party, f"Answered: {row}")
    assert Event.objects.get(name="request_answered").ids["id"] == row.pk
    assert owed(row) == [("request.tell", "沈若溪")]

    with pytest.raises(actions.CannotAnswer, match="customer first"):
        actions.settle(request=row, result="已换", by=cast.specialist.party, now=MONDAY, told=False)
    row = actions.settle(
        request=row, result="已换新,店主满意", by=cast.specialist.party, now=MONDAY + 2 * HOUR
    )
    assert (row.state, row.told_at) == ("SETTLED", MONDAY + 2 * HOUR)
    assert owed(row) == []


def test_an_answer_that_does_not_help_is_asked_for_again(cast):
    row = actions.answer(
        request=ask(cast), text="知道了", by=cast.cashier_supervisor.party, now=MONDAY + HOUR
    )
    row = actions.send_back(
        request=row, reason="没说什么时候修", by=cast.specialist.party, now=MONDAY + 2 * HOUR
    )

    assert (row.state, row.answered_at) == ("OPEN", None)
    assert owed(row) == [("request.answer", "秦亦舒")]
    assert [one.kind for one in row.steps.all()] == ["ASKED", "ANSWERED", "SENT_BACK"]


def test_two_at_once_and_a_stale_page_change_nothing(cast):
    row, stale = ask(cast), None
    stale = Request.objects.get(pk=row.pk)
    actions.answer(request=row, text="好的", by=row.owner, now=MONDAY)

    with pytest.raises(actions.CannotAnswer, match="does not stand"):
        actions.answer(request=stale, text="不行", by=cast.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotPass, match="does not stand"):
        actions.pass_on(request=stale, to_unit=cast.north_service, reason="转", by=stale.owner, now=MONDAY)
    assert Request.objects.get().answer == "好的"


def test_a_told_moment_may_only_be_earlier(cast):
    early = ask(cast, due_at=MONDAY + HOUR)
    late = ask(cast, due_at=MONDAY + dt.timedelta(days=60))

    assert early.due_at == MONDAY + HOUR
    assert calendars.local_day(late.due_at, cast.south.pk) == dt.date(2026, 3, 12)


def test_without_a_regulation_nothing_is_asked(cast):
    with pytest.raises(actions.CannotAsk, match="No regulation"):
        ask(cast, unit=cast.fruit_service)
    assert Request.objects.count() == 0


def test_who_sees_a_request(cast):
    row = ask(cast)
    seen = {
        role: queries.requests(access.scope(user)).filter(pk=row.pk).exists()
        for role, user in cast.users.items()
    }

    assert {role for role, sees in seen.items() if sees} == {
        "general_manager", "store_manager", "manager", "supervisor", "specialist", "cashier_supervisor",
    }  # fmt: skip


@pytest.mark.rule("F004-07", "F004-08", "F004-16")
def test_the_pages_and_the_sheets(cast, as_):
    client = as_("specialist")
    assert (
        client.post(reverse("people:ask"), {"kind": "FEEDBACK", "text": "缺货"}).status_code == 200
    )  # no unit
    sent = client.post(
        reverse("people:ask"),
        {"kind": "FEEDBACK", "topic": "设备", "text": "打印机坏了", "to_unit": cast.south_cash.pk},
    )
    row = Request.objects.get()
    assert sent.url == reverse("people:request", args=[row.pk])
    other = as_("cashier_supervisor")
    assert row.number in other.get(reverse("people:requests"), {"view": "-"}).content.decode()
    other.post(reverse("people:answer_request", args=[row.pk]), {"text": "周三修好"})
    assert as_("stranger").get(sent.url).status_code == 404
    assert client.post(reverse("people:answer_request", args=[row.pk]), {"text": "…"}).status_code == 403
    client.post(reverse("people:settle_request", args=[row.pk]), {"result": "修好了"})
    assert Request.objects.get().state == "SETTLED"

    week = client.get(reverse("people:print_week", args=["2026-03-11", "html"])).content.decode()
    assert "Weekly feedback sheet" in week
    for text in (
        "打印机坏了",
        "设备",
        "周三修好",
        "2026-03-09 ~ 03-15",
        "Filled in by",
        "Seen by the leader",
    ):
        assert text in week
    for kind in ("pdf", "docx", "xlsx"):
        assert client.get(reverse("people:print_week", args=["now", kind])).status_code == 200
    urgent = ask(cast, kind="URGENT", to_unit=None)
    page = client.get(reverse("people:print_request", args=[urgent.pk, "html"])).content.decode()
    assert "Urgent problem report" in page
    page = client.get(reverse("people:print_request", args=[row.pk, "html"])).content.decode()
    assert "Coordination request" in page
