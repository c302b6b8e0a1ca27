"""Search across all regulations: clauses of the versions in force, by the one index of the product."""

from __future__ import annotations

import datetime as dt
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.safestring import SafeString

from zhike.kernel.parties.models import Unit
from zhike.kernel.parties.scope import Scope
from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.search import grams, index
from zhike.kernel.search.models import Document

from ._book import Section, manuals, marked, sections_of

CLAUSE = "manuals.Clause"
PLACES = 4096  # a clause is indexed by its version and its place in the text
MOST = 400  # hits looked through for those of the versions in force
OPEN = Scope(party=None, units=None)  # regulations are open to all staff


@dataclass(frozen=True)
class ClauseFound:
    """A clause in which all the words stand."""

    version: ManualVersion
    section: Section
    excerpt: str

    words: tuple[str, ...] = ()

    @property
    def marked_title(self) -> SafeString:
        return marked(self.section.title, self.words)

    @property
    def marked_excerpt(self) -> SafeString:
        return marked(self.excerpt, self.words)

    @property
    def url(self) -> str:
        return f"{reverse('manuals:reader', args=[self.version.pk])}#{self.section.anchor}"

    @property
    def name(self) -> str:
        return (
            f"{self.section.title} · 《{self.version.title}》"
            if self.section.depth > 1
            else self.version.title
        )


def not_indexed() -> list[ManualVersion]:
    """Published versions of which no clause is in the index. Two statements, and no text is read."""
    versions = {row.pk * PLACES: row for row in manuals()}
    first = Document.objects.filter(subject_label=CLAUSE, subject_id__in=versions)
    known = set(first.values_list("subject_id", flat=True))
    return [row for key, row in versions.items() if key not in known]


def clauses_to_index(version: ManualVersion) -> Iterator[index.Item]:
    """What the index holds of a version; nothing before there is a unit."""
    root = Unit.objects.filter(parent=None).order_by("closed_on", "id").first()
    if root is None or version.published_at is None:
        return
    for place, section in enumerate(sections_of(inforce.manual_of(version.pk))):
        yield index.Item(
            label=CLAUSE,
            subject_id=version.pk * PLACES + place,
            title=f"{section.title} {version.title if section.depth > 1 else version.title_en}".strip(),
            body=body_of(section),
            unit_id=root.pk,
            secrecy=0,
            at=version.published_at,
            number=(section.number or section.name)[:60],
        )


def body_of(section: Section) -> str:
    """What is found of a clause: its prose, its gist, and the words of its tables."""
    lines: list[str] = []
    english: list[str] = []
    for block in section.blocks:
        lines += [block.text, *block.items]
        for row in [block.head, *block.rows]:
            told = [
                (label, cell) for label, cell in zip(block.head, row, strict=False) if cell not in {"", "-"}
            ]
            lines.append(" ".join(cell for label, cell in told if label not in {"代码", "英文"}))
            english += [cell for label, cell in told if label == "英文"]
    return "\n".join(line for line in [*lines, section.gist, " ".join(english)] if line)


_cut: weakref.WeakKeyDictionary[model.Manual, tuple[Section, ...]] = weakref.WeakKeyDictionary()


def _headings(manual: model.Manual) -> tuple[Section, ...]:
    """The clauses of a manual without what stands below their headings; a search names many of one manual."""
    if manual not in _cut:
        _cut[manual] = tuple(replace(one, blocks=[], text="") for one in sections_of(manual))
    return _cut[manual]


def clauses_found(typed: str, day: dt.date, *, limit: int = 20) -> list[ClauseFound]:
    """Clauses of the versions in force in which every word stands, in the order of the regulations."""
    versions = {row.pk: row for row in inforce.versions_in_force(day).values()}
    words = tuple(grams.words(typed))
    found = []
    for hit in index.find(OPEN, typed, labels=[CLAUSE], limit=MOST):
        key, place = divmod(hit.subject_id, PLACES)
        if key in versions:
            sections = _headings(inforce.manual_of(key))
            if place < len(sections):
                found.append(
                    (
                        (versions[key].key, place),
                        ClauseFound(versions[key], sections[place], hit.excerpt, words),
                    )
                )
    return [one for _order, one in sorted(found, key=lambda pair: pair[0])][:limit]
