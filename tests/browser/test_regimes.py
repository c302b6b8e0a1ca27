"""Every regime walked in the browser from the intake form to the archive, each stage by whoever owes it."""

from dataclasses import dataclass, field

import pytest
from django.urls import reverse

from zhike.complaints import more_fields, questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_at, regime_of
from zhike.complaints.tests import regimes
from zhike.kernel import clock
from zhike.kernel.policy import inforce

from .conftest import PASSWORD, Person

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Walk:
    """One case: who works there, what the taker fills in, and what is decided with yes."""

    manual: str
    taker: str
    posts: list[str]
    item: str
    more: dict[str, str] = field(default_factory=dict)
    yes: frozenset[str] = frozenset()


WALKS = [
    Walk(
        "fruit-complaints",
        "P002-21",
        ["CHAIRMAN", "GENERAL_MANAGER", "GENERAL_OFFICE", "DEPARTMENT_HEAD", "SHOP_HEAD"],
        "SERVICE",
    ),
    Walk(
        "car-complaints",
        "CUSTOMER_CENTRE",
        ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"],
        "",
    ),
    Walk(
        "mfg-complaints",
        "MARKETING_CLERK",
        [
            "GENERAL_MANAGER",
            "MARKETING_VICE_GM",
            "MANAGEMENT_REPRESENTATIVE",
            "MARKETING_HEAD",
            "DEPARTMENT_HEAD",
            "QUALITY_HEAD",
            "QUALITY_ENGINEER",
            "SALES_REPRESENTATIVE",
        ],
        "QUALITY",
    ),
    Walk(
        "enterprise-complaints",
        "PRODUCTION_CONTROL",
        ["GENERAL_MANAGER", "QUALITY_HEAD", "MANUFACTURING_HEAD", "DEPARTMENT_HEAD", "BUSINESS_HANDLER"],
        "",
    ),
    Walk(
        "pharma-complaints",
        "MARKETING_CLERK",
        [
            "MARKETING_DIRECTOR",
            "REGION_MANAGER",
            "AREA_MANAGER",
            "BACK_OFFICE_HEAD",
            "BACK_OFFICE",
            "QUALITY_HEAD",
        ],
        "BY_DISTRICT_MANAGER",
        {"route": "SALES_DEPARTMENT"},
        frozenset({"总结"}),
    ),
]


@pytest.fixture
def house_of(transactional_db):
    """Opens the company of a walk, whose people have passwords."""
    inforce.forget()

    def open_house(walk):
        house = regimes.a_house(walk.manual, walk.posts, taker=walk.taker)
        for user in house.people.values():
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        return house

    yield open_house
    inforce.forget()


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.manual)
def test_a_case_goes_from_the_form_to_the_archive_by_the_hands_of_its_owners(
    house_of, chromium, live_server, walk
):
    house = house_of(walk)
    windows = {}

    def at_desk_of(party):
        user = next(user for user in house.people.values() if user.party_id == party.pk)
        if party.pk not in windows:
            place = len(windows)  # the first at a desk, the others by phone, in both languages
            windows[party.pk] = Person(
                chromium,
                live_server.url,
                width=1400 if place == 0 else 390,
                language="en" if place % 2 else "zh-CN",
            )
            windows[party.pk].sign_in(user.username)
        return windows[party.pk].page

    try:
        register(at_desk_of(house["taker"].party), house, walk)
        complaint = Complaint.objects.get()
        owners = []
        while complaint.is_open and len(owners) < 30:
            owners.append((complaint.stage, regimes.owner_of(complaint)))
            write_down(at_desk_of(owners[-1][1]), complaint, walk)
            complaint.refresh_from_db()
        steps = complaint.steps.select_related("by")
        assert [(step.stage, step.by) for step in steps] == owners
        assert steps.last().kind in {"summary", "archive"}
        page = at_desk_of(house["taker"].party)
        page.goto(reverse("complaints:print", args=[complaint.pk, "html"]))
        assert complaint.number in page.inner_text("body")
        assert {name: window.trouble for name, window in windows.items() if window.trouble} == {}
    finally:
        for window in windows.values():
            window.window.close()


def register(page, house, walk):
    """What the form asks for, and what this regulation adds to it."""
    regime = regime_at(house.unit.pk, clock.now())
    held = {regime.name_of(questions.ITEMS, walk.item)} | {
        regime.name_of(questions.GROUPS, regime.group_of(walk.item))
    }
    wanted = more_fields.missing(regime, walk.more, held)
    more = walk.more | {
        row.word.code: regimes.something(row, regime) for row in regime.fields if row.word.name in wanted
    }
    page.goto(reverse("complaints:new"))
    page.fill("[name=name]", "贺晓岚")
    page.fill("[name=text]", "收到的东西不对,要求处理。")
    if walk.item:
        page.select_option("[name=item]", walk.item)
    for code, value in more.items():
        control = page.locator(f"[name={more_fields.PREFIX}{code}]").first
        if control.evaluate("it => it.tagName") == "SELECT":
            control.select_option(value)
        elif control.get_attribute("type") == "checkbox":
            control.check()
        else:
            control.fill(value)
    with page.expect_navigation():  # by the form: the button moves while the preview beside it grows
        page.locator("#intake").evaluate("form => form.requestSubmit()")


def write_down(page, complaint, walk):
    regime = regime_of(complaint)
    page.goto(reverse("complaints:detail", args=[complaint.pk]))
    page.fill("#step textarea[name=text]", f"{complaint.stage}:已办。")
    if regime.decided_in(regime.stage(complaint.stage)):
        answer = complaint.stage in walk.yes
        page.locator(f"#step [name=decision][value='{int(answer)}']").check()
    with page.expect_navigation():
        page.click("#step button[type=submit]")
