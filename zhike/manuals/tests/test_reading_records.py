"""Who must read a regulation, what opening and confirming leave behind, and who is asked (R000-01, S002-06)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy import inforce
from zhike.manuals import actions, queries
from zhike.manuals.models import Reading
from zhike.people.tests.factories import MONDAY, a_user, appoint, cast

from .shelf import published

DAY = dt.date(2026, 3, 9)
LATER = MONDAY + dt.timedelta(hours=2)
HEADS = "readers: 客服经理、客服主管\n"


@pytest.fixture
def people(db):
    inforce.forget()
    with clock.at(MONDAY):
        yield cast()


def names(rows):
    return sorted(row.name for row in rows)


def signed_in(user):
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(user)
    return client


@pytest.mark.rule("R000-01")
def test_everybody_of_the_units_that_work_by_it_must_read_it(people):
    version = published(people, at="south")

    rows = queries.readers(version, DAY)

    south = ["何景行", "周启明", "林一诺", "沈若溪", "陆小满", "秦亦舒", "唐一帆"]
    assert names(rows) == sorted(south)


def test_named_posts_must_read_it_where_it_is_installed(people):
    version = published(people, at="south", front=HEADS)

    assert names(queries.readers(version, DAY)) == ["周启明", "林一诺"]
    assert queries.must_read(version, people.manager.party, DAY)
    assert not queries.must_read(version, people.north_manager.party, DAY)


def test_who_joins_later_must_read_it_too(people):
    version = published(people, at="south", front=HEADS)
    joined = a_user("新主管", username="new", unit=people.south_service)
    appoint(joined, "P002-04", people.south_service)

    assert "新主管" in names(queries.readers(version, DAY))
    assert [one.version for one in queries.mine(joined.party, DAY)] == [version]


def test_a_word_that_is_no_post_keeps_it_from_being_published(people):
    with pytest.raises(actions.CannotPublish) as refusal:
        published(people, front="readers: 客服大王\n")

    assert [finding.message for finding in refusal.value.findings] == ["应读人“客服大王”不是岗位"]


@pytest.mark.parametrize(("within", "errors"), [("3工作日", 0), ("尽快", 1)])
def test_the_limit_for_reading_is_a_limit(within, errors):
    from .shelf import returns

    assert len(actions.examine(returns(front=f"read_within: {within}\n")).errors) == errors


@pytest.mark.rule("R000-01")
def test_publishing_asks_those_whom_the_regulation_names(people, django_assert_num_queries):
    version = published(people, at="south", front=HEADS + "read_within: 3天\n")

    duties = Duty.objects.filter(kind="manual.read", subject_id=version.pk)

    assert sorted((duty.owner.name, duty.unit_id, duty.limit) for duty in duties) == [
        ("周启明", people.south_service.pk, "3天"),
        ("林一诺", people.south_service.pk, "3天"),
    ]
    assert actions.ask_to_read(version=version, by=None, now=LATER) == []


def test_a_regulation_that_names_nobody_asks_nobody_until_it_is_told_to(people):
    version = published(people, at="south")

    assert Duty.objects.filter(kind="manual.read").count() == 0
    assert len(actions.ask_to_read(version=version, by=people.manager.party, now=LATER)) == 7


def test_asking_is_one_insert_however_many_must_read(people, django_assert_max_num_queries):
    version = published(people)

    with django_assert_max_num_queries(40) as told:
        actions.ask_to_read(version=version, by=people.manager.party, now=LATER)

    inserts = [one["sql"] for one in told.captured_queries if 'INSERT INTO "duties_duty"' in one["sql"]]
    assert len(inserts) == 1
    assert Duty.objects.filter(kind="manual.read").count() == 11


def test_a_new_version_is_read_instead_of_the_old(people):
    old = published(people, at="south", front=HEADS)
    new = published(people, at="south", front=HEADS, number=2, effective="2026-04-01")

    states = Duty.objects.filter(kind="manual.read").values_list("subject_id", "state")
    assert sorted(states) == [(old.pk, "CANCELLED")] * 2 + [(new.pk, "OPEN")] * 2


def test_opening_is_kept_once(people):
    version = published(people)
    actions.open_reading(version=version, by=people.taker.party, now=MONDAY)

    actions.open_reading(version=version, by=people.taker.party, now=LATER)

    row = Reading.objects.get()
    assert (row.opened_at, row.confirmed_at) == (MONDAY, None)
    assert Entry.objects.filter(code="manuals.opened").count() == 1


@pytest.mark.rule("S002-06")
def test_confirming_discharges_the_own_duty_and_no_others(people):
    version = published(people, at="south", front=HEADS)

    actions.confirm_reading(version=version, by=people.manager.party, now=LATER)
    actions.confirm_reading(version=version, by=people.manager.party, now=LATER + dt.timedelta(days=1))

    assert Reading.objects.get(party=people.manager.party).confirmed_at == LATER
    states = Duty.objects.filter(kind="manual.read").values_list("owner__name", "state")
    assert sorted(states) == [("周启明", "DONE"), ("林一诺", "OPEN")]
    assert Entry.objects.filter(code="manuals.read").count() == 1


def test_a_withdrawn_version_cannot_be_confirmed(people):
    version = published(people)
    version.state = version.State.WITHDRAWN

    with pytest.raises(actions.CannotConfirm):
        actions.confirm_reading(version=version, by=people.manager.party, now=LATER)

    assert Reading.objects.count() == 0


def test_the_share_counts_readers_only(people):
    version = published(people, at="south", front=HEADS)
    actions.confirm_reading(version=version, by=people.manager.party, now=LATER)
    actions.open_reading(version=version, by=people.supervisor.party, now=LATER)
    actions.confirm_reading(version=version, by=people.administrator.party, now=LATER)

    share = queries.share(version, DAY)

    assert (share.all, share.confirmed, share.opened, share.unread, share.percent) == (2, 1, 1, 0, 50)


def test_the_button_on_the_page(people):
    version = published(people, at="south", front=HEADS)
    client = signed_in(people.manager)

    before = client.get(f"/manuals/{version.pk}/").content.decode()
    answer = client.post(f"/manuals/{version.pk}/confirm/")
    after = client.get(f"/manuals/{version.pk}/").content.decode()

    assert f"/manuals/{version.pk}/confirm/" in before
    assert (answer.status_code, answer["Location"]) == (302, f"/manuals/{version.pk}/")
    assert f"/manuals/{version.pk}/confirm/" not in after


@pytest.mark.rule("S002-06")
def test_heads_see_who_of_their_units_has_read(people):
    version = published(people)
    actions.confirm_reading(version=version, by=people.taker.party, now=LATER)

    page = signed_in(people.manager).get(f"/manuals/{version.pk}/readers/").content.decode()
    unread = signed_in(people.manager).get(f"/manuals/{version.pk}/readers/?state=unread").content.decode()
    file = signed_in(people.manager).get(f"/manuals/{version.pk}/readers/?export=csv")

    assert "陆小满" in page
    assert "丁若愚" not in page  # of the other store
    assert "陆小满" not in unread.partition('id="listing"')[2]
    assert "沈若溪" in unread
    assert "陆小满" in b"".join(file).decode("utf-8-sig")
    assert Entry.objects.filter(code="manuals.readers_exported").count() == 1
    assert signed_in(people.employee).get(f"/manuals/{version.pk}/readers/").status_code == 403


def test_my_regulations(people):
    version = published(people)
    client = signed_in(people.employee)

    page = client.get("/manuals/mine/").content.decode()

    assert f"/manuals/{version.pk}/" in page
    assert "《退货办法》" in page


def test_an_older_version_is_not_asked_to_be_confirmed(people):
    first = published(people, at="south")
    second = published(people, at="south", number=2, effective="2026-03-01")
    client = signed_in(people.employee)

    asked = [
        f"/manuals/{row.pk}/confirm/" in client.get(f"/manuals/{row.pk}/").content.decode()
        for row in (first, second)
    ]

    assert asked == [False, True]
