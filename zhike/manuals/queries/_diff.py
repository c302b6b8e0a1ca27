"""Two texts side by side, line by line, with the words that differ marked inside the lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# a word, a figure, a run of blanks, or one character of Chinese or punctuation
_TOKEN = re.compile(r"[A-Za-z_]+|\d+(?:,\d{3})*(?:\.\d+)?|\s+|.")
# below this likeness two lines are another line each, and marks inside them would only confuse
LIKE = 0.4


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line; `changed` where the other text has something else."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`kind` is same, del, add or skip; `old` and `new` are numbers of lines, None where the text has no such
    line. A skip stands for `hidden` lines that are the same in both."""

    kind: str
    old: int | None = None
    new: int | None = None
    parts: tuple[Part, ...] = ()
    hidden: int = 0

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


def text_diff(old: str, new: str, *, context: int = 3) -> list[DiffLine]:
    """What became of a text. Lines far from every change are folded into a skip; [] where nothing differs."""
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return []
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    lines: list[DiffLine] = []
    for place, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            same = [DiffLine("same", a + n + 1, c + n + 1, (Part(before[a + n]),)) for n in range(b - a)]
            head = 0 if place == 0 else context
            tail = 0 if place == len(blocks) - 1 else context
            lines += _folded(same, head, tail)
        else:
            lines += _changed(before[a:b], after[c:d], a + 1, c + 1)
    return lines


def counted(lines: Sequence[DiffLine]) -> tuple[int, int]:
    """How many lines were added and removed."""
    return sum(line.kind == "add" for line in lines), sum(line.kind == "del" for line in lines)


def marked_cell(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Two short texts with what differs marked; wholly marked where they have little in common."""
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < LIKE:
        return (Part(old, True),), (Part(new, True),)
    first: list[Part] = []
    second: list[Part] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        changed = kind != "equal"
        if b > a:
            first.append(Part("".join(left[a:b]), changed))
        if d > c:
            second.append(Part("".join(right[c:d]), changed))
    return tuple(first), tuple(second)


def _folded(same: list[DiffLine], head: int, tail: int) -> list[DiffLine]:
    hidden = len(same) - head - tail
    if hidden < 2:  # a fold that hides one line saves none
        return same
    return [*same[:head], DiffLine("skip", hidden=hidden), *same[len(same) - tail :]]


def _changed(before: Sequence[str], after: Sequence[str], old: int, new: int) -> Iterator[DiffLine]:
    """Removed lines, then added ones; those that stand opposite each other with their marks."""
    pairs = [marked_cell(left, right) for left, right in zip(before, after, strict=False)]
    for n, line in enumerate(before):
        parts = pairs[n][0] if n < len(pairs) else (Part(line),)
        yield DiffLine("del", old + n, None, _unmarked_whole(parts))
    for n, line in enumerate(after):
        parts = pairs[n][1] if n < len(pairs) else (Part(line),)
        yield DiffLine("add", None, new + n, _unmarked_whole(parts))


def _unmarked_whole(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A line that changed as a whole needs no mark inside: its colour says so."""
    return (Part(parts[0].text),) if len(parts) == 1 and parts[0].changed else parts
