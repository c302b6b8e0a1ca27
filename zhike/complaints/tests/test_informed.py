"""知会: whom a regulation wants informed when a stage is entered."""

from importlib import resources

import pytest
from django.urls import reverse
from django.utils import translation

from zhike.complaints import actions, questions
from zhike.complaints.models import Complaint
from zhike.kernel import clock
from zhike.kernel.outbox.models import Message
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY, a_company, a_user, appoint

from .factories import browser
from .regimes import a_house, opened

pytestmark = pytest.mark.django_db
POSTS = ["MARKETING_VICE_GM", "MARKETING_HEAD", "QUALITY_HEAD"]


@pytest.fixture
def house(db):
    with clock.at(MONDAY):
        yield a_house("mfg-complaints", POSTS)


def told():
    rows = Message.objects.filter(kind="stage.informed").select_related("to")
    return [(row.to.name, row.clause, row.email_state) for row in rows]


@pytest.mark.rule("R001-173", "S001-063")
def test_the_vice_general_manager_is_informed_when_a_complaint_is_registered(house):
    complaint = opened(house)

    assert told() == [(house["MARKETING_VICE_GM"].party.name, "5.1.1", "WAITING")]
    message = Message.objects.get(kind="stage.informed")
    with translation.override("zh-hans"):
        assert message.heading == f"知会：{complaint.matter}，已到“登记”"
    with translation.override("en"):
        assert message.heading == f"For your information, now at “Register”: {complaint.matter}"


def test_who_acts_and_who_is_complained_of_are_not_informed(house):
    chief = house["MARKETING_VICE_GM"].party

    opened(house, by=chief)
    opened(house, accused=chief)

    assert told() == []


def test_who_is_informed_reads_the_case_wherever_it_lies_unless_it_is_confidential(house):
    elsewhere = a_user("外", username="outside", unit=a_company("别家", code="other"))
    appoint(elsewhere, "MARKETING_VICE_GM", house.unit)
    complaint = opened(house)
    assert len(told()) == 2
    page = reverse("complaints:detail", args=[complaint.pk])
    assert browser(elsewhere).get(page).status_code == 200

    actions.make_confidential(
        complaint=Complaint.objects.get(),
        persons=[],
        by=house["MARKETING_CLERK"].party,
        now=MONDAY,
        reason="保密",
    )
    assert browser(elsewhere).get(page).status_code == 404


def test_an_unknown_post_is_refused_where_it_stands(house):
    text = resources.files("zhike.manuals").joinpath("library/mfg-complaints.md").read_text("utf-8")
    wrong = text.replace("| 接待人 | - | 营销副总 |", "| 接待人 | - | 营销副总、销售大王 |")

    found = manuals.examine(wrong, roles=questions.ROLES).findings

    (finding,) = [one for one in found if one.level.value == "error"]
    assert finding.message == "“销售大王”既不是本案的角色，也不是岗位"
    assert wrong.splitlines()[finding.line - 1].startswith("| 登记 |")
