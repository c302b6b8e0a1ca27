"""The line about holidays and make-up days in the days ahead."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.kernel.worktime.ahead import ahead_words
from zhike.kernel.worktime.tests.calendars_for_tests import FACTORY_HOURS, a_calendar, every_day

MAINLAND = a_calendar(holidays="CN")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_holiday_and_the_saturday_worked_for_it():
    assert ahead_words(MAINLAND, day("2026-09-29"), "zh") == "10月1日至10月7日放假，10月10日(周六)上班"
    assert ahead_words(MAINLAND, day("2026-09-29"), "en") == "closed 1 Oct to 7 Oct; open 10 Oct (Sat)"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-09-06", ""),  # an ordinary fortnight; the 20th is the fifteenth day
        ("2026-09-07", "9月20日(周日)上班"),
        ("2026-10-05", "10月5日至10月7日放假，10月10日(周六)上班"),  # it has begun
        ("2026-10-08", "10月10日(周六)上班"),
        ("2026-10-11", ""),
    ],
)
def test_what_is_said_on_which_day(today, said):
    assert ahead_words(MAINLAND, day(today), "zh") == said


def test_a_closing_is_said_to_its_end_however_few_days_are_looked_ahead():
    assert ahead_words(MAINLAND, day("2026-09-30"), "zh", days=2).startswith("10月1日至10月7日放假")


def test_the_own_days_of_an_enterprise_count_and_a_weekly_day_off_does_not():
    calendar = a_calendar(
        closed={"2026-05-08": "盘点"}, open={"2026-05-09": FACTORY_HOURS, "2026-05-11": [["10:00", "15:00"]]}
    )
    assert ahead_words(calendar, day("2026-05-07"), "zh") == "5月8日放假，5月9日(周六)上班"
    assert ahead_words(a_calendar(week=every_day(FACTORY_HOURS)), day("2026-10-01"), "zh") == ""
