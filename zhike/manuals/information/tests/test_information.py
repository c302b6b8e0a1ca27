"""Information: six kinds, addressed by unit and post, read, studied, withdrawn; F004-15."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.scope import Scope
from zhike.kernel.records import attachments
from zhike.kernel.worktime import calendars
from zhike.manuals.information import actions, queries
from zhike.manuals.information.models import Information, Receipt
from zhike.manuals.information.views import kinds_of
from zhike.people.models import Post
from zhike.people.tests.factories import MONDAY

TODAY = dt.date(2026, 3, 9)
HOUR = dt.timedelta(hours=1)


def write(cast, **more):
    given = {
        "unit": cast.south, "kind": "PROMOTION", "title": "三月促销", "body": "满200减20", "valid_from": TODAY,
        "by": cast.manager.party, "now": MONDAY,
    } | more  # fmt: skip
    return actions.draft(**given)


def sent(cast, **more):
    return actions.publish(item=write(cast, **more), by=cast.manager.party, now=MONDAY)


def unread(cast, role, on=TODAY):
    party = cast.users[role].party
    return [row.title for row in queries.unread(Scope(party=party.pk), party, on=on)]


@pytest.mark.rule("R004-05", "S004-04")
def test_six_kinds_are_received_and_studied(cast):
    assert [code for code, _word in kinds_of(cast.south.pk)][:6] == [
        "POLICY", "SUPPLY", "BRANDS", "NEW_PRODUCT", "PROMOTION", "KEY_WORK",
    ]  # fmt: skip
    item = sent(cast)
    assert (item.number, item.demand, item.clause) == ("XX-202603-0001", "STUDY", "二(二)")
    owed = Duty.objects.open().get(kind="information.study", owner=cast.specialist.party)
    assert calendars.local_day(owed.due_at, cast.south.pk) == dt.date(2026, 3, 12)  # 3 working days
    assert unread(cast, "specialist") == ["三月促销"]

    actions.read(item=item, by=cast.specialist.party, now=MONDAY + HOUR)
    assert unread(cast, "specialist") == ["三月促销"]  # read, not yet studied
    row = actions.study(item=item, by=cast.specialist.party, now=MONDAY + 2 * HOUR, note="先告诉老客户")
    assert (row.read_at, row.studied_at) == (MONDAY + HOUR, MONDAY + 2 * HOUR)
    assert unread(cast, "specialist") == []
    owed.refresh_from_db()
    assert owed.state == "DONE"
    assert Duty.objects.open().filter(kind="information.study").count() > 0  # of the others


def test_what_is_only_read_is_done_when_opened_and_the_first_moment_counts(cast):
    item = sent(cast, kind="NOTICE", title="停电通知")

    actions.read(item=item, by=cast.taker.party, now=MONDAY + HOUR)
    actions.read(item=item, by=cast.taker.party, now=MONDAY + 2 * HOUR)

    assert Receipt.objects.get(party=cast.taker.party).read_at == MONDAY + HOUR
    assert not Duty.objects.open().filter(kind="information.read", owner=cast.taker.party).exists()
    assert unread(cast, "taker") == []


def test_it_is_for_a_unit_with_all_below_or_for_some_posts(cast):
    sent(cast, posts=[Post.objects.get(code="P002-20")])

    assert unread(cast, "specialist") == ["三月促销"]
    assert unread(cast, "taker") == []
    assert unread(cast, "stranger") == []  # of the other store
    assert {duty.owner.name for duty in Duty.objects.filter(kind="information.study")} == {"沈若溪"}


@pytest.mark.rule("R002-110")
def test_the_policies_of_the_month_are_those_that_hold_on_the_day(cast):
    sent(
        cast,
        kind="MONTH_POLICY",
        title="三月政策",
        valid_from=dt.date(2026, 3, 1),
        valid_to=dt.date(2026, 3, 31),
    )
    sent(
        cast,
        kind="MONTH_POLICY",
        title="四月政策",
        valid_from=dt.date(2026, 4, 1),
        valid_to=dt.date(2026, 4, 30),
    )
    scope = Scope(party=cast.specialist.pk)

    def held(day):
        rows = queries.current(scope, unit=cast.south_service.pk, on=day, kinds=["MONTH_POLICY"])
        return [row.title for row in rows]

    assert held(dt.date(2026, 3, 31)) == ["三月政策"]
    assert held(dt.date(2026, 4, 1)) == ["四月政策"]
    assert held(dt.date(2026, 5, 1)) == []


@pytest.mark.rule("ST002-46")
def test_a_bulletin_tells_its_readers_and_asks_nothing(cast):
    sent(cast, kind="BULLETIN", title="二月简报")

    assert not Duty.objects.filter(kind__startswith="information.").exists()
    assert (
        Message.objects.get(kind="information.published", to=cast.specialist.party).heading
        == "Information: 二月简报"
    )


def test_what_is_withdrawn_is_owed_by_nobody(cast):
    item = actions.withdraw(item=sent(cast), reason="数字有误", by=cast.manager.party, now=MONDAY + HOUR)

    assert not Duty.objects.open().filter(kind="information.study").exists()
    assert unread(cast, "specialist") == []
    with pytest.raises(actions.CannotStudy, match="withdrawn"):
        actions.study(item=item, by=cast.specialist.party, now=MONDAY + HOUR)
    with pytest.raises(actions.CannotPublish, match="does not stand"):
        actions.publish(item=item, by=cast.manager.party, now=MONDAY)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "GOSSIP"}, "Choose a kind"),
        ({"title": " "}, "Write title"),
        ({"valid_to": dt.date(2026, 3, 8)}, "before it begins"),
        ({"unit": "fruit_service"}, "No regulation"),
    ],
)
def test_bad_input_gets_one_sentence_and_changes_nothing(cast, wrong, sentence):
    if "unit" in wrong:
        wrong = {"unit": cast.units[wrong["unit"]]}
    with pytest.raises(actions.CannotPublish, match=sentence):
        write(cast, **wrong)
    assert Information.objects.count() == 0


@pytest.mark.rule("F004-15", "S004-04")
def test_written_published_read_studied_and_printed_in_the_browser(cast, as_):
    lead = as_("manager")
    made = lead.post(
        reverse("manuals:write_information"),
        {"unit": cast.south.pk, "kind": "POLICY", "title": "新政策", "body": "从今天起", "valid_from": "2026-03-09",
         "file": SimpleUploadedFile("政策.txt", "全文".encode())},
    )  # fmt: skip
    item = Information.objects.get()
    assert made.url == reverse("manuals:information_item", args=[item.pk])
    assert attachments.attachments_of(item).count() == 1
    reader = as_("specialist")
    assert reader.get(made.url).status_code == 404  # a draft
    lead.post(reverse("manuals:publish_information", args=[item.pk]))
    assert "新政策" in reader.get(reverse("manuals:information")).content.decode()
    assert "I have studied it" in reader.get(made.url).content.decode()
    reader.post(reverse("manuals:study_information", args=[item.pk]), {"note": "照办"})
    assert "I have studied it" not in reader.get(made.url).content.decode()
    assert "照办" in lead.get(made.url).content.decode()
    assert as_("stranger").get(made.url).status_code == 404
    assert reader.post(reverse("manuals:publish_information", args=[item.pk])).status_code == 403

    sheet = lead.get(reverse("manuals:print_information", args=[item.pk, "html"])).content.decode()
    for text in ("Service information item", "Policy publicity", "沈若溪", "XX-202603-0001"):
        assert text in sheet
    for kind in ("pdf", "docx", "xlsx"):
        assert lead.get(reverse("manuals:print_information", args=[item.pk, kind])).status_code == 200
