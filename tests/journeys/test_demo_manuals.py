"""What the demo shows of regulations: a version with three names, one under review, stores of their own mind, readers."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from zhike.complaints.regime import regime_at
from zhike.config.demo import enterprise, library, manuals
from zhike.config.demo.mall import Play
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy import inforce
from zhike.kernel.policy.models import ManualVersion
from zhike.manuals import queries
from zhike.manuals.models import Backtest, Reading, Revision
from zhike.people.models import business_day

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 30, 14, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = dt.timedelta(days=1)


@pytest.fixture
def house(db):
    found = enterprise.build(NOW, NOW - 300 * DAY)
    stage = Play(found, seed=1, end=NOW)
    manuals.enter(stage)
    stage.run()
    manuals.fill(found, NOW)
    library._copies(found, NOW)
    return found


@pytest.mark.rule("R002-139", "S002-05", "S002-06")
def test_the_mall_works_by_a_second_version_with_three_names_and_a_third_is_under_review(house):
    second = ManualVersion.objects.get(key=manuals.KEY, number=2)
    south, mall = house.units["south"].pk, house.units["mall"].pk

    assert second.effective_on == dt.date(2026, 9, 25)
    assert regime_at(south, NOW - 36 * DAY).answer.version.number == 1
    assert regime_at(south, NOW - 35 * DAY).answer.version.number == 2
    signed = [str(person) for person in (second.revision.prepared_by, second.revision.reviewed_by)]
    assert [*signed, str(second.revision.approved_by)] == ["周启明", "何静姝", "宋怀瑾"]
    third = Revision.objects.get(state=Revision.State.ASKED)
    assert third.base_id == second.pk
    assert "| 店长起点 | 1500元 |" in third.text
    assert set(Backtest.objects.values_list("state", flat=True)) == {Backtest.State.DONE}
    # each store its own: one in force, one from the first of next month
    today = business_day(NOW)
    assert (
        inforce.parameters_of(manuals.KEY, inforce.installed(house.units["east"].pk), today)["答复期限"]
        == "2工作日"
    )
    values = inforce.parameters_of
    assert "经理起点" not in values(manuals.KEY, inforce.installed(south), dt.date(2026, 10, 31))
    assert values(manuals.KEY, inforce.installed(south), dt.date(2026, 11, 1))["经理起点"] == "400元"
    assert not values(manuals.KEY, inforce.installed(mall), dt.date(2026, 11, 1))


def test_most_have_read_it_some_owe_it_and_one_copy_is_to_come_back(house):
    second = ManualVersion.objects.get(key=manuals.KEY, number=2)
    share = queries.share(second, business_day(NOW))

    assert share.confirmed > share.opened + share.unread > 0
    assert share.opened >= 2
    assert Duty.objects.open().filter(kind="manual.read").count() == share.all - share.confirmed
    assert Reading.objects.filter(version=second).count() == share.all - 1
    assert [(one.version.number, one.unit) for one in queries.copies_to_recall(business_day(NOW))] == [
        (1, house.units["east"])
    ]
