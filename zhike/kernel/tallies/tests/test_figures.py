import datetime as dt
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.apps import apps

from zhike.kernel.audit import trail
from zhike.kernel.audit.models import Entry
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import EVERYTHING, NOTHING, Scope
from zhike.kernel.parties.tree import plant
from zhike.kernel.tallies import figures
from zhike.kernel.tallies.figures import Breakdown, Figure, Measure, Part, Question, Ratio
from zhike.kernel.tallies.periods import Kind, Period

NOVEMBER = Period.around(Kind.MONTH, dt.date(2026, 11, 5), "Asia/Shanghai")
FIRST_MOMENT = dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def entries(question: Question):
    return question.rows(Entry.objects.all(), moment="at", secrecy="secrecy")


def address(question: Question) -> str:
    return "/entries/?" + urlencode(question.period.params)


def by_code(question: Question) -> list[Part]:
    return figures.counted(
        entries(question), "code", label=str.upper, url=lambda key: f"{address(question)}&code={key}"
    )


WRITTEN = Figure(
    "trail.written",
    "Entries",
    Measure.COUNT,
    address,
    "P001-16",
    rows=entries,
    breakdowns=(Breakdown("code", "Code", by_code),),
    more_is_good=False,
)


@pytest.fixture
def store(db) -> Unit:
    return plant(name="一号店", code="store-1")


@pytest.fixture
def write(store):
    person = Party.objects.create(kind=Party.Kind.STAFF, name="王敏", unit=store)

    def write(at: dt.datetime, code: str = "people.a", unit: Unit = store) -> None:
        trail.record(code, subject=person, by=None, at=at, unit_id=unit.pk)

    return write


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(figures, "_figures", {})


def test_a_figure_counts_its_rows_compares_and_opens_into_them(write):
    for at in (FIRST_MOMENT - SECOND, FIRST_MOMENT, FIRST_MOMENT + SECOND):
        write(at)

    reading = figures.read(WRITTEN, Question(EVERYTHING, NOVEMBER))

    assert (reading.number, reading.previous, reading.change) == (2, 1, Decimal(1))
    assert reading.url == "/entries/?from=2026-11-01&to=2026-11-30"
    assert reading.is_better is False


def test_a_number_is_cut_to_the_scope_and_the_chosen_units(write, store):
    other = plant(name="二号店", code="store-2")
    write(FIRST_MOMENT)
    write(FIRST_MOMENT, unit=other)

    def number(scope: Scope, units: frozenset[int] | None = None) -> figures.Number:
        return WRITTEN.number(Question(scope, NOVEMBER, units))

    assert number(EVERYTHING) == 2
    assert number(EVERYTHING, frozenset({other.pk})) == 1
    assert number(Scope(None, frozenset({store.pk}))) == 1
    assert number(Scope(None, frozenset({store.pk})), frozenset({other.pk})) == 0
    assert number(NOTHING) == 0


def test_the_parts_of_a_breakdown_add_up_most_first_in_one_query(write, django_assert_num_queries):
    for code in ("people.b", "people.a", "people.b", "people.c"):
        write(FIRST_MOMENT, code)
    question = Question(EVERYTHING, NOVEMBER)

    with django_assert_num_queries(1):
        parts = WRITTEN.breakdowns[0].parts(question)

    assert [(part.key, part.label, part.number) for part in parts] == [
        ("people.b", "PEOPLE.B", 2),
        ("people.a", "PEOPLE.A", 1),
        ("people.c", "PEOPLE.C", 1),
    ]
    assert parts[0].url == "/entries/?from=2026-11-01&to=2026-11-30&code=people.b"
    assert sum(part.number for part in parts) == WRITTEN.number(question)


def test_figures_are_found_by_key_and_prefix():
    figures.register(WRITTEN)

    assert figures.figure("trail.written") is WRITTEN
    assert figures.figures("trail.") == [WRITTEN]
    assert figures.figures("complaints.") == []
    with pytest.raises(KeyError):
        figures.figure("none")


@pytest.mark.django_db
def test_several_figures_are_read_at_once(write):
    figures.register(WRITTEN)

    readings = [figures.read(one, Question(EVERYTHING, NOVEMBER)) for one in ("trail.written", WRITTEN)]

    assert [(reading.number, reading.change, reading.is_better) for reading in readings] == [
        (0, None, None)
    ] * 2


def test_a_figure_needs_rows_or_a_computation_and_not_both():
    for more in ({}, {"rows": entries, "compute": lambda question: 1}):
        with pytest.raises(ValueError, match="either rows or compute"):
            Figure("x", "X", Measure.COUNT, address, "P001-16", **more)


@pytest.mark.parametrize(
    ("ratio", "percent"),
    [
        (Ratio(1, 3), "33.3"),
        (Ratio(1, 16), "6.3"),
        (Ratio(1153, 2008), "57.4"),
        (Ratio(0, 5), "0.0"),
        (Ratio(5, 5), "100.0"),
    ],
)
def test_a_ratio_is_exact_and_rounded_half_up(ratio, percent):
    assert str(ratio.percent) == percent


def test_a_ratio_of_nothing_is_no_number_and_has_no_change():
    def reading(now: figures.Number, before: figures.Number) -> figures.Reading:
        return figures.Reading(WRITTEN, now, before, "")

    assert (Ratio(0, 0).value, Ratio(0, 0).percent) == (None, None)
    assert reading(Ratio(0, 0), Ratio(1, 2)).change is None
    assert reading(Ratio(3, 4), Ratio(1, 2)).change == Decimal("0.25")
    assert reading(5, 0).change is None
    assert reading(Decimal("1.5"), Decimal("2")).change == Decimal("-0.25")
    assert reading(Decimal("1.5"), Decimal("2")).is_better is True
    assert reading(2, 2).is_better is None
    assert reading(None, 2).change is None


def test_bounds_belong_to_the_band_above(store):
    # rows of a part above this one: reached by name, since imports point down
    Approval = apps.get_model("procedures", "Approval")
    person = Party.objects.create(kind=Party.Kind.STAFF, name="王敏", unit=store)
    for amount in (None, "0", "499.99", "500", "1999.99", "2000", "99999999.99"):
        Approval.objects.create(
            subject_label="a.B",
            subject_id=1,
            kind="k",
            title="t",
            unit=store,
            asked_by=person,
            asked_at=FIRST_MOMENT,
            amount=None if amount is None else Decimal(amount),
        )
    rows = Approval.objects.annotate(band=figures.band("amount", [Decimal(500), Decimal(2000)]))

    assert list(rows.order_by("pk").values_list("band", flat=True)) == [None, 0, 0, 1, 1, 2, 2]
    assert sorted((part.key, part.number) for part in figures.counted(rows, "band")) == [
        ("", 1),
        ("0", 2),
        ("1", 2),
        ("2", 2),
    ]
    with pytest.raises(ValueError, match="rise"):
        figures.band("amount", [Decimal(2), Decimal(1)])
