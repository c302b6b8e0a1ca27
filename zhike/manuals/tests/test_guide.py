"""The guide does what it says: its files are executed here."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings

from zhike.kernel.policy.contract import check_manual, check_text, main
from zhike.kernel.policy.editing.excel import from_workbook, to_workbook
from zhike.kernel.policy.editing.grids import grids_of
from zhike.kernel.policy.editing.offers import missing_rows
from zhike.kernel.policy.editing.trials import example_results
from zhike.kernel.policy.editing.word import draft_from_docx
from zhike.kernel.policy.editing.words import in_words
from zhike.kernel.policy.manual.reader import read
from zhike.manuals import guide

DOCS = Path(settings.BASE_DIR) / "docs"
GUIDES = {"zh": DOCS / "write-a-manual.md", "en": DOCS / "write-a-manual.en.md"}
WORD = DOCS / "write-a-manual" / "member-complaints.docx"
MANUAL = DOCS / "write-a-manual" / "member-complaints.md"
TEXT = MANUAL.read_text(encoding="utf-8")


def blocks(lang, kind=""):
    """Fenced blocks of this kind."""
    found, inside = [], None
    for line in GUIDES[lang].read_text(encoding="utf-8").split("\n"):
        bare = line.strip()
        if not bare.startswith("```"):
            if inside is not None:
                inside.append(bare)
        elif inside is None:
            inside, which = [], bare.removeprefix("```")
        else:
            found += [(which, "\n".join(inside))]
            inside = None
    return [block for which, block in found if which == kind]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_guide_shows_stands_in_its_files(lang):
    draft = draft_from_docx(WORD.read_bytes())

    shown = blocks(lang, "markdown")

    assert len(shown) >= 9
    assert [each for each in shown if each not in TEXT and each not in draft.text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_guide_quotes_is_what_the_commands_say(lang, capsys):
    said = list(draft_from_docx(WORD.read_bytes()).notes)
    main(["decide", str(MANUAL), "处理权限", "--facts", '{"货值": 50, "情形": ["信息泄露"]}'])
    said += capsys.readouterr().out.splitlines()
    less = TEXT.replace("| [0..经理起点)、未知 |", "| [0..经理起点) |")
    said += [finding.message for finding in check_text(less) if finding.level == "gap"]

    quoted = [line for block in blocks(lang) for line in block.split("\n") if not line.startswith("zhike ")]

    assert [line for line in quoted if line not in said] == []


def test_the_worked_example_has_neither_error_nor_gap_and_its_examples_hold():
    manual = read(TEXT)

    assert [f"{f.line} {f.message}" for f in check_manual(manual)] == []
    assert [result.passed for result in example_results(manual)] == [True] * 4
    workbook = to_workbook(TEXT, key=manual.name, version=manual.version)
    assert from_workbook(workbook, TEXT, key=manual.name, version=manual.version).text == TEXT


def test_the_editor_tells_and_offers_what_the_guide_says():
    manual = read(TEXT)
    grid = next(each for each in grids_of(TEXT) if each.name == "处理权限")
    less = read(TEXT.replace("| [0..经理起点)、未知 | - | 客服主管 |", "| [0..经理起点) | - | 客服主管 |"))
    table = less.decision("处理权限")
    assert table

    assert in_words(manual, grid, 0, 0) == "货值达到经理起点(1000元)及以上"
    assert [offer.cells[:2] for offer in missing_rows(less, table)] == [("未知", "-")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_links_inside_the_guide_lead_somewhere(lang):
    html, headings = guide.as_page(GUIDES[lang].read_text(encoding="utf-8"), files="files/")

    inside = re.findall(r'href="#([^"]+)"', html)
    assert {unquote(each) for each in inside} <= {heading.anchor for heading in headings}
    assert set(re.findall(r'href="(files/[^"]+)"', html)) == {
        "files/member-complaints.docx",
        "files/member-complaints.md",
    }
