"""A verb of the person who asks, at this moment: what every action is told beside what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.forms import Form
from django.http import HttpResponse

from zhike.kernel import clock
from zhike.ui.deeds import deed

from .access import StaffRequest


def who(request: StaffRequest) -> dict[str, Any]:
    return {"by": request.user.party, "now": clock.now()}


def act(request: StaffRequest, form: Form, do: Callable[..., Any], **words: Any) -> HttpResponse:
    """A verb with a small form of its own; `words` are those of `ui.deeds.deed`."""
    return deed(request, form, partial(do, **who(request)), **words)
