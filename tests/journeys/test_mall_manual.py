"""The mall's regulation, read as the installation reads it: no errors, and the answers of T001-01 and T001-02."""

import datetime as dt
from decimal import Decimal
from importlib import resources

import pytest

from zhike.complaints import questions
from zhike.kernel.policy import check
from zhike.kernel.policy.evaluate.deciding import decide
from zhike.kernel.policy.manual.model import Level
from zhike.kernel.policy.manual.reader import read

ASKED = {
    question.name: question
    for question in (
        questions.CIRCUMSTANCE,
        questions.AUTHORITY,
        questions.LIMITS,
        questions.STAGES,
        questions.PENALTY,
        questions.APPROVAL,
    )
}
DAY = dt.date(2026, 3, 9)


def library() -> str:
    return resources.files("zhike.manuals").joinpath("library/mall-complaints.md").read_text("utf-8")


def plain() -> str:
    """The manual as the description of the format prints it, without codes and without some lists."""
    return (
        resources.files("zhike.kernel.policy.tests").joinpath("manuals/mall-complaints.md").read_text("utf-8")
    )


@pytest.mark.parametrize("known", [{}, ASKED], ids=["without questions", "with questions"])
def test_the_manual_of_the_format_has_no_errors_and_no_gaps(known):
    found = read(plain(), questions=known)

    serious = {Level.ERROR, Level.GAP}
    assert [each for each in (*found.findings, *check.analyse(found)) if each.level in serious] == []


def test_a_list_that_the_manual_lacks_is_mentioned_as_information():
    found = read(plain(), questions=ASKED)

    said = [each for each in found.findings if each.message.startswith("没有清单")]
    assert {each.level for each in said} == {Level.INFO}
    assert len(said) == 4


def test_the_shipped_manual_has_no_errors_and_no_gaps():
    found = read(library(), questions=ASKED)

    assert {each.level for each in (*found.findings, *check.analyse(found))} <= {Level.INFO}


def test_a_heading_without_a_number_is_cited_by_its_title():
    found = read(library(), questions=ASKED)

    quarrel = decide(found, "处分办法", {"过失": "QUARREL", "次数": Decimal(1)}, DAY)

    assert (quarrel.clause, found.clause("总则").title) == ("总则", "总则")


@pytest.mark.rule("R001-113", "R001-114", "R001-115", "R001-116")
@pytest.mark.parametrize(
    ("value", "circumstances", "accused", "handler"),
    [
        ("2000", [], None, "STORE_MANAGER"),
        ("1999.99", [], None, "SERVICE_MANAGER"),
        ("500", [], None, "SERVICE_MANAGER"),
        ("499.99", [], None, "SERVICE_SUPERVISOR"),
        *[
            ("1", [word], None, "STORE_MANAGER")
            for word in (
                "POISONING",
                "SPOILED_FOOD",
                "SAFETY",
                "BUILDING",
                "FORKLIFT",
                "NOT_SETTLED_BELOW",
                "INSISTS_ON_MANAGER",
            )
        ],
        ("1", ["RETURN_QUARREL"], None, "SERVICE_MANAGER"),
        ("1", ["SERVICE"], None, "SERVICE_MANAGER"),
        ("1", [], "SUPERVISOR_UP", "STORE_MANAGER"),
        ("1", [], "BELOW_SUPERVISOR", "SERVICE_MANAGER"),
        (None, [], None, "SERVICE_SUPERVISOR"),
    ],
)
def test_who_handles_is_as_t001_01_says(value, circumstances, accused, handler):
    facts = {
        "货值": None if value is None else Decimal(value),
        "情形": frozenset(circumstances),
        "被投诉人": accused,
    }

    found = decide(read(library(), questions=ASKED), "处理权限", facts, DAY)

    assert found.outcome["处理人"] == handler


@pytest.mark.rule("R001-109", "R001-110", "R001-111", "R001-112")
@pytest.mark.parametrize(
    ("offence", "count", "allowance", "measure"),
    [
        ("IGNORED", 1, "DEDUCTED", "WARNING"),
        ("IGNORED", 2, "DEDUCTED", "MAJOR_DEMERIT"),
        ("IGNORED", 3, "NOT_STATED", "DISMISSAL"),
        ("IGNORED", 4, "NOT_STATED", "DISMISSAL"),
        ("COMPLAINED_OF", 1, "KEPT", "NONE"),
        ("COMPLAINED_OF", 2, "DEDUCTED", "ADMIN_WARNING"),
    ],
)
def test_penalties_are_as_t001_02_says(offence, count, allowance, measure):
    facts = {"过失": offence, "次数": Decimal(count)}

    found = decide(read(library(), questions=ASKED), "处分办法", facts, DAY)

    assert (found.outcome["当月津贴"], found.outcome["处分"]) == (allowance, measure)
