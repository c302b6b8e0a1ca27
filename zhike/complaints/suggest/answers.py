"""Whether people took what was proposed to them."""

from __future__ import annotations

import datetime as dt

from zhike.complaints.models import Complaint
from zhike.kernel.parties.models import Party

from . import reads
from .models import SuggestAnswer


def note(*, complaint: Complaint, proposed: str, by: Party, now: dt.datetime) -> None:
    """Keep what was proposed and what was chosen, when a class was chosen; inside the action that chose it.

    `proposed` is what the page showed. A code that the model in use does not know was never shown and is passed over.
    """
    if not proposed or not complaint.item or complaint.manual is None:
        return
    model = reads.model_in_use(complaint.manual.key)
    if model is None or proposed not in model.labels:
        return
    SuggestAnswer.objects.update_or_create(
        complaint=complaint,
        defaults={
            "model": model,
            "label": proposed,
            "chosen": complaint.item,
            "taken": proposed == complaint.item,
            "by": by,
            "at": now,
        },
    )
