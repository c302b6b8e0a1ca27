"""The fishbone as SVG, drawn on the server: six bones to a spine, the trouble at its head.

Two shapes of one drawing: across for a desk, upright for a phone; the page shows the one that fits. Colours and faces
come from the style sheet by class, texts are cut to what has room, in full in the title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from .models import CapaCause

Category = CapaCause.Category
UPPER = (Category.MAN, Category.MACHINE, Category.MATERIAL)
LOWER = (Category.METHOD, Category.ENVIRONMENT, Category.MEASUREMENT)
LINE = 19  # height of a line of text
BONE = 230  # from one bone to the next, across
HEAD = 168


@dataclass(frozen=True)
class _Line:
    cause: CapaCause
    sub: bool


def draw(causes: Sequence[CapaCause], head: str, *, label: str) -> SafeString:
    """Both shapes; `label` says what it is to who cannot see it."""
    grouped = {category: _lines(causes, category) for category in Category}
    return mark_safe(_across(grouped, head, label) + _upright(grouped, head, label))


def _lines(causes: Sequence[CapaCause], category: str) -> list[_Line]:
    """The causes of a category, each followed by its sub-causes."""
    own = [cause for cause in causes if cause.category == category]
    found = []
    for cause in own:
        if cause.parent_id is None:
            found.append(_Line(cause, sub=False))
            found += [_Line(sub, sub=True) for sub in own if sub.parent_id == cause.pk]
    return found


def _across(grouped: dict[Category, list[_Line]], head: str, label: str) -> str:
    """The spine lies, the bones lean to it; as tall as the fullest category needs."""
    high = [max(3, *(len(grouped[one]) for one in side)) * LINE + 46 for side in (UPPER, LOWER)]
    width, spine, height = 3 * BONE + HEAD + 44, high[0] + 8, sum(high) + 16
    parts = [_open(width, height, "is-across", label)]
    parts.append(f'<path class="spine" d="M8 {spine}H{width - HEAD - 8}"/>')
    parts.append(_head_box(width - HEAD - 8, spine - 32, HEAD, 64, head))
    for upper, side in ((True, UPPER), (False, LOWER)):
        for place, category in enumerate(side):
            parts += _bone(grouped[category], category, place, spine, high[0 if upper else 1], upper)
    parts.append("</svg>")
    return "".join(parts)


def _bone(
    lines: list[_Line], category: Category, place: int, spine: int, high: int, upper: bool
) -> Iterator[str]:
    """One leaning bone with its category at the end and its causes along it."""
    foot, lean = (place + 1) * BONE + 16, 46
    end = spine - high + 22 if upper else spine + high - 22
    yield f'<path class="bone" d="M{foot - lean} {end}L{foot} {spine}"/>'
    box = end - 22 if upper else end
    yield f'<rect class="cat" x="{foot - lean - 42}" y="{box}" width="84" height="22" rx="4"/>'
    yield format_html('<text class="catname" x="{}" y="{}">{}</text>', foot - lean, box + 15, category.label)
    for row, line in enumerate(lines):
        y = end + 18 + row * LINE if upper else spine + 22 + row * LINE
        at = foot - lean * (spine - y) / (spine - end) if spine != end else foot
        length = 132 if line.sub else 158
        yield f'<path class="twig" d="M{at - length:.0f} {y + 4}H{at:.0f}"/>'
        yield _text(line, at - 6, y, 19 if line.sub else 23, anchor="end")


def _upright(grouped: dict[Category, list[_Line]], head: str, label: str) -> str:
    """For narrow screens: the spine stands, every category is a bone to the right, the trouble at the foot."""
    y, parts = 8, []
    for category in (*UPPER, *LOWER):
        parts.append(f'<path class="bone" d="M18 {y + 30}L44 {y + 11}"/>')
        parts.append(f'<rect class="cat" x="44" y="{y}" width="84" height="22" rx="4"/>')
        parts.append(format_html('<text class="catname" x="86" y="{}">{}</text>', y + 15, category.label))
        y += 28
        for line in grouped[category]:
            left = 74 if line.sub else 56
            parts.append(f'<path class="twig" d="M{left - 12} {y + 9}H{left - 3}"/>')
            parts.append(_text(line, left, y + 13, 34 if line.sub else 37, anchor="start"))
            y += LINE + 1
        y += 10
    spine = f'<path class="spine" d="M18 8V{y}"/>'
    body = "".join(parts)
    return _open(342, y + 56, "is-upright", label) + spine + body + _head_box(4, y, 334, 48, head) + "</svg>"


def _open(width: int, height: int, kind: str, label: str) -> str:
    return format_html(
        '<svg class="zk-fish {}" viewBox="0 0 {} {}" role="img" aria-label="{}">', kind, width, height, label
    )


def _head_box(x: int, y: int, width: int, height: int, head: str) -> str:
    """The trouble, on at most two lines."""
    room = (width - 16) // 7
    first = _cut(head, room, mark="")
    rest = _cut(head[len(first) :], room)
    box = f'<rect class="head" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
    middle = y + height // 2 + 5
    lines = [(first, middle - (9 if rest else 0)), (rest, middle + 10)]
    words = "".join(
        format_html('<text class="headname" x="{}" y="{}">{}</text>', x + width // 2, at, text)
        for text, at in lines
        if text
    )
    return f"<g><title>{conditional_escape(head)}</title>{box}{words}</g>"


def _text(line: _Line, x: float, y: int, room: int, *, anchor: str) -> str:
    state = {True: "yes", False: "no", None: ""}[line.cause.verified]
    sign = {True: "✓ ", False: "✕ ", None: ""}[line.cause.verified]
    return format_html(
        '<text class="cause {} {}" x="{}" y="{}" text-anchor="{}"><title>{}</title>{}{}</text>',
        state,
        "sub" if line.sub else "",
        round(x),
        y,
        anchor,
        line.cause.text,
        sign,
        _cut(line.cause.text, room),
    )


def _cut(text: str, room: int, mark: str = "…") -> str:
    """As many characters as fit into `room` half-widths."""
    used = 0
    for place, char in enumerate(text):
        used += 2 if east_asian_width(char) in "WF" else 1
        if used > room:
            return text[: place - 1 if mark else place] + mark
    return text
