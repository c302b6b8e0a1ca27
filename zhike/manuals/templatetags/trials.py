"""Figures of back-tests in templates."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def figure(value: float) -> str:
    """With thousands separators; a tenth only where there is one."""
    return f"{value:,.1f}".removesuffix(".0")
