"""Files: told by content, limits, names, twins, removal, headers of a download."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import EVERYTHING, NOTHING, Scope
from zhike.kernel.parties.tree import plant
from zhike.kernel.records import attachments
from zhike.kernel.records.models import Attachment
from zhike.kernel.records.sniff import sniff

MONDAY = dt.datetime(2026, 9, 28, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def an_archive(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (PNG, "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic\0\0", "image/heic"),
        (b"%PDF-1.7\n", "application/pdf"),
        (
            an_archive("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            an_archive("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
        (OLE + b"\0" * (1 << 20) + "Workbook".encode("utf-16-le"), "application/vnd.ms-excel"),
        ("投诉内容".encode(), "text/plain"),
        ("投诉内容".encode("gb18030"), "text/plain"),
        ("投诉内容".encode("utf-16"), "text/plain"),
        (b"ID3\x03\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypM4A \0\0", "audio/mp4"),
        (b"#!AMR\n", "audio/amr"),
        (b"\0\0\0\x18ftypmp42\0\0", "video/mp4"),
    ],
)
def test_a_file_is_told_by_its_content_whatever_its_name(data: bytes, content_type: str):
    found = sniff(BytesIO(data), "anything.exe")

    assert found is not None
    assert found.content_type == content_type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\0",
        b"\x7fELF",
        b"#!/bin/sh\nrm",
        b"<!DOCTYPE html><p>",
        b"  \n<html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<?xml version='1.0'?><svg>",
        b"text and then <script>alert(1)</script>",
        an_archive("a.txt"),
        an_archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04 broken",
        OLE,
        OLE + "Workbook".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le"),
        b"GIF89a\x01\0\x01\0",
        b"\0\0\0\x18ftypqt  \0\0",
        b"bytes \x00\x01\x02",
        b"\x80\x81\xff\xff",
    ],
)
def test_programs_markup_archives_macros_and_unknown_bytes_are_refused(data: bytes):
    assert sniff(BytesIO(data), "photo.jpg") is None


def test_the_name_tells_a_table_of_commas_from_a_text():
    assert sniff(BytesIO(b"a,b"), "x.CSV").content_type == "text/csv"
    assert sniff(BytesIO(b"a,b"), "x.txt").content_type == "text/plain"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("小票.png", "小票.png"),
        ("C:\\Users\\x\\小票.PNG", "小票.PNG"),
        ("../../etc/passwd.png", "passwd.png"),
        ("photo.exe", "photo.exe.png"),
        ("invoice\u202egnp.exe", "invoicegnp.exe.png"),
        ("a\x00b\nc.png", "abc.png"),
        ('a"b<c>.png', "a_b_c_.png"),
        ("", "file.png"),
        (".png", "png.png"),
        ("..", "file.png"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
        ("名" * 300, "名" * 196 + ".png"),
    ],
)
def test_names_lose_paths_control_signs_and_false_endings(name: str, clean: str):
    kind = sniff(BytesIO(PNG), "")

    with translation.override("en"):
        assert attachments.clean_name(name, kind) == clean
    assert len(clean) <= 200


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    with translation.override("en"):
        yield


@pytest.fixture
def unit(db):
    return plant(name="门店", code="S1", kind="BRANCH")


@pytest.fixture
def ann(db):
    return Party.objects.create(kind="STAFF", name="甲")


def attach(unit, by, data: bytes = PNG, name: str = "小票.png", subject=None, **more) -> Attachment:
    file = ContentFile(data, name="given")
    return attachments.attach(
        subject=subject or unit, file=file, name=name, unit=unit, by=by, now=MONDAY, **more
    )


def test_an_added_file_is_read_back_and_recorded(unit, ann):
    row = attach(unit, ann, note=" 收银小票 ", secrecy=2)

    with attachments.open_file(row) as file:
        assert file.read() == PNG
    assert (row.name, row.size, row.content_type, row.note, row.secrecy) == (
        "小票.png",
        len(PNG),
        "image/png",
        "收银小票",
        2,
    )
    assert [(one.code, one.subject_id, one.secrecy) for one in Entry.objects.all()] == [
        ("records.file_added", unit.pk, 2)
    ]


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not(unit, ann, settings):
    settings.MAX_ATTACHMENT_BYTES = len(PNG)

    assert attach(unit, ann).size == len(PNG)
    with pytest.raises(attachments.TooLarge, match="is larger than"):
        attach(unit, ann, PNG + b"\0", name="a/b/c.png")

    assert Attachment.objects.count() == 1


def test_a_large_file_is_not_read_to_its_end(unit, ann, settings):
    settings.MAX_ATTACHMENT_BYTES = 10
    read = []

    class Endless(ContentFile):
        def chunks(self, chunk_size=None):
            while True:
                read.append(1)
                yield b"x" * 8

    with pytest.raises(attachments.TooLarge):
        attachments.attach(subject=unit, file=Endless(b""), name="x", unit=unit, by=ann, now=MONDAY)

    assert len(read) == 2


def test_a_refused_file_leaves_nothing_behind(unit, ann, settings):
    with pytest.raises(attachments.WrongKind, match=r"“evil\.jpg” cannot be added"):
        attach(unit, ann, b"<html><script>", name="x\\evil.jpg")
    with pytest.raises(attachments.WrongKind, match="is empty"):
        attach(unit, ann, b"")

    assert Attachment.objects.count() == Entry.objects.count() == 0
    assert not settings.MEDIA_ROOT.exists()


def test_the_same_file_twice_is_noticed_and_kept_once(unit, ann, settings):
    other = plant(name="二店", code="S2", kind="BRANCH")
    first = attach(unit, ann)

    with pytest.raises(attachments.AlreadyThere, match=r"as “小票\.png”") as refusal:
        attach(unit, ann, name="again.png")
    second = attach(unit, ann, subject=other)

    assert refusal.value.attachment == first
    assert second.sha256 == first.sha256
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


def test_a_removed_file_is_gone_from_the_list_once_and_may_come_again(unit, ann):
    row = attach(unit, ann)

    assert attachments.remove(attachment=row, subject=unit, by=ann, now=MONDAY, reason="传错") is True
    assert attachments.remove(attachment=row, subject=unit, by=ann, now=MONDAY, reason="again") is False

    assert list(attachments.attachments_of(unit)) == []
    assert row.removal_reason == "传错"
    again = attach(unit, ann)
    assert list(attachments.attachments_of(unit)) == [again]


def test_a_stranger_sees_no_file_and_a_secret_one_needs_its_level(unit, ann):
    open_one = attach(unit, None)
    secret = attach(unit, None, PNG + b"1", secrecy=2)

    def seen(scope: Scope) -> set[int]:
        return set(attachments.attachments(scope).values_list("pk", flat=True))

    assert seen(NOTHING) == set()
    assert seen(Scope(party=ann.pk, units=frozenset({unit.pk + 1}), secrecy=9)) == set()
    assert seen(Scope(party=ann.pk, units=frozenset({unit.pk}), secrecy=1)) == {open_one.pk}
    assert seen(EVERYTHING) == {open_one.pk, secret.pk}


def test_a_missing_file_is_one_sentence(unit, ann):
    row = attach(unit, ann)
    attachments.path_of(row.sha256).unlink()

    with pytest.raises(attachments.FileMissing, match="is missing on the disk"):
        attachments.open_file(row)


def test_downloads_are_never_run_or_guessed():
    picture = Attachment(name="小 票.png", size=3, content_type="image/png")
    table = Attachment(name="表.xlsx", size=3, content_type="application/vnd.ms-excel")

    assert (
        attachments.headers(picture)["Content-Disposition"]
        == "attachment; filename*=utf-8''%E5%B0%8F%20%E7%A5%A8.png"
    )
    assert attachments.headers(picture, inline=True)["Content-Disposition"].startswith(
        "inline; filename*=utf-8''"
    )
    assert attachments.headers(table, inline=True)["Content-Disposition"].startswith("attachment;")
    assert attachments.headers(picture)["X-Content-Type-Options"] == "nosniff"
    assert attachments.headers(picture)["Content-Security-Policy"] == "default-src 'none'; sandbox"
