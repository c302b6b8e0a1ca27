"""Duplicates: found, joined, worked together, parted again."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from zhike.complaints import actions, queries, tallying
from zhike.complaints.alike import alike
from zhike.complaints.models import Complaint, Joining
from zhike.complaints.portal_codes import code_of, digest_of
from zhike.complaints.regime import regime_of
from zhike.kernel.audit.models import Entry as Audit
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Event, Message
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.procedures.stages import WrongStage
from zhike.people.tests.factories import MONDAY

from .factories import RECORDS, TEXT, a_complaint, a_fault, browser, state_of, worked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LATER = MONDAY + dt.timedelta(hours=2)
MOBILE = "13800138000"


def fresh(complaint):
    return Complaint.objects.get(pk=complaint.pk)


def a_pair(people, **second):
    """Two reports of one thing, of different customers."""
    main = a_complaint(people, name="王芳", phone=MOBILE)
    return main, a_complaint(people, name="李强", phone="13900139000", now=LATER, **second)


def joined(people, main, other, now=LATER, **given):
    usual = {"reason": "同一批酸奶", "by": people.supervisor.party, "now": now}
    return actions.join(complaint=fresh(other), into=fresh(main), **{**usual, **given})


def owed(complaint):
    rows = Duty.objects.open().filter(subject_label="complaints.Complaint", subject_id=complaint.pk)
    return sorted(rows.values_list("kind", "due_at"))


# ---- finding


def like(people, complaint, **given):
    rows = queries.lines(EVERYTHING)
    usual = {"text": TEXT, "now": LATER, "channel": "COUNTER"}
    found = alike(rows, regime_of(complaint), **{**usual, **given})
    return [(one.complaint.pk, one.likeness, [str(why) for why in one.reasons]) for one in found]


def test_the_same_customer_with_a_like_text_or_the_same_item_is_found(people):
    known = a_complaint(people, name="王芳", phone=MOBILE, item="EXPIRED")
    mine = [known.customer_id]

    ((pk, likeness, why),) = like(people, known, text="买到过期的酸奶,要找店长", customers=mine)
    assert (pk, len(why)) == (known.pk, 2)
    assert 30 <= likeness < 90
    assert like(people, known, text="买到过期的酸奶,要找店长") == []  # not theirs
    text = "停车场没有灯"
    assert like(people, known, text=text, customers=mine) == []
    found = like(people, known, text=text, customers=mine, item="EXPIRED")
    assert [(pk, len(why)) for pk, _likeness, why in found] == [(known.pk, 2)]
    assert like(people, known, text=text, item="EXPIRED") == []  # somebody else, another text


def test_the_same_request_is_found_whoever_makes_it_by_any_channel(people):
    known = a_complaint(people, name="王芳", phone=MOBILE)

    ((pk, likeness, why),) = like(people, known, channel="PHONE")
    assert (pk, likeness, len(why)) == (known.pk, 100, 1)
    assert like(people, known, text="面包里有一根头发,怎么回事") == []


@pytest.mark.parametrize(("days", "count"), [(30, 1), (31, 0)])
def test_only_what_came_in_the_window_is_a_duplicate(people, days, count):
    known = a_complaint(people)

    assert len(like(people, known, now=MONDAY + dt.timedelta(days=days))) == count


def test_void_and_joined_ones_are_no_candidates(people):
    main, other = a_pair(people)
    joined(people, main, other)
    actions.void(complaint=a_complaint(people), reason="误登", by=people.supervisor.party, now=MONDAY)

    assert [pk for pk, _likeness, _why in like(people, main)] == [main.pk]


def test_the_form_names_possible_duplicates_and_hides_those_out_of_sight(people):
    known = a_complaint(people, name="王芳", phone=MOBILE)
    typed = {"text": TEXT, "phone": MOBILE, "channel": "PHONE", "unit": people.south.pk}
    address = reverse("complaints:preview")

    assert known.number in browser(people.taker).post(address, typed, headers=HTMX).content.decode()
    assert known.number not in browser(people.stranger).post(address, typed, headers=HTMX).content.decode()


def test_the_page_offers_to_join_the_later_one_to_the_earlier(people):
    main, other = a_pair(people)
    wanted = f"{reverse('complaints:join', args=[other.pk])}?into={main.number}"

    for one in (main, other):
        page = browser(people.supervisor).get(reverse("complaints:duplicates", args=[one.pk]))
        assert wanted in page.content.decode()


# ---- joining


def test_what_is_joined_owes_nothing_and_keeps_its_number(people):
    main, other = a_pair(people)
    before = owed(main)

    assert joined(people, main, other).pk == main.pk
    row = fresh(other)
    assert (row.joined_to_id, row.closed_at, row.number) == (main.pk, LATER, other.number)
    assert owed(other) == []
    assert owed(main) == before
    audit = Audit.objects.get(code="complaints.joined")
    assert (audit.subject_id, audit.after["main"]) == (other.pk, main.number)


def test_joining_to_a_joined_one_goes_to_its_main_one(people):
    main, other = a_pair(people)
    third = a_complaint(people, now=LATER)
    joined(people, main, other)
    joined(people, other, third)

    assert fresh(third).joined_to_id == main.pk


def refused(people, main, other, **given):
    before = state_of(other), state_of(main)
    with pytest.raises((actions.CannotJoin, WrongStage)) as refusal:
        joined(people, main, other, **given)
    assert (state_of(other), state_of(main)) == before
    return refusal.type


def test_what_cannot_be_joined(people):
    main, other = a_pair(people)
    assert refused(people, main, main) is actions.CannotJoin
    assert refused(people, main, other, reason=" ") is actions.CannotJoin

    accused = a_complaint(people, accused=people.employee.party, accused_level="BELOW_SUPERVISOR")
    assert refused(people, main, accused) is actions.CannotJoin

    void = a_complaint(people)
    actions.void(complaint=void, reason="误登", by=people.supervisor.party, now=MONDAY)
    assert refused(people, main, void) is actions.CannotJoin
    assert refused(people, void, other) is actions.CannotJoin
    closed = worked(a_complaint(people))
    assert refused(people, closed, other) is actions.CannotJoin

    joined(people, main, other)
    assert refused(people, a_complaint(people), main) is actions.CannotJoin  # a chain
    assert refused(people, a_complaint(people), other) is actions.CannotJoin  # joined already
    with pytest.raises(actions.CannotVoid):
        actions.void(complaint=fresh(main), reason="误登", by=people.supervisor.party, now=LATER)


def test_two_who_join_each_other_at_once(people):
    main, other = a_pair(people)
    one, two = fresh(main), fresh(other)
    actions.join(complaint=two, into=one, reason="同一件", by=people.supervisor.party, now=LATER)

    with pytest.raises(WrongStage):
        actions.join(complaint=main, into=other, reason="同一件", by=people.supervisor.party, now=LATER)
    assert fresh(main).joined_to_id is None


def test_the_database_refuses_what_must_never_be(people):
    main, other = a_pair(people)
    for values in (
        {"joined_to": main},  # joined and open
        {"joined_to": other, "closed_at": LATER},
        {"joined_to": main, "closed_at": LATER, "voided_at": LATER, "void_reason": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.filter(pk=other.pk).update(**values)
    joined(people, main, other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Joining.objects.create(
            complaint=other, main=main, reason="再次", by=people.supervisor.party, at=LATER
        )


def test_a_person_joins_only_what_both_lie_in_reach(people):
    main, other = a_pair(people)
    far = a_complaint(people, unit=people.north, by=people.stranger.party, now=LATER)
    client = browser(people.supervisor)
    address = reverse("complaints:join", args=[other.pk])

    page = client.post(address, {"into": far.number, "reason": "同一件"}, headers=HTMX)
    assert fresh(other).joined_to_id is None
    assert far.number in page.content.decode()  # what was typed is kept
    client.post(address, {"into": main.number.lower(), "reason": "同一件"}, headers=HTMX)
    assert fresh(other).joined_to_id == main.pk


# ---- working together


def test_the_joined_one_closes_with_the_main_one_and_its_customer_is_told_of(people):
    main, other = a_pair(people)
    same = a_complaint(people, name="王芳", phone=MOBILE, now=LATER)
    joined(people, main, other)
    joined(people, main, same)
    end = LATER + dt.timedelta(days=1)
    worked(fresh(main), now=end)

    assert {fresh(one).closed_at for one in (main, other, same)} == {end}
    told = [row.ids["id"] for row in Event.objects.filter(name="case_closed")]
    assert sorted(told) == sorted([main.pk, other.pk])  # once for each customer
    closed = Audit.objects.filter(code="complaints.closed").values_list("subject_id", flat=True)
    assert sorted(closed) == sorted([main.pk, other.pk, same.pk])


def test_a_reply_goes_to_all_joined_customers_if_wanted(people):
    main, other = a_pair(people)
    joined(people, main, other)
    client = browser(people.supervisor)
    address = reverse("complaints:say", args=[main.pk])

    client.post(address, {"mode": "reply", "text": "正在查"}, headers=HTMX)
    assert fresh(other).responded_at is None
    client.post(
        address, {"mode": "reply", "text": "全部退款", "to_joined": "on", "final": "on"}, headers=HTMX
    )
    assert list(other.entries.values_list("text", flat=True)) == ["全部退款"]
    assert fresh(other).replied_at is not None
    page = client.get(reverse("complaints:detail", args=[main.pk])).content.decode()
    assert page.count("全部退款") == 1


def test_the_course_of_events_of_the_main_one_has_what_is_said_in_the_joined(people):
    main, other = a_pair(people)
    joined(people, main, other)
    actions.hear_customer(complaint=fresh(other), text="我这里也有一箱", channel="PHONE", now=LATER)

    page = browser(people.supervisor).get(reverse("complaints:detail", args=[main.pk])).content.decode()
    assert "我这里也有一箱" in page
    assert page.count(other.number) >= 3
    assert (
        "我这里也有一箱"
        not in browser(people.supervisor)
        .get(reverse("complaints:detail", args=[a_complaint(people).pk]))
        .content.decode()
    )
    told = Message.objects.get(kind="complaint.customer_wrote")
    assert (told.subject_id, told.to_id) == (main.pk, main.handler_id)


def test_who_may_not_see_the_joined_one_reads_nothing_of_it(people):
    main, other = a_pair(people)
    joined(people, main, other)
    actions.hear_customer(complaint=fresh(other), text="我这里也有一箱", channel="PHONE", now=LATER)
    Complaint.objects.filter(pk=other.pk).update(secrecy=9, handler=None, taker=None)

    page = browser(people.supervisor).get(reverse("complaints:detail", args=[main.pk])).content.decode()
    assert "我这里也有一箱" not in page
    assert other.number not in page


def test_the_joined_customer_sees_in_the_portal_how_far_the_main_one_is(people, client):
    code = code_of("seed-of-the-second")
    main, other = a_pair(people, access_code=digest_of(code))
    joined(people, main, other)
    client.post(reverse("complaint_portal:follow"), {"number": other.number, "code": code})
    address = reverse("complaint_portal:case", args=[other.number])

    page = client.get(address)
    assert page.status_code == 200
    states = [step["state"] for step in page.context["steps"]]
    assert states == ["done", "now", "", "", ""]
    assert not page.context["may_confirm"]
    assert main.number not in page.content.decode()
    worked(fresh(main), now=LATER)
    page = client.get(address)
    assert {step["state"] for step in page.context["steps"]} == {"done"}
    assert page.context["may_confirm"]


def test_it_counts_once_and_the_repeats_can_be_seen(people):
    main, other = a_pair(people)
    a_complaint(people)
    joined(people, main, other)
    figures = tallying.report(
        EVERYTHING,
        since=MONDAY - dt.timedelta(days=1),
        until=MONDAY + dt.timedelta(days=1),
        now=MONDAY,
        days="",
        items=[("", "-")],
        handlers=[],
        cuts=[],
    )

    assert (figures.total.count, figures.repeats.count, figures.open.count) == (2, 1, 2)
    assert figures.by_item[0].count == 2


def test_the_list_shows_joined_ones_only_when_asked(people):
    main, other = a_pair(people)
    joined(people, main, other)
    client = browser(people.supervisor)
    address = reverse("complaints:list")

    def shown(query):
        listing = client.get(f"{address}?{query}").context["listing"]
        return {row.pk for row in listing.rows}

    both = {main.pk, other.pk}
    assert shown("sort=-opened&view=all") == {main.pk}
    assert shown("state=open") == {main.pk}
    assert shown("state=closed") == set()
    assert shown("state=valid") == {main.pk}
    assert shown("state=joined") == {other.pk}
    assert shown(f"q={other.number}") == {other.pk}
    assert shown(f"q={main.number}") == {main.pk}
    assert shown("q=过期酸奶") == both
    counts = client.get(f"{address}?part=counts").content.decode()
    assert 'id="tab-all" hx-swap-oob="true">1<' in counts
    assert 'id="tab-closed" hx-swap-oob="true">0<' in counts


# ---- parting


def parted(people, complaint, now=LATER, **given):
    usual = {"reason": "不是同一批", "by": people.supervisor.party, "now": now}
    return actions.part(complaint=fresh(complaint), **{**usual, **given})


def test_a_parted_one_goes_on_where_it_stood_with_its_old_dates(people):
    main, other = a_pair(people)
    actions.record_step(complaint=other, kind="cause", text=RECORDS["cause"], by=other.taker, now=LATER)
    before, stage = owed(other), fresh(other).stage
    joined(people, main, other)
    parted(people, other, now=LATER + dt.timedelta(days=3))

    row = fresh(other)
    assert (row.stage, row.stage_kind, row.closed_at, row.joined_to_id) == (stage, "details", None, None)
    assert owed(other) == before
    assert row.due_at == min(due for _kind, due in before)
    assert Audit.objects.filter(code="complaints.parted", subject_id=other.pk).count() == 1
    worked(row, now=LATER + dt.timedelta(days=3))  # to the end
    assert fresh(main).is_open


def test_what_was_answered_meanwhile_is_not_owed_again(people):
    main, other = a_pair(people)
    joined(people, main, other)
    actions.say(
        complaint=fresh(main),
        mode="reply",
        text="全部退款",
        to_joined=True,
        by=people.supervisor.party,
        now=LATER,
    )
    parted(people, other)

    assert "complaint.response" not in dict(owed(other))
    assert "complaint.reply" in dict(owed(other))


def test_parting_needs_a_reason_and_an_open_main_one(people):
    main, other = a_pair(people)
    with pytest.raises(actions.CannotPart):
        parted(people, other)
    joined(people, main, other)
    with pytest.raises(actions.CannotPart):
        parted(people, other, reason=" ")
    parted(people, other)
    joined(people, main, other)  # and again
    worked(fresh(main), now=LATER)
    with pytest.raises(actions.CannotPart):
        parted(people, other)


def test_the_page_shows_both_ways(people):
    main, other = a_pair(people)
    joined(people, main, other)
    client = browser(people.supervisor, "en")
    page = client.get(reverse("complaints:detail", args=[other.pk])).content.decode()
    assert main.number in page
    assert "The complaint was closed" not in page
    client.post(reverse("complaints:part", args=[other.pk]), {"reason": "不是同一批"}, headers=HTMX)
    page = client.get(reverse("complaints:detail", args=[other.pk])).content.decode()
    assert fresh(other).is_open
    assert "不是同一批" in page


def test_the_api_says_to_which_one_it_is_joined(people):
    from zhike.complaints.api_shapes import out

    main, other = a_pair(people)
    joined(people, main, other)

    assert (out(fresh(other)).state, out(fresh(other)).joined_to) == ("joined", main.number)
    assert (out(fresh(main)).state, out(fresh(main)).joined_to) == ("open", None)


# ---- beside confidence and the end


def test_a_confidential_one_is_joined_to_none_and_what_is_joined_is_not_made_confidential(people):
    main, other = a_pair(people)
    third = a_complaint(people, name="赵云", phone="13700137000", now=LATER)
    given = {"by": people.supervisor.party, "now": LATER, "reason": "涉及员工隐私"}
    actions.make_confidential(complaint=fresh(third), persons=[], **given)

    with pytest.raises(actions.CannotJoin, match="保密"):
        joined(people, main, third)
    joined(people, main, other)
    for row in (main, other):
        with pytest.raises(actions.CannotName, match="拆分"):
            actions.make_confidential(complaint=fresh(row), persons=[], **given)
    assert fresh(main).secrecy == 0


def test_what_closed_with_its_main_one_is_taken_up_again_there(people):
    main, other = a_pair(people, item="EXPIRED")
    joined(people, main, other)
    with pytest.raises(actions.CannotFollowUp):
        actions.record_follow_up(
            complaint=fresh(other),
            reached=True,
            satisfaction=5,
            resolved=True,
            by=people.supervisor.party,
            now=LATER,
        )
    worked(fresh(main), now=LATER)
    assert fresh(other).closed_at is not None

    given = {
        "reached": True,
        "satisfaction": 5,
        "resolved": True,
        "by": people.supervisor.party,
        "now": LATER,
    }
    assert actions.record_follow_up(complaint=fresh(other), **given).satisfaction == 5
    with pytest.raises(actions.CannotReopen, match=main.number):
        actions.reopen(complaint=fresh(other), reason="没有解决", by=people.supervisor.party, now=LATER)


def test_an_offence_is_found_in_the_main_one_only(people):
    main, other = a_pair(people)
    joined(people, main, other)

    with pytest.raises(actions.CannotJudge, match=main.number):
        a_fault(people, complaint=fresh(other))
    assert a_fault(people, complaint=fresh(main)).confirmed
