"""From the address to conditions: what was asked, what of it cannot be understood, and the way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from .declare import Choices, Filter, List, Rows

_LONGEST = 200
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－／", "0123456789.,-/")


@dataclass(frozen=True)
class Condition:
    """One condition in use. `keys` are its parameters in the address; `label` is the text of its chip."""

    filter: Filter
    value: Any
    keys: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Problem:
    """A condition that was typed and cannot be understood; it does not narrow the list."""

    filter: Filter
    sentence: str


@dataclass(frozen=True)
class Asked:
    """What one request asks of a list. `params` holds the parameters in effect, with those of the default view."""

    params: QueryDict
    conditions: list[Condition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    view: str = ""
    usual: Callable[[Rows, Mapping[str, str]], Rows] | None = None

    def narrow(self, rows: Rows) -> Rows:
        if self.usual is not None:
            rows = self.usual(rows, self.params)
        for condition in self.conditions:
            rows = condition.filter.apply(rows, condition.value)
        return rows


def read(request: HttpRequest, spec: List, params: QueryDict | None = None) -> Asked:
    """The conditions of this request, or of `params`. A bare address opens the first view of the list."""
    if params is None:
        params = request.GET
        if not params and spec.views:
            params = QueryDict(f"{spec.views[0].query}&view={spec.views[0].key}")
    asked = Asked(params, view=params.get("view", ""), usual=spec.usual)
    for one in spec.filters:
        found = _read_one(request, one, params)
        if isinstance(found, Condition):
            asked.conditions.append(found)
        elif found is not None:
            asked.problems.append(found)
    return asked


def query_of(
    params: QueryDict, *, without: Iterable[str] = (), changes: dict[str, str | int | None] | None = None
) -> str:
    """A query string with some parameters changed; None takes one away. The page is dropped unless given."""
    left_out = {"page", "part", "export", "count", *without}
    kept: dict[str, list[str]] = {key: values for key, values in params.lists() if key not in left_out}
    for key, value in (changes or {}).items():
        kept[key] = [] if value is None else [str(value)]
    return urlencode(kept, doseq=True)


def choices_of(one: Filter, request: HttpRequest) -> Choices:
    return one.choices(request) if callable(one.choices) else one.choices


def midnight(day: dt.date) -> dt.datetime:
    """The first moment of a day where the reader is."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def _read_one(request: HttpRequest, one: Filter, params: QueryDict) -> Condition | Problem | None:
    if one.kind in {"dates", "numbers"}:
        return _read_range(one, params)
    raw = params.get(one.key, "").strip()
    if not raw:
        return None
    if "\x00" in raw or len(raw) > _LONGEST:
        sentence = _("%(label)s: at most %(count)s characters.") % {"label": one.label, "count": _LONGEST}
        return Problem(one, sentence)
    if one.kind == "flag":
        return Condition(one, True, (one.key,), str(one.label)) if raw == "1" else None
    shown = raw
    if one.kind == "choice":
        labels = {code: str(label) for code, label in choices_of(one, request)}
        if raw not in labels:
            values = {"label": one.label, "value": raw[:40]}
            return Problem(one, _("%(label)s: “%(value)s” is not one of the choices.") % values)
        shown = labels[raw]
    return Condition(one, raw, (one.key,), _("%(label)s: %(value)s") % {"label": one.label, "value": shown})


def _read_range(one: Filter, params: QueryDict) -> Condition | Problem | None:
    keys = (f"{one.key}_from", f"{one.key}_to")
    texts = [params.get(key, "").strip().translate(_FULL_WIDTH) for key in keys]
    if not any(texts):
        return None
    parse = _day if one.kind == "dates" else _amount
    values: list[Any] = []
    for raw in texts:
        try:
            values.append(parse(raw) if raw else None)
        except ValueError:
            what = {"label": one.label, "value": raw[:40]}
            if one.kind == "dates":
                return Problem(one, _("%(label)s: “%(value)s” is not a date such as 2026-09-30.") % what)
            return Problem(one, _("%(label)s: “%(value)s” is not a number.") % what)
    low, high = values
    if low is not None and high is not None and low > high:
        what = {"label": one.label, "low": texts[0], "high": texts[1]}
        return Problem(one, _("%(label)s: %(low)s comes after %(high)s.") % what)
    return Condition(one, (low, high), keys, f"{one.label} {_range_text(*texts)}")


def _range_text(low: str, high: str) -> str:
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("from %(low)s") % {"low": low} if low else _("up to %(high)s") % {"high": high}


def _day(raw: str) -> dt.date:
    day = dt.date.fromisoformat(raw.replace("/", "-"))
    if not 1900 <= day.year <= 2200:
        raise ValueError(raw)
    return day


def _amount(raw: str) -> Decimal:
    try:
        value = Decimal(raw.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(raw) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise ValueError(raw)
    return value
