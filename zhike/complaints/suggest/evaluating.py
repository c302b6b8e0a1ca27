"""Honest figures: stratified cross-validation in which nothing of a test row is known to its training.

Tokens, their weights, the way of learning and the temperature are found anew from the other rows of each fold.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from . import grams, learning
from .folds import SEED, divided

FOLDS = 5
LEAST_ROWS = 10
MOST_CONFUSED = 15
BINS = 10


class CannotEvaluate(Exception):
    """The rows do not allow an evaluation; the message is one of PROBLEMS."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass
class Labelled:
    """Rows that can be learned from: folded texts and the numbers of their classes."""

    texts: list[str]
    numbers: Any
    groups: Any
    labels: list[str]
    alone: dict[str, int]  # classes with a single text, which are left out, and their rows


def labelled(texts: Sequence[str], labels: Sequence[str]) -> Labelled:
    """Fold the texts and leave out classes of one text. Raises CannotEvaluate."""
    import numpy as np

    plain = [grams.folded(text) for text in texts]
    of_class: dict[str, set[str]] = defaultdict(set)
    for text, label in zip(plain, labels, strict=True):
        of_class[label].add(text)
    cases = Counter(labels)
    alone = {label: cases[label] for label, known in sorted(of_class.items()) if len(known) < 2}
    kept = [at for at, label in enumerate(labels) if label not in alone]
    names = sorted({labels[at] for at in kept})
    if len(cases) < 2:
        raise CannotEvaluate("one_class", label=next(iter(cases), ""))
    if len(names) < 2 or len(kept) < LEAST_ROWS:
        raise CannotEvaluate("too_few", rows=len(kept), classes=len(names), least=LEAST_ROWS)
    number = {name: at for at, name in enumerate(names)}
    places: dict[str, int] = {}
    return Labelled(
        texts=[plain[at] for at in kept],
        numbers=np.asarray([number[labels[at]] for at in kept]),
        groups=np.asarray([places.setdefault(plain[at], len(places)) for at in kept]),
        labels=names,
        alone=alone,
    )


@dataclass
class Evaluation:
    """Figures as they are printed and stored, and what the model in use takes from them."""

    figures: dict[str, Any]
    temperature: float
    shift: list[float]  # of every class, beside the temperature
    counts: learning.Counts
    sure: list[tuple[float, bool]]  # of every row: how sure, and whether right


def evaluate(
    data: Labelled,
    *,
    folds: int = FOLDS,
    seed: int = SEED,
    most: int = learning.MOST_TOKENS,
    threads: int = 2,
) -> Evaluation:
    """Cross-validate; `threads` folds at a time."""
    import numpy as np

    begun = time.monotonic()
    folds = min(folds, len(set(data.groups.tolist())))
    counts = learning.Counts(data.texts)
    fold = divided(data.numbers, data.groups, folds, seed)
    scores = np.empty((len(data.texts), len(data.labels)))

    def run(at: int) -> learning.Way:
        learn, test = np.flatnonzero(fold != at), np.flatnonzero(fold == at)
        if len(np.unique(data.numbers[learn])) < 2:
            raise CannotEvaluate("too_few", rows=len(learn), classes=1, least=LEAST_ROWS)
        way = learning.best_way(counts, learn, data.numbers, data.groups, most)
        trained = learning.fit(counts, learn, data.numbers, way, most)
        matrix = trained.vectoriser.transform(counts, test)
        scores[test] = trained.scores(matrix, len(data.labels))
        return way

    with ThreadPoolExecutor(threads) as pool:
        ways = list(pool.map(run, range(folds)))
    chances = np.empty_like(scores)
    for at in range(folds):  # a fold is calibrated by the others
        fitted = calibrated(scores[fold != at], data.numbers[fold != at])
        chances[fold == at] = chances_of(scores[fold == at], *fitted)
    temperature, shift = calibrated(scores, data.numbers)
    figures = {
        "rows": len(data.texts),
        "classes": len(data.labels),
        "folds": folds,
        "seed": seed,
        **_figures(data, fold, folds, scores, chances),
        "temperature": round(temperature, 4),
        "ways": [
            {"characters": way.longest, "C": way.closeness, "balance": way.balance, "folds": number}
            for way, number in Counter(ways).most_common()
        ],
        "same_text": len(data.texts) - len(set(data.groups.tolist())),
        "rare": _rare(data, folds),
        "left_out": [{"label": label, "rows": rows} for label, rows in data.alone.items()],
        "seconds": round(time.monotonic() - begun, 1),
    }
    first = scores.argmax(axis=1)
    sure = [
        (float(chances[at, number]), bool(number == data.numbers[at]))
        for at, number in enumerate(first.tolist())
    ]
    return Evaluation(figures, temperature, [float(value) for value in shift], counts, sure)


