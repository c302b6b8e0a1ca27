"""What a department sees of a customer: whole, masked or nothing, by kind of data and consent (R003-16)."""

from __future__ import annotations

from zhike.customers.models import Consent, Customer
from zhike.customers.regulation import regulation
from zhike.kernel import clock
from zhike.kernel.parties.directory import directory
from zhike.kernel.policy import ask
from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.worktime import calendars
from zhike.people.models import User

from . import questions

FULL, MASKED, NONE = "FULL", "MASKED", "NONE"
OTHER = "OTHER"


def department_of(user: User, rows: list[model.ListRow]) -> str:
    """The first department of the regulation's list one of whose posts the person holds."""
    now = clock.now()
    held = {code for code, _unit in directory().posts_of(user.pk, now)}
    for row in rows:
        words = row.cells["岗位"].text if "岗位" in row.cells else ""
        posts = {directory().post_code(word) for word in normal(words).replace("、", ",").split(",") if word}
        if held & posts:
            return row.word.code
    return rows[-1].word.code if rows else OTHER


def has_consented(customer: Customer) -> bool:
    """Whether the customer lets the house share data between departments."""
    rows = Consent.objects.filter(customer=customer, purpose=Consent.Purpose.SHARING, until=None)
    return rows.filter(is_given=True).exists() and not rows.filter(is_given=False).exists()


def view(user: User, customer: Customer, data: str) -> str:
    """What the person sees of one kind of data of the customer. Without a regulation powers alone decide."""
    now = clock.now()
    found = regulation(questions.SHARING.name, customer.unit_id, now)
    if found is None:
        return FULL
    facts = {
        "department": department_of(user, found.rows(questions.DEPARTMENTS)),
        "data": data,
        "consent": has_consented(customer),
    }
    table = found.table
    assert isinstance(table, model.DecisionTable)
    today = calendars.local_day(now, customer.unit_id)
    values = ask.read_facts(questions.SHARING, customer, facts, manual=found.manual, today=today)
    decisions = ask.decide(found.manual, table, values, today)
    return str(decisions[0].outcome["可见"]) if decisions else NONE


def sees(user: User, customer: Customer, data: str) -> bool:
    return view(user, customer, data) != NONE
