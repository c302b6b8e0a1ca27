"""The verbs of the library with a small form: what they refuse."""

from __future__ import annotations

from functools import partial

from zhike.manuals import actions
from zhike.people.deeds import who
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
