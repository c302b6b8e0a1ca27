"""What a list page prints: rows, headings, tabs, fields, chips, pages. Made by `page.build`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhike.ui import menu, parts, saved, words

from . import conditions
from .declare import Bulk, Column, List
from .export import FORMATS
from .fields import Field


@dataclass(frozen=True)
class Row:
    """One row: the object, its name, and its line of the table as HTML (lists print hundreds of cells)."""

    row: Any
    pk: Any
    name: str
    html: SafeString


@dataclass(frozen=True)
class Tab:
    key: str
    label: str | Promise
    href: str
    current: bool
    late: bool
    own: bool
    query: str


@dataclass(frozen=True)
class Head:
    """A column heading: `state` is ascending, descending or ""; `href` sorts."""

    column: Column
    href: str
    state: str

    @property
    def mark(self) -> SafeString:
        return parts.icon(f"sort-{self.state}") if self.state else SafeString("")


@dataclass(frozen=True)
class Chip:
    label: str
    href: str


@dataclass(frozen=True)
class Listing:
    """Everything that `ui/list.html` prints."""

    spec: List
    request: HttpRequest
    asked: conditions.Asked
    kept: saved.Kept
    columns: list[Column]
    rows: list[Row]
    number: int
    is_exact: bool
    page: int
    size: int
    sort: str
    now: dt.datetime

    # ---- counts and pages

    @cached_property
    def is_capped(self) -> bool:
        return not self.is_exact and self.number > words.CAP

    @cached_property
    def total(self) -> str:
        return f"{self.number:,}" if self.is_exact else words.capped(self.number)

    @cached_property
    def pages(self) -> int:
        return max(1, -(-min(self.number, words.CAP) // self.size))

    @cached_property
    def page_links(self) -> list[tuple[int, str]]:
        """First, last and the neighbours; (0, "") where some are left out."""
        wanted = sorted({1, self.pages, *range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)})
        links: list[tuple[int, str]] = []
        for number in wanted:
            if links and number - links[-1][0] > 1:
                links.append((0, ""))
            links.append((number, self.at_page(number)))
        return links

    @cached_property
    def previous(self) -> str:
        return self.at_page(self.page - 1) if self.page > 1 else ""

    @cached_property
    def next(self) -> str:
        return self.at_page(self.page + 1) if self.page < self.pages else ""

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return saved.SIZES

    def at_page(self, number: int) -> str:
        query = conditions.query_of(self.asked.params)
        return f"{self.path}?{query}&page={number}" if query else f"{self.path}?page={number}"

    # ---- addresses

    @cached_property
    def path(self) -> str:
        return self.request.path

    @cached_property
    def query(self) -> str:
        """The conditions in effect, for saving a view and for acting on all matching rows."""
        return conditions.query_of(self.asked.params, without=("view", "size"))

    def href(self, **changes: str | int | None) -> str:
        return f"{self.path}?{conditions.query_of(self.asked.params, changes=changes)}"

    @cached_property
    def clear(self) -> str:
        """The list without any condition; `view=-` says that not even the first tab is meant."""
        return f"{self.path}?view=-"

    @cached_property
    def reset(self) -> str:
        """Back to the conditions of the tab."""
        return next((tab.href for tab in self.tabs if tab.current), self.path)

    @cached_property
    def exact_href(self) -> str:
        return self.href(count="exact")

    @cached_property
    def counts_href(self) -> str:
        return self.href(part="counts")

    @cached_property
    def exports(self) -> list[tuple[str, str]]:
        if not self.spec.may_export(self.request):
            return []
        return [(fmt.upper(), self.href(export=fmt)) for fmt in FORMATS]

    # ---- filter bar

    @cached_property
    def fields(self) -> list[Field]:
        return list(self._fields())

    @cached_property
    def quick(self) -> list[Field]:
        return [found for found in self.fields if not found.filter.more]

    @cached_property
    def more(self) -> list[Field]:
        return [found for found in self.fields if found.filter.more]

    @cached_property
    def more_open(self) -> bool:
        return any(any(found.texts) for found in self.more)

    @cached_property
    def search(self) -> str:
        """The name of the field that "/" goes to."""
        return next((one.key for one in self.spec.filters if one.kind == "text"), "")

    def _fields(self) -> Iterator[Field]:
        problems = {problem.filter.key: problem.sentence for problem in self.asked.problems}
        for one in self.spec.filters:
            ranged = one.kind in {"dates", "numbers"}
            names = (f"{one.key}_from", f"{one.key}_to") if ranged else (one.key,)
            texts = tuple(self.asked.params.get(name, "") for name in names)
            choices = conditions.choices_of(one, self.request) if one.kind == "choice" else ()
            if one.kind == "choice" and not choices:
                continue  # nothing to choose
            yield Field(one, names, texts, choices, problems.get(one.key, ""), one.key == self.search)

    @cached_property
    def chips(self) -> list[Chip]:
        return [
            Chip(
                one.label,
                f"{self.path}?{conditions.query_of(self.asked.params, without=one.keys) or 'view=-'}",
            )
            for one in self.asked.conditions
        ]

    # ---- tabs, columns, actions

    @cached_property
    def tabs(self) -> list[Tab]:
        made = [
            Tab(
                view.key,
                view.label,
                f"{self.path}?{_joined(view.query, view.key)}",
                self.asked.view == view.key,
                view.late,
                False,
                view.query,
            )
            for view in self.spec.views
        ]
        mine = self.request.user.pk if self.request.user.is_authenticated else None
        for view in self.kept.views:
            key = str(view.pk)
            href = f"{self.path}?{_joined(view.query, key)}"
            own = view.owner_id == mine
            made.append(Tab(key, view.name, href, self.asked.view == key, False, own, view.query))
        return made

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        state = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        target = f"-{column.key}" if state == "ascending" else column.key
        return Head(column, self.href(sort=target) if column.sort else "", state)

    @cached_property
    def sort_label(self) -> str:
        column = self.spec.column(self.sort.lstrip("-"))
        if column is None:
            return ""
        pattern = _("%(column)s, descending") if self.sort.startswith("-") else _("%(column)s, ascending")
        return pattern % {"column": column.label}

    @cached_property
    def bulk(self) -> list[Bulk]:
        return allowed(self.spec, self.request)

    @cached_property
    def hideable(self) -> list[tuple[Column, bool]]:
        shown = {column.key for column in self.columns}
        return [(column, column.key in shown) for column in self.spec.columns if column.hideable]


def allowed(spec: List, request: HttpRequest) -> list[Bulk]:
    """The bulk actions that exist and that this person may take; without any there is nothing to tick."""
    return [one for one in spec.bulk if menu.address(one.url) and (one.needs is None or one.needs(request))]


def _joined(query: str, key: str) -> str:
    return f"{query}&view={key}" if query else f"view={key}"
