"""D20: numbered cases, duties of four departments, a sheet where nothing was lost, days by country, approval."""

from decimal import Decimal
from importlib import resources

import pytest

from zhike.complaints import actions, questions
from zhike.complaints.models import Complaint
from zhike.complaints.more_fields import form_fields
from zhike.complaints.regime import regime_at, regime_of
from zhike.kernel.duties.escalation import Ladders
from zhike.kernel.duties.models import Duty
from zhike.kernel.policy.ask import ask, typed
from zhike.kernel.policy.evaluate import deciding
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY

from .factories import at
from .regimes import a_house, limits, opened, owner_of, step, walked

pytestmark = pytest.mark.django_db
KEY = "enterprise-complaints"
POSTS = ["GENERAL_MANAGER", "QUALITY_HEAD", "MANUFACTURING_HEAD", "DEPARTMENT_HEAD", "BUSINESS_HANDLER"]
CASE = [
    ("立案", "PRODUCTION_CONTROL"),
    ("业务查明", "BUSINESS_HANDLER"),
    ("内容审核", "PRODUCTION_CONTROL"),
    ("品质调查", "QUALITY_HEAD"),
    ("制造调查", "MANUFACTURING_HEAD"),
    ("责任人员", "QUALITY_HEAD"),
    ("责任判定", "PRODUCTION_CONTROL"),
    ("拟定对策", "QUALITY_HEAD"),
    ("拟定对策", "MANUFACTURING_HEAD"),
    ("处理方式", "PRODUCTION_CONTROL"),
    ("处理核决", "GENERAL_MANAGER"),
    ("检验确认", "QUALITY_HEAD"),
    ("改善提案", "PRODUCTION_CONTROL"),
    ("执行改善", "MANUFACTURING_HEAD"),
    ("效果确认", "PRODUCTION_CONTROL"),
    ("转达结果", "BUSINESS_HANDLER"),
    ("客户意见", "PRODUCTION_CONTROL"),
    ("结案", "PRODUCTION_CONTROL"),
]
SHEET = [
    ("立案", "PRODUCTION_CONTROL"),
    ("业务查明", "BUSINESS_HANDLER"),
    ("异常处理", "BUSINESS_HANDLER"),
    ("部门改善", "DEPARTMENT_HEAD"),
    ("转达结果", "BUSINESS_HANDLER"),
    ("客户意见", "PRODUCTION_CONTROL"),
    ("结案", "PRODUCTION_CONTROL"),
]


@pytest.fixture
def house(db):
    return a_house(KEY, POSTS, taker="PRODUCTION_CONTROL")


def by_post(house, complaint, until=""):
    """Stage and post of every record up to a stage, or to the end."""
    posts = {user.party: post for post, user in house.people.items() if post != "taker"}
    found = []
    while complaint.is_open and complaint.stage != until:
        found.append((complaint.stage, posts[owner_of(complaint)]))
        step(complaint)
    return found


def set_value(house, **values):
    manuals.set_parameters(key=KEY, unit=house.unit, values=values, by=house["taker"].party, now=MONDAY)


# ---- the way of a case


@pytest.mark.rule("T001-13", "R001-227", "R001-228", "R001-229")
def test_a_case_goes_through_the_duties_of_the_four_departments(house):
    complaint = opened(house, item="PRODUCT_QUALITY")

    assert by_post(house, complaint) == CASE
    assert complaint.closed_at is not None


@pytest.mark.rule("T001-13")
def test_the_matrix_of_duties_names_every_department_s_part(house):
    table = regime_at(house.unit.pk, MONDAY).manual.lists["职责分工"]
    parts = {
        name: [row.word.code for row in table.rows if row.cells[name].text != "-"]
        for name in ("业务部", "质量管理部", "总经理室生产管理室", "制造部")
    }

    assert parts == {
        "业务部": ["CHECK", "INVESTIGATE", "PASS_ON"],
        "质量管理部": ["INVESTIGATE", "PERSONS", "HANDLING", "INSPECT", "IMPROVE"],
        "总经理室生产管理室": [
            "OPEN",
            "CHECK",
            "INVESTIGATE",
            "PERSONS",
            "HANDLING",
            "IMPROVE",
            "LIMITS",
            "PASS_ON",
            "OPINIONS",
        ],
        "制造部": ["INVESTIGATE", "PERSONS", "HANDLING", "IMPROVE"],
    }


