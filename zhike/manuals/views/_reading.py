"""A regulation as a book, its source, its versions, one clause for the popover, and how it read before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from zhike.kernel import clock
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.worktime import calendars
from zhike.manuals import access, actions, printing, queries, reach
from zhike.people import access as people
from zhike.people.access import StaffRequest, staff_required
from zhike.people.models import business_day
from zhike.ui import answers, doors


@dataclass
class Page:
    """A clause with all that stands on it and beside it."""

    section: queries.Section
    blocks: list[queries.Dressed]
    live: queries.Live | None = None
    overdue: int = 0
    path: str = ""
    point: tuple[float, float] = (0, 0)
    links: dict[str, str] = field(default_factory=dict)
    more: list[tuple[str, str, int]] = field(default_factory=list)  # (address, label, how many) of the trades
    coming: ManualVersion | None = None
    flag: str = ""


def _version(pk: int) -> ManualVersion:
    return get_object_or_404(queries.manuals(), pk=pk)


def _english() -> bool:
    return (get_language() or "").startswith("en")


@staff_required()
def reader(request: StaffRequest, pk: int) -> HttpResponse:
    """A regulation as a book; every clause chip opens here. Opening it is kept as reading begun."""
    version, now = _version(pk), clock.now()
    reading = actions.open_reading(version=version, by=request.user.party, now=now)
    context = {
        **tabs(request, version, "read"),
        **_book(request, version, now),
        "reading": reading,
        "must_read": queries.must_read(version, request.user.party, business_day(now)),
        "share": queries.share(version, business_day(now)),
        "may_see_readers": people.may(request.user, access.READERS),
        "settable": access.settable(request.user),
    }
    return render(request, "manuals/reader.html", context)


def _book(request: StaffRequest, version: ManualVersion, now: dt.datetime) -> dict[str, Any]:
    """Clauses with their tables, figures and what is said beside them."""
    manual = inforce.manual_of(version.pk)
    unit = request.user.party.unit_id or 0
    day = calendars.local_day(now, unit)
    values = inforce.parameters_of(version.key, inforce.installed(unit), day)
    dresser = queries.Dresser(manual, english=_english(), values=values)
    sections = queries.sections_of(manual)
    scope = reach.of(people.standing(request.user), manual)
    found = queries.live(version, sections, scope=scope, now=now, months=_months(day, unit))
    coming, flags = queries.coming(version, business_day(now)), _flags(version)
    pages = []
    for section in sections:
        page = Page(section, dresser.dress(section), found.clauses[section.key])
        page.coming, page.flag = coming.get(section.key), flags.get(section.key, "")
        _beside(page, version)
        for block in page.blocks:
            for line in block.lines:
                line.hits = found.rows.get((block.name, line.number), 0) if block.has_hits else None
        pages.append(page)
    return {
        "version": version,
        "cover": pages[0] if pages and pages[0].section.depth == 1 else None,
        "pages": [page for page in pages if page.section.depth > 1 or page is not pages[0]],
        "owner": manual.owner,
        "unit": queries.house_of(unit) if unit in queries.units_bound(version.key) else None,
        "reach": queries.reach(version.key, day),
        "units": queries.units_with(version.key),
        "sees_cases": scope.units is None or bool(scope.units),
        "newest": inforce.versions_in_force(business_day(now)).get(version.key),
        "day": business_day(now),
    }


def _beside(page: Page, version: ManualVersion) -> None:
    live, key = page.live, page.section.key
    page.overdue = live.overdue if live else 0
    # a chapter repeats no figures of its clauses; a clause gathers those of its numbered parts
    if live is None or not live.any or (page.section.depth == 2 and not live.direct):
        page.live = None
        return
    if any(live.months):
        page.path, page.point = queries.curve(live.months)
    kinds = ["rulings", *queries.DUTIES, *(code for code, _label, _n in live.more)]
    page.links = {kind: reverse("manuals:figure", args=[version.pk, key, kind]) for kind in kinds}
    page.more = [(page.links[code], str(label), n) for code, label, n in live.more if n]


def _months(day: dt.date, unit: int) -> list[dt.datetime]:
    """The beginnings of this month and the eleven before it, oldest first, in the unit's time."""
    zone = calendars.calendar_for(unit).zone
    ordinal = day.year * 12 + day.month - 1
    firsts = (divmod(ordinal - back, 12) for back in range(11, -1, -1))
    return [dt.datetime(year, month + 1, 1, tzinfo=zone) for year, month in firsts]


