"""The sweep against exhaustive enumeration of all segments."""

import random
from itertools import product

import pytest

from zhike.kernel.policy.check.pairs import Ruled, differences
from zhike.kernel.policy.check.sweep import Budget, Undecided, bits, full, gaps, meet, overlaps, shadows


def random_boxes(rng, sizes, count):
    def mask(size):
        return (1 << size) - 1 if rng.random() < 0.35 else rng.randrange(1 << size)

    return [[tuple(mask(size) for size in sizes) for _ in range(rng.choice((1, 1, 2)))] for _ in range(count)]


def points_of(rows):
    return [{point for box in row for point in product(*map(list, map(bits, box)))} for row in rows]


def points_in(box):
    return set(product(*(bits(mask) for mask in box)))


@pytest.mark.parametrize("seed", range(60))
def test_gaps_cover_exactly_what_no_row_covers_and_are_maximal(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 5) for _ in range(3)]
    rows = random_boxes(rng, sizes, rng.randint(1, 8))
    covered = set().union(*points_of(rows))

    found = list(gaps(rows, full(sizes), Budget()))

    assert set().union(*map(points_in, found)) == points_in(full(sizes)) - covered
    for box in found:
        assert not points_in(box) & covered
        for dimension, size in enumerate(sizes):
            for segment in range(size):
                if not box[dimension] >> segment & 1:
                    wider = [*box[:dimension], box[dimension] | 1 << segment, *box[dimension + 1 :]]
                    assert points_in(wider) & covered


@pytest.mark.parametrize("seed", range(60))
def test_shadows_are_exactly_the_rows_without_a_point_of_their_own(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 5) for _ in range(3)]
    rows = random_boxes(rng, sizes, rng.randint(1, 9))
    order = rng.sample(range(len(rows)), len(rows))
    points = points_of(rows)

    found = shadows(rows, order, Budget())

    before, expected, empty = set(), [], []
    for number in order:
        if not points[number]:
            empty.append(number)
        elif points[number] <= before:
            expected.append(number)
        before |= points[number]
    assert sorted(found.hidden) == sorted(expected)
    assert sorted(found.empty) == sorted(empty)
    assert found.undecided == []
    for number, hiding in found.hidden.items():
        assert all(order.index(other) < order.index(number) for other in hiding)
        assert points[number] <= set().union(*(points[other] for other in hiding))


@pytest.mark.parametrize("seed", range(60))
def test_overlaps_are_exactly_the_pairs_with_a_common_point(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 5) for _ in range(3)]
    rows = random_boxes(rng, sizes, rng.randint(1, 8))
    points = points_of(rows)

    found = list(overlaps(rows))

    expected = {(a, b) for b in range(len(rows)) for a in range(b) if points[a] & points[b]}
    assert sorted((a, b) for a, b, _ in found) == sorted(expected)
    assert all(points_in(common) <= points[a] & points[b] for a, b, common in found)


@pytest.mark.parametrize("seed", range(60))
def test_differences_cover_exactly_the_points_that_are_decided_otherwise(seed):
    rng = random.Random(seed)
    sizes = [rng.randint(1, 4) for _ in range(3)]
    rows = [Ruled(boxes, rng.choice("AB")) for boxes in random_boxes(rng, sizes, rng.randint(1, 6))]
    changed = list(rows)
    for _ in range(rng.randint(1, 3)):
        edit = rng.choice(("drop", "add", "move"))
        if edit == "drop" and changed:
            changed.pop(rng.randrange(len(changed)))
        elif edit == "add":
            new = Ruled(random_boxes(rng, sizes, 1)[0], rng.choice("AB"))
            changed.insert(rng.randint(0, len(changed)), new)
        else:
            rng.shuffle(changed)

    found = list(differences(rows, changed, full(sizes), Budget()))

    def decided(table, point):
        hits = (row.outcome for row in table if any(point in points_in(box) for box in row.boxes))
        return next(hits, None)

    verdicts = {p: (decided(rows, p), decided(changed, p)) for p in points_in(full(sizes))}
    different = {point for point, (old, new) in verdicts.items() if old != new}
    assert set().union(*(points_in(one.box) for one in found)) == different
    for one in found:
        assert {verdicts[point] for point in points_in(one.box)} == {(one.old, one.new)}


def test_a_table_of_no_columns_has_a_gap_only_without_rows():
    assert list(gaps([], (), Budget())) == [()]
    assert list(gaps([[()]], (), Budget())) == []


def test_gaps_end_in_undecided_when_the_budget_is_used_up():
    rows = [[tuple(1 << (n >> d & 1) for d in range(6))] for n in range(64)]
    assert list(gaps(rows, full([2] * 6), Budget())) == []

    with pytest.raises(Undecided):
        list(gaps(rows, full([2] * 6), Budget(5)))


def test_shadows_name_the_rows_for_which_the_budget_did_not_suffice():
    rows = [[tuple(1 << (n >> d & 1) for d in range(6))] for n in range(64)] + [[full([2] * 6)]]

    assert shadows(rows, range(65), Budget()).hidden == {64: list(range(64))}
    assert shadows(rows, range(65), Budget(5)).undecided == [64]


def test_hard_clauses_stop_within_the_budget():
    rng = random.Random(3)
    rows = []
    for _ in range(258):
        box = [3] * 60
        for dimension in rng.sample(range(60), 3):
            box[dimension] = rng.choice((1, 2))
        rows.append([tuple(box)])
    budget = Budget(2_000)

    with pytest.raises(Undecided):
        list(gaps(rows, full([2] * 60), budget))

    assert budget.left == -1


def test_meet_of_separate_boxes_is_none():
    assert meet((1, 3), (2, 3)) is None
    assert meet((3, 1), (1, 3)) == (1, 1)
