"""What regulations rest on: laws, standards and documents, their editions, and the clauses a new edition flags."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal, split_items
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals.models import Edition, Examination, Reference

LIST = "引用文件"
YES = frozenset({"是", "yes"})
KINDS = {
    "法律法规": Reference.Kind.LAW,
    "标准": Reference.Kind.STANDARD,
    "内部文件": Reference.Kind.HOUSE,
    "厂家文件": Reference.Kind.MAKER,
}


@dataclass(frozen=True)
class Citation:
    """One row of the list 引用文件 of a version."""

    name: str
    name_en: str
    kind: str
    edition: str
    since: dt.date | None
    clauses: tuple[str, ...]
    prevails: bool  # where it has other rules, those go before ours (R001-150)


@dataclass(frozen=True)
class Flag:
    """A newer edition of what a version rests on, not examined yet."""

    edition: Edition
    citation: Citation

    @property
    def sentence(self) -> str:
        said = {
            "name": self.edition.reference.label,
            "old": self.citation.edition,
            "new": self.edition.label,
            "day": date_format(self.edition.effective_on, "Y-m-d"),
        }
        return (
            _("Rests on %(name)s, %(old)s; there is a newer edition, %(new)s, in force from %(day)s.") % said
        )


def citations(manual: model.Manual) -> list[Citation]:
    """What a manual names in its list 引用文件."""
    table = manual.lists.get(LIST)
    return [_citation(row) for row in (table.rows if table else ())]


def citations_of(version: ManualVersion) -> list[Citation]:
    return citations(inforce.manual_of(version.pk))


def _citation(row: model.ListRow) -> Citation:
    def text(label: str) -> str:
        return normal(row.cells[label].text) if label in row.cells else ""

    try:
        since = dt.date.fromisoformat(text("施行日期"))
    except ValueError:
        since = None
    clauses = tuple(part.strip() for part in split_items(row.clause) if part.strip())
    kind = KINDS.get(text("类别"), Reference.Kind.LAW)
    prevails = text("优先").lower() in YES
    return Citation(row.word.name, row.word.en, kind, text("版本"), since, clauses, prevails)


def flags_by_version(versions: Iterable[ManualVersion]) -> dict[int, list[Flag]]:
    """Newer editions of what these versions rest on, by version, those examined left out. Two queries at most."""
    cited = {version.pk: citations(inforce.manual_of(version.pk)) for version in versions}
    names = {one.name for rows in cited.values() for one in rows}
    if not names:
        return {}
    editions: dict[str, list[Edition]] = defaultdict(list)
    known = Edition.objects.filter(reference__name__in=names).select_related("reference")
    for edition in known.order_by("effective_on", "pk"):
        editions[edition.reference.name].append(edition)
    settled = set(Examination.objects.filter(version__in=list(cited)).values_list("version_id", "edition_id"))
    found: dict[int, list[Flag]] = {}
    for version, rows in cited.items():
        flags = [flag for one in rows for flag in _newer(one, editions[one.name])]
        kept = [flag for flag in flags if (version, flag.edition.pk) not in settled]
        if kept:
            found[version] = kept
    return found


def _newer(one: Citation, editions: list[Edition]) -> list[Flag]:
    """Editions after the one that is cited; where that one is not known, after its day."""
    cited = next((edition for edition in editions if edition.label == one.edition), None)
    since = cited.effective_on if cited else one.since
    if since is None:
        return []
    return [Flag(edition, one) for edition in editions if edition.effective_on > since]


def flags_of(version: ManualVersion) -> dict[str, str]:
    """Clause -> what has changed in a document that it rests on, as one sentence, until somebody examined it."""
    found: dict[str, list[str]] = defaultdict(list)
    for flag in flags_by_version([version]).get(version.pk, []):
        for clause in flag.citation.clauses:
            found[clause].append(flag.sentence)
    return {clause: " ".join(sentences) for clause, sentences in found.items()}


@dataclass
class Resting:
    """A manual in force that rests on a document."""

    version: ManualVersion
    citation: Citation
    flags: list[Flag] = field(default_factory=list)


@dataclass
class Registered:
    """One line of the register (F001-45): a document, its editions newest first, and what rests on it."""

    reference: Reference
    editions: list[Edition]
    resting: list[Resting] = field(default_factory=list)

    @property
    def flagged(self) -> bool:
        return any(row.flags for row in self.resting)


def register(day: dt.date) -> list[Registered]:
    """Every document with its editions and the manuals in force that rest on it; flagged ones first."""
    rows = {
        one.name: Registered(one, list(one.editions.all()))
        for one in Reference.objects.prefetch_related("editions").order_by("name")
    }
    current = list(inforce.versions_in_force(day).values())
    flags = flags_by_version(current)
    for version in current:
        for one in citations(inforce.manual_of(version.pk)):
            if one.name in rows:
                mine = [flag for flag in flags.get(version.pk, []) if flag.citation == one]
                rows[one.name].resting.append(Resting(version, one, mine))
    return sorted(rows.values(), key=lambda row: (not row.flagged, row.reference.kind, row.reference.name))


def examinations(key: str) -> list[Examination]:
    """Which new editions a regulation was examined against without a change, newest first."""
    rows = Examination.objects.filter(version__key=key)
    return list(rows.select_related("version", "edition__reference", "by").order_by("-at"))
