"""The register of what regulations rest on (S001-060, F001-45): a new edition flags clauses and is examined."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.system import system_party
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals.models import Edition, Examination, Reference
from zhike.manuals.queries._control import EXAMINE, front_of
from zhike.manuals.queries._references import Flag, citations, flags_by_version
from zhike.people.models import business_day

from ._revising import owner_of, unit_of

TITLE, TITLE_EN = "按新版引用文件复核制度", "Examine the regulation against a new edition"
WITHIN = "1个月"  # no regulation gives a figure; provisional


class CannotReference(Exception):
    """The document or its edition is known already, or a day or a reason is missing."""


@transaction.atomic
def add_reference(
    *, name: str, kind: str, by: Party, now: dt.datetime, name_en: str = "", issuer: str = ""
) -> Reference:
    """Enter a document in the register. Raises CannotReference."""
    name = name.strip().strip("《》")
    if Reference.objects.filter(name=name).exists():
        raise CannotReference(_("“%(name)s” is in the register already.") % {"name": name})
    row = Reference.objects.create(name=name, name_en=name_en.strip(), kind=kind, issuer=issuer.strip())
    trail.record("manuals.reference_added", subject=row, by=by, at=now, after={"name": name, "kind": kind})
    return row


@transaction.atomic
def record_edition(
    *,
    reference: Reference,
    label: str,
    effective_on: dt.date,
    by: Party,
    now: dt.datetime,
    changes: str = "",
) -> Edition:
    """Record an edition. Every clause in force that rests on an older one is flagged, and its owner examines it.

    Raises CannotReference.
    """
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                reference=reference,
                label=label.strip(),
                effective_on=effective_on,
                changes=changes.strip(),
                recorded_by=by,
                recorded_at=now,
            )
    except IntegrityError as known:
        raise CannotReference(_("This edition is recorded already.")) from known
    flagged = _owe_examinations(_standing(now), by=by, now=now, only=edition)
    trail.record(
        "manuals.edition_recorded",
        subject=edition,
        by=by,
        at=now,
        after={"edition": str(edition), "effective_on": effective_on, "flagged": flagged},
    )
    return edition


@transaction.atomic
def examined_without_change(
    *, version: ManualVersion, edition: Edition, note: str, by: Party, now: dt.datetime
) -> Examination:
    """Record that a regulation was examined against a new edition and needs no change. Raises CannotReference."""
    if not note.strip():
        raise CannotReference(_("Say why."))
    flags = flags_by_version([version]).get(version.pk, [])
    if all(flag.edition.pk != edition.pk for flag in flags):
        raise CannotReference(_("This edition flags nothing in the regulation any more."))
    row = Examination.objects.create(version=version, edition=edition, note=note.strip()[:400], by=by, at=now)
    kinds = [f"{EXAMINE}.{edition.pk}"]
    duties.discharge(subject=version, kinds=kinds, by=by, now=now, reason=note.strip()[:200])
    trail.record(
        "manuals.examined", subject=version, by=by, at=now,
        after={"edition": str(edition), "note": row.note},
    )  # fmt: skip
    return row


def note_references(*, version: ManualVersion, by: Party | None, now: dt.datetime) -> None:
    """Enter what a version that was just published rests on.

    Examinations owed for older versions end with it; what is newer than the editions it names is owed anew.
    """
    for one in citations(inforce.manual_of(version.pk)):
        reference, _new = Reference.objects.get_or_create(
            name=one.name, defaults={"name_en": one.name_en, "kind": one.kind}
        )
        if one.edition and one.since:
            Edition.objects.get_or_create(
                reference=reference,
                label=one.edition,
                defaults={"effective_on": one.since, "recorded_by": by, "recorded_at": now},
            )
    older = ManualVersion.objects.filter(key=version.key, number__lt=version.number).values_list(
        "pk", flat=True
    )
    owed = Duty.objects.open().filter(
        subject_label=subjects.label_of(version), subject_id__in=older, kind__startswith=f"{EXAMINE}."
    )
    for duty in owed:
        subject = ManualVersion(pk=duty.subject_id)
        duties.discharge(
            subject=subject, kinds=[duty.kind], by=by or system_party("system"), now=now, only=duty
        )
    _owe_examinations([version], by=by, now=now)


def _standing(now: dt.datetime) -> list[ManualVersion]:
    """Versions in force or coming into force: those that a new edition may flag."""
    day = business_day(now)
    coming = ManualVersion.objects.filter(
        state=ManualVersion.State.PUBLISHED, effective_on__gt=day, ends_on=None
    ).defer("text")
    return [*inforce.versions_in_force(day).values(), *coming]


def _owe_examinations(
    versions: list[ManualVersion], *, by: Party | None, now: dt.datetime, only: Edition | None = None
) -> int:
    """Open the duty to examine for every flag, or for those of one edition; how many clauses are flagged."""
    clauses = 0
    found = flags_by_version(versions)
    for version in versions:
        flags = [flag for flag in found.get(version.pk, []) if only is None or flag.edition.pk == only.pk]
        clauses += sum(len(flag.citation.clauses) for flag in flags)
        _owe(version, flags, by=by, now=now)
    return clauses


def _owe(version: ManualVersion, flags: list[Flag], *, by: Party | None, now: dt.datetime) -> None:
    unit = unit_of(version, by)
    if not flags or unit is None:
        return
    owner = owner_of(version, front_of(version), unit, now) or by
    if owner is None:
        return
    for flag in flags:
        draft = duties.Draft(
            kind=f"{EXAMINE}.{flag.edition.pk}",
            title=TITLE,
            title_en=TITLE_EN,
            owner=owner,
            began_at=now,
            limit=WITHIN,
            clause=flag.citation.clauses[0] if flag.citation.clauses else "",
            version_id=version.pk,
        )
        matter = f"{version} · {flag.edition}"
        duties.open_duties([draft], subject=version, unit_id=unit.pk, matter=matter)
