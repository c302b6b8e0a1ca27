"""Analysis of tables against the plain reading of every cell at every point; wording of findings."""

import random
from decimal import Decimal
from itertools import product

import pytest

from zhike.kernel.policy.check import analyse, tables
from zhike.kernel.policy.check.regions import region
from zhike.kernel.policy.check.sweep import Budget, gaps, overlaps, shadows
from zhike.kernel.policy.check.tables import prepare
from zhike.kernel.policy.manual.model import (
    FactSpec,
    Finding,
    HasTags,
    Hit,
    Kind,
    Level,
    Operand,
    TagsEmpty,
    TagsPresent,
)
from zhike.kernel.policy.manual.values import amount

from .builders import (
    ANY,
    BOOL,
    COUNT,
    DAY,
    ENUM,
    FACTS,
    MONEY,
    OPEN,
    RATIO,
    TAGS,
    VALUES,
    between,
    cmp,
    eq,
    holds,
    manual,
    non,
    random_rows,
    table,
    words,
)

MERCHANT = FactSpec("货值", Kind.MONEY, minimum=Decimal(0))


def says(made, level=None):
    return [found.message for found in analyse(manual(made)) if level in (None, found.level)]


def inside(where, facts, point):
    values = dict(zip((fact.key for fact in facts), point, strict=True))
    return all(any(holds(test, values[one.fact.key]) for test in one.any_of) for one in where.conditions)


@pytest.mark.parametrize("seed", range(80))
def test_gaps_shadows_and_overlaps_agree_with_every_point(seed):
    rng = random.Random(seed)
    facts = rng.sample(FACTS, 3)
    rows = random_rows(facts, rng.randint(1, 6), rng)
    hit = rng.choice((Hit.FIRST, Hit.HIGHEST))
    ready = prepare(table(facts, rows, hit, outcomes=("A", "B", "C")), {})
    points = list(product(*(VALUES[fact.key] for fact in facts)))
    matching = [{p for p in points if all(map(holds, tests, p))} for *tests, _ in rows]

    holes = [region(ready.space, box) for box in gaps(ready.boxes, ready.space.hard, Budget(), 500)]
    hidden = shadows(ready.boxes, ready.sound, Budget())
    pairs = {(a, b) for a, b, _ in overlaps(ready.boxes)}

    uncovered = set(points) - set().union(*matching)
    assert {p for p in points if any(inside(hole, facts, p) for hole in holes)} == uncovered
    order = sorted(range(len(rows)), key=lambda n: rows[n][-1]) if hit is Hit.HIGHEST else range(len(rows))
    before, expected, empty = set(), set(), set()
    for n in order:
        if not matching[n]:
            empty.add(n)
        elif matching[n] <= before:
            expected.add(n)
        before |= matching[n]
    assert (set(hidden.hidden), set(hidden.empty)) == (expected, empty)
    assert pairs == {(a, b) for b in range(len(rows)) for a in range(b) if matching[a] & matching[b]}


def test_a_gap_names_only_the_columns_that_matter():
    made = table([MONEY, ENUM], [(cmp(">=", 500), ANY, "A"), (ANY, eq("甲", "乙", "丙"), "B")])

    assert analyse(manual(made)) == [
        Finding(8, 0, Level.GAP, "表", "没有规定 —— 货值 [0..500) 或 未知，且 被投诉人 未知")
    ]


def test_a_third_offence_that_no_row_names_is_a_gap_on_both_sides_of_the_threshold():
    fault = FactSpec("过失", Kind.ENUM, words=words("置投诉于不顾", "被投诉属实"))
    rows = [
        (eq("置投诉于不顾"), eq(1), "警告"),
        (eq("置投诉于不顾"), eq(2), "记大过"),
        (eq("置投诉于不顾"), eq(3), "辞退"),
        (eq("被投诉属实"), eq(1), "无"),
        (eq("被投诉属实"), eq(2), "行政警告"),
    ]

    assert says(table([fault, COUNT], rows, Hit.UNIQUE)) == [
        "没有规定 —— 过失 被投诉属实，且 次数 ≥3",
        "没有规定 —— 次数 >3",
    ]
    rows[2] = (eq("置投诉于不顾"), cmp(">=", 3), "辞退")
    rows[4] = (eq("被投诉属实"), cmp(">=", 2), "行政警告")
    assert says(table([fault, COUNT], rows, Hit.UNIQUE)) == []


def test_a_set_is_named_last_and_shortened():
    many = FactSpec("情形", Kind.TAGS, words=words(*"甲乙丙丁戊"))
    made = table([many, MERCHANT], [(TagsPresent(), ANY, "A"), (ANY, cmp(">=", 500), "B")])

    assert says(made) == ["没有规定 —— 货值 [0..500)，且 情形不含“甲、乙”等5项"]


