"""The compiled table and a plain interpreter of its cells agree on random tables and random cases."""

from hypothesis import given, settings
from hypothesis import strategies as st

from zhike.kernel.policy.evaluate.program import Program

from .naive import matching, winning
from .random_tables import CASES, CELLS, FACTS, HEADER, LISTS, TODAY
from .texts import decision, errors, manual


@settings(max_examples=80, deadline=None)
@given(
    st.lists(CELLS, min_size=1, max_size=6),
    st.lists(CASES, min_size=5, max_size=15),
    st.sampled_from(["首行", "最高", "收集"]),
)
def test_compiled_tables_equal_a_plain_reading_of_their_cells(rows, cases, hit):
    body = decision(HEADER, *(" | ".join(row) for row in rows), hit=hit)
    found = manual(LISTS + body, front=FACTS)
    assert errors(found) == []
    table = found.decisions[0]

    ruler = Program(table).bind(TODAY)

    for case in cases:
        assert ruler.every_of(case.get) == matching(table, case, TODAY)
        assert ruler.first_of(case.get) == winning(table, case, TODAY)
