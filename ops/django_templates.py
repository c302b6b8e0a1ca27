"""Messages of Django templates for Babel: translate, trans, blocktranslate, blocktrans."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

TAG = re.compile(
    r"""\{%\s*(?:trans|translate)\s+(?P<quote>["'])(?P<text>(?:(?!(?P=quote)).)*)(?P=quote)(?P<rest>[^%]*)%\}"""
    r"""|_\((?P<quote2>["'])(?P<text2>(?:(?!(?P=quote2)).)*)(?P=quote2)\)"""
    r"""|\{%\s*(?:blocktrans|blocktranslate)(?P<args>[^%]*)%\}(?P<body>.*?)\{%\s*end(?:blocktrans|blocktranslate)\s*%\}""",
    re.DOTALL,
)
VARIABLE = re.compile(r"\{\{\s*(\w+)[^}]*\}\}")
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
CONTEXT = re.compile(r"""context\s+["']([^"']*)["']""")
COMMENT = re.compile(r"\{%\s*comment\b.*?endcomment\s*%\}|\{#.*?#\}", re.DOTALL)


def extract(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Babel's extraction method; see `messages.METHODS`."""
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), file.read().decode("utf-8"))
    for match in TAG.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["body"] is not None:
            yield from _block(match, line)
            continue
        context = CONTEXT.search(match["rest"] or "")
        plain = match["text"] if match["text"] is not None else match["text2"]
        message = plain.replace("%", "%%")
        yield (line, "pgettext", (context[1], message), []) if context else (line, "gettext", message, [])


def _block(match: re.Match[str], line: int) -> Iterator[tuple[int, str, Any, list[str]]]:
    trimmed = "trimmed" in match["args"].split()
    parts = [_text(part, trimmed) for part in PLURAL.split(match["body"])]
    context = CONTEXT.search(match["args"])
    if len(parts) == 2:
        yield line, "ngettext", (parts[0], parts[1]), []
    elif context:
        yield line, "pgettext", (context[1], parts[0]), []
    else:
        yield line, "gettext", parts[0], []


def _text(body: str, trimmed: bool) -> str:
    """As Django looks it up: `{{ name }}` is %(name)s, a percent sign is doubled, blanks are joined if trimmed."""
    if trimmed:
        body = " ".join(part.strip() for part in body.strip().splitlines())
    pieces = VARIABLE.split(body)
    return "".join(
        f"%({piece})s" if place % 2 else piece.replace("%", "%%") for place, piece in enumerate(pieces)
    )
