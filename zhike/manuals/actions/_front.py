"""Single lines of a manual's front matter, set in its text; everything else keeps every character."""

from __future__ import annotations

import re

from zhike.kernel.policy.manual.blocks import front_matter, unify

# where a line goes that was not there before: behind the first of these that is
AFTER = {"effective": "version", "version": "title", "title": "manual"}


def front_value(text: str, name: str) -> str:
    """What a line of the front matter says, "" without one."""
    found = re.search(rf"^{name}\s*[:：]\s*(.*?)\s*$", front_matter(text), re.MULTILINE)
    return found[1].strip("\"'") if found else ""


def with_front(text: str, **values: str | None) -> str:
    """The text with these lines in its front matter; None takes a line away."""
    source = unify(text)
    front = front_matter(source)
    lines = front.split("\n") if front.strip() else []
    for name, value in values.items():
        at = _place(lines, name)
        if at is not None:
            lines[at : at + 1] = [] if value is None else [f"{name}: {value}"]
        elif value is not None:
            before = _place(lines, AFTER.get(name, ""))
            lines.insert(len(lines) if before is None else before + 1, f"{name}: {value}")
    head = "---\n" + "\n".join(lines) + "\n---"
    if not front.strip():
        return f"{head}\n\n{source.lstrip()}"
    end = source.index("\n---", source.index(front) + len(front.rstrip()) - 1)
    return head + source[end + len("\n---") :]


def _place(lines: list[str], name: str) -> int | None:
    if not name:
        return None
    return next((n for n, line in enumerate(lines) if re.match(rf"{name}\s*[:：]", line)), None)
