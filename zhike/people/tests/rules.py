"""A regulation of the library in force at the mall, for tests that need no publishing."""

from __future__ import annotations

import hashlib
from importlib import resources

from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.people.tests.factories import MONDAY, Cast


def in_force(cast: Cast, key: str, title: str = "") -> ManualVersion:
    text = resources.files("zhike.manuals").joinpath(f"library/{key}.md").read_text("utf-8")
    version = ManualVersion.objects.create(
        key=key, title=title or key, number=1, text=text, digest=hashlib.sha256(text.encode()).hexdigest(),
        state=ManualVersion.State.PUBLISHED, effective_on="2025-01-01", published_at=MONDAY,
    )  # fmt: skip
    Installation.objects.create(unit=cast.mall, key=key, installed_at=MONDAY)
    return version
