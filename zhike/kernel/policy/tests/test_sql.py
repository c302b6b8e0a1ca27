import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import F

from zhike.kernel.parties.tree import plant
from zhike.kernel.policy import tags
from zhike.kernel.policy.evaluate.deciding import CannotDecide
from zhike.kernel.policy.models import Installation, ManualVersion, TagBit
from zhike.kernel.policy.questions import Enum, Fact, Money, Question
from zhike.kernel.policy.sql import Asked, NotInSql, compare, passes, rows, rows_by_sql, rows_in_python

from .random_tables import FACTS, LISTS
from .sql_cases import KEY, Sample, asked, give_places, make_table, stored
from .texts import decision, manual, params, words

TODAY = dt.date(2025, 1, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _table(db):
    make_table()


def put(*cases, **columns):
    """Cases by label, or rows by column."""
    places = give_places()
    made = [stored(case, places) for case in cases] or [Sample(**columns)]
    Sample.objects.bulk_create(made)
    return Sample.objects.order_by("pk")


def table(header, *lines, hit="首行", more=""):
    found = manual(LISTS + more + decision(f"{header} | → 谁", *lines, hit=hit), front=FACTS)
    assert found.errors == ()
    return found


def answers(found, queryset, question=None, **more):
    """The rows by SQL, and that Python gives the same."""
    question = question or asked()
    by_sql = rows_by_sql(found, "表", question, queryset, TODAY, KEY, **more)
    expected = list(by_sql.order_by("pk").values_list("ruling_row", flat=True))
    in_python = rows_in_python(found, "表", question, queryset, TODAY, KEY, **more)
    assert [row for _, row in sorted(in_python)] == expected
    return expected


# --- the null rule


def test_not_is_false_for_an_unknown_value():
    found = table("词", "not(甲) | 高")

    assert answers(found, put({"词": None}, {"词": "甲"}, {"词": "乙"})) == [0, 0, 1]


def test_an_empty_text_is_an_unknown_value():
    cases = put({"词": ""}, {"词": "乙"})

    assert answers(table("词", "not(甲) | 高"), cases) == [0, 1]
    assert answers(table("词", "未知 | 高"), cases) == [1, 0]
    assert answers(table("词", "!= 甲 | 高"), cases) == [0, 1]


def test_unknown_in_a_list_accepts_both():
    found = table("数", "> 30、未知 | 高")

    assert answers(found, put({"数": None}, {"数": 30}, {"数": 31})) == [1, 0, 1]


def test_a_set_is_never_unknown_only_empty():
    queryset = put(bits=None)

    assert answers(table("集", "无 | 高"), queryset) == [1]
    assert answers(table("集", "not(红) | 高"), queryset) == [1]
    assert answers(table("集", "有 | 高"), queryset) == [0]


# --- the shape of the statement


def test_a_row_of_dashes_takes_the_rest_and_cuts_what_follows():
    found = table("数", "> 5 | 高", "- | 中", "> 7 | 低")

    assert answers(found, put({"数": 8}, {"数": 1}, {"数": None})) == [1, 2, 2]
    sql = str(rows_by_sql(found, "表", asked(), Sample.objects.all(), TODAY, KEY).query)
    assert sql.count("WHEN") == 1


def test_a_table_of_dashes_alone_is_answered():
    assert answers(table("数", "- | 高"), put({"数": 8})) == [1]


def test_the_highest_outcome_wins_whatever_the_order_of_the_rows():
    found = table("数", "> 1 | 低", "> 2 | 高", "> 3 | 中", hit="最高")

    assert answers(found, put({"数": 1}, {"数": 2}, {"数": 3}, {"数": 9})) == [0, 1, 2, 2]


def test_a_table_that_collects_gives_the_mask_of_all_hits():
    found = table("数", "> 1 | 低", "- | 高", "> 3 | 中", hit="收集")

    assert answers(found, put({"数": 1}, {"数": 2}, {"数": 9})) == [0b010, 0b011, 0b111]


def test_one_statement_answers_all_cases(django_assert_num_queries):
    queryset = put(*({"数": number} for number in range(30)))
    found = table("数、集".replace("、", " | "), "> 5 | 红 | 高", "- | 有 | 中", "- | - | 低")

    with django_assert_num_queries(2):  # the places of the words, the cases
        list(rows_by_sql(found, "表", asked(), queryset, TODAY, KEY).values_list("ruling_row"))


def test_large_tables_are_read_without_compiling_the_statement(django_assert_max_num_queries):
    found = table("数", *(f"= {number} | 高" for number in range(101)))
    queryset = put({"数": 100}, {"数": 7}, {"数": 300})

    with django_assert_max_num_queries(20) as statements:
        given = dict(rows(found, "表", asked(), queryset, TODAY, KEY))
    quiet = [each for each in statements.captured_queries if "jit" in each["sql"]]

    assert list(given.values()) == [101, 8, 0]
    # off for this statement, and back for what follows in the transaction
    assert len(quiet) == (2 if connection.vendor == "postgresql" else 0)


def test_tables_beyond_two_hundred_rows_are_worked_through_in_python():
    found = table("数", *(f"= {number} | 高" for number in range(201)))
    queryset = put({"数": 200}, {"数": 500})

    with_sql = rows_by_sql(found, "表", asked(), queryset, TODAY, KEY)

    assert list(dict(rows(found, "表", asked(), queryset, TODAY, KEY)).values()) == [201, 0]
    assert list(with_sql.values_list("ruling_row", flat=True)) == [201, 0]


# --- figures


def test_both_sides_of_a_threshold_of_money():
    found = table("钱", "[500元..0.2万) | 高")
    money = [Decimal(figure) for figure in ("499.99", "500", "1999.99", "2000")]

    assert answers(found, put(*({"钱": figure} for figure in money))) == [0, 1, 1, 0]


def test_a_threshold_finer_than_the_column_is_not_rounded():
    found = table("钱", ">= 499.995 | 高")

    assert answers(found, put({"钱": Decimal("499.99")}, {"钱": Decimal("500")})) == [0, 1]


def test_a_threshold_beyond_the_column_is_no_error():
    found = table("钱", "< 9999999999999 | 高")

    assert answers(found, put({"钱": Decimal("999999999999.99")})) == [1]


def test_a_whole_number_is_compared_with_a_fraction_exactly():
    found = manual(LISTS + decision("数 | → 谁", "> 2.5 | 高"), front=FACTS.replace("数: int", "数: number"))

    assert answers(found, put({"数": 2}, {"数": 3})) == [0, 1]


def test_figures_of_fifteen_digits_are_told_apart():
    found = table("钱", "> 999999999999.98 | 高")
    money = [Decimal("999999999999.98"), Decimal("999999999999.99")]

    assert answers(found, put(*({"钱": figure} for figure in money))) == [0, 1]


def test_longer_figures_are_refused_on_sqlite_and_exact_on_postgresql():
    found = table("钱", "> 100000000000000000 | 高")
    longer = asked(钱=F("long"))
    put(long=Decimal("100000000000000000.0001"))

    if connection.vendor == "sqlite":
        with pytest.raises(NotInSql, match="15"):
            rows_by_sql(found, "表", longer, Sample.objects.all(), TODAY, KEY)
        with pytest.raises(NotInSql, match="15"):
            rows_by_sql(found, "表", asked(), Sample.objects.all(), TODAY, KEY)
    else:
        assert answers(found, Sample.objects.all(), longer) == [1]


def test_a_column_of_floats_is_refused():
    with pytest.raises(NotInSql, match="浮点"):
        rows_by_sql(table("钱", "> 1 | 高"), "表", asked(钱=F("ratio")), Sample.objects.all(), TODAY, KEY)


# --- days


def test_a_period_is_a_day_of_the_calendar_and_ends_with_the_month():
    found = table("到", "<= 1个月 | 高")  # 31 January and a month: 28 February
    days = [dt.date(2025, 2, 28), dt.date(2025, 3, 1)]

    assert answers(found, put(*({"到": day} for day in days))) == [1, 0]


def test_an_event_of_the_evening_belongs_to_its_own_day():
    found = table("日", "<= 2025-01-31 | 高")
    zone = ZoneInfo("Asia/Shanghai")
    evening = dt.datetime(2025, 1, 31, 23, 30, tzinfo=zone)
    queryset = put(at=evening)
    Sample.objects.create(at=evening + dt.timedelta(minutes=30))

    assert answers(found, queryset, asked(日=F("at")), zone=zone) == [1, 0]


# --- sets


def test_places_are_the_stored_ones_and_not_the_order_of_the_list():
    queryset = put({"集": {"蓝"}}, {"集": {"红", "绿"}})

    assert TagBit.objects.get(code="蓝").bit == 1
    assert answers(table("集", "蓝 | 高", "全有(红, 绿) | 中"), queryset) == [1, 2]


def test_a_word_without_a_place_is_in_no_stored_set():
    """A draft may have a word that no published version had."""
    put({"集": {"红"}})
    TagBit.objects.filter(code="黄").delete()
    queryset = Sample.objects.all()

    assert answers(table("集", "黄 | 高"), queryset) == [0]
    assert answers(table("集", "全有(红, 黄) | 高"), queryset) == [0]
    assert answers(table("集", "not(黄) | 高"), queryset) == [1]
    assert answers(table("集", "红、黄 | 高"), queryset) == [1]


def test_the_sixty_third_place_fits():
    tags.give_places(KEY, "集表", [f"词{number}" for number in range(62)])
    tags.give_places(KEY, "集表", ["红"])
    Sample.objects.bulk_create([Sample(bits=1 << 62), Sample(bits=1)])

    assert answers(table("集", "红 | 高", "有 | 中"), Sample.objects.order_by("pk")) == [1, 2]


def test_no_word_gets_a_sixty_fourth_place():
    tags.give_places(KEY, "集表", [f"词{number}" for number in range(63)])

    with pytest.raises(tags.TooManyTags):
        tags.give_places(KEY, "集表", ["红"])

    assert TagBit.objects.count() == 63


def test_words_keep_their_places_for_ever():
    first = tags.give_places(KEY, "集表", ["红", "黄"])
    second = tags.give_places(KEY, "集表", ["蓝", "黄"])

    assert (first, second) == ({"红": 0, "黄": 1}, {"红": 0, "黄": 1, "蓝": 2})
    assert tags.mask(KEY, "集表", ["红", "蓝"], version_id=1) == 0b101
    with pytest.raises(KeyError):
        tags.mask(KEY, "集表", ["绿"], version_id=1)


# --- chained tables, derived facts


CHAIN = (
    words("级表", "甲级", "乙级")
    + "@判定 定级 命中=首行\n\n| 钱 | → 级 | 条款 |\n|---|---|---|\n"
    + "| >= 500 | 甲级 | 一 |\n| < 100 | - | 一 |\n| - | 乙级 | 一 |\n\n"
)


def test_an_earlier_outcome_is_an_input_further_down():
    found = table("级 | 数", "甲级 | > 1 | 高", "not(甲级) | - | 中", "未知 | - | 低", more=CHAIN)
    money = [(600, 2), (600, 1), (200, 2), (50, 2)]

    assert answers(found, put(*({"钱": Decimal(m), "数": n} for m, n in money))) == [1, 0, 2, 3]


def test_a_fact_that_the_case_has_goes_before_the_earlier_outcome():
    found = table("级", "甲级 | 高", "乙级 | 中", more=CHAIN)
    question = Question(
        "t",
        facts=[
            Fact("value", Money, zh="钱", column=F("money")),
            Fact("grade", Enum("级表"), zh="级", column=F("word")),
        ],
    )
    queryset = put({"钱": Decimal(600), "词": "乙级"}, {"钱": Decimal(600)})

    assert answers(found, queryset, question) == [2, 1]


def test_derived_facts_are_worked_out_in_python():
    derived = "@推算 算\n\n| 名称 | 算式 | 条款 |\n|---|---|---|\n| 比 | 钱 ÷ 数 | 一 |\n\n"
    found = table("比", ">= 1.15 | 高", more=derived)
    queryset = put({"钱": Decimal("115"), "数": 100}, {"钱": Decimal("114.99"), "数": 100}, {"数": 0})

    with pytest.raises(NotInSql, match="推算"):
        rows_by_sql(found, "表", asked(), queryset, TODAY, KEY)

    assert list(dict(rows(found, "表", asked(), queryset, TODAY, KEY)).values()) == [1, 0, 0]


def test_facts_without_a_column_are_read_from_each_row():
    question = Question("t", facts=[Fact("n", Money, zh="钱", read=lambda row: row.money)])
    found = table("钱", ">= 500 | 高")
    queryset = put({"钱": Decimal(500)}, {"钱": None})

    with pytest.raises(NotInSql, match="没有可以成批读取的列"):
        rows_by_sql(found, "表", question, queryset, TODAY, KEY)

    assert list(dict(rows(found, "表", question, queryset, TODAY, KEY)).values()) == [1, 0]


def test_a_table_with_errors_is_not_executed():
    found = manual(LISTS + decision("钱 | → 谁", "五百 | 高"), front=FACTS)

    with pytest.raises(CannotDecide):
        rows_by_sql(found, "表", asked(), Sample.objects.all(), TODAY, KEY)


# --- comparing versions


def version(start: str):
    return table("钱", f">= {start} | 高", "- | 低", hit="首行")


def cases_of_two_units():
    Sample.objects.bulk_create(
        Sample(money=Decimal(money), unit_id=unit)
        for unit, figures in ((1, (100, 1500, 1999, 2000)), (2, (1600, None)))
        for money in figures
        if money is not None
    )


def both(old, new):
    return [Asked(each, "表", asked(), TODAY, KEY) for each in (old, new)]


def test_compare_groups_by_outcome_before_and_after_and_unit_in_one_statement(django_assert_num_queries):
    cases_of_two_units()
    old, new = both(version("2000"), version("1500"))

    # PostgreSQL is told before and after, within a savepoint, how to plan it
    with django_assert_num_queries(5 if connection.vendor == "postgresql" else 1):
        changes = compare(old, new, Sample.objects.all())

    moved = [(change.before, change.after, change.unit, change.count) for change in changes if change.moves]
    assert moved == [((("低",),), (("高",),), 1, 2), ((("低",),), (("高",),), 2, 1)]
    newest = Sample.objects.get(unit_id=1, money=1999)
    assert next(change for change in changes if change.moves).examples == [newest.pk]
    assert sum(change.count for change in changes) == Sample.objects.count()


def test_compare_counts_the_same_outcome_by_another_row_apart():
    cases_of_two_units()
    old = version("2000")
    new = table("钱", ">= 2000 | 高", ">= 1500 | 低", "- | 低")

    changes = compare(*both(old, new), Sample.objects.all())

    assert [change.moves for change in changes] == [False, False, False]
    assert sum(change.other_row for change in changes) == 3


def test_compare_says_when_there_was_no_row():
    Sample.objects.create(money=Decimal(5))
    old, new = table("钱", "> 10 | 高"), table("钱", "> 1 | 高")

    (change,) = compare(*both(old, new), Sample.objects.all())

    assert (change.before, change.after, change.count) == (None, (("高",),), 1)


def test_compare_in_python_gives_the_same():
    cases_of_two_units()
    derived = "@推算 算\n\n| 名称 | 算式 | 条款 |\n|---|---|---|\n| 倍 | 钱 × 2 | 一 |\n\n"
    old, new = both(version("2000"), table("倍", ">= 3000 | 高", "- | 低", more=derived))
    plain = compare(*both(version("2000"), version("1500")), Sample.objects.all())

    changes = compare(old, new, Sample.objects.all())

    assert [(c.before, c.after, c.unit, c.count, c.examples) for c in changes if c.moves] == [
        (c.before, c.after, c.unit, c.count, c.examples) for c in plain if c.moves
    ]


def test_units_with_equal_values_are_evaluated_together():
    text = (
        "---\nmanual: t\ntitle: 试\nversion: 1\n---\n\n# 试\n\n## 一、条\n\n"
        + params("起点 | 2000元 | [1500..2500]")
        + LISTS
        + decision("钱 | → 谁", ">= 起点 | 高", "- | 低")
    )
    stamp = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    row = ManualVersion.objects.create(
        key="t",
        title="试",
        number=1,
        text=text,
        digest="",
        state="PUBLISHED",
        effective_on=TODAY,
        published_at=stamp,
    )
    top = plant(name="总", code="top")
    units = [plant(name=f"店{n}", code=f"u{n}", parent=top) for n in range(4)]
    for unit, values in ((top, {}), (units[1], {"起点": "1500元"}), (units[3], {"起点": "1500元"})):
        adopted = Installation.objects.create(unit=unit, key="t", installed_at=stamp)
        adopted.values.create(effective_on=TODAY, parameters=values, set_at=stamp)
    Sample.objects.bulk_create(Sample(money=Decimal(1700), unit_id=unit.pk) for unit in units)

    found = passes(row, [unit.pk for unit in units], TODAY)

    assert [each.units for each in found] == [(units[0].pk, units[2].pk), (units[1].pk, units[3].pk)]
    rulings = {}
    for each in found:
        queryset = Sample.objects.filter(unit_id__in=each.units)
        asked_rows = rows_by_sql(each.manual, "表", asked(), queryset, TODAY, "t")
        rulings.update(asked_rows.values_list("unit_id", "ruling_row"))
    assert [rulings[unit.pk] for unit in units] == [2, 1, 2, 1]
