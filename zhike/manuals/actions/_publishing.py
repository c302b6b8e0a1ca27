"""Publishing and installing regulations, and moving a unit's parameters inside their range."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.parties.directory import directory
from zhike.kernel.parties.held import forget
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy import contract, inforce, tags
from zhike.kernel.policy.manual import model, overlay
from zhike.kernel.policy.models import Installation, ManualVersion, UnitValues
from zhike.kernel.policy.questions import registered
from zhike.manuals import queries
from zhike.people.models import business_day

from ._reading import ask_to_read, make_findable
from ._references import note_references
from ._revising import plan_revision


class CannotPublish(Exception):
    """The manual has errors, open gaps, words that name nobody, or a version that exists already."""

    def __init__(self, message: str, findings: Sequence[model.Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class CannotInstall(Exception):
    """There is no published version of this manual."""


class CannotSetParameter(Exception):
    """The value lies outside the range that the manual allows."""


@dataclass(frozen=True)
class Reading:
    """A manual as read and checked."""

    manual: model.Manual
    findings: tuple[model.Finding, ...]

    @property
    def errors(self) -> list[model.Finding]:
        return [finding for finding in self.findings if finding.level is model.Level.ERROR]

    @property
    def gaps(self) -> list[model.Finding]:
        return [finding for finding in self.findings if finding.level is model.Level.GAP]


def examine(
    text: str, parameters: Mapping[str, str] | None = None, roles: Iterable[str] | None = None
) -> Reading:
    """Read and check a manual as the installation would: with its questions and a unit's values.

    With `roles` of the case also whether every word that is to name somebody names a role or a post.
    """
    manual = inforce.manual_of_text(text)
    values = dict(parameters or {})
    refused = [why for name, value in values.items() if (why := overlay.refusal(manual, name, value))]
    if refused:
        found = tuple(model.Finding(1, 0, model.Level.ERROR, "", why) for why in refused)
        return Reading(manual, found)
    if values:
        manual = overlay.with_values(manual, values)
    nobody = _nobody(manual, set(roles)) if roles is not None else []
    return Reading(manual, tuple(sorted([*contract.check_manual(manual), *nobody])))


@transaction.atomic
def publish(
    *,
    text: str,
    by: Party | None,
    now: dt.datetime,
    accept: str = "",
    roles: Iterable[str] = (),
    accepted: Sequence[Mapping[str, Any]] = (),
    effective_on: dt.date | None = None,
    unit: Unit | None = None,
    preparer: Party | None = None,
) -> ManualVersion:
    """Publish a version. Errors block; gaps block unless accepted, each by name (`accepted`) or all for one reason
    (`accept`). Without `effective_on` the day is that of the text, else the day of issue (R002-033). The same text
    twice is one version. `preparer` is to revise it next. Raises CannotPublish.
    """
    reading = examine(text, roles=roles)
    manual = reading.manual
    if reading.errors:
        raise CannotPublish(
            _("The manual has %(count)d errors.") % {"count": len(reading.errors)}, reading.errors
        )
    left = [gap for gap in reading.gaps if accepted_as(gap, accepted) is None]
    if left and not accept.strip():
        raise CannotPublish(
            _("The manual leaves %(count)d cases open. Close them with rows, or accept them with a reason.")
            % {"count": len(left)},
            left,
        )
    digest = hashlib.sha256(manual.source.encode()).hexdigest()
    number = _number(manual)
    known = ManualVersion.objects.filter(key=manual.name, number=number).first()
    if known is not None:
        if known.digest == digest:
            return known
        raise _exists(manual, number)
    try:
        with transaction.atomic():
            version = ManualVersion.objects.create(
                key=manual.name,
                title=manual.title,
                title_en=str(manual.meta.get("title_en", "")),
                number=number,
                text=manual.source,
                digest=digest,
                state=ManualVersion.State.PUBLISHED,
                effective_on=effective_on or manual.effective or business_day(now),
                published_at=now,
                published_by=by,
                accepted=[
                    {"line": gap.line, "message": gap.message, "reason": accept}
                    | dict(accepted_as(gap, accepted) or {})
                    for gap in reading.gaps
                ],
            )
    except IntegrityError as taken:  # somebody was faster by a moment
        raise _exists(manual, number) from taken
    for vocabulary in _tag_lists(manual):
        tags.give_places(manual.name, vocabulary, [word.code for word in manual.lists[vocabulary].words])
    forget()
    plan_revision(version=version, by=by, now=now, unit=unit, preparer=preparer)
    note_references(version=version, by=by, now=now)
    trail.record(
        "manuals.published",
        subject=version,
        by=by,
        at=now,
        after={"key": version.key, "number": version.number, "digest": digest, "accepted": len(reading.gaps)},
    )
    make_findable(version)
    _ask_named_readers(version, by=by, now=now)
    return version


def one_at_a_time(key: str) -> None:
    """Two who put something into force for one manual at once wait for each other here, and the second sees what
    the first did."""
    Installation.objects.filter(key=key).update(key=key)


def accepted_as(gap: model.Finding, accepted: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The row by which a gap was accepted with a reason; it is known by its table and its words, not by its line."""
    for row in accepted:
        same = row.get("table", gap.table) == gap.table and row.get("message") == gap.message
        if same and str(row.get("reason", "")).strip():
            return row
    return None


def _exists(manual: model.Manual, number: int) -> CannotPublish:
    return CannotPublish(
        _("Version %(number)d of “%(title)s” exists with another text. Raise the version number.")
        % {"number": number, "title": manual.title}
    )


