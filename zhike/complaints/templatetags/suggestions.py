"""Figures of proposals for templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


@register.filter
def per_cent(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.0f} %"


@register.filter
def of(words: Mapping[str, str], code: str) -> str:
    """The word of a code; the code itself where the manual has dropped it."""
    return words.get(code, code)
