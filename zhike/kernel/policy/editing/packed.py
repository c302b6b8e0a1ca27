"""Files of an office program: parts packed as ZIP. A file of another kind is refused in one sentence."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file by a part that it has, and what is said of one that is none, broken, OpenDocument or too large."""

    part: str  # the name of a part, or the folder of many ("word/")
    none: str
    broken: str
    open: str
    large: str
    most: int  # bytes once unpacked


def wrong_with(data: bytes, kind: Kind) -> str:
    """Why this is no file of the kind; "" if it is one as far as its parts tell."""
    if not data.startswith(b"PK"):
        return kind.none
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        return kind.broken
    names = {part.filename for part in parts}
    if "mimetype" in names:
        return kind.open
    if not any(name.startswith(kind.part) for name in names):
        return kind.none
    return kind.large if sum(part.file_size for part in parts) > kind.most else ""
