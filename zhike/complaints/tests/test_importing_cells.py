"""Cells of imported files as people write them: amounts, moments, words of status."""

import datetime as dt
from decimal import Decimal

import pytest

from zhike.complaints.importing import cells
from zhike.people.tests.factories import CHINA


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("36", "36.00"),
        ("1,234.50", "1234.50"),
        ("1，234.50", "1234.50"),
        ("￥36", "36.00"),
        ("¥ 36.5", "36.50"),
        ("36元", "36.00"),
        ("人民币36元整", "36.00"),
        ("RMB 1,234,567.8", "1234567.80"),
        ("1.2万", "12000.00"),
        ("３６．５", "36.50"),
        (".5", "0.50"),
    ],
)
def test_amounts_are_understood_as_people_write_them(text, value):
    assert cells.amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", "-", "无"])
def test_no_amount_is_unknown_and_not_zero(text):
    assert cells.amount(text) is None


@pytest.mark.parametrize(
    "text",
    ["1.234,50", "1,23", "12,34.5", "-5", "(5)", "三十六", "36.555", "NaN", "1e5", "1000000000000", "36美元"],
)
def test_doubtful_amounts_are_refused_with_the_text(text):
    with pytest.raises(cells.BadCell, match=f"“{text}”".replace("(", r"\(").replace(")", r"\)")):
        cells.amount(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-01", dt.datetime(2026, 3, 1, tzinfo=CHINA)),
        ("2026/3/1", dt.datetime(2026, 3, 1, tzinfo=CHINA)),
        ("2026.3.1", dt.datetime(2026, 3, 1, tzinfo=CHINA)),
        ("20260301", dt.datetime(2026, 3, 1, tzinfo=CHINA)),
        ("2026年3月1日 16:05", dt.datetime(2026, 3, 1, 16, 5, tzinfo=CHINA)),
        ("2026-03-01 16:05:09", dt.datetime(2026, 3, 1, 16, 5, 9, tzinfo=CHINA)),
        ("2026-03-01T16:05:00Z", dt.datetime(2026, 3, 1, 16, 5, tzinfo=dt.UTC)),
        ("2026-03-01T16:05+08:00", dt.datetime(2026, 3, 1, 16, 5, tzinfo=CHINA)),
        ("", None),
    ],
)
def test_moments_are_understood_as_people_write_them(text, at):
    assert cells.moment(text, CHINA) == at


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13-01",
        "03/04/2026",
        "昨天",
        "2026-03-01 25:00",
        "46289",
        "0026-01-01",
        "1899-12-31",
    ],
)
def test_days_that_do_not_exist_or_can_be_read_in_two_ways_are_refused(text):
    with pytest.raises(cells.BadCell):
        cells.moment(text, CHINA)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("已办结", True),
        ("Closed with explanation", True),
        ("处理中", False),
        ("未完成", False),
        ("In progress", False),
        ("", None),
    ],
)
def test_words_of_status(text, closed):
    assert cells.is_closed(text) is closed


def test_a_word_of_status_that_says_nothing_is_refused():
    with pytest.raises(cells.BadCell):
        cells.is_closed("转办")
