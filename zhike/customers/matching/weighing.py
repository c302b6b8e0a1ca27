"""How alike two cells are, and what that says: levels of a comparison and the chances they begin with. Pure."""

from __future__ import annotations

from .columns import Kind

# levels of a comparison; MISSING says nothing for or against
MISSING, DIFFERENT, LIKE, CLOSE, EQUAL = -1, 0, 1, 2, 3

# chances of [different, like, close, equal] for two rows of one person, and for those of two
AGREE: dict[Kind, tuple[list[float], list[float]]] = {
    Kind.NAME: ([0.04, 0.04, 0.12, 0.80], [0.955, 0.03, 0.01, 0.005]),
    Kind.PHONE: ([0.20, 0.02, 0.08, 0.70], [0.9979, 0.001, 0.001, 0.0001]),
    Kind.NUMBER: ([0.06, 0.02, 0.07, 0.85], [0.9989, 0.0005, 0.0005, 0.0001]),
    Kind.ADDRESS: ([0.15, 0.10, 0.25, 0.50], [0.93, 0.05, 0.015, 0.005]),
    Kind.PLACE: ([0.10, 0.05, 0.10, 0.75], [0.90, 0.03, 0.02, 0.05]),
    Kind.CODE: ([0.12, 0.03, 0.10, 0.75], [0.80, 0.05, 0.05, 0.10]),
    Kind.DAY: ([0.05, 0.03, 0.10, 0.82], [0.989, 0.008, 0.002, 0.001]),
    Kind.TEXT: ([0.30, 0.20, 0.20, 0.30], [0.90, 0.06, 0.03, 0.01]),
}
PRIOR = 0.02


def level(kind: Kind, x: str, y: str, sound_x: str = "", sound_y: str = "") -> int:
    """How alike two cells are."""
    # here and not above: a web worker that compares nothing does without the library
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA, JaroWinkler

    if not x or not y:
        return MISSING
    if x == y:
        return EQUAL
    if kind in {Kind.NAME, Kind.PLACE}:
        if sound_x and sound_x == sound_y:
            return CLOSE
        alike = JaroWinkler.similarity(x, y)
        return CLOSE if alike >= 0.9 else LIKE if alike >= 0.75 else DIFFERENT
    if kind in {Kind.ADDRESS, Kind.TEXT}:
        ratio = fuzz.token_sort_ratio(x, y)
        return CLOSE if ratio >= 85 else LIKE if ratio >= 60 else DIFFERENT
    if kind == Kind.PHONE and x[-8:] == y[-8:] and min(len(x), len(y)) >= 8:
        return CLOSE
    apart = OSA.distance(x, y, score_cutoff=2)
    return CLOSE if apart == 1 and len(x) > 3 else LIKE if apart == 2 and len(x) > 5 else DIFFERENT
