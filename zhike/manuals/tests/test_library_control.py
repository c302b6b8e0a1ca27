"""Regulations as controlled documents: cover, yearly revision, repeal, copies, references."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhike.kernel.audit.models import Entry
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.held import held
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.manuals import access_gate, actions, queries
from zhike.manuals.models import Copy, Edition, Reference, Repeal, Revision
from zhike.people.tests.factories import CHINA, MONDAY, cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)

TEXT = """---
manual: care
title: 客户关怀制度
title_en: Care of customers
version: {version}
{effective}number: GL-01
owner: 客服部
approver: 总经理
---

# 客户关怀制度

## 一、依据

@清单 引用文件

| 名称 | 类别 | 版本 | 施行日期 | 优先 | 条款 |
|---|---|---|---|---|---|
| 消费者权益保护法 | 法律法规 | {edition} | {since} | 是 | 一、二 |
| 标准店操作手册 | 内部文件 | 2025版 | 2025-01-01 | 否 | 二 |

## 二、关怀

每年关怀一次。
"""


def text(version=1, effective="", edition="2013年修正", since="2014-03-15") -> str:
    line = f"effective: {effective}\n" if effective else ""
    return TEXT.format(version=version, effective=line, edition=edition, since=since)


@pytest.fixture
def people():
    return cast()


def published(people, now=MONDAY, **given) -> ManualVersion:
    return actions.publish_and_install(
        text=text(**given), unit=people.south, by=people.manager.party, now=now
    )


def revise(version: ManualVersion) -> Duty:
    return Duty.objects.get(subject_id=version.pk, kind="manual.revise", state="OPEN")


def row(now=MONDAY) -> queries.Controlled:
    found = queries.controlled("care", now)
    assert found is not None
    return found


# --- cover


@pytest.mark.rule("FM002-41")
@pytest.mark.rule("S002-05")
@pytest.mark.rule("R002-138")
def test_the_cover_names_number_department_interpreter_and_approver(people):
    version = published(people)

    front = queries.front_of(version)

    assert (front.number, front.owner, front.interpreter, front.approver) == (
        "GL-01",
        "客服部",
        "客服部",
        "总经理",
    )


@pytest.mark.rule("R002-032")
@pytest.mark.rule("R002-104")
def test_the_executing_department_interprets_unless_another_is_named(people):
    version = actions.publish(
        text=text().replace("owner: 客服部\n", "owner: 客服部\ninterpreter: 法务部\n"),
        by=people.manager.party,
        now=MONDAY,
    )

    assert queries.front_of(version).interpreter == "法务部"


@pytest.mark.rule("R002-033")
def test_a_regulation_without_a_day_is_in_force_on_the_day_of_issue(people):
    version = published(people)

    assert (version.effective_on, row().in_force) == (dt.date(2026, 3, 9), version)


@pytest.mark.rule("R002-139")
def test_the_cover_shows_three_persons_and_three_dates(people, client):
    version = published(people)
    manager, store, top = people.manager.party, people.store_manager.party, people.general_manager.party
    Revision.objects.create(
        key="care", text=text(), state="PUBLISHED", version=version,
        prepared_by=manager, prepared_at=MONDAY - 3 * DAY, asked_at=MONDAY - 3 * DAY,
        reviewed_by=store, reviewed_at=MONDAY - 2 * DAY, approved_by=top, approved_at=MONDAY - DAY,
        saved_by=manager, saved_at=MONDAY,
    )  # fmt: skip
    client.force_login(people.employee)

    page = client.get("/manuals/care/").content.decode()

    for said in (manager.name, "2026-03-06", store.name, "2026-03-07", top.name, "2026-03-08", "GL-01"):
        assert said in page
    printed = client.get("/manuals/care/print/html/").content.decode()
    assert all(person.name in printed for person in (manager, store, top))


# --- yearly revision


@pytest.mark.rule("R002-071")
@pytest.mark.rule("R002-105")
def test_a_regulation_is_to_be_revised_a_year_after_it_came_into_force(people):
    version = published(people)

    duty = revise(version)

    assert duty.due_at.astimezone(CHINA).date() == dt.date(2027, 3, 9)
    assert duty.owner == people.manager.party  # holds the post that heads 客服部
    assert (row().next_on, row().late, row().soon) == (dt.date(2027, 3, 9), False, False)


def test_a_day_that_is_to_come_counts_and_one_before_publishing_does_not(people):
    coming = published(people, effective="2026-05-11")
    older = actions.publish(
        text=text(effective="2020-01-01").replace("manual: care", "manual: old"),
        by=people.manager.party,
        now=MONDAY,
    )

    assert revise(coming).due_at.astimezone(CHINA).date() == dt.date(2027, 5, 11)
    assert revise(older).due_at.astimezone(CHINA).date() == dt.date(2027, 3, 9)


@pytest.mark.rule("R002-071")
def test_the_owner_is_reminded_a_month_before_and_the_superior_told_after(people):
    version = published(people)
    duty = revise(version)

    assert duty.warn_at.astimezone(CHINA).date() == dt.date(2027, 2, 9)
    watch.run(now=duty.warn_at - DAY)
    assert not Message.objects.filter(kind="duty.soon").exists()
    watch.run(now=duty.warn_at)
    assert [row.to for row in Message.objects.filter(kind="duty.soon")] == [people.manager.party]
    watch.run(now=duty.due_at + 4 * DAY)
    assert Message.objects.filter(kind="duty.overdue").count() == 1


def test_a_newer_version_discharges_the_revision_and_owes_the_next(people):
    first = published(people)

    second = published(people, now=MONDAY + 100 * DAY, version=2)

    done = Duty.objects.get(subject_id=first.pk, kind="manual.revise")
    assert (done.state, done.is_late(MONDAY + 100 * DAY)) == ("DONE", False)
    assert revise(second).due_at.astimezone(CHINA).date() == dt.date(2027, 6, 17)


@pytest.mark.rule("R002-105")
def test_examined_and_left_as_it_is_moves_the_next_date_on_by_a_year(people):
    version = published(people)
    month_before = MONDAY + 335 * DAY

    with pytest.raises(actions.CannotKeep):
        actions.keep_as_it_is(version=version, reason=" ", by=people.manager.party, now=month_before)
    actions.keep_as_it_is(version=version, reason="业务没有变化", by=people.manager.party, now=month_before)

    assert revise(version).due_at.astimezone(CHINA).date() == dt.date(2028, 3, 9)
    assert [duty.reason for duty in queries.examinations_as_is("care")] == ["业务没有变化"]
    assert Entry.objects.filter(code="manuals.kept_as_it_is").count() == 1


def test_late_revisions_are_counted(people):
    version = published(people)
    late = revise(version).due_at + DAY

    assert queries.revision_figures(late).overdue == 1
    actions.keep_as_it_is(version=version, reason="业务没有变化", by=people.manager.party, now=late)
    figures = queries.revision_figures(late)

    assert (figures.in_time, figures.late, figures.overdue) == (0, 1, 0)


# --- repeal


def ask(people, version, ends_on=dt.date(2026, 4, 1)) -> Approval:
    actions.ask_repeal(
        version=version, ends_on=ends_on, reason="并入新制度", by=people.manager.party, now=MONDAY
    )
    return Approval.objects.get(kind="manual.repeal")


@pytest.mark.rule("S002-05")
def test_a_repeal_is_approved_by_a_second_person_and_ends_every_version(people):
    version = published(people)
    approval = ask(people, version)

    with pytest.raises(approvals.CannotApprove):
        approvals.decide(approval=approval, decision="YES", opinion="", by=people.manager.party, now=MONDAY)
    assert row().in_force == version
    approvals.decide(
        approval=approval, decision="YES", opinion="", by=people.general_manager.party, now=MONDAY
    )

    version.refresh_from_db()
    assert version.ends_on == dt.date(2026, 4, 1)
    assert "care" in inforce.versions_in_force(dt.date(2026, 3, 31))
    assert "care" not in inforce.versions_in_force(dt.date(2026, 4, 1))
    assert row(MONDAY + 30 * DAY).repealed
    assert not Duty.objects.open().filter(kind="manual.revise").exists()
    told = Message.objects.filter(kind="manual.repealed")
    assert people.employee.party in [message.to for message in told]
    assert people.fruit_manager.party not in [message.to for message in told]


def test_a_repeal_is_refused_for_a_day_that_is_past_without_a_reason_and_twice(people):
    version = published(people)
    given = {"version": version, "by": people.manager.party, "now": MONDAY}

    with pytest.raises(actions.CannotRepeal, match=r"已过|past"):
        actions.ask_repeal(ends_on=dt.date(2026, 3, 8), reason="x", **given)
    with pytest.raises(actions.CannotRepeal):
        actions.ask_repeal(ends_on=dt.date(2026, 3, 9), reason=" ", **given)
    assert not Repeal.objects.exists()
    ask(people, version)
    with pytest.raises(actions.CannotRepeal):
        actions.ask_repeal(ends_on=dt.date(2026, 5, 1), reason="x", **given)


def test_a_refused_repeal_leaves_everything_as_it_was(people):
    version = published(people)
    approval = ask(people, version)

    approvals.decide(
        approval=approval, decision="NO", opinion="还要用", by=people.general_manager.party, now=MONDAY
    )

    version.refresh_from_db()
    assert (version.ends_on, Repeal.objects.count(), row().repealed) == (None, 0, False)
    assert revise(version).state == "OPEN"


# --- copies


@pytest.mark.rule("S002-05")
def test_copies_are_numbered_and_called_back_when_a_newer_version_is_in_force(people):
    first = published(people)
    given = {"unit": people.south, "by": people.manager.party}
    one = actions.issue_copy(version=first, holder=people.taker.party, now=MONDAY, **given)
    two = actions.issue_copy(version=first, holder=people.employee.party, now=MONDAY, **given)
    assert (one.number, two.number) == (1, 2)
    assert queries.copies_to_recall(dt.date(2026, 3, 9)) == []

    published(people, now=MONDAY + DAY, version=2, effective="2026-04-01")
    actions.return_copy(copy=two, by=people.manager.party, now=MONDAY + 2 * DAY)

    assert queries.copies_to_recall(dt.date(2026, 3, 31)) == []
    assert queries.copies_to_recall(dt.date(2026, 4, 1)) == [one]
    with pytest.raises(actions.CannotCopy):
        actions.return_copy(copy=two, by=people.manager.party, now=MONDAY + 3 * DAY)
    with pytest.raises(actions.CannotCopy):
        actions.issue_copy(version=first, holder=people.taker.party, now=MONDAY + 30 * DAY, **given)
    assert Copy.objects.count() == 2


# --- references


@pytest.mark.rule("S001-060")
@pytest.mark.rule("F001-45")
def test_publishing_enters_what_the_regulation_rests_on(people):
    version = published(people)

    law = Reference.objects.get(name="消费者权益保护法")
    assert (law.kind, [str(one.effective_on) for one in law.editions.all()]) == ("LAW", ["2014-03-15"])
    (line,) = [one for one in queries.register(dt.date(2026, 3, 9)) if one.reference == law]
    assert [(one.version, one.citation.clauses, one.citation.prevails) for one in line.resting] == [
        (version, ("一", "二"), True)
    ]
    assert queries.flags_of(version) == {}


@pytest.mark.rule("R001-150")
@pytest.mark.rule("S001-060")
def test_a_new_edition_flags_the_clauses_and_owes_an_examination(people):
    version = published(people)
    law = Reference.objects.get(name="消费者权益保护法")

    edition = actions.record_edition(
        reference=law,
        label="2026年修正",
        effective_on=dt.date(2026, 7, 1),
        by=people.manager.party,
        now=MONDAY,
    )

    flags = queries.flags_of(version)
    assert sorted(flags) == ["一", "二"]
    assert "2026年修正" in flags["一"]
    duty = Duty.objects.get(kind=f"manual.examine.{edition.pk}")
    assert (duty.subject_id, duty.owner, duty.state) == (version.pk, people.manager.party, "OPEN")
    with pytest.raises(actions.CannotReference):
        actions.record_edition(
            reference=law, label="2026年修正", effective_on=dt.date(2026, 7, 1),
            by=people.manager.party, now=MONDAY,
        )  # fmt: skip


def test_an_edition_before_the_cited_one_flags_nothing(people):
    version = published(people)
    law = Reference.objects.get(name="消费者权益保护法")

    for label, day in (("1993年", dt.date(1994, 1, 1)), ("同日", dt.date(2014, 3, 15))):
        actions.record_edition(
            reference=law, label=label, effective_on=day, by=people.manager.party, now=MONDAY
        )

    assert queries.flags_of(version) == {}


def test_examined_without_change_takes_the_flags_away(people):
    version = published(people)
    law = Reference.objects.get(name="消费者权益保护法")
    edition = actions.record_edition(
        reference=law, label="新", effective_on=dt.date(2026, 7, 1), by=people.manager.party, now=MONDAY
    )
    given = {"version": version, "edition": edition, "by": people.manager.party, "now": MONDAY}

    with pytest.raises(actions.CannotReference):
        actions.examined_without_change(note="", **given)
    actions.examined_without_change(note="所引条文没有变化", **given)

    assert queries.flags_of(version) == {}
    assert Duty.objects.get(kind=f"manual.examine.{edition.pk}").state == "DONE"
    with pytest.raises(actions.CannotReference):
        actions.examined_without_change(note="再来", **given)


def test_a_version_that_names_the_new_edition_takes_the_flags_away(people):
    published(people)
    law = Reference.objects.get(name="消费者权益保护法")
    edition = actions.record_edition(
        reference=law, label="新", effective_on=dt.date(2026, 3, 1), by=people.manager.party, now=MONDAY
    )

    still = published(people, now=MONDAY + DAY, version=2)
    assert sorted(queries.flags_of(still)) == ["一", "二"]
    named = published(people, now=MONDAY + 2 * DAY, version=3, edition="新", since="2026-03-01")

    assert queries.flags_of(named) == {}
    duties = Duty.objects.filter(kind=f"manual.examine.{edition.pk}").order_by("pk")
    assert [duty.state for duty in duties] == ["DONE", "DONE"]


@pytest.mark.rule("R001-150")
def test_the_car_regulation_rests_on_four_documents_that_prevail():
    from importlib import resources

    from zhike.kernel.policy.manual.reader import read
    from zhike.manuals.queries._references import citations

    found = read(resources.files("zhike.manuals").joinpath("library/car-complaints.md").read_text("utf-8"))

    rows = citations(found)
    assert [one.name for one in rows] == [
        "中华人民共和国产品质量法",
        "中华人民共和国消费者权益保护法",
        "家用汽车产品修理、更换、退货责任规定",
        "保修手册",
    ]
    assert all(one.prevails and one.clauses for one in rows)


@pytest.mark.rule("R004-02")
@pytest.mark.rule("S004-02")
def test_the_standards_rest_on_two_documents_of_the_house_with_versions(people):
    from importlib import resources

    text = resources.files("zhike.manuals").joinpath("library/service-standards.md").read_text("utf-8")
    version = actions.publish_and_install(text=text, unit=people.mall, by=people.manager.party, now=MONDAY)

    rows = Reference.objects.filter(kind="HOUSE").order_by("name")
    assert [one.name for one in rows] == ["标准店卷烟陈列实施办法", "标准店操作手册"]
    assert Edition.objects.filter(reference__in=rows, label="2025版").count() == 2
    clauses = {one.name: one.clauses for one in queries.citations_of(version)}
    assert clauses["标准店卷烟陈列实施办法"] == ("一(一)", "二(四)")


# --- the library


@pytest.mark.rule("S002-05")
def test_the_library_tells_what_is_in_force_and_coming(people, client):
    published(people)
    published(people, now=MONDAY, version=2, effective="2099-06-01")
    client.force_login(people.employee)

    found = row()

    assert (found.in_force.number, found.coming.number, found.versions[0].number) == (1, 2, 2)
    assert queries.cases_under("care", EVERYTHING) == 0
    page = client.get("/manuals/?state=coming&q=关怀")
    assert "客户关怀制度" in page.content.decode()
    assert "客户关怀制度" not in client.get("/manuals/?q=没有的字").content.decode()


def test_the_library_finds_the_drafts_of_all_regulations_at_once(people):
    for number in range(4):
        version = actions.publish_and_install(
            text=text().replace("manual: care", f"manual: care-{number}"),
            unit=people.south,
            by=None,
            now=MONDAY,
        )
        actions.begin(key=version.key, by=people.manager.party, now=MONDAY)
    drafts = list(access_gate.visible(people.manager, queries.revisions()))
    assert len(drafts) == 4

    mine = {one.pk for one in drafts if access_gate.may(people.manager, one).edit}

    edited_by = held(access_gate.edited_by)  # as a request holds what it has read

    with CaptureQueriesContext(connection) as for_one:
        edited_by(people.manager, drafts[:1])
    with CaptureQueriesContext(connection) as for_all:
        found = edited_by(people.manager, drafts)

    assert found == mine
    assert len(for_all) == len(for_one)
