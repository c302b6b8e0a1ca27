"""A mail out of its bytes, however malformed. Pure: knows no framework and no database.

The parser's older policy is used on purpose: the newer one reads headers by a grammar and breaks on mails that exist.
"""

from __future__ import annotations

import email
import email.policy
import email.utils
import hashlib
import re
from dataclasses import dataclass, field
from email.message import Message

from . import texts

MOST_FILES = 50
DEEPEST = 4  # mails within mails
LONGEST_TEXT = 100_000
_ID = re.compile(r"<[^<>\s]{3,240}>")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class File:
    """One enclosed file as it came; `name` is what the mail calls it."""

    name: str
    data: bytes


@dataclass
class Report:
    """A delivery report: about which mail, for whom, and whether it failed for good."""

    failed: bool
    recipient: str = ""
    said: str = ""
    about: list[str] = field(default_factory=list)


@dataclass
class Letter:
    """What a mail says. Headers are decoded; `files` are not checked yet; `left_out` could not be read."""

    message_id: str
    body_digest: str
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    references: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    left_out: int = 0
    marks: dict[str, str] = field(
        default_factory=dict
    )  # headers that tell programs from people, lower-case names
    report: Report | None = None


MARKS = ("auto-submitted", "precedence", "list-id", "x-auto-response-suppress", "x-autoreply", "x-autorespond", "return-path")  # fmt: skip


def read(data: bytes, *, is_cut: bool = False) -> Letter:
    """The letter of these bytes. Of a mail that was cut off only the text is believed."""
    mail = email.message_from_bytes(data, policy=email.policy.compat32)
    heads = _heads(mail)
    body = data.partition(b"\r\n\r\n")[2] or data.partition(b"\n\n")[2]
    given = _ID.search(texts.header(heads.get("message-id", [""])[0]))
    letter = Letter(
        message_id=given[0][:250] if given else f"<{hashlib.sha256(data).hexdigest()}@no-id>",
        body_digest=hashlib.sha256(body).hexdigest(),
        subject=texts.header(heads.get("subject", [""])[0])[:400],
        references=_ids([*heads.get("in-reply-to", []), *heads.get("references", [])]),
        marks={name: texts.header(heads[name][0]) for name in MARKS if name in heads},
    )
    letter.sender, letter.sender_name = _who(heads)
    parts = _Parts(is_cut)
    parts.take(mail, 0)
    letter.text = texts.tidy(parts.text())[:LONGEST_TEXT]
    letter.files, letter.left_out = parts.files, parts.left_out
    letter.report = _report(mail, heads, letter)
    return letter


def ids_in(data: bytes, pattern: re.Pattern[bytes]) -> list[str]:
    """Message-IDs of a shape that stand anywhere in a mail: reports of many servers quote what came back as text."""
    return list(dict.fromkeys(found.decode("ascii", "replace") for found in pattern.findall(data[:400_000])))


