"""The complaint centre of a house that serves tenants: one register, whatever the channel, with the origin."""

import pytest
from django.urls import reverse

from zhike.channels import actions as channels
from zhike.complaints import actions, questions
from zhike.complaints.importing import columns, loading
from zhike.complaints.models import Complaint
from zhike.complaints.portal_codes import new_token
from zhike.complaints.regime import regime_of
from zhike.complaints.reporting.reading import Asked, Reading
from zhike.customers.actions import recognise_or_create
from zhike.kernel import clock
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.records import forms
from zhike.kernel.tallies.periods import Kind, Period
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, browser
from .regimes import a_house, step, walked
from .sheet_cases import data, offers, when
from .test_api import Api

pytestmark = pytest.mark.django_db
MANAGER, SUPERVISOR = "P002-02", "P002-04"


@pytest.fixture
def house(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(MONDAY):
        yield a_house("tenant-complaints", [MANAGER, SUPERVISOR], taker="P002-21")


def opened(house, **given):
    usual = {"unit": house.unit, "channel": "PHONE", "text": "空调不制冷", "item": "REPAIR", "now": MONDAY}
    return actions.register(**{**usual, "by": house["taker"].party, **given})


def typed(house, client, **given):
    """The registration form, as the taker sends it."""
    form = client.get(reverse("complaints:new")).context["form"]
    sent = {
        "unit": house.unit.pk,
        "channel": "PHONE",
        "text": "电梯停了",
        "item": "REPAIR",
        "token": form["token"].value(),
    }
    return client.post(reverse("complaints:new"), {**sent, **given})


@pytest.mark.rule("R000-10", "S000-12")
def test_every_channel_leads_into_the_one_register(house, client):
    typed(house, browser(house["taker"]), origin="TENANT")
    client.post(
        reverse("complaint_portal:new", args=[house.unit.pk]),
        {
            "token": new_token(),
            "name": "梁敏",
            "phone": "13800001111",
            "text": "门禁太慢",
            "origin": "THEIRS",
        },
    )
    _key, secret = channels.make_token(
        party=house[MANAGER].party,
        name="热线",
        scopes=["complaints:read", "complaints:write"],
        by=house[MANAGER].party,
        now=MONDAY,
    )
    answer = Api(client, secret).post(body={"unit": "house", "text": "物业费算错", "origin": "TENANT"})
    assert (answer.status_code, answer.json()["origin"]) == (201, "TENANT")
    brought(house, "投诉内容,投诉来源,状态\n保洁没来,租户的客户,处理中\n门口积水,租户,已结案\n")

    register = Complaint.objects.order_by("number").values_list("number", "channel", "origin")
    assert list(register) == [
        ("ZH-202603-0001", "PHONE", "TENANT"),
        ("ZH-202603-0002", "PORTAL", "THEIRS"),
        ("ZH-202603-0003", "API", "TENANT"),
        *sorted(register[3:]),
    ]
    assert sorted(row[1:] for row in register[3:]) == [("FILE", "TENANT"), ("FILE", "THEIRS")]
    assert [row[0] for row in register[3:]] == ["ZH-202603-0004", "ZH-202603-0005"]
    listed = browser(house[MANAGER]).get(f"{reverse('complaints:list')}?sort=-opened&origin=TENANT")
    assert len(listed.context["listing"].rows) == 3


def brought(house, text):
    intake = loading.bring(
        name="工单.csv", data=text.encode(), unit=house.unit, plan={}, by=house[MANAGER].party, now=MONDAY
    )
    sheet = loading.sheet_of(intake)
    plan = {"columns": columns.guess(sheet.header, sheet.rows), "undated": "open", "categories": {}}
    intake = loading.choose(intake=intake, plan=plan, now=MONDAY)
    loading.order(intake=intake, only_good=True, now=MONDAY)
    return loading.load(intake.pk, now=MONDAY)


def test_a_row_with_an_unknown_origin_is_named(house):
    done = brought(house, "投诉内容,投诉来源\n保洁没来,路人\n门口积水,租户\n")

    assert Complaint.objects.count() == 1
    assert (done.loaded, done.bad) == (1, 1)


def test_who_complains_has_to_be_said_where_tenants_are_served(house):
    for wrong in ("", "NOBODY"):
        with pytest.raises(actions.CannotOpen):
            opened(house, origin=wrong)
    assert opened(house, origin="THEIRS").origin == "THEIRS"
    page = typed(house, browser(house["taker"]))
    assert page.status_code == 200
    assert "电梯停了" in page.content.decode()  # what was typed is kept
    assert Complaint.objects.count() == 1


def test_a_business_on_file_is_a_tenant(house):
    def on_file(kind, phone):
        return recognise_or_create(
            name="恒信贸易", phone=phone, unit=house.unit, by=house["taker"].party, now=MONDAY, kind=kind
        ).customer

    assert opened(house, customer=on_file("ORGANISATION", "13800001112")).origin == "TENANT"
    with pytest.raises(actions.CannotOpen):
        opened(house, customer=on_file("PERSON", "13800001113"))


def test_elsewhere_nobody_is_asked_for_the_origin(people):
    assert a_complaint(people).origin == ""
    with pytest.raises(actions.CannotOpen):
        a_complaint(people, origin="TENANT")
    assert "origin" not in browser(people.taker).get(reverse("complaints:new")).context["form"].fields


def test_a_wrong_origin_is_corrected(house):
    complaint = opened(house, origin="THEIRS")
    client = browser(house[MANAGER])
    address = reverse("complaints:correct", args=[complaint.pk])
    form = client.get(address, headers={"HX-Request": "true"}).context["form"]
    sent = {key: value for key, value in form.initial.items() if value is not None}
    client.post(address, {**sent, "origin": "TENANT", "reason": "以公司名义"}, headers={"HX-Request": "true"})

    complaint.refresh_from_db()
    assert complaint.origin == "TENANT"


@pytest.mark.rule("F000-10")
def test_the_complaint_record_prints_what_the_register_wants(house):
    complaint = opened(house, origin="THEIRS", name="王芳", phone="13800001111")
    assert offers(complaint) == ["F000-10"]
    step(complaint)
    step(complaint)
    actions.reply(complaint=complaint, text="已更换压缩机", by=complaint.handler, now=MONDAY)
    walked(complaint)
    actions.record_follow_up(
        complaint=complaint, reached=True, satisfaction=4, resolved=True, by=complaint.handler, now=MONDAY
    )
    form = forms.get("F000-10")
    found = data(form, complaint)

    due = found.pop("reply_due")
    assert due == when(MONDAY.replace(day=12, hour=17, minute=30))
    assert found == {
        "number": complaint.number,
        "opened_at": when(MONDAY),
        "channel": "电话",
        "customer": "王芳",
        "origin": "租户的客户",
        "class": "设施 / 维修",
        "text": "空调不制冷",
        "handler": complaint.handler.name,
        "reply": "已更换压缩机",
        "result": "处理:已办",
        "satisfaction": "4 满意",
        "closed_at": when(MONDAY),
    }
    printed = {cell for row in form.layout for one in row for cell in one.keys}
    assert printed == set(found) | {"reply_due"}


def test_words_of_the_manual(house):
    regime = regime_of(opened(house, origin="TENANT"))

    assert regime.origins == [("TENANT", "租户"), ("THEIRS", "租户的客户")]
    assert {code for code, _label in regime.origins} == set(Complaint.Origin.values)
    assert regime.words(questions.ORIGINS)


@pytest.mark.rule("P000-05")
def test_the_analysis_counts_tenants_and_their_customers_in_words(house):
    opened(house, origin="TENANT")
    opened(house, origin="THEIRS")
    opened(house, origin="THEIRS")
    month = Period.around(Kind.MONTH, MONDAY.date(), "Asia/Shanghai")
    found = Reading(Asked(scope=EVERYTHING, period=month, now=MONDAY))

    origins = found.by_origin()

    assert [(part.label, part.count) for part in origins] == [("客户的客户", 2), ("租户", 1)]
    assert [found.count(part.cut) for part in origins] == [2, 1]
    assert [part.label for part in found.by_word("item", questions.ITEMS)] == [
        regime_of(Complaint.objects.first()).label(questions.ITEMS, "REPAIR")
    ]
    page = browser(house[MANAGER]).get(reverse("complaints:report_of", args=["P000-05"]))
    assert (str(house.unit.pk), house.unit.label) in page.context["units"]
