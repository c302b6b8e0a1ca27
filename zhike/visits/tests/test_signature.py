"""The customer signs on the phone, at the desk or on the printed sheet; how much ink it takes the regulation says."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions
from zhike.visits.models import Visit

from .factories import DAY, HOUR, PNG, a_shop, a_visit, picture

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DOTS = [[[0.1, 0.1], [0.101, 0.1]], [[0.5, 0.5], [0.501, 0.5]]]


def line(length: float) -> list:
    return [[[0.1, 0.1], [0.1 + length, 0.1]]]


def sign(cast, visit: Visit, strokes, **more) -> Visit:
    given = {"file": picture("s"), "signer": "王老板"} | more
    return actions.sign(visit=visit, strokes=strokes, by=cast.specialist.party, now=MONDAY, **given)


@pytest.fixture
def regulation(cast: Any) -> Iterator[None]:
    """The regulation on shops with other figures."""
    inforce.forget()
    version = ManualVersion.objects.get(key="shop-visits")
    version.pk, version.number, version.effective_on = None, 2, "2026-01-01"
    version.text = version.text.replace("| 签字最短笔画 | 50 |", "| 签字最短笔画 | 120 |")
    version.text = version.text.replace("| 手机携带天数 | 3 |", "| 手机携带天数 | 1 |").replace(
        "| 时钟误差 | 5 |", "| 时钟误差 | 30 |"
    )
    version.save(force_insert=True)
    yield
    inforce.forget()


@pytest.mark.rule("R004-24", "S004-15")
def test_two_dots_are_no_signature_and_half_a_box_of_ink_is_one(cast):
    visit = a_visit(cast)
    for strokes in ([], DOTS, line(0.499)):
        with pytest.raises(actions.CannotVisit, match="no signature yet"):
            sign(cast, visit, strokes)
    assert visit.signature is None

    sign(cast, visit, line(0.5))
    assert (visit.signer, visit.signed_at) == ("王老板", MONDAY)


@pytest.mark.rule("S004-15", "S004-06")
def test_ink_days_and_clock_are_figures_of_the_regulation(cast, regulation, as_):
    visit = a_visit(cast)
    entry = {
        "uid": str(uuid.uuid4()), "visit": str(visit.uid), "kind": "no_problem", "data": {}, "offset": 20 * 60,
        "made_at": (MONDAY - HOUR).isoformat(),
    }  # fmt: skip
    [found] = actions.sync(entries=[entry], by=cast.specialist.party, now=MONDAY)
    assert (found["result"], found["sentence"]) == ("kept", "")
    visit.refresh_from_db()
    with pytest.raises(actions.CannotVisit):
        sign(cast, visit, line(0.8))
    sign(cast, visit, [*line(0.8), *line(0.4)])
    for day in range(3):
        actions.add(
            manager=cast.specialist.party, customer=a_shop(cast, f"第{day}店"), on=MONDAY.date() + day * DAY,
            by=cast.specialist.party, now=MONDAY,
        )  # fmt: skip

    taken = as_("specialist").get(reverse("visits:road:day")).json()

    assert taken["rules"][str(visit.unit_id)]["leastInk"] == 1.2
    # the regulation at the own unit says for how many days
    assert {one["on"] for one in taken["visits"]} == {MONDAY.date().isoformat()}


@pytest.mark.rule("R004-24", "S004-15")
@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (ContentFile(PDF, name="回执.pdf"), ""),
        (ContentFile(PNG + b"\0" * 60, name="回执.png"), ""),
        (ContentFile(b"signed", name="note.txt"), "no picture"),
        (ContentFile(b"", name="leer.pdf"), "is empty"),
    ],
)
def test_the_sheet_signed_by_hand_is_a_picture_or_a_pdf(cast, file, refusal):
    visit = a_visit(cast)
    if refusal:
        with pytest.raises(actions.CannotVisit, match=refusal):
            sign(cast, visit, None, file=file)
        assert Visit.objects.get().signature is None
    else:
        sign(cast, visit, None, file=file)
        assert visit.signature.name == file.name
    with pytest.raises(actions.CannotVisit, match="no picture"):
        sign(cast, visit, line(1), file=ContentFile(PDF, name="x.pdf"))


@pytest.mark.rule("S004-15")
def test_the_customer_signs_at_the_desk(cast, as_):
    visit = a_visit(cast)
    client, do = as_("specialist"), reverse("visits:do", args=[visit.pk, "sign"])
    assert "<canvas" in client.get(do).content.decode()

    def drawn(strokes) -> str:
        data = base64.b64encode(PNG + b"d" * 60).decode()
        return json.dumps({"strokes": strokes, "picture": f"data:image/png;base64,{data}"})

    for given, said in (
        ({}, "Let the customer sign"),
        ({"drawn": "[1]"}, "Let the customer sign"),
        ({"drawn": json.dumps({"strokes": line(1), "picture": "data:,*"})}, "Let the customer sign"),
        ({"drawn": drawn(DOTS)}, "This is no signature yet"),
        ({"drawn": drawn(line(1)), "signer": " "}, "required"),
    ):
        page = client.post(do, {"signer": "王老板", **given})
        assert page.status_code == 200
        assert said in page.content.decode()
    assert Visit.objects.get().signature is None

    assert client.post(do, {"signer": "王老板", "drawn": drawn(line(1))}).status_code == 302
    row = Visit.objects.get()
    assert (row.signer, row.signature.is_image) == ("王老板", True)
    sheet = SimpleUploadedFile("回执.pdf", PDF, "application/pdf")
    assert client.post(do, {"signer": "王老板", "sheet": sheet}).status_code == 302
    shown = client.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert "回执.pdf" in shown
