"""Intake: a complaint is registered once, whatever its channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhike.complaints import more_fields, questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import Regime, regime_at
from zhike.complaints.suggest import answers as suggestions
from zhike.customers.actions import recognise_or_create
from zhike.customers.models import Customer
from zhike.kernel.audit import trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.outbox import post
from zhike.kernel.parties import bulk
from zhike.kernel.parties.held import held
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.policy.ask import rulings, the_one
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures import stages
from zhike.kernel.records import attachments, series
from zhike.kernel.worktime import calendars

from . import _common, _limits, _steps


class CannotOpen(Exception):
    """The complaint cannot be registered as given."""


def _open(
    *,
    unit: Unit,
    channel: str,
    text: str,
    by: Party,
    now: dt.datetime,
    customer: Customer | None = None,
    title: str = "",
    demand: str = "",
    origin: str = "",
    item: str = "",
    value: Decimal | None = None,
    circumstances: Iterable[str] | None = None,
    accused: Party | None = None,
    accused_level: str = "",
    happened_on: dt.date | None = None,
    more: Mapping[str, Any] | None = None,
    source: Mapping[str, str] | None = None,
    cause: str = "",
    details: str = "",
    handler: Party | None = None,
    override_reason: str = "",
    source_category: str = "",
    imported: bool = False,
    access_code: str = "",
    request_key: str | None = None,
) -> Complaint:
    """Register a complaint: circumstances are proposed from the item unless given, the manual names the
    handler (R001-113..116), the seven steps begin (R001-106), the limits of R001-108 run.

    `handler` with `override_reason` is the taker's own choice. Raises CannotOpen, NoManual, NoRow.
    """
    if not text.strip():
        raise CannotOpen(_("Say what the customer complains of."))
    if refusal := _common.in_future(happened_on, unit.pk, now):
        raise CannotOpen(refusal)
    if handler is not None and not override_reason.strip():
        raise CannotOpen(_("Say why somebody else than the manual names is to handle it."))
    regime = regime_at(unit.pk, now)
    _check_words(regime, item=item, circumstances=circumstances, accused_level=accused_level)
    if strange := more_fields.strange(regime, more or {}):
        fields = {"fields": _(", ").join(strange)}
        raise CannotOpen(_("Not a word of the list that the regulation has for it: %(fields)s.") % fields)
    origin = _origin(regime, origin, customer)
    if not imported and by.kind != Party.Kind.SYSTEM:
        _check_fields(regime, item=item, more=more or {})
        if regime.origins and not origin:
            raise CannotOpen(_("Say who complains: the tenant or a customer of the tenant."))
    complaint = Complaint(
        unit=unit,
        title=(title.strip() or _first_words(text))[:200],
        manual=regime.answer.version,
        opened_at=now,
        taker=by,
        channel=channel,
        customer=customer,
        text=text,
        demand=demand[:400],
        origin=origin,
        item=item,
        group=regime.group_of(item),
        value=value,
        accused=accused,
        accused_level=accused_level,
        happened_on=happened_on,
        source_category=source_category[:120],
        source=dict(source or {}),
        imported=imported,
        access_code=access_code,
        request_key=request_key or None,
        more={key: value for key, value in (more or {}).items() if value not in (None, "")},
    )
    limits = _rule(complaint, regime, circumstances, handler, override_reason, by=by, now=now)
    stages.begin(complaint, procedure=regime.procedure(complaint), by=by, now=now, beside=limits)
    _steps.through(complaint, regime, {"cause": cause, "details": details}, by=by, now=now)
    if complaint.handler is not None:
        _common.tell(complaint, complaint.handler, by=by, now=now, reason=complaint.text[:500])
    post.emit("case_opened", ids={"label": Complaint._meta.label, "id": complaint.pk}, at=now)
    _common.put_into_index(complaint, fresh=True)
    trail.record(
        "complaints.opened",
        subject=complaint,
        by=by,
        at=now,
        ruling=complaint.ruling,
        clause=complaint.clause,
        after={"number": complaint.number, "item": item, "value": value, "handler": complaint.handler_id},
    )
    return complaint


def _rule(
    complaint: Complaint,
    regime: Regime,
    circumstances: Iterable[str] | None,
    handler: Party | None,
    reason: str,
    *,
    by: Party,
    now: dt.datetime,
) -> list[duties.Draft]:
    """Circumstances first, then who handles: the manual's answer, or the taker's choice with a reason; then the limits.

    Sets the columns of the complaint, its key and number among them, stores the rulings; returns what will be owed.
    """
    found: list[Ruling] = []
    if circumstances is None:
        if complaint.item:
            found = _common.asked(questions.CIRCUMSTANCE, complaint, regime, by=by, now=now)
        circumstances = list(found[0].outcome.get("circumstances") or []) if found else []
    complaint.circumstances = sorted(set(circumstances))
    complaint.circumstance_bits = regime.bits(complaint.circumstances)
    found += _common.grade(complaint, regime, by=by, now=now)
    authority = rulings(
        questions.AUTHORITY,
        about=complaint,
        unit_id=complaint.unit_id,
        by=by,
        now=now,
        answer=regime.answering(questions.AUTHORITY.name),
    )
    ruling = the_one(questions.AUTHORITY, authority)
    person = handler or regime.holder_of(ruling["handler"], complaint.accused_id, now)
    if person is not None and person.pk == complaint.accused_id:
        raise CannotOpen(_("Nobody handles a complaint about themselves."))
    complaint.handler, complaint.handler_code, complaint.clause = person, ruling["handler"], ruling.clause
    complaint.override_reason = reason.strip()[:400] if handler is not None else ""
    limits = _limits.running_from(_limits.RECEIPT, complaint, regime, by=by, now=now)
    complaint.number = series.take(
        regime.number_rule,
        key=regime.number_key,
        now=now,
        tz=calendars.calendar_for(complaint.unit_id).zone,
        unit_code=complaint.unit.code,
    )
    found += [ruling, *limits]
    bulk.number(complaint, *found)
    for one in found:
        one.subject_id = complaint.pk
    bulk.add(found)
    complaint.ruling = ruling
    return _limits.drafts(limits, complaint, regime, now, _limits.received(complaint))


def _check_words(
    regime: Regime, *, item: str, circumstances: Iterable[str] | None, accused_level: str
) -> None:
    """Every word must be one of the manual's own."""
    given = [(questions.ITEMS, [item] if item else [])]
    given.append((questions.CIRCUMSTANCES, list(circumstances or [])))
    given.append((questions.LEVELS, [accused_level] if accused_level else []))
    for list_name, codes in given:
        known = {word.code for word in regime.words(list_name)}
        for code in codes:
            if code not in known:
                raise CannotOpen(
                    _("“%(word)s” is not in the list “%(list)s” of the manual.")
                    % {"word": code, "list": list_name}
                )


