"""Single lines of a manual's front matter, set in its text; everything else keeps every character."""

from __future__ import annotations

import re

from zhike.kernel.policy.manual.blocks import take_apart, unify


def front_value(text: str, name: str) -> str:
    """What a line of the front matter says, "" without one."""
    found = re.search(rf"^{name}\s*[::]\s*(.*?)\s*$", take_apart(text).front, re.MULTILINE)
    return found[1].strip("\"'") if found else ""


def with_front(text: str, **values: str) -> str:
    """The text with these lines in its front matter: changed where they stand, else added at its end."""
    source = unify(text)
    front = take_apart(source).front
    lines = front.split("\n") if front.strip() else []
    for name, value in values.items():
        line = f"{name}: {value}"
        at = next((n for n, old in enumerate(lines) if re.match(rf"{name}\s*[::]", old)), None)
        if at is None:
            lines.append(line)
        else:
            lines[at] = line
    head = "---\n" + "\n".join(lines) + "\n---"
    if not front.strip():
        return f"{head}\n\n{source.lstrip()}"
    end = source.index("\n---", source.index(front) + len(front.rstrip()) - 1)
    return head + source[end + len("\n---") :]
