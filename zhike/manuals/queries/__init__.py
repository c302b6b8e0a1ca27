"""Regulations for reading: what is in force where, a manual as a book, the values of units."""

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
from ._diff import DiffLine, Part, counted, marked_cell, text_diff

__all__ = [
    "Block",
    "DiffLine",
    "Part",
    "Section",
    "Value",
    "book",
    "caption_words",
    "counted",
    "installations",
    "manuals",
    "marked",
    "marked_cell",
    "sections_of",
    "sections_of_version",
    "text_diff",
    "units_with",
    "values_of",
]
