"""Two approvals of one manual that end at the same moment, on real transactions."""

from __future__ import annotations

import pytest
from django.db import connection

from zhike.complaints.tests.mall import a_mall
from zhike.kernel.duties.tests.test_workers import together
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion, UnitValues
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.manuals import actions
from zhike.people.tests.factories import MONDAY

from .test_gate import a_text, changed, decide, hand_in, the_values
from .test_gate import head as head
from .test_gate_values import NARROW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="threads share one connection to SQLite in memory"
    ),
]


@pytest.fixture
def people(transactional_db):
    inforce.forget()
    yield a_mall()
    inforce.forget()


def all_but_the_last(revision, head):
    approval = hand_in(revision, head)
    decide(approval, head)
    return approval


def test_of_a_text_and_values_that_do_not_fit_together_the_second_is_refused(people, head):
    text = all_but_the_last(a_text(people, *NARROW), head)
    values = all_but_the_last(the_values(people), head)

    found = together(
        lambda: decide(text, people.general_manager), lambda: decide(values, people.general_manager)
    )

    assert sorted(type(each).__name__ for each in found) == ["Approval", "CannotApprove"]
    assert ManualVersion.objects.count() + UnitValues.objects.count() == 2
    assert sorted(Approval.objects.values_list("state", flat=True)) == ["APPROVED", "PENDING"]


def test_a_version_published_at_the_same_moment_leaves_one_of_the_two(people, head):
    text = all_but_the_last(a_text(people), head)
    other = changed(("version: 1", "version: 2"), ("得失", "总结得失"))

    found = together(
        lambda: decide(text, people.general_manager),
        lambda: actions.publish(text=other, by=None, now=MONDAY, roles={"接待人", "处理人"}),
    )

    assert sum(isinstance(each, approvals.CannotApprove | actions.CannotPublish) for each in found) == 1
    assert ManualVersion.objects.count() == 2