def _origin(regime: Regime, given: str, customer: Customer | None) -> str:
    if given and given not in dict(regime.origins):
        raise CannotOpen(
            _("“%(word)s” is not in the list “%(list)s” of the manual.")
            % {"word": given, "list": questions.ORIGINS}
        )
    return regime.origin_of(given, customer)


def _check_fields(regime: Regime, *, item: str, more: Mapping[str, Any]) -> None:
    """What the regulation wants registered has to be there, whoever registers (a customer at the portal or by e-mail cannot)."""
    held = {regime.name_of(questions.ITEMS, item), regime.name_of(questions.GROUPS, regime.group_of(item))}
    if empty := more_fields.missing(regime, more, held):
        raise CannotOpen(
            _("The regulation wants this registered: %(fields)s.") % {"fields": _(", ").join(empty)}
        )


def _first_words(text: str) -> str:
    """A title for a complaint that came without one: its first line, cut at a sentence if there is one."""
    line = " ".join(text.split())[:80]
    for mark in "。！？!?；;":
        if 4 < line.find(mark) < 40:
            return line[: line.find(mark)]
    return line if len(line) <= 40 else f"{line[:39]}…"


@held
def register(*, request_key: str | None = None, **given: Any) -> Complaint:
    """Recognise or create the customer, open the complaint and attach its files: all of it or nothing.

    `given` goes to `_register` and `_open`. A `request_key` makes a repeated call answer with the complaint of the
    first, also when both arrive at once. Raises what `_open` raises, CannotCreate and AttachmentRefusal.
    """
    try:
        with transaction.atomic(), bulk.together():
            return _register(request_key=request_key, **given)
    except IntegrityError:
        known = Complaint.objects.filter(request_key=request_key).first() if request_key else None
        if known is None:
            raise
        return known


def _register(
    *,
    unit: Unit,
    by: Party,
    now: dt.datetime,
    name: str = "",
    phone: str = "",
    files: Iterable[Any] = (),
    suggested: str = "",
    **given: Any,
) -> Complaint:
    if name.strip() or phone.strip():
        found = recognise_or_create(
            name=name, phone=phone, unit=unit, by=by, now=now, source=given["channel"]
        )
        given["customer"] = found.customer
    complaint = _open(unit=unit, by=by, now=now, **given)
    suggestions.note(complaint=complaint, proposed=suggested, by=by, now=now)
    for file in files:
        attachments.attach(subject=complaint, file=file, name=file.name, unit=unit, by=by, now=now)
    return complaint
