"""Fields of 登记事项 over REST: what there is, what is taken, and one sentence for what is not."""

import pytest

from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.people.tests.factories import MONDAY

from .test_api import Api, a_key

pytestmark = pytest.mark.django_db
BODY = {"unit": "house", "text": "法兰尺寸超差", "item": "QUALITY"}


@pytest.fixture(name="api")
def _api(factory, client):
    with clock.at(MONDAY):
        yield Api(client, a_key(factory["taker"])[1], "en")


def test_the_fields_of_a_regulation_and_their_words_are_told(api):
    fields = {one["code"]: one for one in api.get("/words", unit="house").json()["fields"]}

    assert fields["evidence_kinds"] == {
        "code": "evidence_kinds", "label": "Kinds of evidence", "kind": "words", "required": False, "several": True,
        "words": [
            {"code": "SAMPLE", "label": "Sample"}, {"code": "PHOTO", "label": "Photo"},
            {"code": "TEST", "label": "Test record"}, {"code": "LETTERS", "label": "Correspondence"},
        ],
    }  # fmt: skip
    kinds = {code: (one["kind"], one["several"]) for code, one in fields.items()}
    assert kinds["lot"] == ("text", False)
    assert kinds["evidence"] == ("lines", False)
    assert kinds["passed_on"] == ("day", False)
    assert kinds["foreign"] == ("yes_no", False)
    assert kinds["cause_class"] == ("word", False)
    document = api.client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert document["FieldOut"]["properties"]["kind"]["description"].endswith("word or words")
    assert "`several`" in document["ComplaintIn"]["properties"]["more"]["description"]


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("evidence_kinds", ["PHOTO", "SAMPLE"], "SAMPLE、PHOTO"),  # in the order of the list
        ("evidence_kinds", ["照片", "Test record", "PHOTO"], "PHOTO、TEST"),
        ("evidence_kinds", "PHOTO、TEST", "PHOTO、TEST"),
        ("evidence_kinds", "LETTERS", "LETTERS"),
        ("evidence_kinds", [], None),
        ("cause_class", "METHOD", "METHOD"),
        ("cause_class", "设备", "MACHINE"),
        ("foreign", True, "是"),
        ("foreign", False, "否"),
        ("foreign", "是", "是"),
        ("passed_on", "2026-03-09", "2026-03-09"),
        ("lot", " 26A ", "26A"),
        ("lot", "", None),
    ],
)
def test_codes_and_labels_are_taken(api, field, given, kept):
    answer = api.post(body={**BODY, "more": {field: given}})

    assert answer.status_code == 201, answer.json()
    assert answer.json()["more"].get(field) == kept
    assert Complaint.objects.get().more.get(field) == kept


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        (
            "evidence_kinds", ["PHOTO", "RUMOUR"],
            "Kinds of evidence: “RUMOUR” is none of its words: SAMPLE, PHOTO, TEST, LETTERS.",
        ),
        ("cause_class", ["METHOD"], "Class of cause: This field takes one value, not a list."),
        ("foreign", "maybe", "Customer abroad: Say true or false."),
        ("passed_on", "yesterday", "Passed to the clerk on: Enter a valid date."),
        ("vin", "LSV1", "“vin” is no field of this regulation. It has: foreign, product, lot,"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_one_sentence_and_nothing_is_registered(api, field, given, sentence):
    answer = api.post(body={**BODY, "more": {field: given}})

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (422, "refused", f"more.{field}")
    assert error["message"].startswith(sentence)
    assert Complaint.objects.count() == 0
