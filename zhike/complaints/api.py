"""Complaints over REST: the same actions as on the pages, within the reach of the person for whom the key acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Router, UploadedFile

from zhike.channels.api import Caller, Refused, caller, list_of, once, page
from zhike.customers.actions import CannotCreate
from zhike.kernel.parties.models import Unit
from zhike.kernel.policy.ask import NoRow
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.procedures.stages import WrongStage
from zhike.kernel.records import attachments
from zhike.people import access as people

from . import access, actions, more_fields, queries, questions
from .api_shapes import (
    AttachmentOut,
    CapasOut,
    ComplaintIn,
    ComplaintOut,
    ComplaintsOut,
    CustomerIn,
    EntryOut,
    ErrorOut,
    FieldOut,
    FileOut,
    Filters,
    NoteIn,
    ReplyIn,
    RulingsOut,
    StepIn,
    WordOut,
    WordsOut,
    attachment_out,
    capa_out,
    entry_out,
    moment,
    out,
    ruling_out,
)
from .capa.reading import dossier, of_complaint
from .models import Complaint
from .regime import SEVERAL, regime_at

READ, WRITE = "complaints:read", "complaints:write"
# 类型 of a field of 登记事项, as a program reads it; what is not here is text
KINDS = {
    "多行": "lines",
    "数字": "number",
    "金额": "amount",
    "日期": "day",
    "是否": "yes_no",
    "选项": "word",
    SEVERAL: "words",
}
STATES = ("open", "closed", "void", "joined", "all")

router = Router(tags=["complaints"])


WRONG: dict[Any, Any] = dict.fromkeys((401, 403, 404, 409, 413, 422, 429), ErrorOut)


# ---- reading


@router.get("/words", response={200: WordsOut, **WRONG}, summary="Words of a unit's regulation")
def words(request: HttpRequest, unit: str) -> WordsOut:
    who = caller(request, READ)
    place = _unit(who, unit, access.SEE)
    with refusals():
        regime = regime_at(place.pk, who.now)

    def listed(name: str) -> list[WordOut]:
        return [WordOut(code=code, label=label) for code, label in regime.choices(name)]

    fields = [
        FieldOut(
            code=one.code,
            label=one.label,
            kind=KINDS.get(one.kind, "text"),
            required=one.is_required,
            several=one.kind == SEVERAL,
            words=listed(one.list_name) if one.list_name else [],
        )
        for one in more_fields.described(regime)
    ]
    return WordsOut(
        items=listed(questions.ITEMS),
        circumstances=listed(questions.CIRCUMSTANCES),
        accused_levels=listed(questions.LEVELS),
        handlers=listed(questions.HANDLERS),
        fields=fields,
    )


@router.get("", response={200: ComplaintsOut, **WRONG}, summary="Complaints, newest first")
def index(request: HttpRequest, filters: Query[Filters]) -> ComplaintsOut:
    who = caller(request, READ)
    rows = queries.complaints(access.scope(who.user))
    (state,) = list_of([filters.state], "state", STATES)
    if state == "joined":
        rows = rows.filter(joined_to__isnull=False)
    elif state != "all":
        rows = rows.filter(closed_at=None) if state == "open" else rows.exclude(closed_at=None)
        rows = rows.exclude(voided_at=None) if state == "void" else rows.filter(voided_at=None)
        rows = rows.filter(joined_to=None) if state == "closed" else rows
    rows = rows.prefetch_related("joined_to")
    for column, value in (
        ("item", filters.item),
        ("handler_code", filters.handler),
        ("unit__code", filters.unit),
        ("opened_at__gte", filters.opened_from),
        ("opened_at__lt", filters.opened_to),
    ):
        if value:
            rows = rows.filter(**{column: value})
    found = page(rows, cursor=filters.cursor, limit=filters.limit, moment="opened_at")
    return ComplaintsOut(items=[out(row) for row in found.items], next=found.next)


@router.get("/{number}", response={200: FileOut, **WRONG}, summary="One complaint")
def detail(request: HttpRequest, number: str) -> FileOut:
    who = caller(request, READ)
    complaint = _complaint(who, number)
    actions.note_reading(complaint=complaint, by=who.user.party, now=who.now, way=request.path)
    file = queries.file_of(complaint, findings=False)
    return FileOut(
        **out(complaint).dict(),
        steps=[
            EntryOut(id=step.pk, kind=step.kind, text=step.text, by=step.by.name, at=moment(step.at))
            for step in file.steps
        ],
        entries=[entry_out(entry) for entry in file.entries],
        attachments=[attachment_out(row) for row in file.attachments],
    )


@router.get("/{number}/rulings", response={200: RulingsOut, **WRONG}, summary="Every ruling, oldest first")
def rulings(request: HttpRequest, number: str) -> RulingsOut:
    complaint = _complaint(caller(request, READ), number)
    rows = queries.file_of(complaint, findings=False).rulings
    return RulingsOut(items=[ruling_out(row) for row in rows])


@router.get(
    "/{number}/corrective-actions",
    response={200: CapasOut, **WRONG},
    summary="Corrective actions of a complaint, newest first",
)
def corrective_actions(request: HttpRequest, number: str) -> CapasOut:
    complaint = _complaint(caller(request, READ), number)
    return CapasOut(items=[capa_out(dossier(capa)) for capa in of_complaint(complaint)])


# ---- writing


@router.post("", response={201: ComplaintOut, **WRONG}, summary="Register a complaint")
def register(request: HttpRequest, payload: ComplaintIn) -> HttpResponse:
    who = caller(request, WRITE)
    place = _unit(who, payload.unit, access.POWERS["take"])
    customer = payload.customer or CustomerIn(name="", phone="")
    given = payload.dict(exclude={"unit", "customer", "more"})

    def call() -> ComplaintOut:
        with refusals():
            complaint = actions.register(
                more=more_fields.from_program(regime_at(place.pk, who.now), payload.more),
                unit=place,
                by=who.user.party,
                now=who.now,
                name=customer.name,
                phone=customer.phone,
                channel=Complaint.Channel.API,
                **given,
            )
        return out(complaint)

    return once(request, call)


@router.post(
    "/{number}/steps", response={201: ComplaintOut, **WRONG}, summary="Write down the step that is due"
)
def step(request: HttpRequest, number: str, payload: StepIn) -> HttpResponse:
    who = caller(request, WRITE)
    complaint = _complaint(who, number, to="step")

    def call() -> ComplaintOut:
        with refusals():
            actions.record_step(
                complaint=complaint,
                kind=payload.kind,
                text=payload.text,
                decision=payload.decision,
                by=who.user.party,
                now=who.now,
            )
        return out(complaint)

    return once(request, call)


@router.post("/{number}/replies", response={201: EntryOut, **WRONG}, summary="Answer the customer")
def reply(request: HttpRequest, number: str, payload: ReplyIn) -> HttpResponse:
    who = caller(request, WRITE)
    complaint = _complaint(who, number, to="reply")
    return once(
        request,
        _said(
            lambda: actions.reply(
                complaint=complaint,
                text=payload.text,
                final=payload.final,
                channel=Complaint.Channel.API,
                by=who.user.party,
                now=who.now,
            )
        ),
    )


@router.post("/{number}/notes", response={201: EntryOut, **WRONG}, summary="Write an internal note")
def note(request: HttpRequest, number: str, payload: NoteIn) -> HttpResponse:
    who = caller(request, WRITE)
    complaint = _complaint(who, number, to="note")
    return once(
        request,
        _said(lambda: actions.note(complaint=complaint, text=payload.text, by=who.user.party, now=who.now)),
    )


@router.post("/{number}/attachments", response={201: AttachmentOut, **WRONG}, summary="Add a file")
def attach(request: HttpRequest, number: str, file: File[UploadedFile]) -> HttpResponse:
    who = caller(request, WRITE)
    complaint = _complaint(who, number, to="note")

    def call() -> AttachmentOut:
        with refusals():
            row = attachments.attach(
                subject=complaint,
                file=file,
                name=file.name or "",
                unit=complaint.unit,
                by=who.user.party,
                now=who.now,
            )
        return attachment_out(row)

    return once(request, call)


# ---- gates and shapes


def _unit(who: Caller, code: str, power: str) -> Unit:
    """The unit, if the person holds the power there; an unknown one gets the same answer as a foreign one."""
    unit = Unit.objects.filter(code=code, closed_on=None).first()
    if unit is None or not people.may(who.user, power, unit, now=who.now):
        raise Refused(422, "unit", _("No unit “%(code)s” lies within your reach.") % {"code": code}, "unit")
    return unit


def _complaint(who: Caller, number: str, to: str = "see") -> Complaint:
    """The gate of the pages, by number: 404 outside the scope, 403 without the power."""
    found = queries.complaints(access.scope(who.user)).filter(number=number).first()
    if found is None:
        raise Http404
    return access.complaint_for(who.user, found.pk, to)


@contextmanager
def refusals() -> Iterator[None]:
    """What an action refuses, as an answer of the API."""
    try:
        yield
    except (NoManual, NoRow) as wrong:
        raise Refused(409, "manual", str(wrong)) from wrong
    except WrongStage as wrong:
        raise Refused(409, "stage", str(wrong)) from wrong
    except actions.CannotStep as wrong:
        raise Refused(409, "step", str(wrong)) from wrong
    except attachments.TooLarge as wrong:
        raise Refused(413, "too_large", str(wrong), "file") from wrong
    except attachments.AlreadyThere as wrong:
        raise Refused(409, "already_there", str(wrong), "file") from wrong
    except attachments.AttachmentRefusal as wrong:
        raise Refused(422, "file", str(wrong), "file") from wrong
    except more_fields.Unreadable as wrong:
        raise Refused(422, "refused", str(wrong), f"more.{wrong.field}") from wrong
    except CannotCreate as wrong:
        raise Refused(422, "customer", str(wrong), "customer") from wrong
    except (actions.CannotOpen, actions.CannotReply) as wrong:
        raise Refused(422, "refused", str(wrong)) from wrong


def _said(say: Callable[[], Any]) -> Callable[[], EntryOut]:
    def call() -> EntryOut:
        with refusals():
            return entry_out(say())

    return call
