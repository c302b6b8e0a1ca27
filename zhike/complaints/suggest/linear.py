"""A trained linear model at work, in pure Python: the web process loads no numerical library for a suggestion.

Of each token of the text the model has one row of floats: its inverse document frequency and its weight for every
class. Scores are tf-idf (sublinear, length one) times weights and say which class comes first; probabilities are
their softmax at the temperature, and with the shift of each class, that fitted the cross-validated scores best.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from . import grams

MOST_WORDS = 5
LONGEST_WORD = 8


@dataclass(frozen=True)
class Head:
    """A model without its tokens."""

    labels: Sequence[str]
    bias: Sequence[float]
    temperature: float
    shift: Sequence[float]
    longest: int  # characters of a run


@dataclass(frozen=True)
class Guess:
    label: str
    confidence: float  # 0..1


@dataclass(frozen=True)
class Opinion:
    """Every class, the likeliest first, and the pieces of the text itself that spoke for the first."""

    guesses: list[Guess]
    words: list[str]


def packed(idf: float, weights: Sequence[float]) -> bytes:
    return array("f", [idf, *weights]).tobytes()


def opinion(head: Head, text: str, rows_of: Callable[[Collection[str]], Mapping[str, bytes]]) -> Opinion:
    """What the model holds of a text; `rows_of` fetches the rows of tokens, once."""
    text = grams.folded(text)
    counts = Counter(grams.runs(text, head.longest))
    rows = {token: array("f", row) for token, row in rows_of(counts.keys()).items()} if counts else {}
    values = {token: (1 + math.log(counts[token])) * row[0] for token, row in rows.items()}
    length = math.sqrt(math.fsum(value * value for value in values.values())) or 1.0
    scores = list(head.bias)
    for token, value in values.items():
        part, row = value / length, rows[token]
        for at in range(len(scores)):
            scores[at] += part * row[at + 1]
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    chances = softmax(
        [score / head.temperature + shift for score, shift in zip(scores, head.shift, strict=True)]
    )
    guesses = [Guess(head.labels[at], chances[at]) for at in order]
    spoke = _spoke_for(order, {token: values[token] for token in values}, rows)
    return Opinion(guesses, _words(text, head.longest, spoke, counts))


def softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    whole = math.fsum(parts)
    return [part / whole for part in parts]


def _spoke_for(
    order: Sequence[int], values: Mapping[str, float], rows: Mapping[str, array[float]]
) -> dict[str, float]:
    """How much each token spoke for the first class rather than for the second."""
    if len(order) < 2:
        return {}
    first, second = order[0] + 1, order[1] + 1
    return {token: value * (rows[token][first] - rows[token][second]) for token, value in values.items()}


def _words(text: str, longest: int, spoke: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """The pieces of the text with the most weight: runs spread over their characters, neighbours joined.

    Pieces are cut out of this text and nowhere else, so they say nothing of another case.
    """
    weight = [0.0] * len(text)
    for start, end in grams.places(text, longest):
        token = text[start:end]
        share = spoke.get(token, 0.0) / counts[token] / (end - start)
        for at in range(start, end):
            weight[at] += share
    most = max(weight, default=0.0)
    if most <= 0:
        return []
    found: dict[str, float] = defaultdict(float)
    start = 0
    for at in range(len(text) + 1):
        if at < len(text) and weight[at] >= 0.3 * most and at - start < LONGEST_WORD and text[at].isalnum():
            continue
        piece = text[start:at].strip()
        if piece and piece != "0" * len(piece):
            found[piece] += math.fsum(weight[start:at])
        start = at + 1
    return sorted(found, key=lambda piece: -found[piece])[:MOST_WORDS]
