"""What stands on a customer's file: facts with their source, contacts, places, papers, links, needs, consents."""

from __future__ import annotations

import datetime as dt

import pytest

from zhike.customers import actions as customers
from zhike.customers.dossier import actions, completeness, consent, numbers, parts, places, queries
from zhike.customers.dossier.models import Contact, Fact, Identifier, Link, Need
from zhike.customers.grading.models import Profile
from zhike.customers.models import Customer
from zhike.customers.tests.factories import a_customer
from zhike.customers.tests.regulation import the_regulation
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.scope import EVERYTHING
from zhike.people.tests.factories import MONDAY, Cast

DAY = dt.timedelta(days=1)
CREDIT = "91350100M000100Y43"  # the example of GB 32100-2015


@pytest.fixture
def person(cast: Cast) -> Customer:
    return a_customer(cast.south, cast.taker, name="欧阳静怡", phone="13800005678")


@pytest.fixture
def business(cast: Cast) -> Customer:
    return a_customer(cast.south, cast.taker, name="澜石精密", phone="13800001111", kind="ORGANISATION")


@pytest.fixture
def dealer(cast: Cast) -> Customer:
    return a_customer(
        cast.south, cast.taker, name="云泽商贸", phone="", kind="ORGANISATION", position="INTERMEDIATE"
    )


def learn(customer: Customer, cast: Cast, field: str, value: str, **more) -> Fact:
    given = {"source": Fact.Source.SERVICE, "by": cast.taker.party, "now": MONDAY} | more
    return actions.learn(customer=customer, field=field, value=value, **given)


# ---- position


@pytest.mark.rule("R000-17")
def test_a_business_is_opened_only_with_its_position_and_a_person_is_an_end_customer(cast: Cast, person):
    with pytest.raises(customers.CannotCreate, match="intermediate or an end customer"):
        customers.create(
            name="无名商行", unit=cast.south, by=cast.taker.party, now=MONDAY, kind="ORGANISATION"
        )

    assert not Customer.objects.filter(name="无名商行").exists()
    assert person.position == Customer.Position.END


@pytest.mark.rule("R000-17")
def test_a_position_that_was_decided_is_changed_and_never_taken_away(cast: Cast, business):
    with pytest.raises(customers.CannotCorrect, match="intermediate or an end customer"):
        customers.correct(customer=business, by=cast.taker.party, now=MONDAY, position="")
    customers.correct(customer=business, by=cast.taker.party, now=MONDAY, position="INTERMEDIATE")

    business.refresh_from_db()
    assert business.position == "INTERMEDIATE"


# ---- facts


@pytest.mark.rule("R003-13", "R002-093")
def test_every_fact_keeps_source_and_moment_and_the_former_one_stays_in_the_history(cast: Cast, person):
    first = learn(person, cast, "preference.way", "电话", source="ENQUIRY")
    second = learn(person, cast, "preference.way", "微信", source="SURVEY", now=MONDAY + DAY)

    first.refresh_from_db()
    assert (first.until, second.until) == (MONDAY + DAY, None)
    assert [(row.value, row.source, row.at) for row in queries.history(person, "preference.way")] == [
        ("微信", "SURVEY", MONDAY + DAY),
        ("电话", "ENQUIRY", MONDAY),
    ]
    assert Entry.objects.filter(code="customers.learned").count() == 2


def test_the_same_value_again_keeps_the_first_one_and_writes_nothing(cast: Cast, person):
    first = learn(person, cast, "family", "两个孩子")
    again = learn(person, cast, "family", " 两个孩子 ", source="SURVEY", now=MONDAY + DAY)

    assert again == first
    assert Entry.objects.filter(code="customers.learned").count() == 1


@pytest.mark.rule("R003-13", "S003-09")
@pytest.mark.parametrize("source", ["ENQUIRY", "SERVICE", "SURVEY", "ONLINE", "MEMBER"])
def test_the_five_sources_are_known(cast: Cast, person, source: str):
    assert learn(person, cast, "suggestion", source, source=source).source == source


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": "GOSSIP"}, "where this is known from"),
        ({"value": "  "}, "what is known"),
        ({"field": ""}, "no field of the file"),
        ({"value": "x" * 2001}, "at most 2000"),
    ],
)
def test_a_fact_without_source_or_value_is_refused_in_one_sentence(cast: Cast, person, changes, said: str):
    with pytest.raises(actions.CannotLearn, match=said):
        learn(person, cast, **({"field": "family", "value": "两个孩子"} | changes))
    assert not Fact.objects.filter(field="family").exists()


