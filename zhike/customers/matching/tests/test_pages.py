"""The list of pairs, two files side by side, the panel of a file, and the warning while typing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers.matching import actions, queries, sweep
from zhike.customers.matching.models import Candidate, Merge, Sweep
from zhike.customers.models import Customer, Grade, Identifier
from zhike.customers.tests.factories import a_customer
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.scope import EVERYTHING, Scope
from zhike.kernel.parties.secret import blind_index
from zhike.people.tests.factories import MONDAY, Cast


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture(name="pair")
def _pair(cast: Cast) -> Candidate:
    """The same firm twice in one house, the same name in another house, and somebody else."""
    a_customer(cast.south, cast.manager, "上海宏达商贸有限公司", "13800005678", kind="ORGANISATION")
    a_customer(cast.south_service, cast.manager, "宏达商贸（上海）有限公司", "", kind="ORGANISATION")
    a_customer(cast.north, cast.north_manager, "上海宏达商贸有限公司", "13800005678", kind="ORGANISATION")
    a_customer(cast.south, cast.manager, "李清照", "13911112222")
    first, second = Customer.objects.filter(unit__in=[cast.south, cast.south_service]).order_by("pk")[:2]
    for row in (first, second):
        Identifier.objects.create(
            customer=row, kind="LICENCE", number="1", index=blind_index("91310115MA1K3X12XX"), masked="91**"
        )
    sweep.look(by=None, now=MONDAY)
    return Candidate.objects.get()


@pytest.mark.rule("R003-15", "R002-P09")
def test_the_sweep_finds_pairs_within_a_house_and_says_by_what(cast: Cast, pair: Candidate):
    assert [pair.first.name, pair.second.name] == ["上海宏达商贸有限公司", "宏达商贸（上海）有限公司"]
    assert pair.reasons == ["LICENCE", "ALIKE"]
    assert pair.score >= 90
    found = Sweep.objects.get()
    assert (found.read, found.found, found.fresh) == (4, 1, 1)


def test_the_number_in_the_rail_is_that_of_the_list_and_stays_within_the_scope(cast: Cast, pair: Candidate):
    north, nobody = Scope(party=1, units=frozenset({cast.north.pk})), Scope(party=1)
    house = Scope(party=1, units=frozenset({cast.south.pk, cast.south_service.pk}))

    assert [queries.waiting_number(one) for one in (EVERYTHING, house, north, nobody)] == [1, 1, 0, 0]
    actions.tell_apart(pair=pair, by=cast.manager.party, now=MONDAY, note="两家公司")
    assert queries.waiting_number(house) == 0


def test_what_was_told_apart_stays_apart_and_what_is_not_alike_any_more_is_forgotten(
    cast: Cast, pair: Candidate
):
    other = a_customer(cast.south, cast.manager, "李清照", "")
    sweep.look(by=None, now=MONDAY)
    assert Candidate.objects.filter(state="OPEN").count() == 2
    actions.tell_apart(pair=pair, by=cast.manager.party, now=MONDAY, note="两家公司")
    Customer.objects.filter(pk=other.pk).update(name="辛弃疾", sort_key="xin qi ji")
    sweep.look(by=None, now=MONDAY)
    assert [row.state for row in Candidate.objects.all()] == ["DIFFERENT"]


def test_two_persons_of_a_common_name_with_other_numbers_are_no_pair(cast: Cast):
    for place in range(12):
        a_customer(cast.south, cast.manager, "张伟", f"1380000{place:04}")
    sweep.look(by=None, now=MONDAY)
    assert not Candidate.objects.exists()


def test_numbers_are_compared_however_they_were_written(cast: Cast):
    a_customer(cast.south, cast.manager, "王小明", "138 0000 5678")
    a_customer(cast.south, cast.manager, "王晓明", "").phones.create(
        number="13800005678",
        index=blind_index("13800005678"),
        last4=blind_index("5678"),
        masked="138****5678",
    )
    sweep.look(by=None, now=MONDAY)
    assert Candidate.objects.get().reasons == ["PHONE", "SOUND"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"phone": "１３８-0000 ５６７８"}, "上海宏达商贸有限公司"),
        ({"name": "上海宏达商贸有限公司", "kind": "ORGANISATION"}, "上海宏达商贸有限公司"),
        ({"name": "宏达商贸", "kind": "ORGANISATION"}, "上海宏达商贸有限公司"),
        ({"name": "李青照"}, "李清照"),
        ({"licence": "91310115 MA1K 3X12XX"}, "宏达商贸（上海）有限公司"),
        ({"name": "苏轼"}, None),
    ],
)
def test_who_types_is_warned_of_files_that_are_like_it(cast: Cast, pair: Candidate, given, found):
    answer = browser(cast.taker).get(reverse("customers:alike"), given, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert (found in text) if found else ("KH-" not in text)
    north = Customer.objects.get(unit=cast.north)
    assert north.number not in text


def test_a_wrong_check_digit_is_told_while_typing(cast: Cast):
    answer = browser(cast.taker).get(reverse("customers:alike"), {"licence": "91310115MA1K3X1234"})
    assert "does not fit the others" in answer.content.decode()


def test_two_files_become_one_in_the_browser_and_are_parted_there(cast: Cast, pair: Candidate):
    for row, value in ((pair.first, "A"), (pair.second, "B")):
        Grade.objects.create(customer=row, dimension="grade", value=value, since=MONDAY)
    staff = browser(cast.manager)
    page = reverse("customers:duplicate", args=[pair.pk])
    assert "上海宏达" in staff.get(reverse("customers:duplicates")).content.decode()
    assert "Same licence" in staff.get(page).content.decode()

    undecided = staff.post(page, {"stays": "second"})
    assert "Choose which one holds" in undecided.content.decode()
    assert not Merge.objects.exists()

    staff.post(page, {"stays": "second", "choice:grade:grade": "first", "choice:name": "first"})
    merge = Merge.objects.get()
    assert (merge.kept, merge.gone) == (pair.second, pair.first)
    kept = Customer.objects.get(pk=pair.second_id)
    assert kept.name == "上海宏达商贸有限公司"
    assert [row.value for row in kept.grades.filter(until=None)] == ["A"]
    assert "was merged into" in staff.get(reverse("customers:beside", args=[pair.first_id])).content.decode()
    assert pair.first.number in staff.get(reverse("customers:beside", args=[kept.pk])).content.decode()

    staff.post(reverse("customers:part", args=[merge.pk]), {"reason": "两家公司"})
    assert Customer.objects.get(pk=pair.first_id).state == "ACTIVE"
    assert Entry.objects.filter(code="customers.parted").count() == 1


def test_not_the_same_is_remembered_with_the_remark(cast: Cast, pair: Candidate):
    answer = browser(cast.manager).post(
        reverse("customers:tell_apart", args=[pair.pk]), {"reason": "母子公司"}
    )
    assert answer.url == reverse("customers:duplicates")
    pair.refresh_from_db()
    assert (pair.state, pair.note, pair.decided_by) == ("DIFFERENT", "母子公司", cast.manager.party)


@pytest.mark.parametrize("words", ["number", "13911112222"])
def test_a_person_lays_two_files_side_by_side(cast: Cast, pair: Candidate, words: str):
    other = Customer.objects.get(name="李清照")
    staff = browser(cast.manager)
    url = reverse("customers:put_forward", args=[pair.first_id])
    staff.post(url, {"other": other.number if words == "number" else words})
    assert Candidate.objects.get(second=other).origin == "PERSON"
    assert "does not name one file" in staff.post(url, {"other": "没有这个人"}).content.decode()


def test_pairs_of_another_house_and_of_secret_files_do_not_exist(cast: Cast, pair: Candidate):
    page = reverse("customers:duplicate", args=[pair.pk])
    assert browser(cast.north_manager).get(page).status_code == 404
    assert browser(cast.taker).get(page).status_code == 403
    assert queries.waiting(EVERYTHING).count() == 1
    Customer.objects.filter(pk=pair.second_id).update(secrecy=9)
    assert browser(cast.manager).get(page).status_code == 404
