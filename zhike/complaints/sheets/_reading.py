"""What the fields of a form read from one case: its columns, 登记事项, steps, duties, approvals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from django.utils.translation import gettext as _

from zhike.complaints.capa.reading import Dossier, dossier, of_complaint
from zhike.complaints.models import Complaint, Step
from zhike.complaints.queries import File
from zhike.complaints.regime import Regime, chosen, kind_of
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.manual import model
from zhike.kernel.records.forms import Option
from zhike.kernel.records.values import number

YES_NO = (Option("是", "是", "Yes"), Option("否", "否", "No"))


@dataclass(frozen=True)
class Filled:
    """The complaint with its history, and the words of its manual."""

    file: File
    regime: Regime | None

    @property
    def complaint(self) -> Complaint:
        return self.file.complaint

    @cached_property
    def corrective(self) -> Dossier | None:
        """The newest corrective action of the case."""
        found = of_complaint(self.complaint)
        return dossier(found[0]) if found else None

    def options(self, list_name: str) -> list[Option]:
        words = self.regime.words(list_name) if self.regime else ()
        return [Option(word.code, word.name, word.en) for word in words]

    def label(self, list_name: str, code: str) -> str:
        return self.regime.label(list_name, code) if self.regime and code else code

    # ---- 登记事项

    def row(self, code: str) -> model.ListRow | None:
        rows = self.regime.fields if self.regime else ()
        return next((row for row in rows if row.word.code == code), None)

    def list_of(self, code: str) -> str:
        """The list that a field of 登记事项 chooses from, or ""."""
        row = self.row(code)
        return kind_of(row)[1] if row else ""

    def raw(self, *codes: str) -> str:
        """The first of these fields that was registered, as it is stored."""
        return next((str(self.complaint.more[code]) for code in codes if self.complaint.more.get(code)), "")

    def said(self, *codes: str) -> str:
        """The same in words."""
        code = next((code for code in codes if self.complaint.more.get(code)), "")
        text, options = self.raw(code) if code else "", self.list_of(code)
        return "、".join(self.label(options, one) for one in chosen(text)) if options else text

    # ---- steps

    def stage(self, name: str) -> model.Stage | None:
        return self.regime.stage(name) if self.regime else None

    def stage_label(self, name: str) -> str:
        return self.regime.stage_label(name) if self.regime else name

    def wanted(self, stage: str) -> list[str]:
        """What the manual wants written down in a stage (留下记录)."""
        found = self.stage(stage)
        cell = found.cells.get("留下记录") if found else None
        return [word for word in re.split("[、,，]", cell.text) if word] if cell else []

    def steps(self, kinds: Sequence[str], part: str = "", on: str = "") -> list[Step]:
        """Steps of these kinds, the first kind that has any; `part` is wanted there, `on` is the form they are kept on."""
        for kind in kinds:
            found = [step for step in self.file.steps if step.kind == kind and self.is_of(step, part, on)]
            if found:
                return found
        return []

    def is_of(self, step: Step, part: str, on: str) -> bool:
        if part and part not in self.wanted(step.stage):
            return False
        stage = self.stage(step.stage) if on else None
        return not on or (stage is not None and on in forms_of(stage))

    def part_of(self, step: Step, word: str, *, whole: bool) -> str:
        """What a record says under one of the words that its stage wants, as in 根本原因:…;纠正方案:…

        A record without any of these words is given as a whole, or not at all.
        """
        words = "|".join(map(re.escape, sorted(self.wanted(step.stage), key=len, reverse=True)))
        pieces = re.split(rf"({words})\s*[:：]", step.text) if words else [step.text]
        if len(pieces) == 1:
            return step.text if whole else ""
        said = dict(zip(pieces[1::2], pieces[2::2], strict=True))
        return said.get(word, "").strip(" \t\n;；,，、")

    def decision(self, step: Step) -> str:
        """What was decided in a step, in words: 同意, 退回, 未解决:否."""
        if step.decision is None:
            return ""
        stage = self.stage(step.stage)
        label = self.regime.decided_in(stage) if self.regime and stage else ""
        if label == "退回":
            return _("Sent back") if step.decision else _("Agreed")
        return f"{label}: {_('Yes') if step.decision else _('No')}"

    # ---- duties

    def duty(self, kinds: Sequence[str], *, limit: bool) -> Duty | None:
        """The newest duty with a date of the first kind that has any: of a limit beside the stages, or of a stage.

        One that was cancelled counts where there is no other: its date is what the manual asked for.
        """
        for kind in kinds:
            found = [duty for duty in self.dated(limit=limit) if duty.kind == f"complaint.{kind}"]
            if found:
                return max(
                    found, key=lambda duty: (duty.state != Duty.State.CANCELLED, duty.began_at, duty.pk)
                )
        return None

    def dated(self, *, limit: bool) -> list[Duty]:
        """Duties with a date; those of limits rest on a ruling."""
        return [duty for duty in self.file.duties if duty.due_at and (duty.ruling_id is not None) == limit]


def forms_of(stage: model.Stage) -> list[str]:
    """The forms that a stage names in 表单."""
    return [name.strip(" 《》") for name in stage.form.split("、") if name.strip(" -《》")]


# ---- sources of fields: data that say where a value comes from


@dataclass(frozen=True)
class More:
    """A field of 登记事项: the first of `codes` that was registered, in words or as stored."""

    codes: tuple[str, ...]
    in_words: bool = True

    def __call__(self, filled: Filled) -> str:
        return filled.said(*self.codes) if self.in_words else filled.raw(*self.codes)


@dataclass(frozen=True)
class Ticked:
    """The same for a field with boxes: nothing is ticked while nothing was registered."""

    codes: tuple[str, ...]

    def __call__(self, filled: Filled) -> list[str]:
        return chosen(filled.raw(*self.codes))


@dataclass(frozen=True)
class Figure:
    """The first of these fields of 登记事项 as a number; nothing where it is none."""

    codes: tuple[str, ...]

    def __call__(self, filled: Filled) -> Decimal | None:
        return number(filled.raw(*self.codes))


@dataclass(frozen=True)
class Choices:
    """The words among which a field of 登记事项 chooses, as boxes to tick."""

    code: str

    def __call__(self, filled: Filled) -> list[Option]:
        return filled.options(filled.list_of(self.code))


@dataclass(frozen=True)
class Words:
    """The words of a list of the manual, as boxes to tick."""

    list_name: str

    def __call__(self, filled: Filled) -> list[Option]:
        return filled.options(self.list_name)


@dataclass(frozen=True)
class Column:
    """A column of the complaint; of a person or customer the name."""

    name: str

    def __call__(self, filled: Filled) -> Any:
        found = getattr(filled.complaint, self.name)
        return getattr(found, "name", found)


@dataclass(frozen=True)
class Flag:
    """A yes or no of the complaint as 是 or 否; neither while it is not known."""

    name: str

    def __call__(self, filled: Filled) -> list[str]:
        found = getattr(filled.complaint, self.name)
        return [] if found is None else ["是" if found else "否"]


@dataclass(frozen=True)
class Written:
    """The last step of the first of `kinds` that there is: its text, when, by whom, or both as a signature.

    `part` is the word of 留下记录 that is wanted, `on` the form that the stage names. `whole` gives a record that
    does not use the manual's words as it stands.
    """

    kinds: tuple[str, ...]
    what: Literal["text", "at", "by", "sign"] = "text"
    part: str = ""
    on: str = ""
    whole: bool = True

    def __call__(self, filled: Filled) -> str | dt.datetime | dict[str, Any]:
        found = filled.steps(self.kinds, self.part, self.on)
        if not found:
            return {"name": "", "at": ""} if self.what == "sign" else ""
        last = found[-1]
        if self.what == "at":
            return last.at
        if self.what == "by":
            return last.by.name
        if self.what == "sign":
            return {"name": last.by.name, "at": last.at}
        return filled.part_of(last, self.part, whole=self.whole) if self.part else last.text


@dataclass(frozen=True)
class Either:
    """The first of these sources that says something."""

    sources: tuple[Any, ...]

    def __call__(self, filled: Filled) -> Any:
        return next((said for source in self.sources if (said := source(filled))), "")


@dataclass(frozen=True)
class Owed:
    """The duty of the first of `kinds` that has one: when it is due, when it was done, who owes it.

    `limit` is one that runs beside the stages, such as the answer within three working days.
    """

    kinds: tuple[str, ...]
    what: Literal["due", "done", "owner"] = "due"
    limit: bool = False

    def __call__(self, filled: Filled) -> str | dt.datetime | None:
        found = filled.duty(self.kinds, limit=self.limit)
        if found is None:
            return ""
        if self.what == "owner":
            person = found.done_by or found.owner
            return person.name if person else ""
        return found.due_at if self.what == "due" else found.done_at


@dataclass(frozen=True)
class Said:
    """What was last said of this kind: to the customer (REPLY) or by the customer (CUSTOMER)."""

    kind: str

    def __call__(self, filled: Filled) -> str:
        found = [entry.text for entry in filled.file.entries if entry.kind == self.kind]
        return found[-1] if found else ""


@dataclass(frozen=True)
class Records:
    """Steps as lines of a table, each with its stage; all of them, or those of some kinds and of one form."""

    kinds: tuple[str, ...] = ()
    on: str = ""

    def __call__(self, filled: Filled) -> list[dict[str, Any]]:
        return [
            {
                "stage": filled.stage_label(step.stage),
                "text": step.text,
                "decision": filled.decision(step),
                "by": step.by.name,
                "at": step.at,
                "due": _due_of(step, filled.file.duties),
            }
            for step in filled.file.steps
            if (not self.kinds or step.kind in self.kinds) and filled.is_of(step, "", self.on)
        ]


def _due_of(step: Step, duties: Sequence[Duty]) -> dt.datetime | None:
    """When the stage of a step was due: of the duties that were done with it the last that began before."""
    found = [
        duty
        for duty in duties
        if duty.title == step.stage and duty.began_at <= step.at and (duty.done_at or step.at) <= step.at
    ]
    return max(found, key=lambda duty: (duty.began_at, duty.pk)).due_at if found else None


def decisions(filled: Filled) -> list[dict[str, Any]]:
    """Every person's decision in the approvals of the case (compensation and the like), as lines of a table."""
    return [
        {
            "stage": approval.title,
            "amount": approval.amount,
            "text": step.opinion,
            "decision": step.get_decision_display(),
            "by": (step.deputy or step.approver).name,
            "at": step.decided_at,
        }
        for approval in filled.file.approvals
        for step in approval.steps.all()
    ]


