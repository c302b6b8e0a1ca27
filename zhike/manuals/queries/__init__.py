"""Regulations for reading: what is in force where, a manual as a book, the values of units."""

from ._backtest import (
    all_lines,
    backtest_context,
    backtest_for,
    cases_behind,
    parameters_to_try,
    shown_to,
    units_below,
    whatif_context,
)
from ._book import (
    Block,
    Section,
    Value,
    book,
    caption_words,
    installations,
    manuals,
    marked,
    sections_of,
    sections_of_version,
    units_with,
    values_of,
)

__all__ = [
    "Block",
    "Section",
    "Value",
    "all_lines",
    "backtest_context",
    "backtest_for",
    "book",
    "caption_words",
    "cases_behind",
    "installations",
    "manuals",
    "marked",
    "parameters_to_try",
    "sections_of",
    "sections_of_version",
    "shown_to",
    "units_below",
    "units_with",
    "values_of",
    "whatif_context",
]