def _heads(mail: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in mail.raw_items():
        found.setdefault(name.lower(), []).append(str(value))
    return found


def _ids(raw: list[str]) -> list[str]:
    """Message-IDs in their order, each once, at most fifty."""
    found = [one for text in raw for one in _ID.findall(re.sub(r"[\r\n]+", " ", text))]
    return list(dict.fromkeys(found))[:50]


def _who(heads: dict[str, list[str]]) -> tuple[str, str]:
    """Address in lower case and name of who wrote it; "" for what is missing."""
    for name in ("from", "reply-to", "sender"):
        for raw in heads.get(name, []):
            flat = re.sub(r"[\r\n]+[ \t]*", " ", raw)
            shown, address = email.utils.parseaddr(flat)
            if not _ADDRESS.fullmatch(address):
                found = _ADDRESS.search(texts.header(flat))
                address = found[0] if found else ""
                shown = texts.header(flat).split("<")[0]
            if address and len(address) <= 254:
                called = texts.header(shown).strip(" \"'<>")
                return address.lower(), "" if "@" in called else called[:120]
    return "", ""


class _Parts:
    """Text and files out of a tree of parts."""

    def __init__(self, is_cut: bool) -> None:
        self.plain: list[str] = []
        self.files: list[File] = []
        self.left_out = 0
        self.is_cut = is_cut

    def text(self) -> str:
        return "\n\n".join(piece for piece in self.plain if piece.strip())

    def take(self, part: Message, depth: int) -> None:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            self._enclosed(part, depth)
        elif kind == "multipart/alternative":
            self._best(part, depth)
        elif part.is_multipart():
            for one in part.get_payload():
                if isinstance(one, Message):
                    self.take(one, depth)
        elif (
            kind in {"text/plain", "text/html"} and not self._is_file(part)
        ) or kind == "message/delivery-status":
            self.plain.append(self._said(part))
        else:
            self._file(part)

    def _best(self, part: Message, depth: int) -> None:
        """Of several forms of one text the plain one, unless it is empty."""
        forms = [one for one in part.get_payload() if isinstance(one, Message)]
        texts_of = [one for one in forms if one.get_content_maintype() == "text" and not self._is_file(one)]
        plain = next((one for one in texts_of if one.get_content_type() == "text/plain" and self._said(one).strip()), None)  # fmt: skip
        chosen = plain or next((one for one in texts_of if one.get_content_type() == "text/html"), None)
        for one in forms:
            if one is chosen or one not in texts_of:
                self.take(one, depth)
            elif one.get_content_type() == "text/calendar":
                self._file(one)

    def _enclosed(self, part: Message, depth: int) -> None:
        """A mail within the mail: who wrote what, and its files."""
        inner = part.get_payload()
        inner = inner[0] if isinstance(inner, list) and inner else None
        if not isinstance(inner, Message) or depth >= DEEPEST:
            self.left_out += 1
            return
        heads = _heads(inner)
        lines = [f"{name.title()}: {texts.header(heads[name][0])}" for name in ("from", "date", "subject") if name in heads]  # fmt: skip
        self.plain.append("\n".join(["-" * 20, *lines]))
        self.take(inner, depth + 1)

    def _is_file(self, part: Message) -> bool:
        return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment") or bool(
            _name(part)
        )

    def _said(self, part: Message) -> str:
        if part.is_multipart():
            return "\n".join(str(one).strip() for one in part.get_payload() if isinstance(one, Message))
        said = texts.decoded(_bytes(part), str(part.get_param("charset") or ""))
        return texts.from_html(said) if part.get_content_type() == "text/html" else said

    def _file(self, part: Message) -> None:
        data = b"" if self.is_cut else _bytes(part)
        if not data or len(self.files) >= MOST_FILES:
            self.left_out += 1
            return
        subtype = re.sub(r"\W", "", part.get_content_subtype()) or "bin"
        ending = {"calendar": "ics", "plain": "txt", "jpeg": "jpg"}.get(subtype, subtype)
        self.files.append(File(_name(part) or f"{len(self.files) + 1}.{ending}", data))


def _name(part: Message) -> str:
    try:
        return texts.header(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):  # parameters that contradict each other
        return "?"


def _bytes(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError):
        return b""
    return data if isinstance(data, bytes) else b""


def _report(mail: Message, heads: dict[str, list[str]], letter: Letter) -> Report | None:
    """What a delivery report says; also of servers that write it as plain text."""
    fields: dict[str, str] = {}
    about = list(letter.references)
    is_report = mail.get_content_type() == "multipart/report" and "delivery" in str(
        mail.get_param("report-type") or "delivery"
    )
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status" and part.is_multipart():
            is_report = True
            for block in part.get_payload():
                if isinstance(block, Message):
                    fields |= {name.lower(): texts.header(value) for name, value in block.raw_items()}
        elif is_report and kind == "text/rfc822-headers":
            about += _ids(
                [line for line in texts.decoded(_bytes(part)).splitlines() if "message-id" in line.lower()]
            )
        elif is_report and part is not mail and part.get("Message-ID"):
            about += _ids([str(part["Message-ID"])])
    local = letter.sender.partition("@")[0]
    if not is_report and not (
        local in {"mailer-daemon", "postmaster"}
        and re.search(r"退信|undeliver|returned|failure|delivery", letter.subject, re.I)
    ):
        return None
    recipient = fields.get("final-recipient", fields.get("original-recipient", "")).partition(";")[2].strip()
    said = fields.get("diagnostic-code", "") or fields.get("status", "")
    return Report(fields.get("action", "failed").lower() == "failed", recipient, said, list(dict.fromkeys(about)))  # fmt: skip
