"""What a list is made of. All of it is data; nothing here reads a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from zhike.kernel.parties import tree
from zhike.kernel.parties.models import Unit
from zhike.ui import words

Text = str | Promise
Rows = QuerySet[Any]
Apply = Callable[[Rows, Any], Rows]
Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Column:
    """One column.

    `cell(row, now)` gives what is shown (plain text is escaped). `text(row)` gives the exported value: text, number,
    Decimal, date or moment; without it the column is not exported. `sort`: columns to order by, ascending.
    `width` in px, 0 gives way. `link` wraps the cell into the way to the row. `shown=False`: only when chosen.
    `drop`: 1 goes first in a narrow window (below 1400 px), 2 next (below 1200 px). `phone`: title, side, line or ""
    (hidden) on the card of a phone. `joins`: related rows that the cell reads, fetched while the column is shown.
    """

    key: str
    label: Text
    cell: Callable[[Any, dt.datetime], object]
    text: Callable[[Any], object] | None = None
    sort: tuple[str, ...] = ()
    width: int = 0
    numeric: bool = False
    link: bool = False
    hideable: bool = True
    shown: bool = True
    drop: int = 0
    phone: str = "line"
    joins: tuple[str, ...] = ()

    @cached_property
    def classes(self) -> str:
        names = ["num"] if self.numeric else []
        if self.drop:
            names.append(f"drop-{self.drop}")
        names.append(f"ph-{self.phone or 'hide'}")
        return " ".join(names)


@dataclass(frozen=True)
class Filter:
    """One condition that a person may set. Made by `text`, `choice`, `one`, `unit`, `dates`, `numbers` and `flag`.

    `choices` may be a function of the request. `more` moves it behind "more conditions". `key` is the name in the
    address; dates and numbers use `key_from` and `key_to`.
    """

    key: str
    label: Text
    kind: str
    apply: Apply
    choices: Choices | Callable[[HttpRequest], Choices] = ()
    more: bool = False
    width: int = 110
    placeholder: Text = ""


@dataclass(frozen=True)
class View:
    """A tab that comes with the list. `late` paints its number red. The first one opens by default."""

    key: str
    label: Text
    query: str = ""
    late: bool = False


@dataclass(frozen=True)
class Bulk:
    """An action on the chosen rows: a button that posts the selection to `url` (a URL name).

    `dialog` loads the answer into the dialog of the page; without JavaScript it is a page of its own.
    """

    key: str
    label: Text
    icon: str
    url: str
    needs: Callable[[HttpRequest], bool] | None = None
    dialog: bool = True


def _nobody(_request: HttpRequest) -> bool:
    return False


@dataclass(frozen=True)
class List:
    """A list. `name` keys what a person keeps of it. `sort` is a column key, with "-" for descending.

    `prepare(rows)` adds what the cells need, in a fixed number of queries. `may_export(request)` says who may
    export; `on_export(request, format, rows at most)` is called before the first row leaves, to log it.
    `guard_export(request, format, rows, number)` says in one sentence why a file may not leave, "" if it may; a `marked`
    list names in every line who made the file and when.
    `usual(rows, parameters)` leaves out what is shown only when a condition asks for it.
    """

    name: str
    title: Text
    columns: tuple[Column, ...]
    href: Callable[[Any], str] | None = None
    filters: tuple[Filter, ...] = ()
    views: tuple[View, ...] = ()
    sort: str = ""
    bulk: tuple[Bulk, ...] = ()
    prepare: Callable[[list[Any]], None] | None = None
    row_name: Callable[[Any], str] = str
    may_export: Callable[[HttpRequest], bool] = _nobody
    on_export: Callable[[HttpRequest, str, int], None] | None = None
    guard_export: Callable[[HttpRequest, str, Rows, int], str] | None = None
    marked: bool = False
    usual: Callable[[Rows, Mapping[str, str]], Rows] | None = None
    empty: Text = ""

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


def text(
    key: str,
    label: Text,
    *lookups: str,
    apply: Apply | None = None,
    more: bool = False,
    width: int = 216,
    placeholder: Text = "",
) -> Filter:
    """Words, looked up in columns ("title__icontains") or by `apply(rows, words)`, such as the search index."""

    def look(rows: Rows, words: str) -> Rows:
        found = Q()
        for lookup in lookups:
            found |= Q(**{lookup: words})
        return rows.filter(found)

    return Filter(key, label, "text", apply or look, more=more, width=width, placeholder=placeholder)


def choice(
    key: str,
    label: Text,
    choices: Choices | Callable[[HttpRequest], Choices],
    field: str = "",
    *,
    apply: Apply | None = None,
    more: bool = False,
    width: int = 110,
) -> Filter:
    """One of a few: `field` is compared with the code, or `apply(rows, code)` decides."""

    def pick(rows: Rows, code: str) -> Rows:
        return rows.filter(**{field or key: code})

    return Filter(key, label, "choice", apply or pick, choices=choices, more=more, width=width)


def one(key: str, label: Text, field: str, rows: Callable[[HttpRequest], Rows]) -> Filter:
    """One person or customer by its key, as a figure asks for it: two of the same name stay apart.

    Nobody chooses it in the filter bar. `rows(request)` are the rows in sight, from which alone its name is read.
    """

    def named(request: HttpRequest) -> Choices:
        raw = request.GET.get(key, "")
        if not raw.isdecimal() or len(raw) > 18:
            return []
        found = rows(request).filter(**{field: raw}).order_by().values_list(f"{field}__name", flat=True)[:1]
        return [(raw, name) for name in found]

    return Filter(
        key, label, "choice", lambda found, raw: found.filter(**{field: raw}), choices=named, more=True
    )


def dates(key: str, label: Text, field: str, *, moments: bool = True, more: bool = False) -> Filter:
    """From day to day, both included. `moments`: the column holds moments, cut at local midnight."""

    def between(rows: Rows, value: tuple[dt.date | None, dt.date | None]) -> Rows:
        from .conditions import midnight

        first, last = value
        end = None if last is None else last + dt.timedelta(days=1)
        if first is not None:
            rows = rows.filter(**{f"{field}__gte": midnight(first) if moments else first})
        if end is not None:
            rows = rows.filter(**{f"{field}__lt": midnight(end) if moments else end})
        return rows

    return Filter(key, label, "dates", between, more=more, width=132)


def numbers(key: str, label: Text, field: str, *, more: bool = True) -> Filter:
    """From amount to amount, both included; separators of thousands are allowed."""

    def between(rows: Rows, value: tuple[Any, Any]) -> Rows:
        low, high = value
        if low is not None:
            rows = rows.filter(**{f"{field}__gte": low})
        return rows if high is None else rows.filter(**{f"{field}__lte": high})

    return Filter(key, label, "numbers", between, more=more, width=96)


def unit(
    key: str,
    label: Text,
    field: str = "unit",
    *,
    choices: Choices | Callable[[HttpRequest], Choices] | None = None,
    more: bool = False,
) -> Filter:
    """A unit and everything below it. Without `choices` every open unit is offered, in the order of the tree."""

    def below(rows: Rows, code: str) -> Rows:
        return rows.filter(**{f"{field}__in": tree.tree().below(int(code))})

    return Filter(key, label, "choice", below, choices=choices or _units, more=more, width=130)


def _units(_request: HttpRequest) -> Choices:
    rows = Unit.objects.filter(closed_on=None).order_by("path")
    return [(str(row.pk), "\u3000" * (row.path.count("/") - 2) + row.label) for row in rows]


def flag(key: str, label: Text, apply: Callable[[Rows], Rows], *, more: bool = False) -> Filter:
    """A condition that holds or is not asked for."""
    return Filter(key, label, "flag", lambda rows, _value: apply(rows), more=more)


def plain(value: object) -> Any:
    """Shown as it is: nothing is a dash."""
    return words.UNKNOWN if value is None or value == "" else value
