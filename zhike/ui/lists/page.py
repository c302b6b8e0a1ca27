"""One page of a list, ready for its template, and the one call that answers every request for a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, QueryDict
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhike.ui import answers, menu, parts, saved, words

from . import conditions, counting
from .declare import Bulk, Column, Filter, List, Rows, plain
from .export import FORMATS, export
from .selection import selected

PART = "ui/components/listing.html"


@dataclass(frozen=True)
class Cell:
    column: Column
    html: Any


@dataclass(frozen=True)
class Row:
    row: Any
    pk: Any
    name: str
    cells: list[Cell]

    @property
    def pick(self) -> SafeString:
        return format_html(
            '<input class="form-check-input pick" type="checkbox" name="pick" value="{}" aria-label="{}">',
            self.pk,
            _("Select %(name)s") % {"name": self.name},
        )


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
class Field:
    """A condition as the filter bar shows it. `texts` are the values typed (two for a range)."""

    filter: Filter
    names: tuple[str, ...]
    texts: tuple[str, ...]
    choices: Any
    problem: str


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

    @property
    def is_capped(self) -> bool:
        return not self.is_exact and self.number > words.CAP

    @property
    def total(self) -> str:
        return f"{self.number:,}" if self.is_exact else words.capped(self.number)

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.number, words.CAP) // self.size))

    @property
    def page_links(self) -> list[tuple[int, str]]:
        """First, last and the neighbours; (0, "") where some are left out."""
        wanted = sorted({1, self.pages, *range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)})
        links: list[tuple[int, str]] = []
        for number in wanted:
            if links and number - links[-1][0] > 1:
                links.append((0, ""))
            links.append((number, self.at_page(number)))
        return links

    @property
    def previous(self) -> str:
        return self.at_page(self.page - 1) if self.page > 1 else ""

    @property
    def next(self) -> str:
        return self.at_page(self.page + 1) if self.page < self.pages else ""

    @property
    def sizes(self) -> tuple[int, ...]:
        return saved.SIZES

    def at_page(self, number: int) -> str:
        query = conditions.query_of(self.asked.params)
        return f"{self.path}?{query}&page={number}" if query else f"{self.path}?page={number}"

    # ---- addresses

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def query(self) -> str:
        """The conditions in effect, for saving a view and for acting on all matching rows."""
        return conditions.query_of(self.asked.params, without=("view", "size"))

    def href(self, **changes: str | int | None) -> str:
        return f"{self.path}?{conditions.query_of(self.asked.params, changes=changes)}"

    @property
    def clear(self) -> str:
        """The list without any condition; `view=-` says that not even the first tab is meant."""
        return f"{self.path}?view=-"

    @property
    def reset(self) -> str:
        """Back to the conditions of the tab."""
        return next((tab.href for tab in self.tabs if tab.current), self.path)

    @property
    def exact_href(self) -> str:
        return self.href(count="exact")

    @property
    def counts_href(self) -> str:
        return self.href(part="counts")

    @property
    def exports(self) -> list[tuple[str, str]]:
        if not self.spec.may_export(self.request):
            return []
        return [(fmt.upper(), self.href(export=fmt)) for fmt in FORMATS]

    # ---- filter bar

    @property
    def quick(self) -> list[Field]:
        return [found for found in self._fields() if not found.filter.more]

    @property
    def more(self) -> list[Field]:
        return [found for found in self._fields() if found.filter.more]

    @property
    def more_open(self) -> bool:
        return any(any(found.texts) for found in self.more)

    @property
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
            yield Field(one, names, texts, choices, problems.get(one.key, ""))

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(
                one.label,
                f"{self.path}?{conditions.query_of(self.asked.params, without=one.keys) or 'view=-'}",
            )
            for one in self.asked.conditions
        ]

    # ---- tabs, columns, actions

    @property
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

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        state = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        target = f"-{column.key}" if state == "ascending" else column.key
        return Head(column, self.href(sort=target) if column.sort else "", state)

    @property
    def sort_label(self) -> str:
        column = self.spec.column(self.sort.lstrip("-"))
        if column is None:
            return ""
        pattern = _("%(column)s, descending") if self.sort.startswith("-") else _("%(column)s, ascending")
        return pattern % {"column": column.label}

    @property
    def bulk(self) -> list[Bulk]:
        return [
            one
            for one in self.spec.bulk
            if menu.address(one.url) and (one.needs is None or one.needs(self.request))
        ]

    @property
    def hideable(self) -> list[tuple[Column, bool]]:
        shown = {column.key for column in self.columns}
        return [(column, column.key in shown) for column in self.spec.columns if column.hideable]


def answer(
    request: HttpRequest,
    spec: List,
    rows: Rows,
    template: str,
    *,
    now: dt.datetime,
    context: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Answer a request for the list: the page, the list only (htmx), the counts of the tabs, or a file.

    `rows` must already be cut to the scope of the person. `template` extends `ui/list.html`.
    """
    part = request.GET.get("part", "")
    if part == "counts":
        return HttpResponse(_tab_counts(request, spec, rows))
    fmt = request.GET.get("export", "")
    if fmt in FORMATS:
        return _export(request, spec, rows, fmt, now, template, context or {})
    listing = build(request, spec, rows, now=now)
    values = {**(context or {}), "listing": listing}
    if answers.is_htmx(request) and request.headers.get("HX-Target") == "listing":
        return HttpResponse(render_to_string(PART, values, request))
    return HttpResponse(render_to_string(template, values, request))


