from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from zhike.ui import menu

CHINESE = {
    "under 1 min": "不足 1 分",
    "%(minutes)s min": "%(minutes)s 分",
    "%(hours)s h": "%(hours)s 小时",
    "%(hours)s h %(minutes)s min": "%(hours)s 小时 %(minutes)s 分",
    "%(days)s d": "%(days)s 天",
    "%(span)s left": "剩 %(span)s",
    "overdue %(span)s": "逾期 %(span)s",
    "%(span)s late": "迟 %(span)s",
    "on time": "按时",
    "no time limit": "未设时限",
    "paused · %(span)s left": "已暂停 · 余 %(span)s",
    "paused %(span)s": "已暂停 %(span)s",
    "today %(time)s": "今天 %(time)s",
    "yesterday %(time)s": "昨天 %(time)s",
    "tomorrow %(time)s": "明天 %(time)s",
    "10,000+": "1万+",
    "Mon": "周一",
}


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty rail: what the other apps put there is theirs to test."""
    for name in ("_entries", "_counters"):
        monkeypatch.setattr(menu, name, {})
    for name in ("_counts", "_notices", "_person"):
        monkeypatch.setattr(menu, name, [])


@pytest.fixture
def chinese() -> Iterator[None]:
    """Chinese with the sentences of this app, whether or not the catalogue was compiled on this machine."""
    with translation.override("zh-hans"):
        catalogue = trans_real.translation("zh-hans")._catalog
        catalogue._catalogs.insert(0, CHINESE)
        catalogue._plurals.insert(0, lambda number: 0)
        yield
        catalogue._catalogs.pop(0)
        catalogue._plurals.pop(0)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield
