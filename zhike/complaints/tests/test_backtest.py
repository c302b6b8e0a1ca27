"""A changed regulation on the complaints of the mall: figures, the cases behind them, and who may see which."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from zhike.complaints import access
from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.models import ManualVersion, UnitValues
from zhike.manuals import actions, queries
from zhike.manuals.models import Backtest, Revision
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, at, browser, set_values

pytestmark = pytest.mark.django_db
SINCE, UNTIL = dt.date(2026, 1, 1), dt.date(2026, 4, 1)
HALF = ("| 店长起点 | 2000元 | [1500..2500] |", "| 店长起点 | 1500元 | [1500..2500] |")


@pytest.fixture
def version(people: Any) -> ManualVersion:
    return ManualVersion.objects.get(key="mall-complaints")


def draft(version: ManualVersion, people: Any, *changes: tuple[str, str]) -> Revision:
    text = version.text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Revision.objects.create(
        key=version.key,
        base=version,
        text=text,
        prepared_by=people.manager.party,
        prepared_at=MONDAY,
        saved_by=people.manager.party,
        saved_at=MONDAY,
    )


def case(
    people: Any, version: ManualVersion, value: str | None, unit: Any = None, **columns: Any
) -> Complaint:
    """A complaint by plain insert: back-tests only read columns."""
    number = Complaint.objects.count() + 1
    return Complaint.objects.create(
        **{
            "number": f"TS-202603-{number:04}",
            "title": f"投诉{number}",
            "unit": unit or people.south,
            "manual": version,
            "opened_at": MONDAY,
            "channel": "COUNTER",
            "text": "…",
            "value": None if value is None else Decimal(value),
            **columns,
        }
    )


@pytest.fixture
def cases(people: Any, version: ManualVersion) -> list[Complaint]:
    """South: 1499.99, 1500, 1999.99, 2000, unknown; north: 1600; and one before the period."""
    rows = [case(people, version, value) for value in ("1499.99", "1500", "1999.99", "2000", None)]
    rows.append(case(people, version, "1600", unit=people.north))
    case(people, version, "1600", opened_at=at(31, 10, month=12).replace(year=2025))
    return rows


def asked(revision: Revision, user: Any, **period: dt.date) -> Backtest:
    return actions.ask_backtest(
        revision=revision, by=user.party, now=MONDAY, **{"since": SINCE, "until": UNTIL, **period}
    )


def scope(user: Any) -> Any:
    return access.scope(user)


def moved(row: Backtest) -> list[tuple[str, str, int]]:
    (table,) = row.result["tables"]
    return moved_of(table)


def moved_of(table: dict[str, Any]) -> list[tuple[str, str, int]]:
    names = [one["zh"] for one in table["outcomes"]]
    return [(names[one["old"]], names[one["new"]], one["count"]) for one in table["changes"]]


def test_a_lower_threshold_moves_the_cases_from_1500_up_to_2000(people, version, cases):
    row = asked(draft(version, people, HALF), people.general_manager)

    assert (row.state, row.progress) == ("DONE", 100)
    assert (row.result["total"], row.result["changed"], row.result["share"]) == (6, 3, 50.0)
    assert moved(row) == [("客服经理", "店长", 3)]
    (table,) = row.result["tables"]
    assert [(one["unit"], one["total"], one["changed"], one["gain"]) for one in table["units"]] == [
        (people.south.pk, 5, 2, 2),
        (people.north.pk, 1, 1, 1),
    ]
    assert [(one["zh"], one["before"], one["after"]) for one in table["outcomes"]] == [
        ("店长", 1, 4),
        ("客服经理", 4, 1),
        ("客服主管", 1, 1),
    ]
    assert [one["old_clause"] for one in table["changes"][0]["examples"]] == ["三(五)2"] * 3
    assert [one["new_clause"] for one in table["changes"][0]["examples"]] == ["三(五)1"] * 3


def test_a_draft_that_changes_no_table_changes_no_case(people, version, cases):
    row = asked(draft(version, people, ("原规定没有数字。", "原规定没有给出数字。")), people.general_manager)

    assert (row.state, row.result["tables"], row.result["changed"]) == ("DONE", [], 0)


def test_the_same_outcome_by_another_row_is_counted_apart(people, version):
    spoiled = 1 << 1
    case(people, version, "1800", circumstance_bits=spoiled)
    case(people, version, "100", circumstance_bits=spoiled)

    row = asked(draft(version, people, HALF), people.general_manager)

    assert (row.result["changed"], row.result["tables"][0]["other_row"]) == (0, 1)


def test_units_with_own_values_keep_them_in_the_trial(people, version, cases):
    set_values(people, people.north, 店长起点="2500元")

    row = asked(draft(version, people, HALF), people.general_manager)

    assert moved(row) == [("客服经理", "店长", 2)]


def test_values_of_one_unit_are_tried_there_alone(people, version, cases):
    set_values(people, people.south)
    revision = Revision.objects.create(
        key=version.key,
        base=version,
        unit=people.south,
        values={"店长起点": "1500元"},
        prepared_by=people.manager.party,
        prepared_at=MONDAY,
        saved_by=people.manager.party,
        saved_at=MONDAY,
    )

    row = asked(revision, people.general_manager)

    assert (row.result["total"], row.result["changed"]) == (5, 2)
    assert not UnitValues.objects.filter(parameters={"店长起点": "1500元"}).exists()


def test_a_person_counts_only_what_they_may_see(people, version, cases):
    revision = draft(version, people, HALF)

    row = asked(revision, people.store_manager)

    assert (row.result["total"], row.result["changed"]) == (5, 2)


def test_figures_of_more_units_are_not_shown_to_who_sees_fewer(people, version, cases):
    revision = draft(version, people, HALF)
    wide = asked(revision, people.general_manager)

    seen = queries.backtest_context(revision, scope(people.store_manager))["trial"]
    assert seen.backtest is None
    assert queries.backtest_for(wide.pk, scope(people.store_manager)) is None

    narrow = asked(revision, people.store_manager)
    seen = queries.backtest_context(revision, scope(people.store_manager))["trial"]
    assert (seen.backtest, seen.narrower) == (narrow, False)
    assert queries.backtest_context(revision, scope(people.general_manager))["trial"].backtest == wide


def test_figures_of_fewer_units_are_shown_to_who_sees_more_and_say_so(people, version, cases):
    revision = draft(version, people, HALF)
    narrow = asked(revision, people.store_manager)

    seen = queries.backtest_context(revision, scope(people.general_manager))["trial"]

    assert (seen.backtest, seen.narrower) == (narrow, True)


def test_who_is_complained_of_counts_without_that_case_and_sees_no_figure_with_it(people, version, cases):
    revision = draft(version, people, HALF)
    Complaint.objects.filter(pk=cases[1].pk).update(accused=people.store_manager.party)
    other = asked(revision, people.manager)
    assert other.reach["party"] is None

    mine = asked(revision, people.store_manager)

    assert mine.result["changed"] == other.result["changed"] - 1
    assert queries.backtest_context(revision, scope(people.store_manager))["trial"].backtest == mine
    assert queries.backtest_for(other.pk, scope(people.store_manager)) is None
    assert queries.backtest_for(mine.pk, scope(people.general_manager)) is None


def test_confidential_cases_are_in_nobodys_figures(people, version, cases):
    Complaint.objects.filter(pk=cases[1].pk).update(secrecy=9, handler=people.store_manager.party)

    row = asked(draft(version, people, HALF), people.store_manager)

    assert (row.result["total"], row.result["changed"]) == (4, 1)


def test_an_example_that_became_confidential_is_shown_no_more(people, version, cases):
    revision = draft(version, people, HALF)
    asked(revision, people.store_manager)
    Complaint.objects.filter(pk=cases[1].pk).update(secrecy=9)

    (table,) = queries.backtest_context(revision, scope(people.store_manager))["trial"].tables

    assert [one.number for one in table.examples] == [cases[2].number]


def test_the_figure_opens_into_exactly_its_cases(people, version, cases):
    revision = draft(version, people, HALF)
    asked(revision, people.store_manager)
    (table,) = queries.backtest_context(revision, scope(people.store_manager))["trial"].tables

    page = browser(people.store_manager).get(table.all_url).content.decode()

    assert [row.number in page for row in cases] == [False, True, True, False, False, False]
    page = browser(people.store_manager).get(table.shifts[0].url).content.decode()
    assert [row.number in page for row in cases] == [False, True, True, False, False, False]


def test_the_figure_of_another_opens_into_nothing(people, version, cases):
    wide = asked(draft(version, people, HALF), people.general_manager)

    page = browser(people.store_manager).get(
        f"{reverse('complaints:list')}?backtest={wide.pk}-0&sort=-opened"
    )

    assert page.status_code == 200
    token = f"{wide.pk}-0"
    found = queries.cases_behind(token, Complaint.objects.all(), scope(people.store_manager), UNTIL)
    assert found is None


def test_a_shorter_limit_counts_the_duties_that_had_it_and_those_that_would_be_late(people, version):
    """答复: three working days from Monday 10:00 end on Thursday, one on Tuesday at the close."""
    for day in (10, 11, 13):
        complaint = a_complaint(people)
        owed = Duty.objects.filter(subject_id=complaint.pk, kind="complaint.reply")
        assert owed.update(state="DONE", done_at=at(day, 10)) == 1
    shorter = ("| 答复期限 | 3工作日 |", "| 答复期限 | 1工作日 |")

    row = asked(draft(version, people, shorter), people.general_manager)

    limits = row.result["limits"]
    assert (limits["duties"], limits["looked"], limits["late_before"], limits["late_after"]) == (3, 3, 1, 2)
    (moved_limit,) = limits["by"]
    assert (moved_limit["title"], moved_limit["clause"]) == ("答复", "三(二)")


def test_the_limit_of_a_stage_counts_the_duties_of_that_stage(people, version):
    a_complaint(people)

    row = asked(
        draft(version, people, ("| 确认原因期限 | 4工作小时 |", "| 确认原因期限 | 2工作小时 |")),
        people.manager,
    )

    assert [(one["title"], one["count"]) for one in row.result["limits"]["by"]] == [("确认原因", 1)]
    assert row.result["tables"] == []


def test_dates_of_many_duties_are_worked_out_for_the_newest(people, version, monkeypatch):
    monkeypatch.setattr("zhike.kernel.duties.trying.MOST", 1)
    a_complaint(people)
    a_complaint(people)

    row = asked(draft(version, people, ("| 答复期限 | 3工作日 |", "| 答复期限 | 1工作日 |")), people.manager)

    assert (row.result["limits"]["duties"], row.result["limits"]["looked"]) == (2, 1)


def test_penalties_and_compensations_are_tried_where_they_lie(people, version):
    case(people, version, "100", compensation=Decimal("300"))
    case(people, version, "100", compensation=Decimal("200"))
    changed = draft(version, people, ("| 自行赔偿上限 | 200元 |", "| 自行赔偿上限 | 300元 |"))

    row = asked(changed, people.general_manager)

    (table,) = row.result["tables"]
    assert (table["table"], table["total"], table["changed"]) == ("批准办法", 2, 1)


def test_a_changed_earlier_table_is_followed_into_those_after_it(people, version):
    """The circumstance that the item stands for is worked out anew, since the table that infers it has changed."""
    case(people, version, "100", item="EXPIRED")
    case(people, version, "100", item="PRICE")
    changed = draft(version, people, ("| 过期 | 变质过期食品 |", "| 过期 | - |"))

    row = asked(changed, people.general_manager)

    found = {table["table"]: moved_of(table) for table in row.result["tables"]}
    assert found["处理权限"] == [("店长", "客服主管", 1)]


def test_many_cases_go_to_the_worker_and_a_silent_one_is_taken_up(people, version, cases, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr("zhike.manuals.trying.SMALL", 5)
    monkeypatch.setattr(
        "zhike.manuals.actions._backtesting.async_task", lambda task, pk, **how: sent.append(pk)
    )
    revision = draft(version, people, HALF)

    row = asked(revision, people.general_manager)

    assert (row.state, sent) == ("WAITING", [row.pk])
    assert asked(revision, people.general_manager) == row
    Backtest.objects.filter(pk=row.pk).update(state="RUNNING", beat_at=MONDAY)
    actions.work_out(row.pk)  # another worker is at it
    row.refresh_from_db()
    assert row.state == "RUNNING"
    with clock.at(MONDAY + dt.timedelta(minutes=12) + dt.timedelta(seconds=1)):
        actions.take_up_again(backtest=row, now=clock.now())
        actions.work_out(row.pk)
    row.refresh_from_db()
    assert (row.state, row.result["changed"], sent) == ("DONE", 3, [row.pk, row.pk])


def test_a_trial_that_breaks_off_says_so_in_one_sentence(people, version, cases, monkeypatch):
    revision = draft(version, people, HALF)

    def broken(*_given: Any, **_more: Any) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr("zhike.manuals.trying.tried", broken)
    with pytest.raises(RuntimeError):
        asked(revision, people.general_manager)

    row = Backtest.objects.get()
    assert (row.state, "." in row.problem or "。" in row.problem) == ("FAILED", True)


def test_a_saved_draft_makes_the_trial_stale(people, version, cases):
    revision = draft(version, people, HALF)
    asked(revision, people.general_manager)
    assert not queries.backtest_context(revision, scope(people.general_manager))["trial"].stale

    Revision.objects.filter(pk=revision.pk).update(revision=1)
    revision.refresh_from_db()

    assert queries.backtest_context(revision, scope(people.general_manager))["trial"].stale


def test_a_period_that_ends_before_it_begins_is_refused(people, version, cases):
    with pytest.raises(actions.CannotBacktest):
        asked(draft(version, people, HALF), people.manager, since=UNTIL, until=SINCE)

    assert not Backtest.objects.exists()


def test_a_new_regulation_compares_with_nothing(people, version):
    revision = draft(version, people)
    revision.base = None
    revision.save()

    with pytest.raises(actions.CannotBacktest):
        asked(revision, people.general_manager)


def test_who_sees_no_cases_is_refused(people, version):
    with pytest.raises(actions.CannotBacktest):
        asked(draft(version, people, HALF), people.employee)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_part_asks_and_shows_with_and_without_htmx(people, version, cases, language):
    revision = draft(version, people, HALF)
    address = reverse("manuals:backtest", args=[revision.pk])
    client = browser(people.general_manager, language)

    assert client.get(address).status_code == 200
    answer = client.post(address, {"since": "2026-01-01", "until": "2026-03-31"})
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    page = client.get(address).content.decode()
    part = client.post(
        address, {"since": "2026-01-01", "until": "2026-03-31"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" in page
    assert "<html" not in part
    for one in (page, part):
        assert "50.0%" in one
        assert cases[5].number in one
        assert "三(五)1" in one
    effect = client.get(f"{address}?part=effect", headers={"HX-Request": "true"}).content.decode()
    assert address in effect


def test_the_whole_effect_by_unit_is_a_file(people, version, cases):
    revision = draft(version, people, HALF)
    asked(revision, people.general_manager)

    answer = browser(people.general_manager).get(
        f"{reverse('manuals:backtest', args=[revision.pk])}?export=csv"
    )

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(answer.content.decode().splitlines()) == 3


def test_strangers_to_regulations_are_kept_out(people, version):
    revision = draft(version, people, HALF)

    assert browser(people.employee).get(reverse("manuals:backtest", args=[revision.pk])).status_code == 403


# --- what if


def whatif(user: Any, **given: str) -> Any:
    return browser(user).post(
        reverse("manuals:whatif", args=["mall-complaints"]),
        {"param": "店长起点", "value": "1500", "unit": "", "months": "3", **given},
        headers={"HX-Request": "true"},
    )


def test_a_figure_is_moved_without_a_draft(people, version):
    case(people, version, "1600", opened_at=at(20, 10, month=2))

    page = whatif(people.store_manager).content.decode()

    row = Backtest.objects.get()
    assert (row.version, row.values, row.state) == (version, {"店长起点": "1500元"}, "DONE")
    assert (row.since, row.until) == (dt.date(2025, 12, 1), dt.date(2026, 3, 9))
    assert row.result["changed"] == 1
    assert "100.0%" in page
    assert not Revision.objects.exists()


@pytest.mark.parametrize("value", ["1499", "2501", "很多"])
def test_a_figure_outside_its_range_is_refused_at_its_place(people, version, value):
    page = whatif(people.store_manager, value=value)

    assert page.status_code == 200
    assert not Backtest.objects.exists()
    assert "is-invalid" in page.content.decode() or "error" in page.content.decode()


def test_another_figure_begins_with_its_own_value(people, version):
    page = whatif(people.store_manager, param="经理起点", value="").content.decode()

    assert 'min="300"' in page
    assert not Backtest.objects.exists()


def test_the_page_of_what_if_has_a_slider(people, version):
    page = browser(people.store_manager).get(
        reverse("manuals:whatif", args=["mall-complaints"]) + "?param=店长起点"
    )

    text = page.content.decode()
    assert 'min="1500"' in text
    assert 'max="2500"' in text
