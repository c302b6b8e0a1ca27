"""The job: learn from the closed cases of a regulation, and take what was learned unless it is clearly worse."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhike.kernel.audit import trail
from zhike.kernel.parties.models import Party

from . import cases, evaluating, learning
from .models import SuggestModel, SuggestToken

MOST_TOKENS = 60_000  # of a stored model
State = SuggestModel.State


def train(
    *, key: str, by: Party | None, now: dt.datetime, take: bool = False, again: bool = False
) -> SuggestModel | None:
    """Learn, evaluate and store; None where nothing is new since the last training (unless `again`).

    A model whose macro-F1 lies below that of the one in use by more than the spread of either over the folds is
    kept back, unless `take`: the better one stays in use.
    """
    texts, labels, digest = cases.newest_cases(key)
    last = SuggestModel.objects.filter(key=key).order_by("-number").first()
    if last is not None and last.learned_from == digest and not again:
        return None
    terms = cases.terms_of(key)
    row = SuggestModel(
        key=key,
        at=now,
        by=by,
        cases=len(texts),
        classes=len(set(labels)),
        wanted=terms.least,
        learned_from=digest,
    )
    try:
        if len(texts) < terms.least:
            raise evaluating.CannotEvaluate(
                "too_few", rows=len(texts), classes=row.classes, least=terms.least
            )
        data = evaluating.labelled(texts, labels)
        found = evaluating.evaluate(data, most=MOST_TOKENS)
    except evaluating.CannotEvaluate as reason:
        return _keep_reason(row, reason)
    import numpy as np

    every = np.arange(len(data.texts))
    way = learning.best_way(found.counts, every, data.numbers, data.groups, MOST_TOKENS)
    trained = learning.fit(found.counts, every, data.numbers, way, MOST_TOKENS)
    head = learning.head_of(trained, data.labels, found.temperature, found.shift)
    threshold, answered, right = evaluating.threshold_of(found.sure, terms.target)
    row.cases, row.classes = len(data.texts), len(data.labels)
    row.macro_f1, row.macro_f1_std = found.figures["macro_f1"], found.figures["macro_f1_std"]
    row.figures = found.figures | {
        "target": terms.target,
        "answered": round(answered, 4),
        "right": round(right, 4),
        "tokens": len(trained.vectoriser.kept),
    }
    row.labels, row.bias, row.shift = list(head.labels), list(head.bias), list(head.shift)
    row.temperature, row.longest, row.threshold = head.temperature, head.longest, threshold
    return _store(row, learning.rows_of(trained, found.counts), take=take)


@transaction.atomic
def _keep_reason(row: SuggestModel, reason: evaluating.CannotEvaluate) -> SuggestModel:
    """Say why there is no model; of such rows the newest is enough."""
    row.state = State.TOO_LITTLE
    row.figures = {"why": reason.code, "values": reason.values}
    row.number = _next_number(row.key)
    SuggestModel.objects.filter(key=row.key, state=State.TOO_LITTLE).delete()
    row.save()
    return row


@transaction.atomic
def _store(row: SuggestModel, tokens: list[tuple[str, bytes]], *, take: bool) -> SuggestModel:
    """Put the model into use in the place of the old one, or keep it back. Two at once: one of them fails."""
    row.number = _next_number(row.key)
    old = SuggestModel.objects.select_for_update().filter(key=row.key, state=State.IN_USE).first()
    if old is not None and not take and clearly_worse(row, old):
        row.state = State.WORSE
        row.figures["instead_of"] = {"number": old.number, "macro_f1": old.macro_f1}
        row.save()
        _record(row)
        return row
    if old is not None:
        SuggestModel.objects.filter(pk=old.pk, state=State.IN_USE).update(state=State.REPLACED)
        SuggestToken.objects.filter(model=old).delete()
    row.state = State.IN_USE
    row.save()
    for part in _parts(tokens, 2000):
        SuggestToken.objects.bulk_create(
            [SuggestToken(model=row, token=token, weights=weights) for token, weights in part]
        )
    _record(row)
    return row


def clearly_worse(new: SuggestModel, old: SuggestModel) -> bool:
    """Below by more than chance moves the figure: the larger of the two spreads over the folds."""
    spread = max(new.macro_f1_std or 0, old.macro_f1_std or 0)
    return (new.macro_f1 or 0) < (old.macro_f1 or 0) - spread


def _next_number(key: str) -> int:
    return (SuggestModel.objects.filter(key=key).aggregate(most=Max("number"))["most"] or 0) + 1


def _record(row: SuggestModel) -> None:
    trail.record(
        "complaints.suggestions_trained",
        subject=row,
        by=row.by,
        at=row.at,
        after={
            "manual": row.key,
            "number": row.number,
            "state": row.state,
            "cases": row.cases,
            "macro_f1": row.macro_f1,
        },
    )


def _parts(rows: list[Any], size: int) -> list[list[Any]]:
    return [rows[at : at + size] for at in range(0, len(rows), size)]
