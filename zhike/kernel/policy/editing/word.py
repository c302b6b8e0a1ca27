"""A draft of a manual from a Word regulation: headings become clauses, tables illustrations, nothing is invented."""

from __future__ import annotations

from dataclasses import dataclass


class BadDocument(ValueError):
    """The file is no Word document that can be read; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Starter:
    """`text` is the draft; `notes` say what to do with it and what was left out."""

    text: str
    notes: tuple[str, ...]


def draft_from_docx(data: bytes) -> Starter:
    """The draft of a manual. Raises BadDocument."""
    raise BadDocument("还不能读 Word 文件")