@pytest.mark.rule("R001-228")
def test_the_general_manager_s_office_sends_back_what_does_not_convince(house):
    complaint = opened(house)
    walked(complaint, until="内容审核")
    assert step(complaint, decision=True) == "业务查明"

    walked(complaint, until="责任判定")
    assert step(complaint, decision=True) == "责任人员"

    walked(complaint, until="效果确认")
    assert step(complaint, decision=True) == "改善提案"
    walked(complaint, until="效果确认")
    assert step(complaint, decision=False) == "转达结果"


@pytest.mark.rule("R001-226", "F001-60")
def test_business_checks_order_material_quantity_shipping_demand_and_reason(house):
    complaint = opened(house)
    walked(complaint, until="业务查明")
    assert owner_of(complaint) == house["BUSINESS_HANDLER"].party
    checked = {
        "product": "连杆",
        "order_no": "PO-778",
        "material_no": "M-204",
        "quantity": "1200",
        "shipped_on": "2026-02-20",
        "reason": "一箱里有裂纹",
        "loss": "3600.00",
        "responsible_department": "MANUFACTURING",
        "responsible_person": "沈三",
    }

    actions.change_facts(
        complaint=complaint, more=checked, reason="业务查明", by=owner_of(complaint), now=MONDAY
    )
    actions.correct(complaint=complaint, demand="换货", reason="确认要求", by=owner_of(complaint), now=MONDAY)

    kept = Complaint.objects.get()
    assert (kept.more, kept.demand) == (checked, "换货")


# ---- two classes, the departments


@pytest.mark.rule("R001-224")
def test_what_people_caused_is_investigated_and_put_right_by_their_department(house):
    quality = opened(house, item="SPECIFICATION")
    people = opened(house, item="DELIVERY_ERROR")
    assert (quality.group, people.group) == ("QUALITY", "NOT_QUALITY")
    assert [word.name for word in regime_of(people).words(questions.GROUPS)] == ["质量异常", "非质量异常"]

    way = by_post(house, people)

    assert way == [
        {"制造调查": ("部门调查", "DEPARTMENT_HEAD"), "执行改善": ("部门执行", "DEPARTMENT_HEAD")}.get(
            stage, (stage, post)
        )
        for stage, post in CASE
    ]


@pytest.mark.rule("R001-225")
def test_the_table_of_departments_may_be_edited(house):
    def offered(day):
        return [label for _code, label in form_fields(regime_at(house.unit.pk, day))[field].choices[1:]]

    field = "more_responsible_department"
    before = ["业务部", "质量管理部", "总经理室生产管理室", "制造部", "其他责任部门"]
    assert offered(MONDAY) == before
    text = resources.files("zhike.manuals").joinpath(f"library/{KEY}.md").read_text("utf-8")
    last = "| 其他责任部门 | OTHER |"
    edited = text.replace(last, f"| 研发部 | RESEARCH | Research | 协助 | - | 第六条 |\n{last}")
    edited = edited.replace("version: 1\neffective: 2025-01-01", "version: 2\neffective: 2026-03-10")
    manuals.publish_and_install(
        text=edited, unit=house.unit, by=house["taker"].party, now=MONDAY, roles=questions.ROLES
    )

    assert offered(MONDAY) == before
    assert offered(at(10, 9)) == [*before[:-1], "研发部", before[-1]]


# ---- nothing lost


@pytest.mark.rule("S001-082", "R001-222", "T001-14")
@pytest.mark.parametrize(("no_loss", "way"), [("是", SHEET), ("否", CASE), ("", CASE)])
def test_where_nothing_was_lost_business_fills_a_sheet_and_urges_the_department(house, no_loss, way):
    complaint = opened(house, item="PRODUCT_QUALITY", more={"no_loss": no_loss})

    assert by_post(house, complaint) == way
    table = regime_of(complaint).answer.table
    forms = {table.stage(stage).form for stage, _post in way}
    assert forms == ({"客户投诉案件", "异常处理单"} if way is SHEET else {"客户投诉案件"})


@pytest.mark.rule("R001-222", "T001-14")
def test_business_says_that_nothing_was_lost_when_it_has_checked(house):
    complaint = opened(house)
    walked(complaint, until="业务查明")

    actions.change_facts(
        complaint=complaint,
        more={"no_loss": "是"},
        reason="客户没有索赔、退货",
        by=owner_of(complaint),
        now=MONDAY,
    )

    assert complaint.handler == house["BUSINESS_HANDLER"].party
    assert step(complaint) == "异常处理"
    assert owner_of(complaint) == house["BUSINESS_HANDLER"].party


