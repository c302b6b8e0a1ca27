"""A mall lowers a threshold for itself, and a regulation gets a new version: from the first draft to the first ruling.

Over HTTP, with the pages that people use.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from zhike.complaints.tests.factories import a_complaint, at, browser
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.policy.models import ManualVersion, UnitValues
from zhike.kernel.procedures.models import Approval
from zhike.manuals.models import Revision
from zhike.people.tests.factories import MONDAY

pytestmark = pytest.mark.django_db
KEY = "mall-complaints"
HX = {"HX-Request": "true"}


def page(user, name, *arguments, **query):
    answer = browser(user).get(reverse(f"manuals:{name}", args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer


def do(user, name, *arguments, **typed):
    return browser(user).post(reverse(f"manuals:{name}", args=arguments), typed, headers=HX)


def field_of(form, label):
    return next(name for name, one in form.fields.items() if str(one.label) == label)


def begin(people, value, *, by=None, day="2026-04-01", unit=None):
    """The page of the store's values: the figure, the reason, the day."""
    by, unit = by or people.manager, unit or people.south
    form = page(by, "parameters", KEY, unit.pk).context["form"]
    typed = {field_of(form, "店长起点"): value, "reason": "店长提前介入，减少二次升级", "effective_on": day}
    return browser(by).post(reverse("manuals:parameters", args=[KEY, unit.pk]), typed)


def decided(user, revision, decision="YES", opinion=""):
    return do(user, "decide", revision.pk, decision=decision, opinion=opinion)


def errors(answer, form):
    return answer.context[form].errors.get("__all__", [])


@pytest.mark.rule("R002-139", "R002-138", "S002-05")
def test_one_store_lowers_the_threshold_of_its_store_manager_from_the_first_of_next_month(people):
    older = a_complaint(people, value=1600)
    assert begin(people, "1500元").status_code == 302
    revision = Revision.objects.get()

    seen = page(people.manager, "gate", revision.pk)
    html = seen.content.decode()
    assert "客服经理 → 店长" in html
    assert "[1500..2000)" in html
    assert seen.context["cases"] == [(1, 1)]
    assert [str(part.text) for part in seen.context["moved"][0].new if part.changed] == ["1500"]

    # the same in English, with the English words of the manual
    english = browser(people.manager, language="en")
    said = english.get(reverse("manuals:gate", args=[revision.pk])).content.decode()
    assert "Customer-service manager → Store manager: value " in said
    assert "Parameter “店长起点”: 2,000 yuan → 1,500 yuan" in said

    # the head of the store reviews, the general manager of the mall approves
    handed = do(
        people.manager, "hand_in", revision.pk, seen=revision.revision, reviewer=people.store_manager.pk,
        reason=revision.reason, effective_on="2026-04-01",
    )  # fmt: skip
    assert handed.headers["HX-Redirect"] == reverse("manuals:gate", args=[revision.pk])
    assert page(people.store_manager, "revisions").context["tab"] == "waiting"
    # it waits in Today as well, and the page of the approval leads to the one of the change
    desk = browser(people.store_manager)
    waiting = desk.get(reverse("workbench:today")).context["today"].approvals
    asked = desk.get(reverse("workbench:approval", args=[waiting[0].pk])).content.decode()
    assert reverse("manuals:gate", args=[revision.pk]) in asked
    assert decided(people.store_manager, revision, opinion="同意,南湖店先行").status_code == 200
    assert "同意,南湖店先行" in page(people.general_manager, "gate", revision.pk).content.decode()
    assert not UnitValues.objects.exists()
    decided(people.general_manager, revision)

    revision.refresh_from_db()
    assert revision.state == "PUBLISHED"
    named = (revision.prepared_by_id, revision.reviewed_by_id, revision.approved_by_id)
    assert named == (people.manager.pk, people.store_manager.pk, people.general_manager.pk)
    assert UnitValues.objects.get().effective_on == dt.date(2026, 4, 1)
    # the evening before: still the manager's
    assert a_complaint(people, value=1600, now=at(31, 23)).handler_code == "SERVICE_MANAGER"

    with clock.at(at(1, 9, month=4)):
        first = a_complaint(people, value=1600, now=clock.now())
        other = a_complaint(people, unit=people.north, by=people.stranger.party, value=1600, now=clock.now())
        differing = page(people.employee, "values").context["rows"]

    assert (first.handler_code, first.clause, first.handler_id) == (
        "STORE_MANAGER",
        "三(五)1",
        people.store_manager.pk,
    )
    assert first.ruling.parameters["店长起点"] == "1500元"
    assert other.handler_code == "SERVICE_MANAGER"
    older.refresh_from_db()
    assert (older.handler_code, older.ruling.parameters["店长起点"]) == ("SERVICE_MANAGER", "2000元")
    assert [(one.unit, one.name, one.manual, one.own) for one in differing] == [
        (people.south, "店长起点", "2000元", "1500元")
    ]
    codes = list(
        Entry.objects.filter(code__startswith="manuals.").values_list("code", flat=True).order_by("id")
    )
    assert codes == ["manuals.revision_begun", "manuals.revision_handed_in", "manuals.parameters_set"]


