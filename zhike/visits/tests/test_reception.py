"""The reception: greeting within the limit, water, registration, purpose, locker, receiver; letters and calls; figures."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.models import Customer
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.scope import EVERYTHING, NOTHING, Scope
from zhike.kernel.records import values
from zhike.kernel.tallies.figures import Ratio
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.tests.factories import MONDAY
from zhike.visits.reception import actions, queries, sheets
from zhike.visits.reception.models import LockerUse, Reception

from .factories import HOUR, MINUTE, a_shop

SECOND = dt.timedelta(seconds=1)
MONTH = Period.around(Kind.MONTH, MONDAY.date(), "Asia/Shanghai")


def arrives(cast, now=MONDAY, **more) -> Reception:
    given = {"kind": "VISIT", "name": "王先生"} | more
    return actions.receive(unit=cast.south, by=cast.taker.party, now=now, **given)


def owed(row) -> list[tuple[str, str]]:
    return sorted(Duty.objects.open().filter(**subjects.key(row)).values_list("kind", "owner__name"))


def led_well(cast, row, at=MONDAY) -> Reception:
    """Every step of the standard, in its order."""
    given = {"reception": row, "by": cast.taker.party, "now": at}
    actions.greet(**given)
    actions.note(step="water", **given)
    if row.customer is None:
        actions.register(phone="13800000099", **given)
    actions.ask_purpose(purpose="看新品", passed_to=cast.specialist.party, **given)
    actions.note(step="remind", **given)
    actions.assign(reception=row, receiver=cast.specialist.party, by=cast.supervisor.party, now=at)
    actions.tell_name(**given)
    actions.enter(**given)
    return row


def met(row) -> set[str]:
    found = queries.checked(Reception.objects.filter(pk=row.pk)).get()
    return {code for code in queries.CHECKS if getattr(found, f"met_{code}")}


@pytest.mark.rule("R001-271")
@pytest.mark.parametrize(("after", "kept"), [(60 * SECOND, True), (61 * SECOND, False)])
def test_a_visitor_is_greeted_within_one_minute(cast, after, kept):
    row = arrives(cast)
    assert row.greet_by == MONDAY + MINUTE

    actions.greet(reception=row, by=cast.taker.party, now=MONDAY + after)

    assert ("GREETED" in met(row)) is kept
    with pytest.raises(actions.CannotReceive, match="noted already"):
        actions.greet(reception=row, by=cast.taker.party, now=MONDAY + HOUR)


@pytest.mark.rule("R001-272")
def test_water_and_registration_come_before_the_showroom(cast):
    row = arrives(cast)
    with pytest.raises(actions.CannotReceive, match="Register the customer first"):
        actions.enter(reception=row, by=cast.taker.party, now=MONDAY)

    actions.register(
        reception=row,
        name="王立",
        phone="138 0000 0099",
        company="立新",
        source="路过",
        by=cast.taker.party,
        now=MONDAY,
    )
    customer = Customer.objects.get(name="王立")
    assert (row.customer, row.company, row.source) == (customer, "立新", "路过")
    actions.enter(reception=row, by=cast.taker.party, now=MONDAY + MINUTE)
    actions.note(reception=row, step="water", by=cast.taker.party, now=MONDAY + 2 * MINUTE)
    assert "WATER" not in met(row)

    other = arrives(cast, customer=customer)
    actions.note(reception=other, step="water", by=cast.taker.party, now=MONDAY)
    actions.enter(reception=other, by=cast.taker.party, now=MONDAY)
    assert "WATER" in met(other)


@pytest.mark.rule("R001-273")
def test_the_purpose_is_asked_and_the_visitor_passed_on(cast):
    row = arrives(cast)
    assert "PURPOSE" not in met(row)

    actions.ask_purpose(
        reception=row, purpose="看新品", passed_to=cast.specialist.party, by=cast.taker.party, now=MONDAY
    )

    assert "PURPOSE" in met(row)
    assert queries.receptions(Scope(units=frozenset(), party=cast.specialist.pk)).get() == row


@pytest.mark.rule("R001-274", "S001-093", "F001-71")
def test_a_locker_is_lent_once_and_its_key_comes_back(cast):
    row, other = arrives(cast), arrives(cast, name="李女士")
    by = cast.taker.party

    use = actions.lend(reception=row, locker=24, key="K24", by=by, now=MONDAY)

    assert "LOCKER" in met(row)
    for locker in (0, 25):
        with pytest.raises(actions.CannotReceive, match="from 1 to 24"):
            actions.lend(reception=other, locker=locker, key="K", by=by, now=MONDAY)
    with pytest.raises(actions.CannotReceive, match="lent already"):
        actions.lend(reception=other, locker=24, key="K24", by=by, now=MONDAY)
    with pytest.raises(actions.CannotReceive, match="key of the locker"):
        actions.answer(reception=row, answer="看过", by=by, now=MONDAY)
    assert list(queries.lent(EVERYTHING)) == [use]
    assert not queries.lent(NOTHING).exists()

    actions.take_back(use=use, by=by, now=MONDAY + HOUR)
    with pytest.raises(actions.CannotReceive, match="came back already"):
        actions.take_back(use=use, by=by, now=MONDAY + HOUR)
    actions.lend(reception=other, locker=24, key="K24", by=by, now=MONDAY + HOUR)
    [line] = values.gather(sheets.LOCKERS, row)["lines"]
    assert (line["locker"], line["key"]) == ("24", "K24")
    assert LockerUse.objects.filter(returned_at=None).count() == 1


@pytest.mark.rule("R001-275")
def test_the_supervisor_assigns_who_is_told_and_leads(cast):
    row = arrives(cast)
    by = cast.supervisor.party
    with pytest.raises(actions.CannotReceive, match="Nobody is assigned"):
        actions.tell_name(reception=row, by=cast.taker.party, now=MONDAY)

    actions.assign(reception=row, receiver=cast.specialist.party, by=by, now=MONDAY)
    assert (actions.LEAD, cast.specialist.party.name) in owed(row)
    assert "LED" not in met(row)
    actions.tell_name(reception=row, by=cast.taker.party, now=MONDAY)
    assert "LED" in met(row)

    actions.assign(reception=row, receiver=cast.manager.party, by=by, now=MONDAY)
    assert [name for kind, name in owed(row) if kind == actions.LEAD] == [cast.manager.party.name]
    assert "LED" not in met(row)


@pytest.mark.rule("R002-151")
def test_the_reception_of_a_key_customer_is_on_its_managers_list(cast):
    customer = a_shop(cast)
    plain = arrives(cast, customer=customer)
    Customer.objects.filter(pk=customer.pk).update(is_key=True)
    customer.refresh_from_db()
    row = arrives(cast, customer=customer, name="")

    assert row.name == customer.name
    assert (actions.KEY, cast.specialist.party.name) in owed(row)
    assert actions.KEY not in dict(owed(plain))
    mine = queries.receptions(Scope(units=frozenset(), party=cast.specialist.pk))
    assert list(queries.of_key_customers(mine)) == [row]
    led_well(cast, row)
    actions.answer(reception=row, answer="签约", by=cast.specialist.party, now=MONDAY + HOUR)
    assert not owed(row)


@pytest.mark.rule("R002-168", "S002-32")
def test_letters_calls_and_visits_are_answered_within_the_limit(cast):
    friday = dt.timedelta(days=4)
    letter = arrives(cast, kind="LETTER", matter="询问保修")
    call = arrives(cast, kind="CALL", matter="询问价格")
    late = arrives(cast, kind="CALL", matter="询问发货", name="赵先生")
    assert letter.reply_by > call.reply_by > MONDAY
    assert letter.reply_by < MONDAY + friday
    with pytest.raises(actions.CannotReceive, match="what the letter"):
        arrives(cast, kind="LETTER")
    with pytest.raises(actions.CannotReceive, match="Nobody came"):
        actions.greet(reception=letter, by=cast.taker.party, now=MONDAY)
    with pytest.raises(actions.CannotReceive, match="what the answer is"):
        actions.answer(reception=letter, answer=" ", by=cast.taker.party, now=MONDAY)

    actions.answer(reception=letter, answer="一年", by=cast.taker.party, now=letter.reply_by)
    actions.answer(reception=call, answer="面议", by=cast.taker.party, now=call.reply_by)
    actions.answer(reception=late, answer="周三", by=cast.taker.party, now=late.reply_by + SECOND)

    assert queries.compliance(EVERYTHING, MONTH).answered == Ratio(2, 3)
    assert list(Reception.objects.filter(queries.LATE)) == [late]
    assert not owed(letter)
    with pytest.raises(actions.CannotReceive, match="is over"):
        actions.answer(reception=late, answer="周四", by=cast.taker.party, now=MONDAY)


@pytest.mark.rule("T001-24", "S001-090")
def test_compliance_counts_receptions_that_kept_every_check(cast):
    good, poor, going = (
        led_well(cast, arrives(cast)),
        arrives(cast, name="李女士"),
        arrives(cast, name="赵先生"),
    )
    actions.greet(reception=poor, by=cast.taker.party, now=MONDAY + 61 * SECOND)
    for row in (good, poor):
        actions.answer(reception=row, answer="看过", by=cast.taker.party, now=MONDAY + HOUR)

    found = queries.compliance(EVERYTHING, MONTH)

    assert met(good) == set(queries.CHECKS)
    assert found.whole == Ratio(1, 2)
    assert set(found.checks.values()) == {Ratio(1, 2)}
    for code in ("ALL", *queries.CHECKS):
        assert list(queries.failing(Reception.objects.all(), code)) == [poor]
    assert going.is_open
    assert queries.compliance(EVERYTHING, MONTH.previous()).whole == Ratio(0, 0)
    assert queries.compliance(NOTHING, MONTH).whole == Ratio(0, 0)


def test_every_verb_leaves_one_audit_row(cast):
    row = arrives(cast)
    led_well(cast, row)
    actions.answer(reception=row, answer="看过", by=cast.taker.party, now=MONDAY)
    codes = Entry.objects.filter(**subjects.key(row)).order_by("pk").values_list("code", flat=True)
    assert [code.removeprefix("reception.") for code in codes] == [
        "received", "greeted", "water", "registered", "purpose", "remind", "assigned", "told", "entered", "answered",
    ]  # fmt: skip


@pytest.mark.rule("F001-70")
def test_the_registration_sheet_and_the_pages(cast):
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.taker, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("visits:reception:receive"), {"kind": "VISIT", "name": "王先生", "company": "立新"})
    row = Reception.objects.get()
    at = {
        name: reverse("visits:reception:do", args=[row.pk, name])
        for name in ("greet", "register", "lend", "purpose", "answer")
    }
    client.post(at["greet"])
    client.post(at["register"], {"name": "王立", "phone": "13800000099", "source": "朋友介绍"})
    client.post(at["purpose"], {"purpose": "看新品", "passed_to": cast.specialist.pk})
    client.post(at["lend"], {"locker": 3, "key": "K3"})
    row.refresh_from_db()
    assert row.customer.name == "王立"
    page = client.get(reverse("visits:reception:one", args=[row.pk])).content.decode()
    assert "Greeted within the limit" in page
    assert "no. 3, key K3" in page
    refused = client.post(at["answer"], {"answer": "看过"}).content.decode()
    assert "The key of the locker has not come back." in refused
    client.post(reverse("visits:reception:take_back", args=[row.lockers.get().pk]))
    client.post(at["answer"], {"answer": "看过"})
    row.refresh_from_db()
    assert row.state == "DONE"

    assert (
        client.post(
            reverse("visits:reception:assign", args=[row.pk]), {"receiver": cast.taker.pk}
        ).status_code
        == 403
    )
    sheet = client.get(reverse("visits:reception:print", args=[row.pk, "F001-70", "html"])).content.decode()
    assert "朋友介绍" in sheet
    assert row.number in client.get(reverse("visits:reception:list"), {"view": "all"}).content.decode()
    client.force_login(cast.manager, backend="django.contrib.auth.backends.ModelBackend")
    figures = client.get(reverse("visits:reception:figures")).content.decode()
    assert "Receiver assigned by the supervisor, name told" in figures