@pytest.mark.rule("R003-13")
def test_what_is_said_at_opening_and_correcting_is_a_fact_with_its_source(cast: Cast, person):
    customers.correct(
        customer=person, by=cast.taker.party, now=MONDAY + DAY, industry="教师", learned_from="SURVEY"
    )

    found = {row.field: (row.value, row.source) for row in parts.facts(person)}
    assert found["name"] == ("欧阳静怡", "OTHER")
    assert found["industry"] == ("教师", "SURVEY")
    assert found[f"phone.{person.phones.get().pk}"] == ("138****5678", "OTHER")


@pytest.mark.rule("R002-088")
def test_an_obsolete_fact_leaves_the_file_and_stays_in_its_history(cast: Cast, person):
    fact = learn(person, cast, "preference.time", "上午")

    actions.forget(fact=fact, by=cast.taker.party, now=MONDAY + DAY)

    assert "preference.time" not in {row.field for row in parts.facts(person)}
    assert [(row.value, row.until) for row in queries.history(person, "preference.time")] == [
        ("上午", MONDAY + DAY)
    ]
    person.refresh_from_db()
    assert person.updated_at == MONDAY + DAY
    with pytest.raises(customers.Stale):
        actions.forget(fact=fact, by=cast.taker.party, now=MONDAY + DAY)


@pytest.mark.rule("R004-03")
def test_environment_and_scale_stand_where_customers_are_classified(cast: Cast, business):
    learn(business, cast, "trait.environment", "学校周边")
    learn(business, cast, "trait.scale", "中型")
    own = learn(business, cast, "trait.own", "老板亲自收货")

    profile = Profile.objects.get(customer=business)
    assert (profile.environment, profile.size) == ("学校周边", "中型")
    assert own.value == "老板亲自收货"


# ---- contacts


def a_contact(customer: Customer, cast: Cast, **more) -> Contact:
    given = {
        "name": "许静安",
        "function": "FINANCE",
        "post": "财务部长",
        "say": "DECIDES",
        "number": "136 0000 9120",
    }
    return actions.add_contact(customer=customer, by=cast.taker.party, now=MONDAY, **(given | more))


@pytest.mark.rule("R000-15")
def test_contacts_are_kept_by_function_with_say_and_a_masked_number(cast: Cast, business):
    contact = a_contact(business, cast)
    other = a_contact(business, cast, name="段亦舟", function="HEAD", number="", is_main=True)

    contact.refresh_from_db()
    assert (contact.function, contact.say, contact.masked) == ("FINANCE", "DECIDES", "136****9120")
    assert (contact.is_main, other.is_main) == (False, True)
    assert not queries.without_finance_contact(Customer.objects.all()).exists()


@pytest.mark.rule("R000-15")
def test_a_business_without_a_finance_contact_is_found(cast: Cast, business, person):
    a_contact(business, cast, function="HEAD")

    assert list(queries.without_finance_contact(Customer.objects.all())) == [business]


