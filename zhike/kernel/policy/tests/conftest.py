"""The questions of the installation are not those of these tests."""

import pytest

from zhike.kernel.policy import questions


@pytest.fixture(autouse=True)
def _no_registered_questions(monkeypatch):
    monkeypatch.setattr(questions, "_REGISTRY", {})
