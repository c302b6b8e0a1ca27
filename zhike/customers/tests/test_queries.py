"""Lists, look-up while typing, history."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.customers import history, names, queries
from zhike.customers.tests.factories import a_customer
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY, Cast


@pytest.fixture
def three(cast: Cast):
    return [
        a_customer(cast.south, cast.taker, name="欧阳静怡", phone="13800005678"),
        a_customer(cast.south, cast.taker, name="江牧原", phone="010-88886666"),
        a_customer(
            cast.south, cast.taker, name="澜石精密机械有限公司", phone="0571-88885678", kind="ORGANISATION"
        ),
    ]


def test_customers_are_sorted_by_pinyin_in_a_fixed_number_of_queries(three, django_assert_num_queries):
    with django_assert_num_queries(2):
        rows = list(queries.customers(EVERYTHING))
        shown = [(row.name, row.unit.label, queries.shown_phone(row)) for row in rows]

    assert shown == [
        ("江牧原", "Nanhu store", "010****6666"),
        ("澜石精密机械有限公司", "Nanhu store", "057****5678"),
        ("欧阳静怡", "Nanhu store", "138****5678"),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("静怡", ["欧阳静怡"]),
        ("oyj", ["欧阳静怡"]),
        ("OUY", ["欧阳静怡"]),
        ("lanshi", ["澜石精密机械有限公司"]),
        ("lsjm", ["澜石精密机械有限公司"]),
        ("静", ["欧阳静怡"]),
        ("138-0000-5678", ["欧阳静怡"]),
        ("+86 138 0000 5678", ["欧阳静怡"]),
        ("5678", ["澜石精密机械有限公司", "欧阳静怡"]),
        ("678", []),
        ("00005678", []),
        ("1380000567", []),
        ("", []),
        (" ", []),
        ("%", []),
        ("不存在", []),
    ],
)
def test_look_up_finds_by_name_initials_whole_number_or_its_last_four_digits(
    three, words: str, found: list[str]
):
    assert [one.name for one in queries.look_up(EVERYTHING, words)] == found


def test_look_up_finds_the_file_number_and_never_gives_a_full_telephone_number(three):
    (one,) = queries.look_up(EVERYTHING, three[1].number.lower())

    assert (one.name, one.phone, one.number) == ("江牧原", "010****6666", three[1].number)


def test_history_joins_the_sources_newest_first(cast: Cast, monkeypatch):
    monkeypatch.setattr(history, "_sources", {})
    customer = a_customer(cast.south, cast.taker)
    hour = dt.timedelta(hours=1)
    cases = [history.Line(MONDAY - hour, "旧案"), history.Line(MONDAY + hour, "新案", "TS-1", is_open=True)]
    calls = [history.Line(MONDAY, "来电")]
    begin = history.Begin("登记", "/new")
    history.register(
        history.Source(
            "cases",
            "投诉",
            lambda user, one, limit: cases[:limit],
            lambda user, one: 2,
            lambda user, one: begin,
        )
    )
    history.register(
        history.Source(
            "calls",
            "来电",
            lambda user, one, limit: calls[:limit],
            lambda user, one: 1,
            lambda user, one: None,
        )
    )

    whole = history.of(cast.manager, customer)
    part = history.of(cast.manager, customer, only="calls")

    assert [line.title for line in whole.lines] == ["新案", "来电", "旧案"]
    assert [line.number for line in whole.open_lines] == ["TS-1"]
    assert (whole.total, [(tab.key, tab.count) for tab in whole.tabs]) == (3, [("cases", 2), ("calls", 1)])
    assert [line.title for line in part.lines] == ["来电"]
    assert history.beginnings(cast.manager, customer) == [begin]


@pytest.mark.parametrize(
    ("name", "person", "key", "initials"),
    [
        ("欧阳静怡", True, "ou yang jing yi", "oyjy"),
        ("单小满", True, "shan xiao man", "sxm"),
        ("单位食堂", False, "dan wei shi tang", "dwst"),
        ("John Smith", True, "john smith", "js"),
        ("ABC机械", False, "abc ji xie", "ajx"),
        ("138****5678", True, "138****5678", "1385678"),
        ("", True, "", ""),
    ],
)
def test_names_are_sorted_and_typed_by_pinyin(name: str, person: bool, key: str, initials: str):
    assert names.sort_key(name, person=person) == key
    assert names.initials(name, person=person) == initials
