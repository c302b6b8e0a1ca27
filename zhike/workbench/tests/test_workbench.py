"""Today, approvals, the inbox, palette, search and files."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.complaints import actions as complaints
from zhike.complaints.models import Complaint
from zhike.complaints.tests.factories import a_complaint, at, away, browser
from zhike.customers.tests.factories import a_customer
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.procedures.models import Approval
from zhike.kernel.records import attachments
from zhike.manuals.models import Revision
from zhike.people.models import Appointment, Post
from zhike.people.tests.factories import MONDAY, appoint
from zhike.people.tests.rules import in_force
from zhike.workbench import live, queries

pytestmark = pytest.mark.django_db
MIDNIGHT = at(10, 0)
SECOND = dt.timedelta(seconds=1)


def piles(user, now=MONDAY, day_end=MIDNIGHT):
    found = queries.today(user.pk, now=now, day_end=day_end)
    return {name: [duty.kind for duty in getattr(found, name)] for name in ("late", "due", "later")}


def one_duty(people, due_at):
    """A single open duty of the supervisor that is due at this moment."""
    a_complaint(people)
    Duty.objects.exclude(kind="complaint.reply").delete()
    Duty.objects.update(due_at=due_at, warn_at=None)


# ---- today


def for_a_post(people, post, unit, **columns):
    """A duty that nobody owes by name."""
    one_duty(people, MONDAY + dt.timedelta(hours=1))
    Duty.objects.update(owner=None, owner_post=post, unit=people.units[unit], **columns)
    return Duty.objects.get()


def owing(people):
    """Who has it on the home page; the numbers of every page say the same."""
    found = {user.party.name for user in people.users.values() if any(piles(user).values())}
    assert found == {user.party.name for user in people.users.values() if live.pulse(user.pk, MONDAY)["owed"]}
    return found


def leave(user):
    Appointment.objects.filter(party=user.party).update(held_to=MONDAY.date())


def test_what_a_post_owes_reaches_the_nearest_holder_and_nobody_else(people):
    for_a_post(people, "P002-02", "south_service")
    assert owing(people) == {"周启明"}

    Duty.objects.update(unit=people.south)
    assert owing(people) == {"周启明"}  # a department serves its house
    Duty.objects.update(unit=people.north_service)
    assert owing(people) == {"苏念"}


def test_what_a_vacant_post_owes_reaches_the_line_above(people):
    for_a_post(people, "P002-02", "south_service")
    leave(people.manager)
    assert owing(people) == {"何景行"}

    appoint(people.general_manager, "P002-02", people.mall)
    assert owing(people) == {"宋怀瑾"}
    away(people.general_manager, people.taker, days=1)
    assert owing(people) == {"宋怀瑾", people.taker.party.name}


def test_a_post_is_no_licence_to_read(people):
    """What is too secret for the holder, and a complaint about them, goes no way but up: by the watch."""
    duty = for_a_post(people, "P002-02", "south_service", secrecy=9)
    assert owing(people) == set()
    cleared = Post.objects.get(code="P002-02").clearance
    for secrecy, names in ((cleared, {"周启明"}), (cleared + 1, set())):
        Duty.objects.update(secrecy=secrecy)
        assert owing(people) == names

    Duty.objects.update(secrecy=0)
    Complaint.objects.filter(pk=duty.subject_id).update(accused=people.manager.party, handler=None)
    assert owing(people) == set()
    leave(people.manager)
    assert owing(people) == {"何景行"}


@pytest.mark.parametrize(
    ("due_at", "pile"),
    [
        (MONDAY - SECOND, "late"),
        (MONDAY, "due"),
        (MIDNIGHT - SECOND, "due"),
        (MIDNIGHT, "later"),
        (None, "later"),
    ],
)
def test_a_duty_lies_in_the_pile_of_its_moment(people, due_at, pile):
    one_duty(people, due_at)

    found = piles(people.supervisor)

    assert {name for name, rows in found.items() if rows} == {pile}


def test_the_page_cuts_the_day_at_local_midnight(people):
    one_duty(people, MIDNIGHT)
    client = browser(people.supervisor)

    with clock.at(at(9, 23, 59)):
        evening = client.get(reverse("workbench:today")).context
    with clock.at(at(10, 0, 1)):
        night = client.get(reverse("workbench:today")).context

    assert (len(evening["later"]), len(evening["late"])) == (1, 0)
    assert (len(night["later"]), len(night["late"])) == (0, 1)


def test_today_shows_only_what_one_owes_oneself(people):
    a_complaint(people)

    assert piles(people.taker)["due"] == ["complaint.cause"]
    assert piles(people.supervisor)["due"] == ["complaint.response"]
    assert piles(people.manager) == {"late": [], "due": [], "later": []}


def test_the_deputy_finds_what_the_absent_person_owes(people):
    a_complaint(people)
    away(people.taker, people.specialist)

    assert piles(people.specialist)["due"] == ["complaint.cause"]
    assert piles(people.specialist, now=at(20, 10), day_end=at(21, 0))["late"] == []


def test_what_a_post_owes_that_nobody_held_is_found_by_who_holds_it_now(people):
    a_complaint(people)
    Duty.objects.update(owner=None, owner_post="P002-20", unit=people.south_service)
    Appointment.objects.filter(post__code="P002-20").delete()
    assert piles(people.employee)["due"] == []

    appoint(people.employee, "P002-20", people.south_service)

    assert len(piles(people.employee)["due"]) == 2


def test_what_was_done_today_is_counted_from_midnight_on(people):
    complaint = a_complaint(people)
    complaints.record_step(
        complaint=complaint, kind="cause", text="…", by=people.taker.party, now=at(9, 10, 30)
    )

    def done(now, end):
        return queries.today(people.taker.pk, now=now, day_end=end).done_today

    assert done(at(9, 11), at(10, 0)) == 1
    assert done(at(10, 11), at(11, 0)) == 0


def test_who_leads_sees_the_team_and_who_does_not_sees_none(people):
    a_complaint(people)

    lead = browser(people.manager).get(reverse("workbench:today")).context
    member = browser(people.taker).get(reverse("workbench:today")).context

    assert {row["owner__name"]: (row["open"], row["late"]) for row in lead["team"]} == {
        "陆小满": (1, 0),
        "林一诺": (1, 0),
    }
    assert "team" not in member


def test_the_figures_of_the_team_open_into_as_many_duties(people):
    a_complaint(people)
    reply = Duty.objects.get(kind="complaint.reply")
    Duty.objects.filter(pk=reply.pk).update(due_at=MONDAY - SECOND, warn_at=None)
    client = browser(people.manager)

    with clock.at(MONDAY):
        page = client.get(reverse("workbench:today")).context
        rows = {row["owner__name"]: row for row in page["team"]}
        late = client.get(rows[reply.owner.name]["overdue"]).context["listing"]
        to_do = {name: len(client.get(row["to_do"]).context["listing"].rows) for name, row in rows.items()}

    assert [row.pk for row in late.rows] == [reply.pk]
    assert to_do == {name: row["open"] + row["late"] for name, row in rows.items()}
    assert page["totals"] == {"all": sum(to_do.values()), "done": 0, "percent": 0}


def test_what_is_due_today_stands_at_its_hour(people):
    one_duty(people, at(9, 15, 20))
    client = browser(people.manager)

    def hours(now):
        with clock.at(now):
            found = client.get(reverse("workbench:today")).context["hours"]
        return found["labels"], {one["state"]: one["values"] for one in found["series"]}

    assert hours(at(9, 15)) == (["15:00"], {"met": [0], "late": [0], "run": [1]})
    assert hours(at(9, 16)) == (["15:00"], {"met": [0], "late": [1], "run": [0]})
    assert hours(at(10, 9)) == ([], {"met": [], "late": [], "run": []})


def test_the_line_of_the_team_is_measured_by_the_target_of_the_regulation(people):
    client = browser(people.manager)
    assert "goal" not in client.get(reverse("workbench:today")).context["line"]

    in_force(people, "work-platform", "客户经理工作平台管理办法")

    page = client.get(reverse("workbench:today")).context
    assert (page["target"], page["line"]["goal"]) == (95, 95.0)


@pytest.mark.parametrize(
    ("days", "is_shown"), [(-15, False), (-14, True), (0, True), (60, True), (61, False)]
)
def test_a_change_of_a_regulation_stands_beside_the_work_for_a_while(people, days, is_shown):
    version = ManualVersion.objects.get(key="mall-complaints")
    change = Revision.objects.create(
        key=version.key, unit=people.south, base=version, values={"店长起点": "1500元"}, state="PUBLISHED",
        effective_on=MONDAY.date() + dt.timedelta(days), prepared_by=people.manager.party, prepared_at=MONDAY,
        saved_by=people.manager.party, saved_at=MONDAY,
    )  # fmt: skip

    for user, shown in ((people.taker, [change] if is_shown else []), (people.stranger, [])):
        page = browser(user).get(reverse("workbench:today"))
        assert list(page.context["changes"]) == shown
        assert ("店长起点 1500元" in page.content.decode()) is bool(shown)


# ---- approvals


def test_the_goal_in_the_picture_is_that_of_the_regulation(people):
    lead = browser(people.manager)
    assert "goal" not in lead.get(reverse("workbench:today")).context["line"]

    in_force(people, "work-platform")

    assert lead.get(reverse("workbench:today")).context["line"]["goal"] == 95


def test_who_registers_nothing_is_offered_no_registration(people):
    address = reverse("complaints:new")

    assert address in browser(people.taker).get(reverse("workbench:today")).content.decode()
    assert address not in browser(people.employee).get(reverse("workbench:today")).content.decode()


@pytest.fixture
def approval(people):
    return complaints.propose_compensation(
        complaint=a_complaint(people), amount=Decimal(500), by=people.supervisor.party, now=MONDAY
    )


def decide(user, approval, **typed):
    return browser(user).post(reverse("workbench:approval", args=[approval.pk]), typed)


def turn_of(user, now=MONDAY):
    return [row.pk for row in queries.approvals_of(user.pk, now)]


def test_it_is_the_turn_of_whom_the_manual_names(people, approval):
    assert turn_of(people.manager) == [approval.pk]
    assert turn_of(people.supervisor) == turn_of(people.store_manager) == []
    assert approval.title in browser(people.manager).get(reverse("workbench:approvals")).content.decode()


def test_the_deputy_decides_and_both_names_stay(people, approval):
    away(people.manager, people.specialist)
    assert turn_of(people.specialist) == [approval.pk]

    answer = decide(people.specialist, approval, decision="YES", opinion="同意")

    assert answer.status_code == 302
    step = approval.steps.get()
    assert (step.approver, step.deputy, step.decision) == (
        people.manager.party,
        people.specialist.party,
        "YES",
    )
    assert turn_of(people.specialist) == turn_of(people.manager) == []


def test_who_has_no_say_neither_sees_nor_decides_as_a_deputy(people):
    complaint = a_complaint(people, accused=people.specialist.party)
    approval = complaints.propose_compensation(
        complaint=complaint, amount=Decimal(500), by=complaint.handler, now=MONDAY
    )
    approver = approval.steps.get().approver
    away(next(user for user in people.users.values() if user.pk == approver.pk), people.specialist)

    assert turn_of(people.specialist) == []
    assert decide(people.specialist, approval, decision="YES").status_code == 404
    assert Approval.objects.get().state == "PENDING"


@pytest.mark.parametrize("decision", ["NO", "BACK"])
def test_refusing_or_sending_back_needs_an_opinion(people, approval, decision):
    without = decide(people.manager, approval, decision=decision, opinion=" ")
    assert without.status_code == 200
    assert list(without.context["form"].errors) == ["__all__"]
    assert Approval.objects.get().state == "PENDING"

    assert decide(people.manager, approval, decision=decision, opinion="太多").status_code == 302

    assert Approval.objects.get().state == {"NO": "REFUSED", "BACK": "SENT_BACK"}[decision]


def test_nobody_else_opens_or_decides_it(people, approval):
    for who in ("employee", "stranger", "taker"):
        assert decide(people.users[who], approval, decision="YES").status_code == 404
    own = decide(people.supervisor, approval, decision="YES")

    assert list(own.context["form"].errors) == ["__all__"]
    assert Approval.objects.get().state == "PENDING"


def test_who_asked_takes_it_back(people, approval):
    address = reverse("workbench:withdraw", args=[approval.pk])

    browser(people.manager).post(address)
    assert Approval.objects.get().state == "PENDING"
    browser(people.supervisor).post(address)

    assert Approval.objects.get().state == "WITHDRAWN"


# ---- the inbox


def test_a_message_leads_to_its_case_and_is_read_then(people):
    complaint = a_complaint(people)
    message = Message.objects.get(to=people.supervisor.party)
    client = browser(people.supervisor)

    answer = client.get(reverse("workbench:notice", args=[message.pk]))

    assert answer["Location"] == reverse("complaints:detail", args=[complaint.pk])
    message.refresh_from_db()
    assert message.read_at == MONDAY


def test_messages_of_others_stay_unread(people):
    a_complaint(people)
    message = Message.objects.get(to=people.supervisor.party)
    client = browser(people.manager)

    answer = client.get(reverse("workbench:notice", args=[message.pk]))
    client.post(reverse("workbench:read_notices"))
    client.post(reverse("workbench:read_notices"), {"id": message.pk})

    assert answer["Location"] == reverse("workbench:notices")
    assert Message.objects.get().read_at is None


def test_one_or_all_messages_are_marked_as_read(people):
    for _ in range(3):
        a_complaint(people)
    client = browser(people.supervisor)
    first = Message.objects.earliest("id")

    client.post(reverse("workbench:read_notices"), {"id": first.pk})
    assert list(Message.objects.exclude(read_at=None)) == [first]
    client.post(reverse("workbench:read_notices"))

    assert not Message.objects.filter(read_at=None).exists()
    assert first.title in client.get(reverse("workbench:notices")).content.decode()


# ---- palette and search


def palette(user, words="", language="zh-hans"):
    return browser(user, language).get(reverse("workbench:palette"), {"q": words}).context


def groups(context):
    return {str(label): [hit.label for hit in hits] for label, hits in context["groups"]}


def test_the_palette_finds_pages_cases_customers_and_things_to_do(people):
    complaint = a_complaint(people, title="酸奶过期")
    a_customer(people.south, people.taker, "酸奶爱好者")

    found = groups(palette(people.manager, "酸奶"))

    assert found == {"事项": [f"{complaint.number} 酸奶过期"], "顾客": ["酸奶爱好者"]} or list(
        found.values()
    ) == [
        [f"{complaint.number} 酸奶过期"],
        ["酸奶爱好者"],
    ]
    assert list(groups(palette(people.manager, "complaint", "en"))) == ["Go to", "Do"]


def test_the_palette_offers_registration_only_to_who_may_register(people):
    def offers(user):
        return "Do" in groups(palette(user, language="en"))

    assert (offers(people.taker), offers(people.employee)) == (True, False)


@pytest.mark.parametrize("page", ["workbench:palette", "workbench:search"])
def test_nobody_finds_cases_of_another_house_or_about_themselves(people, page):
    complaint = a_complaint(people, title="特别的酸奶", accused=people.manager.party)

    def finds(user):
        return complaint.number in browser(user).get(reverse(page), {"q": "特别的酸奶"}).content.decode()

    assert finds(people.supervisor)
    assert not finds(people.stranger)
    assert not finds(people.employee)
    assert not finds(people.manager)


def test_a_search_without_words_or_without_hits_is_an_empty_page(people):
    client = browser(people.manager)

    empty = client.get(reverse("workbench:search"))
    nothing = client.get(reverse("workbench:search"), {"q": "没有这样的东西" * 30})

    assert (empty.status_code, empty.context["any"]) == (200, False)
    assert (nothing.status_code, nothing.context["any"]) == (200, False)


# ---- files


@pytest.fixture
def receipt(people):
    complaint = a_complaint(people, accused=people.specialist.party)
    return attachments.attach(
        subject=complaint,
        file=SimpleUploadedFile("小票.txt", "36 元".encode()),
        name="小票.txt",
        unit=people.south,
        by=people.taker.party,
        now=MONDAY,
    )


def test_a_file_opens_for_who_sees_the_case_as_a_download(people, receipt):
    answer = browser(people.taker).get(reverse("workbench:file", args=[receipt.pk]))

    assert b"".join(answer.streaming_content) == "36 元".encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("who", ["stranger", "employee", "administrator", "specialist"])
def test_a_file_is_not_there_for_who_does_not_see_the_case(people, receipt, who):
    assert browser(people.users[who]).get(reverse("workbench:file", args=[receipt.pk])).status_code == 404


def test_a_file_that_was_removed_is_not_there(people, receipt):
    type(receipt).objects.update(removed_at=MONDAY)

    assert browser(people.taker).get(reverse("workbench:file", args=[receipt.pk])).status_code == 404
