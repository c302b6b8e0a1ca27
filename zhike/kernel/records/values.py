"""Values of a form: read from a subject and from what people typed, kept as JSON, checked with one sentence each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhike.kernel.records.forms import OPTIONS, Field, Form


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value; `key` is the field's, or `field.3.column` in a table."""

    key: str
    sentence: str


def gather(form: Form, subject: Any, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Values for the form: what was typed wins over what the subject knows; the offered choices are kept with them."""
    data: dict[str, Any] = {}
    offered: dict[str, list[list[str]]] = {}
    for one in form.fields:
        if typed is not None and one.key in typed:
            data[one.key] = plain(one, typed[one.key])
        elif one.source is not None and subject is not None:
            data[one.key] = plain(one, one.source(subject))
        if one.kind in {"choice", "ticks"}:
            offered[one.key] = [[choice.code, choice.zh, choice.en] for choice in one.choices(subject)]
    if offered:
        data[OPTIONS] = offered
    return data


def plain(one: Field, value: Any) -> Any:
    """The value as JSON keeps it. Texts lose control characters that no printer shows."""
    if value is None:
        return "" if one.kind not in {"table", "ticks", "signature"} else None
    if one.kind == "table":
        return [{inner.key: plain(inner, row.get(inner.key)) for inner in one.columns} for row in value]
    if one.kind == "ticks":
        return [str(code) for code in ([value] if isinstance(value, str) else value)]
    if one.kind == "signature":
        return _signature(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return printable(str(value))


def _signature(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        at = value.get("at")
        name = value.get("name", "")
        return {
            "name": printable(str(name)),
            "at": at.isoformat() if isinstance(at, dt.datetime) else str(at or ""),
        }
    return {"name": printable(str(value)), "at": ""}


def printable(text: str) -> str:
    """The text without what no printer and no XML file can hold; line ends become one sign."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign
        for sign in text
        if sign in "\n\t"
        or not (ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF or sign in "\x7f\ufffe\uffff")
    )


def check(form: Form, data: Mapping[str, Any], *, complete: bool) -> list[Problem]:
    """What is wrong with the data; with `complete` also what is missing."""
    found = [
        Problem(key, _("The form %(form)s has no field “%(key)s”.") % {"form": form.code, "key": key})
        for key in data
        if key != OPTIONS and key not in form.by_key
    ]
    offered = data.get(OPTIONS, {})
    for one in form.fields:
        value = data.get(one.key)
        if value in (None, "", [], {}) or (one.kind == "signature" and not value["name"]):
            if complete and one.required:
                found.append(Problem(one.key, _("“%(field)s” is still empty.") % {"field": _name(one)}))
            continue
        found += _check_value(one, one.key, value, offered.get(one.key))
    return found


def _name(one: Field) -> str:
    return one.label(get_language() or "zh-hans")


def _check_value(one: Field, key: str, value: Any, offered: list[list[str]] | None) -> list[Problem]:
    said = {"field": _name(one), "value": str(value)[:40]}
    sentence = ""
    if one.kind == "table":
        return [
            problem
            for place, row in enumerate(value, 1)
            for inner in one.columns
            if row.get(inner.key)
            for problem in _check_value(inner, f"{key}.{place}.{inner.key}", row[inner.key], None)
        ]
    if one.kind in {"number", "money"} and number(value) is None:
        sentence = _("“%(field)s” is not a number: %(value)s") % said
    elif one.kind == "date" and day(value) is None:
        sentence = _("“%(field)s” is not a day: %(value)s") % said
    elif one.kind == "moment" and moment(value) is None:
        sentence = _("“%(field)s” is not a moment: %(value)s") % said
    elif one.kind in {"choice", "ticks"} and offered is not None:
        codes = {code for code, *_words in offered}
        unknown = [code for code in ([value] if isinstance(value, str) else value) if code not in codes]
        if unknown:
            sentence = _("“%(field)s” does not offer “%(value)s”.") % {
                "field": said["field"],
                "value": unknown[0][:40],
            }
    return [Problem(key, sentence)] if sentence else []


def number(value: Any) -> Decimal | None:
    """The figure a JSON value stands for, or None."""
    try:
        found = Decimal(str(value).replace(",", "").strip())
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def moment(value: Any) -> dt.datetime | None:
    """An aware moment, or None."""
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
