"""Both sides of every threshold of relative time, in both languages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhike.ui import parts, words

from .cast import NOW

SPANS = [
    (0, "under 1 min", "不足 1 分"),
    (59, "under 1 min", "不足 1 分"),
    (60, "1 min", "1 分"),
    (3_599, "59 min", "59 分"),
    (3_600, "1 h", "1 小时"),
    (3_600 + 59, "1 h", "1 小时"),
    (3_600 + 300, "1 h 05 min", "1 小时 05 分"),
    (2 * 3_600 + 14 * 60, "2 h 14 min", "2 小时 14 分"),
    (10 * 3_600 - 1, "9 h 59 min", "9 小时 59 分"),
    (10 * 3_600 + 1_800, "10 h", "10 小时"),
    (86_399, "23 h", "23 小时"),
    (86_400, "1 d", "1 天"),
    (10 * 86_400 - 1, "9 d", "9 天"),
]


@pytest.mark.parametrize(("seconds", "text", "_chinese"), SPANS)
@pytest.mark.usefixtures("english")
def test_span_in_english(seconds: int, text: str, _chinese: str) -> None:
    assert words.span(dt.timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("seconds", "_english", "text"), SPANS)
@pytest.mark.usefixtures("chinese")
def test_span_in_chinese(seconds: int, _english: str, text: str) -> None:
    assert words.span(dt.timedelta(seconds=seconds)) == text


@pytest.mark.usefixtures("english")
def test_span_never_runs_backwards() -> None:
    assert words.span(dt.timedelta(seconds=-5)) == "under 1 min"


MOMENTS = [
    (dt.timedelta(), "today 14:20"),
    (dt.timedelta(hours=9, minutes=39), "today 23:59"),
    (dt.timedelta(hours=9, minutes=40), "tomorrow 00:00"),
    (-dt.timedelta(hours=14, minutes=20), "today 00:00"),
    (-dt.timedelta(hours=14, minutes=21), "yesterday 23:59"),
    (-dt.timedelta(days=2), "09-26 14:20"),
    (dt.timedelta(days=2), "09-30 14:20"),
    (dt.timedelta(days=94), "12-31 14:20"),
    (dt.timedelta(days=95), "2027-01-01"),
    (-dt.timedelta(days=271), "2025-12-31"),
]


@pytest.mark.parametrize(("away", "text"), MOMENTS)
@pytest.mark.usefixtures("english")
def test_moment_is_relative_near_and_absolute_far(away: dt.timedelta, text: str) -> None:
    assert words.moment(NOW + away, NOW) == text


@pytest.mark.usefixtures("chinese")
def test_moment_in_chinese_names_today_and_the_weekday() -> None:
    assert words.moment(NOW, NOW) == "今天 14:20"
    assert words.moment_full(NOW) == "2026-09-28 周一 14:20"


@pytest.mark.usefixtures("english")
def test_moment_is_read_where_the_reader_is_and_not_in_utc() -> None:
    late_evening_in_utc = dt.datetime(2026, 9, 27, 17, 0, tzinfo=dt.UTC)

    assert words.moment(late_evening_in_utc, NOW) == "today 01:00"


@pytest.mark.usefixtures("english")
def test_nothing_is_a_dash_and_not_a_zero() -> None:
    assert (words.moment(None, NOW), words.money(None), words.money(0)) == ("—", "—", "0.00")


def test_money_has_two_decimals_and_thousands_apart() -> None:
    assert words.money(Decimal("12345678.9")) == "12,345,678.90"


@pytest.mark.usefixtures("chinese")
def test_counts_stop_above_ten_thousand() -> None:
    assert [words.capped(number) for number in (9_999, 10_000, 10_001)] == ["9,999", "10,000", "1万+"]


ONE = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("due", "more", "state", "text"),
    [
        (None, {}, "none", "no time limit"),
        (NOW + HOUR, {}, "run", "1 h left"),
        (NOW, {}, "run", "under 1 min left"),
        (NOW - ONE, {}, "late", "overdue under 1 min"),
        (NOW - 2 * HOUR, {}, "late", "overdue 2 h"),
        (NOW, {"done_at": NOW}, "met", "on time"),
        (NOW, {"done_at": NOW + ONE}, "late", "under 1 min late"),
        (NOW, {"done_at": NOW + 9 * dt.timedelta(minutes=1)}, "late", "9 min late"),
        (NOW - HOUR, {"paused_at": NOW - HOUR}, "pause", "paused 1 h"),
        (None, {"paused_at": NOW - HOUR, "remaining": 2 * HOUR}, "pause", "paused · 2 h left"),
        (NOW + 9 * 24 * HOUR, {"working_days": 5}, "run", "5 working days left"),
        (NOW + 24 * HOUR, {"working_days": 1}, "run", "1 working day left"),
        (NOW + HOUR, {"working_days": 0}, "run", "1 h left"),
    ],
)
@pytest.mark.usefixtures("english")
def test_deadline_shows_the_five_states(due: dt.datetime | None, more: dict, state: str, text: str) -> None:
    shown = words.deadline(due, NOW, **more)

    assert (shown.state, shown.text) == (state, text)


@pytest.mark.usefixtures("english")
def test_a_badge_carries_icon_word_full_moment_and_datetime() -> None:
    badge = parts.due_badge(NOW + HOUR, NOW, absolute=True)

    assert badge == (
        '<time class="zk-due is-run" datetime="2026-09-28T15:20:00+08:00" title="due 2026-09-28 Mon 15:20" data-tick>'
        '<i class="ti ti-clock " aria-hidden="true"></i><span>1 h left</span></time>'
        '<span class="zk-abs">today 15:20</span>'
    )


@pytest.mark.usefixtures("english")
def test_only_what_changes_with_time_ticks() -> None:
    assert words.deadline(NOW + HOUR, NOW).tick
    assert words.deadline(NOW - HOUR, NOW).tick
    assert not words.deadline(NOW, NOW, done_at=NOW).tick
    assert not words.deadline(None, NOW, paused_at=NOW).tick


def test_parts_escape_what_people_typed() -> None:
    nasty = '<script>alert("x")</script>'

    for html in (
        parts.clause(nasty, nasty, title=nasty),
        parts.status(nasty),
        parts.tag(nasty),
        parts.avatar(nasty),
        parts.person(nasty),
        parts.copyable(nasty),
        parts.cut(nasty),
        parts.log_line(
            NOW, NOW, title=nasty, url=nasty, number=nasty, kind=nasty, mark=nasty, mark_kind=nasty
        ),
    ):
        assert "<script" not in html


@pytest.mark.parametrize(
    ("url", "number", "told"),
    [
        ("/c/1/", "", '<a href="/c/1/">Milk</a>'),
        ("/c/1/", "TS-1", '<a href="/c/1/">TS-1</a> Milk'),
        ("", "O-1", "O-1 Milk"),
        ("", "", "Milk"),
    ],
)
def test_a_line_of_a_log_is_a_link_where_it_leads_somewhere(url: str, number: str, told: str) -> None:
    line = parts.log_line(
        NOW, NOW, title="Milk", url=url, number=number, kind="met", mark="Kept", mark_kind="met"
    )

    assert line.startswith('<li class="is-met"><time ')
    words_of_it = " ".join(line.partition("</time>")[2].split())
    assert words_of_it == f'{told} · <span class="zk-status is-met">Kept</span></li>'
