import datetime as dt
import random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from zhike.kernel.parties import tree
from zhike.kernel.parties.held import holding
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import EVERYTHING, NOTHING, Scope
from zhike.kernel.parties.tree import plant
from zhike.kernel.search import engines, grams, index
from zhike.kernel.search.models import Document

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(db) -> Unit:
    return plant(name="一号店", code="store-1")


@pytest.fixture
def put(store):
    """Put a document of an invented kind."""

    def put(number: int, title: str, body: str = "", **more) -> None:
        item = {
            "label": "complaints.Complaint",
            "unit_id": store.pk,
            "secrecy": 0,
            "at": MONDAY + number * MINUTE,
        }
        index.put_many([index.Item(subject_id=number, title=title, body=body, **{**item, **more})])

    return put


def found(words: str, scope: Scope = EVERYTHING, **more) -> list[int]:
    return [hit.subject_id for hit in index.find(scope, words, **more)]


def test_a_subject_is_found_by_any_part_of_its_number_title_and_body(store):
    person = Party.objects.create(kind=Party.Kind.PERSON, name="李雷", unit=store)

    index.put(
        subject=person,
        title="李雷投诉酸奶过期",
        body="顾客\n购买3件",
        unit_id=store.pk,
        secrecy=0,
        at=MONDAY,
        number="TS-202611-0001",
    )

    (hit,) = index.find(EVERYTHING, "酸奶")
    assert (hit.label, hit.subject_id, hit.number) == ("parties.Party", person.pk, "TS-202611-0001")
    assert (hit.title, hit.excerpt, hit.unit_id) == ("李雷投诉酸奶过期", "顾客 购买3件", store.pk)
    assert (hit.at, hit.url) == (MONDAY, "")
    for words in (
        "李雷",
        "奶过期",
        "顾客",
        "买3",
        "TS-2026",
        "ts-2026",
        "202611-0001",
        "11-00",
        "购买 李",
        "ＴＳ－２０",
    ):
        assert found(words) == [person.pk], words
    for words in ("奶酸", "客购", "0002", "期顾", "1李", "李雷 韩梅", ""):
        assert found(words) == [], words


def test_a_single_character_is_found_wherever_it_stands(put):
    put(1, "鲲鹏")
    put(2, "北冥有鲲")
    put(3, "北冥有鱼")

    assert found("鲲") == [2, 1]
    assert found("鱼") == [3]
    assert found("鸟") == []


def test_pairs_that_stand_apart_are_no_match(put):
    put(1, "酸奶与奶粉过期")
    put(2, "酸奶粉过期")

    assert found("酸奶粉") == [2]
    assert found("奶粉 酸奶") == [2, 1]


@pytest.mark.parametrize(
    "word", ["a%b", "a_b", "'; DROP", '"x" OR', "NEAR(", "a*b", "-2026", "\\", "()", "& |", "''"]
)
def test_signs_of_query_languages_are_only_text(put, word):
    put(1, "axb zzz 2026")
    put(2, f"前{word.replace(' ', '')}后" if len(word.split()) == 1 else word)

    assert found(word) == [2]


def test_newest_come_first_whatever_the_order_of_putting(put):
    for number in (3, 1, 5, 2, 4):
        put(number, "酸奶")

    assert found("酸奶") == [5, 4, 3, 2, 1]
    assert found("酸奶", limit=2) == [5, 4]


def test_scope_cuts_by_unit_and_secrecy_and_labels_by_kind(put, store):
    other = plant(name="二号店", code="store-2")
    put(1, "酸奶")
    put(2, "酸奶", unit_id=other.pk)
    put(3, "酸奶", secrecy=2)
    put(4, "酸奶", label="customers.Customer")

    assert found("酸奶") == [4, 3, 2, 1]
    assert found("酸奶", Scope(None, frozenset({store.pk}), 1)) == [4, 1]
    assert found("酸奶", Scope(None, frozenset({store.pk}), 2)) == [4, 3, 1]
    assert found("酸奶", Scope(None, frozenset({other.pk, store.pk}), 0)) == [4, 2, 1]
    assert found("酸奶", Scope(None, None, 1)) == [4, 2, 1]
    assert found("酸奶", NOTHING) == []
    assert found("酸奶", labels=["customers.Customer"]) == [4]
    assert found("酸奶", labels=[]) == []


def test_a_scope_of_very_many_units_is_cut_as_well(put, store):
    put(1, "酸奶")
    put(2, "酸奶", unit_id=plant(name="二号店", code="store-2").pk)
    many = frozenset({store.pk, *range(10**6, 10**6 + engines.MOST_UNITS)})

    assert found("酸奶", Scope(None, many)) == [1]