@pytest.mark.rule("T001-14")
@pytest.mark.parametrize(
    ("abnormal", "lost", "sheet"),
    [("是", "是", "客户投诉案件"), ("是", "否", "异常处理单"), ("否", "是", "不适用")],
)
def test_which_sheet_is_filled(house, abnormal, lost, sheet):
    manual, day = regime_at(house.unit.pk, MONDAY).manual, MONDAY.date()
    facts = typed(manual, {"产品质量异常": abnormal, "造成损失": lost}, day)

    found = deciding.decide(manual, "使用表单", facts, day)

    assert (found.written["表单"], found.clause) == (sheet, "第三条")


# ---- numbers


@pytest.mark.rule("S001-078", "R001-230")
def test_numbers_are_year_month_and_a_serial_that_begins_anew_each_month(house):
    days = [MONDAY, at(31, 16), at(1, 9, month=4), at(1, 10, month=4)]

    numbers = [opened(house, now=day).number for day in days]

    assert numbers == ["2603001", "2603002", "2604001", "2604002"]


# ---- limits


@pytest.mark.rule("S001-079", "R001-231")
@pytest.mark.parametrize(("foreign", "day"), [("否", 23), ("", 23), ("是", 27)])
def test_the_whole_case_has_13_days_at_home_and_17_abroad_from_its_opening(house, foreign, day):
    complaint = opened(house, more={"foreign": foreign})
    assert limits(complaint) == {}  # not accepted yet

    step(complaint, now=at(10, 11))

    whole = Duty.objects.open().get(title="全案处理期限")
    assert whole.due_at == at(day, 17, 30)
    assert (whole.owner, whole.clause) == (house["PRODUCTION_CONTROL"].party, "2.2")


@pytest.mark.rule("R001-231")
def test_a_unit_sets_its_own_days(house):
    set_value(house, 国内期限="20天", 查明期限="2工作日")
    complaint = opened(house)

    step(complaint, now=at(10, 11))

    own = Duty.objects.open().filter(subject_label="complaints.Complaint", subject_id=complaint.pk)
    due = dict(own.values_list("title", "due_at"))
    assert due == {"全案处理期限": at(30, 17, 30), "业务查明": at(12, 17, 30)}


def test_the_case_is_in_time_when_it_is_closed_in_time(house):
    complaint = opened(house)
    walked(complaint)

    whole = Duty.objects.get(title="全案处理期限")
    assert (whole.state, whole.done_at) == (Duty.State.DONE, MONDAY)


def test_what_is_late_goes_to_the_superior_after_a_day_and_to_the_general_manager_after_three(house):
    complaint = opened(house)
    step(complaint)
    whole = Duty.objects.get(title="全案处理期限")

    levels = [
        (level.level, level.delay, level.target, level.clause)
        for level in Ladders().of(whole, "Asia/Shanghai")
    ]

    assert levels == [
        (0, "2天", "负责人", "2.4"),
        (1, "1天", "上级", "2.4"),
        (2, "3天", "总经理", "2.4"),
    ]


# ---- approval


def line(approval):
    return list(approval.steps.order_by("level").values_list("approver__name", flat=True))


def proposed(house, amount):
    return actions.propose_compensation(
        complaint=opened(house), amount=Decimal(amount), by=house["taker"].party, now=MONDAY
    )


@pytest.mark.rule("S001-080", "R001-233")
def test_approval_rises_with_the_amount(house):
    department, head = house["DEPARTMENT_HEAD"].party.name, house["GENERAL_MANAGER"].party.name

    assert line(proposed(house, "5000")) == [department]
    assert line(proposed(house, "5000.01")) == [department, head]

    set_value(house, 赔偿核决上限="8000元")
    assert line(proposed(house, "8000")) == [department]
    assert line(proposed(house, "8000.01")) == [department, head]


@pytest.mark.rule("S001-080", "R001-233")
@pytest.mark.parametrize(
    ("matter", "amount", "approvers"),
    [
        ("COMPENSATION", "20000", ["部门负责人", "总经理"]),
        ("RETURN", "20000", ["品质负责人"]),
        ("RETURN", "20000.01", ["品质负责人", "总经理"]),
    ],
)
def test_approval_depends_on_the_nature_of_the_amount(house, matter, amount, approvers):
    ruling = ask(
        questions.APPROVAL,
        about=opened(house),
        unit_id=house.unit.pk,
        by=None,
        now=MONDAY,
        facts={"matter": matter, "amount": Decimal(amount)},
    )

    assert (ruling["approvers"], ruling.clause) == (approvers, "2.3")


def test_the_way_of_handling_is_approved_by_the_general_manager_or_drafted_again(house):
    complaint = opened(house)
    walked(complaint, until="处理核决")
    assert owner_of(complaint) == house["GENERAL_MANAGER"].party

    assert step(complaint, decision=True) == "处理方式"
    assert step(complaint) == "处理核决"
    assert step(complaint, decision=False) == "检验确认"
