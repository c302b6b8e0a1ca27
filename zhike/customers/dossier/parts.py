"""The parts of one file, each read once while a page is made."""

from __future__ import annotations

from zhike.customers.grading.models import Profile
from zhike.customers.models import Customer
from zhike.kernel.parties.held import once

from .models import Address, Consent, Contact, Fact, Identifier, Link, Need


def contacts(customer: Customer) -> list[Contact]:
    """Who acts for the customer, the main one first; telephone numbers stay encrypted in the database."""
    rows = customer.contacts.filter(left_on=None).defer("number")
    return once(("contacts", customer.pk), lambda: list(rows))


def facts(customer: Customer) -> list[Fact]:
    """What stands, by field."""
    rows = customer.facts.filter(until=None).order_by("field")
    return once(("facts", customer.pk), lambda: list(rows))


def identifiers(customer: Customer) -> list[Identifier]:
    """Numbers on papers, masked."""
    rows = customer.identifiers.defer("number")
    return once(("identifiers", customer.pk), lambda: list(rows))


def addresses(customer: Customer) -> list[Address]:
    return once(("addresses", customer.pk), lambda: list(customer.addresses.all()))


def profile(customer: Customer) -> Profile | None:
    """The figures by which the customer is classified, where anybody has counted."""
    return once(("profile", customer.pk), lambda: Profile.objects.filter(customer=customer).first())


def links(customer: Customer) -> list[Link]:
    """What the file says of other customers."""
    return list(customer.links.filter(until=None).select_related("other").order_by("kind", "id"))


def linked(customer: Customer) -> list[Link]:
    """What other files say of this customer."""
    rows = customer.linked.filter(until=None).select_related("customer").order_by("kind", "id")
    return once(("linked", customer.pk), lambda: list(rows))


def consents(customer: Customer) -> list[Consent]:
    """What stands agreed to and refused."""
    rows = customer.consents.filter(until=None).order_by("purpose", "way")
    return once(("consents", customer.pk), lambda: list(rows))


def needs_of(customer: Customer) -> list[Need]:
    """The newest needs that nobody has changed."""
    rows = customer.needs.exclude(state=Need.State.CHANGED).order_by("-at", "-id")[:20]
    return once(("needs", customer.pk), lambda: list(rows))
