"""Texts go into the database and come back as they are, many at a time too: quotation marks, backslashes, braces."""

from __future__ import annotations

import pytest

from zhike.kernel.policy.models import TagBit

pytestmark = pytest.mark.django_db

TEXTS = [
    'a "word"',
    "back\\slash",
    '\\" both',
    "{braces, commas}",
    "NULL",
    "",
    '\u4e8c\u7ef4 "x"',
    "line\nbreak",
]


def test_many_texts_at_once_come_back_as_they_are():
    TagBit.objects.bulk_create(
        TagBit(key="t", vocabulary="v", code=text, bit=bit) for bit, text in enumerate(TEXTS)
    )

    assert list(TagBit.objects.order_by("bit").values_list("code", flat=True)) == TEXTS
