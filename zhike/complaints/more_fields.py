"""The fields that a manual's 登记事项 adds to the registration, as form fields and in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal

from .regime import SEPARATOR, SEVERAL, Regime, cell_of, chosen, kind_of, label_of

PREFIX = "more_"
Given = str | bool | list[str]  # by a program
LONGEST = 2000


def form_fields(regime: Regime) -> dict[str, forms.Field]:
    """Name in the form to field, in the order of the manual."""
    return {f"{PREFIX}{row.word.code}": _field(row, regime) for row in regime.fields}


@dataclass(frozen=True)
class Described:
    """A field for a program; `kind` is the word of the manual, `list_name` where its words come from."""

    code: str
    label: str
    kind: str
    is_required: bool
    list_name: str


def described(regime: Regime) -> list[Described]:
    return [
        Described(row.word.code, label_of(row.word), kind, is_required(row), list_name)
        for row in regime.fields
        for kind, list_name in [kind_of(row)]
    ]


def is_required(row: model.ListRow) -> bool:
    return cell_of(row, "必填") in {"是", "yes"}


def missing(regime: Regime, more: Mapping[str, Any], held: Set[str]) -> list[str]:
    """Labels of fields that were left empty though 必填 says 是, or names a class or item that the case is of."""
    return [
        label_of(row.word)
        for row in regime.fields
        if more.get(row.word.code) in (None, "")
        and (is_required(row) or not held.isdisjoint(cell_of(row, "必填").split("、")))
    ]


def strange(regime: Regime, more: Mapping[str, Any]) -> list[str]:
    """Labels of fields with a word that their list lacks; a form never sends one, a program may."""
    return [
        label_of(row.word)
        for row in regime.fields
        for kind, list_name in [kind_of(row)]
        if kind in {"选项", SEVERAL}
        and not {word.code for word in regime.words(list_name)}.issuperset(chosen(more.get(row.word.code)))
    ]


def _field(row: model.ListRow, regime: Regime) -> forms.Field:
    kind, list_name = kind_of(row)
    common: dict[str, Any] = {"label": label_of(row.word), "required": is_required(row)}
    if kind == "是否":
        if common["required"]:  # a tick that must be set, such as the apology
            return forms.BooleanField(**common)
        choices = [("", _("Not known")), ("是", _("Yes")), ("否", _("No"))]
        return forms.ChoiceField(**common, choices=choices)
    if kind == "选项":
        return forms.ChoiceField(**common, choices=[("", "—"), *regime.choices(list_name)])
    if kind == SEVERAL:
        several = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(**common, choices=regime.choices(list_name), widget=several)
    if kind == "日期":
        return forms.DateField(**common, widget=forms.DateInput(attrs={"type": "date"}))
    if kind in {"数字", "金额"}:
        return forms.DecimalField(**common, min_value=0, max_digits=14, decimal_places=2)
    widget = forms.Textarea(attrs={"rows": 2}) if kind == "多行" else forms.TextInput()
    return forms.CharField(**common, max_length=LONGEST, widget=widget)


def taken_from(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, by code, as it is stored: text, 是 and 否, days in ISO form."""
    return {
        name.removeprefix(PREFIX): stored
        for name, value in cleaned.items()
        if name.startswith(PREFIX) and (stored := _stored(value)) != ""
    }


def _stored(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else ""
    if isinstance(value, list):
        return SEPARATOR.join(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class Unreadable(Exception):
    """What a program gave for a field that cannot be kept; `field` is its code."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def from_program(regime: Regime, given: Mapping[str, Given]) -> dict[str, Any]:
    """What a program gives, by the code of the field, as it is stored; a word may be its code or its name in either language.

    Raises Unreadable with one sentence at the first field that is wrong.
    """
    rows = {row.word.code: row for row in regime.fields}
    found = {}
    for code, value in given.items():
        if code not in rows:
            known = _(", ").join(rows) or "—"
            raise Unreadable(code, _("“%(code)s” is no field of this regulation. It has: %(known)s.") % {"code": code, "known": known})  # fmt: skip
        try:
            found[code] = _stored(_cleaned(rows[code], regime, value))
        except forms.ValidationError as wrong:
            said = _("%(field)s: %(problem)s") % {"field": label_of(rows[code].word), "problem": " ".join(wrong.messages)}  # fmt: skip
            raise Unreadable(code, said) from wrong
    return {code: text for code, text in found.items() if text != ""}


def _cleaned(row: model.ListRow, regime: Regime, value: Given) -> Any:
    """As the form of the pages takes it. Raises forms.ValidationError."""
    kind, list_name = kind_of(row)
    if kind == "是否":
        return _yes_or_no(value)
    if kind == SEVERAL:
        several = value if isinstance(value, list) else chosen(value)
        codes = {_code_of(regime, list_name, one) for one in several}
        return [word.code for word in regime.words(list_name) if word.code in codes]
    if isinstance(value, list):
        raise forms.ValidationError(_("This field takes one value, not a list."))
    if kind == "选项":
        return _code_of(regime, list_name, str(value)) if value != "" else ""
    field = _field(row, regime)
    field.required = False  # what is missing is said for all fields at once
    return field.clean(str(value))


def _yes_or_no(value: Given) -> str:
    said = {True: "是", False: "否", "是": "是", "否": "否", "yes": "是", "no": "否", "": ""}
    if isinstance(value, list) or value not in said:
        raise forms.ValidationError(_("Say true or false."))
    return said[value]


def _code_of(regime: Regime, list_name: str, said: str) -> str:
    words = regime.words(list_name)
    found = next((word.code for word in words if normal(said) in {word.code, word.name, word.en}), None)
    if found is None:
        offered = _(", ").join(word.code for word in words)
        raise forms.ValidationError(_("“%(said)s” is none of its words: %(codes)s.") % {"said": said, "codes": offered})  # fmt: skip
    return found


def as_typed(regime: Regime, more: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored, by the name in the form, as the fields of the form take it."""
    several = {row.word.code for row in regime.fields if kind_of(row)[0] == SEVERAL}
    return {f"{PREFIX}{code}": chosen(value) if code in several else value for code, value in more.items()}


def in_words(regime: Regime, more: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of every field, in the reader's language; "" where nothing was registered."""
    return [
        (label_of(row.word), _said(row, regime, str(more.get(row.word.code, "")))) for row in regime.fields
    ]


def _said(row: model.ListRow, regime: Regime, text: str) -> str:
    kind, list_name = kind_of(row)
    if kind == "选项":
        return regime.label(list_name, text)
    if kind == SEVERAL:
        return _(", ").join(regime.label(list_name, code) for code in chosen(text))
    if kind == "是否":
        return {"是": _("Yes"), "否": _("No")}.get(text, text)
    return text
