"""The meaning of a change against the plain reading at every point; wording."""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from zhike.kernel.policy.check import changed_tables, meaning
from zhike.kernel.policy.manual.model import FactSpec, HasTags, Hit, Kind

from .builders import (
    ANY,
    COUNT,
    ENUM,
    FACTS,
    MONEY,
    TAGS,
    VALUES,
    between,
    cmp,
    eq,
    holds,
    manual,
    random_rows,
    table,
    words,
)
from .test_tables import inside


def decided(rows, hit, point):
    order = sorted(rows, key=lambda row: row[-1]) if hit is Hit.HIGHEST else rows
    return next((row[-1] for row in order if all(map(holds, row[:-1], point))), None)


@pytest.mark.parametrize("seed", range(60))
def test_regions_are_exactly_the_points_that_are_decided_otherwise(seed):
    rng = random.Random(seed)
    facts = rng.sample(FACTS, 3)
    rows = random_rows(facts, rng.randint(1, 5), rng)
    changed = list(rows)
    for _ in range(rng.randint(1, 2)):
        changed[rng.randrange(len(changed))] = random_rows(facts, 1, rng)[0]
    hit = rng.choice((Hit.FIRST, Hit.HIGHEST))
    old, new = (manual(table(facts, some, hit, outcomes=("A", "B", "C"))) for some in (rows, changed))

    found = [change for one in changed_tables(old, new) for change in one.changes]

    for point in product(*(VALUES[fact.key] for fact in facts)):
        was, now = decided(rows, hit, point), decided(changed, hit, point)
        said = {
            (change.old and change.old["结论"], change.new and change.new["结论"])
            for change in found
            if inside(change.region, facts, point)
        }
        assert said == ({(was, now)} if was != now else set())


@pytest.mark.parametrize("seed", range(25))
def test_under_collect_each_outcome_is_compared_alone(seed):
    rng = random.Random(seed)
    facts = rng.sample(FACTS, 2)
    rows, changed = (random_rows(facts, rng.randint(1, 4), rng) for _ in range(2))
    old, new = (manual(table(facts, some, Hit.COLLECT)) for some in (rows, changed))

    found = [change for one in changed_tables(old, new) for change in one.changes]

    for point in product(*(VALUES[fact.key] for fact in facts)):
        was, now = ({row[-1] for row in some if all(map(holds, row[:-1], point))} for some in (rows, changed))
        here = [change for change in found if inside(change.region, facts, point)]
        assert {change.old["结论"] for change in here if change.new is None} == was - now
        assert {change.new["结论"] for change in here if change.old is None} == now - was


def test_a_lower_threshold_is_one_line():
    def version(limit):
        rows = [
            (cmp(">=", limit), ANY, "店长"),
            (ANY, HasTags(("毒",)), "店长"),
            (between(500, limit), ANY, "客服经理"),
        ]
        return manual(table([MONEY, TAGS], rows, Hit.HIGHEST, outcomes=("店长", "客服经理")))

    assert meaning(version(2000), version(1500)) == ["客服经理 → 店长: 货值 [1500..2000)，且 情形不含“毒”"]
    assert meaning(version(2000), version(2000)) == []


def test_a_row_taken_away_leaves_no_rule():
    old = manual(table([COUNT], [(eq(1), "警告"), (cmp(">=", 2), "辞退")]))
    new = manual(table([COUNT], [(eq(1), "警告"), (eq(2), "辞退")]))

    assert meaning(old, new) == ["辞退 → 没有规定: 次数 >2"]
    assert meaning(new, old) == ["没有规定 → 辞退: 次数 >2"]


def test_a_rewritten_table_that_decides_alike_says_so():
    old = manual(table([COUNT], [(eq(1), "A"), (cmp(">=", 2), "B")]))
    new = manual(table([COUNT], [(cmp(">=", 2), "B"), (cmp("<", 2), "A")]))

    assert meaning(old, new) == ["表：行有改动，但任何情形的结论都不变"]


def test_a_new_column_is_compared_over_the_columns_of_both():
    old = manual(table([COUNT], [(ANY, "A")]))
    new = manual(table([COUNT, ENUM], [(ANY, eq("甲"), "B"), (ANY, ANY, "A")]))

    assert meaning(old, new) == ["A → B: 被投诉人 甲", "表：新增条件列“被投诉人”"]


def test_a_fact_of_another_type_is_not_compared():
    text = FactSpec("次数", Kind.ENUM, words=words("一", "多"))
    old = manual(table([COUNT], [(eq(1), "A")]))
    new = manual(table([text], [(eq("一"), "A"), (eq("多"), "B")]))

    assert meaning(old, new) == ["表：未能判定变化的含义：“次数”的类型变了(整数 → 单选)"]
    assert changed_tables(old, new)[0].decided is False


def test_a_table_with_errors_is_not_compared():
    old = manual(table([COUNT], [(ANY, "A")]))
    new = manual(table([COUNT], [(None, "B"), (ANY, "A")]))

    assert meaning(old, new) == ["表：未能判定变化的含义：第1行有错"]


def test_two_changed_tables_are_told_apart():
    old = manual(*(table([COUNT], [(ANY, "A")], name=name) for name in ("甲", "乙")))
    new = manual(*(table([COUNT], [(ANY, "B")], name=name) for name in ("甲", "乙")))

    assert meaning(old, new) == ["甲：A → B: 任何情况", "乙：A → B: 任何情况"]


def test_only_the_outcome_columns_that_differ_are_named():
    def version(allowance):
        made = table([COUNT], [(ANY, "警告")])
        more = replace(made.outputs[0], label="当月津贴")
        cell = replace(
            made.rows[0].outcomes[0],
            value=replace(made.rows[0].outcomes[0].value, code=allowance, name=allowance),
        )
        rows = (replace(made.rows[0], outcomes=(made.rows[0].outcomes[0], cell)),)
        return manual(replace(made, outputs=(made.outputs[0], more), rows=rows))

    assert meaning(version("扣除"), version("不扣")) == ["当月津贴 扣除 → 不扣: 任何情况"]


def test_front_matter_is_compared_last():
    old = manual(table([COUNT], [(ANY, "A")]), version="3")
    new = manual(table([COUNT], [(ANY, "B")]), version="4", effective=dt.date(2026, 1, 1))

    assert meaning(old, new) == ["A → B: 任何情况", "版本：3 → 4", "生效日期：- → 2026-01-01"]


def test_an_unlike_minimum_is_merged_to_the_lower():
    low = replace(MONEY, minimum=Decimal(100))
    old = manual(table([MONEY], [(cmp("<", 200), "A"), (ANY, "B")]))
    new = manual(table([low], [(cmp("<", 300), "A"), (ANY, "B")]))

    assert meaning(old, new) == ["B → A: 货值 [200..300)"]


def test_more_changes_than_can_be_read_are_counted():
    facts = [FactSpec(f"列{n}", Kind.ENUM, words=words(*(str(k) for k in range(30)))) for n in range(2)]
    rows = [(eq(str(k)), eq(str(k)), "A") for k in range(30)]
    old, new = manual(table(facts, [(ANY, ANY, "B")])), manual(table(facts, [*rows, (ANY, ANY, "B")]))

    lines = meaning(old, new)

    assert len(lines) == 21
    assert lines[-1] == "表：另有10处结论有变"
    assert len(changed_tables(old, new)[0].changes) == 30
