"""Grumbles: recorded at once, settled, or turned into one complaint; what nobody knows of is estimated."""

import datetime as dt
import json
from decimal import Decimal
from importlib import resources

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from zhike.channels import actions as channels
from zhike.complaints.grumbles import actions, queries
from zhike.complaints.models import Complaint, Grumble
from zhike.customers import history
from zhike.kernel.audit.models import Entry as Audit
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.search import index
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY

from .factories import browser

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MOBILE = "13800138000"
LATER = MONDAY + dt.timedelta(hours=2)


def a_grumble(people, **given):
    usual = {"unit": people.south, "source": "PHONE", "text": "排队等了半小时", "now": MONDAY}
    return actions.record(**{**usual, "by": people.taker.party, **given})


def fresh(grumble):
    return Grumble.objects.get(pk=grumble.pk)


@pytest.mark.rule("S001-051", "R001-135")
def test_a_grumble_is_recorded_with_where_it_was_heard_and_who_it_is_from(people):
    one = a_grumble(people, name="王芳", phone=MOBILE, item="CASHIER")
    two = a_grumble(people, name="王女士", phone=MOBILE, source="SOCIAL")

    assert (one.number, two.number) == ("BY-202603-0001", "BY-202603-0002")
    assert one.customer_id == two.customer_id is not None  # recognised by the number
    assert (one.state, one.source, one.by, one.at) == ("OPEN", "PHONE", people.taker.party, MONDAY)
    assert Audit.objects.filter(code="grumbles.recorded").count() == 2
    assert [hit.number for hit in index.find(EVERYTHING, "半小时")] == [two.number, one.number]


def test_a_grumble_may_be_settled_at_once_or_with_what_was_done(people):
    assert a_grumble(people, action="加开一台收银", settled=True).state == "SETTLED"
    for wrong in ({"text": " "}, {"settled": True}, {"item": "NOTHING"}, {"again_on": dt.date(2026, 3, 8)}):
        with pytest.raises(actions.CannotRecord):
            a_grumble(people, **wrong)
    assert Grumble.objects.count() == 1


def test_the_same_entry_twice_is_one_grumble(people):
    one, two = (a_grumble(people, request_key="staff:x") for _time in range(2))

    assert one.pk == two.pk
    assert Grumble.objects.count() == 1


def test_who_is_to_contact_the_customer_again_owes_it_by_the_end_of_the_day(people):
    grumble = a_grumble(people, again_on=dt.date(2026, 3, 11))
    duty = Duty.objects.open().get(kind="grumble.again")
    assert (duty.owner, duty.subject_id) == (people.taker.party, grumble.pk)
    assert duty.due_at.isoformat() == "2026-03-11T16:00:00+00:00"

    actions.settle(grumble=grumble, action="已电话致歉", by=people.taker.party, now=LATER)
    duty.refresh_from_db()
    assert (duty.state, fresh(grumble).state) == ("DONE", "SETTLED")
    with pytest.raises(actions.CannotSettle):
        actions.settle(grumble=grumble, action="再次", by=people.taker.party, now=LATER)


@pytest.mark.rule("R001-135")
def test_a_follow_up_asks_for_further_grumbles(people):
    grumble = a_grumble(people, name="王芳", phone=MOBILE)
    client = browser(people.taker)
    address = reverse("grumbles:settle", args=[grumble.pk])

    assert 'name="unhappy"' in client.get(address, headers=HTMX).content.decode()
    client.post(address, {"action": "已致歉", "unhappy": "停车场也太暗"}, headers=HTMX)
    further = Grumble.objects.get(source="FOLLOW_UP")
    assert (further.text, further.customer_id, further.state) == ("停车场也太暗", grumble.customer_id, "OPEN")


# ---- a grumble becomes a complaint


def turn(people, grumble, **given):
    usual = {"unit": people.south, "channel": "PHONE", "text": grumble.text, "now": LATER}
    return actions.turn_into_complaint(grumble=grumble, by=people.taker.party, **{**usual, **given})


