import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from zhike.kernel.policy import ask as asking
from zhike.kernel.policy import inforce
from zhike.kernel.policy.ask import NoRow, ask, ask_all
from zhike.kernel.policy.models import ManualVersion, Ruling
from zhike.kernel.policy.questions import register

from .stored import AUTHORITY, NOW, PLACES, a_case, adopt, publish, units

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(_no_registered_questions):
    """A store below the enterprise that has adopted version 1."""
    for question in (AUTHORITY, PLACES):
        register(question)
    top, store = units()
    publish()
    adopt(top)
    return store


def ruled(store, case, question=AUTHORITY, **more):
    return ask(question, about=case, unit_id=store.pk, by=None, now=NOW, **more)


def test_a_ruling_says_everything_that_it_rests_on(store):
    ruling = ruled(store, a_case("2000", "POISON"))

    stored = Ruling.objects.get()
    assert stored.pk == ruling.pk
    assert (stored["handler"], stored.clause, stored.table, stored.row) == ("HEAD", "一", "权限", 2)
    assert [(row, said) for row, _text, said in stored.also] == [(3, "店长，立即")]
    assert stored.row_text == "货值：>= 起点"
    assert stored.facts == {"货值": "2000", "情形": ["POISON"], "级别": None}
    assert stored.parameters == {"起点": "2000元", "期限": "3工作日"}
    assert (stored.subject_label, stored.subject_id, stored.unit) == ("asktests.Case", 7, store)
    assert (stored.version.number, stored.asked_at, stored.by) == (1, NOW, None)


@pytest.mark.parametrize(
    ("value", "handler"), [("1999.99", "MANAGER"), ("2000", "HEAD"), ("2000.01", "HEAD")]
)
def test_both_sides_of_the_threshold(store, value, handler):
    assert ruled(store, a_case(value))["handler"] == handler


def test_a_time_is_kept_as_the_limit_that_it_grants(store):
    adopt(store, 期限="2工作日")

    assert ruled(store, a_case("1"))["limit"] == "2个工作日内"
    assert ruled(store, a_case("5000"))["limit"] == "8个工作小时内"


def test_facts_given_go_before_those_of_the_case(store):
    assert ruled(store, a_case("1"), facts={"value": Decimal(3000)})["handler"] == "HEAD"
    assert Ruling.objects.get().facts["货值"] == "3000"


def test_no_row_is_an_error_that_names_the_question_and_stores_nothing(store):
    with pytest.raises(NoRow, match=r"t\.authority"):
        ruled(store, a_case(None))

    assert Ruling.objects.count() == 0


def test_a_word_that_the_manual_does_not_have_is_a_sentence_and_no_traceback(store):
    with pytest.raises(NoRow, match="FIRE"):
        ruled(store, a_case("5", "FIRE"))

    assert Ruling.objects.count() == 0


def test_a_table_that_collects_gives_one_ruling_for_each_row(store, django_assert_num_queries):
    def all_of(value):
        return ask_all(PLACES, about=a_case(value), unit_id=store.pk, by=None, now=NOW)

    assert [ruling.row for ruling in all_of("15")] == [1]
    assert [ruling["handler"] for ruling in all_of("25")] == ["MANAGER", "HEAD"]
    assert all_of("5") == []


def test_a_case_is_ruled_by_the_version_under_which_it_began(store):
    first = ManualVersion.objects.get()
    publish(number=2, effective="2026-01-01", start=100)

    assert ruled(store, a_case("500"))["handler"] == "HEAD"
    under = inforce.answer_of_version("t.authority", first, store.pk, NOW.date())
    assert ruled(store, a_case("500"), answer=under)["handler"] == "MANAGER"
    assert [row.version.number for row in Ruling.objects.order_by("pk")] == [2, 1]


def test_a_version_that_does_not_answer_is_silent_and_no_other_one_steps_in(store):
    silent = publish(number=9, text="---\nmanual: t\ntitle: t\nversion: 9\n---\n\n# t\n")

    assert inforce.answer_of_version("t.authority", silent, store.pk, NOW.date()) is None


def test_asking_costs_one_insert_and_a_few_small_questions(store, django_assert_max_num_queries):
    ruled(store, a_case())

    with django_assert_max_num_queries(8) as asked:
        ruled(store, a_case())
    assert sum("INSERT" in each["sql"] for each in asked.captured_queries) == 1


def test_what_json_cannot_keep_is_kept_as_text():
    assert [asking._plain(each) for each in (Decimal("1.10"), dt.date(2026, 3, 9), True, None, 3)] == [
        "1.10",
        "2026-03-09",
        True,
        None,
        3,
    ]
    assert asking._plain(frozenset({"b", "a"})) == ["a", "b"]
    assert asking._plain(("b", "a")) == ["b", "a"]


# --- nothing is changed afterwards


def refused(act):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act()


def test_a_ruling_is_written_once(store):
    ruling = ruled(store, a_case())

    refused(lambda: Ruling.objects.filter(pk=ruling.pk).update(clause="二"))
    refused(lambda: Ruling.objects.all().delete())

    assert Ruling.objects.get().clause == "一"


def test_a_published_text_never_changes(store):
    rows = ManualVersion.objects.all()

    for change in ({"text": "x"}, {"digest": "x"}, {"number": 5}, {"key": "x"}, {"published_at": None}):
        refused(lambda values=change: rows.update(**values))
    refused(rows.delete)


def test_a_published_version_cannot_become_a_draft_again(store):
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualVersion.objects.update(state=ManualVersion.State.DRAFT)


def test_a_published_version_may_be_withdrawn_and_titled(store):
    ManualVersion.objects.update(state=ManualVersion.State.WITHDRAWN, title_en="Authority")

    assert ManualVersion.objects.get().state == "WITHDRAWN"


def test_a_draft_is_free_until_it_is_published():
    draft = publish(state=ManualVersion.State.DRAFT, published_at=None)

    ManualVersion.objects.filter(pk=draft.pk).update(text="x", digest="y", number=4)
    ManualVersion.objects.filter(pk=draft.pk).update(state="PUBLISHED", published_at=NOW)

    refused(lambda: ManualVersion.objects.update(text="z"))
