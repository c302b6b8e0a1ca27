"""Figures by which regulations are kept stand in the service standards, and give way to a regulation's own."""

import datetime as dt
from importlib import resources

import pytest

from zhike.kernel.policy import inforce
from zhike.kernel.policy.manual.reader import read
from zhike.manuals import actions, queries
from zhike.people.tests.factories import MONDAY, cast

DAY = MONDAY.date()
STANDARDS = resources.files("zhike.manuals").joinpath("library/service-standards.md").read_text("utf-8")


def front(*lines):
    return read("\n".join(["---", "manual: m", "title: 规定", "version: 1", *lines, "---", "", "# 规定", ""]))


@pytest.fixture
def stricter(db):
    """Standards in force since Monday, with other figures than the shipped ones."""
    inforce.forget()
    people = cast()
    text = STANDARDS.replace("| 签批期限 | 3工作日 |", "| 签批期限 | 2工作日 |")
    text = text.replace("| 相同诉求相似度 | 90 |", "| 相同诉求相似度 | 未定 |")
    actions.publish_and_install(text=text, unit=people.mall, by=people.manager.party, now=MONDAY)
    return people


def test_without_standards_in_force_the_shipped_ones_hold(db):
    inforce.forget()

    assert actions.sign_within(front(), DAY) == "3工作日"
    assert queries.read_within(front(), DAY) == "7天"
    assert queries.number("公示最少件数", DAY) == 10


def test_the_standards_of_the_enterprise_hold_from_their_day(stricter):
    assert actions.sign_within(front(), DAY) == "2工作日"
    assert actions.sign_within(front(), DAY - dt.timedelta(days=1)) == "3工作日"


def test_what_a_regulation_says_itself_goes_before(stricter):
    assert actions.sign_within(front("sign_within: 1工作日"), DAY) == "1工作日"
    assert queries.read_within(front("read_within: 3天"), DAY) == "3天"
    own = read(
        STANDARDS.replace("| 签批期限 | 3工作日 |", "| 签批期限 | 5工作日 |").replace("manual: ", "manual: m")
    )
    assert queries.standing("签批期限", DAY, own).text == "5工作日"


def test_a_figure_that_is_open_or_of_another_kind_is_passed_over(stricter):
    assert queries.number("相同诉求相似度", DAY) == 90
    days = read(STANDARDS.replace("| 重复投诉天数 | 30 |", "| 重复投诉天数 | 30天 |"))
    assert queries.standing("重复投诉天数", DAY, days).text == "30"
