"""Requests of a person about their data: a copy, a correction, erasure, withdrawal of consent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhike.channels.models import InboundMail
from zhike.customers.credit import queries as credit
from zhike.customers.models import Archive, Consent, CreditSurvey, Customer, Promise, RightsRequest
from zhike.customers.privacy import holdings, queries, questions
from zhike.customers.regulation import holder, regulation
from zhike.kernel.audit import personal, trail
from zhike.kernel.duties import actions as duties
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.parties.models import Party
from zhike.kernel.policy import ask
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.records import attachments, series
from zhike.kernel.records.models import Attachment, Record
from zhike.kernel.search import index
from zhike.kernel.worktime import arithmetic, calendars

KIND = "privacy.answer"
NUMBERS = "QL-{yyyy}-{seq:04}"
KEEPING = "交易资料保存期限"


class CannotAnswer(Exception):
    """The request stays open; the message is one sentence."""


@transaction.atomic
def receive(
    *, customer: Customer, kind: str, identity: str, by: Party, now: dt.datetime, text: str = ""
) -> RightsRequest:
    """Enter a request of a person who was recognised; the answer is owed within the limit. Raises CannotAnswer."""
    if not identity.strip():
        raise CannotAnswer(_("Say how the person was recognised."))
    if kind == RightsRequest.Kind.CORRECT and not text.strip():
        raise CannotAnswer(_("Say what is to be corrected."))
    try:
        ruling = ask.ask(
            questions.RIGHT, about=customer, unit_id=customer.unit_id, by=by, now=now, facts={"kind": kind}
        )
    except (NoManual, ask.NoRow) as missing:
        raise CannotAnswer(str(missing)) from missing
    calendar = calendars.calendar_for(customer.unit_id)
    limit = ruling.outcome["limit"]
    row = RightsRequest(
        number=series.take(NUMBERS, key="rights", now=now, tz=calendar.zone),
        customer=customer,
        kind=kind,
        text=text.strip(),
        identity=identity.strip()[:200],
        received_at=now,
        by=by,
        due_at=calendars.due_at(calendar, now, limit),
        clause=ruling.clause,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as open_one:
        raise CannotAnswer(_("The same request of this customer is open already.")) from open_one
    draft = duties.Draft(
        kind=KIND,
        title="答复个人信息请求",
        title_en="Answer a request about personal data",
        owner=holder("P002-22", customer.unit_id, now) or by,
        began_at=now,
        limit=limit,
        clause=ruling.clause,
        version_id=ruling.version_id,
        ruling_id=ruling.pk,
    )
    duties.open_duties(
        [draft],
        subject=row,
        unit_id=customer.unit_id,
        matter=f"{row.number} {row.get_kind_display()}",
        customer_id=customer.pk,
        secrecy=customer.secrecy,
    )
    _record("received", row, by=by, now=now, kind=kind)
    return row


def _end(row: RightsRequest, state: str, answer: str, *, by: Party, now: dt.datetime) -> None:
    if not answer.strip():
        raise CannotAnswer(_("Write down the answer."))
    rows = RightsRequest.objects.filter(pk=row.pk, state=RightsRequest.State.OPEN)
    if not rows.update(state=state, answer=answer.strip(), ended_at=now, ended_by=by):
        raise CannotAnswer(_("This request was answered already."))
    row.refresh_from_db()
    duties.discharge(subject=row, kinds=[KIND], by=by, now=now)


@transaction.atomic
def answer(*, row: RightsRequest, text: str, by: Party, now: dt.datetime) -> RightsRequest:
    """A copy was given, or the file was corrected. Erasure and withdrawal have verbs of their own."""
    if row.kind not in {RightsRequest.Kind.COPY, RightsRequest.Kind.CORRECT}:
        raise CannotAnswer(_("This request is answered by doing what it asks."))
    _end(row, RightsRequest.State.GRANTED, text, by=by, now=now)
    _record("answered", row, by=by, now=now)
    return row


@transaction.atomic
def refuse(*, row: RightsRequest, text: str, by: Party, now: dt.datetime) -> RightsRequest:
    """The person is told why not."""
    _end(row, RightsRequest.State.REFUSED, text, by=by, now=now)
    _record("refused", row, by=by, now=now, why=text.strip()[:200])
    return row


@transaction.atomic
def copy_made(*, row: RightsRequest, fmt: str, by: Party, now: dt.datetime) -> None:
    """Enter in the log that a copy of everything about the person was made."""
    trail.record(
        "customers.copied", subject=row.customer, by=by, at=now, after={"way": fmt, "request": row.number}
    )


@transaction.atomic
def withdraw_consent(
    *, row: RightsRequest, purposes: Sequence[str], by: Party, now: dt.datetime
) -> RightsRequest:
    """The consents end at once, and a refusal takes their place that binds every campaign. Raises CannotAnswer."""
    if row.kind != RightsRequest.Kind.WITHDRAW:
        raise CannotAnswer(_("This request asks for something else."))
    if not purposes:
        raise CannotAnswer(_("Choose what the consent is withdrawn for."))
    customer = row.customer
    Consent.objects.filter(customer=customer, purpose__in=list(purposes), until=None).update(until=now)
    Consent.objects.bulk_create(
        Consent(
            customer=customer, purpose=purpose, is_given=False, since=now, source="SERVICE",
            evidence=row.number, by=by,
        )
        for purpose in purposes
    )  # fmt: skip
    labels = dict(Consent.Purpose.choices)
    said = "、".join(str(labels[purpose]) for purpose in purposes)
    _end(row, RightsRequest.State.GRANTED, _("Withdrawn: %(purposes)s") % {"purposes": said}, by=by, now=now)
    _record("consent_withdrawn", row, by=by, now=now, purposes=list(purposes))
    return row


# ---- erasure


def refusal(customer: Customer, now: dt.datetime, *, besides: RightsRequest | None = None) -> str:
    """Why the customer cannot be made anonymous yet, in one sentence; "" where nothing stands against it."""
    found = (_refusal(file, now, besides) for file in queries.with_merged(customer))
    return next(filter(None, found), "")


def _refusal(customer: Customer, now: dt.datetime, besides: RightsRequest | None) -> str:
    for holding in holdings.all_holdings():
        if why := holding.blocks(customer, now):
            return why
    owed = credit.open_balance(customer)
    if owed > 0:
        return _("%(owed)s yuan are still owed.") % {"owed": f"{owed:,.2f}"}
    if Promise.objects.filter(customer=customer, state=Promise.State.OPEN).exists():
        return _("A promise to the customer is still open.")
    if CreditSurvey.objects.filter(customer=customer, ended_at=None).exists():
        return _("A credit survey of the customer is under way.")
    today = calendars.local_day(now, customer.unit_id)
    kept = Archive.objects.filter(customer=customer).exclude(state=Archive.State.DESTROYED).first()
    if kept is not None:
        until = kept.keep_until
        if until is None or until >= today:
            said = {"number": kept.number, "day": until or "—"}
            return _("Archive %(number)s has to be kept until %(day)s.") % said
        return _("Archive %(number)s has to be destroyed first.") % {"number": kept.number}
    others = customer.rights_requests.filter(state=RightsRequest.State.OPEN)
    if others.exclude(pk=besides.pk if besides is not None else 0).exists():
        return _("Another request of the customer is open.")
    return _of_trade(customer, now, today)


def _of_trade(customer: Customer, now: dt.datetime, today: dt.date) -> str:
    """Records of trade are kept for a time after the last one."""
    last = customer.sales.order_by("-on").values_list("on", flat=True).first()
    found = regulation(questions.RIGHT.name, customer.unit_id, now)
    limit = found.limit(KEEPING) if found is not None else ""
    if last is None or not limit:
        return ""
    calendar = calendars.calendar_for(customer.unit_id)
    begin = dt.datetime.combine(last, dt.time(12), tzinfo=calendar.zone)
    until = arithmetic.local_date(calendars.due_at(calendar, begin, limit), calendar.tz)
    if until < today:
        return ""
    return _("Records of trade have to be kept until %(day)s.") % {"day": until}


@transaction.atomic
def erase(*, row: RightsRequest, by: Party, now: dt.datetime) -> Counter[str]:
    """Make the person unknown for good, with every file that was merged into theirs; cases, figures and rulings stay. Raises CannotAnswer with the reason.

    Names, numbers and texts go out of tables, search, mails and files, and the key of the person is destroyed, so
    that what the audit trail has sealed cannot be read by anybody any more.
    """
    if row.kind != RightsRequest.Kind.ERASE:
        raise CannotAnswer(_("This request asks for something else."))
    customer = row.customer
    if why := refusal(customer, now, besides=row):
        raise CannotAnswer(why)
    files = queries.with_merged(customer)
    words = frozenset[str]().union(*map(known_by, files))
    counted: Counter[str] = Counter()
    for file in files:
        for holding in holdings.all_holdings():
            counted[holding.key] += holding.erase(file, words, now)
        counted += holdings.empty(file)
        _forget_sheets(file)
        _forget(file, words, now)
    _end(row, RightsRequest.State.GRANTED, _("The person was made anonymous."), by=by, now=now)
    trail.record(
        "customers.erased",
        subject=customer,
        by=by,
        at=now,
        clause="五(二)",
        after={"request": row.number, "rows": dict(counted)},
    )
    return counted


def known_by(customer: Customer) -> frozenset[str]:
    """The words by which texts may name the person."""
    found = {customer.name, *(str(phone.number) for phone in customer.phones.all())}
    found |= {str(one.number) for one in customer.identifiers.all()}
    for contact in customer.contacts.all():
        found |= {contact.name, str(contact.number or ""), contact.email}
    found |= {one.text for one in customer.addresses.all()}
    return frozenset(word.partition(",")[0] for word in found if len(word) > 1)


def _forget(customer: Customer, words: frozenset[str], now: dt.datetime) -> None:
    """The customer's own row, the party, the search, duties, messages, mails, files, and the key."""
    name = _("Anonymised customer %(number)s") % {"number": customer.number}
    state = {} if customer.state == Customer.State.MERGED else {"state": Customer.State.CLOSED}
    Customer.objects.filter(pk=customer.pk).update(
        name=name, sort_key="", initials="", title="", note="", gender="", region="", industry="", more={},
        verified_on=None, verified_by=None, is_key=False, **state,
    )  # fmt: skip
    Party.objects.filter(pk=customer.pk).update(name=name)
    customer.refresh_from_db()
    index.drop(customer)
    Duty.objects.filter(customer=customer.pk, subject_label__startswith="customers.").update(matter=name)
    label = Customer._meta.label
    Message.objects.filter(subject_label=label, subject_id=customer.pk).update(title=name, body="", params={})
    forget_mails(InboundMail.objects.filter(party=customer.pk), words)
    forget_files(Attachment.objects.filter(subject_label=label, subject_id=customer.pk), now)
    personal.destroy_key(customer.party, now)


