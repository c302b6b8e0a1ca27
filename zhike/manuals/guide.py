"""A document of ours as a page: Markdown to HTML with anchors at its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_NO_ANCHOR = re.compile(r"[^\w\- ]+")


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    anchor: str


def as_page(text: str, *, files: str) -> tuple[str, tuple[Heading, ...]]:
    """The HTML without the first heading, and the headings of the second level.

    Links to files beside the document lead to `files` + name.
    """
    tokens = _MARKDOWN.parse(text)
    headings = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and tokens[at + 1].content:
            words = plain(tokens[at + 1])
            token.attrSet("id", anchor_of(words))
            if token.tag == "h2":
                headings.append(Heading(words, anchor_of(words)))
        _join(token.children or [])
        for child in token.children or ():
            _relink(child, files)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    wide = html.replace("<table>", '<div class="zk-scroll"><table>').replace("</table>", "</table></div>")
    return wide, tuple(headings)


def plain(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def anchor_of(text: str) -> str:
    """As GitHub makes it, so that links inside the document work there too."""
    return _NO_ANCHOR.sub("", text.lower()).strip().replace(" ", "-")


def _join(children: list[Token]) -> None:
    """Chinese lines are joined without a blank; the break in the file is for whoever edits it."""
    last = ""
    for child in children:
        if child.type == "softbreak" and not last.isascii():
            child.type, child.content = "text", ""
        last = child.content[-1:] or last


def _relink(token: Token, files: str) -> None:
    href = token.attrGet("href") if token.type == "link_open" else None
    if isinstance(href, str) and not href.startswith(("#", "http")):
        token.attrSet("href", files + href.rsplit("/", 1)[-1])