def test_what_a_gap_has_of_a_set_is_named():
    made = table([TAGS], [(TagsEmpty(), "A"), (HasTags(("毒", "吵")), "B")])

    assert says(made) == ["没有规定 —— 情形含“伤”，且 情形不含“毒、吵”"]


@pytest.mark.parametrize(
    ("fact", "test", "text"),
    [
        (MERCHANT, between(0, 500), "货值 ≥500"),
        (MERCHANT, cmp(">", 500), "货值 [0..500]"),
        (MERCHANT, non(500), "货值 500"),
        (MERCHANT, between(100, 500), "货值 [0..100) 或 ≥500"),
        (MONEY, cmp(">=", 0), "货值 未知"),
        (MONEY, eq(None), "货值 已知"),
        (RATIO, cmp(">=", -1), "偏差 <-1"),
        (RATIO, cmp(">", -1), "偏差 ≤-1"),
        (COUNT, cmp(">", 3), "次数 [1..3]"),
        (COUNT, cmp(">=", 2), "次数 1"),
        (BOOL, eq(True), "重大 否/未知"),
        (BOOL, eq(None), "重大 是/否"),
        (OPEN, eq("高"), "档次 低/其他"),
        (OPEN, eq("高", "低"), "档次 其他"),
        (ENUM, non("甲"), "被投诉人 甲/未知"),
        (DAY, cmp("<", VALUES["日期"][3]), "日期 ≥2025-01-01 或 未知"),
    ],
)
def test_what_one_row_leaves_open_is_said_in_the_words_of_the_column(fact, test, text):
    assert says(table([fact], [(test, "A")])) == [f"没有规定 —— {text}"]


def test_figures_are_written_as_the_column_writes_them():
    ratio = FactSpec("偏差", Kind.NUMBER)
    made = table([ratio], [(cmp(">", Decimal("0.15")), "A")])
    percent = Operand(Decimal("0.15"), "15%")
    cell = made.rows[0].tests[0]
    object.__setattr__(cell.test.items[0], "operand", percent)

    assert says(made) == ["没有规定 —— 偏差 ≤15%"]


def test_many_words_are_said_by_what_they_leave_out():
    place = FactSpec("地点", Kind.ENUM, words=words(*"一二三四五六七"))

    assert says(table([place], [(eq("一"), "A")])) == ["没有规定 —— 地点 “一”以外"]
    assert says(table([place], [(eq("一", "二"), "A")])) == ["没有规定 —— 地点 三/四/五/六/七"]


def test_a_row_hidden_by_one_with_the_same_outcome_may_go():
    rows = [(cmp(">=", 500), "A"), (cmp(">=", 2000), "A"), (ANY, "B")]

    assert analyse(manual(table([MERCHANT], rows, notes=(3,))))[0] == Finding(
        12, 0, Level.WARNING, "表", "第2行永远轮不到：已被第1行盖住(结论相同，可删)"
    )


def test_a_row_hidden_by_several_names_them_and_only_them():
    rows = [(eq(1), "A"), (eq(2), "B"), (cmp(">=", 3), "C"), (cmp("<=", 2), "B"), (ANY, "D")]

    assert says(table([COUNT], rows), Level.WARNING) == [
        "第4行永远轮不到：已被第1、2行合起来盖住",
        "第5行永远轮不到：已被第1、2、3行合起来盖住",
    ]


def test_under_highest_the_rank_decides_what_hides_what():
    rows = [(cmp(">=", 500), "低"), (cmp(">=", 100), "高"), (cmp("<", 100), "低")]

    assert says(table([MERCHANT], rows, Hit.HIGHEST, outcomes=("高", "低"))) == [
        "第1行永远轮不到：已被第2行盖住"
    ]
    assert says(table([MERCHANT], rows, Hit.FIRST, outcomes=("高", "低"))) == []


def test_rows_that_overlap_are_an_error_only_under_unique():
    rows = [(cmp(">=", 500), "A"), (between(0, 800), "B")]

    assert analyse(manual(table([MERCHANT], rows, Hit.UNIQUE))) == [
        Finding(12, 0, Level.ERROR, "表", "第2行与第1行重叠 —— 货值 [500..800)")
    ]
    assert says(table([MERCHANT], rows, Hit.FIRST)) == []


def test_a_condition_that_nothing_meets_makes_its_row_unreachable_under_every_hit():
    rows = [(cmp("<", 0), "A"), (ANY, "B")]

    for hit in Hit:
        found = says(table([MERCHANT], rows, hit), Level.WARNING)
        assert found == ["第1行永远轮不到：没有任何值能符合它的条件"]


