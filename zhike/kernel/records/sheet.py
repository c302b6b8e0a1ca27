"""A form and its values laid out as plain data, the same for PDF, Word, Excel and screen.

`lay_out` gives {"lang", "organisation", "title", "meta": [left, middle, right], "columns": [percent], "body": [...],
"note", "printed", "watermark", "across"}. A body part is {"kind": "grid", "rows": [{"tall": mm, "cells": [...]}]} or
{"kind": "lines", "widths", "head", "rows"}. A cell is a label {"kind": "label", "text", "span", "vertical"} or a value
{"kind": "value", "span", "blocks": [...]}; blocks are "text", "ticks", "sign" and "seal".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from zhike.kernel.parties.secret import mask_phone
from zhike.kernel.records import values
from zhike.kernel.records.forms import OPTIONS, Band, Cell, Field, Form, Lines
from zhike.kernel.records.typesetting import typeset

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """What stands around the values: whose sheet it is, its number, its clause, who printed it and when."""

    organisation: str = ""
    number: str = ""
    basis: str = ""  # such as 《顾客投诉管理办法》第 2 版 三(五)1
    printer: str = ""
    printed_at: dt.datetime | None = None
    check_code: str = ""
    watermark: str = ""
    tz: ZoneInfo = field(default_factory=lambda: ZoneInfo(settings.TIME_ZONE))


@dataclass(frozen=True)
class _Pen:
    """One form being written in one language."""

    form: Form
    data: Data
    lang: str
    tz: ZoneInfo

    @property
    def english(self) -> bool:
        return self.lang.startswith("en")

    def say(self, zh: str, en: str) -> str:
        return en if self.english else typeset(zh)


def lay_out(form: Form, data: Data, lang: str, head: Head) -> dict[str, Any]:
    """See the top of this module. Nothing in the answer is markup; every text is printed as it stands."""
    pen = _Pen(form, data, lang, head.tz)
    organisation = head.organisation
    colon = pen.say("：", ": ")
    basis = head.basis or form.basis(lang)
    return {
        "lang": "en" if pen.english else "zh",
        "organisation": organisation,
        "title": form.title(lang),
        "meta": [
            pen.say("表号", "Form") + colon + form.code,
            pen.say("依据", "Under") + colon + basis if basis else "",
            pen.say("编号", "No.") + colon,
        ],
        "number": head.number,
        "columns": list(form.columns),
        "body": _body(pen),
        "note": pen.say("说明：", "Note: ") + form.note(lang) if form.note(lang) else "",
        "printed": _printed(pen, head),
        "colon": colon,
        "page": pen.say("第 {} 页 共 {} 页", "Page {} of {}"),
        "watermark": head.watermark,
        "across": form.across,
    }


def _printed(pen: _Pen, head: Head) -> str:
    parts = []
    if head.printer or head.printed_at:
        at = f"{head.printed_at.astimezone(head.tz):%Y-%m-%d %H:%M}" if head.printed_at else ""
        parts.append(pen.say("打印：", "Printed: ") + f"{head.printer} {at}".strip())
    if head.check_code:
        parts.append(pen.say("核验码 ", "Check code ") + head.check_code)
    return "　　".join(parts)


def _body(pen: _Pen) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for row in pen.form.layout:
        if isinstance(row, Lines):
            parts.append(_lines(pen, pen.form.by_key[row.key], row.least))
            continue
        if not parts or parts[-1]["kind"] != "grid":
            parts.append({"kind": "grid", "rows": []})
        parts[-1]["rows"].append(_band(pen, row) if isinstance(row, Band) else _row(pen, row))
    return parts


def _band(pen: _Pen, band: Band) -> dict[str, Any]:
    cell = {"kind": "band", "text": pen.say(band.zh, band.en or band.zh), "span": len(pen.form.columns)}
    return {"tall": 0, "cells": [cell]}


def _row(pen: _Pen, row: tuple[Cell, ...]) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    for one in row:
        first = pen.form.by_key[one.keys[0]]
        if not one.bare:
            label = first.label(pen.lang)
            cells.append(
                {
                    "kind": "label",
                    "text": label if pen.english else _spread(label),
                    "span": one.label_span,
                    "vertical": one.vertical and not pen.english,
                }
            )
        blocks = [
            _block(pen, pen.form.by_key[key], place > 0 or one.bare) for place, key in enumerate(one.keys)
        ]
        kinds = {block["kind"] for block in blocks}
        cells.append(
            {
                "kind": "value",
                "span": one.span,
                "blocks": blocks,
                "top": one.tall > 0 and kinds != {"seal"},
                "tall": one.tall,
                "has_seal": "seal" in kinds,
                "only_seal": kinds == {"seal"},
            }
        )
    return {"tall": max(one.tall for one in row), "cells": cells}


def _spread(label: str) -> str:
    """地址 -> 地　　址: two characters take the width of four, as on printed forms."""
    return f"{label[0]}　　{label[1]}" if re.fullmatch(r"[一-鿿]{2}", label) else label


def _block(pen: _Pen, one: Field, labelled: bool) -> dict[str, Any]:
    value = pen.data.get(one.key)
    label = one.label(pen.lang)
    if one.kind == "ticks":
        return {"kind": "ticks", "label": label if labelled else "", "items": _ticks(pen, one, value)}
    if one.kind == "signature":
        return {"kind": "sign", "label": label if labelled else "", **_signed(pen, value)}
    if one.kind == "seal":
        return {"kind": "seal", "text": label}
    return {"kind": "text", "label": label if labelled else "", "text": words(pen, one, value)}


def _offered(pen: _Pen, one: Field) -> dict[str, str]:
    """Code -> word, as the form offered it then, or as it is declared now."""
    kept = pen.data.get(OPTIONS, {}).get(one.key)
    if kept is None:
        kept = (
            [[choice.code, choice.zh, choice.en] for choice in one.choices()]
            if not callable(one.options)
            else []
        )
    return {code: pen.say(zh, en or zh) for code, zh, en in kept}


def _ticks(pen: _Pen, one: Field, value: Any) -> list[list[Any]]:
    chosen = [value] if isinstance(value, str) else list(value or [])
    offered = _offered(pen, one)
    items: list[list[Any]] = [[code in chosen, word] for code, word in offered.items()]
    return items + [[True, code] for code in chosen if code and code not in offered]


def _signed(pen: _Pen, value: Any) -> dict[str, str]:
    name = values.printable(str(value.get("name", "") if isinstance(value, Mapping) else value or ""))
    at = value.get("at", "") if isinstance(value, Mapping) else ""
    blank = pen.say("　　年　月　日", "Date: ________")
    return {"name": name, "date": _moment(pen, at, day_only=True) if at else blank}


def words(pen: _Pen, one: Field, value: Any) -> str:
    """A value as it is printed."""
    if value in (None, ""):
        return ""
    text = values.printable(str(value))
    if one.kind == "money":
        amount = values.number(text)
        return text if amount is None else f"{amount:,.2f}{_currency(pen, one)}"
    if one.kind == "date":
        return _day(pen, text)
    if one.kind == "moment":
        return _moment(pen, text)
    if one.kind == "choice":
        return _offered(pen, one).get(text, text)
    return _masked(text) if one.kind == "phone" else text


def _currency(pen: _Pen, one: Field) -> str:
    """Nothing where the label names it already, as in 货值(元)."""
    unit = pen.say("元", "yuan")
    return "" if unit in one.label(pen.lang) else f" {unit}"


def _masked(text: str) -> str:
    """A full number never reaches a sheet, whatever was saved: 138 1234 5678 -> 138****5678."""
    return re.sub(r"\d(?:[ -]?\d){6,}", lambda found: mask_phone(re.sub(r"\D", "", found[0])), text)


def _day(pen: _Pen, text: str) -> str:
    day = values.day(text)
    if day is None:
        return text
    return f"{day:%Y-%m-%d}" if pen.english else f"{day.year} 年 {day.month} 月 {day.day} 日"


def _moment(pen: _Pen, text: str, day_only: bool = False) -> str:
    found = values.moment(text)
    if found is None:
        return _day(pen, text)
    at = found.astimezone(pen.tz)
    day = f"{at:%Y-%m-%d}" if pen.english else f"{at.year} 年 {at.month} 月 {at.day} 日"
    if day_only:
        return day
    return f"{day} {at:%H:%M}" if pen.english else f"{day} {at:%H} 时 {at:%M} 分"


def _short(pen: _Pen, one: Field, value: Any) -> str:
    """A value in a line of a table: there is no room for a day or a moment in words."""
    if one.kind in {"date", "moment"} and value:
        text = values.printable(str(value))
        if one.kind == "moment" and (at := values.moment(text)) is not None:
            return f"{at.astimezone(pen.tz):%Y-%m-%d %H:%M}"
        day = values.day(text)
        return text if day is None else f"{day:%Y-%m-%d}"
    return words(pen, one, value)


def _lines(pen: _Pen, table: Field, least: int) -> dict[str, Any]:
    given = pen.data.get(table.key) or []
    rows = [[_short(pen, one, row.get(one.key)) for one in table.columns] for row in given]
    rows += [[""] * len(table.columns)] * max(0, least - len(rows))
    return {
        "kind": "lines",
        "title": table.label(pen.lang),
        "widths": [one.width for one in table.columns],
        "right": [one.kind in {"number", "money", "figure"} for one in table.columns],
        "head": [one.label(pen.lang) for one in table.columns],
        "rows": rows,
    }