def _figures(data: Labelled, fold: Any, folds: int, scores: Any, chances: Any) -> dict[str, Any]:
    import numpy as np
    from sklearn.metrics import f1_score, precision_recall_fscore_support

    truth, said = data.numbers, scores.argmax(axis=1)
    every = list(range(len(data.labels)))
    precision, recall, f1, rows = precision_recall_fscore_support(truth, said, labels=every, zero_division=0)
    by_fold = [
        float(f1_score(truth[fold == at], said[fold == at], labels=np.unique(truth[fold == at]), average="macro", zero_division=0))
        for at in range(folds)
    ]  # fmt: skip
    order = np.argsort(-scores, axis=1, kind="stable")
    accuracy = float((said == truth).mean())
    return {
        "macro_f1": round(float(f1.mean()), 4),
        "macro_f1_std": round(float(np.std(by_fold)), 4),
        "macro_f1_by_fold": [round(value, 4) for value in by_fold],
        "micro_f1": round(accuracy, 4),
        "accuracy": round(accuracy, 4),
        "weighted_f1": round(float((f1 * rows).sum() / rows.sum()), 4),
        "top2_accuracy": round(_among(order, truth, 2), 4),
        "top3_accuracy": round(_among(order, truth, 3), 4),
        "expected_calibration_error": round(
            calibration_error(chances[np.arange(len(truth)), said], said == truth), 4
        ),
        "per_class": [
            {
                "label": label,
                "rows": int(rows[at]),
                "precision": round(float(precision[at]), 4),
                "recall": round(float(recall[at]), 4),
                "f1": round(float(f1[at]), 4),
            }
            for at, label in enumerate(data.labels)
        ],
        "confused": [
            {"label": data.labels[true], "taken_for": data.labels[wrong], "rows": number}
            for (true, wrong), number in Counter(
                (int(true), int(wrong)) for true, wrong in zip(truth, said, strict=True) if true != wrong
            ).most_common(MOST_CONFUSED)
        ],
    }


def _among(order: Any, truth: Any, first: int) -> float:
    return float((order[:, :first] == truth[:, None]).any(axis=1).mean())


def _rare(data: Labelled, folds: int) -> list[dict[str, Any]]:
    """Classes with fewer texts than folds: some folds have nothing of them to test."""
    texts = defaultdict(set)
    for number, group in zip(data.numbers.tolist(), data.groups.tolist(), strict=True):
        texts[number].add(group)
    return [
        {"label": data.labels[number], "texts": len(known)}
        for number, known in sorted(texts.items())
        if len(known) < folds
    ]


def _softmax(scores: Any) -> Any:
    import numpy as np

    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    return parts / parts.sum(axis=1, keepdims=True)


def chances_of(scores: Any, temperature: float, shift: Any) -> Any:
    return _softmax(_bounded(scores) / temperature + shift)


def calibrated(scores: Any, truth: Any) -> tuple[float, Any]:
    """The temperature, and a shift for every class, at which the softmax fits what was true best (least log-loss).

    Weighting rare classes makes the scores too bold about them; the shifts take that back for what is said of
    sureness, not for what is proposed. They are held near zero where a class has few rows.
    """
    import numpy as np
    from scipy.optimize import minimize

    scores = _bounded(scores)
    count = len(truth)
    hit = np.zeros_like(scores)
    hit[np.arange(count), truth] = 1

    def loss(given: Any) -> tuple[float, Any]:
        sharpness, shift = np.exp(given[0]), given[1:]
        chances = _softmax(scores * sharpness + shift)
        miss = (chances - hit) / count
        value = (
            -np.log(np.maximum(chances[np.arange(count), truth], 1e-12)).mean() + (shift**2).sum() / count / 2
        )
        slope = np.concatenate([[(miss * scores).sum() * sharpness], miss.sum(axis=0) + shift / count])
        return float(value), slope

    start = np.zeros(scores.shape[1] + 1)
    start[0] = 1.5
    bounds = [(-3.0, 5.0)] + [(-8.0, 8.0)] * scores.shape[1]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(np.exp(-found[0])), found[1:]


def _bounded(scores: Any) -> Any:
    """A class that was not in training has a score of minus a milliard, which would drown the rest."""
    import numpy as np

    return np.maximum(scores, -20.0)


def calibration_error(sure: Any, right: Any, bins: int = BINS) -> float:
    """Expected calibration error: the mean gap between how sure it was and how often it was right."""
    import numpy as np

    place = np.minimum((sure * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(sure[place == at].mean() - right[place == at].mean()) * (place == at).mean()
            for at in range(bins)
            if (place == at).any()
        )
    )


def threshold_of(sure: Sequence[tuple[float, bool]], target: float) -> tuple[float, float, float]:
    """How sure it has to be so that it is right as often as wanted: (threshold, share answered, share right).

    A threshold above 1 says that it never is. What is more likely wrong than right is never proposed.
    """
    best = (1.01, 0.0, 0.0)
    for threshold, answered, right in _falling(sure):
        if threshold >= 0.5 and right / answered >= target and answered >= LEAST_ROWS:
            best = (threshold, answered / len(sure), right / answered)
    return best


def _falling(sure: Sequence[tuple[float, bool]]) -> Iterator[tuple[float, int, int]]:
    """From the surest down: (confidence, rows so far, right ones so far), once for each confidence."""
    rows = sorted(sure, key=lambda row: -row[0])
    right = 0
    for number, (confidence, was_right) in enumerate(rows, 1):
        right += was_right
        if number == len(rows) or rows[number][0] < confidence:
            yield confidence, number, right
