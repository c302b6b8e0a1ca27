"""P003-05: how complete and how timely the files are, what is missing, and where facts come from.

Every number opens into the list of exactly these customers. Duplicates are counted by `customers.matching`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.customers import queries as customers
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.tree import tree
from zhike.kernel.tallies import figures
from zhike.kernel.tallies.figures import Breakdown, Figure, Measure, Part, Question, Ratio

from . import completeness, queries
from .facts import BY_CHANNEL
from .models import Fact

SOURCE = "P003-05"


def live(question: Question) -> QuerySet[Customer]:
    """The files in use that the question may see; what they are like is told as it stands, not of a period."""
    rows = customers.customers(question.scope).filter(state=Customer.State.ACTIVE)
    rows = rows.select_related(None).prefetch_related(None).order_by()
    return rows if question.units is None else rows.filter(unit__in=sorted(question.units))


def units_of(question: Question) -> list[int]:
    """The units that are asked about, for the regulations in force there."""
    chosen = question.units if question.units is not None else question.scope.units
    if chosen is not None:
        return sorted(chosen)
    return list(Unit.objects.filter(closed_on=None).order_by("pk").values_list("pk", flat=True))


def _day(question: Question) -> dt.date:
    return question.period.last


def _url(question: Question, **conditions: str) -> str:
    units = question.units or frozenset()
    tops = [unit for unit in units if not units & set(tree().line(unit)[1:])]
    place = {"unit": str(tops[0])} if len(tops) == 1 else {}
    return f"{reverse('customers:list')}?{urlencode({'state': 'ACTIVE', **place, **conditions})}"


def _incomplete(question: Question) -> QuerySet[Customer]:
    return completeness.incomplete(live(question), units_of(question), _day(question))


def _complete(question: Question) -> Ratio:
    whole = live(question).count()
    return Ratio(whole - _incomplete(question).count(), whole)


def _missing(question: Question) -> Sequence[Part]:
    """One line for each thing that some file lacks, most first."""
    units, day = units_of(question), _day(question)
    names = completeness.labels(units, day)
    counts = completeness.counts(live(question), units, day)
    parts = [
        Part(code, names[code], number, _url(question, lacks=code))
        for code, number in counts.items()
        if number
    ]
    return sorted(parts, key=lambda part: -int(str(part.number)))


def _timely(question: Question) -> Ratio:
    whole = live(question).count()
    late = queries.unverified(live(question), units_of(question), _day(question)).count()
    return Ratio(whole - late, whole)


def known_from(rows: QuerySet[Customer], source: str) -> QuerySet[Customer]:
    """Customers of whom something that stands is known from this source, if only how their file came to be."""
    return rows.filter(_known_from(source))


def _known_from(source: str) -> Q:
    found = Fact.objects.filter(customer=OuterRef("pk"), source=source, until=None)
    return Q(Exists(found)) | Q(source__in=_channels(source))


def _channels(source: str) -> list[str]:
    return [channel for channel, known in BY_CHANNEL.items() if known == source]


def _sources(question: Question) -> Sequence[Part]:
    counts = live(question).aggregate(
        **{code: Count("pk", filter=_known_from(code)) for code in Fact.Source.values}
    )
    return [
        Part(code, label, counts[code], _url(question, known=code)) for code, label in Fact.Source.choices
    ]


def _told_from(question: Question) -> Ratio:
    """Files of which at least one source is known."""
    rows = live(question)
    held = Exists(Fact.objects.filter(customer=OuterRef("pk"), until=None))
    return Ratio(rows.filter(Q(held) | ~Q(source="")).count(), rows.count())


COMPLETE = Figure(
    "customers.complete",
    _("Complete files"),
    Measure.RATIO,
    more_is_good=True,
    source=SOURCE,
    compute=_complete,
    url=lambda question: _url(question, lacks="*"),
    breakdowns=(Breakdown("missing", _("What is missing"), _missing),),
)
TIMELY = Figure(
    "customers.verified",
    _("Cards verified in time"),
    Measure.RATIO,
    more_is_good=True,
    source=SOURCE,
    compute=_timely,
    url=lambda question: _url(question, unverified="1"),
)
SOURCES = Figure(
    "customers.sources",
    _("Files with a known source"),
    Measure.RATIO,
    more_is_good=True,
    source=SOURCE,
    compute=_told_from,
    url=lambda question: _url(question),
    breakdowns=(Breakdown("source", _("By source"), _sources),),
)
FIGURES = (COMPLETE, TIMELY, SOURCES)


@dataclass(frozen=True)
class Told:
    """One figure as the page of data quality shows it."""

    label: object
    percent: object
    part: int
    whole: int
    url: str  # of the files that are not so

    @property
    def rest(self) -> int:
        return self.whole - self.part


def told(figure: Figure, question: Question) -> Told:
    number = figure.number(question)
    assert isinstance(number, Ratio)
    return Told(figure.label, number.percent, number.part, number.whole, figure.url(question))


def ready() -> None:
    figures.register(*FIGURES)
