from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhike.kernel.parties.models import Party
from zhike.kernel.parties.tree import plant
from zhike.ui import lists, saved
from zhike.ui.lists import counting
from zhike.ui.models import SavedView

from .cast import NOW, PEOPLE, a_request, officer, persons

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("zhike.ui.tests.urls"),
    pytest.mark.usefixtures("english"),
]


def names(address: str, user: Any = None) -> list[str]:
    listing = lists.build(a_request(address, user=user), PEOPLE, Party.objects.all(), now=NOW)
    return [row.name for row in listing.rows]


def problems(address: str) -> list[str]:
    listing = lists.build(a_request(address), PEOPLE, Party.objects.all(), now=NOW)
    return [problem.sentence for problem in listing.asked.problems]


def test_bare_address_opens_the_first_view() -> None:
    persons(2)
    officer("Zhou")

    assert names("/people/") == ["Guest 00001", "Guest 00002"]
    assert names("/people/?view=-") == ["Guest 00001", "Guest 00002", "Zhou"]


def test_conditions_narrow_together() -> None:
    persons(12)
    officer("Guest of honour")

    assert names("/people/?q=00001") == ["Guest 00001"]
    assert names("/people/?q=guest&kind=STAFF") == ["Guest of honour"]
    assert names("/people/?staff=1") == ["Guest of honour"]


def test_number_range_includes_both_ends() -> None:
    made = persons(5)
    low, high = made[1].pk, made[3].pk

    assert names(f"/people/?id_from={low}&id_to={high}") == ["Guest 00002", "Guest 00003", "Guest 00004"]


def test_date_range_is_cut_at_local_midnight_and_includes_the_last_day() -> None:
    for name, at in [
        ("A", dt.datetime(2026, 8, 31, 15, 59, 59, tzinfo=dt.UTC)),
        ("B", dt.datetime(2026, 8, 31, 16, 0, tzinfo=dt.UTC)),
        ("C", dt.datetime(2026, 9, 30, 15, 59, 59, tzinfo=dt.UTC)),
        ("D", dt.datetime(2026, 9, 30, 16, 0, tzinfo=dt.UTC)),
    ]:
        user = officer(name)
        user.last_login = at
        user.save()

    assert names("/people/?joined_from=2026-09-01&joined_to=2026-09-30") == ["B", "C"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("joined_from=2026-02-30", "Joined: “2026-02-30” is not a date such as 2026-09-30."),
        ("joined_from=2026-09-30&joined_to=2026-09-01", "Joined: 2026-09-30 comes after 2026-09-01."),
        ("id_from=abc", "Number: “abc” is not a number."),
        ("id_to=NaN", "Number: “NaN” is not a number."),
        ("kind=GHOST", "Kind: “GHOST” is not one of the choices."),
        (f"q={'x' * 201}", "Words: at most 200 characters."),
        ("q=a%00b", "Words: at most 200 characters."),
    ],
)
def test_a_condition_that_cannot_be_understood_is_said_and_not_applied(query: str, sentence: str) -> None:
    persons(1)

    assert problems(f"/people/?{query}") == [sentence]
    assert names(f"/people/?{query}") == ["Guest 00001"]


def test_full_width_digits_and_separators_are_understood() -> None:
    made = persons(1)

    assert names(f"/people/?id_to=１,０００,000&id_from={made[0].pk}") == ["Guest 00001"]


def test_sorting_turns_and_unknown_columns_fall_back() -> None:
    persons(3)

    assert names("/people/?kind=PERSON&sort=-name") == ["Guest 00003", "Guest 00002", "Guest 00001"]
    assert names("/people/?kind=PERSON&sort=password") == ["Guest 00001", "Guest 00002", "Guest 00003"]


def test_equal_rows_keep_one_order_across_pages() -> None:
    persons(60, name="Same")
    seen: list[int] = []
    for page in (1, 2, 3):
        request = a_request(f"/people/?kind=PERSON&sort=name&page={page}")
        seen += [row.pk for row in lists.build(request, PEOPLE, Party.objects.all(), now=NOW).rows]

    assert len(set(seen)) == 60


def test_pages_end_where_they_end() -> None:
    persons(41)

    assert len(names("/people/?kind=PERSON&page=3")) == 1
    assert len(names("/people/?kind=PERSON&page=99")) == 1
    assert len(names("/people/?kind=PERSON&page=-1")) == 20
    assert len(names("/people/?kind=PERSON&page=x")) == 20
    assert len(names("/people/?kind=PERSON&size=50")) == 41
    assert len(names("/people/?kind=PERSON&size=1000000")) == 20


def test_counting_stops_at_the_cap_and_exact_is_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    persons(11)
    monkeypatch.setattr(counting, "CAP", 10)

    assert counting.capped(Party.objects.filter(pk__lte=0)) == 0
    assert counting.capped(Party.objects.all()) == 11
    persons(5)
    assert counting.capped(Party.objects.all()) == 11
    assert counting.exact(Party.objects.all()) == 16


