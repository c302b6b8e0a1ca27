"""A house under the handbook's regulation: its people, a case, what is written down beside its stages."""

import datetime as dt
from decimal import Decimal

from zhike.complaints import actions
from zhike.kernel import clock
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties import subjects
from zhike.people.tests.factories import MONDAY

from .regimes import a_house, opened

POSTS = ["P002-21", "P002-02", "P002-04", "QUALITY_HEAD", "GENERAL_MANAGER"]
LATER = MONDAY + dt.timedelta(days=1)


def a_handbook_house():
    with clock.at(MONDAY):
        yield a_house("handbook-complaints", POSTS, taker="P002-21")


def a_case(house):
    return opened(house, name="巫马青", phone="13912340002", item="PRODUCT", value=Decimal(800))


def agreed(case, house, *ways, yes=True):
    return actions.record_agreement(
        complaint=case,
        agreed=yes,
        ways=ways or ("EXCHANGE",),
        channel="PHONE",
        who="巫马青",
        by=house["taker"].party,
        now=MONDAY,
    )


def visit(case, house, **given):
    values = {"reached": True, "satisfaction": 4, "resolved": True} | given
    return actions.record_follow_up(complaint=case, by=house["taker"].party, now=LATER, **values)


def visits_owed(case):
    return list(Duty.objects.open().filter(**subjects.key(case), kind="complaint.follow_up"))
