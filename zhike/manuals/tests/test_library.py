"""Every manual that ships can be installed as it is, and reads the same where nobody knows its questions."""

from importlib import resources
from importlib.resources.abc import Traversable

import pytest

from zhike.kernel.policy.contract import check_text
from zhike.kernel.policy.manual.model import Level

SHIPPED = sorted(
    (
        file
        for file in resources.files("zhike.manuals").joinpath("library").iterdir()
        if file.name.endswith(".md") and file.name != "README.md"
    ),
    key=lambda file: file.name,
)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
@pytest.mark.parametrize("questions", [None, {}], ids=["known", "unknown"])
def test_a_shipped_manual_has_no_error_and_its_examples_hold(file: Traversable, questions):
    found = check_text(file.read_text(encoding="utf-8"), questions=questions)

    assert [f"{one.line} {one.message}" for one in found if one.level is Level.ERROR] == []
