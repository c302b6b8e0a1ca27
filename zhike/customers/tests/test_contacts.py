"""Contacts and promises: what the register says of them, both sides of each threshold."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.customers.contacts import actions, queries
from zhike.customers.contacts.days import end_of_day
from zhike.customers.models import Contact, Interaction, Profile, Promise
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.people.tests.factories import MONDAY

from .factories import a_customer

DAY = dt.timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


def a_promise(cast, customer=None, **more) -> Promise:
    given = {"text": "周五前送到备件", "keeper": cast.specialist.party, "due_at": FRIDAY} | more
    customer = customer or a_customer(cast.south, cast.taker)
    return actions.promise(customer=customer, by=cast.taker.party, now=MONDAY, **given)


@pytest.mark.rule("FM002-09", "F000-07", "R001-013")
def test_a_contact_keeps_who_when_how_and_what_and_moves_the_last_contact(cast):
    customer = a_customer(cast.south, cast.taker)
    finance = Contact.objects.create(customer=customer, name="许静安", post="财务部长")

    row = actions.record(
        customer=customer,
        way="PHONE",
        by=cast.specialist.party,
        now=MONDAY,
        contact=finance,
        place="电话",
        purpose="回访",
        content="问备件是否到货",
        feedback="已到,数量少两件",
        result="补发",
        next_on=dt.date(2026, 3, 16),
    )

    assert (row.way, row.contact, row.purpose, row.feedback) == ("PHONE", finance, "回访", "已到,数量少两件")
    assert row.next_on == dt.date(2026, 3, 16)
    assert Profile.objects.get(customer=customer).last_contact_at == MONDAY
    finance.refresh_from_db()
    assert finance.last_contact_at == MONDAY


def test_a_contact_entered_late_moves_nothing_back(cast):
    customer = a_customer(cast.south, cast.taker)
    actions.record(customer=customer, way="PHONE", by=cast.taker.party, now=MONDAY)

    actions.record(customer=customer, way="VISIT", by=cast.taker.party, now=MONDAY, at=MONDAY - 3 * DAY)

    assert Profile.objects.get(customer=customer).last_contact_at == MONDAY


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"way": "PIGEON"}, "by which way"),
        ({"at": MONDAY + DAY}, "not taken place yet"),
        ({"next_on": dt.date(2026, 3, 8)}, "must lie ahead"),
    ],
)
def test_a_contact_is_refused_and_changes_nothing(cast, more, why):
    customer = a_customer(cast.south, cast.taker)

    with pytest.raises(actions.CannotRecord, match=why):
        actions.record(**{"customer": customer, "way": "PHONE", "by": cast.taker.party, "now": MONDAY} | more)

    assert Interaction.objects.count() == 0


def test_a_contact_person_of_another_customer_is_refused(cast):
    other = a_customer(cast.south, cast.taker, name="别人", phone="13900001111")
    stranger = Contact.objects.create(customer=other, name="段亦舟")

    with pytest.raises(actions.CannotRecord, match="段亦舟"):
        actions.record(
            customer=a_customer(cast.south, cast.taker),
            way="PHONE",
            by=cast.taker.party,
            now=MONDAY,
            contact=stranger,
        )


@pytest.mark.rule("R002-076")
def test_colleagues_see_a_contact_and_remark_on_it_but_not_on_their_own(cast):
    customer = a_customer(cast.south, cast.taker)
    row = actions.record(customer=customer, way="PHONE", by=cast.specialist.party, now=MONDAY)

    actions.remark(interaction=row, text="下次带上报价", by=cast.supervisor.party, now=MONDAY)

    row.refresh_from_db()
    assert (row.remark, row.remark_by) == ("下次带上报价", cast.supervisor.party)
    with pytest.raises(actions.CannotRemark, match="somebody else"):
        actions.remark(interaction=row, text="很好", by=cast.specialist.party, now=MONDAY)


def test_the_secrecy_of_a_customer_holds_for_contacts_and_promises(cast):
    customer = a_customer(cast.south, cast.taker)
    actions.record(customer=customer, way="PHONE", by=cast.specialist.party, now=MONDAY)
    a_promise(cast, customer)
    customer.secrecy = 2
    customer.save()
    low = Scope(party=cast.stranger.party.pk, units=None, secrecy=1)

    assert queries.interactions(low).count() == queries.promises(low).count() == 0
    assert queries.interactions(EVERYTHING).count() == queries.promises(EVERYTHING).count() == 1


@pytest.mark.rule("R001-067", "R002-085")
def test_a_promise_is_a_duty_of_its_keeper_by_its_date(cast):
    row = a_promise(cast)

    duty = Duty.objects.get(kind="customer.promise")
    assert (duty.owner, duty.due_at, duty.state) == (cast.specialist.party, FRIDAY, "OPEN")
    assert duty.customer_id == row.customer_id
    assert row.state == Promise.State.OPEN


@pytest.mark.rule("R001-067")
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"keeper": None}, "who keeps"),
        ({"due_at": None}, "by when"),
        ({"due_at": MONDAY}, "day to come"),
        ({"text": "  "}, "what is promised"),
    ],
)
def test_nothing_is_promised_without_a_keeper_and_a_date(cast, more, why):
    with pytest.raises(actions.CannotPromise, match=why):
        a_promise(cast, **more)

    assert Promise.objects.count() == Duty.objects.filter(kind="customer.promise").count() == 0


@pytest.mark.rule("R001-067")
def test_who_holds_no_post_cannot_be_the_keeper(cast):
    customer = a_customer(cast.south, cast.taker)

    with pytest.raises(actions.CannotPromise, match="holds no post"):
        a_promise(cast, customer, keeper=customer.party)


@pytest.mark.rule("R000-24")
def test_a_promise_of_our_customer_names_what_it_rests_on_and_the_day_it_must_be_ready(cast):
    row = a_promise(cast, holder="城南连锁", depends_on="主轴备件", ready_on=dt.date(2026, 3, 12))

    ready = Duty.objects.get(kind="customer.promise_ready")
    assert (row.holder, row.depends_on) == ("城南连锁", "主轴备件")
    assert ready.due_at == end_of_day(cast.south.pk, dt.date(2026, 3, 12))


@pytest.mark.rule("R000-24")
@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"depends_on": "主轴备件"}, "names both"),
        ({"ready_on": dt.date(2026, 3, 12)}, "names both"),
        ({"depends_on": "主轴备件", "ready_on": dt.date(2026, 3, 14)}, "2026-03-13"),
    ],
)
def test_a_dependency_comes_with_a_day_and_not_after_the_promise(cast, more, why):
    with pytest.raises(actions.CannotPromise, match=why):
        a_promise(cast, **more)


@pytest.mark.rule("R002-085", "F001-24")
def test_a_kept_promise_discharges_its_duties_and_late_stays_late(cast):
    row = a_promise(cast, depends_on="备件", ready_on=dt.date(2026, 3, 12))

    actions.end_promise(promise=row, state="KEPT", by=cast.specialist.party, now=FRIDAY + DAY)

    assert (row.state, row.ended_at) == ("KEPT", FRIDAY + DAY)
    assert [duty.state for duty in Duty.objects.filter(kind__startswith="customer.promise")] == ["DONE"] * 2
    assert Duty.objects.get(kind="customer.promise").is_late(FRIDAY + 9 * DAY)


@pytest.mark.parametrize("state", ["BROKEN", "RELEASED"])
def test_a_promise_that_was_not_kept_says_why_and_ends_once(cast, state):
    row = a_promise(cast)

    with pytest.raises(actions.CannotEnd, match="Say why"):
        actions.end_promise(promise=row, state=state, by=cast.taker.party, now=MONDAY)
    actions.end_promise(promise=row, state=state, outcome="停产", by=cast.taker.party, now=MONDAY)

    assert (row.state, row.outcome) == (state, "停产")
    assert Duty.objects.get(kind="customer.promise").state == "CANCELLED"
    with pytest.raises(actions.CannotEnd, match="already"):
        actions.end_promise(promise=row, state="KEPT", by=cast.taker.party, now=MONDAY)


@pytest.mark.rule("R003-10")
def test_what_customers_begin_themselves_is_recorded_as_theirs(cast):
    customer = a_customer(cast.south, cast.taker)

    actions.record(
        customer=customer,
        way="ONLINE",
        by=cast.taker.party,
        now=MONDAY,
        is_incoming=True,
        content="想参加试吃",
        feedback="建议加小包装",
    )

    asked = queries.interactions(EVERYTHING).filter(is_incoming=True)
    assert [(row.way, row.feedback) for row in asked] == [("ONLINE", "建议加小包装")]