def test_collect_tables_may_be_silent_and_hide_nothing():
    rows = [(cmp(">=", 500), "A"), (cmp(">=", 500), "A")]

    assert says(table([MERCHANT], rows, Hit.COLLECT)) == []


def test_a_row_that_could_not_be_read_accuses_nobody():
    rows = [(None, eq("甲"), "A"), (cmp(">=", 500), eq("乙", "丙"), "B")]
    fact = FactSpec("被投诉人", Kind.ENUM, words=words("甲", "乙", "丙"))

    assert says(table([MERCHANT, fact], rows, Hit.UNIQUE)) == ["没有规定 —— 货值 [0..500)，且 被投诉人 乙/丙"]
    rows.append((cmp(">=", 0), eq("甲"), "C"))
    assert says(table([MERCHANT, fact], rows, Hit.FIRST), Level.WARNING) == []


def test_a_row_marked_otherwise_is_reported_with_what_falls_into_it():
    rows = [(cmp(">=", 2000), ANY, "店长"), (ANY, eq("甲"), "经理"), (ANY, ANY, "主管")]
    made = table([MONEY, ENUM], rows, Hit.FIRST, notes=(3,))

    assert analyse(manual(made)) == [
        Finding(
            13, 0, Level.INFO, "表", "落入“其余”(第3行) —— 货值 [0..2000) 或 未知，且 被投诉人 乙/丙/未知"
        )
    ]


def test_an_unmarked_catch_all_row_is_pointed_out():
    rows = [(cmp(">=", 2000), "店长"), (ANY, "主管")]

    assert analyse(manual(table([MONEY], rows))) == [
        Finding(12, 0, Level.INFO, "表", "第2行全是“-”，遗漏不再报告；若是有意的，请在说明列写“其余”")
    ]


def test_an_inferred_fact_may_be_something_else_but_that_is_no_gap():
    inferred = FactSpec("品类", Kind.ENUM, words=words("生鲜", "百货"), inferred=True)
    rows = [(eq("生鲜"), "A"), (eq("百货"), "B")]

    assert says(table([inferred], rows)) == []
    assert says(table([inferred], [*rows, (ANY, "C")], notes=(3,))) == []


def test_periods_without_a_fixed_order_are_refused():
    until = FactSpec("预计成交", Kind.UNTIL, optional=True)
    days = [Operand(amount(text), text) for text in ("30天", "1个月")]
    rows = [(cmp("<=", 0), "A"), (cmp("<=", 0), "B")]
    made = table([until], rows)
    for row, one in zip(made.rows, days, strict=True):
        object.__setattr__(row.tests[0].test.items[0], "operand", one)

    assert analyse(manual(made)) == [
        Finding(8, 0, Level.ERROR, "表", "“1个月”和“30天”谁长不一定，不能写在同一列")
    ]


def test_periods_that_can_be_ordered_are_cut_like_figures():
    until = FactSpec("预计成交", Kind.UNTIL, optional=True)
    made = table([until], [(between(0, 1, False, True), "A"), (cmp("<=", 0), "B")])
    low, high = (Operand(amount(text), text) for text in ("1周", "1个月"))
    interval = made.rows[0].tests[0].test.items[0]
    object.__setattr__(interval, "low", low)
    object.__setattr__(interval, "high", high)
    object.__setattr__(made.rows[1].tests[0].test.items[0], "operand", low)

    assert says(made) == ["没有规定 —— 预计成交 >1个月 或 未知"]


def test_more_gaps_than_can_be_read_are_counted_off():
    facts = [FactSpec(f"列{n}", Kind.ENUM, words=words(*"一二三四五")) for n in range(2)]
    rows = [(eq(word), non(word), "A") for word in "一二三四五"]

    assert len(says(table(facts, rows, Hit.UNIQUE), Level.GAP)) == 5
    wide = [FactSpec(f"列{n}", Kind.ENUM, words=words(*(str(k) for k in range(30)))) for n in range(2)]
    rows = [(eq(str(k)), non(str(k)), "A") for k in range(30)]
    found = says(table(wide, rows, Hit.UNIQUE), Level.GAP)
    assert (len(found), found[-1]) == (21, "没有规定的情形不止以上20处")


def test_a_table_that_is_too_complicated_says_so_and_nothing_else(monkeypatch):
    monkeypatch.setattr(tables, "Budget", lambda: Budget(3))
    rows = [(eq(n), eq(*"甲乙丙"[n % 3]), cmp(">", n), "A") for n in range(1, 6)]

    assert [(found.level, found.message) for found in analyse(manual(table([COUNT, ENUM, MONEY], rows)))] == [
        (Level.WARNING, "未能判定有没有遗漏：表太复杂，查了100000个状态仍无结论")
    ]


