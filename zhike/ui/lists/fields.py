"""The fields of the filter bar as HTML. A page has a dozen with some hundred choices, which a template draws slowly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhike.ui.markup import escape, format_html

from .declare import Filter

_EMPTY = SafeString("")
_WRONG = SafeString("is-wrong")


@dataclass(frozen=True)
class Field:
    """A condition as the filter bar shows it. `texts` are the values typed (two for a range)."""

    filter: Filter
    names: tuple[str, ...]
    texts: tuple[str, ...]
    choices: Any
    problem: str
    is_search: bool = False

    @property
    def html(self) -> SafeString:
        """The label with its control."""
        match self.filter.kind:
            case "text":
                return self._text()
            case "choice":
                return self._choice()
            case "flag":
                return self._flag()
            case _:
                return self._range()

    @property
    def wrong(self) -> SafeString:
        return _WRONG if self.problem else _EMPTY

    def _text(self) -> SafeString:
        one = self.filter
        return format_html(
            '<label class="{wrong}"><span>{label}</span><input class="form-control w-{width}" type="search"'
            ' id="f-{key}" name="{key}" value="{value}" placeholder="{hint}"{search}></label>',
            wrong=self.wrong,
            label=one.label,
            width=one.width,
            key=one.key,
            value=self.texts[0],
            hint=one.placeholder,
            search=SafeString(" data-list-search") if self.is_search else _EMPTY,
        )

    def _choice(self) -> SafeString:
        one, chosen = self.filter, self.texts[0]
        options = [f'<option value="">{escape(_("All"))}</option>']
        for code, label in self.choices:
            mark = " selected" if code == chosen else ""
            options.append(f'<option value="{escape(code)}"{mark}>{escape(label)}</option>')
        return format_html(
            '<label>{label} <select class="form-select w-{width}" id="f-{key}" name="{key}" data-submit>{options}'
            "</select></label>",
            label=one.label,
            width=one.width,
            key=one.key,
            options=SafeString("".join(options)),
        )

    def _flag(self) -> SafeString:
        return format_html(
            '<label class="zk-line"><input type="checkbox" class="form-check-input" name="{key}" value="1"{mark}'
            " data-submit> {label}</label>",
            key=self.filter.key,
            mark=SafeString(" checked") if self.texts[0] == "1" else _EMPTY,
            label=self.filter.label,
        )

    def _range(self) -> SafeString:
        one = self.filter
        begin, end = (
            format_html(
                '<input class="form-control w-{width}" type="{kind}"{mode} id="f-{name}" name="{name}"'
                ' value="{value}" aria-label="{label}">',
                width=one.width,
                kind="date" if one.kind == "dates" else "text",
                mode=SafeString(' inputmode="decimal"') if one.kind == "numbers" else _EMPTY,
                name=name,
                value=value,
                label=label % {"label": one.label},
            )
            for name, value, label in zip(
                self.names, self.texts, (_("%(label)s from"), _("%(label)s up to")), strict=True
            )
        )
        return format_html(
            '<span class="zk-range2 {wrong}" role="group" aria-label="{label}"><span>{label}</span>'
            "{begin}<span>{to}</span>{end}</span>",
            wrong=self.wrong,
            label=one.label,
            begin=begin,
            to=_("to"),
            end=end,
        )
