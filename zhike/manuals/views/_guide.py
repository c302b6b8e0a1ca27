"""The guide for writing a regulation, as it stands in the documentation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from zhike.manuals import guide
from zhike.people.access import StaffRequest, staff_required

FOLDER = Path(settings.BASE_DIR) / "docs"
FILES = {
    "member-complaints.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "member-complaints.md": "text/markdown; charset=utf-8",
}


@cache
def _rendered(name: str) -> tuple[SafeString, tuple[guide.Heading, ...]]:
    html, headings = guide.as_page((FOLDER / name).read_text(encoding="utf-8"), files="files/")
    return mark_safe(html), headings  # our own document; raw HTML in it is off


@staff_required()
def how_to_write(request: StaffRequest) -> HttpResponse:
    """From a Word regulation to a running one, in the reader's language."""
    name = "write-a-manual.en.md" if get_language() == "en" else "write-a-manual.md"
    html, headings = _rendered(name)
    return render(request, "manuals/guide.html", {"html": html, "headings": headings})


@staff_required()
def guide_file(request: StaffRequest, name: str) -> FileResponse:
    """The files of the worked example."""
    if name not in FILES:
        raise Http404
    file = (FOLDER / "write-a-manual" / name).open("rb")
    return FileResponse(file, as_attachment=True, filename=name, content_type=FILES[name])
