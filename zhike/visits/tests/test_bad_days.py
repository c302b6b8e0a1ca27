"""Bad days on the road, as the phone sends them: each gets a clear word in the reader's language, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from zhike.customers.matching import actions as matching
from zhike.people.tests.factories import MONDAY
from zhike.visits import actions
from zhike.visits.models import Visit, VisitPhoto

from .factories import DAY, HOUR, a_shop
from .test_road import a_plan, an_entry

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def sent(user, language: str, *entries: dict, **files) -> list[dict]:
    user.language = language
    user.save(update_fields=["language"])
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    given = {"entries": json.dumps(entries), **files}
    return client.post(reverse("visits:road:send"), given).json()["results"]


@LANGUAGES
def test_the_same_visit_sent_from_two_devices_is_taken_once(cast, language):
    visit = a_plan(cast)
    begun, arrived = an_entry(visit, "start"), an_entry(visit, "arrive", why="没有信号")

    first = sent(cast.specialist, language, begun, arrived | {"device": "甲"})
    second = sent(cast.specialist, language, begun, arrived | {"device": "乙"})

    assert [one["result"] for one in (*first, *second)] == ["kept", "kept", "known", "known"]
    assert Visit.objects.get().state == "UNDER_WAY"


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "手机时钟差了 180 分钟，时间已校正。"), ("en", "wrong by 180 minutes")]
)
def test_a_phone_three_hours_ahead_is_told_so(cast, language, word):
    visit = a_plan(cast)
    entry = an_entry(visit, "arrive", why="没有信号") | {
        "made_at": (MONDAY + 3 * HOUR).isoformat(),
        "offset": -3 * 3600,
    }

    [_begun, found] = sent(cast.specialist, language, an_entry(visit, "start"), entry)

    assert word in found["sentence"]
    assert Visit.objects.get().arrived_at == MONDAY


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "已并入"), ("en", "was merged into")])
def test_a_customer_merged_meanwhile_is_told_and_followed(cast, language, word):
    shop, gone = a_shop(cast, "城东便利店"), a_shop(cast, "城东便利")
    matching.merge(kept=shop, gone=gone, by=cast.supervisor.party, now=MONDAY, choices={})
    entry = an_entry(Visit(), "start", customer=gone.pk)

    [found] = sent(cast.specialist, language, entry)

    assert word in found["sentence"]
    assert Visit.objects.get().customer == shop


@pytest.mark.parametrize(
    ("language", "word"), [("zh-hans", "这还不是签字，请客户重签。"), ("en", "This is no signature yet")]
)
def test_two_dots_are_refused_and_may_come_again(cast, language, word):
    visit = a_plan(cast)
    dots = an_entry(visit, "sign", signer="王老板", strokes=[[[0.1, 0.1]], [[0.5, 0.1]]])
    pad = io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(64))
    pad.name = "s.png"

    [_begun, found] = sent(cast.specialist, language, an_entry(visit, "start"), dots, **{dots["uid"]: pad})

    assert found["result"] == "refused"
    assert word in found["sentence"]
    assert Visit.objects.get().signature is None


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "MB"), ("en", "MB")])
def test_a_picture_beyond_the_limit_is_refused_with_the_limit(cast, language, word, settings):
    settings.MAX_ATTACHMENT_BYTES = 1024 * 1024
    visit = a_plan(cast)
    entry = an_entry(visit, "photo", kind="OTHER", name="front.jpg")
    large = io.BytesIO(b"\xff\xd8\xff\xe0" + bytes(1024 * 1024))
    large.name = "front.jpg"

    [_begun, found] = sent(
        cast.specialist, language, an_entry(visit, "start"), entry, **{entry["uid"]: large}
    )

    assert found["result"] == "refused"
    assert word in found["sentence"]
    assert VisitPhoto.objects.count() == 0


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "国庆节"), ("en", "National Day")])
def test_a_visit_on_a_public_holiday_is_told_its_name(cast, language, word):
    day = dt.date(2026, 10, 1)
    given = {
        "manager": cast.specialist.party,
        "customer": a_shop(cast),
        "by": cast.specialist.party,
        "now": MONDAY,
    }
    with translation.override(language), pytest.raises(actions.CannotVisit, match=word):
        actions.add(**given, on=day)
    assert actions.add(**given, on=day, knowing=True).planned_on - DAY == dt.date(2026, 9, 30)


@LANGUAGES
def test_without_a_position_the_reason_is_kept_and_without_a_reason_it_is_asked_for(cast, language):
    visit = a_plan(cast)

    [_begun, empty] = sent(cast.specialist, language, an_entry(visit, "start"), an_entry(visit, "arrive"))
    [found] = sent(cast.specialist, language, an_entry(visit, "arrive", why="地下室没有信号"))

    assert (empty["result"], bool(empty["sentence"])) == ("refused", True)
    assert empty["sentence"].isascii() is (language == "en")
    assert found["result"] == "kept"
    assert Visit.objects.get().place_why == "地下室没有信号"