def files(filled: Filled) -> str:
    return "、".join(file.name for file in filled.file.attachments)


def evidence(filled: Filled) -> str:
    """What the registration and the steps say of evidence, and the names of the files."""
    part = Written(("check", "details", "investigation"), part="证据", whole=False)(filled)
    return "\n".join(text for text in (filled.said("evidence"), str(part), files(filled)) if text)


def phone(filled: Filled) -> str:
    customer = filled.complaint.customer
    first = customer.phones.order_by("-is_primary", "id").first() if customer else None
    return first.masked if first else ""


def class_of(filled: Filled) -> str:
    """Class and item, such as 生产环节 / 产品质量."""
    return " / ".join(label for label in (group(filled), item(filled)) if label)


def group(filled: Filled) -> str:
    return filled.label("投诉大类", filled.complaint.group)


def item(filled: Filled) -> str:
    return filled.label("投诉项目", filled.complaint.item)


def limit(filled: Filled) -> dt.datetime | None:
    """When the last of the limits of the case is due; without limits the next date."""
    return max(
        (duty.due_at for duty in filled.dated(limit=True) if duty.due_at), default=filled.complaint.due_at
    )


def state(filled: Filled) -> str:
    if filled.complaint.is_void:
        return _("Void")
    if (main := filled.complaint.joined_to) is not None:
        return _("Joined to %(number)s") % {"number": main.number}
    return filled.stage_label(filled.complaint.stage) if filled.complaint.is_open else _("Closed")
