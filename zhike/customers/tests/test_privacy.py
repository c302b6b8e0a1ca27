"""Secrecy, access log, sharing between departments, exports, leaks, hand-over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from zhike.customers import actions as customer_actions
from zhike.customers import queries as customer_queries
from zhike.customers.archives import actions as archives
from zhike.customers.credit import actions as credit
from zhike.customers.models import Consent, Contact, Customer, Export, Promise, Release
from zhike.customers.privacy import actions, exports, queries, sharing
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import Scope
from zhike.kernel.search import index
from zhike.people.access import scope_of
from zhike.people.tests.factories import MONDAY, a_user, appoint

from .care import regulations, survey_supervisor
from .factories import a_customer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(name="client")
def _client():
    """A browser that reads English."""
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture(name="people")
def _people(cast):
    regulations(cast)
    cast.users["keeper"] = survey_supervisor(cast)
    return cast


@pytest.fixture(name="customer")
def _customer(people):
    return a_customer(people.south_service, people.manager, "恒信贸易")


def secret(people, customer, level=1):
    return actions.set_secrecy(
        customer=customer, level=level, reason="重大项目", by=people.keeper.party, now=MONDAY, cleared=2
    )


# ---- secrecy


@pytest.mark.rule("R002-143", "S002-47", "R002-P08")
def test_the_level_of_a_customer_cuts_lists_search_and_duties_at_once(people, customer):
    credit.enter_change(
        customer=customer, kind="LATE", seen_on=MONDAY.date(), sign="迟付", cause="回款慢",
        by=people.keeper.party, now=MONDAY,
    )  # fmt: skip
    low, high = (Scope(None, frozenset({people.south_service.pk}), level) for level in (0, 1))
    assert [len(index.find(scope, "恒信")) for scope in (low, high)] == [1, 1]

    secret(people, customer)

    assert [customer_queries.customers(scope).count() for scope in (low, high)] == [0, 1]
    assert [len(index.find(scope, "恒信")) for scope in (low, high)] == [0, 1]
    assert Duty.objects.get(kind="credit.change").secrecy == 1
    entry = Entry.objects.get(code="customers.secrecy_set")
    assert (entry.before, entry.after) == ({"secrecy": 0}, {"secrecy": 1, "reason": "重大项目"})


@pytest.mark.rule("R002-143", "R002-P08")
def test_the_survey_supervisor_sets_the_level_and_nobody_above_what_they_read(people, customer, client):
    address = reverse("customers:set_secrecy", args=[customer.pk])
    answers = {}
    for key in ("taker", "manager", "keeper"):
        client.force_login(people.users[key])
        answers[key] = client.get(address).status_code
    assert answers == {"taker": 403, "manager": 403, "keeper": 200}
    with pytest.raises(actions.CannotSetSecrecy, match="do not read yourself"):
        actions.set_secrecy(
            customer=customer, level=3, reason="x", by=people.keeper.party, now=MONDAY, cleared=2
        )
    with pytest.raises(actions.CannotSetSecrecy, match="Say why"):
        actions.set_secrecy(
            customer=customer, level=1, reason=" ", by=people.keeper.party, now=MONDAY, cleared=2
        )
    client.post(address, {"level": "2", "reason": "项目"})
    customer.refresh_from_db()
    assert customer.secrecy == 2


@pytest.mark.rule("R002-P08", "S002-47")
def test_opening_a_file_is_recorded_from_the_level_of_the_regulation_on(people, customer, client):
    client.force_login(people.manager)
    page = reverse("customers:detail", args=[customer.pk])
    client.get(page)
    assert not Entry.objects.filter(code="customers.opened").exists()

    secret(people, customer)
    opened = client.get(page).content.decode()
    assert 'hx-trigger="load"' not in opened  # comes in one piece: one opening, one entry
    client.get(reverse("customers:drawer", args=[customer.pk]), headers={"HX-Request": "true"})

    ways = [entry.after["way"] for entry in Entry.objects.filter(code="customers.opened").order_by("pk")]
    assert ways == [page, reverse("customers:drawer", args=[customer.pk])]


@pytest.mark.rule("R002-P08", "S003-10")
def test_keepers_and_auditors_read_who_opened_revealed_exported_and_lent(people, customer, client):
    secret(people, customer)
    client.force_login(people.manager)
    client.get(reverse("customers:detail", args=[customer.pk]))
    phone = customer.phones.get()
    customer_actions.reveal_phone(phone=phone, reason="回电", by=people.manager.party, now=MONDAY)
    client.get(reverse("customers:list"), {"export": "csv"})
    archive = archives.open_archive(
        customer=customer, kind="BASIC", title="资料", place="3柜", by=people.keeper.party, now=MONDAY
    )
    loan = archives.ask_loan(archive=archive, purpose="核对", by=people.manager.party, now=MONDAY)
    archives.decide_loan(loan=loan, approve=True, by=people.store_manager.party, now=MONDAY)

    found = {(line.who, line.what) for line in queries.access_log(customer)}

    assert {
        ("周启明", "Opened the file"),
        ("周启明", "Looked at a full number"),
        ("周启明", "Exported a list"),
        ("何景行", "Lent an archive"),
    } <= found
    log = reverse("customers:access_log", args=[customer.pk])
    seen = {}
    for key in ("keeper", "manager", "store_manager", "supervisor"):
        client.force_login(people.users[key])
        seen[key] = client.get(log).status_code
    assert seen == {"keeper": 200, "manager": 200, "store_manager": 200, "supervisor": 403}


@pytest.mark.rule("R002-P08", "R002-166")
def test_a_full_number_of_a_contact_takes_power_and_reason_and_leaves_a_row(people, customer, client):
    contact = Contact.objects.create(
        customer=customer, name="钱多多", number="13900001111", masked="139****1111"
    )
    address = reverse("customers:reveal", args=[customer.pk, "contact", contact.pk])
    client.force_login(people.manager)
    assert "13900001111" not in client.post(address, {"reason": " "}).content.decode()
    assert not Entry.objects.filter(code="customers.revealed").exists()

    page = client.post(address, {"reason": "核对地址"})

    assert "13900001111" in page.content.decode()
    entry = Entry.objects.get(code="customers.revealed")
    assert (entry.by, entry.after["reason"]) == (people.manager.party, "核对地址")
    assert "13900001111" not in str(entry.after)
    client.force_login(people.taker)
    assert client.post(address, {"reason": "好奇"}).status_code == 403


# ---- sharing between departments


@pytest.mark.rule("R003-16", "S003-10")
def test_departments_see_by_kind_of_data_and_consent(people, customer):
    seller = a_user("贾思敏", username="jia.simin", unit=people.south_service)
    appoint(seller, "SALES_REPRESENTATIVE", people.south_service)
    before = [sharing.view(seller, customer, data) for data in ("CONTACT", "NEEDS", "CREDIT", "TRADE")]
    Consent.objects.create(
        customer=customer,
        purpose="SHARING",
        is_given=True,
        since=MONDAY,
        source="SERVICE",
        by=people.manager.party,
    )
    after = [sharing.view(seller, customer, data) for data in ("CONTACT", "NEEDS", "CREDIT", "TRADE")]

    assert before == ["MASKED", "NONE", "NONE", "FULL"]
    assert after == ["FULL", "FULL", "NONE", "FULL"]
    assert sharing.view(people.manager, customer, "CREDIT") == "FULL"
    assert sharing.view(people.cashier_supervisor, customer, "CONTACT") == "MASKED"
    assert sharing.view(people.cashier_supervisor, customer, "TRADE") == "NONE"


@pytest.mark.rule("R003-16")
def test_a_panel_of_data_that_is_not_shared_is_not_shown(people, customer, client):
    seller = a_user("贾思敏", username="jia.simin", unit=people.south_service)
    appoint(seller, "SALES_REPRESENTATIVE", people.south_service)
    appoint(
        seller, "P002-07", people.south_service
    )  # may see credit as a survey specialist of customer service
    client.force_login(seller)
    page = reverse("customers:beside", args=[customer.pk])
    assert 'id="credit"' in client.get(page).content.decode()

    seller.party.appointments.filter(post__code="P002-07").delete()
    from zhike.people.models import Post, PostPower, Power

    for power in ("credit.see", "credit.survey"):
        PostPower.objects.create(
            post=Post.objects.get(code="SALES_REPRESENTATIVE"),
            power=Power.objects.get(code=power),
            scope="HOUSE",
        )
    PostPower.objects.filter(post__code="SALES_REPRESENTATIVE", power__code="customer.see").update(
        scope="HOUSE"
    )
    assert 'id="credit"' not in client.get(page).content.decode()


# ---- exports


@pytest.mark.rule("R003-16", "R002-P08")
def test_every_export_is_logged_with_its_customers_and_marked_in_every_line(people, customer, client):
    other = a_customer(people.south_service, people.manager, "远山茶行", phone="13800001234")
    client.force_login(people.manager)

    file = client.get(reverse("customers:list"), {"export": "csv", "q": "恒信"})

    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].endswith("Exported by")
    assert lines[1].startswith("恒信贸易")
    assert lines[1].endswith("周启明 2026-03-09 10:00")
    row = Export.objects.get()
    assert (row.by, row.rows, row.format, row.conditions) == (people.manager.party, 1, "csv", "q=恒信")
    assert list(row.customers.all()) == [customer]
    assert not other.exports.exists()
    assert Entry.objects.filter(code="customers.exported").count() == 1
    client.force_login(people.taker)
    assert client.get(reverse("customers:list"), {"export": "csv"}).status_code == 403
    assert Export.objects.count() == 1


@pytest.mark.rule("R002-P08")
def test_a_large_export_waits_for_the_approval_of_a_second_person_and_uses_it_up(people, customer):
    def leave(count, now=MONDAY):
        return exports.allow(
            by=people.manager.party, now=now, source="customers", fmt="csv", count=count,
            customers=Customer.objects.all(),
        )  # fmt: skip

    assert leave(500) == ""
    assert "a second person has to approve" in leave(501)
    asked = actions.ask_release(
        unit=people.south_service,
        way="EXPORT",
        what="全部客户",
        purpose="年度核对",
        by=people.manager.party,
        now=MONDAY,
    )
    with pytest.raises(actions.CannotRelease, match="Somebody else"):
        actions.decide_release(release=asked, approve=True, by=people.manager.party, now=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=asked.pk).update(decided_by=people.manager.party)
    assert "a second person" in leave(501)
    actions.decide_release(release=asked, approve=True, by=people.store_manager.party, now=MONDAY)
    week = MONDAY + dt.timedelta(days=7)  # as the regulation proposes
    assert "a second person" in leave(501, week + dt.timedelta(seconds=1))
    assert leave(501, week) == ""
    assert "a second person" in leave(501)


@pytest.mark.rule("R002-P08")
def test_sending_out_names_its_recipient(people, customer):
    with pytest.raises(actions.CannotRelease, match="who gets it"):
        actions.ask_release(
            unit=people.south_service,
            way="SEND",
            what="联系方式",
            purpose="配送",
            by=people.manager.party,
            now=MONDAY,
        )


# ---- leaks and leaving staff


@pytest.mark.rule("R002-P08", "S002-47")
def test_a_leak_is_reported_told_and_mended_in_time(people, customer):
    breach = actions.report_breach(
        unit=people.south_service, what="名单误发外部邮箱", data="姓名、电话", measures="已要求对方删除",
        people=0, found_at=MONDAY, owner=people.manager.party, by=people.taker.party, now=MONDAY, customers=[customer],
    )  # fmt: skip
    owed = {
        duty.kind: duty.due_at
        for duty in Duty.objects.open().filter(subject_id=breach.pk, owner=people.manager.party)
    }
    assert owed["privacy.breach_tell"].astimezone(MONDAY.tzinfo).date() == dt.date(2026, 3, 12)
    assert set(owed) == {"privacy.breach_tell", "privacy.breach_mend"}
    close = {
        "cause": "地址簿自动补全",
        "responsible": "陆小满",
        "penalty": "警告",
        "prevention": "外发须审批",
    }
    with pytest.raises(actions.CannotBreach, match="Report the leak first"):
        actions.close_breach(breach=breach, **close, by=people.manager.party, now=MONDAY)

    actions.tell_breach(
        breach=breach, to="总经理、网信办", persons="已逐一电话告知", by=people.manager.party, now=MONDAY
    )
    actions.close_breach(breach=breach, **close, by=people.manager.party, now=MONDAY)

    assert not Duty.objects.open().filter(subject_id=breach.pk, kind__startswith="privacy.breach").exists()
    assert (breach.state, breach.people, breach.penalty) == ("CLOSED", 1, "警告")


@pytest.mark.rule("R002-P08")
def test_who_leaves_hands_everything_over_in_one_action_and_returns_archives_first(people, customer):
    leaver, to = people.specialist.party, people.supervisor.party
    Customer.objects.filter(pk=customer.pk).update(owner=leaver)
    archive = archives.open_archive(
        customer=customer, kind="BASIC", title="资料", place="3柜", by=leaver, now=MONDAY
    )
    archives.announce_item(archive=archive, title="合同", arose_on=MONDAY.date(), by=leaver, now=MONDAY)
    Promise.objects.create(
        customer=customer,
        unit=customer.unit,
        text="送样",
        keeper=leaver,
        due_at=MONDAY + DAY,
        at=MONDAY,
        by=leaver,
    )
    loan = archives.ask_loan(archive=archive, purpose="核对", by=leaver, now=MONDAY)
    archives.decide_loan(loan=loan, approve=True, by=people.manager.party, now=MONDAY)
    with pytest.raises(actions.CannotHandOver, match="DA-2026-00001"):
        actions.hand_over(leaver=leaver, to=to, reason="离职", by=people.manager.party, now=MONDAY)
    assert Customer.objects.get(pk=customer.pk).owner == leaver
    loan.refresh_from_db()
    archives.take_back(loan=loan, by=people.keeper.party, now=MONDAY)

    row = actions.hand_over(leaver=leaver, to=to, reason="离职", by=people.manager.party, now=MONDAY)

    assert row.moved == {"customers": 1, "archives": 1, "promises": 1, "risks": 0, "surveys": 0, "duties": 1}
    assert [kind.count for kind in actions.owned_by(leaver)] == [0, 0, 0, 0, 0, 0]
    assert [kind.count for kind in actions.owned_by(to)] == [1, 1, 1, 0, 0, 1]
    assert Entry.objects.filter(code="customers.handed_over").count() == 1


@pytest.mark.rule("R002-P08")
def test_releases_of_a_secret_customer_are_hidden_from_who_is_not_cleared(people, customer):
    secret(people, customer, 2)
    release = actions.ask_release(
        unit=people.south_service,
        way="COPY",
        what="合同",
        purpose="备份",
        by=people.keeper.party,
        now=MONDAY,
        customer=customer,
    )
    cleared = [scope_of(people.users[key], "customer.see") for key in ("manager", "supervisor")]

    assert [list(queries.releases(scope)) for scope in cleared] == [[release], []]
