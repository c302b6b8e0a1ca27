"""Closed cases that resemble a text, and how they ended: only such as the person may see."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from zhike.complaints import queries
from zhike.complaints.models import Complaint, Step
from zhike.kernel.parties.scope import Scope
from zhike.kernel.search import alike

from . import grams

PAIRS = 60  # asked of the index, taken evenly from the text
CANDIDATES = 400
SHOWN = 5
LEAST_ALIKE = 0.12  # of 1; below it two texts share no more than the usual words


@dataclass(frozen=True)
class Similar:
    complaint: Complaint
    alike: int  # per cent
    days: int
    outcome: str


def similar(
    scope: Scope, text: str, *, key: str, besides: int | None = None, limit: int = SHOWN
) -> list[Similar]:
    """The most similar closed cases of the same regulation, the most similar first. Four statements."""
    wanted = alike.pairs_of(text[: grams.MOST_CHARACTERS])
    ids = alike.newest_alike(scope, _some(wanted), Complaint._meta.label, limit=CANDIDATES)
    rows = queries.complaints(scope).filter(manual__key=key, closed_at__isnull=False, voided_at=None)
    texts = dict(rows.filter(pk__in=[pk for pk in ids if pk != besides]).values_list("pk", "text"))
    best = sorted(_measured(wanted, texts), reverse=True)[:limit]
    found = {row.pk: row for row in rows.filter(pk__in=[pk for _alike, pk in best])}
    outcomes = _outcomes(list(found))
    return [
        Similar(found[pk], round(100 * measure), _days(found[pk]), outcomes.get(pk, ""))
        for measure, pk in best
        if pk in found
    ]


def _some(pairs: set[str]) -> list[str]:
    """At most PAIRS of them, always the same for the same text."""
    ordered = sorted(pairs)
    step = max(1, math.ceil(len(ordered) / PAIRS))
    return ordered[::step]


def _measured(wanted: set[str], texts: dict[int, str]) -> list[tuple[float, int]]:
    """Cosine of the pairs, rare ones among the candidates weighing more; those alike enough.

    Pairs that no candidate has are left out: a text is not less like its likes for a name that nobody else has.
    """
    pairs = {pk: alike.pairs_of(text[: grams.MOST_CHARACTERS]) for pk, text in texts.items()}
    cases = Counter(pair for own in pairs.values() for pair in own)
    weight = {pair: math.log((2 + len(texts)) / (1 + cases[pair])) + 0.1 for pair in cases}
    length = math.sqrt(math.fsum(weight[pair] ** 2 for pair in wanted & weight.keys()))
    found = []
    for pk, own in pairs.items():
        shared = math.fsum(weight[pair] ** 2 for pair in own & wanted)
        whole = length * math.sqrt(math.fsum(weight[pair] ** 2 for pair in own))
        if whole and shared / whole >= LEAST_ALIKE:
            found.append((shared / whole, pk))
    return found


def _outcomes(ids: list[int]) -> dict[int, str]:
    """What was written down as the solution of each, or else in its last step."""
    found: dict[int, str] = {}
    solved: set[int] = set()
    for complaint, kind, text in (
        Step.objects.filter(complaint__in=ids).order_by("at", "id").values_list("complaint", "kind", "text")
    ):
        if kind == "solution" or complaint not in solved:
            found[complaint] = text
        if kind == "solution":
            solved.add(complaint)
    return found


def _days(complaint: Complaint) -> int:
    """Days from registration to closing, begun ones counted."""
    assert complaint.closed_at is not None
    return max(1, math.ceil((complaint.closed_at - complaint.opened_at).total_seconds() / 86_400))
