"""What the forms read from the corrective action of a case; what they read without one is said beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from zhike.complaints.capa.models import CapaJudgement
from zhike.complaints.capa.reading import Dossier
from zhike.kernel.records.forms import Field

from ._reading import Either, Filled

Text = Literal["containment", "cause", "plan", "execution", "owners"]


def _cause(file: Dossier) -> str:
    """The root cause, and how the chains came to it."""
    chains = [" → ".join(why.answer for why in whys) for _number, whys in file.chains if len(whys) > 1]
    return "\n".join([file.root_cause, *chains]).strip()


TEXTS: dict[str, Callable[[Dossier], str]] = {
    "containment": lambda file: file.text_of(file.containment),
    "cause": _cause,
    "plan": lambda file: file.text_of(file.planned),
    "execution": lambda file: file.text_for("execution"),
    "owners": lambda file: "、".join(dict.fromkeys(file.owner_of(row) for row in file.planned)),
}


@dataclass(frozen=True)
class Corrected:
    """A text of the corrective action."""

    what: Text

    def __call__(self, filled: Filled) -> str:
        file = filled.corrective
        return TEXTS[self.what](file) if file is not None else ""


@dataclass(frozen=True)
class Measured:
    """When the last measure is due, or when the last was done once all are."""

    what: Literal["due", "done"]

    def __call__(self, filled: Filled) -> dt.datetime | str:
        planned = filled.corrective.planned if filled.corrective is not None else []
        if self.what == "due":
            return max((row.duty.due_at for row in planned if row.duty and row.duty.due_at), default="")
        if not planned or any(row.done_at is None for row in planned):
            return ""
        return max(row.done_at for row in planned if row.done_at)


@dataclass(frozen=True)
class Judged:
    """The last judgement of a kind: the opinion or the evidence, or name and day as a signature."""

    kind: CapaJudgement.Kind
    what: Literal["text", "sign"] = "text"

    def __call__(self, filled: Filled) -> str | dict[str, Any]:
        last = filled.corrective.last(self.kind) if filled.corrective is not None else None
        if last is None:
            return ""
        if self.what == "sign":
            return {"name": last.by.name, "at": last.at}
        return last.reason


def rounds(filled: Filled) -> list[dict[str, Any]]:
    """Every review and approval as a line, those that sent the plan back too."""
    file = filled.corrective
    return [
        {
            "stage": f"{row.get_kind_display()} {row.round}",
            "text": row.reason,
            "decision": "同意" if row.passed else "退回",
            "by": row.by.name,
            "at": row.at,
        }
        for row in (file.judgements if file is not None else ())
        if row.kind != CapaJudgement.Kind.EFFECT
    ]


def vain(filled: Filled) -> list[str]:
    """Whether the trouble was handled anew: it did not help, or it came back; nothing before the first check."""
    file = filled.corrective
    checks = [
        row.passed for row in (file.judgements if file else ()) if row.kind == CapaJudgement.Kind.EFFECT
    ]
    again = not all(checks) or (file is not None and file.capa.recurred)
    return (["是"] if again else ["否"]) if checks or again else []


def first(source: Any, field: Field) -> Field:
    """The same field, read from the corrective action where there is one that says something."""
    return replace(field, source=Either((source, field.source)))
