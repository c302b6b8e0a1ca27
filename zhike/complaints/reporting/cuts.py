"""Which complaints a figure counts, as one word of an address: the list opens exactly those.

A cut is a name and its arguments, such as `col~item~mfg-complaints~QUALITY`. Reports count by the same conditions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from zhike.complaints import queries_after, questions
from zhike.complaints.models import Complaint, Grant, Step
from zhike.complaints.models_after import FollowUp
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy import inforce, tags
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures.models import Approval

from . import regimes

MARK = "~"
AND = "&&"
Rows = QuerySet[Complaint]
COLUMNS = {"item", "group", "grade", "handler_code"}
SENT_BACK = "退回"
# kinds of step by which an improvement is planned, made and proved (P000-05)
IMPROVING = {"planned": ("plan",), "carried_out": ("execution",), "proved": ("effect",)}

FLAGS: dict[str, Q] = {
    "open": Q(closed_at=None),
    "closed": Q(closed_at__isnull=False),
    "major": Q(major=True),
    "valid": Q(valid=True),
    "invalid": Q(valid=False),
    "judged": Q(valid__isnull=False),
    "unjudged": Q(valid=None),
    "answered": Q(replied_at__isnull=False),
    "unanswered": Q(replied_at=None),
    "responded": Q(responded_at__isnull=False),
    "compensated": Q(compensation_approved_at__isnull=False, compensation__gt=0),
}


def cut(name: str, *arguments: object) -> str:
    """The cut as it stands in an address, before it is escaped."""
    return MARK.join([name, *map(str, arguments)])


def both(*each: str) -> str:
    """The cases that several cuts mean together."""
    return AND.join(each)


def apply(rows: Rows, text: str, now: dt.datetime) -> Rows | None:
    """The rows that a cut means, or several together; None for a text that is none."""
    found: Rows | None = rows
    for one in text.split(AND):
        found = None if found is None else _one(found, one, now)
    return found


def is_known(text: str, now: dt.datetime) -> bool:
    """Whether a text from an address is a cut, which costs no rows."""
    return apply(Complaint.objects.none(), text, now) is not None


def _one(rows: Rows, text: str, now: dt.datetime) -> Rows | None:
    name, *arguments = text.split(MARK)
    made = _CUTS.get(name)
    if made is None:
        return None
    try:
        return made(rows, now, *arguments)
    except (
        TypeError,
        ValueError,
        KeyError,
    ):  # too many, too few or foreign arguments: somebody wrote the address
        return None


# ---- conditions


def _flag(rows: Rows, now: dt.datetime, name: str) -> Rows:
    return rows.filter(FLAGS[name])


def _column(rows: Rows, now: dt.datetime, column: str, key: str, code: str) -> Rows:
    if column not in COLUMNS:
        raise KeyError(column)
    return (
        rows.filter(manual__key=key, **{column: code}) if key else rows.filter(manual=None, **{column: code})
    )


def _unit(rows: Rows, now: dt.datetime, unit: str) -> Rows:
    return rows.filter(unit=int(unit))


def field(code: str) -> Cast:
    """A field of 登记事项 as text, compared as text and not as JSON."""
    return Cast(KeyTextTransform(code, "more"), TextField())


def _more(rows: Rows, now: dt.datetime, code: str, value: str) -> Rows:
    known = rows.alias(_said=field(code))
    return known.filter(_said=value) if value else known.filter(Q(_said=None) | Q(_said=""))


def _circumstance(rows: Rows, now: dt.datetime, key: str, code: str) -> Rows:
    mask = Value(circumstance_mask(key, code), output_field=BigIntegerField())
    known = rows.filter(manual__key=key).alias(_bits=F("circumstance_bits").bitand(mask))  # type: ignore[arg-type]
    return known.filter(_bits__gt=0)


def circumstance_mask(key: str, code: str) -> int:
    places = tags.places(key, questions.CIRCUMSTANCES)
    return 1 << places[code]


def _department(rows: Rows, now: dt.datetime, name: str) -> Rows:
    found = Q(pk=None)
    for version in regimes.versions():
        found |= Q(manual=version) & departments(inforce.manual_of(version)).condition(name)
    return rows.alias(_department=field(DEPARTMENT)).filter(found)


def _origin(rows: Rows, now: dt.datetime, name: str) -> Rows:
    found = Q(origin__in=[code for code, said in ORIGINS.items() if said == name])
    for version in regimes.versions():
        groups = origins(inforce.manual_of(version))
        here = Q(manual=version, origin="")
        if name:
            found |= here & Q(group__in=[code for code, said in groups.items() if said == name])
        else:
            found |= here & ~Q(group__in=list(groups))
    return rows.filter(found)


def late(now: dt.datetime) -> Q:
    """A duty that is late or was done late, as in `DutyQuerySet.late`."""
    return Q(due_at__lt=Coalesce("paused_at", "done_at", Value(now, output_field=DateTimeField())))


def owed(now: dt.datetime) -> QuerySet[Duty]:
    """Duties about complaints of which one can say whether they were kept: done, or late by now."""
    rows = Duty.objects.filter(subject_label=Complaint._meta.label, due_at__isnull=False)
    return rows.filter(Q(state=Duty.State.DONE) | Q(late(now), state=Duty.State.OPEN))


def _of_duty(found: QuerySet[Duty], clause: str, title: str, limit: str) -> QuerySet[Duty]:
    return found.filter(clause=clause, title=title, limit=limit)


def about(rows: Rows, found: QuerySet[Any], column: str = "subject_id") -> Rows:
    """The complaints about which there is such a row: looked up for each of few, not gathered from all."""
    return rows.filter(Exists(found.filter(**{column: OuterRef("pk")})))


def _owed(rows: Rows, now: dt.datetime, clause: str, title: str, limit: str) -> Rows:
    return about(rows, _of_duty(owed(now), clause, title, limit))


def _late(rows: Rows, now: dt.datetime, clause: str, title: str, limit: str) -> Rows:
    return about(rows, _of_duty(owed(now), clause, title, limit).filter(late(now)))


def _dated(rows: Rows, now: dt.datetime) -> Rows:
    return about(rows, owed(now))


def _overdue(rows: Rows, now: dt.datetime) -> Rows:
    return about(rows, owed(now).filter(late(now)))


def _punctual(rows: Rows, now: dt.datetime) -> Rows:
    lateness = owed(now).filter(late(now), subject_id=OuterRef("pk"))
    return _dated(rows, now).filter(~Exists(lateness))


def sent_back() -> QuerySet[Step]:
    """Steps in which a review or an approval sent the work back."""
    return Step.objects.filter(kind__in=sorted(questions.JUDGING), decision=True)


def _sent_back(rows: Rows, now: dt.datetime) -> Rows:
    return about(rows, sent_back(), "complaint")


def _improved(rows: Rows, now: dt.datetime, what: str) -> Rows:
    return about(rows, Step.objects.filter(kind__in=IMPROVING[what]), "complaint")


def _grant(rows: Rows, now: dt.datetime, kind: str, state: str) -> Rows:
    return about(rows, Grant.objects.filter(kind=kind, state=state), "complaint")


def approvals() -> QuerySet[Approval]:
    """What was put to those who approve money about a complaint, one row for each request."""
    return Approval.objects.filter(
        subject_label=Complaint._meta.label,
        ruling_id__isnull=False,
        kind__in=["complaint.compensation", "complaint.grant"],
    )


def _approved_by(rows: Rows, now: dt.datetime, clause: str, row: str) -> Rows:
    rulings = Ruling.objects.filter(question=questions.APPROVAL.name, clause=clause, row=int(row))
    return about(rows, approvals().filter(ruling_id__in=rulings.values("pk")))


def repeated(key: str, days: int) -> Q:
    """Complaints before which the same customer complained of the same item within so many days."""
    since = ExpressionWrapper(
        OuterRef("opened_at") - Value(dt.timedelta(days=days), output_field=DurationField()),
        output_field=DateTimeField(),
    )
    earlier = Complaint.objects.filter(
        customer=OuterRef("customer"),
        item=OuterRef("item"),
        manual__key=key,
        opened_at__lt=OuterRef("opened_at"),
        opened_at__gte=since,
        voided_at=None,
        joined_to=None,
    )
    return Q(manual__key=key, customer__isnull=False) & ~Q(item="") & Q(Exists(earlier))


def windows(versions: Mapping[int, str]) -> dict[str, int]:
    """Key of each manual and its window of repeated complaints; the newest version has the say."""
    found = {key: regimes.repeated_days(pk) for pk, key in versions.items()}
    return {key: days for key, days in found.items() if days is not None}


def _repeated(rows: Rows, now: dt.datetime) -> Rows:
    kept = Q(pk=None)
    for key, days in windows(regimes.versions()).items():
        kept |= repeated(key, days)
    return rows.filter(kept)


def _answered(rows: Rows, now: dt.datetime) -> Rows:
    """The customer has said how satisfied they are."""
    return rows.filter(Exists(FollowUp.objects.filter(complaint=OuterRef("pk"), satisfaction__isnull=False)))


def _dissatisfied(rows: Rows, now: dt.datetime) -> Rows:
    return queries_after.dissatisfied(rows)


_CUTS: dict[str, Callable[..., Rows]] = {
    "is": _flag,
    "col": _column,
    "unit": _unit,
    "more": _more,
    "circumstance": _circumstance,
    "department": _department,
    "origin": _origin,
    "owed": _owed,
    "late": _late,
    "dated": _dated,
    "overdue": _overdue,
    "punctual": _punctual,
    "sent-back": _sent_back,
    "improved": _improved,
    "grant": _grant,
    "approved-by": _approved_by,
    "repeated": _repeated,
    "answered": _answered,
    "dissatisfied": _dissatisfied,
}


# ---- what a manual says of departments and origins

DEPARTMENT = "responsible_department"


class Departments:
    """To which department a complaint counts: the one found responsible, else that of the item, else the handler's.

    A manual that has the field 责任部门 counts by it alone. Names are those of the manual.
    """

    def __init__(self, manual: model.Manual) -> None:
        fields = manual.lists.get(questions.FIELDS)
        self.field = next(
            (row for row in (fields.rows if fields else ()) if row.word.code == DEPARTMENT), None
        )
        options = self.field.cells["类型"].text.replace("：", ":").partition(":")[2] if self.field else ""
        chosen = manual.lists.get(options.strip())
        self.chosen = {word.code: word for word in (chosen.words if chosen else ())}
        items = manual.lists.get(questions.ITEMS)
        self.items = {
            row.word.code: row.cells["部门"].text
            for row in (items.rows if items else ())
            if "部门" in row.cells and row.cells["部门"].text not in {"", "-"}
        }
        handlers = manual.lists.get(questions.HANDLERS)
        self.handlers = {word.code: word for word in (handlers.words if handlers else ())}

    def name(self, item: str, handler: str, chosen: str | None) -> str:
        """The name by which a complaint of these values counts; "" while nobody has found it."""
        if self.field is not None:
            return self.chosen[chosen].name if chosen in self.chosen else chosen or ""
        return self.items.get(item) or (self.handlers[handler].name if handler in self.handlers else "")

    def condition(self, name: str) -> Q:
        """The complaints of this manual that count to a name; the field stands in the alias `_department`."""
        if self.field is not None:
            if not name:
                return Q(_department=None) | Q(_department="")
            codes = [code for code, word in self.chosen.items() if word.name == name]
            return Q(_department__in=codes or [name])
        of_items = [code for code, said in self.items.items() if said == name]
        of_handlers = [code for code, word in self.handlers.items() if word.name == name]
        rest = ~Q(item__in=list(self.items))
        if name:
            return Q(item__in=of_items) | (Q(handler_code__in=of_handlers) & rest)
        return ~Q(handler_code__in=list(self.handlers)) & rest


def departments(manual: model.Manual) -> Departments:
    return Departments(manual)


# Complaint.origin in the words of the report; a manual may say the same by class instead
ORIGINS = {Complaint.Origin.TENANT.value: "租户", Complaint.Origin.THEIRS.value: "客户的客户"}


def origins(manual: model.Manual) -> dict[str, str]:
    """Class of complaint to who complains (租户, 客户的客户), where the manual says so in its column 来源."""
    groups = manual.lists.get(questions.GROUPS)
    rows: Iterable[model.ListRow] = groups.rows if groups else ()
    return {
        row.word.code: row.cells["来源"].text
        for row in rows
        if "来源" in row.cells and row.cells["来源"].text not in {"", "-"}
    }
