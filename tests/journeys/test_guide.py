"""The guide for managers: the manual it writes rules its first case, and its page shows it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhike.complaints.questions import ROLES
from zhike.complaints.tests.factories import a_complaint
from zhike.manuals import actions
from zhike.people.tests.factories import MONDAY

FOLDER = Path(settings.BASE_DIR) / "docs" / "write-a-manual"
TEXT = (FOLDER / "member-complaints.md").read_text(encoding="utf-8")
WORD = FOLDER / "member-complaints.docx"


def test_the_first_case_is_ruled_by_the_manual_of_the_guide(people):
    version = actions.publish(text=TEXT.replace("2026-12-01", "2026-01-01"), roles=ROLES, by=None, now=MONDAY)
    actions.install(key=version.key, unit=people.south, by=None, now=MONDAY)

    complaint = a_complaint(people, circumstances=["信息泄露"])

    assert (complaint.ruling.version, complaint.clause) == (version, "二(二)")
    assert complaint.handler == people.manager.party


def test_the_page_shows_the_guide_in_the_reader_s_language_with_its_files(people):
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(people.taker)

    page = client.get(reverse("manuals:guide"))
    english = client.get(reverse("manuals:guide"), headers={"Accept-Language": "en"})
    file = client.get(reverse("manuals:guide_file", args=["member-complaints.docx"]))
    missing = client.get(reverse("manuals:guide_file", args=["settings.py"]))

    assert "把 Word 制度写成能执行的规定" not in page.content.decode()  # the page has its own heading
    assert '<h2 id="只改一个数字">只改一个数字</h2>' in page.content.decode()
    assert '<h2 id="change-one-figure">Change one figure</h2>' in english.content.decode()
    assert b"".join(file.streaming_content) == WORD.read_bytes()
    assert missing.status_code == 404
    assert reverse("manuals:guide") in client.get(reverse("manuals:list")).content.decode()
