"""What the page of a case says of its corrective action, and what a step of it may begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime
from zhike.kernel.policy.manual import model
from zhike.people.models import User

from . import access, stages
from .models import Capa
from .reading import dossier


@dataclass(frozen=True)
class Panel:
    capas: Sequence[Capa]
    may_start: bool
    text: str  # what the step that is due may say, from the corrective action under way


def panel_of(
    user: User,
    complaint: Complaint,
    capas: Sequence[Capa],
    regime: Regime | None,
    stage: model.Stage | None,
) -> Panel:
    """What is said of the corrective actions of a case. The gate of the case was passed before."""
    current = next((one for one in capas if one.is_open), None)
    text = ""
    if current is not None and regime is not None and stage is not None:
        table = regime.answer.table
        assert isinstance(table, model.StagesTable)
        part = stages.part(table, stage)
        text = dossier(current).text_for(part) if part else ""
    return Panel(capas=capas, may_start=current is None and access.may_start(user, complaint), text=text)
