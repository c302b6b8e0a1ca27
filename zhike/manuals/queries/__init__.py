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
from ._sheets import Accepted, Draft, Passage, key_of
from ._trials import Trials, drafts, example_of, open_drafts, post_names, rulings_of, trials_of

__all__ = [
    "Accepted",
    "Block",
    "DiffLine",
    "Draft",
    "Part",
    "Passage",
    "Section",
    "Trials",
    "Value",
    "book",
    "caption_words",
    "counted",
    "drafts",
    "example_of",
    "installations",
    "key_of",
    "manuals",
    "marked",
    "marked_cell",
    "open_drafts",
    "post_names",
    "rulings_of",
    "sections_of",
    "sections_of_version",
    "text_diff",
    "trials_of",
    "units_with",
    "values_of",
]
