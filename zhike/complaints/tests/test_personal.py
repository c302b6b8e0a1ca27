"""A person who is erased goes out of their cases; the cases stay."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhike.channels.models import InboundMail, Mailbox
from zhike.complaints import actions
from zhike.complaints.models import Complaint, Entry
from zhike.complaints.tests.mall import a_mall
from zhike.customers.privacy import actions as privacy
from zhike.customers.tests.care import regulations
from zhike.customers.tests.factories import a_customer
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.records import attachments
from zhike.kernel.search import index
from zhike.people.tests.factories import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(name="people")
def _people(db):
    found = a_mall()
    regulations(found, "customer-archives")
    return found


def a_case(people, customer):
    return actions.register(
        unit=people.south, channel="COUNTER", text="江牧原说收银多收 36 元,请打13800005678", item="CASHIER",
        value=Decimal(36), customer=customer, handler=people.specialist.party, override_reason="熟悉情况",
        by=people.taker.party, now=MONDAY,
    )  # fmt: skip


@pytest.mark.rule("S003-10")
def test_an_open_case_stands_against_erasure_and_a_closed_one_stays_without_the_person(people):
    customer = a_customer(people.south_service, people.manager, "江牧原", phone="13800005678")
    case = a_case(people, customer)
    Entry.objects.create(
        complaint=case, kind="REPLY", text="江牧原先生您好", at=MONDAY, by=people.specialist.party
    )
    row = privacy.receive(
        customer=customer, kind="ERASE", identity="身份证", by=people.manager.party, now=MONDAY
    )

    with pytest.raises(privacy.CannotAnswer, match=case.number):
        privacy.erase(row=row, by=people.manager.party, now=MONDAY)
    assert Complaint.objects.get(pk=case.pk).customer.name == "江牧原"

    Complaint.objects.filter(pk=case.pk).update(closed_at=MONDAY)
    privacy.erase(row=row, by=people.manager.party, now=MONDAY)

    case.refresh_from_db()
    assert (case.text, case.value, case.item) == ("▇▇说收银多收 36 元,请打▇▇", Decimal(36), "CASHIER")
    assert case.ruling_id is not None
    assert Entry.objects.get().text == "▇▇先生您好"
    assert index.find(EVERYTHING, "江牧原") == []
    assert [hit.number for hit in index.find(EVERYTHING, "收银多收")] == [case.number]


def _mail(people, case, raw):
    box = Mailbox.objects.create(
        name="客服信箱", purpose="complaints", unit=people.south, host="127.0.0.1", user="kefu", secret="NOBODY",
        address="kefu@mall.example.com", is_active=False,
    )  # fmt: skip
    return InboundMail.objects.create(
        mailbox=box, uid_validity=1, uid=1, message_id="<1@example.cn>", body_digest="", raw=raw, size=40,
        sender="jiang@example.cn", sender_name="江牧原", subject="江牧原的投诉", arrived_at=MONDAY, at=MONDAY,
        state=InboundMail.State.TAKEN, subject_label="complaints.Complaint", subject_id=case.pk,
    )  # fmt: skip


@pytest.mark.rule("S003-10")
def test_mails_of_the_case_lose_sender_and_text(people):
    customer = a_customer(people.south_service, people.manager, "江牧原", phone="13800005678")
    case = a_case(people, customer)
    Complaint.objects.filter(pk=case.pk).update(closed_at=MONDAY)
    raw = attachments.keep("From: jiang@example.com\n\n多收".encode())
    mail = _mail(people, case, raw)
    row = privacy.receive(
        customer=customer, kind="ERASE", identity="身份证", by=people.manager.party, now=MONDAY
    )

    privacy.erase(row=row, by=people.manager.party, now=MONDAY)

    mail.refresh_from_db()
    assert (mail.sender, mail.sender_name, mail.subject) == ("", "", "▇▇的投诉")
    assert not attachments.path_of(raw).exists()
