"""The back-test on the page where a change is judged, and in the column of the editor: over HTTP, state by state."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from zhike.complaints.tests.factories import a_complaint, browser
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import actions
from zhike.manuals.models import Backtest, Revision
from zhike.people.tests.factories import MONDAY

pytestmark = pytest.mark.django_db
KEY = "mall-complaints"
HX = {"HX-Request": "true"}
PERIOD = {"since": "2026-01-01", "until": "2026-03-31"}
LOWER = [
    ("| 店长起点 | 2000元 |", "| 店长起点 | 1600元 |"),
    ("| 1999.99 | 无 | 未知 |", "| 1599.99 | 无 | 未知 |"),
    ("| 2000 | 无 | 未知 |", "| 1600 | 无 | 未知 |"),
]
MEANING = "客服经理 → 店长"
RUNNING = "正在用过去的案件试算"


@pytest.fixture
def text(people):
    """A draft of the regulation by the manager of the south store."""
    base = ManualVersion.objects.get()
    changed = base.text
    for old, new in LOWER:
        changed = changed.replace(old, new)
    by = people.manager.party
    return Revision.objects.create(
        key=KEY, base=base, text=changed, prepared_by=by, prepared_at=MONDAY, saved_by=by, saved_at=MONDAY
    )


@pytest.fixture
def values(people):
    return actions.begin_values(
        key=KEY, unit=people.south, values={"店长起点": "1500元"}, by=people.manager.party, now=MONDAY,
        reason="店长提前介入", effective_on=dt.date(2026, 4, 1),
    )  # fmt: skip


def gate(user, revision):
    answer = browser(user).get(reverse("manuals:gate", args=[revision.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def ask(user, revision, **more):
    address = reverse("manuals:backtest", args=[revision.pk])
    answer = browser(user).post(address, {**PERIOD, "on_gate": "1", **more}, headers=HX)
    assert answer.status_code == 200
    return answer.content.decode()


def stored(revision, state, **columns):
    """A trial of the general manager's reach at one moment of its way."""
    row = Backtest.objects.latest("pk")
    Backtest.objects.filter(pk=row.pk).update(state=state, **columns)
    return row


@pytest.mark.rule("S001-046", "S002-05")
@pytest.mark.parametrize("draft", ["text", "values"])
def test_the_trial_of_a_draft_stands_on_its_page_and_the_meaning_once(people, draft, request):
    a_complaint(people, value=1600)
    a_complaint(people, value=1300)
    revision = request.getfixturevalue(draft)
    assert 'id="backtest"' in gate(people.manager, revision)

    part = ask(people.manager, revision)
    page = gate(people.manager, revision)

    assert MEANING not in part.split("<table")[0]
    assert "<b>1</b>" in page
    assert page.split("<table")[0].count("[1600..2000)" if draft == "text" else "[1500..2000)") == 1
    # the page of the trial alone says it too
    alone = browser(people.manager).get(reverse("manuals:backtest", args=[revision.pk])).content.decode()
    assert MEANING in alone


def test_it_says_that_it_runs_waits_has_failed_or_is_older_than_the_draft(people, text):
    a_complaint(people, value=1600)
    ask(people.manager, text)

    for state in ("WAITING", "RUNNING"):
        stored(text, state, progress=40, beat_at=MONDAY)
        page = gate(people.manager, text)
        assert f'hx-get="{reverse("manuals:backtest", args=[text.pk])}"' in page
        assert 'value="40"' in page
    stored(text, "FAILED", problem="没有可比较的版本。")
    assert "没有可比较的版本。" in gate(people.manager, text)
    stored(text, "DONE")
    assert "草稿在这次试算之后又改过" not in gate(people.manager, text)
    Revision.objects.filter(pk=text.pk).update(revision=5)
    page = gate(people.manager, text)
    assert Backtest.objects.get().seen != 5
    assert 'class="zk-tag is-run"' in page.split('id="backtest"')[1].split("<form")[0]


def test_the_column_of_the_editor_says_the_effect(people, text):
    a_complaint(people, value=1600)
    address = reverse("manuals:backtest", args=[text.pk])
    desk = browser(people.manager)
    page = desk.get(reverse("manuals:edit", args=[text.pk])).content.decode()
    assert f"{address}?part=effect" in page
    assert desk.get(f"{address}?part=effect", headers=HX).status_code == 200

    ask(people.manager, text)

    effect = desk.get(f"{address}?part=effect", headers=HX).content.decode()
    assert "<b>店长</b>" in effect


def test_who_sees_no_cases_sees_no_slot(people, text):
    """The administrator installs regulations and sees no complaint."""
    page = gate(people.administrator, text)

    assert 'id="backtest"' not in page
    assert (
        "?part=effect"
        not in browser(people.administrator).get(reverse("manuals:edit", args=[text.pk])).content.decode()
    )
    assert browser(people.administrator).get(reverse("manuals:backtest", args=[text.pk])).status_code == 403
