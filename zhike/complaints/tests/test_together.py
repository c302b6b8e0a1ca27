"""Two people at the same moment, on real transactions."""

import pytest
from django.db import connection

from zhike.complaints.models import Complaint, Fault, Penalty
from zhike.kernel.duties.tests.test_workers import together

from .factories import a_complaint, a_fault
from .mall import a_mall

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="threads share one connection to SQLite in memory"
    ),
]


@pytest.fixture
def people():
    return a_mall()


@pytest.mark.rule("R001-112")
def test_findings_about_one_person_at_once_are_counted_one_after_the_other_and_deduct_once(people):
    cases = [a_complaint(people) for _ in range(3)]

    found = together(*[lambda case=case: a_fault(people, complaint=case) for case in cases])

    assert [type(each) for each in found] == [Fault] * 3
    assert sorted(Penalty.objects.values_list("count", flat=True)) == [2, 3]  # the first has no consequence
    assert Penalty.objects.filter(deducts=True).count() == 1


def test_one_form_sent_twice_at_once_is_one_complaint(people):
    found = together(*[lambda: a_complaint(people, request_key="form 1") for _ in range(2)])

    assert [type(each) for each in found] == [Complaint, Complaint]
    assert len({each.pk for each in found}) == Complaint.objects.count() == 1