def test_putting_again_replaces_text_unit_and_moment(put, store):
    other = plant(name="二号店", code="store-2")
    put(1, "酸奶过期")
    put(2, "面包")

    put(1, "牛奶变质", unit_id=other.pk, at=MONDAY + 9 * MINUTE)

    assert (found("酸奶"), found("过期"), found("牛奶")) == ([], [], [1])
    assert found("牛奶", Scope(None, frozenset({store.pk}))) == []
    assert found("牛奶", Scope(None, frozenset({other.pk}))) == [1]
    put(2, "牛奶面包")
    assert found("牛奶") == [1, 2]
    assert Document.objects.count() == 2


def test_putting_the_same_again_writes_nothing(put, django_assert_max_num_queries):
    put(1, "酸奶过期")

    with django_assert_max_num_queries(1):
        put(1, "酸奶过期")

    assert found("酸奶") == [1]


def test_a_put_costs_at_most_three_queries(put, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        put(1, "酸奶过期")


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_of_two_who_put_one_subject_at_once_the_later_wins_and_neither_fails(put, monkeypatch):
    put(1, "酸奶")
    monkeypatch.setattr(index, "_taken", lambda rows: [])  # what a reader sees before the other one commits

    put(1, "牛奶")

    assert (found("酸奶"), found("牛奶"), Document.objects.count()) == ([], [1], 1)


def test_new_changed_and_unchanged_subjects_in_one_batch(store):
    def item(number: int, title: str) -> index.Item:
        return index.Item("a.B", number, title, "", store.pk, 0, MONDAY + number * MINUTE)

    index.put_many([item(1, "酸奶"), item(2, "酸奶")])

    written = index.put_many(
        [item(1, "酸奶"), item(2, "面包"), item(3, "酸奶"), item(4, "酸奶"), item(4, "米")]
    )

    assert written == 3
    assert (found("酸奶"), found("面包"), found("米")) == ([3, 1], [2], [4])


def test_dropping_forgets_a_subject(store):
    person = Party.objects.create(kind=Party.Kind.PERSON, name="李雷", unit=store)
    index.put(subject=person, title="酸奶", body="", unit_id=store.pk, secrecy=0, at=MONDAY)

    index.drop(person)
    index.drop(person)

    assert (found("酸奶"), Document.objects.count()) == ([], 0)


def test_subjects_that_ask_for_the_same_id_both_stand(put):
    far = 1 + 2**24  # the low 30 bits hold 24 bits of the subject
    put(1, "酸奶", at=MONDAY)
    put(far, "酸奶", at=MONDAY)
    put(1, "酸奶过期", at=MONDAY)

    assert sorted(found("酸奶")) == [1, far]
    assert found("过期") == [1]


def test_a_fresh_subject_is_put_without_looking_and_takes_the_next_id_when_its_own_is_taken(store, put):
    person = Party.objects.create(kind=Party.Kind.PERSON, name="李雷", unit=store)
    item = index.Item("parties.Party", person.pk, "李雷", "", store.pk, 0, MONDAY)
    other = index.Item("complaints.Complaint", 7, "酸奶", "", store.pk, 0, MONDAY)
    engines.add(index.stored(other)._replace(id=index.document_id(item)))

    with CaptureQueriesContext(connection) as caught:
        index.put(
            subject=person, title="李雷", body="酸奶", unit_id=store.pk, secrecy=0, at=MONDAY, fresh=True
        )

    assert not [query for query in caught if query["sql"].startswith("SELECT")]
    assert sorted(found("酸奶")) == sorted([person.pk, 7])
    assert set(Document.objects.values_list("id", flat=True)) == {
        index.document_id(item),
        index.document_id(item) + 1,
    }
    index.put(subject=person, title="韩梅", body="", unit_id=store.pk, secrecy=0, at=MONDAY)
    assert (found("李雷"), found("韩梅")) == ([], [person.pk])


def test_a_document_rolled_back_is_not_found(put):
    def fail() -> None:
        with transaction.atomic():
            put(1, "酸奶")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert found("酸奶") == []


def test_matching_filters_a_list_of_subjects(store):
    people = [
        Party.objects.create(kind=Party.Kind.PERSON, name=name, unit=store)
        for name in ("李雷", "韩梅", "李明")
    ]
    for person in people:
        index.put(subject=person, title=person.name, body="", unit_id=store.pk, secrecy=0, at=MONDAY)

    def names(words):
        chosen = Party.objects.filter(pk__in=index.matching(words, "parties.Party")).order_by("pk")
        return [person.name for person in chosen]

    assert names("李") == ["李雷", "李明"]
    assert names("李明") == ["李明"]
    assert names("韩 梅") == ["韩梅"]
    assert names("韩 李") == []
    assert names("") == []
    assert list(index.matching("李雷", "customers.Customer")) == []


def test_a_text_of_100_000_characters_is_found_by_its_end(put):
    rng = random.Random(1)
    text = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(99_990))

    put(1, "长", text + "鲲鹏展翅")

    assert found("鲲鹏展翅") == [1]
    assert found(text[50_000:50_009]) == [1]


