"""A mall with its regulation installed, for the tests of the portal, the API and the import."""

from __future__ import annotations

from typing import Any

from zhike.complaints import questions
from zhike.kernel.policy import inforce, tags
from zhike.people.tests.factories import cast
from zhike.people.tests.rules import in_force


def a_mall() -> Any:
    """The standing cast, with the mall's regulation in force in the mall and its stores."""
    found = cast()
    version = in_force(found, "mall-complaints", "商场顾客投诉处理规定")
    words = inforce.manual_of(version.pk).lists[questions.CIRCUMSTANCES].words
    tags.give_places(version.key, questions.CIRCUMSTANCES, [word.code for word in words])
    return found