@pytest.mark.rule("F001-38")
def test_a_grumble_becomes_one_complaint_and_never_two(people):
    grumble = a_grumble(people, again_on=dt.date(2026, 3, 11))
    complaint = turn(people, grumble)

    row = fresh(grumble)
    assert (row.state, row.complaint_id, complaint.grumble.pk) == ("COMPLAINT", complaint.pk, grumble.pk)
    assert Audit.objects.filter(code="grumbles.became_complaint", subject_id=grumble.pk).count() == 1
    assert Duty.objects.open().filter(kind="grumble.again").count() == 0
    with pytest.raises(actions.CannotTurn):
        turn(people, grumble)
    assert Complaint.objects.count() == 1


def test_the_intake_form_is_filled_from_the_grumble(people):
    grumble = a_grumble(people, name="王芳", phone=MOBILE, item="CASHIER")
    client = browser(people.taker)
    query = f"?grumble={grumble.pk}&unit={people.south.pk}"
    form = client.get(reverse("complaints:new") + query).context["form"]

    assert form.initial["text"] == grumble.text
    assert (form.initial["item"], form.initial["customer"]) == ("CASHIER", grumble.customer_id)
    typed = {**form.initial, "circumstances_changed": ""}
    client.post(reverse("complaints:new"), typed)
    complaint = Complaint.objects.get()
    assert (complaint.customer_id, complaint.text) == (grumble.customer_id, grumble.text)
    assert fresh(grumble).complaint_id == complaint.pk
    page = client.get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
    assert grumble.number in page
    again = client.post(reverse("complaints:new"), {**typed, "token": "another"})
    assert again.status_code == 200  # refused with a sentence, what was typed is kept
    assert grumble.text in again.content.decode()
    assert Complaint.objects.count() == 1


def test_a_grumble_out_of_sight_becomes_nobodys_complaint(people):
    grumble = a_grumble(people)

    answer = browser(people.stranger).get(f"{reverse('complaints:new')}?grumble={grumble.pk}")
    assert answer.status_code == 404