def test_a_contact_who_left_stays_and_is_not_shown(cast: Cast, business):
    contact = a_contact(business, cast)

    with pytest.raises(actions.CannotKeepContact, match="has not come yet"):
        actions.end_contact(contact=contact, left_on=dt.date(2026, 3, 10), by=cast.taker.party, now=MONDAY)
    actions.end_contact(contact=contact, left_on=dt.date(2026, 3, 9), by=cast.taker.party, now=MONDAY)

    assert parts.contacts(business) == []
    assert Contact.objects.get().left_on == dt.date(2026, 3, 9)
    with pytest.raises(actions.CannotKeepContact, match="left already"):
        actions.end_contact(contact=contact, left_on=dt.date(2026, 3, 9), by=cast.taker.party, now=MONDAY)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": "call me"}, "no telephone number"),
        ({"name": " "}, "contact's name"),
        ({"name": "x" * 81}, "at most 80"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(cast: Cast, business, changes, said: str):
    with pytest.raises(actions.CannotKeepContact, match=said):
        a_contact(business, cast, **changes)
    assert not Contact.objects.exists()


def test_a_contacts_number_is_shown_for_a_reason_only(cast: Cast, business):
    contact = a_contact(business, cast)

    with pytest.raises(customers.NoReason):
        actions.reveal_contact(contact=contact, reason=" ", by=cast.manager.party, now=MONDAY)
    full = actions.reveal_contact(contact=contact, reason="对账", by=cast.manager.party, now=MONDAY)

    assert full == "13600009120"
    assert Entry.objects.get(code="customers.contact_revealed").after["reason"] == "对账"


# ---- papers


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("LICENCE", "91350100M000100Y4", "has 18 characters; this one has 17"),
        ("LICENCE", "91350100M000100I43", "“I” never stands"),
        ("LICENCE", "91350100M000100Y44", "does not fit the others"),
        ("LICENCE", "", "Say the number"),
        ("TAX", "12345", "15, 17, 18 or 20"),
        ("TAX", "91350100M000100Y44", "does not fit the others"),
        ("TOBACCO", "3301", "has 12 digits"),
        ("IDENTITY", "110101199003077", "17 digits"),
        ("IDENTITY", "110101199013070015", "is no day"),
        ("IDENTITY", "110101199003070019", "last digit"),
        ("ACCOUNT", "1234", "8 to 30 digits"),
        ("OTHER", "x" * 41, "at most 40"),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_one_sentence(
    cast: Cast, business, kind: str, number: str, said: str
):
    with pytest.raises(actions.CannotIdentify, match=said):
        actions.add_identifier(customer=business, kind=kind, number=number, by=cast.taker.party, now=MONDAY)
    assert not Identifier.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "masked"),
    [
        ("LICENCE", "９１３５０１００ M000100Y43", "91350100M000****43"),
        ("LICENCE", CREDIT.lower(), "91350100M000****43"),
        (
            "IDENTITY",
            "11010119900307001" + numbers.identity_check("11010119900307001"),
            "110***********001" + numbers.identity_check("11010119900307001"),
        ),
        ("ACCOUNT", "6222 0210 0111 4471", "**** 4471"),
        ("LEASE", "12", "**"),
    ],
)
def test_a_good_number_is_kept_encrypted_and_shown_masked(
    cast: Cast, business, kind: str, typed: str, masked: str
):
    row = actions.add_identifier(customer=business, kind=kind, number=typed, by=cast.taker.party, now=MONDAY)

    assert Identifier.objects.get().masked == masked
    with pytest.raises(actions.CannotIdentify, match="already"):
        actions.add_identifier(customer=business, kind=kind, number=typed, by=cast.taker.party, now=MONDAY)
    full = actions.reveal_identifier(identifier=row, reason="核对证照", by=cast.manager.party, now=MONDAY)
    assert full == numbers.normal(kind, typed)
    assert Entry.objects.get(code="customers.identifier_revealed").after["reason"] == "核对证照"


def test_every_other_check_character_of_a_credit_code_is_refused():
    for char in numbers.CREDIT:
        if char != CREDIT[-1]:
            with pytest.raises(numbers.BadNumber):
                numbers.normal("LICENCE", CREDIT[:-1] + char)
    assert numbers.credit_check("9144030071526726X"[:17]) == "G"


# ---- places


@pytest.mark.parametrize(
    ("text", "above", "normal"),
    [
        ("浦江路八十八号3栋", (), "浦江路88号3幢"),
        ("浙江省杭州市 浦江路８８号－3座", ("浙江省", "杭州市"), "浦江路88号3幢"),
        ("文三路一二三#", (), "文三路123号"),
        ("三里屯路十号", (), "三里屯路10号"),
        ("长安街一百零八号", (), "长安街108号"),
    ],
)
def test_addresses_have_one_form_in_which_they_are_compared(text: str, above: tuple[str, ...], normal: str):
    assert places.normal(text, *above) == normal


