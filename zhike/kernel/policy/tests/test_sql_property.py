"""Decision tables in SQL and in Python give the same row for every case, on the engine of the test run."""

import os

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from zhike.kernel.policy.evaluate.program import Program
from zhike.kernel.policy.manual.model import Hit
from zhike.kernel.policy.sql import Asked, compare, rows_by_sql, rows_in_python
from zhike.kernel.policy.sql.compare import may_change

from .random_tables import CASES, CELLS, FACTS, LISTS, TODAY
from .sql_cases import KEY, Sample, asked, give_places, make_table, stored
from .texts import decision, errors, manual

# ZHIKE_TABLES=4000 for a long run
TABLES = int(os.environ.get("ZHIKE_TABLES", "60"))
_odd_words = st.sampled_from(["", "甲", "A", "a", "甲 "])


@pytest.fixture
def places(db):
    make_table()
    return give_places()


@settings(max_examples=TABLES, suppress_health_check=list(HealthCheck))
@given(
    st.lists(CELLS, min_size=1, max_size=6),
    st.lists(st.tuples(CASES, st.none() | _odd_words), min_size=5, max_size=25),
    st.sampled_from(["首行", "最高", "收集"]),
)
def test_sql_and_python_give_the_same_row(places, rows, cases, hit):
    body = decision("钱 | 数 | 词 | 真 | 到 | 日 | 集 | → 谁", *(" | ".join(row) for row in rows), hit=hit)
    found = manual(LISTS + body, front=FACTS)
    assert errors(found) == []
    table = found.decisions[0]
    facts = [case if odd is None else {**case, "词": odd} for case, odd in cases]
    Sample.objects.all().delete()
    Sample.objects.bulk_create([stored(case, places) for case in facts])

    ruler = Program(table).bind(TODAY)
    every = [ruler.every_of(case.get) for case in facts]
    if table.hit is Hit.COLLECT:
        expected = [sum(1 << (row - 1) for row in hits) for hits in every]
    else:
        expected = [ruler.first_of(case.get) for case in facts]

    by_sql = rows_by_sql(found, "表", asked(), Sample.objects.order_by("pk"), TODAY, KEY)
    assert list(by_sql.values_list("ruling_row", flat=True)) == expected
    in_chunks = rows_in_python(found, "表", asked(), Sample.objects.all(), TODAY, KEY)
    assert [row for _, row in sorted(in_chunks)] == expected


COLUMNS = "钱 | 数 | 词 | 真 | 到 | 日 | 集 | → 谁"


@settings(max_examples=TABLES, suppress_health_check=list(HealthCheck))
@given(
    st.lists(CELLS, min_size=1, max_size=5),
    st.lists(CELLS, min_size=1, max_size=2),
    st.integers(0, 4),
    st.lists(st.tuples(CASES, st.none() | _odd_words), min_size=5, max_size=25),
    st.sampled_from(["首行", "最高", "收集"]),
)
def test_asking_only_where_it_may_differ_gives_what_asking_everywhere_gives(
    places, kept, fresh, at, cases, hit
):
    """One row less and one or two rows more: regions of every shape, on cases of every kind."""
    changed = [*kept[:at], *fresh, *kept[at + 1 :]]
    old, new = (
        manual(LISTS + decision(COLUMNS, *(" | ".join(row) for row in rows), hit=hit), front=FACTS)
        for rows in (kept, changed)
    )
    facts = [case if odd is None else {**case, "词": odd} for case, odd in cases]
    Sample.objects.all().delete()
    Sample.objects.bulk_create([stored(case, places, unit_id=n % 3) for n, case in enumerate(facts)])
    before, after = (Asked(each, "表", asked(), TODAY, KEY) for each in (old, new))

    def found(**how):
        changes = compare(before, after, Sample.objects.all(), **how)
        return sorted(
            (str(c.before), str(c.after), c.unit, c.count, c.other_row, c.examples) for c in changes
        )

    assert found() == found(restricted=False)
    event(f"regions: {'not known' if (where := may_change(before, after)) is None else min(len(where), 5)}")
