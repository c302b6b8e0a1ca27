"""Dividing labelled rows into parts: every class in every part as evenly as it goes, the same text in one part."""

from __future__ import annotations

from typing import Any

SEED = 20260922


def divided(numbers: Any, groups: Any, parts: int, seed: int = SEED) -> Any:
    """The part of every row. `numbers` are classes, `groups` are texts: rows of one text stay together."""
    import numpy as np

    _names, first, group, sizes = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    label = numbers[first]  # of a text with two labels, the first
    dice = np.random.default_rng(seed)
    shuffled = dice.permutation(len(first))
    order = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    of_class = np.zeros((int(numbers.max()) + 1, parts), dtype=np.int64)
    whole = np.zeros(parts, dtype=np.int64)
    part = np.empty(len(first), dtype=np.int64)
    for one in order:
        here = of_class[label[one]]
        # the part with the fewest of the class, of these the smallest
        place = min(range(parts), key=lambda at: (here[at], whole[at], at))
        part[one] = place
        here[place] += sizes[one]
        whole[place] += sizes[one]
    return part[group]
