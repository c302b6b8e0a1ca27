"""Complaints over REST: reach, refusals in one shape, calls repeated, pages of long lists."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhike.channels import actions as channels
from zhike.channels.models import KeptAnswer
from zhike.complaints import actions
from zhike.complaints.models import Complaint, Entry
from zhike.kernel import clock
from zhike.kernel.records.models import Attachment
from zhike.people.tests.factories import MONDAY

from .mall import a_mall
from .test_portal import PNG

pytestmark = pytest.mark.django_db
URL = "/api/v1/complaints"
BODY = {"unit": "south", "text": "买到过期酸奶", "item": "EXPIRED", "value": "36.00"}


@pytest.fixture(autouse=True)
def monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def mall():
    return a_mall()


class Api:
    """A program that calls with a key."""

    def __init__(self, client, secret, language="zh-hans"):
        self.client = client
        self.headers = {"authorization": f"Bearer {secret}", "accept-language": language}

    def get(self, path="", **query):
        return self.client.get(URL + path, query, headers=self.headers)

    def post(self, path="", body=None, *, key=None, raw=None, **more):
        headers = {**self.headers, **({"idempotency-key": key} if key else {})}
        if more:
            return self.client.post(URL + path, more, headers=headers)
        data = raw if raw is not None else json.dumps(BODY if body is None else body)
        return self.client.post(URL + path, data, content_type="application/json", headers=headers)


def a_key(user, *scopes, now=MONDAY, **more):
    return channels.make_token(
        party=user.party,
        name="测试",
        scopes=scopes or ("complaints:read", "complaints:write"),
        by=user.party,
        now=now,
        **more,
    )


@pytest.fixture
def api(mall, client):
    return Api(client, a_key(mall.manager)[1])


def told(answer):
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "field"}
    return answer.status_code, error["code"], error["field"]


def a_complaint(mall, unit="south", **more):
    given = {"text": "坏了", "channel": "COUNTER", "by": mall.taker.party, "now": MONDAY, **more}
    return actions.register(unit=mall.units[unit], **given)


@pytest.mark.rule("R001-113")
def test_registering_answers_with_the_handler_and_the_clause(api, mall):
    answer = api.post()

    found = answer.json()
    complaint = Complaint.objects.get()
    assert answer.status_code == 201
    assert (found["number"], found["handler_post"], found["clause"]) == (
        complaint.number,
        "STORE_MANAGER",
        "三(五)1",
    )
    assert (found["value"], found["state"], found["channel"]) == ("36.00", "open", "API")
    assert found["opened_at"] == "2026-03-09T10:00:00+08:00"
    assert complaint.taker == mall.manager.party


def test_the_customer_is_recognised_or_created(api):
    answer = api.post(body={**BODY, "customer": {"name": "梁敏", "phone": "13800001111"}})

    assert answer.json()["customer"] == "梁敏"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"text": ""}, (422, "invalid", "text")),
        ({"text": "长" * 100_001}, (422, "invalid", "text")),
        ({"value": "1,234.50"}, (422, "invalid", "value")),
        ({"value": "-1"}, (422, "invalid", "value")),
        ({"value": "1.234"}, (422, "invalid", "value")),
        ({"value": "NaN"}, (422, "invalid", "value")),
        ({"happened_on": "2026-02-30"}, (422, "invalid", "happened_on")),
        ({"nonsense": 1}, (422, "invalid", "nonsense")),
        ({"unit": "north"}, (422, "unit", "unit")),
        ({"unit": "nowhere"}, (422, "unit", "unit")),
        ({"item": "NO_SUCH"}, (422, "refused", "")),
        ({"circumstances": ["NO_SUCH"]}, (422, "refused", "")),
        ({"customer": {"phone": "abc"}}, (422, "customer", "customer")),
    ],
)
def test_bad_input_is_told_in_one_shape_and_saves_nothing(api, change, expected):
    assert told(api.post(body={**BODY, **change})) == expected
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize("raw", ["{", "[]", '"x"', ""])
def test_a_body_that_is_no_object_is_told(api, raw):
    status, code, _field = told(api.post(raw=raw))

    assert (status in {400, 422}, code) == (True, "invalid")


def test_refusals_speak_the_language_that_is_asked_for(mall, client):
    secret = a_key(mall.manager)[1]

    answer = Api(client, secret, "en").post(body={**BODY, "text": ""})

    assert answer.json()["error"]["message"] == "“text” must not be empty."


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic x"}])
def test_without_a_good_key_nothing_is_told(mall, client, header):
    answer = client.get(URL, headers=header)

    assert told(answer) == (401, "unauthenticated", "")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_key_without_the_scope_is_refused(mall, client):
    reader = Api(client, a_key(mall.manager, "complaints:read")[1])
    writer = Api(client, a_key(mall.manager, "complaints:write")[1])

    assert told(reader.post()) == (403, "scope", "")
    assert told(writer.get()) == (403, "scope", "")
    assert reader.get().status_code == 200


def test_a_key_sees_only_what_its_person_sees(api, mall):
    seen, hidden = a_complaint(mall), a_complaint(mall, "north", by=mall.stranger.party)

    numbers = [row["number"] for row in api.get().json()["items"]]

    assert numbers == [seen.number]
    for path in ("", "/rulings"):
        assert told(api.get(f"/{hidden.number}{path}")) == (404, "not_found", "")
    for path, body in (
        ("/replies", {"text": "x"}),
        ("/notes", {"text": "x"}),
        ("/steps", {"kind": "cause", "text": "x"}),
    ):
        assert told(api.post(f"/{hidden.number}{path}", body)) == (404, "not_found", "")
    assert Entry.objects.count() == 0


def test_a_person_complained_of_does_not_see_the_complaint_by_key(api, mall):
    complaint = a_complaint(mall, accused=mall.manager.party, accused_level="SUPERVISOR_UP")

    assert told(api.get(f"/{complaint.number}")) == (404, "not_found", "")


def test_the_same_idempotency_key_gives_the_first_answer_and_one_complaint(api):
    first, second = api.post(key="a1"), api.post(key="a1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Complaint.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(api):
    api.post(key="a1")

    answer = api.post(key="a1", body={**BODY, "text": "别的"})

    assert told(answer) == (422, "idempotency_key_reused", "")
    assert Complaint.objects.count() == 1


def test_a_refused_call_is_not_kept(api):
    api.post(key="a1", body={**BODY, "item": "NO_SUCH"})

    assert KeptAnswer.objects.count() == 0
    assert api.post(key="a1").status_code == 201


def test_keys_of_two_programs_do_not_meet(api, mall, client):
    other = Api(client, a_key(mall.supervisor)[1])

    numbers = {one.post(key="a1").json()["number"] for one in (api, other)}

    assert len(numbers) == 2


def test_a_call_without_a_key_is_done_each_time(api):
    api.post()
    api.post()

    assert Complaint.objects.count() == 2


def test_pages_follow_the_cursor_without_doubles_whatever_comes_in_between(api, mall):
    for hour in range(5):
        a_complaint(mall, now=MONDAY - dt.timedelta(hours=hour // 2))
    everything = [row["number"] for row in api.get().json()["items"]]

    first = api.get(limit=2).json()
    a_complaint(mall)
    second = api.get(limit=2, cursor=first["next"]).json()
    third = api.get(limit=2, cursor=second["next"]).json()

    assert [row["number"] for page in (first, second, third) for row in page["items"]] == everything
    assert third["next"] is None


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl0", "å"])
def test_a_strange_cursor_is_refused(api, cursor):
    assert told(api.get(cursor=cursor)) == (422, "cursor", "cursor")


def test_filters_cut_the_list(api, mall):
    plain = a_complaint(mall, now=MONDAY - dt.timedelta(days=2))
    expired = a_complaint(mall, item="EXPIRED")
    void = a_complaint(mall)
    actions.void(complaint=void, by=mall.manager.party, now=MONDAY, reason="重复")

    def numbers(**query):
        return {row["number"] for row in api.get(**query).json()["items"]}

    assert numbers(state="open") == {plain.number, expired.number}
    assert numbers(state="void") == {void.number}
    assert numbers(state="closed") == set()
    assert numbers(item="EXPIRED") == {expired.number}
    assert numbers(handler="STORE_MANAGER") == {expired.number}
    assert numbers(opened_to="2026-03-09T00:00:00+08:00") == {plain.number}
    assert numbers(opened_from="2026-03-09T10:00:00+08:00") == {expired.number, void.number}
    assert numbers(unit="north") == set()
    assert told(api.get(state="sleeping")) == (422, "invalid", "state")
    assert told(api.get(opened_from="2026-03-09")) == (422, "invalid", "opened_from")
    assert told(api.get(limit=0)) == (422, "invalid", "limit")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_three_questions_for_one_row_and_for_three(api, mall, django_assert_num_queries, rows):
    for _ in range(rows):
        a_complaint(mall)
    api.get()

    with django_assert_num_queries(3):
        found = api.get().json()["items"]

    assert len(found) == rows


def test_one_complaint_comes_with_what_was_said_and_written(api, mall):
    complaint = a_complaint(mall)
    api.post(f"/{complaint.number}/replies", {"text": "已收到"})
    api.post(f"/{complaint.number}/notes", {"text": "内部"})
    api.post(f"/{complaint.number}/steps", {"kind": "cause", "text": "临期未下架"})

    found = api.get(f"/{complaint.number}").json()

    assert [(entry["kind"], entry["text"]) for entry in found["entries"]] == [
        ("REPLY", "已收到"),
        ("NOTE", "内部"),
    ]
    assert [(step["kind"], step["text"]) for step in found["steps"]] == [("cause", "临期未下架")]
    assert found["stage_kind"] == "details"
    assert found["responded_at"] == "2026-03-09T10:00:00+08:00"


def test_a_step_that_is_not_due_is_a_conflict(api, mall):
    complaint = a_complaint(mall)

    assert told(api.post(f"/{complaint.number}/steps", {"kind": "summary", "text": "x"}))[:2] == (
        409,
        "stage",
    )


def test_rulings_say_clause_row_and_facts(api, mall):
    complaint = a_complaint(mall, item="EXPIRED")

    rulings = api.get(f"/{complaint.number}/rulings").json()["items"]

    authority = next(one for one in rulings if one["question"] == "complaint.authority")
    assert (authority["outcome"], authority["clause"]) == ({"handler": "STORE_MANAGER"}, "三(五)1")
    assert authority["manual"] == "mall-complaints"


def test_files_are_added_once_and_bad_ones_refused(api, mall):
    complaint = a_complaint(mall)
    path = f"/{complaint.number}/attachments"

    first = api.post(path, file=SimpleUploadedFile("a.png", PNG), key="f1")
    replayed = api.post(path, file=SimpleUploadedFile("a.png", PNG), key="f1")
    again = api.post(path, file=SimpleUploadedFile("b.png", PNG))
    bad = api.post(path, file=SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 90))

    assert (first.status_code, first.json()["content_type"]) == (201, "image/png")
    assert replayed.json() == first.json()
    assert told(again) == (409, "already_there", "file")
    assert told(bad) == (422, "file", "file")
    assert Attachment.objects.count() == 1


def test_words_of_the_regulation_are_offered(api, client, mall):
    items = api.get("/words", unit="south").json()["items"]

    assert {"code": "EXPIRED", "label": "过期"} in items
    assert told(api.get("/words", unit="north")) == (422, "unit", "unit")


def test_a_unit_without_regulation_is_told(mall, client):
    api = Api(client, a_key(mall.fruit_manager)[1])

    assert told(api.post(body={**BODY, "unit": "fruit"})) == (409, "manual", "")


def test_too_many_calls_are_told_to_wait(api, monkeypatch):
    from zhike.channels import api as shell

    monkeypatch.setattr(shell, "PER_TOKEN", shell.rates.Rate("api-test", most=2, seconds=60))
    codes = [api.get().status_code for _ in range(3)]

    assert codes == [200, 200, 429]


def test_the_description_of_the_api_is_there_and_the_page_of_docs_is_not(client, db):
    found = client.get("/api/v1/openapi.json").json()

    assert "/api/v1/complaints" in found["paths"]
    assert client.get("/api/v1/docs").status_code == 404
