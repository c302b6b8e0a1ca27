"""Rights of persons under the law on personal information: copy, correction, erasure, withdrawal of consent."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhike.customers import actions as customer_actions
from zhike.customers.archives import actions as archives
from zhike.customers.matching import actions as matching
from zhike.customers.models import Consent, Contact, Customer, Fact, Need, Phone, Sale
from zhike.customers.privacy import actions, copy, holdings
from zhike.kernel.audit import personal
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.records import attachments
from zhike.kernel.search.models import Document
from zhike.people.tests.factories import MONDAY

from .care import regulations
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
    return cast


@pytest.fixture(name="customer")
def _customer(people):
    return a_customer(people.south_service, people.manager, "江牧原", phone="13800005678", note="住在湖边")


def ask(people, customer, kind, **more):
    given = {"identity": "身份证原件", "by": people.manager.party, "now": MONDAY} | more
    return actions.receive(customer=customer, kind=kind, **given)


@pytest.mark.rule("S003-10")
@pytest.mark.parametrize(
    ("kind", "limit"), [("COPY", "15个工作日内"), ("ERASE", "15个工作日内"), ("WITHDRAW", "1个工作日内")]
)
def test_a_request_is_owed_an_answer_within_the_limit_of_the_regulation(people, customer, kind, limit):
    row = ask(people, customer, kind)

    duty = Duty.objects.open().get(kind="privacy.answer")
    assert (duty.limit, duty.due_at, duty.clause) == (limit, row.due_at, "五(一)")
    with pytest.raises(actions.CannotAnswer, match="open already"):
        ask(people, customer, kind)
    with pytest.raises(actions.CannotAnswer, match="recognised"):
        ask(people, customer, "CORRECT", identity=" ")


@pytest.mark.rule("S003-10")
def test_a_copy_holds_everything_with_numbers_in_full_and_is_logged(people, customer, client):
    Contact.objects.create(customer=customer, name="钱多多", number="13900001111", masked="139****1111")
    Fact.objects.create(
        customer=customer, field="hobby", value="垂钓", source="SERVICE", at=MONDAY, by=people.manager.party
    )
    row = ask(people, customer, "COPY")
    client.force_login(people.manager)

    file = client.get(reverse("customers:copy_of", args=[row.pk, "json"]))
    page = client.get(reverse("customers:copy_of", args=[row.pk, "html"])).content.decode()

    text = json.dumps(json.loads(file.content), ensure_ascii=False)
    for said in ("江牧原", "13800005678", "13900001111", "垂钓", "住在湖边"):
        assert said in text
        assert said in page
    assert Entry.objects.filter(code="customers.copied", subject_id=customer.pk).count() == 2
    actions.answer(row=row, text="当面交付", by=people.manager.party, now=MONDAY)
    assert not Duty.objects.open().filter(kind="privacy.answer").exists()


@pytest.mark.rule("S003-10", "R003-16")
def test_withdrawn_consent_ends_at_once_and_a_refusal_takes_its_place(people, customer):
    given = Consent.objects.create(
        customer=customer,
        purpose="SALES",
        is_given=True,
        since=MONDAY,
        source="SERVICE",
        by=people.manager.party,
    )
    kept = Consent.objects.create(
        customer=customer,
        purpose="SERVICE",
        is_given=True,
        since=MONDAY,
        source="SERVICE",
        by=people.manager.party,
    )
    row = ask(people, customer, "WITHDRAW")

    actions.withdraw_consent(row=row, purposes=["SALES"], by=people.manager.party, now=MONDAY + DAY)

    given.refresh_from_db()
    kept.refresh_from_db()
    assert (given.until, kept.until) == (MONDAY + DAY, None)
    assert Consent.objects.get(customer=customer, purpose="SALES", until=None).is_given is False
    assert row.state == "GRANTED"


@pytest.mark.rule("S003-10")
def test_erasure_forgets_the_person_and_keeps_the_books(people, customer):
    customer_actions.correct(customer=customer, by=people.manager.party, now=MONDAY, note="改住山上")
    sealed = Entry.objects.get(code="customers.corrected").after["note"]
    assert personal.opened_value(sealed) == "改住山上"
    Need.objects.create(customer=customer, kind="PRESENT", text="想要钓竿", source="SERVICE", at=MONDAY)
    Sale.objects.create(
        customer=customer, on=dt.date(2020, 1, 5), product="钓竿", amount=300, collected=300, note="送到家"
    )
    file = attachments.attach(
        subject=customer, file=SimpleUploadedFile("id.txt", "身份证".encode()), name="id.txt",
        unit=people.south_service, by=people.manager.party, now=MONDAY,
    )  # fmt: skip
    row = ask(people, customer, "ERASE")

    actions.erase(row=row, by=people.manager.party, now=MONDAY)

    customer.refresh_from_db()
    assert customer.name == f"Anonymised customer {customer.number}"
    assert (customer.sort_key, customer.initials, customer.note, customer.state) == ("", "", "", "CLOSED")
    assert Party.objects.get(pk=customer.pk).name == customer.name
    assert not Phone.objects.filter(customer=customer).exists()
    assert not Need.objects.exists()
    sale = Sale.objects.get()
    assert (sale.amount, sale.note) == (Decimal(300), "")
    assert not Document.objects.filter(subject_label="customers.Customer", subject_id=customer.pk).exists()
    assert not attachments.path_of(file.sha256).exists()
    assert personal.opened_value(sealed) is None
    assert Entry.objects.filter(code="customers.erased", subject_id=customer.pk).count() == 1
    assert copy.as_json(customer, copy.groups(customer)).decode().count("江牧原") == 0


@pytest.mark.rule("S003-10")
def test_erasure_is_refused_with_a_sentence_while_money_archive_or_trade_stand_against_it(people, customer):
    row = ask(people, customer, "ERASE")

    def why():
        with pytest.raises(actions.CannotAnswer) as refusal:
            actions.erase(row=row, by=people.manager.party, now=MONDAY)
        return str(refusal.value)

    sale = Sale.objects.create(customer=customer, on=dt.date(2023, 3, 9), product="钓竿", amount=300)
    assert why() == "300.00 yuan are still owed."
    Sale.objects.filter(pk=sale.pk).update(collected=300)
    assert why() == "Records of trade have to be kept until 2026-03-09."
    Sale.objects.filter(pk=sale.pk).update(on=dt.date(2023, 3, 6))
    archive = archives.open_archive(
        customer=customer, kind="BASIC", title="资料", place="3柜", by=people.manager.party, now=MONDAY
    )
    archives.close_archive(archive=archive, by=people.manager.party, now=MONDAY)
    assert why() == "Archive DA-2026-00001 has to be kept until 2029-03-09."
    assert Customer.objects.get(pk=customer.pk).name == "江牧原"

    archive.delete()
    actions.erase(row=row, by=people.manager.party, now=MONDAY)
    assert row.state == "GRANTED"


@pytest.mark.rule("S003-10")
def test_a_refusal_tells_why_and_ends_the_duty(people, customer):
    row = ask(people, customer, "ERASE")
    with pytest.raises(actions.CannotAnswer, match="Write down"):
        actions.refuse(row=row, text=" ", by=people.manager.party, now=MONDAY)

    actions.refuse(row=row, text="交易资料须保存", by=people.manager.party, now=MONDAY)

    assert (row.state, row.answer) == ("REFUSED", "交易资料须保存")
    assert not Duty.objects.open().filter(kind="privacy.answer").exists()


@pytest.mark.rule("S003-10")
def test_erasure_forgets_what_stayed_with_merged_files_too(people, customer):
    by = people.manager.party
    former = a_customer(people.south_service, people.manager, "江小满", phone="13700001234", note="旧档案")
    oldest = a_customer(
        people.south_service, people.manager, "江满满", phone="13600001234", note="更旧的档案"
    )
    for kept, gone in ((former, oldest), (customer, former)):
        matching.merge(kept=kept, gone=gone, choices={"phone": "kept"}, by=by, now=MONDAY)
    Fact.objects.create(customer=oldest, field="hobby", value="垂钓", source="SERVICE", at=MONDAY, by=by)
    told = copy.as_json(customer, copy.groups(customer)).decode()
    assert [word in told for word in ("江小满", "更旧的档案", "垂钓")] == [True, True, True]
    row = ask(people, customer, "ERASE")

    actions.erase(row=row, by=by, now=MONDAY)

    assert not Fact.objects.exists()
    for file in (customer, former, oldest):
        file.refresh_from_db()
        assert (file.name, file.note) == (f"Anonymised customer {file.number}", "")
    assert Entry.objects.filter(code="customers.erased").count() == 1


def test_every_table_that_points_to_a_customer_is_decided_on():
    decided = frozenset[str]().union(*(holding.tables for holding in holdings.all_holdings()))
    undecided = {model._meta.label for model, _column in holdings.pointing()} - decided

    assert undecided == set()


def test_the_columns_that_are_emptied_exist():
    known = {
        model._meta.label: {field.name for field in model._meta.fields}
        for model, _column in holdings.pointing()
    }
    missing = {
        (label, column)
        for holding in holdings.all_holdings()
        for label, columns in holding.emptied.items()
        for column in columns
        if column not in known[label]
    }

    assert missing == set()