def test_a_nul_character_is_dropped(put):
    put(1, "酸\0奶", "过\0期")

    assert found("酸奶 过\0期") == [1]
    assert Document.objects.get().title == "酸奶"


@pytest.mark.parametrize("seed", range(3))
def test_answers_are_those_of_a_plain_scan(store, seed):
    rng = random.Random(seed)
    signs = "过期酸奶张三AbＡ12-。 鲲"
    texts = {number: "".join(rng.choices(signs, k=rng.randint(0, 12))) for number in range(1, 200)}
    items = [
        index.Item("a.B", number, text, text[::-1], store.pk, 0, MONDAY + number * MINUTE)
        for number, text in texts.items()
    ]
    assert index.put_many(items) == 199
    assert index.put_many(items) == 0

    for _ in range(150):
        typed = " ".join("".join(rng.choices(signs, k=rng.randint(1, 4))) for _ in range(rng.randint(1, 2)))
        wanted = grams.words(typed)
        expected = [
            number
            for number, text in reversed(texts.items())
            if wanted
            and all(word in grams.folded(text) or word in grams.folded(text[::-1]) for word in wanted)
        ]
        assert found(typed, limit=500) == expected, typed
        assert sorted(index.matching(typed, "a.B")) == sorted(expected), typed


def test_the_index_can_be_made_again(put):
    put(1, "酸奶")
    put(2, "面包")
    engines.clear()
    if connection.vendor == "postgresql":
        Document.objects.update(grams="")
    assert found("酸奶") == []

    assert index.rebuild() == 2

    assert (found("酸奶"), found("面包")) == ([1], [2])


def test_documents_that_come_in_together_have_the_tokens_that_each_alone_would_have(store):
    """On PostgreSQL they come as a binary COPY; `rebuild` writes the tokens as text."""
    texts = ["酸奶 2026", "é𠮷 it's \\ : * % 'q'", "Ａbc-_def"]
    index.put_many(
        index.Item(
            "a.B", number, text, f"正文{number}", store.pk, 0, MONDAY + number * MINUTE, f"KH-{number:06}"
        )
        for number, text in enumerate(texts)
    )
    together = list(Document.objects.order_by("id").values_list("id", "grams"))
    if connection.vendor == "postgresql":
        assert all(tokens for _id, tokens in together)

    index.rebuild()

    assert list(Document.objects.order_by("id").values_list("id", "grams")) == together
    assert [found(word) for word in ("𠮷 it's", "abc-_", "000001")] == [[1], [2], [1]]


@pytest.mark.parametrize(
    ("body", "word", "shown"),
    [
        ("短的正文", "正文", "短的正文"),
        ("甲" * 100 + "酸奶" + "乙" * 100, "酸奶", "…" + "甲" * 20 + "酸奶" + "乙" * 38 + "…"),
        ("甲" * 100, "没有", "甲" * 60 + "…"),
        ("多\n行\t文", "文", "多 行 文"),
        ("", "x", ""),
    ],
)
def test_the_excerpt_shows_the_place_of_the_word(body, word, shown):
    assert index.excerpt(body, [word]) == shown


@pytest.mark.parametrize("window", [1, 2, 4, 5])
@pytest.mark.parametrize("few", [0, 4, 5, 1000])
def test_few_and_many_matches_give_the_same_answers(put, monkeypatch, few, window):
    monkeypatch.setattr(engines, "FEW", few)
    monkeypatch.setattr(engines, "WINDOW", window)
    for number in range(1, 6):
        put(number, "酸奶")

    assert (found("酸奶"), found("酸奶", limit=2), found("面包")) == ([5, 4, 3, 2, 1], [5, 4], [])


def test_a_very_common_word_is_read_from_the_newest_down_without_sorting(store):
    items = [
        index.Item("a.B", number, f"顾客投诉第{number}件", "", store.pk, 0, MONDAY + number * MINUTE)
        for number in range(1, 3001)
    ]
    index.put_many(items)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_document")

    with holding():
        tree.rows()  # a page has read the units by then
        with CaptureQueriesContext(connection) as queries:
            assert found("顾客", Scope(None, frozenset({store.pk})), limit=2) == [3000, 2999]

    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {queries[-1]['sql']}".replace("%", "%%"))
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert len(queries) == (1 if connection.vendor == "sqlite" else 2)
    assert ("Sort" in plan, "TEMP B-TREE" in plan) == (False, False)