def test_the_same_place_is_not_kept_twice_and_the_first_one_is_the_main_one(cast: Cast, business):
    first = actions.add_address(customer=business, text="浦江路88号3幢", by=cast.taker.party, now=MONDAY)
    with pytest.raises(actions.CannotPlace, match="already"):
        actions.add_address(customer=business, text="浦江路八十八号3栋", by=cast.taker.party, now=MONDAY)
    second = actions.add_address(
        customer=business, text="临江路1号", kind="DELIVERY", by=cast.taker.party, now=MONDAY
    )
    assert (first.is_main, second.is_main) == (True, False)

    actions.remove_address(address=first, by=cast.taker.party, now=MONDAY)

    second.refresh_from_db()
    assert second.is_main
    with pytest.raises(actions.CannotPlace, match="Say the address"):
        actions.add_address(customer=business, text=" ", by=cast.taker.party, now=MONDAY)


# ---- links, needs


@pytest.mark.rule("T000-03", "R000-17")
def test_only_an_intermediate_customer_has_customers_of_its_own(cast: Cast, business, dealer, person):
    with pytest.raises(actions.CannotLink, match="not an intermediate customer"):
        actions.link(customer=person, other=business, kind="BUYS_FROM", by=cast.taker.party, now=MONDAY)
    actions.link(customer=person, other=dealer, kind="BUYS_FROM", by=cast.taker.party, now=MONDAY)

    assert [(row.customer, row.kind) for row in parts.linked(dealer)] == [(person, "BUYS_FROM")]
    with pytest.raises(actions.CannotKeepNeed, match="not an intermediate customer"):
        a_need(business, cast, holder="门店顾客")


def test_a_customer_has_one_introducer_and_no_link_to_itself(cast: Cast, business, dealer, person):
    actions.link(customer=business, other=person, kind="INTRODUCED", by=cast.taker.party, now=MONDAY)

    with pytest.raises(actions.CannotLink, match="introduced the customer already"):
        actions.link(customer=business, other=dealer, kind="INTRODUCED", by=cast.taker.party, now=MONDAY)
    with pytest.raises(actions.CannotLink, match="other way round"):
        actions.link(customer=person, other=business, kind="INTRODUCED", by=cast.taker.party, now=MONDAY)
    with pytest.raises(actions.CannotLink, match="itself"):
        actions.link(customer=person, other=person, kind="RELATED", by=cast.taker.party, now=MONDAY)
    actions.end_link(link=Link.objects.get(), by=cast.taker.party, now=MONDAY)
    assert parts.links(business) == []


def a_need(customer: Customer, cast: Cast, **more) -> Need:
    given = {"kind": "PRESENT", "text": "小包装", "source": "VISIT", "holder": "", "strength": 4}
    return actions.add_need(customer=customer, by=cast.taker.party, now=MONDAY, **(given | more))


@pytest.mark.rule("R000-26", "T000-06")
@pytest.mark.parametrize("kind", ["PRESENT", "CONSCIOUS", "UNCONSCIOUS"])
def test_a_need_of_one_of_three_kinds_goes_to_product_development_and_its_outcome_comes_back(
    cast: Cast, dealer, kind: str
):
    need = a_need(dealer, cast, kind=kind, holder="社区居民")
    with pytest.raises(actions.CannotKeepNeed, match="sent to nobody"):
        actions.need_outcome(need=need, outcome="列入计划", by=cast.manager.party, now=MONDAY)

    actions.send_need(need=need, to="产品开发部", by=cast.taker.party, now=MONDAY + DAY)
    actions.need_outcome(
        need=need, outcome="列入下季度试制", by=cast.manager.party, now=MONDAY + 9 * DAY, closed=True
    )

    need.refresh_from_db()
    assert (need.kind, need.holder, need.sent_to, need.sent_at) == (
        kind,
        "社区居民",
        "产品开发部",
        MONDAY + DAY,
    )
    assert (need.outcome, need.state, need.closed_at) == ("列入下季度试制", "CLOSED", MONDAY + 9 * DAY)


