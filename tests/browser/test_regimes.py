"""Every regime walked in the browser from the intake form to the archive, by everybody whom its manual names."""

from dataclasses import dataclass, field

import pytest
from django.urls import reverse

from zhike.complaints import more_fields, questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_at, regime_of
from zhike.complaints.tests import regimes
from zhike.kernel import clock
from zhike.kernel.parties.directory import directory
from zhike.kernel.policy import inforce
from zhike.kernel.policy.inforce import table_for
from zhike.kernel.policy.manual.model import Joint

from .conftest import PASSWORD, Person

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Case:
    """What the taker fills in, in which stages yes is decided, and whether special-case warranty is applied for."""

    item: str = ""
    more: dict[str, str] = field(default_factory=dict)
    circumstances: tuple[str, ...] = ()
    value: str = ""
    yes: frozenset[str] = frozenset()
    special: bool = False


@dataclass(frozen=True)
class Walk:
    """One company: who works there, and cases that between them pass everybody whom its regulation names."""

    manual: str
    taker: str
    posts: list[str]
    cases: list[Case]


WALKS = [
    Walk(
        "mall-complaints",
        "P002-21",
        ["STORE_MANAGER", "P002-02", "P002-04"],
        [Case("PRICE", value="2000"), Case("PRICE", value="500"), Case("PRICE", value="36")],
    ),
    Walk(
        "fruit-complaints",
        "P002-21",
        ["CHAIRMAN", "GENERAL_MANAGER", "GENERAL_OFFICE", "DEPARTMENT_HEAD", "SHOP_HEAD"],
        [
            Case("SERVICE"),
            Case("GOODS", {"at_shop": "是"}, yes=frozenset({"店铺调解"})),
            Case("GOODS", circumstances=("POISONING",)),
        ],
    ),
    Walk(
        "car-complaints",
        "CUSTOMER_CENTRE",
        ["GENERAL_MANAGER", "TECHNICAL_SUPPORT", "DEALER"],
        [Case("QUALITY", special=True)],
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
        [Case("QUALITY", circumstances=("BATCH",))],
    ),
    Walk(
        "enterprise-complaints",
        "PRODUCTION_CONTROL",
        ["GENERAL_MANAGER", "QUALITY_HEAD", "MANUFACTURING_HEAD", "DEPARTMENT_HEAD", "BUSINESS_HANDLER"],
        [Case("PRODUCT_QUALITY"), Case("PRODUCT_QUALITY", {"no_loss": "是"})],
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
        [
            Case("BY_DISTRICT_MANAGER", {"route": "SALES_DEPARTMENT"}, yes=frozenset({"总结"})),
            Case("BY_DISTRICT_MANAGER", {"route": "REGION_MANAGER"}),
            Case("BY_BACK_OFFICE", {"route": "BACK_OFFICE"}),
            Case("BY_BACK_OFFICE", {"route": "BACK_OFFICE"}, circumstances=("GRAVE",)),
            Case("PRODUCT_TROUBLE", {"route": "BACK_OFFICE"}),
        ],
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


@pytest.mark.parametrize(
    "walk",
    [
        pytest.param(walk, id=walk.manual, marks=() if walk.manual == "car-complaints" else pytest.mark.walk)
        for walk in WALKS
    ],
)
def test_cases_go_from_the_form_to_the_archive_by_the_hands_of_all_whom_the_manual_names(
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
        acted = {house["taker"].party_id}
        for case in walk.cases:
            acted |= walked(at_desk_of, house, case)
        assert named(house) - acted == set()
        assert {name: window.trouble for name, window in windows.items() if window.trouble} == {}
    finally:
        for window in windows.values():
            window.window.close()


def named(house):
    """Everybody who plays a part in the stages of the regulation, or may handle by its table."""
    regime = regime_at(house.unit.pk, clock.now())
    # of several of whom any is enough, the first
    words = {
        word
        for stage in regime.answer.table.stages
        for word in (stage.owners[:1] if stage.joint is Joint.ANY else stage.owners)
    }
    table = table_for(regime.manual, questions.AUTHORITY.name)
    words |= {cell.text for row in table.rows for cell in row.outcomes}
    posts = {directory().post_code(word) for word in words - {*questions.ROLES}}
    return {house[post].party_id for post in posts}


def walked(at_desk_of, house, case):
    """One case from the form to the archive and its print; who acted in it."""
    register(at_desk_of(house["taker"].party), house, case)
    complaint = Complaint.objects.latest("pk")
    owners = []
    while complaint.is_open and len(owners) < 30:
        owner = regimes.owner_of(complaint)
        owners.append((complaint.stage, owner))
        page = at_desk_of(owner)
        if complaint.grants.filter(state="ASKED").exists() and complaint.stage == "特案裁定":
            decide(page, complaint)
        else:
            if case.special and complaint.stage == "提出方案":
                apply(page, complaint)
            write_down(page, complaint, case)
        complaint.refresh_from_db()
    steps = complaint.steps.select_related("by")
    assert [(step.stage, step.by) for step in steps] == owners
    assert steps.last().kind in {"summary", "archive"}
    page = at_desk_of(house["taker"].party)
    page.goto(reverse("complaints:print", args=[complaint.pk, "html"]))
    assert complaint.number in page.inner_text("body")
    return {owner.pk for _stage, owner in owners}


def register(page, house, case):
    """What the form asks for, and what this regulation adds to it."""
    regime = regime_at(house.unit.pk, clock.now())
    held = {regime.name_of(questions.ITEMS, case.item)} | {
        regime.name_of(questions.GROUPS, regime.group_of(case.item))
    }
    wanted = more_fields.missing(regime, case.more, held)
    more = case.more | {
        row.word.code: regimes.something(row, regime) for row in regime.fields if row.word.name in wanted
    }
    page.goto(reverse("complaints:new"))
    page.fill("[name=name]", "贺晓岚")
    page.fill("[name=text]", "收到的东西不对,要求处理。")
    if case.item:
        page.select_option("[name=item]", case.item)
    if case.value:
        page.fill("[name=value]", case.value)
    for code, value in more.items():
        control = page.locator(f"[name={more_fields.PREFIX}{code}]").first
        if control.evaluate("it => it.tagName") == "SELECT":
            control.select_option(value)
        elif control.get_attribute("type") == "checkbox":
            control.check()
        else:
            control.fill(value)
    for word in case.circumstances:
        page.locator(f"[name=circumstances][value={word}]").check()
    with page.expect_navigation():  # by the form: the button moves while the preview beside it grows
        page.locator("#intake").evaluate("form => form.requestSubmit()")


def write_down(page, complaint, case):
    regime = regime_of(complaint)
    page.goto(reverse("complaints:detail", args=[complaint.pk]))
    page.fill("#step textarea[name=text]", f"{complaint.stage}:已办。")
    if regime.decided_in(regime.stage(complaint.stage)):
        answer = complaint.stage in case.yes
        page.locator(f"#step [name=decision][value='{int(answer)}']").check()
    with page.expect_navigation():
        page.click("#step button[type=submit]")


def apply(page, complaint):
    """Special-case warranty, by the dialog's own page."""
    page.goto(reverse("complaints:ask_grant", args=[complaint.pk, "SPECIAL_CASE"]))
    for name, value in {"cost": "4200", "amount": "3000", "reason": "批次缺陷,超保两个月"}.items():
        page.fill(f"[name={name}]", value)
    with page.expect_navigation():
        page.locator("[name=reason]").evaluate("it => it.form.requestSubmit()")


def decide(page, complaint):
    """The stage has no form of its own: its owner decides the application."""
    page.goto(reverse("complaints:detail", args=[complaint.pk]))
    assert page.locator("#step").count() == 0
    page.goto(reverse("complaints:decide_grant", args=[complaint.pk, complaint.grants.get().pk]))
    page.locator("[name=agree][value='1']").check()
    page.fill("[name=opinion]", "同意")
    with page.expect_navigation():
        page.locator("[name=opinion]").evaluate("it => it.form.requestSubmit()")
