"""P003-05, the part on duplicates: pairs that wait, opening into the list."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.kernel.tallies.figures import Figure, Measure, Question

from . import queries


def _rows(question: Question):  # type: ignore[no-untyped-def]
    return question.rows(
        queries.waiting(question.scope), moment="found_at", unit="first__unit", secrecy="first__secrecy"
    )


def _url(question: Question) -> str:
    first, last = question.period.first, question.period.last
    return (
        f"{reverse('customers:duplicates')}?state=OPEN&found_from={first:%Y-%m-%d}&found_to={last:%Y-%m-%d}"
    )


DUPLICATES = Figure(
    "customers.duplicates",
    _("Files that are perhaps duplicates"),
    Measure.COUNT,
    more_is_good=False,
    source="P003-05",
    rows=_rows,
    url=_url,
)
