"""Official forms on paper and in files: PDF by typst, Word, Excel, and HTML for the preview page."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from zhike.kernel.parties.models import Unit
from zhike.kernel.records.forms import Form
from zhike.kernel.records.models import Record
from zhike.kernel.records.sheet import Head, lay_out

if TYPE_CHECKING:
    import typst

Kind = Literal["pdf", "docx", "xlsx", "html"]
CONTENT_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
# In this order; the first that the machine has is used, the next ones fill in what it lacks.
FACES = (
    "Source Han Serif SC",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "SimSun",
    "Songti SC",
    "STSong",
    "Source Han Sans SC",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
)
TEMPLATE = Path(__file__).with_name("form.typ")


class NoChineseFont(Exception):
    """The machine has none of FACES, so a PDF would show empty boxes instead of Chinese."""


def faces() -> list[str]:
    """The Chinese faces of this machine, best first; NoChineseFont with what to install when there is none."""
    have = _families()
    found = [face for face in FACES if face in have]
    if not found:
        raise NoChineseFont(
            _("No Chinese font is installed, so forms cannot be printed. Install the package fonts-noto-cjk.")
        )
    return found


def chinese_font() -> str:
    """The face that forms are printed in; NoChineseFont when there is none."""
    return faces()[0]


def _folders() -> list[str]:
    return [str(folder) for folder in getattr(settings, "FONT_FOLDERS", [])]


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    import typst

    return frozenset(typst.Fonts(font_paths=_folders()).families())


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One compiler for the process: it reads the fonts of the machine once."""
    import typst

    return typst.Compiler(input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=_folders())


@dataclass(frozen=True)
class Picture:
    """A JPEG or PNG that follows the form: where its bytes are, what it is called, its address on the screen."""

    path: Path
    name: str
    url: str = ""


def render(
    form: Form,
    what: Record | Mapping[str, Any],
    *,
    kind: Kind = "pdf",
    lang: str = "zh-hans",
    head: Head | None = None,
    pictures: Sequence[Picture] = (),
) -> bytes:
    """The filled-in form as a file of `kind`.

    A record brings its number, organisation, check code and, as a draft or void, its watermark; `head` adds clause,
    printer and moment, and wins where it says something. HTML is a fragment `<article class="zk-a4">` in UTF-8.
    Raises NoChineseFont for a PDF on a machine without a face.
    """
    data, top = (
        (what.data, record_head(what, lang, head)) if isinstance(what, Record) else (what, head or Head())
    )
    sheet = lay_out(form, data, lang, top)
    # these two (and typst below) bring libraries of some 20 MiB, which a web worker that prints nothing does without
    if kind == "docx":
        from zhike.kernel.records.word import document

        return document(sheet, pictures)
    if kind == "xlsx":
        from zhike.kernel.records.excel import workbook

        return workbook(sheet, pictures)
    if kind == "html":
        return render_to_string("records/sheet.html", {"sheet": sheet, "pictures": pictures}).encode()
    return _pdf([sheet], pictures)


def render_many(
    form: Form, sheets: Sequence[tuple[Mapping[str, Any], Head]], *, lang: str = "zh-hans"
) -> bytes:
    """Many filled-in sheets of one form as one PDF, each with its own head and page numbers. Raises NoChineseFont."""
    return _pdf([lay_out(form, data, lang, head) for data, head in sheets])


def _pdf(sheets: list[dict[str, Any]], pictures: Sequence[Picture] = ()) -> bytes:
    """`pictures` stand behind the last sheet."""
    inputs = {"sheets": json.dumps(sheets, ensure_ascii=False), "faces": json.dumps(faces())}
    if not pictures:
        made = _compiler().compile(format="pdf", sys_inputs=inputs)
        assert isinstance(made, bytes)
        return made
    import typst

    # typst reads no file outside its root, so the pictures are laid beside a copy of the form
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(TEMPLATE, root / TEMPLATE.name)
        laid = [{"file": f"{place}", "name": one.name} for place, one in enumerate(pictures)]
        for place, one in enumerate(pictures):
            shutil.copy(one.path, root / f"{place}")
        inputs["pictures"] = json.dumps(laid, ensure_ascii=False)
        return typst.compile(
            str(root / TEMPLATE.name), root=folder, font_paths=_folders(), format="pdf", sys_inputs=inputs
        )


def record_head(record: Record, lang: str, head: Head | None = None) -> Head:
    """The head of a record's sheet, filled up from the record where `head` says nothing."""
    given = head or Head()
    with translation.override("en" if lang.startswith("en") else "zh-hans"):
        marks = {Record.State.DRAFT: _("Draft"), Record.State.VOID: _("Void")}
        organisation = given.organisation or organisation_of(record.unit)
        watermark = given.watermark or str(marks.get(Record.State(record.state), ""))
    return replace(
        given,
        organisation=organisation,
        number=given.number or record.number,
        check_code=given.check_code or check_code(record),
        watermark=watermark,
    )


def organisation_of(unit: Unit) -> str:
    """The company in whose name a unit's sheets are printed: the nearest company, branch or group above it."""
    above = {one.pk: one for one in Unit.objects.filter(pk__in=unit.line)}
    for pk in unit.line:
        if pk in above and above[pk].kind in {Unit.Kind.COMPANY, Unit.Kind.BRANCH, Unit.Kind.GROUP}:
            return above[pk].label
    return unit.label


def check_code(record: Record) -> str:
    """Eight signs that only this installation can make for these values: shows a paper that was changed."""
    text = json.dumps([record.form, record.number, record.data], sort_keys=True, ensure_ascii=False)
    code = salted_hmac("zhike.records.check", text, algorithm="sha256").hexdigest()[:8].upper()
    return f"{code[:4]}-{code[4:]}"


def file_name(form: Form, number: str, kind: Kind, lang: str = "zh-hans") -> str:
    """Such as 顾客投诉记录 TS-202609-0001.pdf."""
    return f"{form.title(lang)} {number}".strip().replace("/", "-") + f".{kind}"
