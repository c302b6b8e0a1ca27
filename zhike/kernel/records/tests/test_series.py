"""Number series: the text of rules, periods, units, rollback, and takers at the same time."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from zhike.kernel.records import series
from zhike.kernel.records.models import Counter

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 9, 28, 10, 0, tzinfo=SHANGHAI)
RULE = "TS-{yyyy}{mm}-{seq:04}"


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ("TS-{yyyy}{mm}-{seq:04}", "TS-202609-0007"),
        ("{yy}{mm}{dd}{seq}", "2609287"),
        ("投诉〔{yyyy}〕{seq}号", "投诉〔2026〕7号"),
        ("{unit}-{seq:06}", "SC01-000007"),
        ("{seq:012}", "000000000007"),
    ],
)
def test_preview_fills_every_part(rule: str, number: str):
    assert series.preview(rule, now=MONDAY, tz=SHANGHAI, unit_code="SC01", seq=7) == number


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("TS-{yyyy}", "exactly once"),
        ("", "exactly once"),
        ("{seq}-{seq}", "exactly once"),
        ("{seq:00}", "unknown part {seq:00}"),
        ("{seq:013}", "unknown part {seq:013}"),
        ("{year}-{seq}", "unknown part {year}"),
        ("TS-{yyyy-{seq}", "brace without its partner"),
        ("TS-yyyy}-{seq}", "brace without its partner"),
        ("{mm}-{seq}", "a month needs its year"),
        ("{yyyy}{dd}-{seq}", "a day its month"),
        ("{yyyy}{yy}-{seq}", "same part twice"),
        ("{yyyy}{yyyy}-{seq}", "same part twice"),
        ("{unit}{seq:04}", "between {unit} and {seq}"),
        ("{unit}{yyyy}{seq:04}", "between {unit} and {seq}"),
        ("{seq}7{unit}", "between {unit} and {seq}"),
        ("a/{seq}", "a character that"),
        ("x" * 40 + "{seq}", "more than 40"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(rule: str, said: str, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(series.BadRule) as refusal:
        series.parse(rule)

    assert said in str(refusal.value)


def test_a_number_of_40_characters_is_taken_and_one_of_41_is_not():
    assert len(series.preview("x" * 39 + "{seq}", now=MONDAY, tz=SHANGHAI)) == 40
    with pytest.raises(series.BadRule):
        series.parse("x" * 40 + "{seq}")


@pytest.mark.django_db
def test_take_counts_from_one_and_starts_again_each_month_and_in_each_series():
    later = MONDAY.replace(month=10, day=1)

    taken = [series.take(RULE, key="a", now=MONDAY, tz=SHANGHAI) for _ in range(2)]
    taken.append(series.take(RULE, key="a", now=later, tz=SHANGHAI))
    taken.append(series.take(RULE, key="b", now=MONDAY, tz=SHANGHAI))

    assert taken == ["TS-202609-0001", "TS-202609-0002", "TS-202610-0001", "TS-202609-0001"]


@pytest.mark.django_db
def test_the_period_is_that_of_the_local_day():
    before = dt.datetime(2026, 9, 30, 15, 59, 59, tzinfo=dt.UTC)
    after = dt.datetime(2026, 9, 30, 16, 0, 0, tzinfo=dt.UTC)

    assert series.take(RULE, key="a", now=before, tz=SHANGHAI) == "TS-202609-0001"
    assert series.take(RULE, key="a", now=after, tz=SHANGHAI) == "TS-202610-0001"


@pytest.mark.django_db
def test_units_count_for_themselves_only_when_the_rule_names_them():
    def of(rule, unit):
        return series.take(rule, key="a", now=MONDAY, tz=SHANGHAI, unit_code=unit)

    assert [of("{unit}-{seq}", unit) for unit in ("A", "B", "A")] == ["A-1", "B-1", "A-2"]
    assert [of("N{seq}", unit) for unit in ("A", "B")] == ["N1", "N2"]
    with pytest.raises(series.BadNumber):
        of("{unit}-{seq}", "")


@pytest.mark.django_db
def test_a_number_too_long_is_refused_and_given_back():
    unit = "U" * 38

    assert series.take("{unit}-{seq}", key="a", now=MONDAY, tz=SHANGHAI, unit_code=unit) == unit + "-1"
    with pytest.raises(series.BadNumber), transaction.atomic():
        series.take("{unit}-{seq}", key="a", now=MONDAY, tz=SHANGHAI, unit_code=unit + "U")

    assert list(Counter.objects.values_list("unit_code", "last")) == [(unit, 1)]


@pytest.mark.django_db
def test_more_numbers_than_digits_go_on_with_one_digit_more():
    Counter.objects.create(series="a", period="2026-09", unit_code="", last=9999)

    assert series.take(RULE, key="a", now=MONDAY, tz=SHANGHAI) == "TS-202609-10000"


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_the_number_back():
    with transaction.atomic():
        series.take(RULE, key="a", now=MONDAY, tz=SHANGHAI)
    with transaction.atomic():
        assert series.take(RULE, key="a", now=MONDAY, tz=SHANGHAI) == "TS-202609-0002"
        transaction.set_rollback(True)

    with transaction.atomic():
        assert series.take(RULE, key="a", now=MONDAY, tz=SHANGHAI) == "TS-202609-0002"


@pytest.mark.django_db(transaction=True)
def test_a_number_is_not_taken_outside_a_transaction():
    with pytest.raises(TransactionManagementError):
        series.take(RULE, key="a", now=MONDAY, tz=SHANGHAI)

    assert Counter.objects.count() == 0


def _in_thread(count: int) -> list[str]:
    """Takes `count` numbers, rolling back after every third."""
    kept = []
    try:
        for turn in range(count):
            try:
                with transaction.atomic():
                    number = series.take(RULE, key="a", now=MONDAY, tz=SHANGHAI)
                    if turn % 3 == 2:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                continue
            kept.append(number)
    finally:
        connection.close()
    return kept


@pytest.mark.django_db(transaction=True)
def test_threads_take_every_number_once_without_gaps_though_some_roll_back():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection to a database in memory; the processes below do not")

    with ThreadPoolExecutor(6) as pool:
        taken = sorted(number for kept in pool.map(_in_thread, [15] * 6) for number in kept)

    assert taken == [f"TS-202609-{seq:04}" for seq in range(1, 61)]


_SCRIPT = """
import sys, django; django.setup()
from django.conf import settings
from django.db import connection, transaction
from zhike.kernel.records.tests.test_series import _in_thread
print(*_in_thread(15))
"""


@pytest.mark.django_db(transaction=True)
def test_processes_take_every_number_once_without_gaps_though_some_roll_back(tmp_path):
    environment = _own_database(tmp_path)
    make = "import django; django.setup()\nfrom django.core.management import call_command\n" + (
        "call_command('migrate', 'records', verbosity=0)"
    )
    if environment["kind"] == "sqlite":
        subprocess.run([sys.executable, "-c", make], env=environment["env"], check=True, timeout=60)

    running = [
        subprocess.Popen(
            [sys.executable, "-c", _SCRIPT], env=environment["env"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    taken = sorted(number for process in running for number in process.communicate(timeout=60)[0].split())

    assert taken == [f"TS-202609-{seq:04}" for seq in range(1, 41)]


def _own_database(folder) -> dict:
    """The environment of the takers: a file of their own on SQLite, the test database on PostgreSQL."""
    import os

    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "zhike.config.settings",
        "ZHIKE_VAR": str(folder),
        "ZHIKE_LOG": "ERROR",
    }
    if connection.vendor == "sqlite":
        env["DATABASE_URL"] = ""
        return {"kind": "sqlite", "env": env}
    at = connection.settings_dict
    env["DATABASE_URL"] = (
        f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST'].replace('/', '%2F')}:{at['PORT']}/{at['NAME']}"
    )
    return {"kind": "postgresql", "env": env}
