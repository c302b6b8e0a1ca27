from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client

from zhike.kernel.parties.models import Party
from zhike.ui import lists
from zhike.ui.lists.export import cell_text

from .cast import NOW, PEOPLE, a_request, officer, persons

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("zhike.ui.tests.urls"),
    pytest.mark.usefixtures("english"),
]

FORMULAS = ["=1+1", "+86 138", "-1 of", "@SUM(A1)", "\t=1", "  =1", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_text(text: str) -> None:
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("normal = text", "normal = text"),
        (-5, "-5"),
        (Decimal("-12.50"), "-12.50"),
        (None, ""),
        (True, "1"),
        (dt.date(2026, 9, 30), "2026-09-30"),
        (dt.datetime(2026, 9, 30, 16, 0, tzinfo=dt.UTC), "2026-10-01 00:00:00"),
    ],
)
def test_other_values_are_written_as_they_are(value: object, text: str) -> None:
    assert cell_text(value) == text


def read(answer: object) -> list[list[str]]:
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_csv_holds_every_matching_row_and_not_the_page(client: Client) -> None:
    persons(45)
    client.force_login(officer())

    rows = read(client.get("/people/?kind=PERSON&sort=name&export=csv"))

    assert rows[0] == ["No.", "Name", "Kind"]
    assert [row[1] for row in rows[1:]] == [f"Guest {at:05d}" for at in range(1, 46)]


def test_csv_disarms_names_of_customers(client: Client) -> None:
    Party.objects.create(kind="PERSON", name='=HYPERLINK("http://x","y")')
    client.force_login(officer())

    rows = read(client.get("/people/?kind=PERSON&export=csv"))

    assert rows[1][1] == '\'=HYPERLINK("http://x","y")'


def test_xlsx_writes_formulas_as_text(client: Client) -> None:
    Party.objects.create(kind="PERSON", name="=1+1")
    client.force_login(officer())

    answer = client.get("/people/?kind=PERSON&export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active

    cell = sheet["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_export_is_refused_without_the_power_and_logged_before_the_first_row() -> None:
    persons(2)
    logged: list[tuple[str, int]] = []
    open_list = lists.List(
        **{**vars(PEOPLE), "on_export": lambda request, fmt, count: logged.append((fmt, count))}
    )
    shut = lists.List(**{**vars(PEOPLE), "may_export": lambda request: False})
    ask = a_request("/people/?kind=PERSON&export=csv")

    refused = lists.answer(ask, shut, Party.objects.all(), "ui/list.html", now=NOW)
    lists.answer(ask, open_list, Party.objects.all(), "ui/list.html", now=NOW)

    assert refused.status_code == 403
    assert logged == [("csv", 2)]


def test_chosen_rows_leave_alone_and_only_within_the_scope() -> None:
    made = persons(3)
    request = a_request(post={"pick": [made[0].pk, made[2].pk]})

    answer = lists.export_selected(request, PEOPLE, Party.objects.exclude(pk=made[2].pk), now=NOW, fmt="csv")

    assert [row[1] for row in read(answer)] == ["Name", "Guest 00001"]


def test_export_with_a_condition_that_is_not_understood_gives_the_page_and_no_file(client: Client) -> None:
    client.force_login(officer())

    answer = client.get("/people/?kind=GHOST&export=csv", headers={"accept-language": "en"})

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "is not one of the choices" in answer.content.decode()