@pytest.mark.rule("R002-139", "R002-033")
def test_a_new_version_of_the_text_goes_the_same_way(people):
    base = ManualVersion.objects.get()
    older = a_complaint(people, value=1600)
    text = base.text
    for old, new in [
        ("| 店长起点 | 2000元 |", "| 店长起点 | 1600元 |"),
        ("| 1999.99 | 无 | 未知 |", "| 1599.99 | 无 | 未知 |"),
        ("| 2000 | 无 | 未知 |", "| 1600 | 无 | 未知 |"),
        ("| 首次回应期限 | 30分钟 |", "| 首次回应期限 | 20分钟 |"),
    ]:
        text = text.replace(old, new)
    by = people.manager.party
    revision = Revision.objects.create(
        key=KEY, base=base, text=text, prepared_by=by, prepared_at=MONDAY, saved_by=by, saved_at=MONDAY
    )

    seen = page(people.manager, "gate", revision.pk)
    assert ["客服经理 → 店长" in str(line) for line in seen.context["meaning"]] == [True]
    assert seen.context["checks"].passed
    assert [(one.title, one.old, one.new) for one in seen.context["limits"]] == [
        ("首次回应", "受理后30分钟", "受理后20分钟")
    ]
    kinds = {one.kind for one in seen.context["diff"]}
    assert kinds >= {"del", "add", "same", "skip"}

    do(people.manager, "hand_in", revision.pk, reviewer=people.store_manager.pk, reason="减少二次升级",
       effective_on="2026-04-01")  # fmt: skip
    # sent back with an opinion, mended, handed in again
    decided(people.store_manager, revision, "BACK", "请说明示例")
    assert "请说明示例" in page(people.manager, "gate", revision.pk).content.decode()
    do(people.manager, "hand_in", revision.pk, reviewer=people.store_manager.pk, reason="减少二次升级,示例已改",
       effective_on="2026-04-01")  # fmt: skip
    decided(people.store_manager, revision)
    assert ManualVersion.objects.count() == 1
    decided(people.general_manager, revision)

    version = ManualVersion.objects.get(number=2)
    assert version.effective_on == dt.date(2026, 4, 1)
    before = a_complaint(people, value=1600, now=at(31, 23, 59))
    after = a_complaint(people, value=1600, now=at(1, 0, 0, month=4))
    assert (before.handler_code, before.manual.number) == ("SERVICE_MANAGER", 1)
    assert (after.handler_code, after.manual.number, after.clause) == ("STORE_MANAGER", 2, "三(五)1")
    older.refresh_from_db()
    assert (older.handler_code, older.manual.number) == ("SERVICE_MANAGER", 1)
    assert "WITHDRAW" not in Revision.objects.get().state


def test_bad_input_gets_one_clear_line_at_its_place(people):
    for value, day, word in [("999元", "2026-04-01", "店长起点"), ("1500元", "2026-03-08", "2026-03-08")]:
        answer = begin(people, value, day=day)
        said = [line for lines in answer.context["form"].errors.values() for line in lines]
        assert [word in line for line in said] == [True]
    assert not Revision.objects.exists()

    begin(people, "1500元")
    revision = Revision.objects.get()
    given = {"reason": "x", "effective_on": "2026-04-01"}
    # a day that is past, nobody named, no reason: all at once
    missing = do(people.manager, "hand_in", revision.pk, reason="", effective_on="2026-03-08")
    assert len(errors(missing, "hand_in")) == 3
    # not one's own reviewer
    own = do(people.manager, "hand_in", revision.pk, reviewer=people.manager.pk, **given)
    assert own.context["hand_in"].errors
    assert Approval.objects.count() == 0
    do(people.manager, "hand_in", revision.pk, reviewer=people.store_manager.pk, **given)
    # two open changes at once: the page names who has the other
    assert page(people.manager, "parameters", KEY, people.south.pk).context["asked"]
    # nobody approves the own change, nobody twice
    assert errors(decided(people.manager, revision), "opinion")
    decided(people.store_manager, revision)
    assert errors(decided(people.store_manager, revision), "opinion")
    # to send back one says why
    assert errors(decided(people.general_manager, revision, "BACK"), "opinion")
    assert Revision.objects.get().state == "ASKED"


def test_who_has_nothing_to_do_with_a_change_does_not_find_it_until_it_is_published(people):
    begin(people, "1500元")
    address = reverse("manuals:gate", args=[Revision.objects.get().pk])

    found = {who: browser(getattr(people, who)).get(address).status_code for who in (
        "manager", "supervisor", "store_manager", "general_manager", "administrator",
        "taker", "employee", "north_manager", "fruit_manager",
    )}  # fmt: skip

    assert {who for who, status in found.items() if status == 200} == {
        "manager", "supervisor", "store_manager", "general_manager", "administrator",
    }  # fmt: skip
    assert {status for status in found.values() if status != 200} == {404}
    Revision.objects.update(state="PUBLISHED", effective_on="2026-04-01")
    assert browser(people.employee).get(address).status_code == 200


def test_a_published_change_is_postponed_and_withdrawn_on_its_page(people):
    begin(people, "1500元")
    revision = Revision.objects.get()
    do(
        people.manager,
        "hand_in",
        revision.pk,
        reviewer=people.store_manager.pk,
        reason="x",
        effective_on="2026-04-01",
    )
    decided(people.store_manager, revision)
    decided(people.general_manager, revision)

    early = do(people.store_manager, "postpone", revision.pk, effective_on="2026-03-20")
    assert errors(early, "postpone")
    do(people.store_manager, "postpone", revision.pk, effective_on="2026-04-15")
    assert UnitValues.objects.get().effective_on == dt.date(2026, 4, 15)
    assert do(people.employee, "withdraw", revision.pk, reason="x").status_code == 403
    do(people.store_manager, "withdraw", revision.pk, reason="改为全公司统一调整")

    assert Revision.objects.get().state == "WITHDRAWN"
    assert not UnitValues.objects.exists()
    with clock.at(at(16, 9, month=4)):
        assert a_complaint(people, value=1600, now=clock.now()).handler_code == "SERVICE_MANAGER"
