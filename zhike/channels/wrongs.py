"""What is wrong with the shape of a call, in one sentence of the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# kinds of errors of the schema library, and how they are said
_SENTENCES: dict[str, str | Promise] = {
    "missing": gettext_lazy("“%(field)s” is missing."),
    "extra_forbidden": gettext_lazy("“%(field)s” is not known here."),
    "string_type": gettext_lazy("“%(field)s” must be text."),
    "string_too_long": gettext_lazy("“%(field)s” is longer than %(max_length)s characters."),
    "string_too_short": gettext_lazy("“%(field)s” must not be empty."),
    "decimal_max_places": gettext_lazy("“%(field)s” has more than two decimals."),
    "decimal_whole_digits": gettext_lazy("“%(field)s” is too large."),
    "decimal_max_digits": gettext_lazy("“%(field)s” is too large."),
    "greater_than_equal": gettext_lazy("“%(field)s” must be at least %(ge)s."),
    "less_than_equal": gettext_lazy("“%(field)s” must be at most %(le)s."),
    "list_type": gettext_lazy("“%(field)s” must be a list."),
    "too_long": gettext_lazy("“%(field)s” has too many entries."),
    "timezone_aware": gettext_lazy("“%(field)s” needs its offset, such as 2026-09-24T16:00:00+08:00."),
}
_BEGINNINGS: tuple[tuple[str, str | Promise], ...] = (
    ("decimal", gettext_lazy('“%(field)s” is no amount: write digits and a point, such as "36.00".')),
    ("datetime", gettext_lazy("“%(field)s” is no moment such as 2026-09-24T16:00:00+08:00.")),
    ("date", gettext_lazy("“%(field)s” is no day such as 2026-09-24, or there is no such day.")),
    ("bool", gettext_lazy("“%(field)s” must be true or false.")),
    ("int", gettext_lazy("“%(field)s” must be a whole number.")),
    ("json", gettext_lazy("The body is no valid JSON.")),
    ("model", gettext_lazy("The body must be a JSON object.")),
)
_PLACES = {"body", "query", "path", "form", "file", "header", "payload", "filters"}


def sentence(wrong: dict[str, Any]) -> tuple[str, str]:
    """The name of the field and what is wrong with it."""
    parts = [str(part) for part in wrong.get("loc", ())]
    while parts and parts[0] in _PLACES:
        parts.pop(0)
    field = ".".join(parts)
    kind = str(wrong.get("type", ""))
    pattern = _SENTENCES.get(kind) or next(
        (text for beginning, text in _BEGINNINGS if kind.startswith(beginning)), None
    )
    if pattern is None or (not field and "%(field)s" in str(pattern)):
        pattern = gettext_lazy("“%(field)s” is not valid.") if field else _("The body must be a JSON object.")
    return field, str(pattern) % {**wrong.get("ctx", {}), "field": field}
