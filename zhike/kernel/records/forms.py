"""Official forms: what a trade declares once and the product then enters, submits, reviews, prints and exports.

A form is a list of fields and a layout in rows of cells on a grid of columns. Values are kept as JSON: text for all
simple kinds (money and numbers as written, days and moments in ISO 8601), a list of codes for `ticks`, a list of rows
for `table`, {"name", "at"} for `signature`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from zhike.kernel.records import series
from zhike.kernel.records.typesetting import typeset

Kind = Literal[
    "text",
    "long",
    "number",
    "figure",
    "money",
    "date",
    "moment",
    "choice",
    "ticks",
    "person",
    "phone",
    "table",
    "signature",
    "seal",
]
KINDS: frozenset[str] = frozenset(Kind.__args__)  # type: ignore[attr-defined]
OPTIONS = "_options"  # the key of a record's data under which the offered choices are kept


@dataclass(frozen=True)
class Option:
    """One choice of a field: its code, and its word in both languages."""

    code: str
    zh: str
    en: str = ""

    def label(self, lang: str) -> str:
        return (self.en or self.zh) if lang.startswith("en") else typeset(self.zh)


Options = Sequence[Option] | Callable[[Any], Sequence[Option]]


@dataclass(frozen=True)
class Field:
    """One figure of a form.

    `source` reads the value from the subject; without it people type it. `options` may be read from the subject, since
    the words of a manual differ by unit and version. `columns` are the fields of a `table`'s rows; `width` is the
    share of such a column. `long` values may have any length.
    """

    key: str
    zh: str
    en: str
    kind: Kind = "text"
    source: Callable[[Any], Any] | None = None
    options: Options = ()
    required: bool = False
    width: int = 1
    columns: tuple[Field, ...] = ()

    def label(self, lang: str) -> str:
        return (self.en or self.zh) if lang.startswith("en") else typeset(self.zh)

    def choices(self, subject: Any = None) -> list[Option]:
        return list(self.options(subject) if callable(self.options) else self.options)


@dataclass(frozen=True)
class Cell:
    """A label box with a value box to its right.

    The first key names the label; the values of all keys stand in the value box one under another, the later ones with
    their own labels (an opinion, then the signature under it). `span` counts columns of the value box; `tall` is the
    least height in millimetres; `vertical` writes the label downwards; `bare` leaves the label box out.
    """

    keys: tuple[str, ...]
    span: int = 1
    label_span: int = 1
    vertical: bool = False
    tall: int = 0
    bare: bool = False

    @property
    def width(self) -> int:
        return self.span + (0 if self.bare else self.label_span)


@dataclass(frozen=True)
class Band:
    """A heading across the sheet."""

    zh: str
    en: str


@dataclass(frozen=True)
class Lines:
    """The rows of a `table` field under a head that is repeated on every page; at least `least` lines."""

    key: str
    least: int = 0


Row = tuple[Cell, ...]


def cell(*keys: str, span: int = 1, tall: int = 0, vertical: bool = False, bare: bool = False) -> Cell:
    """Short for `Cell`, so that layouts read like the sheet."""
    return Cell(keys, span=span, tall=tall, vertical=vertical, bare=bare)


@dataclass(frozen=True)
class Form:
    """An official form of the register. Checked when registered."""

    code: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    layout: tuple[Row | Band | Lines, ...]
    columns: tuple[int, ...] = (12, 23, 12, 21, 12, 20)  # shares of the width, in percent
    series: str = ""  # rule of the numbers, where the subject gives none
    across: bool = False  # the sheet lies on its side: for tables of many columns
    reviewed: bool = False  # a second person must review it after it was submitted
    basis_zh: str = ""  # printed at the head when the caller names no clause
    basis_en: str = ""
    note_zh: str = ""
    note_en: str = ""
    by_key: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {one.key: one for one in self.fields})

    def title(self, lang: str) -> str:
        return (self.en or self.zh) if lang.startswith("en") else typeset(self.zh)

    def basis(self, lang: str) -> str:
        return (self.basis_en or self.basis_zh) if lang.startswith("en") else self.basis_zh

    def note(self, lang: str) -> str:
        return (self.note_en or self.note_zh) if lang.startswith("en") else typeset(self.note_zh)


class BadForm(ValueError):
    """A declaration contradicts itself: a mistake of the programmer, found at start."""


_forms: dict[str, Form] = {}


def register(form: Form) -> Form:
    """Make the form known under its code; BadForm when the declaration contradicts itself."""
    _check_declaration(form)
    known = _forms.get(form.code)
    if known is not None and known is not form and known != form:
        raise BadForm(f"form {form.code} is declared twice")
    _forms[form.code] = form
    return form


def get(code: str) -> Form | None:
    return _forms.get(code)


def all_forms() -> list[Form]:
    return [_forms[code] for code in sorted(_forms)]


def _check_declaration(form: Form) -> None:
    if len(form.by_key) != len(form.fields):
        raise BadForm(f"form {form.code} has two fields of one key")
    for one in form.fields:
        if one.kind not in KINDS:
            raise BadForm(f"field {one.key} of {form.code} has the unknown kind {one.kind}")
        if (one.kind == "table") != bool(one.columns):
            raise BadForm(f"field {one.key} of {form.code}: a table, and only a table, has columns")
        if one.key.startswith("_"):
            raise BadForm(f"field {one.key} of {form.code}: a key may not begin with _")
    if form.series:
        series.parse(form.series)
    for row in form.layout:
        _check_row(form, row)


def _check_row(form: Form, row: Row | Band | Lines) -> None:
    if isinstance(row, Band):
        return
    if isinstance(row, Lines):
        if row.key not in form.by_key or form.by_key[row.key].kind != "table":
            raise BadForm(f"layout of {form.code}: {row.key} is no table")
        return
    if sum(one.width for one in row) != len(form.columns):
        raise BadForm(
            f"layout of {form.code}: the row of {row[0].keys[0]} does not fill {len(form.columns)} columns"
        )
    for key in (key for one in row for key in one.keys):
        if key not in form.by_key or form.by_key[key].kind == "table":
            raise BadForm(f"layout of {form.code}: {key} is no field of a cell")
