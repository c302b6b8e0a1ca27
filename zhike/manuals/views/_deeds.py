"""The verbs of the library with a small form: what they refuse, and who acts when."""

from __future__ import annotations

from functools import partial
from typing import Any

from zhike.kernel import clock
from zhike.manuals import actions
from zhike.people.access import StaffRequest
from zhike.ui import deeds
from zhike.ui.deeds import typed

__all__ = ["deed", "typed", "who"]

deed = partial(
    deeds.deed,
    refused=(
        actions.CannotCopy,
        actions.CannotDepart,
        actions.CannotKeep,
        actions.CannotReference,
        actions.CannotRepeal,
        actions.CannotState,
    ),
)


def who(request: StaffRequest) -> dict[str, Any]:
    return {"by": request.user.party, "now": clock.now()}
