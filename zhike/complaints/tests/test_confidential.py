"""Confidential complaints: nobody but named people, handler, taker and who owes the stage finds a word of them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from zhike.complaints import access, actions, queries
from zhike.complaints.capa import actions as capa
from zhike.complaints.capa import queries as capa_queries
from zhike.complaints.models import Complaint
from zhike.complaints.models_after import CaseMember
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry as Trail
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox import post
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties import subjects
from zhike.kernel.records import attachments
from zhike.kernel.search import index
from zhike.people.models import Post

from .factories import a_complaint, a_fault, at, browser, worked
from .test_api import a_key

pytestmark = pytest.mark.django_db
TITLE, TEXT, CUSTOMER = "冰柜旁的争执", "冰柜旁边有人打了起来,请保密", "慕容拾遗"


@pytest.fixture
def case(people):
    """With everything that might speak of it elsewhere: messages, approvals, files, a finding with its penalty."""
    complaint = a_complaint(
        people,
        title=TITLE,
        text=TEXT,
        name=CUSTOMER,
        phone="13912340001",
        item="ATTITUDE",
        handler=people.specialist.party,
        override_reason="熟悉",
        accused=people.employee.party,
    )
    worked(complaint, until="solution")
    actions.record_step(
        complaint=complaint,
        kind="solution",
        text="赔偿",
        compensation=Decimal(5000),
        by=people.specialist.party,
        now=at(9, 10, 5),
    )
    attachments.attach(
        subject=complaint,
        file=SimpleUploadedFile(f"{TITLE}.txt", TEXT.encode()),
        name=f"{TITLE}.txt",
        unit=complaint.unit,
        by=people.specialist.party,
        now=at(9, 10, 6),
    )
    for _number in range(2):
        a_fault(
            people, offence="IGNORED" if _number else "COMPLAINED_OF", complaint=complaint, evidence=TITLE
        )
    for user in (people.general_manager, people.store_manager):
        post.notify(
            to=user.party,
            kind="duty.overdue",
            title=f"{complaint.number} {TITLE}",
            body=TEXT,
            subject=complaint,
            by=None,
            at=at(9, 10, 7),
            email=True,
        )
    actions.make_confidential(
        complaint=complaint,
        persons=[people.supervisor.party],
        by=people.manager.party,
        now=at(9, 10, 10),
        reason="涉及员工隐私",
    )
    return complaint


def addresses(case):
    """Every page that takes no argument, and every page of complaints that takes the case."""
    found = []

    def walk(patterns, space=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            elif isinstance(pattern, URLPattern) and pattern.name:
                names = set(pattern.pattern.converters)
                if names <= {"pk", "kind"} and (not names or space == "complaints:"):
                    given = {"pk": case.pk, "kind": "html"}
                    found.append((f"{space}{pattern.name}", {name: given[name] for name in names}))

    walk(get_resolver().url_patterns)
    urls = []
    for name, given in found:
        try:
            urls.append(reverse(name, kwargs=given))
        except NoReverseMatch:
            continue
    return urls


ASKED = [
    "",
    "?q={title}",
    "?q={number}",
    "?q={customer}",
    "?view=-&sort=-opened",
    "?state=open",
    "?view=-&about=complaints.Complaint:{pk}",
    "?export=csv&view=-",
    "?export=xlsx&view=-",
    "?month=2026-03",
]


# where something is asked for; the other pages are opened once
LISTS = ("complaints:list", "complaints:penalties", "complaints:report", "customers:list", "workbench:audit", "workbench:search", "workbench:palette")  # fmt: skip


def words_of(case):
    return [TITLE, case.number, TEXT]


@pytest.mark.parametrize("who", ["general_manager", "cashier_supervisor"])
def test_an_outsider_finds_neither_number_nor_title_on_any_page(people, case, who):
    client = browser(people.users[who])
    client.raise_request_exception = False
    lists = {reverse(name) for name in LISTS}
    seen = []

    with clock.at(at(9, 11)):
        for url in addresses(case):
            for asked in ASKED if url in lists else ASKED[:1]:
                query = asked.format(title=TITLE, number=case.number, customer=CUSTOMER, pk=case.pk)
                page = client.get(f"{url}{query}")
                if page.status_code != 200:
                    continue
                seen.append(url)
                found = b"".join(page) if page.streaming else page.content
                body = found.decode("utf-8", "ignore")
                typed = query.removeprefix("?q=") if asked.startswith("?q=") else ""
                for word in words_of(case):
                    assert word == typed or word not in body, f"{url}{query}: {word}"
    assert who == "cashier_supervisor" or lists <= set(seen)
    assert len(seen) > 10


@pytest.mark.parametrize("page", ["detail", "drawer", "ruling", "step", "confide", "follow_up", "shares"])
def test_the_gate_of_a_confidential_case_is_shut_for_the_whole_house(people, case, page):
    client = browser(people.general_manager)

    assert client.get(reverse(f"complaints:{page}", args=[case.pk])).status_code in {404, 405}
    with pytest.raises(Http404):
        access.complaint_for(people.general_manager, case.pk)


def test_named_people_handler_and_taker_see_it_and_the_accused_never(people, case):
    seen = {}
    for key, user in people.users.items():
        try:
            access.complaint_for(user, case.pk)
        except Http404:
            continue
        seen[key] = list(queries.complaints(access.scope(user)).filter(pk=case.pk)) == [case]

    assert seen == {"manager": True, "supervisor": True, "specialist": True, "taker": True}
    with pytest.raises(actions.CannotName):
        actions.name_person(
            complaint=case,
            person=people.employee.party,
            by=people.manager.party,
            now=at(9, 11),
            reason="看看",
        )


def test_no_post_is_cleared_for_it_however_high(people, case):
    Post.objects.update(clearance=9)

    with pytest.raises(Http404):
        access.complaint_for(people.general_manager, case.pk)
    assert case not in queries.of_units(access.scope(people.general_manager))


def test_figures_and_counts_leave_it_out_for_who_may_not_see_it(people, case):
    a_complaint(people)

    def counted(user):
        return queries.complaints(access.scope(user)).count()

    assert (counted(people.general_manager), counted(people.supervisor)) == (1, 2)
    page = browser(people.general_manager).get(f"{reverse('complaints:report')}?month=2026-03")
    assert page.context["report"].total.count == 1
    page = browser(people.supervisor).get(f"{reverse('complaints:report')}?month=2026-03")
    assert page.context["report"].total.count == 2


def test_the_customers_page_and_the_count_on_it_leave_it_out(people, case):
    from zhike.complaints import timelines

    assert timelines.read(people.general_manager, case.customer, 10) == []
    assert timelines.count(people.general_manager, case.customer) == 0
    assert [line.number for line in timelines.read(people.supervisor, case.customer, 10)] == [case.number]


def test_the_api_answers_outsiders_as_if_it_were_not_there(people, case):
    def got(user, path):
        key = a_key(user, "complaints:read", now=at(9, 10))[1]
        return browser(user).get(f"/api/v1/complaints{path}", headers={"Authorization": f"Bearer {key}"})

    with clock.at(at(9, 11)):
        outside, inside = people.general_manager, people.supervisor
        assert got(outside, f"/{case.number}").status_code == 404
        assert got(outside, f"/{case.number}/rulings").status_code == 404
        assert TITLE not in got(outside, "").content.decode()
        assert got(inside, f"/{case.number}").status_code == 200


def test_messages_duties_and_approvals_that_others_have_say_nothing_of_it(people, case):
    told = Message.objects.filter(to__in=[people.general_manager.party, people.store_manager.party])
    assert told.exists()
    for row in told:
        for word in [*words_of(case), CUSTOMER]:
            assert word not in f"{row.title} {row.body} {row.params} {row.heading}"
    assert TITLE not in " ".join(Duty.objects.values_list("matter", flat=True))
    # and those of the future
    actions.hand_over(
        complaint=case, to=people.manager.party, by=people.supervisor.party, now=at(9, 12), reason=TEXT
    )
    last = Message.objects.filter(to=people.manager.party).last()
    assert TITLE not in f"{last.title} {last.body}"
    owed = Duty.objects.open().filter(**subjects.key(case))
    assert {duty.secrecy for duty in owed} == {9}


def test_the_former_handler_and_who_owed_something_once_see_it_no_longer(people, case):
    actions.hand_over(
        complaint=case, to=people.supervisor.party, by=people.manager.party, now=at(9, 12), reason="换人"
    )

    with pytest.raises(Http404):
        access.complaint_for(people.specialist, case.pk)


def test_who_owes_the_stage_sees_it_as_long_as_it_is_owed(people, case):
    duty = Duty.objects.open().filter(**subjects.key(case)).first()
    Duty.objects.filter(pk=duty.pk).update(owner=people.store_manager.party)
    assert access.complaint_for(people.store_manager, case.pk) == case

    Duty.objects.filter(pk=duty.pk).update(state="DONE", done_at=at(9, 12))
    with pytest.raises(Http404):
        access.complaint_for(people.store_manager, case.pk)


def test_each_reading_is_a_row_of_the_trail_and_of_others_none(people, case):
    open_case = a_complaint(people)
    client = browser(people.supervisor)
    for page in ("detail", "drawer"):
        client.get(reverse(f"complaints:{page}", args=[case.pk]))
        client.get(reverse(f"complaints:{page}", args=[open_case.pk]))
    client.get(reverse("complaints:print", args=[case.pk, "html"]))

    rows = Trail.objects.filter(code="complaints.read")
    assert [(row.subject_id, row.by_id) for row in rows] == [(case.pk, people.supervisor.pk)] * 3
    assert {row.secrecy for row in rows} == {9}


def test_a_person_who_is_removed_sees_it_no_longer_and_may_be_named_again(people, case):
    member = CaseMember.objects.get(person=people.supervisor.party)
    actions.remove_person(member=member, by=people.manager.party, now=at(9, 11), reason="已不参与")

    with pytest.raises(Http404):
        access.complaint_for(people.supervisor, case.pk)
    with pytest.raises(actions.CannotName):
        actions.remove_person(member=member, by=people.manager.party, now=at(9, 11), reason="再一次")
    actions.name_person(
        complaint=case,
        person=people.supervisor.party,
        by=people.manager.party,
        now=at(9, 12),
        reason="又参与",
    )
    assert access.complaint_for(people.supervisor, case.pk) == case
    with pytest.raises(actions.CannotName):
        actions.name_person(
            complaint=case,
            person=people.supervisor.party,
            by=people.manager.party,
            now=at(9, 12),
            reason="重复",
        )


def test_confidence_needs_a_reason_happens_once_and_ends_with_a_reason(people, case):
    given = {"complaint": case, "by": people.manager.party, "now": at(9, 11)}
    with pytest.raises(actions.CannotName):
        actions.make_confidential(persons=[], reason="再次", **given)
    with pytest.raises(actions.CannotName):
        actions.end_confidence(reason=" ", **given)
    actions.end_confidence(reason="事情已公开", **given)

    assert access.complaint_for(people.general_manager, case.pk) == case
    assert TITLE in Duty.objects.open().filter(**subjects.key(case)).first().matter
    with pytest.raises(actions.CannotName):
        actions.make_confidential(persons=[], reason="", **given)


def test_a_row_of_a_named_person_keeps_its_reasons(people, case):
    for wrong in ({"reason": ""}, {"reason": "x", "removed_at": at(9, 12)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseMember.objects.create(
                complaint=case,
                person=people.north_manager.party,
                by=people.manager.party,
                at=at(9, 11),
                **wrong,
            )


def test_named_people_are_chosen_and_removed_on_the_page(people, case):
    client = browser(people.manager)
    page = client.get(reverse("complaints:detail", args=[case.pk]))
    assert "保密" in page.content.decode() or "Confidential" in page.content.decode()
    client.post(
        reverse("complaints:name_person", args=[case.pk]),
        {"person": people.store_manager.pk, "reason": "店长要知道"},
    )
    assert access.complaint_for(people.store_manager, case.pk) == case
    member = CaseMember.objects.get(person=people.store_manager.party, removed_at=None)
    refused = client.post(reverse("complaints:remove_person", args=[case.pk, member.pk]), {"reason": ""})
    assert refused.status_code == 422 or refused.context["form"].errors
    client.post(reverse("complaints:remove_person", args=[case.pk, member.pk]), {"reason": "办完"})
    with pytest.raises(Http404):
        access.complaint_for(people.store_manager, case.pk)
    assert (
        client.post(reverse("complaints:remove_person", args=[case.pk, 9**9]), {"reason": "x"}).status_code
        == 404
    )


def test_the_corrective_action_of_a_confidential_case_is_as_secret(people):
    case = a_complaint(people, item="QUALITY")
    by, now = case.handler, at(9, 11)
    found = capa.start_capa(complaints=[case], by=by, now=now)
    outsider = access.scope(people.general_manager)
    assert found in capa_queries.capas(outsider)

    case = Complaint.objects.get(pk=case.pk)
    actions.make_confidential(complaint=case, persons=[], by=by, now=now, reason="涉及员工隐私")

    assert found not in capa_queries.capas(outsider)
    assert found in capa_queries.capas(access.scope(by.user))
    assert index.find(outsider, found.number) == []
    actions.end_confidence(complaint=case, by=by, now=now, reason="已公开")
    assert found in capa_queries.capas(outsider)
