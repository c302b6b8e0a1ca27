"""Shapes of the API of complaints: amounts are text with two decimals, moments ISO 8601 with offset."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Schema
from pydantic import AwareDatetime, ConfigDict

from zhike.kernel.policy.models import Ruling
from zhike.kernel.records.models import Attachment

from .capa.reading import Dossier
from .models import Complaint, Entry

Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class CustomerIn(Strict):
    name: str = Field("", max_length=120)
    phone: str = Field("", max_length=30)


class ComplaintIn(Strict):
    """A complaint as it is registered. Words (`item` ...) are codes of the unit's regulation, see /words."""

    unit: str = Field(..., max_length=40, description="Code of the unit")
    text: str = Field(..., min_length=1, max_length=100_000)
    title: str = Field("", max_length=200)
    demand: str = Field("", max_length=400)
    origin: str = Field(
        "", max_length=20, description="TENANT or THEIRS, where the regulation serves tenants"
    )
    item: str = Field("", max_length=40)
    value: Amount | None = Field(None, description="Yuan as text, such as “36.00”")
    circumstances: list[str] | None = Field(
        None, max_length=60, description="Left out: inferred from the item"
    )
    accused_level: str = Field("", max_length=40)
    happened_on: dt.date | None = None
    more: dict[str, bool | str | list[str]] = Field(
        default_factory=dict,
        max_length=60,
        description="Fields of the regulation's 登记事项 by their codes, see `fields` of /words: text, a day as "
        "2026-03-09, a number or an amount as text, true or false, a code of the field's `words` (its label "
        "is taken too), and where it takes `several`, a list of them",
    )
    cause: str = Field("", max_length=20_000)
    details: str = Field("", max_length=20_000)
    customer: CustomerIn | None = None


class StepIn(Strict):
    kind: str = Field(
        ..., max_length=20, description="Kind of the stage that is due: cause, details, solution ..."
    )
    text: str = Field(..., min_length=1, max_length=20_000)
    decision: bool | None = Field(None, description="Where the regulation lets somebody decide the way on")


class ReplyIn(Strict):
    text: str = Field(..., min_length=1, max_length=20_000)
    final: bool = False


class NoteIn(Strict):
    text: str = Field(..., min_length=1, max_length=20_000)


class Filters(Strict):
    state: str = "all"
    item: str = ""
    handler: str = Field("", description="Code of the post that handles")
    unit: str = ""
    opened_from: AwareDatetime | None = None
    opened_to: AwareDatetime | None = Field(None, description="End excluded")
    cursor: str = ""
    limit: int = Field(50, ge=1, le=200)


class ComplaintOut(Schema):
    number: str
    unit: str
    channel: str
    state: str
    joined_to: str | None
    title: str
    text: str
    demand: str
    origin: str
    item: str
    group: str
    circumstances: list[str]
    grade: str
    major: bool
    more: dict[str, str] = Field(
        ..., description="By code; the codes of a field that takes several are joined by 、"
    )
    value: str | None
    accused_level: str
    customer: str | None
    handler: str | None
    handler_post: str
    clause: str
    stage: str
    stage_kind: str
    happened_on: dt.date | None
    opened_at: str
    due_at: str | None
    responded_at: str | None
    solved_at: str | None
    replied_at: str | None
    closed_at: str | None
    imported: bool


class ComplaintsOut(Schema):
    items: list[ComplaintOut]
    next: str | None


class EntryOut(Schema):
    id: int
    kind: str
    text: str
    by: str | None
    at: str


class AttachmentOut(Schema):
    id: int
    name: str
    size: int
    content_type: str
    sha256: str


class FileOut(ComplaintOut):
    """One complaint with what was written and said about it."""

    steps: list[EntryOut]
    entries: list[EntryOut]
    attachments: list[AttachmentOut]


class RulingOut(Schema):
    question: str
    table: str
    clause: str
    row: int
    row_text: str
    facts: dict[str, Any]
    outcome: dict[str, Any]
    manual: str
    version: int
    asked_at: str


class RulingsOut(Schema):
    items: list[RulingOut]


class WordOut(Schema):
    code: str
    label: str


class FieldOut(Schema):
    """A field of 登记事项: what this regulation wants registered beside the usual."""

    code: str
    label: str
    kind: str = Field(..., description="text, lines, number, amount, day, yes_no, word or words")
    required: bool = Field(..., description="For every complaint; some are wanted of certain items only")
    several: bool = Field(..., description="Whether a list of words may be given")
    words: list[WordOut] = Field(
        ..., description="Those that may be chosen; empty where anything may be written"
    )


