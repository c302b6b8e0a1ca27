"""Malicious complaints: marked with evidence, confirmed by another, taken back; and the rating in the portal."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from zhike.complaints import actions, timelines
from zhike.complaints.models import Complaint
from zhike.complaints.models_after import FollowUp, Malice
from zhike.complaints.portal_codes import digest_of
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.people.tests.factories import MONDAY

from .factories import a_complaint, at, browser, worked
from .regimes import a_house, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return a_complaint(people, name="巫马青", phone="13912340003")


@pytest.fixture
def malice(people, case):
    return actions.mark_malicious(
        complaint=case, reason="索要高额赔偿", evidence="录音三段", by=people.supervisor.party, now=MONDAY
    )


def decided(malice, people, agree=True, by="manager", opinion="属实"):
    return actions.decide_malice(
        malice=malice, agree=agree, opinion=opinion, by=people.users[by].party, now=at(9, 11)
    )


def test_a_mark_changes_nothing_until_another_confirms_it(people, case, malice):
    case.refresh_from_db()
    assert (case.malicious, case.is_open, malice.state) == (False, True, "ASKED")
    with pytest.raises(actions.CannotMark):
        decided(malice, people, by="supervisor")
    decided(malice, people)

    case.refresh_from_db()
    assert (case.malicious, case.valid, case.is_open, malice.state) == (True, False, False, "CONFIRMED")
    assert not Duty.objects.open().filter(**subjects.key(case)).exists()
    with pytest.raises(actions.CannotMark):
        decided(malice, people)


def test_the_accused_neither_marks_nor_decides(people, case):
    Complaint.objects.filter(pk=case.pk).update(accused=people.manager.party)
    case.refresh_from_db()
    with pytest.raises(actions.CannotMark):
        actions.mark_malicious(complaint=case, reason="x", evidence="y", by=people.manager.party, now=MONDAY)
    malice = actions.mark_malicious(
        complaint=case, reason="x", evidence="y", by=people.supervisor.party, now=MONDAY
    )
    with pytest.raises(actions.CannotMark):
        decided(malice, people)


def test_it_needs_reason_and_evidence_and_stands_once(people, case, malice):
    given = {"complaint": case, "by": people.manager.party, "now": MONDAY}
    for wrong in (
        {"reason": "", "evidence": "x"},
        {"reason": "x", "evidence": " "},
        {"reason": "x", "evidence": "y"},
    ):
        with pytest.raises(actions.CannotMark):
            actions.mark_malicious(**given, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Malice.objects.filter(pk=malice.pk).update(decided_by=malice.by, state="CONFIRMED")


def test_one_that_is_not_confirmed_leaves_the_case_as_it_was(people, case, malice):
    with pytest.raises(actions.CannotMark):
        decided(malice, people, agree=False, opinion=" ")
    decided(malice, people, agree=False, opinion="只是激动")

    case.refresh_from_db()
    assert (case.malicious, case.is_open) == (False, True)
    again = actions.mark_malicious(
        complaint=case, reason="又来", evidence="z", by=people.supervisor.party, now=at(9, 12)
    )
    assert again.state == "ASKED"


def test_taken_back_with_a_reason_it_may_be_reopened_and_is_judged_anew(people, case, malice):
    decided(malice, people)
    with pytest.raises(actions.CannotMark):
        actions.revoke_malice(malice=malice, reason=" ", by=people.manager.party, now=at(9, 12))
    actions.revoke_malice(malice=malice, reason="录音系伪造", by=people.manager.party, now=at(9, 12))
    case.refresh_from_db()
    assert (case.malicious, case.valid, malice.state) == (False, None, "REVOKED")

    actions.reopen(complaint=case, reason="继续处理", by=people.manager.party, now=at(9, 13))
    worked(case, now=at(9, 14))
    assert (case.is_open, case.valid) == (False, None)


def test_a_manual_with_its_own_way_keeps_the_case_open_and_it_counts_as_not_valid_at_the_end(db):
    with clock.at(MONDAY):
        house = a_house(
            "fruit-complaints",
            ["P002-21", "GENERAL_MANAGER", "CHAIRMAN", "GENERAL_OFFICE", "SHOP_HEAD", "DEPARTMENT_HEAD"],
            taker="P002-21",
        )
        case = opened(house, item="GOODS")
        malice = actions.mark_malicious(
            complaint=case, reason="x", evidence="y", by=house["GENERAL_OFFICE"].party, now=MONDAY
        )
        actions.decide_malice(
            malice=malice, agree=True, opinion="", by=house["GENERAL_MANAGER"].party, now=MONDAY
        )
        case.refresh_from_db()

    assert (case.is_open, case.malicious, case.valid) == (True, True, False)


def test_the_customers_page_says_so_only_to_those_with_the_power(people, case, malice):
    decided(malice, people)

    def said(user):
        return [str(line.status) for line in timelines.read(user, case.customer, 5)]

    assert said(people.manager) != said(people.taker)
    page = browser(people.taker).get(reverse("complaints:detail", args=[case.pk])).content.decode()
    assert "索要高额赔偿" not in page.split('class="zk-side"')[-1]


def test_the_mark_is_made_decided_and_taken_back_on_the_page(people, case):
    clients = {who: browser(people.users[who]) for who in ("supervisor", "manager", "taker")}
    url = reverse("complaints:mark_malicious", args=[case.pk])
    assert clients["taker"].get(url).status_code == 403
    clients["supervisor"].post(url, {"reason": "敲诈", "evidence": "短信"})
    malice = Malice.objects.get()
    clients["manager"].post(
        reverse("complaints:decide_malice", args=[case.pk, malice.pk]), {"agree": "1", "opinion": ""}
    )
    case.refresh_from_db()
    assert case.malicious
    clients["manager"].post(
        reverse("complaints:revoke_malice", args=[case.pk, malice.pk]), {"reason": "弄错了"}
    )
    case.refresh_from_db()
    assert not case.malicious
    assert (
        clients["manager"].get(reverse("complaints:decide_malice", args=[case.pk, 9**9])).status_code == 404
    )


# ---- the customer's own rating


@pytest.fixture
def followed(people, case, client):
    Complaint.objects.filter(pk=case.pk).update(access_code=digest_of("KWRT-2222-3333"))
    session = client.session
    session["portal_complaints"] = [case.number]
    session.save()
    return client


def rate(client, case, **typed):
    url = reverse("complaint_portal:rate", args=[case.number])
    return client.post(url, {"satisfaction": "2", "resolved": "1", "text": "太慢"} | typed)


def test_customers_rate_their_own_closed_complaint_once_in_the_portal(people, case, followed):
    page = reverse("complaint_portal:case", args=[case.number])
    assert followed.get(page).context["rating"] is None
    assert rate(followed, case).status_code == 200  # refused: not closed yet
    assert not FollowUp.objects.exists()
    worked(case, now=at(9, 11))
    case.refresh_from_db()
    assert followed.get(page).context["rating"] is not None

    assert rate(followed, case).status_code == 302
    row = FollowUp.objects.get()
    assert (row.source, row.satisfaction, row.resolved, row.dissatisfied) == ("PORTAL", 2, True, True)
    assert not Duty.objects.open().filter(**subjects.key(case), kind="complaint.follow_up").exists()
    assert rate(followed, case).status_code == 200
    assert FollowUp.objects.count() == 1
    shown = followed.get(page)
    assert (shown.context["rating"], shown.context["rated"]) == (None, True)


def test_an_incomplete_rating_keeps_what_was_typed(people, case, followed):
    worked(case, now=at(9, 11))
    page = rate(followed, case, satisfaction="")

    assert (page.status_code, FollowUp.objects.exists()) == (200, False)
    assert "太慢" in page.content.decode()


def test_nobody_rates_the_complaint_of_another(people, case, client):
    worked(case, now=at(9, 11))
    page = rate(client, case)

    assert (page.status_code, FollowUp.objects.exists()) == (302, False)
    assert "follow" in page["Location"]


def test_the_mall_owes_a_return_visit_to_the_taker(people, case):
    worked(case, now=at(9, 11))
    duty = Duty.objects.open().get(**subjects.key(case), kind="complaint.follow_up")

    assert (duty.owner, duty.began_at) == (people.taker.party, at(9, 11))
    assert duty.due_at - at(9, 11) >= dt.timedelta(days=2)
