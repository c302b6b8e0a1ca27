"""Two people at the same moment, on real transactions."""

from __future__ import annotations

import pytest
from django.db import connection

from zhike.kernel.duties.models import Duty
from zhike.kernel.duties.tests.house import MONDAY, a_house, at
from zhike.kernel.duties.tests.test_workers import together
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="threads share one connection to SQLite in memory"
    ),
]


@pytest.fixture
def asked(settings):
    settings.PARTIES_DIRECTORY = "zhike.kernel.duties.tests.house.Directory"
    house = a_house()

    def ask(rule):
        return house, approvals.request(
            subject=house.unit,
            kind="test.money",
            title="赔偿",
            levels=[approvals.Level((house.jing, house.zhang), rule=rule)],
            unit_id=house.unit.pk,
            by=house.an,
            now=MONDAY,
            limit="2工作小时",
        )

    return ask


def agree(approval, by):
    return approvals.decide(
        approval=Approval.objects.get(pk=approval.pk), decision="YES", opinion="", by=by, now=at(1)
    )


def test_of_all_who_agree_at_once_the_last_one_ends_the_line(asked):
    house, approval = asked("ALL")

    found = together(lambda: agree(approval, house.jing), lambda: agree(approval, house.zhang))

    assert [type(each) for each in found] == [Approval, Approval]
    assert Approval.objects.get().state == "APPROVED"
    assert Duty.objects.open().count() == 0


def test_of_any_who_agree_at_once_one_is_told_that_it_was_decided(asked):
    house, approval = asked("ANY")

    found = together(lambda: agree(approval, house.jing), lambda: agree(approval, house.zhang))

    assert {type(each) for each in found} == {Approval, approvals.CannotApprove}
    assert sorted(approval.steps.values_list("decision", flat=True)) == ["SKIPPED", "YES"]


def test_a_withdrawal_and_an_agreement_at_once_leave_one_outcome(asked):
    house, approval = asked("ANY")

    found = together(
        lambda: agree(approval, house.jing),
        lambda: approvals.withdraw(approval=Approval.objects.get(pk=approval.pk), by=house.an, now=at(1)),
    )

    assert sum(isinstance(each, Approval) for each in found) == 1
    assert Approval.objects.get().state in {"APPROVED", "WITHDRAWN"}