class WordsOut(Schema):
    items: list[WordOut]
    circumstances: list[WordOut]
    accused_levels: list[WordOut]
    handlers: list[WordOut]
    fields: list[FieldOut]


class ErrorBody(Schema):
    code: str
    message: str
    field: str


class ErrorOut(Schema):
    error: ErrorBody


def moment(at: dt.datetime) -> str:
    """ISO 8601 with the offset of the house."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def maybe(at: dt.datetime | None) -> str | None:
    return None if at is None else moment(at)


def out(row: Complaint) -> ComplaintOut:
    return ComplaintOut(
        number=row.number,
        unit=row.unit.code,
        channel=row.channel,
        state="void" if row.is_void else "joined" if row.is_joined else "open" if row.is_open else "closed",
        joined_to=row.joined_to.number if row.joined_to else None,
        title=row.title,
        text=row.text,
        demand=row.demand,
        origin=row.origin,
        item=row.item,
        group=row.group,
        circumstances=list(row.circumstances),
        grade=row.grade,
        major=row.major,
        more=dict(row.more),
        value=None if row.value is None else f"{row.value:.2f}",
        accused_level=row.accused_level,
        customer=row.customer.name if row.customer else None,
        handler=row.handler.name if row.handler else None,
        handler_post=row.handler_code,
        clause=row.clause,
        stage=row.stage,
        stage_kind=row.stage_kind,
        happened_on=row.happened_on,
        opened_at=moment(row.opened_at),
        due_at=maybe(row.due_at),
        responded_at=maybe(row.responded_at),
        solved_at=maybe(row.solved_at),
        replied_at=maybe(row.replied_at),
        closed_at=maybe(row.closed_at),
        imported=row.imported,
    )


def entry_out(entry: Entry) -> EntryOut:
    return EntryOut(
        id=entry.pk,
        kind=entry.kind,
        text=entry.text,
        by=entry.by.name if entry.by else None,
        at=moment(entry.at),
    )


def attachment_out(row: Attachment) -> AttachmentOut:
    return AttachmentOut(
        id=row.pk, name=row.name, size=row.size, content_type=row.content_type, sha256=row.sha256
    )


def ruling_out(row: Ruling) -> RulingOut:
    return RulingOut(
        question=row.question,
        table=row.table,
        clause=row.clause,
        row=row.row,
        row_text=row.row_text,
        facts=row.facts,
        outcome=row.outcome,
        manual=row.version.key,
        version=row.version.number,
        asked_at=moment(row.asked_at),
    )


class CapaActionOut(Schema):
    kind: str = Field(..., description="CONTAINMENT, CORRECTIVE or PREVENTIVE")
    what: str
    owner: str
    due_on: dt.date
    done_at: str | None
    evidence: str


class CapaJudgementOut(Schema):
    kind: str = Field(..., description="REVIEW, APPROVAL or EFFECT")
    round: int
    passed: bool
    reason: str
    by: str
    at: str


class CapaOut(Schema):
    number: str
    title: str
    phase: str
    round: int
    lead: str
    department: str
    root_cause: str
    whys: list[list[str]] = Field(..., description="5-why chains, each answer because of the next")
    actions: list[CapaActionOut]
    judgements: list[CapaJudgementOut]
    recurrence_of: str = Field(..., description="Number of the past case, empty if nobody confirmed one")
    lesson: str
    change: str


class CapasOut(Schema):
    items: list[CapaOut]


def capa_out(file: Dossier) -> CapaOut:
    capa = file.capa
    return CapaOut(
        number=capa.number,
        title=capa.title,
        phase=capa.phase,
        round=capa.round,
        lead=capa.lead.name,
        department=capa.department,
        root_cause=file.root_cause,
        whys=[[why.answer for why in whys] for _number, whys in file.chains],
        actions=[
            CapaActionOut(
                kind=row.kind,
                what=row.what,
                owner=file.owner_of(row),
                due_on=row.due_on,
                done_at=moment(row.done_at) if row.done_at else None,
                evidence=row.evidence,
            )
            for row in file.actions
        ],
        judgements=[
            CapaJudgementOut(
                kind=row.kind,
                round=row.round,
                passed=row.passed,
                reason=row.reason,
                by=row.by.name,
                at=moment(row.at),
            )
            for row in file.judgements
        ],
        recurrence_of=capa.recurs.number if capa.recurs else "",
        lesson=capa.lesson,
        change=capa.change,
    )
