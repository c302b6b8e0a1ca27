"""Official forms of the parts of the file that name unit and number themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from zhike.kernel.records.forms import Form
from zhike.kernel.records.sheet import Head
from zhike.people.access import StaffRequest
from zhike.ui.printing import Sheet, answer, head_of

__all__ = ["answer_sheet", "head_of"]


def answer_sheet(
    request: StaffRequest,
    form: Form,
    data: Mapping[str, Any],
    kind: str,
    *,
    head: Head,
    address: Callable[[str], str],
    back: str,
) -> HttpResponse:
    """A filled-in form as a page or a file. Raises Http404 for an unknown kind."""
    return answer(request, Sheet(form, data, head, address, back), kind)
