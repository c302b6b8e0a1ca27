"""Sentences of the kernel about a manual, in templates."""

from __future__ import annotations

from django import template

from zhike.kernel.policy.manual.model import Manual
from zhike.manuals import queries

register = template.Library()


@register.filter
def said(text: str, manual: Manual | None = None) -> str:
    """In the language of the reader."""
    return queries.said(text, manual)


@register.filter
def figured(text: str) -> str:
    """A figure of a manual for readers of another language, where it says more than what is written."""
    said = queries.said(text)
    return said if said != text else ""