def _forget_sheets(customer: Customer) -> None:
    """What was filled into forms about the customer; number, state and signatures stay."""
    Record.objects.filter(subject_label=Customer._meta.label, subject_id=customer.pk).update(data={})


def forget_mails(mails: QuerySet[InboundMail], words: frozenset[str]) -> int:
    """Empty mails of a person: sender, subject, and the mail as it came."""
    count = 0
    for mail in mails:
        others = InboundMail.objects.filter(raw=mail.raw).exclude(pk=mail.pk)
        if not others.exists() and mail.raw:
            attachments.path_of(mail.raw).unlink(missing_ok=True)
        InboundMail.objects.filter(pk=mail.pk).update(
            sender="", sender_name="", subject=holdings.cleaned(mail.subject, words), detail=""
        )
        count += 1
    return count


def forget_files(files: QuerySet[Attachment], now: dt.datetime) -> int:
    """Take files off and delete their bytes, unless another subject has the same ones."""
    count = 0
    for file in files:
        others = Attachment.objects.filter(sha256=file.sha256).exclude(pk=file.pk)
        if not others.exists():
            attachments.path_of(file.sha256).unlink(missing_ok=True)
        Attachment.objects.filter(pk=file.pk).update(
            name="—", removed_at=now, removal_reason=_("erased on request"), note=""
        )
        count += 1
    return count


def _record(verb: str, row: RightsRequest, *, by: Party, now: dt.datetime, **after: object) -> None:
    trail.record(
        f"customers.rights_{verb}",
        subject=row,
        by=by,
        at=now,
        after={"customer": row.customer_id, **after},
        unit_id=row.customer.unit_id,
        secrecy=row.customer.secrecy,
    )
