"""A day on the road as the phone sends it: what was made at each visit, in pieces of the phone's size."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from zhike.visits import demands, rules
from zhike.visits.models import Visit
from zhike.visits.questions import FINDINGS, GIVEN

# as in static/visits/js/sending.js
AT_ONCE = 40
BYTES_AT_ONCE = 4 * 1024 * 1024
STROKES = [[[0.1, 0.1], [0.4, 0.6]], [[0.5, 0.2], [0.9, 0.7]]]
APART = dt.timedelta(minutes=20)

Entry = dict[str, Any]


def entries(
    visits: Sequence[Visit], begin: dt.datetime, picture: Callable[[int], bytes], *, photos: int
) -> list[Entry]:
    """Everything that the regulation asks of these visits, one after the other, with so many photos of each.

    `picture(n)` gives the bytes of the n-th picture, `file` of an entry holds them.
    """
    made, count = [], 0
    for place, visit in enumerate(visits):
        at = begin + place * APART
        for step, (kind, data) in enumerate(_visit(visit, photos)):
            entry = {
                "uid": str(uuid.uuid4()), "visit": str(visit.uid), "kind": kind, "data": data, "offset": 0,
                "made_at": (at + step * dt.timedelta(seconds=20)).isoformat(), "device": "phone",
            }  # fmt: skip
            if kind in {"photo", "sign"}:
                entry["file"], count = picture(count), count + 1
            made.append(entry)
    return made


def _visit(visit: Visit, photos: int) -> Iterator[tuple[str, dict[str, Any]]]:
    found = rules.rules(visit.unit_id, visit.planned_on)
    asked = {one.key: one for one in demands.of(visit, found)}
    yield "arrive", {"latitude": "30.25", "longitude": "120.15", "accuracy": 12}
    for demand in asked.values():
        words = [code for code, _label in found.words(demand.list or "指导方面")]
        match demand.code:
            case "CHECKS":
                yield "check", {"list": demand.list, "answers": dict.fromkeys(words, True)}
            case "HOST":
                yield (
                    "host",
                    {"name": "王老板", "position": "店主", "decides": True, "persons": 1, "cards": 1},
                )
            case "FINDINGS":
                group = next(key for key, name in FINDINGS.items() if name == demand.list)
                yield "note_finding", {"group": group, "kind": words[0], "text": f"{visit.number} {group}"}
                yield "nothing_new", {"group": group}
            case "PROBLEMS":
                yield "no_problem", {}
            case "GIVEN":
                group = next(key for key, name in GIVEN.items() if name == demand.list)
                yield "give", {"group": group, "topic": words[0]}
            case "GUIDED":
                for code in words:
                    yield "guide", {"aspect": code, "is_fine": True}
            case "SIGNATURE":
                for number in range(photos):
                    yield "photo", {"kind": "OTHER", "name": f"{number}.jpg"}
                yield "sign", {"signer": "王老板", "strokes": STROKES}
            case "NEXT":
                yield "set_next", {"on": (visit.planned_on + dt.timedelta(days=14)).isoformat()}
            case "LEFT":
                yield "leave", {}
    yield "close", {}


def pieces(made: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The requests in which the phone sends them: at most so many entries, and files until so many bytes."""
    piece: list[Entry] = []
    size = 0
    for entry in made:
        more = len(entry.get("file", b""))
        if piece and (len(piece) == AT_ONCE or size + more > BYTES_AT_ONCE):
            yield piece
            piece, size = [], 0
        piece.append(entry)
        size += more
    if piece:
        yield piece
