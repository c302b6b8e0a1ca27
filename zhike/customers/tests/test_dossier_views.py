"""Pages of the parts of a file over HTTP."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from zhike.customers import actions as customers
from zhike.customers.contacts.models import Promise
from zhike.customers.dossier import actions, parts
from zhike.customers.dossier.models import Consent, Contact, Fact, FieldDefinition, Identifier, Need
from zhike.customers.models import Customer, Interaction
from zhike.customers.tests.factories import a_customer
from zhike.customers.tests.regulation import the_regulation
from zhike.people.tests.factories import MONDAY, Cast

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def business(cast: Cast) -> Customer:
    return a_customer(
        cast.south,
        cast.taker,
        name="云泽商贸",
        phone="13800001111",
        kind="ORGANISATION",
        position="INTERMEDIATE",
    )


@pytest.fixture
def at(cast: Cast):
    """A browser signed in as one of the cast, reading English."""

    def signed_in(role: str) -> Client:
        client = Client(HTTP_ACCEPT_LANGUAGE="en")
        client.force_login(cast.users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def page(name: str, *args: object) -> str:
    return reverse(f"customers:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.rule("S000-13", "S000-14", "S000-17", "S003-10", "R002-087")
def test_the_page_joins_all_parts_of_the_file(at, cast: Cast, business):
    the_regulation(cast)
    given = {"customer": business, "by": cast.taker.party, "now": MONDAY}
    actions.add_contact(**given, name="许静安", function="FINANCE", say="DECIDES", number="13600009120")
    actions.add_identifier(**given, kind="ACCOUNT", number="6222021001114471", issuer="长禾银行")
    actions.add_address(**given, text="浦江路88号", city="杭州市")
    actions.learn(**given, field="preference.way", value="先发微信", source="SERVICE")
    actions.add_need(**given, kind="PRESENT", text="小包装", source="VISIT", holder="社区居民")
    actions.agree(**given, purpose="SALES", is_given=False, source="ENQUIRY")

    text = text_of(at("manager").get(page("beside", business.pk)))

    for part in (
        "许静安", "136****9120", "Decides", "no contact yet", "**** 4471", "长禾银行", "杭州市浦江路88号", "先发微信",
        "小包装", "社区居民", "Intermediate customer", "refuses", "Missing", "Never verified",
    ):  # fmt: skip
        assert part in text, part
    assert "13600009120" not in text
    assert "6222021001114471" not in text
    assert "style=" not in re.sub(r"<head>.*?</head>", "", text, flags=re.DOTALL)


def test_a_file_opens_with_its_head_and_brings_the_rest_in_one_request(at, cast: Cast, business):
    actions.add_contact(customer=business, name="许静安", by=cast.taker.party, now=MONDAY)
    actions.learn(
        customer=business,
        field="preference.way",
        value="先发微信",
        source="SERVICE",
        by=cast.taker.party,
        now=MONDAY,
    )
    parts = ("许静安", "先发微信", 'id="theirs"')
    manager = at("manager")

    first = text_of(manager.get(page("detail", business.pk)))
    rest = text_of(manager.get(page("beside", business.pk), **HTMX))
    whole = text_of(manager.get(page("beside", business.pk)))

    assert [part in first for part in parts] == [False] * 3
    assert first.count(f'hx-get="{page("beside", business.pk)}" hx-trigger="load"') == 1
    assert f'<noscript><a href="{page("beside", business.pk)}">' in first
    assert [part in rest for part in parts] == [part in whole for part in parts] == [True] * 3
    assert rest.count('hx-swap-oob="true"') == 2
    assert "<html" not in rest
    assert 'hx-trigger="load"' not in whole


def test_a_file_with_many_contacts_opens_with_few_statements(
    at, cast: Cast, business, django_assert_max_num_queries
):
    the_regulation(cast)
    manager = at("manager")
    manager.get(page("detail", business.pk))
    Interaction.objects.bulk_create(
        [
            Interaction(
                customer=business, unit=business.unit, way="PHONE", purpose=f"第{n}次", by=cast.taker.party,
                at=MONDAY - dt.timedelta(hours=n),
            )
            for n in range(200)
        ]
    )  # fmt: skip

    address = page("detail", business.pk)
    with django_assert_max_num_queries(20):
        opened = text_of(manager.get(address))
    with django_assert_max_num_queries(20):
        text = text_of(manager.get(address, **HTMX))

    assert f'id="history" hx-get="{address}" hx-trigger="load"' in opened
    assert "第0次" not in opened
    assert "第14次" in text
    assert "第15次" not in text
    assert ">200<" in text


def test_the_history_brings_what_is_open_once_and_a_tab_leaves_it(at, cast: Cast, business):
    """Without htmx a tab is the page with its history."""
    address = page("detail", business.pk)
    promised = {
        "customer": business,
        "unit": business.unit,
        "by": cast.taker.party,
        "keeper": cast.taker.party,
    }
    Promise.objects.create(text="送备件", at=MONDAY, due_at=MONDAY + dt.timedelta(days=1), **promised)
    manager = at("manager")

    opened = text_of(manager.get(address, **HTMX))
    tab = text_of(manager.get(f"{address}?only=contacts", **HTMX))
    plain = text_of(manager.get(f"{address}?only=promises"))
    whole = text_of(manager.get(page("beside", business.pk)))

    assert (opened.count("送备件"), opened.count('hx-swap-oob="true"')) == (2, 2)
    assert opened.count('id="open-matters"') == 1
    assert "送备件" not in tab
    assert "hx-swap-oob" not in tab
    for text in (plain, whole):
        assert text.count("送备件") == 2
        assert "hx-swap-oob" not in text
        assert text.count('id="history"') == text.count('id="open-matters"') == 1


@pytest.mark.rule("R003-09", "S003-05", "R003-08", "S003-04", "S000-21")
def test_preferences_and_refusals_stand_where_the_customer_is_served(at, cast: Cast, business):
    given = {"customer": business, "by": cast.taker.party, "now": MONDAY}
    actions.learn(**given, field="preference.avoid", value="月底不要打电话", source="SERVICE")
    actions.agree(**given, purpose="SALES", is_given=False, source="ENQUIRY")

    for name in ("beside", "drawer", "card"):
        text = text_of(at("manager").get(page(name, business.pk), **(HTMX if name == "drawer" else {})))
        assert "月底不要打电话" in text, name
        assert "refuses" in text, name


@pytest.mark.rule("T000-03", "S000-20")
def test_an_end_customer_has_no_part_for_customers_of_its_own(at, cast: Cast, business):
    shown = text_of(at("manager").get(page("beside", business.pk)))
    customers.correct(customer=business, by=cast.taker.party, now=MONDAY, position="END")
    hidden = text_of(at("manager").get(page("beside", business.pk)))

    assert 'id="theirs"' in shown
    assert 'id="theirs"' not in hidden


@pytest.mark.parametrize("more", [{}, HTMX])
def test_a_bad_number_is_said_in_the_form_and_nothing_is_kept(at, business, more):
    url = page("add_identifier", business.pk)

    wrong = at("taker").post(
        url, {"kind": "LICENCE", "number": "91350100M000100Y44", "source": "ENQUIRY"}, **more
    )
    right = at("taker").post(
        url, {"kind": "LICENCE", "number": "91350100M000100Y43", "source": "ENQUIRY"}, **more
    )

    assert wrong.status_code == 200
    assert "does not fit the others" in text_of(wrong)
    assert "91350100M000100Y44" in text_of(wrong)  # what was typed stays
    assert Identifier.objects.get().masked == "91350100M000****43"
    assert right.status_code in {200, 204, 302}


POSTS = [
    ("add_contact", {"name": "许静安", "function": "FINANCE", "say": "DECIDES", "source": "VISIT"}, Contact),
    ("learn", {"field": "trait.own", "value": "重视交期", "source": "VISIT"}, Fact),
    (
        "add_need",
        {"kind": "CONSCIOUS", "text": "小包装", "source": "VISIT", "holder": "", "strength": "3"},
        Need,
    ),
    ("agree", {"purpose": "*", "is_given": "", "way": "", "source": "ENQUIRY"}, Consent),
]


@pytest.mark.parametrize(("name", "data", "model"), POSTS)
def test_each_part_is_added_in_a_dialog_and_asked_for_first(at, business, name: str, data: dict, model):
    asked = at("taker").get(page(name, business.pk), **HTMX)
    before = model.objects.filter(customer=business).count()
    done = at("taker").post(page(name, business.pk), data)

    assert asked.status_code == 200
    assert "<form" in text_of(asked)
    assert done.status_code == 302, text_of(done)
    assert model.objects.filter(customer=business).count() > before


def test_a_contacts_number_is_shown_for_a_minute_with_a_reason(at, cast: Cast, business):
    contact = actions.add_contact(
        customer=business, name="许静安", number="13600009120", by=cast.taker.party, now=MONDAY
    )
    url = page("contact_number", business.pk, contact.pk)

    masked = at("manager").get(url, **HTMX)
    nothing = at("manager").post(url, {"reason": ""}, **HTMX)
    full = at("manager").post(url, {"reason": "对账"}, **HTMX)

    assert ["13600009120" in text_of(one) for one in (masked, nothing, full)] == [False, False, True]
    assert full["Cache-Control"] == "no-store"
    assert at("taker").post(url, {"reason": "对账"}).status_code == 403


def test_a_confidential_file_and_its_parts_do_not_exist_for_others(at, cast: Cast, business):
    contact = actions.add_contact(customer=business, name="许静安", by=cast.taker.party, now=MONDAY)
    Customer.objects.filter(pk=business.pk).update(secrecy=9)

    for url in (
        page("detail", business.pk),
        page("beside", business.pk),
        page("contact_number", business.pk, contact.pk),
        page("print_form", business.pk, "FM002-34", "html"),
        page("card_history", business.pk),
    ):
        assert at("manager").get(url).status_code == 404, url


def test_the_lists_of_the_regulation_open(at, cast: Cast, business):
    the_regulation(cast)
    other = a_customer(cast.south, cast.taker, name="祝清和", phone="13757160011", owner=cast.manager.party)

    def names(query: str) -> set[str]:
        text = text_of(at("manager").get(f"{page('list')}?{query}"))
        return {name for name in ("云泽商贸", "祝清和") if name in text}

    assert names("mine=1") == {"祝清和"}
    assert names("lacks=*") == {"云泽商贸", "祝清和"}
    assert names("lacks=finance") == {"云泽商贸"}
    assert names("no_finance=1") == {"云泽商贸"}
    assert names("key=1") == set()
    Customer.objects.filter(pk=other.pk).update(verified_on="2024-01-01")
    assert names("unverified=1") == {"祝清和"}
    assert names("q=云择商贸") == {"云泽商贸"}


def test_an_administrator_defines_a_field_and_staff_fill_it(at, cast: Cast, business):
    data = {"unit": cast.mall.pk, "code": "order_day", "name": "订货日", "name_en": "Order day", "kind": "CHOICE", "words": "周一\n周三", "only": "", "place": "0"}  # fmt: skip
    assert at("administrator").post(page("define"), data).status_code == 302
    row = FieldDefinition.objects.get()
    assert at("manager").get(page("definitions")).status_code == 403

    wrong = at("taker").post(page("own_field", business.pk, row.pk), {"value": "周日", "source": "ENQUIRY"})
    right = at("taker").post(page("own_field", business.pk, row.pk), {"value": "周三", "source": "ENQUIRY"})

    assert (wrong.status_code, right.status_code) == (200, 302)
    business.refresh_from_db()
    assert business.more == {"order_day": "周三"}
    text = text_of(at("manager").get(page("detail", business.pk)))
    assert "Order day" in text
    assert "周三" in text


@pytest.mark.rule("P003-05")
def test_the_page_of_quality_opens_into_lists(at, cast: Cast, business):
    the_regulation(cast)

    text = text_of(at("manager").get(page("quality")))

    assert "lacks=finance" in text
    assert "known=" in text
    assert "信息管理员" in text


@pytest.mark.rule("R002-093")
def test_the_history_of_a_card_shows_each_change_with_source_and_person(at, cast: Cast, business):
    customers.correct(
        customer=business, by=cast.manager.party, now=MONDAY, name="云泽商贸有限公司", learned_from="SURVEY"
    )

    text = text_of(at("manager").get(f"{page('card_history', business.pk)}?field=name"))

    assert "云泽商贸有限公司" in text
    assert "Questionnaire" in text
    assert cast.manager.party.name in text
    assert [row.value for row in parts.facts(business) if row.field == "name"] == ["云泽商贸有限公司"]
    assert set(Fact.objects.filter(field="name").values_list("source", flat=True)) == {"OTHER", "SURVEY"}


@pytest.mark.rule("F003-14")
def test_a_member_is_registered_at_the_counter(at, cast: Cast):
    data = {"name": "祝清和", "phone": "13757160011", "unit": cast.south.pk, "agrees": "on", "care": "on"}

    assert at("taker").post(page("register_member"), data | {"agrees": ""}).status_code == 200
    assert not Customer.objects.exists()
    assert at("taker").post(page("register_member"), data).status_code == 302
    assert Customer.objects.get().identifiers.get().kind == "MEMBER"


@pytest.mark.parametrize("kind", ["html", "pdf", "docx", "xlsx"])
def test_a_form_is_shown_and_given_as_a_file(at, business, kind: str):
    response = at("manager").get(page("print_form", business.pk, "FM002-34", kind))

    assert response.status_code == 200
    assert at("manager").get(page("print_form", business.pk, "F999", kind)).status_code == 404
