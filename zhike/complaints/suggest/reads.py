"""What the pages ask: a proposal for a text, the models and their figures. No numerical library is loaded here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from zhike.complaints import questions
from zhike.complaints.regime import Regime
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy.models import ManualVersion

from . import linear
from .models import SuggestAnswer, SuggestModel, SuggestToken

LEAST_TEXT = 4  # characters before anything is proposed
HISTORY = 12


@dataclass(frozen=True)
class Proposal:
    """A class that the model holds likely for a text. `sure` False: it abstains, and nothing is offered."""

    model: SuggestModel
    code: str = ""
    label: str = ""
    per_cent: int = 0
    words: list[str] = field(default_factory=list)
    sure: bool = False
    others: list[tuple[str, int]] = field(default_factory=list)


def model_in_use(key: str) -> SuggestModel | None:
    return SuggestModel.objects.filter(key=key, state=SuggestModel.State.IN_USE).first()


def proposal(regime: Regime, text: str) -> Proposal | None:
    """What past cases under this regulation say of a text; None without a model or without text. Two statements.

    Only words that the regulation of the case knows are proposed.
    """
    if len(text.strip()) < LEAST_TEXT:
        return None
    model = model_in_use(regime.answer.version.key)
    if model is None:
        return None
    found = linear.opinion(_head(model), text, lambda tokens: _rows(model, tokens))
    labels = dict(regime.choices(questions.ITEMS))
    first, *rest = found.guesses
    sure = first.confidence >= model.threshold and first.label in labels and bool(found.words)
    if not sure:
        return Proposal(model)
    return Proposal(
        model,
        code=first.label,
        label=labels[first.label],
        per_cent=_per_cent(first.confidence),
        words=found.words,
        sure=True,
        others=[
            (labels[guess.label], _per_cent(guess.confidence))
            for guess in rest[:2]
            if guess.label in labels and guess.confidence >= 0.05
        ],
    )


def _per_cent(confidence: float) -> int:
    """Never a hundred: it is a guess."""
    return min(99, round(100 * confidence))


def _head(model: SuggestModel) -> linear.Head:
    return linear.Head(model.labels, model.bias, model.temperature, model.shift, model.longest)


def _rows(model: SuggestModel, tokens: Collection[str]) -> Mapping[str, bytes]:
    rows = SuggestToken.objects.filter(model=model, token__in=list(tokens)).values_list("token", "weights")
    return {token: bytes(weights) for token, weights in rows}


@dataclass
class Regulation:
    """One regulation on the page: its model, its trainings, how often people took what was proposed."""

    key: str
    title: str
    model: SuggestModel | None
    last: SuggestModel | None
    history: list[SuggestModel]
    classes: list[dict[str, Any]] = field(default_factory=list)
    confused: list[dict[str, Any]] = field(default_factory=list)
    shown: int = 0
    taken: int = 0


def regulations(scope: Scope, keys: Collection[str]) -> list[Regulation]:
    """The regulations of these keys; answers are counted as far as the scope allows. Three statements."""
    trainings: dict[str, list[SuggestModel]] = {key: [] for key in keys}
    for row in SuggestModel.objects.filter(key__in=list(keys)).select_related("by").order_by("-number"):
        trainings[row.key].append(row)
    titles = {
        key: (title, english or title)
        for key, title, english in ManualVersion.objects.filter(key__in=list(keys))
        .exclude(state=ManualVersion.State.DRAFT)
        .order_by("number")
        .values_list("key", "title", "title_en")
    }
    answers = _answers(scope, keys)
    return [_regulation(key, titles.get(key, (key, key)), trainings[key], answers) for key in sorted(keys)]


def _answers(scope: Scope, keys: Collection[str]) -> dict[tuple[str, str], tuple[int, int]]:
    rows = scope.rows(
        SuggestAnswer.objects.filter(model__key__in=list(keys)),
        unit="complaint__unit",
        secrecy="complaint__secrecy",
    )
    counted = rows.values_list("model__key", "label").annotate(
        shown=Count("pk"), took=Count("pk", filter=Q(taken=True))
    )
    return {(key, label): (shown, took) for key, label, shown, took in counted}


def _regulation(
    key: str,
    titles: tuple[str, str],
    trainings: list[SuggestModel],
    answers: Mapping[tuple[str, str], tuple[int, int]],
) -> Regulation:
    from zhike.ui.words import is_chinese

    state = SuggestModel.State
    model = next((row for row in trainings if row.state == state.IN_USE), None)
    found = Regulation(
        key=key,
        title=titles[0] if is_chinese() else titles[1],
        model=model,
        last=trainings[0] if trainings else None,
        history=trainings[:HISTORY],
    )
    mine = {label: counts for (of, label), counts in answers.items() if of == key}
    found.shown = sum(shown for shown, _took in mine.values())
    found.taken = sum(took for _shown, took in mine.values())
    if model is not None:
        found.classes = [
            row | {"shown": mine.get(row["label"], (0, 0))[0], "taken": mine.get(row["label"], (0, 0))[1]}
            for row in model.figures.get("per_class", [])
        ]
        found.confused = model.figures.get("confused", [])
    return found
