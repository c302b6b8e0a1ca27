from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import resolve
from django.utils import translation

from zhike.kernel.duties.models import Duty
from zhike.ui import menu

from .cast import NOW, a_request, officer

pytestmark = [pytest.mark.urls("zhike.ui.tests.urls"), pytest.mark.usefixtures("english")]


class Somebody:
    is_authenticated = True
    pk = 3

    def __str__(self) -> str:
        return "Zhou"


def test_rail_shows_what_exists_and_what_the_person_may_see() -> None:
    menu.register(menu.Entry("b", "Columns", "x", "ui:columns", "service", 20))
    menu.register(menu.Entry("a", "Theme", "x", "ui:theme", "service", 10))
    menu.register(menu.Entry("c", "Not mounted", "x", "nowhere:at_all"))
    menu.register(menu.Entry("d", "Not allowed", "x", "ui:theme", needs=lambda request: False))

    groups = menu.shown(a_request(user=Somebody()))

    assert [(str(group.label), [line.label for line in group.lines]) for group in groups] == [
        ("Service", ["Theme", "Columns"])
    ]


def test_counts_come_from_entries_or_from_one_provider_and_zero_is_not_shown() -> None:
    menu.register(
        menu.Entry("a", "A", "x", "ui:theme", order=1, count=lambda request: menu.Count(3, late=True))
    )
    menu.register(menu.Entry("b", "B", "x", "ui:columns", order=2))
    menu.register(menu.Entry("c", "C", "x", "ui:save_view", order=3))
    menu.register_counts(lambda request: {"b": 7, "c": 0})

    lines = menu.shown(a_request(user=Somebody()))[0].lines

    assert [line.count for line in lines] == [menu.Count(3, late=True), menu.Count(7), None]


def test_a_rail_is_drawn_anew_for_another_number_and_another_language() -> None:
    number = {"a": 1}
    menu.register(menu.Entry("a", "<A>", "x", "ui:theme", keys="a"))
    menu.register_counts(lambda request: dict(number))

    def drawn() -> str:
        return render("{% rail_lines groups %}", groups=menu.shown(a_request(user=Somebody())))

    first = drawn()
    number["a"] = 2
    with translation.override("zh-hans"):
        second = drawn()

    assert 'data-go="a"' in first
    assert "&lt;A&gt;" in first
    assert '<span class="zk-count">1</span>' in first
    assert '<span class="zk-count">2</span>' in second


def test_nothing_is_counted_for_nobody() -> None:
    menu.register_counter("unread", lambda request: 6)

    assert (menu.count(a_request(), "unread"), menu.count(a_request(user=Somebody()), "unread")) == (0, 6)


def test_the_longest_address_is_the_current_entry() -> None:
    menu.register(menu.Entry("a", "A", "x", "ui:save_view"))
    request = a_request("/ui/views/3/drop/", user=Somebody())

    assert menu.shown(request)[0].lines[0].current


def test_a_page_may_belong_to_an_entry_of_another_address() -> None:
    menu.register(menu.Entry("a", "A", "x", "ui:theme", order=1))
    menu.register(menu.Entry("b", "B", "x", "ui:columns", order=2, below=("ui:save_view",)))

    lines = menu.shown(a_request("/ui/views/3/drop/", user=Somebody()))[0].lines

    assert [line.key for line in lines if line.current] == ["b"]


def test_a_page_whose_address_has_a_number_belongs_to_its_entry() -> None:
    menu.register(menu.Entry("a", "A", "x", "ui:save_view", order=1))
    menu.register(menu.Entry("b", "B", "x", "ui:columns", order=2, below=("ui:drop_view",)))
    request = a_request("/ui/views/3/drop/", user=Somebody())
    request.resolver_match = resolve("/ui/views/3/drop/")

    assert [line.key for line in menu.shown(request)[0].lines if line.current] == ["b"]


def test_an_unknown_group_is_an_error_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="no group 'nowhere'"):
        menu.register(menu.Entry("a", "A", "x", "ui:theme", "nowhere"))


def render(source: str, **values: object) -> str:
    return Template(source).render(Context({"now": NOW, **values}))


def test_duty_badge_reads_a_duty() -> None:
    open_duty = Duty(state="OPEN", due_at=NOW, title="Reply")
    waived = Duty(state="WAIVED", due_at=NOW, reason="Withdrawn")

    assert "under 1 min left" in render("{% duty_badge duty %}", duty=open_duty)
    assert "<span>waived</span>" in render("{% duty_badge duty %}", duty=waived)


def test_entry_keeps_the_parts_inside_it_and_escapes_texts() -> None:
    html = render(
        '{% entry kind="note" who=who at=now %}{{ text }} {% tag "x" %}{% endentry %}',
        who="何静姝",
        text="<b>hi</b>",
    )

    assert "&lt;b&gt;hi&lt;/b&gt;" in html
    assert '<span class="zk-tag">x</span>' in html


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nowhere/", "/people/9/"])
def test_error_pages_stand_without_a_signed_in_person(client: Client, address: str) -> None:
    answer = client.get(address, headers={"accept-language": "en"})

    assert answer.status_code == 404
    assert "This page does not exist, or not for you" in answer.content.decode()


def test_the_rail_names_the_person() -> None:
    assert menu.person(a_request(user=Somebody())) == menu.Person("Zhou", tint=3)
    assert menu.person(a_request()) is None


@pytest.mark.django_db
def test_a_page_without_rail_asks_nothing_of_the_database(
    client: Client, django_assert_num_queries: object
) -> None:
    officer()
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/nowhere/")
