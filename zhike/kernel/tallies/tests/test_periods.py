import datetime as dt

import pytest
from django.utils import translation

from zhike.kernel.tallies.periods import Kind, Period

ZONE = "Asia/Shanghai"


def days(period: Period) -> tuple[str, str]:
    return str(period.first), str(period.last)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        (Kind.WEEK, dt.date(2026, 11, 16), "2026-11-16", "2026-11-22"),
        (Kind.WEEK, dt.date(2026, 11, 22), "2026-11-16", "2026-11-22"),
        (Kind.WEEK, dt.date(2026, 1, 1), "2025-12-29", "2026-01-04"),
        (Kind.MONTH, dt.date(2024, 2, 29), "2024-02-01", "2024-02-29"),
        (Kind.MONTH, dt.date(2026, 12, 31), "2026-12-01", "2026-12-31"),
        (Kind.QUARTER, dt.date(2026, 3, 31), "2026-01-01", "2026-03-31"),
        (Kind.QUARTER, dt.date(2026, 10, 1), "2026-10-01", "2026-12-31"),
        (Kind.YEAR, dt.date(2026, 6, 1), "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_holds_its_day(kind, day, first, last):
    assert days(Period.around(kind, day, ZONE)) == (first, last)


@pytest.mark.parametrize(
    ("period", "before", "year_before"),
    [
        (
            Period.around(Kind.WEEK, dt.date(2026, 1, 1), ZONE),
            ("2025-12-22", "2025-12-28"),
            ("2024-12-30", "2025-01-05"),
        ),
        (
            Period.around(Kind.MONTH, dt.date(2026, 1, 5), ZONE),
            ("2025-12-01", "2025-12-31"),
            ("2025-01-01", "2025-01-31"),
        ),
        (
            Period.around(Kind.QUARTER, dt.date(2026, 1, 5), ZONE),
            ("2025-10-01", "2025-12-31"),
            ("2025-01-01", "2025-03-31"),
        ),
        (
            Period.around(Kind.YEAR, dt.date(2026, 1, 5), ZONE),
            ("2025-01-01", "2025-12-31"),
            ("2025-01-01", "2025-12-31"),
        ),
        (
            Period.of_days(dt.date(2024, 2, 29), dt.date(2024, 3, 2), ZONE),
            ("2024-02-26", "2024-02-28"),
            ("2023-03-01", "2023-03-02"),
        ),
    ],
)
def test_the_periods_to_compare_with(period, before, year_before):
    assert days(period.previous()) == before
    assert days(period.a_year_before()) == year_before


def test_a_period_is_half_open_in_its_own_zone():
    november = Period.around(Kind.MONTH, dt.date(2026, 11, 5), ZONE)

    assert november.begins_at == dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC)
    assert november.ends_at == dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)
    assert november.within("at") == {"at__gte": november.begins_at, "at__lt": november.ends_at}
    assert november.previous().ends_at == november.begins_at


def test_a_month_with_a_change_of_clocks_is_an_hour_short():
    march = Period.around(Kind.MONTH, dt.date(2026, 3, 5), "Europe/Berlin")

    length = march.ends_at.astimezone(dt.UTC) - march.begins_at.astimezone(dt.UTC)
    assert length == dt.timedelta(days=31) - dt.timedelta(hours=1)


def test_days_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="ends after"):
        Period.of_days(dt.date(2026, 11, 2), dt.date(2026, 11, 1), ZONE)
    assert days(Period.of_days(dt.date(2026, 11, 1), dt.date(2026, 11, 1), ZONE)) == (
        "2026-11-01",
        "2026-11-01",
    )
    with pytest.raises(ValueError, match="of_days"):
        Period.around(Kind.CUSTOM, dt.date(2026, 11, 2), ZONE)


def test_a_period_says_its_name_and_its_parameters():
    day = dt.date(2026, 11, 5)

    with translation.override("en"):
        names = [
            str(Period.around(kind, day, ZONE)) for kind in (Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.YEAR)
        ]

    assert names == ["2026-11-02 ~ 2026-11-08", "2026-11", "Quarter 4 of 2026", "Year 2026"]
    assert Period.around(Kind.MONTH, day, ZONE).params == {"from": "2026-11-01", "to": "2026-11-30"}
