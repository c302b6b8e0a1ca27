"""Complaining in the portal, following by number and code, and what strangers learn (nothing)."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.channels.models import Attempts
from zhike.complaints import actions, portal
from zhike.complaints.models import Complaint, Entry
from zhike.complaints.portal_codes import ALPHABET, code_of, digest_of, find, new_token
from zhike.complaints.portal_reads import shops_with_regulation
from zhike.customers.models import Customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.system import system_party
from zhike.kernel.records.models import Attachment
from zhike.people.tests.factories import MONDAY

from .mall import a_mall

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)
TEXT = "买到过期酸奶,要求退款"


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def mall():
    return a_mall()


def typed(**more):
    return {
        "token": new_token(),
        "name": "梁敏",
        "phone": "13800001111",
        "text": TEXT,
        "item": "EXPIRED",
        "value": "36",
        "demand": "退款",
        **more,
    }


def complain(client, mall, **more):
    return client.post(reverse("complaint_portal:new", args=[mall.south.pk]), typed(**more))


def shown(page, id):
    return re.search(rf'<dd id="{id}">\s*([^<]+?)\s*</dd>', page.content.decode()).group(1)


def opened(client, mall):
    """A complaint of this visitor, followed."""
    page = complain(client, mall)
    pair = {"number": shown(page, "number"), "code": shown(page, "code")}
    client.post(reverse("complaint_portal:follow"), pair)
    return Complaint.objects.get(number=pair["number"]), pair


@pytest.mark.rule("R001-113")
def test_a_complaint_gives_number_and_code_and_reaches_the_person_whom_the_manual_names(mall, client):
    page = complain(client, mall)

    complaint = Complaint.objects.get()
    assert shown(page, "number") == complaint.number
    assert complaint.handler == mall.store_manager.party
    assert (complaint.clause, complaint.channel, complaint.unit) == ("三(五)1", "PORTAL", mall.south)
    assert complaint.value == Decimal("36.00")
    assert complaint.customer.name == "梁敏"
    owners = set(Duty.objects.filter(subject_id=complaint.pk).values_list("kind", "owner"))
    kinds = ("complaint.cause", "complaint.response", "complaint.resolution", "complaint.reply")
    assert owners == {(kind, mall.store_manager.pk) for kind in kinds}


def test_the_code_is_stored_as_a_digest_only_and_has_twelve_signs(mall, client):
    code = shown(complain(client, mall), "code")

    assert re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", code)
    assert Complaint.objects.get().access_code == digest_of(code)
    assert code.replace("-", "") not in Complaint.objects.get().access_code.upper()


def test_two_forms_have_codes_of_their_own():
    assert len({code_of(f"seed {place}") for place in range(500)}) == 500


def test_the_same_form_sent_twice_is_one_complaint_with_the_same_code(mall, client):
    token = new_token()

    first, second = (complain(client, mall, token=token) for _ in range(2))

    assert Complaint.objects.count() == 1
    assert Customer.objects.count() == 1
    assert [shown(page, "code") for page in (first, second)] == [shown(first, "code")] * 2


def test_another_text_from_the_same_page_is_not_lost_silently(mall, client):
    token = new_token()
    complain(client, mall, token=token)

    page = complain(client, mall, token=token, text="另一件事")

    assert Complaint.objects.count() == 1
    assert "另一件事" in page.content.decode()
    assert Complaint.objects.get().number in page.content.decode()


@pytest.mark.rule("R001-113")
def test_who_wishes_to_speak_with_the_store_manager_gets_there(mall, client):
    complain(client, mall, item="PRICE", manager="on")

    complaint = Complaint.objects.get()
    assert complaint.circumstances == ["INSISTS_ON_MANAGER"]
    assert complaint.handler_code == "STORE_MANAGER"


def test_the_wish_comes_on_top_of_what_the_item_implies(mall, client):
    complain(client, mall, manager="on")

    assert Complaint.objects.get().circumstances == ["INSISTS_ON_MANAGER", "SPOILED_FOOD"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "  "),
        ("name", ""),
        ("phone", ""),
        ("phone", "abc"),
        ("value", "1.234,50"),
        ("value", "-1"),
        ("item", "NO_SUCH"),
        ("text", "长" * 5001),
        ("token", "forged"),
    ],
)
def test_bad_input_gets_a_sentence_keeps_what_was_typed_and_saves_nothing(mall, client, field, value):
    page = complain(client, mall, **{field: value})

    assert page.status_code == 200
    assert "zk-alert is-late" in page.content.decode()
    assert "退款" in page.content.decode()
    assert (Complaint.objects.count(), Customer.objects.count()) == (0, 0)


def test_a_page_that_was_open_too_long_is_sent_again_with_a_fresh_token(mall, client):
    page = complain(client, mall, token="forged")
    fresh = re.search(r'name="token" value="([^"]+)"', page.content.decode()).group(1)

    complain(client, mall, token=fresh)

    assert Complaint.objects.count() == 1


def test_photos_are_attached_by_the_portal(mall, client):
    photo = SimpleUploadedFile("小票.png", PNG, "image/png")

    complain(client, mall, photos=[photo])

    assert list(Attachment.objects.values_list("name", "by")) == [("小票.png", system_party("portal").pk)]


def test_a_refused_file_saves_nothing(mall, client):
    page = complain(client, mall, photos=[SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 90)])

    assert page.status_code == 200
    assert "a.exe" in page.content.decode()
    assert (Complaint.objects.count(), Customer.objects.count(), Attachment.objects.count()) == (0, 0, 0)


def test_too_many_files_are_refused(mall, client):
    photos = [SimpleUploadedFile(f"{place}.png", PNG + bytes([place])) for place in range(7)]

    page = complain(client, mall, photos=photos)

    assert page.status_code == 200
    assert Complaint.objects.count() == 0


def test_shops_are_the_lowest_houses_where_a_regulation_is_in_force(mall):
    assert {unit.code for unit in shops_with_regulation(MONDAY)} == {"south", "north"}


def test_without_a_regulation_the_portal_says_so(db, client):
    page = client.get(reverse("complaint_portal:shops"))

    assert page.status_code == 200
    assert "portal-doors" in page.content.decode()


def test_a_shop_without_regulation_leads_back_to_the_choice(mall, client):
    page = client.get(reverse("complaint_portal:new", args=[mall.fruit.pk]))

    assert (page.status_code, page["Location"]) == (302, reverse("complaint_portal:shops"))


def test_number_and_code_open_the_page_however_the_code_is_written(mall, client):
    page = complain(client, mall)
    number, code = shown(page, "number"), shown(page, "code")

    answer = client.post(
        reverse("complaint_portal:follow"),
        {"number": f" {number.lower()} ", "code": code.lower().replace("-", " ")},
    )

    assert (answer.status_code, answer["Location"]) == (302, reverse("complaint_portal:case", args=[number]))
    assert client.get(answer["Location"]).status_code == 200


def test_wrong_number_and_wrong_code_get_the_same_answer(mall, client):
    number = shown(complain(client, mall), "number")

    answers = [
        client.post(reverse("complaint_portal:follow"), {"number": one, "code": "2222-2222-2222"})
        for one in (number, "TS-209901-0001")
    ]

    varying = r'value="[^"]*"|X-CSRFToken": "[^"]*"'
    plain = [re.sub(varying, "", page.content.decode()) for page in answers]
    assert plain[0] == plain[1]
    assert [page.status_code for page in answers] == [200, 200]


def test_a_code_opens_its_own_number_only(mall, client):
    first = shown(complain(client, mall), "number")
    second = complain(client, mall, text="另一件")

    assert find(first, shown(second, "code")) is None
    assert find(shown(second, "number"), shown(second, "code")) is not None


def test_a_complaint_taken_at_the_counter_has_no_code_that_opens_it(mall):
    complaint = actions.register(
        unit=mall.south, channel="COUNTER", text="坏了", by=mall.taker.party, now=MONDAY
    )

    assert find(complaint.number, "") is None


def test_who_has_not_shown_the_code_is_asked_for_it(mall, client, django_user_model):
    number = shown(complain(client, mall), "number")

    for name in ("case", "confirm"):
        answer = client.post(reverse(f"complaint_portal:{name}", args=[number]), {"text": "x"})
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"{reverse('complaint_portal:follow')}?number={number}",
        )
    assert Entry.objects.count() == 0


def test_the_eleventh_attempt_in_ten_minutes_is_refused_and_the_next_window_is_open_again(mall, client):
    pair = {"number": "TS-202603-0001", "code": "2222-2222-2222"}
    url = reverse("complaint_portal:follow")
    codes = [client.post(url, pair).status_code for _ in range(11)]

    refused = client.post(url, pair)

    assert codes == [200] * 10 + [429]
    assert refused["Retry-After"] == "600"
    assert "TS-202603-0001" in refused.content.decode()
    with clock.at(MONDAY + dt.timedelta(minutes=10)):
        assert client.post(url, pair).status_code == 200


def test_attempts_are_counted_without_storing_the_address(mall, client):
    client.post(reverse("complaint_portal:follow"), {"number": "x", "code": "y"})

    assert [row.key for row in Attempts.objects.all() if "127.0.0.1" in row.key] == []
    assert Attempts.objects.count() == 1


def test_complaining_too_often_keeps_what_was_typed(mall, client, monkeypatch):
    monkeypatch.setattr(portal, "NEW", portal.rates.Rate("portal-new", most=1, seconds=3600))
    complain(client, mall)

    page = complain(client, mall, text="第二件事")

    assert page.status_code == 429
    assert "第二件事" in page.content.decode()
    assert Complaint.objects.count() == 1


def test_the_page_shows_replies_but_no_notes_and_no_names(mall, client):
    complaint, pair = opened(client, mall)
    by = mall.store_manager.party
    actions.reply(complaint=complaint, text="我们马上处理", by=by, now=MONDAY)
    complaint.refresh_from_db()
    actions.note(complaint=complaint, text="此顾客常来", by=by, now=MONDAY)

    page = client.get(reverse("complaint_portal:case", args=[pair["number"]])).content.decode()

    assert "我们马上处理" in page
    assert "此顾客常来" not in page
    assert "店长" in page
    assert mall.store_manager.party.name not in page


def test_a_message_reaches_the_handler_and_keeps_its_files(mall, client):
    complaint, pair = opened(client, mall)

    client.post(
        reverse("complaint_portal:case", args=[pair["number"]]),
        {"text": "补充小票", "photos": [SimpleUploadedFile("小票.png", PNG)]},
    )

    assert list(complaint.entries.values_list("kind", "text", "by__kind")) == [
        ("CUSTOMER", "补充小票", Party.Kind.SYSTEM)
    ]
    assert Attachment.objects.get().subject_id == complaint.pk


def test_an_empty_message_is_refused_at_its_field(mall, client):
    complaint, pair = opened(client, mall)

    page = client.post(reverse("complaint_portal:case", args=[pair["number"]]), {"text": " "})

    assert page.status_code == 200
    assert "zk-error" in page.content.decode()
    assert complaint.entries.count() == 0


def test_the_customer_confirms_once_and_only_after_an_answer(mall, client):
    complaint, pair = opened(client, mall)
    url = reverse("complaint_portal:confirm", args=[pair["number"]])
    client.post(url)
    before = complaint.entries.count()
    actions.reply(complaint=complaint, text="已退款", final=True, by=mall.store_manager.party, now=MONDAY)

    for _ in range(2):
        client.post(url)

    assert before == 0
    assert complaint.entries.filter(kind=Entry.Kind.CUSTOMER).count() == 1


def test_a_voided_complaint_says_so_and_takes_no_message(mall, client):
    complaint, pair = opened(client, mall)
    actions.void(complaint=complaint, by=mall.manager.party, now=MONDAY, reason="重复登记")

    page = client.get(reverse("complaint_portal:case", args=[pair["number"]])).content.decode()

    assert "重复登记" in page
    assert 'name="text"' not in page


def test_the_portal_speaks_english(mall, client):
    page = client.get(
        reverse("complaint_portal:new", args=[mall.south.pk]), headers={"accept-language": "en"}
    )

    assert "What happened?" in page.content.decode()
    assert "Expired" in page.content.decode()
