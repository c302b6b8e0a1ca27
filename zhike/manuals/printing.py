"""A regulation on paper: a PDF in A4 by typst, with cover, sign-off block, contents, clauses and tables."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.records.printing import faces
from zhike.manuals import queries
from zhike.manuals.models import Revision

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("book.typ")


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One compiler for the process: it reads the fonts of the machine once."""
    import typst

    folders = [str(folder) for folder in getattr(settings, "FONT_FOLDERS", [])]
    return typst.Compiler(input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=folders)


def book(version: ManualVersion, *, now: dt.datetime, day: dt.date, english: bool) -> bytes:
    """The version as a PDF, with the figures of the regulation itself. Raises NoChineseFont."""
    inputs = {
        "book": json.dumps(laid_out(version, day=day, english=english), ensure_ascii=False),
        "faces": json.dumps(faces()),
    }
    made = _compiler().compile(format="pdf", sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


def laid_out(version: ManualVersion, *, day: dt.date, english: bool) -> dict[str, Any]:
    """All that the template prints, as data; texts are never read as markup."""
    manual = inforce.manual_of(version.pk)
    dresser = queries.Dresser(manual, english=english)
    clauses = []
    for section in queries.sections_of(manual):
        blocks = [_block(block, english=english) for block in dresser.dress(section)]
        clauses.append(
            {
                "number": section.number,
                "name": section.name,
                "depth": section.depth,
                "gist": section.gist if english else "",
                "blocks": blocks,
            }
        )
    number = str(manual.meta.get("number") or "")
    return {
        "lang": "en" if english else "zh",
        "title": version.title,
        "title_en": version.title_en if english else "",
        "meta": [
            [_("Version"), str(version.number)],
            *([[_("Number"), number]] if number else []),
            [_("Takes effect on"), version.effective_on.isoformat()],
            *([[_("Executing department"), manual.owner]] if manual.owner else []),
        ],
        "signs": _signs(version),
        "contents": _("Contents"),
        "page": _("Page {} of {}"),
        "foot": _("Printed %(day)s; a printed copy is not kept up to date.") % {"day": day.isoformat()},
        "clauses": clauses,
    }


def _signs(version: ManualVersion) -> list[list[str]]:
    """The sign-off block (FM002-41): who prepared, reviewed and approved, and when; lines to sign without it."""
    rows = Revision.objects.select_related("prepared_by", "reviewed_by", "approved_by")
    row = rows.filter(version=version).first()
    names = (
        pgettext("sign-off", "Prepared"),
        pgettext("sign-off", "Reviewed"),
        pgettext("sign-off", "Approved"),
    )
    if row is None:
        return [[name, "", ""] for name in names]
    signed = (
        (row.prepared_by, row.asked_at),
        (row.reviewed_by, row.reviewed_at),
        (row.approved_by, row.approved_at),
    )
    return [
        [name, str(who or ""), f"{at:%Y-%m-%d}" if at else ""]
        for name, (who, at) in zip(names, signed, strict=True)
    ]


def _block(block: queries.Dressed, *, english: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": block.kind,
        "name": block.name,
        "note": block.note,
        "text": block.block.text,
    }
    said["items"], said["ordered"] = block.block.items, block.block.ordered
    said["groups"] = [[group, [[word, note] for word, note in words]] for group, words in block.groups]
    if block.kind == "figures":
        said |= _figures(block)
    else:
        said["head"] = [[label, kind] for label, kind in block.head]
        said["rows"] = [[[cell.text, cell.kind] for cell in line.cells] for line in block.lines]
        said["notes"] = [f"{one.said}: {one.value}" for one in block.figures]
    if block.kind == "examples":
        said["name"] = _("Examples of “%(name)s”") % {"name": block.name}
    if block.kind == "ladder":
        said["name"] = _("When it is not done in time")
    return said


def _figures(block: queries.Dressed) -> dict[str, Any]:
    labels = {"bound": _("Units may set"), "clause": _("Clause"), "note": _("Note")}
    more = [name for name in labels if name in block.columns]
    head = [
        [_("Name"), ""],
        [pgettext("of a figure", "Value"), "out"],
        *([labels[name], ""] for name in more),
    ]
    rows = [
        [[one.said, ""], [one.value, "out"], *([getattr(one, name) or _dash(name), ""] for name in more)]
        for one in block.figures
    ]
    name = _("Figures: %(name)s") % {"name": block.name}
    return {"kind": "table", "name": name, "note": "", "head": head, "rows": rows, "notes": []}


def _dash(column: str) -> str:
    return _("fixed") if column == "bound" else ""