def test_the_database_refuses_what_must_never_be(people):
    grumble = a_grumble(people)
    for values in ({"state": "COMPLAINT"}, {"text": ""}, {"state": "SETTLED"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grumble.objects.filter(pk=grumble.pk).update(**values)


# ---- pages


def test_the_quick_entry_asks_for_the_text_only(people):
    client = browser(people.taker)
    page = client.get(reverse("grumbles:new"))
    form = page.context["form"]
    needed = [name for name, one in form.fields.items() if one.required and not one.initial]
    assert needed == ["text", "source", "unit"]  # the last two are chosen beforehand

    client.post(reverse("grumbles:new"), {"text": "没有停车位", "source": "PHONE", "unit": people.south.pk})
    grumble = Grumble.objects.get()
    assert grumble.text == "没有停车位"
    page = client.get(reverse("grumbles:list"))
    assert grumble.number in page.content.decode()
    assert grumble.number not in browser(people.stranger).get(reverse("grumbles:list")).content.decode()


def test_secrecy_hides_a_grumble(people):
    grumble = a_grumble(people)
    Grumble.objects.update(secrecy=9)

    assert browser(people.supervisor).get(reverse("grumbles:detail", args=[grumble.pk])).status_code == 404
    assert (
        browser(people.taker).get(reverse("grumbles:detail", args=[grumble.pk])).status_code == 200
    )  # named


def test_the_list_is_narrowed_and_exported(people):
    a_grumble(people, name="王芳", phone=MOBILE)
    settled = a_grumble(people, source="SURVEY", action="已答复", settled=True)
    client = browser(people.manager)

    def shown(query):
        return {row.pk for row in client.get(f"{reverse('grumbles:list')}?{query}").context["listing"].rows}

    assert shown("state=SETTLED") == shown("source=SURVEY") == shown(f"q={settled.number}") == {settled.pk}
    assert len(shown("sort=-at")) == 2
    file = client.get(f"{reverse('grumbles:list')}?sort=-at&export=csv")
    assert settled.number in b"".join(file.streaming_content if file.streaming else [file.content]).decode(
        "utf-8-sig"
    )
    assert Audit.objects.filter(code="grumbles.exported").count() == 1


def test_the_customers_page_has_the_grumbles(people):
    grumble = a_grumble(people, name="王芳", phone=MOBILE)
    lines = history.of(people.taker, grumble.customer).lines

    assert [line.number for line in lines] == [grumble.number]
    assert history.of(people.stranger, grumble.customer).lines == []


@pytest.mark.rule("F001-38")
def test_the_printed_record(people):
    grumble = a_grumble(people, name="王芳", phone=MOBILE, action="已致歉")
    complaint = turn(people, grumble)
    client = browser(people.taker)
    page = client.get(reverse("grumbles:print", args=[grumble.pk, "html"])).content.decode()

    for part in (
        "抱怨记录",
        grumble.number,
        "排队等了半小时",
        "已致歉",
        "王芳",
        complaint.number,
        "社交媒体",
    ):
        assert part in page
    assert client.get(reverse("grumbles:print", args=[grumble.pk, "pdf"])).content[:4] == b"%PDF"


# ---- the estimate


def figures(people, **given):
    usual = {"since": MONDAY - dt.timedelta(days=8), "until": MONDAY + dt.timedelta(days=1)}
    return queries.figures(EVERYTHING, **{**usual, "unit": people.south.pk, "day": MONDAY.date(), **given})


def install(people):
    text = resources.files("zhike.manuals").joinpath("library/grumbles.md").read_text("utf-8")
    manuals.publish_and_install(
        text=text, unit=people.mall, by=people.administrator.party, now=MONDAY, roles=()
    )


@pytest.mark.rule("R001-135")
def test_what_nobody_knows_of_is_estimated_from_what_was_said_unasked(people):
    for source in ("PHONE", "COUNTER", "STAFF", "FOLLOW_UP", "SURVEY"):
        a_grumble(people, source=source)
    assert figures(people).unknown is None  # no manual, no number

    install(people)
    found = figures(people)
    assert (found.total, found.direct, found.share, found.clause) == (5, 3, Decimal("0.30"), "三")
    assert found.unknown == 5  # 3 / 30 % are 10, of which 5 are known
    manuals.set_parameters(
        key="grumbles",
        unit=people.south,
        values={"直接反映比例": "60%"},
        by=people.administrator.party,
        now=MONDAY,
    )
    assert figures(people).unknown == 0  # 3 / 60 % are 5
    assert figures(people, unit=people.north.pk).unknown == 5

    page = browser(people.manager, "en").get(f"{reverse('grumbles:report')}?month=2026-03")
    assert "provisional" in page.content.decode()


# ---- the API


def call(client, secret, method, payload=None, key="k1", path="/api/v1/grumbles"):
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
    if method == "get":
        return client.get(path, headers=headers)
    return client.post(path, json.dumps(payload), content_type="application/json", headers=headers)


def test_programs_record_and_read_grumbles(people, client):
    _token, secret = channels.make_token(
        party=people.taker.party,
        name="hotline",
        scopes=["complaints:read", "complaints:write"],
        by=people.administrator.party,
        now=MONDAY,
    )
    payload = {
        "unit": "south",
        "source": "PHONE",
        "text": "等太久",
        "customer": {"name": "王芳", "phone": MOBILE},
    }
    made = call(client, secret, "post", payload)
    assert made.status_code == 201
    assert made.json()["state"] == "OPEN"
    assert call(client, secret, "post", {**payload, "source": "NOWHERE"}, key="k2").status_code == 422
    assert call(client, secret, "post", {**payload, "unit": "north"}, key="k3").status_code == 422
    found = call(client, secret, "get").json()["items"]
    assert [row["number"] for row in found] == [made.json()["number"]]
    assert call(client, secret, "get", path="/api/v1/grumbles?state=SETTLED").json()["items"] == []
