"""Official forms around regulations: on the screen as they print, or as PDF, Word or Excel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from zhike.kernel import clock
from zhike.kernel.records.forms import Form
from zhike.kernel.records.models import Record
from zhike.kernel.records.sheet import Head
from zhike.people.access import StaffRequest
from zhike.ui import printing


def answer(
    request: StaffRequest,
    form: Form,
    what: Record | Mapping[str, Any],
    kind: str,
    *,
    address: Callable[[str], str],
    back: str,
    number: str = "",
    basis: str = "",
) -> HttpResponse:
    """A filled-in form as a page or a file. Raises Http404 for an unknown kind."""
    number = what.number if isinstance(what, Record) else number
    head = Head(number=number, basis=basis, printer=request.user.party.name, printed_at=clock.now())
    return printing.answer(request, printing.Sheet(form, what, head, address, back), kind)
