"""Duties and messages appear on the open page without reloading; while somebody types, the page waits."""

from __future__ import annotations

import pytest
from django.db import transaction

from zhike.kernel import clock
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post

pytestmark = pytest.mark.browser


def a_duty(people, matter: str) -> None:
    draft = duties.Draft("test.live", "看一眼", people.specialist.party, clock.now(), "3工作日")
    duties.open_duties([draft], subject=people.south, unit_id=people.south.pk, matter=matter)


@pytest.mark.rule("S004-26")
def test_duties_and_messages_appear_by_themselves(at_the_browser, people):
    person = at_the_browser("shen.ruoxi")
    page = person.page
    page.goto("/")
    with page.expect_response("**/pulse/"):
        pass

    with transaction.atomic():
        a_duty(people, "自己出现的应办")
        post.notify(
            to=people.specialist.party,
            kind="test",
            title="自己出现的消息",
            subject=None,
            by=None,
            at=clock.now(),
        )

    page.wait_for_selector("text=自己出现的应办", timeout=30_000)
    page.wait_for_selector("text=自己出现的消息")
    assert page.inner_text("#bell-count") == "1"
    assert person.trouble == []
