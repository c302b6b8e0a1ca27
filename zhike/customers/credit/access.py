"""Who may see and do what with credit. Seeing the customer comes first; a customer out of sight is a 404."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from zhike.customers import access as customers
from zhike.customers.models import CreditChange, CreditRating, CreditRisk, CreditSurvey, Customer
from zhike.people.access import may, scope_of
from zhike.people.models import User

from . import queries

M = TypeVar("M", bound=Model)
SEE, SURVEY, SIGN, APPROVE, OVERRIDE = (
    "credit.see",
    "credit.survey",
    "credit.sign",
    "credit.approve",
    "credit.override",
)
# who signs in which state of the survey
SIGNS = {
    CreditSurvey.State.DRAFT: SURVEY,
    CreditSurvey.State.REVIEW: SIGN,
    CreditSurvey.State.APPROVAL: APPROVE,
}


@dataclass(frozen=True)
class MayCredit:
    survey: bool  # fill in, enter changes, risks, sales, payments
    decide: bool  # review changes, end risks, take guarantees
    override: bool


def customer_for(user: User, pk: int, *, to: str = SEE) -> Customer:
    """The customer, for somebody who may see credit and do this."""
    customer = customers.customer_for(user, pk)
    for power in {SEE, to}:
        if not may(user, power, customer.unit_id):
            raise PermissionDenied(power)
    return customer


def may_do(user: User, customer: Customer) -> MayCredit:
    unit = customer.unit_id
    return MayCredit(may(user, SURVEY, unit), may(user, SIGN, unit), may(user, OVERRIDE, unit))


def sees(user: User, customer: Customer) -> bool:
    return may(user, SEE, customer.unit_id)


def _one(user: User, rows: QuerySet[M], pk: int, to: str) -> M:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    if to != SEE and not may(user, to, found.customer.unit_id):  # type: ignore[attr-defined]
        raise PermissionDenied(to)
    return found


def survey_for(user: User, pk: int, *, to: str = SEE) -> CreditSurvey:
    return _one(user, queries.surveys(scope_of(user, SEE)), pk, to)


def survey_to_sign(user: User, pk: int) -> CreditSurvey:
    """The survey, for somebody who may put the signature that is due."""
    survey = survey_for(user, pk)
    power = SIGNS.get(survey.state)  # type: ignore[call-overload]
    if power is None or not may(user, power, survey.customer.unit_id):
        raise PermissionDenied(power or APPROVE)
    return survey


def may_sign(user: User, survey: CreditSurvey) -> bool:
    power = SIGNS.get(survey.state)  # type: ignore[call-overload]
    if power is None or not may(user, power, survey.customer.unit_id):
        return False
    return not survey.signatures.filter(round=survey.round, by=user.pk).exists()


def rating_for(user: User, pk: int, *, to: str = SIGN) -> CreditRating:
    return _one(user, queries.ratings(scope_of(user, SEE)), pk, to)


def change_for(user: User, pk: int, *, to: str = SIGN) -> CreditChange:
    return _one(user, queries.changes(scope_of(user, SEE)), pk, to)


def risk_for(user: User, pk: int, *, to: str = SURVEY) -> CreditRisk:
    return _one(user, queries.risks(scope_of(user, SEE)), pk, to)
