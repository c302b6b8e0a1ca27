"""One form field as the house shows it: label, control, help, error at the field, mark of a required one."""

from __future__ import annotations

from typing import Any

from django.db.models import BLANK_CHOICE_DASH
from django.forms import BoundField, ModelChoiceField, widgets
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_SELECTS = (widgets.Select,)
_GROUPS = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)


def row(
    bound: BoundField,
    *,
    label: str = "",
    help: str = "",
    width: str = "",
    count: bool = False,
    bare: bool = False,
) -> SafeString:
    """Label, control, help and errors.

    `count` shows how many characters are left (the field must have `max_length`); `width` is a class such as
    "is-half"; `bare` leaves the label to screen readers. The kind of control is read from the widget.
    """
    field = bound.field
    if isinstance(field, ModelChoiceField) and field.empty_label == BLANK_CHOICE_DASH[0][1]:
        field.empty_label = _("Choose…") if field.required else "—"
    limit = getattr(bound.field, "max_length", None)
    values = {
        "bound": bound,
        "kind": kind(bound),
        "control": control(bound, count=count),
        "label": label or bound.label,
        "help": help or bound.help_text,
        "width": width,
        "count": limit if count else None,
        "bare": bare,
    }
    return SafeString(render_to_string("ui/components/field.html", values))


def kind(bound: BoundField) -> str:
    """check, group or control: how label and control stand to each other."""
    widget = bound.field.widget
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    return "group" if isinstance(widget, _GROUPS) else "control"


def control(bound: BoundField, *, count: bool = False) -> SafeString:
    """The control with the classes and the ARIA links of the house."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {"class": _classes(widget)}
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] += " is-wrong"
        described.append(f"{bound.auto_id}_errors")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if count and getattr(bound.field, "max_length", None):
        # the browser would cut silently what is pasted; the counter says it instead
        attrs["data-limit"] = bound.field.max_length  # type: ignore[attr-defined]
        widget.attrs.pop("maxlength", None)
    if isinstance(widget, widgets.DateInput) and widget.attrs.get("type", widget.input_type) == "date":
        # a browser takes a day in this form only, whatever the language of the page
        widget.format = "%Y-%m-%d"
    own = widget.attrs.get("class", "")
    attrs["class"] = f"{attrs['class']} {own}".strip()
    return SafeString(
        bound.as_widget(attrs={key: value for key, value in attrs.items() if value is not None})
    )


def _classes(widget: widgets.Widget) -> str:
    if isinstance(widget, widgets.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, _GROUPS):
        return "zk-choices"
    return "form-select" if isinstance(widget, _SELECTS) else "form-control"