def test_too_many_alternatives_in_one_row_are_not_decided():
    sets = [FactSpec(f"列{n}", Kind.TAGS, words=words(*(str(k) for k in range(20)))) for n in range(3)]
    made = table(sets, [(TagsPresent(), TagsPresent(), TagsPresent(), "A")])

    assert says(made) == ["未能判定有没有遗漏、重叠或轮不到的行：表太复杂，查了100000个状态仍无结论"]


def test_two_columns_of_one_fact_must_hold_together():
    rows = [(cmp(">=", 500), cmp("<", 800), "A"), (cmp("<", 500), ANY, "B"), (cmp(">", 5), cmp("<", 3), "C")]

    assert says(table([MERCHANT, MERCHANT], rows)) == [
        "没有规定 —— 货值 ≥800",
        "第3行永远轮不到：没有任何值能符合它的条件",
    ]


def test_an_impossible_row_of_a_unique_table_is_reported_too():
    assert says(table([MERCHANT], [(cmp("<", 0), "A"), (cmp(">=", 0), "B")], Hit.UNIQUE)) == [
        "第1行永远轮不到：没有任何值能符合它的条件"
    ]


def test_overlaps_beyond_what_can_be_read_are_counted():
    found = says(table([MERCHANT], [(ANY, "A")] * 7, Hit.UNIQUE))

    assert (len(found), found[0], found[-1]) == (
        21,
        "另有1处重叠",
        "第7行与第5行重叠(结论相同) —— 任何情况",
    )


def test_an_otherwise_row_under_unique_overlaps_the_others():
    made = table([MERCHANT], [(cmp(">=", 500), "A"), (ANY, "B")], Hit.UNIQUE, notes=(2,))

    assert says(made) == ["第2行与第1行重叠 —— 货值 ≥500", "落入“其余”(第2行) —— 货值 [0..500)"]


def test_an_otherwise_row_that_nothing_can_meet_takes_in_nothing():
    made = table([MERCHANT], [(cmp("<", 0), "A"), (ANY, "B")], notes=(1, 2))

    assert says(made, Level.INFO) == ["落入“其余”(第2行) —— 任何情况"]


def test_whether_rows_are_hidden_may_be_undecided_where_gaps_are_not(monkeypatch):
    rows = [(eq(n), eq("甲乙丙"[n % 3]), cmp(">", n), "A") for n in range(1, 6)]
    rows += [(ANY, ANY, ANY, "B"), (cmp("<=", 4), ANY, cmp("<", 3), "C")]
    budgets = iter((Budget(), Budget(0), Budget(0)))
    monkeypatch.setattr(tables, "Budget", lambda: next(budgets))
    rows[5] = (ANY, ANY, cmp(">=", 0), "B")

    assert "未能判定第6行能不能轮到：表太复杂，查了100000个状态仍无结论" in says(
        table([COUNT, ENUM, MONEY], rows), Level.WARNING
    )


def test_what_falls_into_an_otherwise_row_may_be_undecided(monkeypatch):
    rows = [(eq(n), eq("甲乙丙"[n % 3]), cmp(">", n), "A") for n in range(1, 6)]
    budgets = iter((Budget(), Budget(), Budget(0)))
    monkeypatch.setattr(tables, "Budget", lambda: next(budgets))

    assert says(table([COUNT, ENUM, MONEY], [*rows, (ANY, ANY, ANY, "B")], notes=(6,)), Level.WARNING) == [
        "未能判定哪些情形落入第6行：表太复杂，查了100000个状态仍无结论"
    ]


def test_a_missing_vocabulary_is_taken_for_an_open_one():
    nothing = FactSpec("级别", Kind.ENUM, vocabulary="级别")

    assert says(table([nothing], [(ANY, "A")])) == []


def test_tags_outside_the_list_are_told_apart_where_there_may_be_any():
    loose = FactSpec("情形", Kind.TAGS, words=words("毒"), others=True)

    assert says(table([loose], [(TagsEmpty(), "A"), (HasTags(("毒",)), "B")])) == [
        "没有规定 —— 情形含“其他”，且 情形不含“毒”"
    ]


def test_a_question_that_needs_no_answer_has_no_gaps():
    from dataclasses import replace

    made = table([MERCHANT], [(cmp(">=", 500), "A"), (ANY, "B")])

    assert says(replace(made, required=False)) == []
    assert says(replace(made, rows=made.rows[:1], required=False)) == []


def test_figures_in_ten_thousands_stay_as_written():
    made = table([MERCHANT], [(cmp(">=", Decimal(30000000)), "A")])
    object.__setattr__(made.rows[0].tests[0].test.items[0], "operand", Operand(Decimal(30000000), "3000万元"))

    assert says(made) == ["没有规定 —— 货值 [0..3000万)"]
