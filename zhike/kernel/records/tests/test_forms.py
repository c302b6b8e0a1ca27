"""Declarations of forms, and values read and checked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from zhike.kernel.records import forms, values
from zhike.kernel.records.forms import BadForm, Field, Form, Lines, Option, cell
from zhike.kernel.records.tests.sample import DATA, FORM, MONDAY


def a_form(*fields: Field, layout=(), columns=(20, 80), **more) -> Form:
    return Form("T-9", "表", "Form", fields, layout, columns=columns, **more)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (a_form(Field("a", "甲", "A"), Field("a", "乙", "B")), "two fields of one key"),
        (a_form(Field("a", "甲", "A", "colour")), "unknown kind colour"),  # type: ignore[arg-type]
        (a_form(Field("a", "甲", "A", "table")), "only a table"),
        (a_form(Field("a", "甲", "A", columns=(Field("b", "乙", "B"),))), "only a table"),
        (a_form(Field("_a", "甲", "A")), "may not begin with _"),
        (a_form(Field("a", "甲", "A"), layout=((cell("b"),),)), "b is no field"),
        (a_form(Field("a", "甲", "A"), layout=((cell("a", span=2),),)), "does not fill 2 columns"),
        (a_form(Field("a", "甲", "A"), layout=(Lines("a"),)), "a is no table"),
        (a_form(Field("a", "甲", "A"), series="X"), "exactly once"),
    ],
)
def test_a_contradictory_declaration_is_refused_at_start(form: Form, said: str):
    with translation.override("en"), pytest.raises(ValueError, match=said):
        forms.register(form)

    assert forms.get("T-9") is None


def test_a_form_is_known_by_its_code_once_registered_and_not_declared_twice(monkeypatch):
    monkeypatch.setattr(forms, "_forms", {})

    forms.register(FORM)
    forms.register(FORM)

    assert forms.get("T-01") is FORM
    assert forms.all_forms() == [FORM]
    with pytest.raises(BadForm, match="declared twice"):
        forms.register(Form("T-01", "另一张", "Another", (), ()))


def test_gather_reads_the_subject_and_what_was_typed_wins():
    form = a_form(
        Field("who", "何人", "Who", source=lambda row: row.who),
        Field("price", "价", "Price", "money", source=lambda row: row.price),
        Field("at", "时", "At", "moment", source=lambda row: row.at),
        Field(
            "way",
            "方式",
            "Way",
            "ticks",
            source=lambda row: row.way,
            options=lambda row: [Option(row.way, "电话", "Call")],
        ),
        Field("empty", "空", "Empty", source=lambda row: None),
        Field("typed", "填", "Typed"),
    )
    row = SimpleNamespace(who="甲", price=Decimal("1E+3"), at=MONDAY, way="CALL")

    data = values.gather(form, row, {"who": "乙\x00\x1b丙\r\n丁", "typed": "x"})

    assert data == {
        "who": "乙丙\n丁",
        "price": "1000",
        "at": "2026-09-28T14:20:00+08:00",
        "way": ["CALL"],
        "empty": "",
        "typed": "x",
        "_options": {"way": [["CALL", "电话", "Call"]]},
    }


def problems(data: dict, *, complete: bool) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(one.key, one.sentence) for one in values.check(FORM, data, complete=complete)]


def test_a_complete_sheet_has_no_problem():
    assert problems(DATA, complete=True) == []


def test_a_draft_may_be_empty_but_a_submitted_form_names_every_missing_field():
    assert problems({}, complete=False) == []
    assert problems({}, complete=True) == [
        ("received_on", "“Received on” is still empty."),
        ("way", "“By way of” is still empty."),
        ("content", "“Content” is still empty."),
    ]


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("received_on", "2026-02-30", "“Received on” is not a day: 2026-02-30"),
        ("received_at", "2026-02-03T10:00:00", "“Received at” is not a moment: 2026-02-03T10:00:00"),
        ("value", "about 5", "“Amount” is not a number: about 5"),
        ("value", "NaN", "“Amount” is not a number: NaN"),
        ("unknown", "x", "The form T-01 has no field “unknown”."),
    ],
)
def test_a_value_that_cannot_be_read_gets_one_sentence(key: str, value: str, sentence: str):
    assert problems({key: value}, complete=False) == [(key, sentence)]


def test_a_choice_must_be_one_that_was_offered_and_a_row_is_named_by_its_number():
    offered = {"_options": {"way": [["CALL", "来电", "Call"]]}}

    assert problems({"way": ["CALL"]} | offered, complete=False) == []
    assert problems({"way": ["MAIL"]} | offered, complete=False) == [
        ("way", "“By way of” does not offer “MAIL”.")
    ]
    assert problems({"objects": [{"count": "1"}, {"count": "x"}]}, complete=False) == [
        ("objects.2.count", "“Count” is not a number: x")
    ]


def test_amounts_with_separators_are_numbers():
    assert values.number("12,345,678.90") == Decimal("12345678.90")
    assert values.day("2028-02-29") == dt.date(2028, 2, 29)
    assert values.day("2027-02-29") is None
