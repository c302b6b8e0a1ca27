"""Every icon that a page names is in the font: a name that is not there draws nothing, such as a tick that is missing."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).parents[2]
USED = re.compile(r"\bti-([a-z0-9]+(?:-[a-z0-9]+)*)(?![a-z0-9-])")
NAMED = re.compile(r"""\bicon\s*[=:]\s*["']([a-z0-9-]+)["']""")


def test_every_icon_is_in_the_font():
    sheet = finders.find("vendor/icons/tabler-icons.min.css")
    if sheet is None:
        pytest.skip("the files of others are not there: make setup")
    known = set(re.findall(r"\.ti-([a-z0-9-]+):+before", Path(sheet).read_text()))
    wrong = []
    for kind in ("html", "js", "py"):
        for path in ROOT.rglob(f"*.{kind}"):
            if "vendor" in path.parts or "tests" in path.parts:
                continue
            text = path.read_text("utf-8")
            found = set(USED.findall(text)) | (set(NAMED.findall(text)) if kind == "py" else set())
            wrong += [f"{path.relative_to(ROOT)}: {name}" for name in found - known]

    assert wrong == []