def test_counting_asks_the_database_for_the_cap_only() -> None:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        counting.capped(Party.objects.order_by("name"))

    assert "LIMIT 10001" in caught[0]["sql"]
    assert "ORDER BY" not in caught[0]["sql"]


def test_counts_of_all_tabs_come_from_one_statement() -> None:
    persons(3)
    officer()
    views = [Party.objects.filter(kind="PERSON"), Party.objects.none(), Party.objects.all()]

    with CaptureQueriesContext(connection) as caught:
        found = counting.capped_each(views)

    assert found == [3, 0, 4]
    assert len(caught) == 1


def test_halves_are_counted_one_by_one_and_the_second_only_below_the_cap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    persons(11)
    officer()
    monkeypatch.setattr(counting, "CAP", 10)
    everybody, people, staff = (
        Party.objects.all(),
        Party.objects.filter(kind="PERSON"),
        Party.objects.filter(kind="STAFF"),
    )
    few = people.filter(name__lt="Guest 00010")

    assert counting.capped(everybody, (people, staff)) == 11
    assert counting.capped(everybody, (few, staff)) == counting.exact(few) + 1 == 10
    assert counting.capped(staff, (staff, staff.none())) == 1
    assert counting.capped(staff, (staff.none(), staff)) == 1
    assert counting.capped(staff, (staff.none(), staff.none())) == 0
    assert counting.capped_each([everybody, staff], [(people, staff), (staff, staff.none())]) == [11, 1]


def test_tab_counts_are_a_part_of_their_own(client: Client) -> None:
    persons(3)
    client.force_login(officer())

    answer = client.get("/people/?part=counts", headers={"HX-Request": "true"})

    assert '<span class="zk-count" id="tab-persons" hx-swap-oob="true">3</span>' in answer.content.decode()


def test_total_is_capped_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    persons(30)
    monkeypatch.setattr(counting, "CAP", 25)
    monkeypatch.setattr("zhike.ui.words.CAP", 25)
    build = lambda address: lists.build(a_request(address), PEOPLE, Party.objects.all(), now=NOW)  # noqa: E731

    capped, exact = build("/people/?kind=PERSON"), build("/people/?kind=PERSON&count=exact")

    assert (capped.total, capped.is_capped, capped.pages) == ("10,000+", True, 2)
    assert (exact.total, exact.is_capped) == ("30", False)


def test_chips_take_their_condition_away_and_keep_the_rest() -> None:
    request = a_request("/people/?kind=PERSON&q=a&id_from=1&id_to=9&page=4&view=all")
    listing = lists.build(request, PEOPLE, Party.objects.all(), now=NOW)

    assert [(chip.label, chip.href) for chip in listing.chips] == [
        ("Words: a", "/people/?kind=PERSON&id_from=1&id_to=9&view=all"),
        ("Kind: Person", "/people/?q=a&id_from=1&id_to=9&view=all"),
        ("Number 1 to 9", "/people/?kind=PERSON&q=a&view=all"),
    ]