def export_selected(
    request: HttpRequest, spec: List, rows: Rows, *, now: dt.datetime, fmt: str = "xlsx"
) -> HttpResponseBase:
    """The chosen rows of a posted list form as a file; same power and same log as the whole list."""
    if not spec.may_export(request):
        return HttpResponseForbidden(render_to_string("403.html", {}, request))
    chosen = selected(request, spec, rows)
    if spec.on_export is not None:
        spec.on_export(request, fmt, chosen.count)
    return export(spec, _ordered(chosen.rows, spec, spec.sort), list(spec.columns), fmt, now)


def build(request: HttpRequest, spec: List, rows: Rows, *, now: dt.datetime) -> Listing:
    """One page of the list: two queries for what the person keeps, one count, one for the rows."""
    owner = int(request.user.pk) if request.user.is_authenticated else None
    kept = saved.kept(owner, spec.name)
    asked = conditions.read(request, spec)
    found = asked.narrow(rows)
    is_exact = asked.params.get("count") == "exact"
    number = counting.exact(found) if is_exact else counting.capped(found)
    size = _size(asked.params.get("size", ""), kept.size)
    last = max(1, -(-min(number, words.CAP) // size))
    page = min(_whole(asked.params.get("page", "")) or 1, last)
    sort = _sort(spec, asked.params.get("sort", ""))
    columns = visible(spec, kept)
    chosen = list(_ordered(found, spec, sort)[(page - 1) * size : page * size]) if number else []
    if spec.prepare is not None and chosen:
        spec.prepare(chosen)
    shown = [_row(spec, columns, row, now) for row in chosen]
    return Listing(spec, request, asked, kept, columns, shown, number, is_exact, page, size, sort, now)


def filtered(request: HttpRequest, spec: List, rows: Rows) -> Rows:
    """The rows that match the conditions of this request, unsorted and whole."""
    return conditions.read(request, spec).narrow(rows)


def visible(spec: List, kept: saved.Kept) -> list[Column]:
    """The columns this person sees: the own choice, else those that the list shows by default."""
    if kept.hidden is None:
        return [column for column in spec.columns if column.shown]
    return [column for column in spec.columns if not column.hideable or column.key not in kept.hidden]


def _export(
    request: HttpRequest,
    spec: List,
    rows: Rows,
    fmt: str,
    now: dt.datetime,
    template: str,
    context: dict[str, Any],
) -> HttpResponseBase:
    if not spec.may_export(request):
        return HttpResponseForbidden(render_to_string("403.html", {}, request))
    asked = conditions.read(request, spec)
    if asked.problems:
        # a condition that is not understood must not turn into a file with more rows than were meant
        values = {**context, "listing": build(request, spec, rows, now=now)}
        return HttpResponse(render_to_string(template, values, request))
    found = _ordered(asked.narrow(rows), spec, _sort(spec, asked.params.get("sort", "")))
    if spec.on_export is not None:
        spec.on_export(request, fmt, counting.exact(found))
    return export(spec, found, list(spec.columns), fmt, now)


def _tab_counts(request: HttpRequest, spec: List, rows: Rows) -> SafeString:
    """The numbers of the tabs as out-of-band pieces, from one statement."""
    owner = int(request.user.pk) if request.user.is_authenticated else None
    keyed = [(view.key, view.query, view.late) for view in spec.views]
    keyed += [(str(view.pk), view.query, False) for view in saved.kept(owner, spec.name).views]
    narrowed = [conditions.read(request, spec, QueryDict(query)).narrow(rows) for _key, query, _l in keyed]
    pieces = [
        format_html(
            '<span class="zk-count{}" id="tab-{}" hx-swap-oob="true">{}</span>',
            " is-late" if late and number else "",
            key,
            words.capped(number),
        )
        for (key, _query, late), number in zip(keyed, counting.capped_each(narrowed), strict=True)
    ]
    return SafeString("".join(pieces))


def _row(spec: List, columns: list[Column], row: Any, now: dt.datetime) -> Row:
    href = spec.href(row) if spec.href is not None else ""
    cells: list[Cell] = []
    main = ' data-main=""'
    for column in columns:
        html = plain(column.cell(row, now))
        if column.link and href:
            html = format_html(
                '<a href="{}"{} class="{}">{}</a>', href, SafeString(main), _link(column), html
            )
            main = ""
        cells.append(Cell(column, html))
    return Row(row, row.pk, spec.row_name(row), cells)


def _link(column: Column) -> str:
    """Titles are ink, numbers are brand."""
    return "subj" if not column.width else "num"


def _ordered(rows: Rows, spec: List, sort: str) -> Rows:
    """Ordered by the column, then by key, so that no row shows twice or never across pages."""
    column = spec.column(sort.lstrip("-"))
    if column is None or not column.sort:
        return rows if rows.ordered else rows.order_by("-pk")
    turn = sort.startswith("-")
    names = [_turned(name) if turn else name for name in column.sort]
    if names[-1].lstrip("-") not in {"pk", "id"}:
        names.append("-pk" if names[-1].startswith("-") else "pk")
    return rows.order_by(*names)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _sort(spec: List, asked: str) -> str:
    column = spec.column(asked.lstrip("-"))
    return asked if column is not None and column.sort else spec.sort


def _size(asked: str, kept: int) -> int:
    number = _whole(asked)
    if number in saved.SIZES:
        return number
    return kept if kept in saved.SIZES else saved.SIZES[0]


def _whole(raw: str) -> int:
    return int(raw) if raw.isdecimal() and len(raw) < 8 else 0


def _joined(query: str, key: str) -> str:
    return f"{query}&view={key}" if query else f"view={key}"