@transaction.atomic
def install(*, key: str, unit: Unit, by: Party | None, now: dt.datetime) -> Installation:
    """Let a unit, and all below it, work by a published manual. Raises CannotInstall."""
    newest = queries.newest(key)
    if newest is None:
        raise CannotInstall(_("No version of the manual “%(key)s” has been published.") % {"key": key})
    row, made = Installation.objects.get_or_create(
        unit=unit, key=key, defaults={"installed_at": now, "installed_by": by}
    )
    forget()
    if made:
        trail.record("manuals.installed", subject=row, by=by, at=now, unit_id=unit.pk, after={"key": key})
        _ask_named_readers(newest, by=by, now=now)
    return row


def _ask_named_readers(version: ManualVersion, *, by: Party | None, now: dt.datetime) -> None:
    """Ask those to read it whom the regulation names; one that names nobody floods no one's day."""
    if queries.names_readers(inforce.manual_of(version.pk)):
        ask_to_read(version=version, by=by, now=now)


@transaction.atomic
def set_parameters(
    *,
    key: str,
    unit: Unit,
    values: Mapping[str, str],
    by: Party,
    now: dt.datetime,
    effective_on: dt.date | None = None,
) -> UnitValues:
    """Set a unit's own values from a day on (None: today); an empty text goes back to the manual's.

    The whole manual is checked again with them. Cases that began before keep theirs. Raises CannotSetParameter.
    """
    day = effective_on or business_day(now)
    if day < business_day(now):
        raise CannotSetParameter(_("The day lies in the past; cases of that time are ruled already."))
    version = inforce.versions_in_force(day).get(key)
    if version is None:
        raise CannotSetParameter(_("No version of the manual “%(key)s” is in force.") % {"key": key})
    text = ManualVersion.objects.values_list("text", flat=True).get(pk=version.pk)
    kept = {name: value.strip() for name, value in values.items() if value.strip()}
    errors = examine(text, parameters=kept).errors
    if errors:
        raise CannotSetParameter(queries.said(errors[0].message, inforce.manual_of(version.pk)))
    installation, _made = Installation.objects.select_for_update().get_or_create(
        unit=unit, key=key, defaults={"installed_at": now, "installed_by": by}
    )
    earlier = installation.values.filter(effective_on__lte=day).last()
    before = earlier.parameters if earlier else {}
    row, _made = UnitValues.objects.update_or_create(
        installation=installation,
        effective_on=day,
        defaults={"parameters": kept, "set_at": now, "set_by": by},
    )
    forget()
    trail.record(
        "manuals.parameters_set",
        subject=installation,
        by=by,
        at=now,
        unit_id=unit.pk,
        before={"parameters": before},
        after={"parameters": kept},
    )
    return row


def _nobody(manual: model.Manual, roles: set[str]) -> list[model.Finding]:
    """Words that are to name a person but name neither a role of the case nor a post."""
    found = []
    for table in manual.stages:
        for stage in table.stages:
            for word in [*stage.owners, *stage.informed]:
                if word not in roles and directory().post_code(word) is None:
                    found.append(_unknown(stage.line, table.name, word))
    for word in queries.reader_words(manual):
        if word not in queries.EVERYBODY and directory().post_code(word) is None:
            found.append(model.Finding(1, 0, model.Level.ERROR, "", f"应读人“{word}”不是岗位"))
    found += _unknown_circumstances(manual)
    levels = manual.lists.get("升级")
    for row in levels.rows if levels else ():
        target = row.cells["对象"].text if "对象" in row.cells else ""
        if target not in {"负责人", "上级", *roles} and directory().post_code(target) is None:
            found.append(_unknown(row.line, "升级", target))
    return found


def _unknown_circumstances(manual: model.Manual) -> list[model.Finding]:
    """What a decision brings about (list 决定) is a circumstance of the manual."""
    circumstances, decisions = manual.lists.get("投诉情形"), manual.lists.get("决定")
    known = {word.name for word in circumstances.words} if circumstances else set()
    return [
        model.Finding(row.line, 0, model.Level.ERROR, "决定", f"“{cell.text}”不在清单“投诉情形”里")
        for row in (decisions.rows if decisions else ())
        for label, cell in row.cells.items()
        if label in {"是的情形", "否的情形"} and cell.text not in {"", "-", *known}
    ]


def _unknown(line: int, table: str, word: str) -> model.Finding:
    return model.Finding(line, 0, model.Level.ERROR, table, f"“{word}”既不是本案的角色，也不是岗位")


def _tag_lists(manual: model.Manual) -> set[str]:
    """Lists whose words are kept as sets: those of tag facts of the questions the manual answers."""
    known = registered()
    asked = [known[table.question] for table in manual.decisions if table.question in known]
    named = {
        fact.type.vocabulary
        for question in asked
        for fact in question.facts
        if fact.type.kind is model.Kind.TAGS
    }
    return {name for name in named if name is not None and name in manual.lists}


def _number(manual: model.Manual) -> int:
    if not str(manual.version).isdigit():
        raise CannotPublish(_("The version of a manual is a whole number."))
    return int(manual.version)


@transaction.atomic
def publish_and_install(
    *, text: str, unit: Unit, by: Party | None, now: dt.datetime, accept: str = "", roles: Iterable[str] = ()
) -> ManualVersion:
    """Both or neither."""
    version = publish(text=text, by=by, now=now, accept=accept, roles=roles, unit=unit)
    install(key=version.key, unit=unit, by=by, now=now)
    return version
