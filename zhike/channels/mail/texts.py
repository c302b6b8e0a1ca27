"""Bytes of mails as text: charsets that lie, encoded words cut in half, HTML as plain lines. Knows no framework."""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
import unicodedata
from html.parser import HTMLParser

# Programs say gb2312 or gbk and write characters that only their successor has.
_WIDER = dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "cp936", "x-gbk", "euc-cn", "hz-gb-2312"), "gb18030")
_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]+\?[bBqQ]\?)")
_BREAKING = {"br", "p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "hr", "pre", *(f"h{n}" for n in range(1, 7))}  # fmt: skip
_HIDDEN = {"script", "style", "head", "title", "template", "noscript"}


def decoded(data: bytes, charset: str = "") -> str:
    """The text of bytes: by the charset they claim, else UTF-8, else GB18030, else what can be read of them."""
    named = charset.strip().strip("\"'").lower()
    named = _WIDER.get(named, named)
    if data.startswith(b"\xef\xbb\xbf"):
        data, named = data[3:], "utf-8"
    if named in {"us-ascii", "ascii", "unknown-8bit", "8bit", "default"}:
        named = ""
    for one in (named, "utf-8", "gb18030"):
        try:
            if one and one not in {"utf-7"}:
                return _plain(data.decode(one))
        except (LookupError, UnicodeError, ValueError):
            continue
    try:
        return _plain(data.decode(named or "utf-8", "replace"))
    except (LookupError, UnicodeError, ValueError):
        return _plain(data.decode("utf-8", "replace"))


def header(raw: object) -> str:
    """A header as people read it, on one line: encoded words joined and decoded, raw bytes guessed."""
    text = re.sub(r"[\r\n]+[ \t]*", " ", str(raw))
    if re.search("[\udc80-\udcff]", text):
        text = decoded(text.encode("utf-8", "surrogateescape"))
    text = _GAP.sub(r"\1", text)
    said, end = "", 0
    run: list[tuple[str, bytes]] = []  # neighbours of one charset: a character may be cut between two words
    for found in _WORD.finditer(text):
        if found.start() > end:
            said += _joined(run) + text[end : found.start()]
            run = []
        charset = found[1].split("*")[0]
        piece = _word(found[2], found[3])
        if run and run[-1][0].lower() == charset.lower():
            run[-1] = (charset, run[-1][1] + piece)
        else:
            run.append((charset, piece))
        end = found.end()
    return " ".join((said + _joined(run) + text[end:]).split())


def _joined(run: list[tuple[str, bytes]]) -> str:
    return "".join(decoded(data, charset) for charset, data in run)


def _word(kind: str, text: str) -> bytes:
    data = text.encode("ascii", "replace")
    if kind in "qQ":
        return quopri.decodestring(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return b""


def _plain(text: str) -> str:
    """Without signs that no database takes or that hide what is written."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in _BREAKING:
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in _BREAKING:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))


def from_html(text: str) -> str:
    """HTML as lines of text: nothing of it is ever shown as HTML."""
    reader = _Reader()
    try:
        reader.feed(text)
        reader.close()
        said = "".join(reader.pieces)
    except (AssertionError, ValueError):  # declarations that no parser takes
        said = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return tidy(said.replace("\xa0", " "))


def tidy(text: str) -> str:
    """Without trailing blanks, and with one empty line between paragraphs at most."""
    lines = [" ".join(line.split(" ")).rstrip() for line in text.split("\n")]
    lines = [re.sub(r" {2,}", " ", line.strip()) if line.strip() else "" for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
