"""A mall with its regulation installed, for the tests of the portal, the API and the import."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any

from zhike.complaints import questions
from zhike.kernel.policy import inforce, tags
from zhike.kernel.policy.models import Installation, ManualVersion
from zhike.people.tests.factories import MONDAY, cast


def a_mall() -> Any:
    """The standing cast, with the mall's regulation in force in the mall and its stores."""
    found = cast()
    text = resources.files("zhike.manuals").joinpath("library/mall-complaints.md").read_text("utf-8")
    version = ManualVersion.objects.create(
        key="mall-complaints",
        title="商场顾客投诉处理规定",
        number=1,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        state=ManualVersion.State.PUBLISHED,
        effective_on="2025-01-01",
        published_at=MONDAY,
    )
    words = inforce.manual_of(version.pk).lists[questions.CIRCUMSTANCES].words
    tags.give_places(version.key, questions.CIRCUMSTANCES, [word.code for word in words])
    Installation.objects.create(unit=found.mall, key="mall-complaints", installed_at=MONDAY)
    return found
