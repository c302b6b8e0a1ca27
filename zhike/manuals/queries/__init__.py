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

__all__ = [
    "Block",
    "Section",
    "Value",
    "book",
    "caption_words",
    "installations",
    "manuals",
    "marked",
    "sections_of",
    "sections_of_version",
    "units_with",
    "values_of",
]
