"""What the reads give, and how many statements each page takes: the same with one row and with many."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhike.complaints import access, actions, queries
from zhike.complaints.models import Complaint
from zhike.customers.tests.factories import a_customer
from zhike.kernel.parties.scope import EVERYTHING, Scope

from .factories import a_complaint, a_fault, at, browser, worked

pytestmark = pytest.mark.django_db


def statements(do):
    """How many statements a call takes; savepoints are not counted, which take no time on the server."""
    with CaptureQueriesContext(connection) as found:
        do()
    return [
        query["sql"]
        for query in found.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]


def test_a_scope_shows_its_units_and_what_names_the_person(people):
    south = a_complaint(people)
    north = a_complaint(people, unit=people.north, handler=people.specialist.party, override_reason="…")

    def seen(scope):
        return list(queries.complaints(scope).order_by("id"))

    assert seen(EVERYTHING) == [south, north]
    assert seen(Scope(party=people.employee.pk, units=frozenset({people.south.pk}))) == [south]
    assert seen(Scope(party=people.specialist.pk, units=frozenset())) == [north]
    assert seen(Scope(party=None, units=frozenset())) == []


def test_the_halves_of_a_scope_have_nothing_in_common_and_make_the_whole(people):
    for unit in (people.south, people.north, people.north):
        a_complaint(people, unit=unit, handler=people.specialist.party, override_reason="…")
    secret = a_complaint(people)
    Complaint.objects.filter(pk=secret.pk).update(secrecy=2, taker=people.specialist.party)
    party, south = people.specialist.pk, frozenset({people.south.pk})

    def numbers(scope):
        by_unit, by_name = queries.halves(scope)
        assert not set(by_unit) & set(by_name)
        assert set(by_unit) | set(by_name) == set(queries.complaints(scope))
        return by_unit.count(), by_name.count()

    assert numbers(Scope(party=party, units=south)) == (1, 3)
    assert numbers(Scope(party=party, units=south, secrecy=2)) == (2, 2)
    assert numbers(Scope(party=party, units=frozenset())) == (0, 4)
    assert numbers(Scope(party=party, units=None)) == (3, 1)
    assert numbers(Scope(party=None, units=None)) == (3, 0)
    assert numbers(EVERYTHING) == (4, 0)


def test_open_complaints_are_neither_closed_nor_void(people):
    still, closed, void = (a_complaint(people) for _ in range(3))
    worked(closed)
    actions.void(complaint=void, by=people.manager.party, now=at(9, 12), reason="…")

    assert list(queries.open_complaints(EVERYTHING)) == [still]


def test_the_timeline_tells_everything_oldest_first(people):
    complaint = a_complaint(people, item="EXPIRED")
    by = people.store_manager.party
    actions.reply(complaint=complaint, text="在办", by=by, now=at(9, 10, 5))
    actions.note(complaint=complaint, text="常客", by=by, now=at(9, 10, 6))
    actions.hear_customer(complaint=complaint, text="快点", channel="PHONE", now=at(9, 10, 7))
    a_fault(people, complaint=complaint, now=at(9, 10, 8))
    worked(complaint, now=at(9, 10, 9))

    found = [item.kind for item in queries.file_of(complaint).timeline]

    assert found == [
        "opened", "ruling", "reply", "duty", "note", "customer", "fault",
        "step", "step", "step", "step", "step", "duty", "end",
    ]  # fmt: skip


def test_who_may_not_see_findings_does_not_read_them(people):
    complaint = a_complaint(people)
    a_fault(people, complaint=complaint)

    assert len(queries.file_of(complaint).faults) == 1
    assert queries.file_of(complaint, findings=False).faults == []


def test_the_last_text_of_a_step_counts(people):
    complaint = worked(a_complaint(people), until="solution")

    file = queries.file_of(complaint)

    assert (file.text_of("cause"), file.text_of("solution")) == ("冷柜断电", "")
    assert file.authority.clause == "三(五)3"


def test_neighbours_are_those_opened_just_before_and_after(people):
    cases = [a_complaint(people, now=now) for now in (at(9, 10), at(9, 10), at(9, 11))]
    rows = Complaint.objects.all()

    assert queries.neighbours(rows, cases[1]) == (cases[2].pk, cases[0].pk)
    assert queries.neighbours(rows, cases[2]) == (None, cases[1].pk)
    assert queries.neighbours(rows, cases[0]) == (cases[1].pk, None)


def test_a_customers_complaints_come_newest_first(people):
    customer = a_customer(people.south, people.taker)
    first, second = (a_complaint(people, customer=customer, now=now) for now in (at(9, 10), at(9, 11)))
    a_complaint(people)

    assert queries.history_of(EVERYTHING, customer.pk) == [second, first]


def test_staff_near_are_of_the_house_above_and_beside_it_but_not_of_another_trade(people):
    near = {party.name for party in queries.staff_near(people.south.pk)}

    assert {"沈若溪", "何景行", "宋怀瑾", "苏念"} <= near
    assert "欧阳静怡" not in near


def test_complaints_are_taken_in_houses_not_in_departments(people):
    units = queries.units_to_take(Scope(party=None, units=None))

    assert {unit.code for unit in units} == {"group", "mall", "south", "north", "fruit"}


# ---- budgets (design, section 6)

LIST, CASE, INTAKE = 12, 20, 30


def test_the_list_page_takes_as_many_statements_for_three_rows_as_for_one(people):
    client = browser(people.manager)
    address = reverse("complaints:list") + "?state=open"
    client.get(address)
    a_complaint(people, customer=a_customer(people.south, people.taker))
    one = statements(lambda: client.get(address))
    for item in ("EXPIRED", "CASHIER"):
        a_complaint(people, item=item, accused=people.employee.party)
    three = statements(lambda: client.get(address))

    assert len(three) == len(one)
    assert len(three) <= LIST, "\n".join(three)


def test_the_case_page_takes_as_many_statements_with_fifty_entries_as_with_one(people):
    complaint = a_complaint(people, customer=a_customer(people.south, people.taker), item="EXPIRED")
    client = browser(people.manager)
    address = reverse("complaints:detail", args=[complaint.pk])
    actions.reply(complaint=complaint, text="在办", by=people.store_manager.party, now=at(9, 10, 1))
    client.get(address)
    one = statements(lambda: client.get(address))
    for minute in range(49):
        actions.note(
            complaint=complaint, text=f"第 {minute} 条", by=people.taker.party,
            now=at(9, 11) + dt.timedelta(minutes=minute),
        )  # fmt: skip
    worked(complaint, now=at(9, 15), until="summary")
    fifty = statements(lambda: client.get(address))

    assert len(fifty) == len(one)
    assert len(fifty) <= CASE, "\n".join(fifty)


def test_an_intake_keeps_its_budget_of_statements(people):
    customer = a_customer(people.south, people.taker)
    a_complaint(people, item="EXPIRED")

    found = statements(lambda: a_complaint(people, item="EXPIRED", value=Decimal(36), customer=customer))

    assert len(found) <= INTAKE, "\n".join(found)


def test_the_gate_of_many_rows_reads_the_standing_once(people):
    cases = [a_complaint(people) for _ in range(3)]
    user = people.manager
    user._standing = access.people.standing(user)

    assert len(statements(lambda: [access.may(user, case) for case in cases])) == 0
