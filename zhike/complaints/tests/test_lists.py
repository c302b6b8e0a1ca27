"""The register of complaints: views, filters, search, export, many at once; main pages in both languages."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhike.complaints import access, actions, queries
from zhike.complaints.models import Complaint
from zhike.customers.tests.factories import a_customer
from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.procedures.models import HandOver
from zhike.people.models import PostPower
from zhike.ui import words
from zhike.ui.lists import counting, walking
from zhike.ui.models import ListChoice

from .factories import a_complaint, a_fault, at, browser, worked

pytestmark = pytest.mark.django_db


def shown(client, query, now=at(9, 10)):
    with clock.at(now):
        page = client.get(f"{reverse('complaints:list')}?{query}")
    assert page.status_code == 200
    return set(re.findall(r"\bTS-\d{6}-\d{4}\b", page.content.decode()))


@pytest.fixture
def manager(people):
    return browser(people.manager)


@pytest.fixture
def register(people):
    """Open, closed, void, and one of the sister store."""
    rows = {name: a_complaint(people, **given) for name, given in {
        "open": {"text": "酸奶变质", "value": Decimal("499.99"), "item": "EXPIRED"},
        "closed": {"text": "收银多收了钱", "value": Decimal(500), "item": "CASHIER", "channel": "PHONE"},
        "void": {"text": "登记错了"},
        "north": {"text": "酸奶也变质", "unit": people.north},
    }.items()}  # fmt: skip
    worked(rows["closed"], now=at(9, 11))
    actions.void(complaint=rows["void"], by=people.manager.party, now=at(9, 12), reason="登记两次")
    return rows


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=open", ["open"]),
        ("state=closed", ["closed"]),
        ("state=void", ["void"]),
        ("state=valid", ["open", "closed"]),
        ("sort=-opened", ["open", "closed", "void"]),
        ("item=EXPIRED", ["open"]),
        ("item=-", ["void"]),
        ("handler=SERVICE_MANAGER", ["closed"]),
        ("channel=PHONE", ["closed"]),
        ("value_from=500", ["closed"]),
        ("value_to=499.99", ["open"]),
        ("value_from=499.99&value_to=499.99", ["open"]),
        ("unpriced=1", ["void"]),
        ("opened_from=2026-03-09&opened_to=2026-03-09", ["open", "closed", "void"]),
        ("opened_from=2026-03-10", []),
        ("closed_from=2026-03-09&state=closed", ["closed"]),
        ("q=酸奶", ["open"]),
        ("q=多收", ["closed"]),
        ("q=没有这样的", []),
        ("mine=1", ["closed"]),
    ],
)
def test_a_condition_narrows_the_list_to_its_rows(register, manager, query, names):
    assert shown(manager, query) == {register[name].number for name in names}


def test_a_number_is_found_as_it_stands_and_a_customer_by_the_first_words_of_the_name(people, manager):
    one = a_complaint(people, customer=a_customer(people.south, people.taker, "江牧原"))
    a_complaint(people)

    assert shown(manager, f"q={one.number.lower()}") == {one.number}
    assert shown(manager, "q=江牧") == {one.number}
    assert shown(manager, "q=牧原") == set()


def test_late_begins_after_the_due_moment(people, manager):
    complaint = a_complaint(people)

    assert shown(manager, "state=late", at(9, 10, 30)) == set()
    assert shown(manager, "state=late", at(9, 10, 31)) == {complaint.number}


def test_due_within_a_day_counts_from_now_to_now_tomorrow(people, manager):
    complaint = a_complaint(people)
    Complaint.objects.update(due_at=at(10, 10))

    assert shown(manager, "today=1", at(9, 10)) == set()
    assert shown(manager, "today=1", at(9, 10, 1)) == {complaint.number}
    assert shown(manager, "today=1", at(10, 10, 1)) == set()


def test_mine_are_those_that_i_handle(people):
    complaint = a_complaint(people)
    a_complaint(people, value=Decimal(600))

    assert shown(browser(people.supervisor), "mine=1") == {complaint.number}


def test_each_sees_the_own_stores_only(register, people):
    assert shown(browser(people.stranger), "sort=-opened") == {register["north"].number}
    assert len(shown(browser(people.general_manager), "sort=-opened")) == 4


@pytest.mark.parametrize(
    "query",
    ["value_from=abc", "opened_from=2026-02-30", "item=NOPE", "sort=nonsense", "page=x", "accused=1e9"],
)
def test_a_condition_that_cannot_be_understood_breaks_nothing(register, manager, query):
    page = manager.get(f"{reverse('complaints:list')}?{query}")

    assert page.status_code == 200


def test_the_export_carries_the_rows_and_is_recorded(register, people, manager):
    answer = manager.get(reverse("complaints:list") + "?state=open&export=csv")

    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    table = content.decode("utf-8-sig")
    assert register["open"].number in table
    assert "499.99" in table
    assert register["north"].number not in table
    row = Entry.objects.get(code="complaints.exported")
    assert (row.by, row.after["format"], row.after["rows"]) == (people.manager.party, "csv", 1)


def test_without_the_power_nothing_is_exported(register, people, manager):
    PostPower.objects.filter(power__code="data.export").delete()

    answer = manager.get(reverse("complaints:list") + "?state=open&export=csv")

    assert answer.get("Content-Disposition") is None
    assert not Entry.objects.filter(code="complaints.exported").exists()


def test_several_are_handed_over_at_once_and_the_others_stay(people, manager):
    chosen, other = a_complaint(people), a_complaint(people)
    address = reverse("complaints:bulk_hand_over") + "?state=open"

    form = manager.post(address, {"pick": [chosen.pk]})
    done = manager.post(
        address,
        {"pick": [chosen.pk], "to": people.specialist.pk, "reason": "休假"},
    )

    assert (form.status_code, done.status_code) == (200, 302)
    assert list(Complaint.objects.filter(handler=people.specialist.party)) == [chosen]
    assert HandOver.objects.count() == 1
    assert Complaint.objects.get(pk=other.pk).handler == people.supervisor.party


def test_all_matching_rows_are_handed_over_without_naming_them(people, manager):
    for item in ("PRICE", "PRICE", "QUALITY"):
        a_complaint(people, item=item)
    address = reverse("complaints:bulk_hand_over")

    manager.post(address, {"all": "1", "query": "item=PRICE", "to": people.specialist.pk, "reason": "休假"})

    assert set(Complaint.objects.filter(handler=people.specialist.party).values_list("item", flat=True)) == {
        "PRICE"
    }
    assert HandOver.objects.count() == 2


# ---- both languages

PAGES = {
    "complaints:list": ("投诉", "Complaints"),
    "complaints:new": ("登记投诉", "Register a complaint"),
    "complaints:report": ("投诉统计", "Complaint report"),
    "complaints:penalties": ("处分", "Penalties"),
}


@pytest.mark.parametrize(("language", "place"), [("zh-hans", 0), ("en", 1)])
@pytest.mark.parametrize("name", PAGES)
def test_main_pages_speak_both_languages(people, name, language, place):
    a_fault(people, offence="IGNORED", complaint=a_complaint(people, item="EXPIRED"))

    page = browser(people.manager, language).get(reverse(name))

    assert page.status_code == 200
    assert PAGES[name][place] in page.content.decode()
    assert f'lang="{language}' in page.content.decode().lower().replace("zh-cn", "zh-hans")


# clauses, titles of manuals, the sign of the product, the switch to Chinese, what customers and staff wrote
OWN_WORDS = re.compile(r"[一二三四五六七]\(.\)\d?|总则|.*《.*》.*|知|中|切换为中文|监控|买到过期酸奶.*")


@pytest.mark.parametrize("name", PAGES)
def test_english_pages_show_chinese_only_where_people_and_manuals_speak(people, name):
    """The frame is English throughout: what is left of Chinese are names of persons, stores and the manual."""
    page = browser(people.manager, "en").get(reverse(name)).content.decode()

    body = re.sub(r"<script.*?</script>|<!--.*?-->", "", page, flags=re.S)
    names = {row.party.name for row in people.users.values()} | {row.name for row in people.units.values()}
    words = {word.strip() for word in re.findall(r">([^<>]*[\u4e00-\u9fff][^<>]*)<", body)}
    left = {word for word in words if not any(name.startswith(word) or name in word for name in names)}
    assert {word for word in left if not OWN_WORDS.fullmatch(word)} == set()


@pytest.mark.parametrize(
    "query", ["sort=-opened", "sort=opened", "state=closed&sort=-closed", "state=open&sort=due", "sort=item"]
)
def test_a_list_of_which_only_the_beginning_is_counted_has_the_same_rows_in_the_same_order(
    manager, register, monkeypatch, query
):
    def numbers():
        with clock.at(at(9, 10)):
            page = manager.get(f"{reverse('complaints:list')}?{query}").content.decode()
        return re.findall(r"\bTS-\d{6}-\d{4}\b(?=</a>)", page)

    whole = numbers()
    for module in (words, counting):
        monkeypatch.setattr(module, "CAP", 0)

    assert whole
    assert numbers()[:1] == whole[:1]
    monkeypatch.setattr(words, "CAP", len(whole) - 1)
    assert numbers() == whole


def test_the_newest_of_many_are_read_along_their_order(people, register):
    rows = queries.complaints(access.scope(people.manager)).order_by("-opened_at", "-pk")
    with CaptureQueriesContext(connection) as caught:
        few, many = (walking.page(rows, 0, 20, many=many) for many in (False, True))
        closed = walking.page(rows.filter(closed_at=None).order_by("due_at", "pk"), 0, 20, many=True)
        unsorted = walking.page(rows.order_by("item", "pk"), 0, 20, many=True)

    assert few == many
    assert sorted(row.pk for row in unsorted) == sorted(row.pk for row in few)
    assert [row.pk for row in closed] == [register["open"].pk]
    marked = ["+(" in query["sql"] for query in caught]
    assert marked == ([False, True, True, False] if connection.vendor == "sqlite" else [False] * 4)


def test_a_list_with_every_column_asks_as_often_for_three_rows_as_for_one(people, manager):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert shown(manager, "state=open")
        return len(found)

    ListChoice.objects.create(owner=people.manager.party, list_name="complaints", hidden=[])
    a_complaint(people)
    asked()  # keeps what is read once
    one = asked()
    a_complaint(people, item="EXPIRED")
    a_complaint(people, item="CASHIER")

    assert (one, asked()) == (7, 7)


def test_the_page_of_a_case_asks_as_often_for_a_long_talk_as_for_none(people, manager):
    complaint = a_complaint(people, item="EXPIRED")
    page = reverse("complaints:detail", args=[complaint.pk])

    def asked():
        with CaptureQueriesContext(connection) as found, clock.at(at(9, 12)):
            html = manager.get(page).content.decode()
        return len(found), html

    asked()  # keeps what is read once
    none, _html = asked()
    for minute in range(5):
        actions.reply(
            complaint=complaint, text=f"<b>{minute}", by=people.store_manager.party, now=at(9, 10, minute)
        )
        actions.note(
            complaint=complaint, text="第一行\n第二行", by=people.store_manager.party, now=at(9, 11, minute)
        )

    many, html = asked()

    assert (none <= 20, many) == (True, none)
    assert html.count("&lt;b&gt;") == 5
    assert html.count("第一行<br>第二行") == 5