def test_htmx_gets_the_list_and_a_browser_the_page(client: Client) -> None:
    persons(1)
    client.force_login(officer())

    page = client.get("/people/").content.decode()
    part = client.get("/people/", headers={"HX-Request": "true", "HX-Target": "listing"}).content.decode()
    restored = client.get("/people/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert "<!DOCTYPE html>" in page
    assert "<!DOCTYPE html>" not in part
    assert 'id="listing"' in part
    assert "<!DOCTYPE html>" in restored.content.decode()


@pytest.mark.parametrize("count", [1, 3, 40])
def test_a_list_page_costs_the_same_few_queries(client: Client, count: int) -> None:
    persons(count)
    client.force_login(officer())
    client.get("/people/")

    with CaptureQueriesContext(connection) as caught:
        client.get("/people/")

    # session, user, the stamp, count, rows
    assert len(caught) == 5


def test_unit_filter_takes_everything_below() -> None:
    group = plant(name="Group", code="g")
    store = plant(name="Store", code="s", parent=group)
    plant(name="Other", code="o", parent=group)
    for name, where in [("A", group), ("B", store)]:
        Party.objects.create(kind="PERSON", name=name, unit=where)
    by_unit = lists.List(**{**vars(PEOPLE), "filters": (lists.unit("unit", "Unit"),), "views": ()})

    def found(address: str) -> list[str]:
        return [
            row.name for row in lists.build(a_request(address), by_unit, Party.objects.all(), now=NOW).rows
        ]

    assert found(f"/people/?unit={store.pk}") == ["B"]
    assert found(f"/people/?unit={group.pk}") == ["A", "B"]
    assert found("/people/?unit=999") == ["A", "B"]


# ---- what a person keeps


def test_saved_view_becomes_a_tab_for_its_owner_only() -> None:
    mine, other = officer("Zhou"), officer("Lu")
    saved.save_view(owner=mine.pk, list_name="people", name="Mine", query="?q=a&page=3", shared=False)

    tabs = lambda user: [  # noqa: E731
        tab.label for tab in lists.build(a_request(user=user), PEOPLE, Party.objects.all(), now=NOW).tabs
    ]

    assert tabs(mine) == ["Persons", "All", "Mine"]
    assert tabs(other) == ["Persons", "All"]
    assert SavedView.objects.get().query == "q=a"


def test_shared_view_is_seen_by_all_and_dropped_by_its_owner_only(client: Client) -> None:
    mine, other = officer("Zhou"), officer("Lu")
    view = saved.save_view(owner=mine.pk, list_name="people", name="Ours", query="q=a", shared=True)

    assert [kept.name for kept in saved.kept(other.pk, "people").views] == ["Ours"]
    client.force_login(other)
    client.post(f"/ui/views/{view.pk}/drop/", {"then": "/people/"})
    assert SavedView.objects.count() == 1
    client.force_login(mine)
    client.post(f"/ui/views/{view.pk}/drop/", {"then": "/people/"})
    assert SavedView.objects.count() == 0


def test_saving_under_the_same_name_replaces() -> None:
    mine = officer()
    for query in ("q=a", "q=b"):
        saved.save_view(owner=mine.pk, list_name="people", name=" My  view ", query=query, shared=False)

    assert list(SavedView.objects.values_list("name", "query")) == [("My view", "q=b")]


@pytest.mark.parametrize(("name", "sentence"), [("  ", "Give the view a name."), ("x" * 41, "at most 40")])
def test_save_view_refuses_a_bad_name_and_changes_nothing(name: str, sentence: str) -> None:
    mine = officer()

    with pytest.raises(saved.CannotSaveView, match=sentence):
        saved.save_view(owner=mine.pk, list_name="people", name=name, query="", shared=False)

    assert SavedView.objects.count() == 0


def test_a_name_of_forty_characters_is_accepted() -> None:
    view = saved.save_view(owner=officer().pk, list_name="people", name="x" * 40, query="", shared=False)

    assert view.name == "x" * 40


def test_chosen_columns_and_page_size_are_remembered() -> None:
    user = officer()
    persons(30)

    def build() -> lists.Listing:
        return lists.build(a_request("/people/?view=all", user=user), PEOPLE, Party.objects.all(), now=NOW)

    assert [column.key for column in build().columns] == ["id", "name", "kind"]
    saved.choose(owner=user.pk, list_name="people", hidden=["id", "name"], size="50")

    assert [column.key for column in build().columns] == ["name", "kind", "extra"]
    assert len(build().rows) == 31


def test_after_saving_only_addresses_of_this_house_are_followed(client: Client) -> None:
    client.force_login(officer())

    answer = client.post("/ui/columns/", {"list": "people", "then": "https://elsewhere.example/"})

    assert answer.headers["Location"] == "/"


# ---- selection


@pytest.mark.parametrize("may", [True, False])
def test_head_and_rows_have_ticks_only_for_who_may_act(client: Client, may: bool) -> None:
    persons(1)
    bulk = (lists.Bulk("hand", "Hand over", "x", "ui:columns", needs=lambda request: may),)
    spec = lists.List(**{**vars(PEOPLE), "bulk": bulk})
    request = a_request("/people/?view=all")

    page = lists.answer(request, spec, Party.objects.all(), "ui/list.html", now=NOW).content.decode()

    assert (page.count("data-pick-page"), page.count('name="pick"')) == (int(may), int(may))
    assert page.count("<th ") == page.count("<td ")


def test_selection_of_ticked_rows_stays_within_the_scope() -> None:
    made = persons(3)
    request = a_request(post={"pick": [made[0].pk, made[2].pk, "x", "9" * 5]})
    visible = Party.objects.exclude(pk=made[2].pk)

    chosen = lists.selected(request, PEOPLE, visible)

    assert (chosen.count, list(chosen.rows.values_list("pk", flat=True))) == (1, [made[0].pk])


def test_selection_of_all_means_every_matching_row_on_every_page() -> None:
    persons(45)
    officer()
    request = a_request(post={"all": "1", "query": "kind=PERSON&sort=-name", "pick": ["1"]})

    chosen = lists.selected(request, PEOPLE, Party.objects.all())

    assert (chosen.whole, chosen.count) == (True, 45)
    assert chosen.fields == (
        '<input type="hidden" name="all" value="1"><input type="hidden" name="query" value="kind=PERSON&amp;sort=-name">'
    )


def test_selection_of_all_with_a_condition_that_is_not_understood_chooses_nothing() -> None:
    persons(2)

    chosen = lists.selected(a_request(post={"all": "1", "query": "kind=GHOST"}), PEOPLE, Party.objects.all())

    assert chosen.count == 0


def test_selection_of_nothing_is_nothing() -> None:
    persons(2)

    assert lists.selected(a_request(post={}), PEOPLE, Party.objects.all()).count == 0
