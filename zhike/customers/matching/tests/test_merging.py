"""Two files of one customer become one with a trace, and are parted again exactly as they were."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from zhike.customers.matching import actions, contrasts
from zhike.customers.matching.models import Candidate, Merge
from zhike.customers.models import (
    Address,
    Consent,
    Contact,
    Customer,
    Export,
    Fact,
    Grade,
    Identifier,
    Interaction,
    Link,
    Phone,
    Profile,
    Proposal,
    Sale,
)
from zhike.customers.tests.factories import a_customer
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.people.tests.factories import MONDAY, Cast

LATER = MONDAY + dt.timedelta(days=3)
TABLES = (
    Phone,
    Contact,
    Address,
    Identifier,
    Link,
    Fact,
    Consent,
    Grade,
    Proposal,
    Sale,
    Interaction,
    Duty,
    Profile,
)


@pytest.fixture(name="two")
def _two(cast: Cast) -> tuple[Customer, Customer]:
    """The same woman twice, with something in every part of the file, and contradictions."""
    kept = a_customer(cast.south, cast.manager, "王小明", "13800005678")
    gone = a_customer(
        cast.south_service, cast.manager, "王晓明", "13911112222", title="女士", note="先打电话"
    )
    by = cast.manager.party
    for place, row in enumerate((kept, gone)):
        Contact.objects.create(customer=row, name="李秘书", is_main=True)
        Address.objects.create(customer=row, text="建国路88号")
        Identifier.objects.create(customer=row, kind="MEMBER", number="8800", index="same", masked="8800")
        Fact.objects.create(
            customer=row, field="preference.time", value=("上午", "下午")[place], source="VISIT", at=MONDAY
        )
        Grade.objects.create(customer=row, dimension="importance", value=("HIGH", "LOW")[place], since=MONDAY)
        Grade.objects.create(customer=row, dimension="region", value="SOUTH", since=MONDAY)
        Proposal.objects.create(customer=row, dimension="rank", value="A", reason="大客户", at=MONDAY, by=by)
        Sale.objects.create(
            customer=row, on=MONDAY.date(), number=f"D{place}", product="外套", amount=100 + place
        )
        Interaction.objects.create(
            customer=row, unit=cast.south, at=MONDAY, way="PHONE", content=f"第{place}次"
        )
        Profile.objects.create(
            customer=row, spend=100 + place, total_orders=1, first_order_on=dt.date(2025, 1, 2 - place)
        )
    Phone.objects.create(
        customer=gone, number="13800005678", index=kept.phones.get().index, last4="x", masked="138****5678"
    )
    third = a_customer(cast.south, cast.manager, "介绍人", "13700000000")
    for row in (kept, gone):
        Link.objects.create(customer=row, other=third, kind="INTRODUCED", at=MONDAY)
    Link.objects.create(customer=gone, other=kept, kind="RELATED", at=MONDAY)
    return kept, gone


def rows_of(*customers: Customer) -> dict[str, list[tuple]]:
    """Everything that stands in the tables, as values."""
    found = {}
    for model in TABLES:
        names = [
            one.attname
            for one in model._meta.fields
            if one.attname not in {"number", "value"} or model is Grade
        ]
        found[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
    states = Customer.objects.filter(pk__in=[one.pk for one in customers]).order_by("pk")
    found["Customer"] = list(
        states.values_list("pk", "name", "sort_key", "title", "note", "state", "merged_into", "secrecy")
    )
    return found


def merged(cast: Cast, two: tuple[Customer, Customer], **choices: str) -> Merge:
    given = {"grade:importance": "kept", **{key.replace("__", ":"): value for key, value in choices.items()}}
    return actions.merge(
        kept=two[0], gone=two[1], choices=given, by=cast.manager.party, now=LATER, reason="同一人"
    )


def test_contradicting_grades_are_a_choice_and_never_a_guess(cast: Cast, two):
    kept, gone = two
    before = rows_of(kept, gone)

    with pytest.raises(actions.Undecided, match="Importance") as refusal:
        actions.merge(kept=kept, gone=gone, choices={}, by=cast.manager.party, now=LATER)

    assert [line.key for line in refusal.value.lines] == ["grade:importance"]
    assert rows_of(kept, gone) == before
    assert not Merge.objects.exists()


@pytest.mark.rule("R003-15", "R002-P09")
def test_everything_moves_to_the_kept_file_and_the_other_points_to_it(cast: Cast, two):
    kept, gone = two
    merge = merged(cast, two)

    gone.refresh_from_db()
    assert (gone.state, gone.merged_into) == (Customer.State.MERGED, kept)
    for model in (Contact, Address, Interaction, Sale, Fact, Grade):
        assert not model.objects.filter(customer=gone).exists(), model
    # the same number and the same card stand once; the second row stays with the old file
    assert sorted(kept.phones.values_list("masked", flat=True)) == ["138****5678", "139****2222"]
    assert kept.phones.filter(is_primary=True).count() == 1
    assert kept.identifiers.count() == gone.identifiers.count() == 1
    assert kept.contacts.filter(is_main=True).count() == 1
    # one introducer; the link between the two says nothing any more
    assert kept.links.count() == 1
    assert merge.reason == "同一人"
    assert Entry.objects.get(code="customers.merged").after["kept"] == kept.number


def test_the_file_says_what_was_chosen_and_fills_its_gaps(cast: Cast, two):
    merged(cast, two, name="gone")

    kept = Customer.objects.get(pk=two[0].pk)
    assert (kept.name, kept.title, kept.note) == ("王晓明", "女士", "先打电话")
    assert kept.party.name == "王晓明"
    profile = Profile.objects.get(pk=kept.pk)
    assert (profile.spend, profile.total_orders, profile.first_order_on) == (201, 2, dt.date(2025, 1, 1))


@pytest.mark.parametrize(("choice", "value"), [("kept", "HIGH"), ("gone", "LOW")])
def test_the_chosen_grade_holds_and_the_other_ends(cast: Cast, two, choice: str, value: str):
    merged(cast, two, grade__importance=choice)

    current = Grade.objects.filter(customer=two[0], dimension="importance", until=None)
    assert [row.value for row in current] == [value]
    assert Grade.objects.filter(customer=two[0], dimension="importance").count() == 2
    assert Grade.objects.filter(customer=two[0], dimension="region", until=None).count() == 1


@pytest.mark.parametrize("choice", ["kept", "gone"])
def test_parting_restores_exactly_what_was(cast: Cast, two, choice: str):
    before = rows_of(*two)
    merge = merged(cast, two, grade__importance=choice, fact__preference_time="gone", name="gone")
    assert rows_of(*two) != before

    stayed = actions.part(merged=merge, by=cast.manager.party, now=LATER, reason="两个人")

    assert stayed == []
    assert rows_of(*two) == before
    merge.refresh_from_db()
    assert (merge.parted_by, merge.part_reason) == (cast.manager.party, "两个人")
    assert Candidate.objects.get().state == Candidate.State.DIFFERENT


def test_what_came_after_the_merge_stays_with_the_kept_file(cast: Cast, two):
    kept, gone = two
    merge = merged(cast, two)
    Interaction.objects.create(customer=kept, unit=cast.south, at=LATER, way="PHONE", content="合并后")
    Profile.objects.filter(pk=kept.pk).update(spend=Decimal(251))  # 50 more since
    Customer.objects.filter(pk=kept.pk).update(title="经理")

    stayed = actions.part(merged=merge, by=cast.manager.party, now=LATER, reason="两个人")

    assert stayed == ["customers.Customer.title"]
    assert sorted(kept.interactions.values_list("content", flat=True)) == ["合并后", "第0次"]
    assert [row.content for row in gone.interactions.all()] == ["第1次"]
    assert Profile.objects.get(pk=kept.pk).spend == 150


def test_a_grade_given_since_stays_current(cast: Cast, two):
    kept = two[0]
    merge = merged(cast, two, grade__importance="gone")
    Grade.objects.filter(customer=kept, dimension="importance", until=None).update(until=LATER)
    Grade.objects.create(customer=kept, dimension="importance", value="MIDDLE", since=LATER)

    stayed = actions.part(merged=merge, by=cast.manager.party, now=LATER, reason="两个人")

    assert Grade.objects.get(customer=kept, dimension="importance", until=None).value == "MIDDLE"
    assert stayed == ["customers.Grade.until"]


def test_merges_are_parted_from_the_last_one_on(cast: Cast, two):
    kept, gone = two
    first = merged(cast, two)
    third = a_customer(cast.south, cast.manager, "王大明", "13600000000")
    second = actions.merge(
        kept=third, gone=Customer.objects.get(pk=kept.pk), choices={}, by=cast.manager.party, now=LATER
    )

    with pytest.raises(actions.CannotPart, match="part those two first"):
        actions.part(merged=first, by=cast.manager.party, now=LATER, reason="两个人")
    actions.part(merged=second, by=cast.manager.party, now=LATER, reason="两个人")
    actions.part(merged=first, by=cast.manager.party, now=LATER, reason="两个人")

    assert Customer.objects.get(pk=gone.pk).state == Customer.State.ACTIVE


def test_what_cannot_be_merged_is_refused_in_one_sentence(cast: Cast, two):
    kept, gone = two
    abroad = a_customer(cast.north, cast.north_manager, "王小明", "13500000000")
    by = cast.manager.party
    with pytest.raises(actions.CannotMerge, match="with itself"):
        actions.merge(kept=kept, gone=kept, choices={}, by=by, now=LATER)
    with pytest.raises(actions.CannotMerge, match="different houses"):
        actions.merge(kept=kept, gone=abroad, choices={}, by=by, now=LATER)
    merge = merged(cast, two)
    with pytest.raises(actions.CannotMerge, match="already"):
        actions.merge(kept=kept, gone=gone, choices={}, by=by, now=LATER)
    with pytest.raises(actions.CannotPart, match="Say why"):
        actions.part(merged=merge, by=by, now=LATER, reason=" ")
    actions.part(merged=merge, by=by, now=LATER, reason="两个人")
    with pytest.raises(actions.CannotPart, match="parted already"):
        actions.part(merged=merge, by=by, now=LATER, reason="两个人")


def test_secrecy_never_sinks(cast: Cast, two):
    Customer.objects.filter(pk=two[1].pk).update(secrecy=1)
    merged(cast, two)
    assert Customer.objects.get(pk=two[0].pk).secrecy == 1


def test_opposite_consents_want_a_choice(cast: Cast, two):
    for row, is_given in zip(two, (True, False), strict=True):
        Consent.objects.create(customer=row, purpose="SALES", is_given=is_given, since=MONDAY, source="VISIT")
    assert [line.key for line in contrasts.contradictions(*two)] == ["grade:importance", "consent:SALES:"]
    with pytest.raises(actions.Undecided, match="Offers"):
        merged(cast, two)
    merged(cast, two, consent__SALES__="gone")
    assert not Consent.objects.get(customer=two[0], until=None).is_given


def test_what_names_several_customers_follows_the_kept_file_and_comes_back(two, cast: Cast) -> None:
    kept, gone = two
    by = cast.manager.party
    both, other = (
        Export.objects.create(by=by, at=MONDAY, source="customers", format="xlsx", rows=2) for _ in "12"
    )
    both.customers.set([kept, gone])
    other.customers.set([gone])

    done = merged(cast, two)

    assert (set(both.customers.all()), set(other.customers.all())) == ({kept, gone}, {kept})
    actions.part(merged=done, by=by, now=LATER, reason="两个人")
    assert (set(both.customers.all()), set(other.customers.all())) == ({kept, gone}, {gone})


def test_every_line_of_the_review_is_said_once_and_in_words(cast: Cast, two):
    for row, code in zip(two, ("王小明", "王晓明"), strict=True):
        said = {"value": code, "source": "VISIT", "at": MONDAY}
        Fact.objects.update_or_create(customer=row, field="name", until=None, defaults=said)
        Fact.objects.create(customer=row, field="phone.7", value="138****5678", source="VISIT", at=MONDAY)
    lines = {line.key: line.label for line in contrasts.lines(*two)}
    assert [key for key in lines if "name" in key or "phone" in key] == ["name"]
    assert lines["fact:preference.time"] == "Preferred time"
    merged(cast, two, name="gone")
    assert Fact.objects.get(customer=two[0], field="name", until=None).value == "王晓明"
