"""Fields and widgets that the forms of all apps are made of: a day, an amount of money, a text of several lines."""

from __future__ import annotations

from typing import Any

from django import forms


def area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def date_input() -> forms.DateInput:
    """A browser takes a day in this form only, whatever the language of the page."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def long(label: Any, *, most: int, rows: int = 3, **more: Any) -> forms.CharField:
    """A text of several lines, of so many characters at most."""
    return forms.CharField(label=label, max_length=most, widget=area(rows), **more)


def day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=date_input(), **more)


def money(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=14, decimal_places=2, min_value=0, **more)
