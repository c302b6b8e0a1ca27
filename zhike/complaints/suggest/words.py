"""Sentences about trainings, for the page and the shell."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from .evaluating import CannotEvaluate
from .models import SuggestModel


def problem(reason: CannotEvaluate) -> str:
    return why(reason.code, reason.values)


def why(code: str, values: dict[str, Any]) -> str:
    """Why nothing can be learned, in one sentence."""
    if code == "one_class":
        return _("Every case has the same class (%(label)s); there is nothing to tell apart.") % {
            "label": values.get("label", "")
        }
    return _(
        "There are %(rows)d usable cases of %(classes)d classes; at least %(least)d of two classes are needed."
    ) % {name: values.get(name, 0) for name in ("rows", "classes", "least")}


def sentence(row: SuggestModel) -> str:
    """What became of a training."""
    if row.state == SuggestModel.State.TOO_LITTLE:
        return why(row.figures.get("why", ""), row.figures.get("values", {}))
    if row.state == SuggestModel.State.WORSE:
        former = row.figures.get("instead_of", {})
        return _(
            "Macro-F1 %(new).3f is clearly below %(old).3f of training %(number)d, which stays in use."
        ) % {
            "new": row.macro_f1,
            "old": former.get("macro_f1") or 0,
            "number": former.get("number") or 0,
        }
    return str(SuggestModel.State(row.state).label)


def line(row: SuggestModel) -> str:
    """One line of the shell."""
    figures = "" if row.macro_f1 is None else f" · macro-F1 {row.macro_f1:.4f} ± {row.macro_f1_std:.4f}"
    return f"{row.key} {row.number}: {row.cases}/{row.classes}{figures} · {sentence(row)}"


def nothing() -> str:
    return _("No case was closed yet; there is nothing to learn from.")


def as_data(row: SuggestModel) -> dict[str, Any]:
    return {
        "manual": row.key,
        "number": row.number,
        "state": row.state,
        "said": sentence(row),
        "cases": row.cases,
        "classes": row.classes,
        "macro_f1": row.macro_f1,
        "macro_f1_std": row.macro_f1_std,
        "threshold": row.threshold,
        "figures": row.figures,
    }
