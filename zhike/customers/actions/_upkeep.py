"""Keeping a file right: corrections, names, numbers, and looking at a full number."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhike.customers import names
from zhike.customers.dossier import facts
from zhike.customers.dossier.models import Fact
from zhike.customers.models import Customer, Phone
from zhike.kernel.audit import personal, trail
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.secret import blind_index, mask_phone, normal_phone
from zhike.kernel.search import index

LONGEST_REASON = 200
# columns that `correct` may change; those of PERSONAL are sealed in the trail
CORRECTED = (
    "kind", "name", "gender", "title", "note", "position", "dealing", "industry", "region", "owner",
)  # fmt: skip
PERSONAL = frozenset({"name", "title", "note"})


class CannotCorrect(Exception):
    """A change of the file was refused; the message is one sentence."""


class BadPhone(CannotCorrect):
    """No telephone number, or one that the customer has already."""


class NoReason(CannotCorrect):
    """A full number is shown, and a file closed, only with a reason."""


class Stale(CannotCorrect):
    """Somebody else changed the file since it was shown."""


def find_again(customer: Customer, *, fresh: bool = False) -> None:
    """Bring the search index up to date: name, pinyin, file number, title, note. Never a telephone number."""
    words = (customer.title, customer.note, customer.sort_key.replace(" ", ""), customer.initials)
    index.put(
        subject=customer,
        title=customer.name,
        body=" ".join(part for part in words if part),
        unit_id=customer.unit_id,
        secrecy=customer.secrecy,
        at=customer.created_at,
        number=customer.number,
        fresh=fresh,
    )


def phone_of(customer: Customer, number: str, *, kind: str, is_primary: bool) -> Phone:
    """A row for a number in its normal form: encrypted, with its indexes and mask; not saved."""
    return Phone(
        customer=customer,
        number=number,
        index=blind_index(number),
        last4=blind_index(number.partition(",")[0][-4:]),
        masked=mask_phone(number),
        kind=kind,
        is_primary=is_primary,
    )


def new_phone(customer: Customer, text: str, *, kind: str, is_primary: bool) -> Phone:
    """A further number. Raises BadPhone."""
    number = normal_phone(text)
    if not number:
        raise BadPhone(_("“%(text)s” is no telephone number.") % {"text": text.strip()[:30]})
    phone = phone_of(customer, number, kind=kind, is_primary=is_primary)
    try:
        with transaction.atomic():
            phone.save(force_insert=True)
    except IntegrityError as twice:
        raise BadPhone(
            _("The customer has the number %(phone)s already.") % {"phone": phone.masked}
        ) from twice
    return phone


@transaction.atomic
def correct(
    *,
    customer: Customer,
    by: Party,
    now: dt.datetime,
    revision: int | None = None,
    learned_from: str = Fact.Source.SERVICE,
    **columns: Any,
) -> Customer:
    """Change what the file says (the columns of CORRECTED); the trail keeps before and after, each is a fact.

    `revision` is what the person saw, `learned_from` where the new values come from. Nothing is written when nothing
    differs. A business keeps its position once it has one. Raises CannotCorrect, Stale.
    """
    unknown = set(columns) - set(CORRECTED)
    if unknown:
        raise TypeError(f"correct() does not change {sorted(unknown)}")
    if "name" in columns:
        columns["name"] = cleaned_name(columns["name"])
    changed = {key: value for key, value in columns.items() if getattr(customer, key) != value}
    if not changed:
        return customer
    if changed.get("position") == "":
        raise CannotCorrect(_("Say whether it is an intermediate or an end customer."))

    former = {key: getattr(customer, key) for key in changed}
    before = {key: _sealed(customer, key, value) for key, value in former.items()}
    after = {key: _sealed(customer, key, value) for key, value in changed.items()}
    _write(customer, revision, {**changed, "updated_at": now})
    facts.remember(customer, said(former))
    facts.keep(customer, said(changed), source=learned_from, by=by, now=now)
    if {"name", "kind"} & set(changed):
        Party.objects.filter(pk=customer.pk).update(name=customer.name, kind=customer.kind)
    find_again(customer)
    trail.record("customers.corrected", subject=customer, by=by, at=now, before=before, after=after)
    return customer


def said(columns: dict[str, Any]) -> dict[str, str]:
    """Columns as facts: codes and names."""
    return {
        key: value.name if isinstance(value, Party) else str(value or "") for key, value in columns.items()
    }


def _sealed(customer: Customer, key: str, value: Any) -> Any:
    if isinstance(value, Party):
        return value.pk
    return personal.sealed_value(customer.party, str(value)) if key in PERSONAL and value else value


def _write(customer: Customer, revision: int | None, changed: dict[str, Any]) -> None:
    """Compare and set, with the keys to sort and look up by."""
    person = changed.get("kind", customer.kind) == Customer.Kind.PERSON
    name = changed.get("name", customer.name)
    if {"name", "kind"} & set(changed):
        changed = {
            **changed,
            "sort_key": names.sort_key(name, person=person),
            "initials": names.initials(name, person=person),
        }
    seen = customer.revision if revision is None else revision
    rows = Customer.objects.filter(pk=customer.pk, revision=seen)
    if rows.update(**changed, revision=F("revision") + 1) == 0:
        raise Stale(_("Somebody else has changed this customer; look at the file again before saving."))
    customer.refresh_from_db()


def cleaned_name(text: str) -> str:
    """A name without line ends and double blanks. Raises CannotCorrect for none or more than 120 characters."""
    name = " ".join(text.replace("\0", "").split())
    if not name:
        raise CannotCorrect(_("Say the customer's name."))
    if len(name) > 120:
        raise CannotCorrect(_("The name has %(count)s characters; at most 120 fit.") % {"count": len(name)})
    return name


def rename(
    *, customer: Customer, name: str, by: Party, now: dt.datetime, revision: int | None = None
) -> Customer:
    """Correct the name alone."""
    return correct(customer=customer, by=by, now=now, revision=revision, name=name)


@transaction.atomic
def add_phone(
    *,
    customer: Customer,
    number: str,
    by: Party,
    now: dt.datetime,
    kind: str = Phone.Kind.MOBILE,
    learned_from: str = Fact.Source.SERVICE,
) -> Phone:
    """One more number; the first one becomes the main number. Raises BadPhone."""
    first = not Phone.objects.filter(customer=customer).exists()
    phone = new_phone(customer, number, kind=kind, is_primary=first)
    facts.keep(customer, {f"phone.{phone.pk}": phone.masked}, source=learned_from, by=by, now=now)
    Customer.objects.filter(pk=customer.pk).update(updated_at=now)
    after = {
        "phone": phone.pk,
        "number": personal.sealed_value(customer.party, str(phone.number)),
        "kind": kind,
    }
    trail.record("customers.phone_added", subject=customer, by=by, at=now, after=after)
    return phone


@transaction.atomic
def remove_phone(*, phone: Phone, by: Party, now: dt.datetime) -> bool:
    """Take a wrong number off the file; the oldest other one becomes the main number. False when it was gone."""
    customer, number, key = phone.customer, str(phone.number), phone.pk
    if Phone.objects.filter(pk=phone.pk).delete()[0] == 0:
        return False
    if phone.is_primary:
        oldest = Phone.objects.filter(customer=customer).order_by("id").values("pk")[:1]
        Phone.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).update(is_primary=True)
    facts.keep(customer, {f"phone.{key}": ""}, source=Fact.Source.OTHER, by=by, now=now)
    Customer.objects.filter(pk=customer.pk).update(updated_at=now)
    before = {"number": personal.sealed_value(customer.party, number), "kind": phone.kind}
    trail.record("customers.phone_removed", subject=customer, by=by, at=now, before=before)
    return True


@transaction.atomic
def show_phone_first(*, phone: Phone, by: Party, now: dt.datetime) -> None:
    """Make this the main number."""
    Phone.objects.filter(customer=phone.customer_id, is_primary=True).update(is_primary=False)
    Phone.objects.filter(pk=phone.pk).update(is_primary=True)
    phone.is_primary = True
    trail.record("customers.phone_first", subject=phone.customer, by=by, at=now, after={"phone": phone.pk})


@transaction.atomic
def reveal_phone(*, phone: Phone, reason: str, by: Party, now: dt.datetime) -> str:
    """The full number, for a reason that stands in the trail. Raises NoReason; then nothing is shown or written."""
    text = " ".join(reason.split())
    if not text:
        raise NoReason(_("Say why you need the full number."))
    if len(text) > LONGEST_REASON:
        raise NoReason(_("Say it in at most %(count)s characters.") % {"count": LONGEST_REASON})
    after = {"phone": phone.pk, "masked": phone.masked, "reason": text}
    trail.record("customers.phone_revealed", subject=phone.customer, by=by, at=now, after=after)
    return str(phone.number)


@transaction.atomic
def close(*, customer: Customer, reason: str, by: Party, now: dt.datetime) -> None:
    """Put the file away: it is no longer offered or recognised. Raises NoReason, Stale."""
    if not reason.strip():
        raise NoReason(_("Say why the file is closed."))
    _write(customer, None, {"state": Customer.State.CLOSED})
    after = {"state": customer.state, "reason": reason.strip()[:LONGEST_REASON]}
    trail.record("customers.closed", subject=customer, by=by, at=now, after=after)


@transaction.atomic
def reopen(*, customer: Customer, by: Party, now: dt.datetime) -> None:
    """Take a closed file out again. Raises Stale."""
    _write(customer, None, {"state": Customer.State.ACTIVE})
    trail.record("customers.reopened", subject=customer, by=by, at=now, after={"state": customer.state})
