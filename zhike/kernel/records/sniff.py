"""What a file is, told from its bytes. The name is never believed."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class FileType:
    """A kind of file that may be attached; `endings` without dot, the usual one first."""

    content_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = FileType("image/jpeg", ("jpg", "jpeg"))
PNG = FileType("image/png", ("png",))
WEBP = FileType("image/webp", ("webp",))
HEIC = FileType("image/heic", ("heic", "heif"))
PDF = FileType("application/pdf", ("pdf",))
DOCX = FileType(f"{_OFFICE}.wordprocessingml.document", ("docx",))
XLSX = FileType(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
DOC = FileType("application/msword", ("doc", "wps"))
XLS = FileType("application/vnd.ms-excel", ("xls", "et"))
TEXT = FileType("text/plain", ("txt", "log"))
CSV = FileType("text/csv", ("csv", "tsv"))
MP3 = FileType("audio/mpeg", ("mp3",))
WAV = FileType("audio/wav", ("wav",))
M4A = FileType("audio/mp4", ("m4a",))
AMR = FileType("audio/amr", ("amr",))
MP4 = FileType("video/mp4", ("mp4",))

_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"), HEIC),
    **dict.fromkeys((b"M4A ", b"M4B "), M4A),
    **dict.fromkeys(
        (
            b"isom",
            b"iso2",
            b"iso4",
            b"iso5",
            b"iso6",
            b"mp41",
            b"mp42",
            b"avc1",
            b"dash",
            b"M4V ",
            b"3gp4",
            b"3gp5",
        ),
        MP4,
    ),
}
_MARKUP = re.compile(
    rb"<\s*(!doctype|html|svg|script|\?xml|head|body|iframe|img|object|embed)", re.IGNORECASE
)
_PROGRAM = (
    b"MZ",
    b"\x7fELF",
    b"#!/",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
)
_FIRST = 4096


def sniff(file: IO[bytes], name: str) -> FileType | None:
    """The kind of the file, or None when it is none that may be attached. The name only tells csv from txt."""
    file.seek(0)
    head = file.read(_FIRST)
    file.seek(0)
    if not head or head.startswith(_PROGRAM):
        return None
    return _by_signature(head) or _container(file, head) or _text(file, head, name)


def _by_signature(head: bytes) -> FileType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"#!AMR"):
        return AMR
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12])
    # a frame of MPEG audio: 11 bits set, layer III, a bit rate and a sampling rate that exist
    if head.startswith(b"ID3") or (
        len(head) > 3
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[2] >> 4 not in {0, 15}
        and head[2] & 12 != 12
    ):
        return MP3
    return None


def _container(file: IO[bytes], head: bytes) -> FileType | None:
    if head.startswith(b"PK\x03\x04"):
        return _open_xml(file)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(file)
    return None


def _open_xml(file: IO[bytes]) -> FileType | None:
    """Word or Excel without macros; a plain archive is neither. Only the list of names is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names or any(
        name.lower().endswith(("vbaproject.bin", ".exe", ".js")) for name in names
    ):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _old_office(file: IO[bytes]) -> FileType | None:
    """The streams of an old Office file are named in UTF-16; installers have the same outer form and are refused."""
    found: set[str] = set()
    tail = b""
    wanted = {word: word.encode("utf-16-le") for word in ("WordDocument", "Workbook", "Book", "_VBA_PROJECT")}
    while chunk := file.read(1 << 20):
        block = tail + chunk
        found |= {word for word, sign in wanted.items() if sign in block}
        tail = block[-64:]
    file.seek(0)
    if "_VBA_PROJECT" in found:
        return None
    if "WordDocument" in found:
        return DOC
    return XLS if found & {"Workbook", "Book"} else None


def _text(file: IO[bytes], head: bytes, name: str) -> FileType | None:
    """Text in UTF-8, UTF-16 with a mark, or GB18030, without markup that a browser might run."""
    if _MARKUP.search(head) or not _reads_as_text(file):
        return None
    return CSV if name.lower().endswith((".csv", ".tsv")) else TEXT


def _reads_as_text(file: IO[bytes]) -> bool:
    data = file.read()
    file.seek(0)
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
    return False
