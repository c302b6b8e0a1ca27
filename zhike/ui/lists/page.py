"""The one call that answers every request for a list: the page, its part, the counts of its tabs, a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhike.ui import answers, saved, words
from zhike.ui.markup import escape, format_html

from . import background, conditions, counting, walking
from .declare import Column, List, Rows, plain
from .export import FORMATS, export
from .listing import Listing, Row, allowed
from .selection import selected

PART = "ui/components/listing.html"


def answer(
    request: HttpRequest,
    spec: List,
    rows: Rows,
    template: str,
    *,
    now: dt.datetime,
    context: dict[str, Any] | None = None,
    halves: counting.Halves | None = None,
) -> HttpResponseBase:
    """Answer a request for the list: the page, the list only (htmx), the counts of the tabs, or a file.

    `rows` must already be cut to the scope of the person. `template` extends `ui/list.html`. By `halves` of
    the rows they are counted quickly (`counting.capped_each`).
    """
    if request.GET.get("part") == "counts":
        return HttpResponse(_tab_counts(request, spec, rows, halves))
    fmt = request.GET.get("export", "")
    if fmt in FORMATS:
        return _export(request, spec, rows, fmt, now, template, context or {})
    listing = build(request, spec, rows, now=now, halves=halves)
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
    found = _joined(_ordered(chosen.rows, spec, spec.sort), spec.columns)
    refusal = _before_leaving(request, spec, fmt, found)
    if refusal:
        return answers.refuse(request, refusal, then=request.path)
    return export(spec, found, list(spec.columns), fmt, now, mark=_mark(request, spec, now))


def build(
    request: HttpRequest,
    spec: List,
    rows: Rows,
    *,
    now: dt.datetime,
    halves: counting.Halves | None = None,
) -> Listing:
    """One page of the list: two queries for what the person keeps, one count, one for the rows."""
    owner = int(request.user.pk) if request.user.is_authenticated else None
    kept = saved.kept(owner, spec.name)
    asked = conditions.read(request, spec)
    found = asked.narrow(rows)
    is_exact = asked.params.get("count") == "exact"
    number = (
        counting.exact(found)
        if is_exact
        else counting.capped(found, None if halves is None else _narrowed(asked, halves))
    )
    size = _size(asked.params.get("size", ""), kept.size)
    last = max(1, -(-min(number, words.CAP) // size))
    page = min(_whole(asked.params.get("page", "")) or 1, last)
    sort = _sort(spec, asked.params.get("sort", ""))
    columns = visible(spec, kept)
    first, ordered = (page - 1) * size, _joined(_ordered(found, spec, sort), columns)
    chosen = walking.page(ordered, first, first + size, many=number > words.CAP) if number else []
    if spec.prepare is not None and chosen:
        spec.prepare(chosen)
    ticks = bool(allowed(spec, request))
    shown = [_row(spec, columns, row, now, ticks) for row in chosen]
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
    found = _joined(
        _ordered(asked.narrow(rows), spec, _sort(spec, asked.params.get("sort", ""))), spec.columns
    )
    if background.is_large(request, found):
        return background.order(request, spec, asked, fmt, now)
    refusal = _before_leaving(request, spec, fmt, found)
    if refusal:
        return answers.refuse(request, refusal, then=request.path)
    return export(spec, found, list(spec.columns), fmt, now, mark=_mark(request, spec, now))


def _before_leaving(request: HttpRequest, spec: List, fmt: str, rows: Rows) -> str:
    """Log the file; why it may not leave, or ""."""
    number = counting.exact(rows) if spec.on_export is not None or spec.guard_export is not None else 0
    refusal = spec.guard_export(request, fmt, rows, number) if spec.guard_export is not None else ""
    if not refusal and spec.on_export is not None:
        spec.on_export(request, fmt, number)
    return refusal


def _mark(request: HttpRequest, spec: List, now: dt.datetime) -> str:
    return f"{request.user} {timezone.localtime(now):%Y-%m-%d %H:%M}" if spec.marked else ""


def _narrowed(asked: conditions.Asked, halves: counting.Halves) -> counting.Halves:
    return asked.narrow(halves[0]), asked.narrow(halves[1])


def _tab_counts(request: HttpRequest, spec: List, rows: Rows, halves: counting.Halves | None) -> SafeString:
    """The numbers of the tabs as out-of-band pieces, from one statement."""
    owner = int(request.user.pk) if request.user.is_authenticated else None
    keyed = [(view.key, view.query, view.late) for view in spec.views]
    keyed += [(str(view.pk), view.query, False) for view in saved.kept(owner, spec.name).views]
    views = [conditions.read(request, spec, QueryDict(query)) for _key, query, _l in keyed]
    each = None if halves is None else [_narrowed(view, halves) for view in views]
    numbers = counting.capped_each([view.narrow(rows) for view in views], each)
    pieces = [
        format_html(
            '<span class="zk-count{}" id="tab-{}" hx-swap-oob="true">{}</span>',
            " is-late" if late and number else "",
            key,
            words.capped(number),
        )
        for (key, _query, late), number in zip(keyed, numbers, strict=True)
    ]
    return SafeString("".join(pieces))


def _row(spec: List, columns: list[Column], row: Any, now: dt.datetime, ticks: bool) -> Row:
    href = escape(spec.href(row)) if spec.href is not None else ""
    name = spec.row_name(row)
    pieces = [f'<tr data-row="{row.pk}">']
    if ticks:
        label = escape(_("Select %(name)s") % {"name": name})
        pieces.append(
            f'<td class="ph-pick"><input class="form-check-input pick" type="checkbox" name="pick" value="{row.pk}"'
            f' aria-label="{label}"></td>'
        )
    main = " data-main"
    for column in columns:
        html = escape(plain(column.cell(row, now)))
        if column.link and href:
            # titles are ink, numbers are brand
            kind = "num" if column.width else "subj"
            html = SafeString(f'<a href="{href}"{main} class="{kind}">{html}</a>')
            main = ""
        # a figure on the card of a phone has no head above it
        said = f' data-label="{escape(str(column.label))}"' if column.numeric else ""
        pieces.append(f'<td class="{column.classes}"{said}>{html}</td>')
    pieces.append("</tr>")
    return Row(row, row.pk, name, SafeString("".join(pieces)))


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


def _joined(rows: Rows, columns: Sequence[Column]) -> Rows:
    """With the related rows that these columns read: PostgreSQL plans each table more for milliseconds."""
    names = {name for column in columns for name in column.joins}
    return rows.select_related(*sorted(names)) if names else rows


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
