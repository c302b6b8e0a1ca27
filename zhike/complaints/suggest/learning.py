"""Training: a linear support vector machine, one against the rest, on tf-idf of character runs.

numpy, scipy and scikit-learn are imported inside the functions: only the job and the shell call them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import grams, linear

LONGEST = 3  # characters of a run; a way of learning may do with fewer
LEAST_CASES = 2  # of a token; what stood in one case only says nothing, and would point to it
MOST_TOKENS = 300_000
SEED = 20260922
SAMPLE = 6000  # rows on which the ways are compared


@dataclass(frozen=True)
class Way:
    """One way of learning: runs up to so many characters, how closely to fit, how much rare classes count."""

    longest: int
    closeness: float
    balance: float  # 0: every case counts the same, 1: every class does


# Tried on public Chinese headlines and reviews: docs/decisions/0015-suggestions.md
WAYS = (
    Way(2, 1.0, 1.0),
    Way(3, 1.0, 1.0),
    Way(2, 0.3, 1.0),
    Way(3, 0.3, 0.5),
)


class Counts:
    """How often every run stands in every text: made once, without a look at classes, for all folds."""

    def __init__(self, texts: Sequence[str], longest: int = LONGEST) -> None:
        import numpy as np
        from scipy import sparse

        places: dict[str, int] = {}
        columns: list[int] = []
        numbers: list[int] = []
        ends = [0]
        for text in texts:
            found = Counter(grams.runs(text, longest))
            columns += [places.setdefault(token, len(places)) for token in found]
            numbers += found.values()
            ends.append(len(columns))
        self.tokens = list(places)
        self.widths = np.fromiter(map(len, self.tokens), dtype=np.int8, count=len(self.tokens))
        values = 1 + np.log(np.asarray(numbers, dtype=np.float64))
        self.matrix = sparse.csr_matrix(
            (
                values.astype(np.float32),
                np.asarray(columns, dtype=np.int32),
                np.asarray(ends, dtype=np.int64),
            ),
            shape=(len(texts), len(self.tokens)),
        )


@dataclass
class Vectoriser:
    """Which tokens count and how much: learned from training rows only."""

    kept: Any  # columns of the counts
    idf: Any

    @classmethod
    def fit(cls, counts: Counts, rows: Any, longest: int, most: int) -> Vectoriser:
        import numpy as np

        part = counts.matrix[rows]
        cases = np.bincount(part.indices, minlength=part.shape[1])
        kept = np.flatnonzero((cases >= LEAST_CASES) & (counts.widths <= longest))
        if len(kept) > most:
            kept = np.sort(kept[np.argsort(-cases[kept], kind="stable")[:most]])
        idf = np.log((1 + len(rows)) / (1 + cases[kept])) + 1
        return cls(kept, idf.astype(np.float32))

    def transform(self, counts: Counts, rows: Any) -> Any:
        import numpy as np
        from scipy import sparse

        part = counts.matrix[rows][:, self.kept].multiply(self.idf).tocsr()
        squares = np.asarray(part.multiply(part).sum(axis=1)).ravel()
        length = np.sqrt(squares)
        length[length == 0] = 1
        return (sparse.diags(1 / length) @ part).tocsr().astype(np.float64)


@dataclass
class Trained:
    """A vectoriser with weights: one column for every class."""

    vectoriser: Vectoriser
    longest: int
    classes: Any  # numbers of the classes that stood in the training rows
    weights: Any  # classes x tokens
    bias: Any

    def scores(self, matrix: Any, classes: int) -> Any:
        """Rows x all classes; a class that was not in training can never come first."""
        import numpy as np

        found = np.full((matrix.shape[0], classes), -1e9)
        found[:, self.classes] = matrix @ self.weights.T + self.bias
        return found


def fit(counts: Counts, rows: Any, numbers: Any, way: Way, most: int = MOST_TOKENS) -> Trained:
    """Train on these rows; `numbers` are the classes of all rows. At least two classes must be among them."""
    import numpy as np
    from sklearn.svm import LinearSVC

    vectoriser = Vectoriser.fit(counts, rows, way.longest, most)
    matrix = vectoriser.transform(counts, rows)
    wanted = numbers[rows]
    classes, cases = np.unique(wanted, return_counts=True)
    weight = (cases.mean() / cases) ** way.balance
    machine = LinearSVC(
        C=way.closeness,
        class_weight=dict(zip(classes.tolist(), weight.tolist(), strict=True)),
        random_state=SEED,
    )
    machine.fit(matrix, wanted)
    weights, bias = machine.coef_, machine.intercept_
    if len(classes) == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Trained(vectoriser, way.longest, classes, weights, bias)


def best_way(counts: Counts, rows: Any, numbers: Any, groups: Any, most: int = MOST_TOKENS) -> Way:
    """The way with the best macro-F1 on a fifth of (a sample of) these rows, learned from the rest."""
    import numpy as np
    from sklearn.metrics import f1_score

    from .folds import divided

    dice = np.random.default_rng(SEED)
    if len(rows) > SAMPLE:
        rows = np.sort(dice.choice(rows, SAMPLE, replace=False))
    part = divided(numbers[rows], groups[rows], 5)
    learn, test = rows[part != 0], rows[part == 0]
    if len(test) == 0 or len(np.unique(numbers[learn])) < 2:
        return WAYS[0]
    best, way = -1.0, WAYS[0]
    for one in WAYS:
        trained = fit(counts, learn, numbers, one, most)
        scores = trained.scores(trained.vectoriser.transform(counts, test), int(numbers.max()) + 1)
        reached = f1_score(numbers[test], scores.argmax(axis=1), average="macro", zero_division=0)
        if reached > best:
            best, way = float(reached), one
    return way


def head_of(
    trained: Trained, labels: Sequence[str], temperature: float, shift: Sequence[float]
) -> linear.Head:
    return linear.Head(
        labels=[labels[number] for number in trained.classes],
        bias=[float(value) for value in trained.bias],
        temperature=temperature,
        shift=[shift[number] for number in trained.classes],
        longest=trained.longest,
    )


def rows_of(trained: Trained, counts: Counts) -> list[tuple[str, bytes]]:
    """The tokens with their packed rows, to be stored."""
    columns = trained.weights.T
    return [
        (counts.tokens[place], linear.packed(float(idf), columns[at]))
        for at, (place, idf) in enumerate(zip(trained.vectoriser.kept, trained.vectoriser.idf, strict=True))
    ]
