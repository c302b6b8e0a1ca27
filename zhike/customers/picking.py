"""The field in which a form asks for a customer of the files: typed, found while typing, chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Customer

NUMBER = re.compile(r"(?i)KH-0*(\d{1,18})")


class Typed(str):
    """Words of the search field; digits among them are no key."""


class Search(forms.Widget):
    """A search field with the customers it finds below; there may be far too many for a list to choose from."""

    template_name = "customers/_search.html"
    field: CustomerField

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name) or Typed(data.get("q", "").strip())

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, dict(attrs or {}))
        context["chosen"] = self.field.known(value)
        context["words"] = "" if context["chosen"] else value or ""
        return context


class CustomerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A customer of the queryset that the form sets: chosen, or typed by number or whole name."""

    widget: type[Search] | Search = Search
    default_error_messages = {
        "invalid_choice": _("Choose one of the customers found, or type the number of the file.")
    }

    def __init__(self, **given: Any) -> None:
        super().__init__(Customer.objects.none(), **given)
        self._bind()

    def __deepcopy__(self, memo: Any) -> CustomerField:
        found: CustomerField = super().__deepcopy__(memo)
        found._bind()
        return found

    def _bind(self) -> None:
        assert isinstance(self.widget, Search)
        self.widget.field = self

    def to_python(self, value: Any) -> Customer | None:
        if not value:
            return None
        found = self.known(value)
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found

    def known(self, value: Any) -> Customer | None:
        """The one that was chosen; of what was typed, that with this number or this name if nobody else has it."""
        text = str(value or "").strip()
        if isinstance(value, Typed):
            number = NUMBER.fullmatch(text)
            same = {"pk": number[1]} if number else {"name": text}
        elif text.isdecimal() and len(text) < 19:
            same = {"pk": text}
        else:
            return None
        rows = [] if self.queryset is None or "\x00" in text else list(self.queryset.filter(**same)[:2])
        return rows[0] if len(rows) == 1 else None