@pytest.mark.rule("R000-26")
def test_a_need_of_no_kind_is_refused_and_a_sent_one_is_not_sent_twice(cast: Cast, dealer):
    with pytest.raises(actions.CannotKeepNeed, match="kind of need"):
        a_need(dealer, cast, kind="WISH")
    with pytest.raises(actions.CannotKeepNeed, match="1 \\(weak\\) to 5"):
        a_need(dealer, cast, strength=6)
    need = a_need(dealer, cast)
    actions.send_need(need=need, to="产品开发部", by=cast.taker.party, now=MONDAY)
    with pytest.raises(actions.CannotKeepNeed, match="sent already"):
        actions.send_need(need=need, to="产品开发部", by=cast.taker.party, now=MONDAY)


def test_a_need_that_changed_is_followed_by_the_new_one(cast: Cast, dealer):
    need = a_need(dealer, cast)

    later = actions.change_need(
        need=need,
        kind="CONSCIOUS",
        text="可降解小包装",
        source="VISIT",
        by=cast.taker.party,
        now=MONDAY + DAY,
    )

    need.refresh_from_db()
    assert (need.state, later.follows, later.state) == ("CHANGED", need, "OPEN")
    assert [row.pk for row in queries.needs(EVERYTHING)] == [later.pk, need.pk]


# ---- consents


def said(customer: Customer, cast: Cast, purpose: str, is_given: bool, **more):
    given = {"source": "ENQUIRY", "by": cast.taker.party, "now": MONDAY} | more
    return actions.agree(customer=customer, purpose=purpose, is_given=is_given, **given)


@pytest.mark.rule("R003-08")
def test_what_a_customer_refuses_binds_every_campaign_of_that_purpose(cast: Cast, person):
    assert consent.refusal(person, purpose="SERVICE") == ""
    assert "has not agreed" in consent.refusal(person, purpose="SALES")

    said(person, cast, "SALES", True)
    assert consent.refusal(person, purpose="SALES", way="PHONE") == ""
    said(person, cast, "SALES", False, way="PHONE", now=MONDAY + DAY)
    assert "refuses" in consent.refusal(person, purpose="SALES", way="PHONE")
    assert consent.refusal(person, purpose="SALES", way="MESSAGE") == ""
    said(person, cast, "SALES", False, now=MONDAY + 2 * DAY)
    assert "refuses" in consent.refusal(person, purpose="SALES", way="MESSAGE")
    assert person.consents.filter(until=None).count() == 1


@pytest.mark.rule("R003-08")
def test_do_not_contact_stops_all_that_nobody_asked_for_and_answers_still_reach(cast: Cast, person):
    actions.refuse_contact(customer=person, source="ENQUIRY", by=cast.taker.party, now=MONDAY)

    assert [bool(consent.refusal(person, purpose=one, way="PHONE")) for one in ("SALES", "CARE", "SURVEY", "SERVICE")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert {row.purpose for row in consent.refusals(person)} == {"SALES", "CARE", "SURVEY"}


@pytest.mark.rule("R003-08")
def test_a_business_is_asked_first_by_nobody_and_its_refusal_binds_too(cast: Cast, business):
    assert consent.refusal(business, purpose="SALES") == ""
    said(business, cast, "SALES", False)
    assert "refuses" in consent.refusal(business, purpose="SALES", way="VISIT")


# ---- completeness


@pytest.mark.rule("R003-15", "R003-14", "T003-06")
def test_a_file_says_what_is_missing_by_the_regulation(cast: Cast, person, business):
    assert completeness.of(person) == (None, [])  # nobody installed one
    the_regulation(cast)

    assert completeness.of(person) == (75, ["Service preferences"])
    percent, missing = completeness.gaps_of(business)
    assert (percent, [one.code for one in missing]) == (
        30,
        ["industry", "address", "licence", "owner", "finance", "preference", "history"],
    )
    learn(person, cast, "preference.way", "微信")
    assert completeness.of(person) == (100, [])


@pytest.mark.rule("R003-15")
def test_the_list_of_incomplete_files_says_the_same_as_each_file(cast: Cast, person, business):
    the_regulation(cast)
    day, units = dt.date(2026, 3, 9), [cast.south.pk]
    rows = Customer.objects.all()

    assert set(completeness.incomplete(rows, units, day)) == {person, business}
    assert set(completeness.incomplete(rows, units, day, "finance")) == {business}
    learn(person, cast, "preference.way", "微信")
    assert set(completeness.incomplete(rows, units, day)) == {business}
