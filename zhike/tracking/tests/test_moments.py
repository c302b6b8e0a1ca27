"""Key moments, festivals and anniversaries by both calendars, consents and the limit of contacts."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.customers.contacts import actions as contacts
from zhike.customers.contacts import limits
from zhike.customers.dossier import actions as dossier
from zhike.customers.models import Consent, Fact, Interaction, Milestone
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import events
from zhike.people.tests.factories import CHINA, MONDAY
from zhike.tracking import actions, lunar, receivers
from zhike.tracking.actions._moments import Almanac
from zhike.tracking.models import Moment

from .factories import DAY, a_customer, a_plan


def at(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 6, 0, tzinfo=CHINA)


@pytest.mark.rule("R003-24", "T003-02")
@pytest.mark.parametrize(
    ("month", "day", "date"),
    [(1, 1, "2026-02-17"), (5, 5, "2026-06-19"), (8, 15, "2026-09-25"), (12, 29, "2027-02-05")],
)
def test_lunar_days_of_2026(month, day, date):
    assert lunar.solar_date(2026, month, day, is_lunar=True).isoformat() == date


@pytest.mark.rule("R003-24")
def test_a_lunar_day_that_the_year_lacks_is_said_and_never_guessed():
    with pytest.raises(lunar.NoSuchDay) as short:
        lunar.solar_date(2026, 2, 30, is_lunar=True)
    with pytest.raises(lunar.NoSuchDay) as leap:
        lunar.solar_date(2026, 6, 1, is_lunar=True, is_leap=True)

    assert (short.value.absent, leap.value.absent) == ("THIRTIETH", "LEAP_MONTH")
    assert lunar.solar_date(2025, 6, 1, is_lunar=True, is_leap=True).isoformat() == "2025-07-25"


@pytest.mark.parametrize(
    ("rule", "date"), [("DAY_BEFORE", "2026-04-16"), ("DAY_AFTER", "2026-04-17"), ("NONE", None)]
)
def test_what_the_regulation_puts_in_its_place(rule, date):
    found = lunar.instead(2026, 2, 30, is_lunar=True, is_leap=False, rule=rule)

    assert (found.isoformat() if found else None) == date


def test_a_leap_month_is_replaced_by_the_plain_one():
    found = lunar.instead(2026, 6, 15, is_lunar=True, is_leap=True, rule="PLAIN_MONTH")

    assert found == lunar.solar_date(2026, 6, 15, is_lunar=True)


def test_the_29th_of_february_is_greeted_on_the_28th(cast):
    almanac = Almanac.of(cast.south.pk, dt.date(2026, 2, 25))

    assert almanac.next(2, 29, is_lunar=False, is_leap=False, ahead=7) == dt.date(2026, 2, 28)


@pytest.mark.rule("R003-24", "T003-02", "F003-07")
def test_festivals_become_duties_a_week_ahead_for_customers_under_upkeep(cast):
    plan = a_plan(cast)
    a_customer(cast, name="没有计划", phone="13900002222")

    assert actions.greet(now=at(2026, 9, 17)) == 0  # eight days before Mid-Autumn
    assert actions.greet(now=at(2026, 9, 18)) == 1  # seven days
    assert actions.greet(now=at(2026, 9, 18)) == 0  # again changes nothing

    row = Moment.objects.get()
    duty = Duty.objects.get(subject_label="tracking.Moment")
    assert (row.customer_id, row.occasion, row.on, row.key) == (
        plan.pk, "中秋节", dt.date(2026, 9, 25), "FESTIVAL:MID_AUTUMN:2026",
    )  # fmt: skip
    assert (duty.owner, duty.due_at) == (cast.specialist.party, row.due_at)
    assert "中秋节" in row.template


@pytest.mark.rule("R003-24")
def test_anniversaries_by_solar_and_lunar_date(cast):
    customer = a_customer(cast)
    Milestone.objects.create(customer=customer, kind="FOUNDING", month=3, day=12)
    Milestone.objects.create(customer=customer, kind="BIRTHDAY", month=1, day=26, is_lunar=True)  # 2026-03-14

    actions.greet(now=MONDAY)

    assert [row.on.isoformat() for row in Moment.objects.order_by("on")] == ["2026-03-12", "2026-03-14"]


@pytest.mark.rule("R003-23")
def test_who_refused_greetings_gets_none(cast):
    plan = a_plan(cast)
    dossier.agree(
        customer=plan.customer, purpose=Consent.Purpose.CARE, is_given=False, source=Fact.Source.SERVICE,
        by=cast.specialist.party, now=MONDAY,
    )  # fmt: skip

    assert actions.greet(now=at(2026, 9, 20)) == 0


@pytest.mark.rule("R003-23")
def test_the_limit_of_contacts_counts_what_we_begin_unasked_in_thirty_days(cast):
    customer = a_customer(cast)

    def say(kind="NEWS", **more):
        contacts.record(
            customer=customer, way="MESSAGE", by=cast.specialist.party, now=MONDAY, content_kind=kind, **more
        )

    say("SERVICE")
    say(is_incoming=True)
    for _n in range(3):
        say()
    assert limits.refusal(customer, content_kind="NEWS", now=MONDAY) == ""
    say("INVITATION")
    assert "at most 4" in limits.refusal(customer, content_kind="NEWS", now=MONDAY)
    assert limits.refusal(customer, content_kind="SERVICE", now=MONDAY) == ""
    assert limits.refusal(customer, content_kind="NEWS", now=MONDAY + 31 * DAY) == ""


@pytest.mark.rule("R003-23")
def test_a_contact_over_the_limit_is_refused_and_changes_nothing(cast):
    plan = a_plan(cast)
    actions.greet(now=at(2026, 9, 20))
    row = Moment.objects.get()
    for _n in range(4):
        contacts.record(
            customer=plan.customer, way="MESSAGE", by=cast.specialist.party, now=at(2026, 9, 21),
            content_kind="NEWS",
        )  # fmt: skip

    with pytest.raises(actions.CannotEnd, match="at most 4"):
        actions.reach(moment=row, way="MESSAGE", reply="", by=cast.specialist.party, now=at(2026, 9, 22))

    row.refresh_from_db()
    assert row.state == "OPEN"


@pytest.mark.rule("R003-24", "F003-07")
def test_a_contact_made_stands_in_the_history_with_the_reply(cast):
    a_plan(cast)
    actions.greet(now=at(2026, 9, 20))
    row = Moment.objects.get()

    actions.reach(moment=row, way="PHONE", reply="谢谢", by=cast.specialist.party, now=at(2026, 9, 22))

    said = Interaction.objects.get()
    assert (row.state, row.reply, row.interaction) == ("DONE", "谢谢", said)
    assert (said.purpose, said.feedback, said.content_kind) == ("中秋节", "谢谢", "GREETING")
    assert Duty.objects.get(subject_label="tracking.Moment").state == "DONE"
    with pytest.raises(actions.CannotEnd, match="already"):
        actions.leave_out(moment=row, why="忘了", by=cast.specialist.party, now=at(2026, 9, 23))


def test_a_contact_is_left_out_only_with_a_reason(cast):
    a_plan(cast)
    actions.greet(now=at(2026, 9, 20))
    row = Moment.objects.get()

    with pytest.raises(actions.CannotEnd, match="Say why"):
        actions.leave_out(moment=row, why=" ", by=cast.specialist.party, now=at(2026, 9, 22))
    actions.leave_out(moment=row, why="店主在国外", by=cast.specialist.party, now=at(2026, 9, 22))

    assert row.state == "LEFT_OUT"
    assert Duty.objects.get(subject_label="tracking.Moment").state == "CANCELLED"


@pytest.mark.rule("R003-24", "T003-02")
def test_before_during_and_after_service_as_the_regulation_says(cast, monkeypatch):
    plan = a_plan(cast)
    case = plan  # any case with a customer; its label is no business of the list, so it is 其他服务
    monkeypatch.setattr(receivers, "_case", lambda ids: (case, plan.customer))
    ids = {"label": "tracking.Plan", "id": plan.pk}

    receivers.opened(ids=ids, at=MONDAY, now=MONDAY)
    receivers.entered(ids=ids | {"stage": "维修"}, at=MONDAY, now=MONDAY)
    receivers.entered(ids=ids | {"stage": "检验"}, at=MONDAY, now=MONDAY)  # one telling at a time
    receivers.closed(ids=ids, at=MONDAY + DAY, now=MONDAY + DAY)

    found = {row.kind: row for row in Moment.objects.all()}
    assert set(found) == {"BEFORE", "DURING", "AFTER"}
    assert found["DURING"].state == "LEFT_OUT"
    assert found["AFTER"].state == "OPEN"
    assert Moment.objects.count() == 3


def test_tracking_hears_cases_opened_moving_and_closed():
    for name in (events.CASE_OPENED, events.CASE_STAGE_ENTERED, events.CASE_CLOSED):
        assert "tracking" in events.listeners(name)