def _flags(version: ManualVersion) -> dict[str, str]:
    """Clauses whose law has a newer edition, with the sentence that says so."""
    flags_of = getattr(queries, "flags_of", None)
    return dict(flags_of(version)) if flags_of else {}


def tabs(request: StaffRequest, version: ManualVersion, here: str) -> dict[str, Any]:
    """What the head of every page of one version shows; what is in force nowhere cannot be tried on cases."""
    in_force = version.key in inforce.versions_in_force(business_day(clock.now()))
    return {
        "version": version,
        "here": here,
        "english": _english(),
        "revise_url": doors.way(request.user, "manuals:revise", version.key),
        "whatif_url": doors.way(request.user, "manuals:whatif", version.key) if in_force else "",
    }


@staff_required()
def clause(request: StaffRequest, pk: int, number: str) -> HttpResponse:
    """The text of one clause, for the popover of a chip."""
    version, section = _clause(pk, number)
    manual = inforce.manual_of(version.pk)
    dresser = queries.Dresser(manual, english=_english())
    blocks = [block for block in dresser.dress(section) if block.kind in {"text", "items"}]
    tables = [block.name for block in dresser.dress(section) if block.kind not in {"text", "items"}]
    context = {
        "version": version,
        "section": section,
        "blocks": blocks,
        "tables": tables,
        "english": _english(),
    }
    return answers.page(request, "manuals/clause.html#card", context)


@staff_required()
def parameter(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """One figure of a manual for the popover: its value, the range, the value at the reader's unit."""
    version = _version(pk)
    manual = inforce.manual_of(version.pk)
    if name not in manual.params:
        raise Http404
    unit = request.user.party.unit_id or 0
    values = inforce.parameters_of(
        version.key, inforce.installed(unit), calendars.local_day(clock.now(), unit)
    )
    figure = queries.Dresser(manual, english=_english(), values=values).figure(manual.params[name])
    section = queries.clause_of(queries.sections_of(manual), figure.clause)
    context = {
        "version": version,
        "figure": figure,
        "unit": queries.house_of(request.user.party.unit_id),
        "section": section,
    }
    return answers.page(request, "manuals/parameter.html#card", context)


@staff_required()
def history(request: StaffRequest, pk: int, number: str) -> HttpResponse:
    """How a clause read in each version that changed it."""
    version, section = _clause(pk, number)
    wordings = queries.wordings(version, section.key)
    context = {**tabs(request, version, "versions"), "section": section, "wordings": wordings}
    return answers.page(request, "manuals/history.html#wordings", context)


def _clause(pk: int, number: str) -> tuple[ManualVersion, queries.Section]:
    version = _version(pk)
    found = queries.clause_of(queries.sections_of_version(version), number)
    if found is None:
        raise Http404
    return version, found


@staff_required()
def source(request: StaffRequest, pk: int) -> HttpResponse:
    """The file as it is executed, with the numbers of its lines; `?download=1` gives the file."""
    version = get_object_or_404(ManualVersion, pk=pk, state=ManualVersion.State.PUBLISHED)
    if "download" in request.GET:
        response = HttpResponse(version.text, content_type="text/markdown; charset=utf-8")
        name = f"{version.title}-{version.number}.md"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response
    lines = [(number, _kind(text), text) for number, text in enumerate(version.text.splitlines(), 1)]
    return render(request, "manuals/source.html", {**tabs(request, version, "source"), "lines": lines})


def _kind(line: str) -> str:
    for sign, kind in (("#", "h"), ("@", "d"), ("＠", "d"), ("|", "t"), ("> en:", "g"), ("---", "m")):
        if line.startswith(sign):
            return kind
    return ""


@staff_required()
def versions(request: StaffRequest, pk: int) -> HttpResponse:
    """Every version: its days, who signed it, and what it changed."""
    version = _version(pk)
    editions = queries.editions(version.key, business_day(clock.now()))
    return render(
        request, "manuals/versions.html", {**tabs(request, version, "versions"), "editions": editions}
    )


@staff_required()
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """The regulation as a PDF in A4, with cover, contents and pages numbered."""
    version, now = _version(pk), clock.now()
    unit = request.user.party.unit_id or 0
    file = printing.book(version, now=now, day=calendars.local_day(now, unit), english=_english())
    response = HttpResponse(file, content_type="application/pdf")
    name = f"{version.title}-{version.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
