"""Versions of a regulation: what each changed, how a clause read before, and what is on its way."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from zhike.kernel.policy import inforce
from zhike.kernel.policy.check import meaning
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals.models import Revision

from ._book import clause_of, sections_of
from ._change import FRONT
from ._said import saying

TOKENS = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)
_RULE = re.compile(r"\|[\s:|-]+\|?$")  # the line under the head of a table
_CODED = ("回答=", "answers=")  # names of questions mean nothing to a reader
LONG = 6000  # characters: longer clauses are compared line by line


@dataclass(frozen=True)
class Edition:
    """One version as the page of versions shows it; `meaning` is the change from the version before it."""

    version: ManualVersion
    state: str  # coming, force, past, ended, withdrawn
    revision: Revision | None
    meaning: list[str]
    until: dt.date | None = None


@dataclass(frozen=True)
class Wording:
    """A clause as a version has it; `text` marks what that version took out and put in."""

    version: ManualVersion
    text: SafeString
    change: str  # "new", "changed", "gone" or "" for the oldest


def editions(key: str, day: dt.date) -> list[Edition]:
    """Every version that was published, newest first, with who signed it and what it changed."""
    rows = ManualVersion.objects.filter(key=key).exclude(state=ManualVersion.State.DRAFT).defer("text")
    versions = list(rows.select_related("published_by").order_by("number"))
    signed = {
        row.version_id: row
        for row in Revision.objects.filter(version__in=versions).select_related(
            "prepared_by", "reviewed_by", "approved_by"
        )
    }
    inforce_now = inforce.versions_in_force(day).get(key)
    found: list[Edition] = []
    before: ManualVersion | None = None
    for version in versions:
        changes = _meaning(before, version) if before else []
        state = _state(version, inforce_now, day)
        found.append(Edition(version, state, signed.get(version.pk), changes, _until(version, versions)))
        if version.state == ManualVersion.State.PUBLISHED:
            before = version
    return found[::-1]


def _meaning(before: ManualVersion, after: ManualVersion) -> list[str]:
    old, new = inforce.manual_of(before.pk), inforce.manual_of(after.pk)
    say = saying(new, old)
    return [say(line) for line in meaning(old, new) if not line.startswith(FRONT)]


def _state(version: ManualVersion, now: ManualVersion | None, day: dt.date) -> str:
    if version.state == ManualVersion.State.WITHDRAWN:
        return "withdrawn"
    if version.ends_on is not None and version.ends_on <= day:
        return "ended"
    if version.effective_on > day:
        return "coming"
    return "force" if now is not None and now.pk == version.pk else "past"


def _until(version: ManualVersion, versions: Sequence[ManualVersion]) -> dt.date | None:
    """The day from which a later version rules instead, or the manual none at all."""
    later = [
        one.effective_on
        for one in versions
        if one.number > version.number and one.state == ManualVersion.State.PUBLISHED
    ]
    return min([*later, *([version.ends_on] if version.ends_on else [])], default=None)


def coming(version: ManualVersion, day: dt.date) -> dict[str, ManualVersion]:
    """Clauses that a published version changes which is not yet in force, by what rulings call the clause."""
    rows = ManualVersion.objects.filter(
        key=version.key,
        state=ManualVersion.State.PUBLISHED,
        effective_on__gt=day,
        number__gt=version.number,
    )
    found: dict[str, ManualVersion] = {}
    here = _texts(version.pk)
    for row in rows.defer("text").order_by("-number"):
        there = _texts(row.pk)
        found |= {key: row for key in {*here, *there} if here.get(key) != there.get(key)}
    return found


def _texts(version: int) -> dict[str, str]:
    sections = sections_of(inforce.manual_of(version))
    return {
        section.key: f"{section.name}\n{section.text.strip()}" for section in sections if section.depth > 1
    }


def wordings(version: ManualVersion, number: str) -> list[Wording]:
    """How a clause read in each version that changed it, newest first."""
    rows = ManualVersion.objects.filter(key=version.key, state=ManualVersion.State.PUBLISHED)
    found: list[Wording] = []
    before: str | None = None
    for row in rows.defer("text").order_by("number"):
        section = clause_of(sections_of(inforce.manual_of(row.pk)), number)
        text = "" if section is None else f"{section.title}\n{section.text.strip()}"
        shown = readable(text)
        if before is None and not text:
            continue
        if before is None or text != before:
            change = (
                ""
                if before is None and not found
                else "gone"
                if not text
                else "new"
                if not before
                else "changed"
            )
            found.append(
                Wording(row, differences(readable(before), shown) if before else _plain(shown), change)
            )
        before = text
    return found[::-1]


def readable(text: str) -> str:
    """The words of a clause without the marks of its source: a row of a table is a line of its cells."""
    lines: list[str] = []
    codes: set[int] = set()  # columns of the table at hand that hold codes
    for line in text.splitlines():
        if _RULE.match(line):
            continue
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
            codes = codes or {n for n, cell in enumerate(cells) if cell == "代码"}
            line = " · ".join(
                "—" if cell == "-" else cell for n, cell in enumerate(cells) if cell and n not in codes
            )
        elif line.startswith(("@", "＠")):
            codes = set()
            line = "【" + " ".join(word for word in line[1:].split() if not word.startswith(_CODED)) + "】"
        elif not line and lines and lines[-1].startswith("【"):
            continue
        lines.append(line)
    return "\n".join(lines)


def _plain(text: str) -> SafeString:
    return mark_safe(escape(text))


def differences(old: str, new: str) -> SafeString:
    """The new text with what was taken out and put in marked, word by word where the text is not too long."""
    long = max(len(old), len(new)) > LONG
    left, right = (text.splitlines(keepends=True) if long else TOKENS.findall(text) for text in (old, new))
    parts: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, come = "".join(left[a:b]), "".join(right[c:d])
        if kind == "equal":
            parts.append(escape(come))
            continue
        if gone:
            parts.append(f"<del>{escape(gone)}</del>")
        if come:
            parts.append(f"<ins>{escape(come)}</ins>")
    return mark_safe("".join(parts))
