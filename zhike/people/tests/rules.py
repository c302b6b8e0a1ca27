"""A regulation of the library in force, for tests that need no publishing."""

from __future__ import annotations

import hashlib
from importlib import resources

from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.people.tests.factories import MONDAY, Cast


def in_force(cast: Cast, key: str, title: str = "", *, unit: str = "mall") -> ManualVersion:
    version = published(key, library(key), title=title)
    Installation.objects.create(unit=cast.units[unit], key=key, installed_at=MONDAY)
    inforce.forget()
    return version


def library(key: str) -> str:
    return resources.files("zhike.manuals").joinpath(f"library/{key}.md").read_text("utf-8")


def published(key: str, text: str, *, number: int = 1, title: str = "") -> ManualVersion:
    """One version; a later number takes the place of those before."""
    version = ManualVersion.objects.create(
        key=key, title=title or key, number=number, text=text, digest=hashlib.sha256(text.encode()).hexdigest(),
        state=ManualVersion.State.PUBLISHED, effective_on=f"2025-01-0{number}", published_at=MONDAY,
    )  # fmt: skip
    inforce.forget()
    return version
