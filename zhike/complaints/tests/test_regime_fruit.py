"""D11: a fruit market, customer against stall and stall owner against staff; the shop first, major cases upward."""

from importlib import resources

import pytest

from zhike.complaints import actions, forms, more_fields, questions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.kernel.audit.models import Entry
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party
from zhike.kernel.procedures.models import HandOver, Move
from zhike.manuals import actions as manuals
from zhike.people.tests.factories import MONDAY

from .factories import at
from .regimes import a_house, limits, opened, owner_of, step, walked

pytestmark = pytest.mark.django_db
POSTS = ["CHAIRMAN", "GENERAL_MANAGER", "GENERAL_OFFICE", "DEPARTMENT_HEAD", "SHOP_HEAD"]
SERVICE = ["核实", "协助核实", "认定责任", "调解", "妥善处理", "答复", "归档"]
SHOP = ["店铺调查", "店铺调解", "答复", "归档"]
REFERRED = ["店铺调查", "店铺调解", "综合办接待", *SERVICE[1:]]
DEPARTMENT = ["核实", "部门调查", "部门处理", "跟踪调解", "答复", "归档"]
OWNER = ["业主调查", "部门意见", "业主调解", "业主投诉批准", "落实", "答复", "归档"]
UPWARD = ["逐级上报", "调查取证", "呈报建议", "总经理批准", "按意见调解", "落实", "答复", "归档"]
MAJOR = [*UPWARD[:4], "报董事长知悉", *UPWARD[4:]]
AT_SHOP = {"item": "GOODS", "more": {"at_shop": "是"}}
ROUTES = [
    pytest.param({"item": "SERVICE"}, {}, SERVICE, id="service"),
    pytest.param(AT_SHOP, {"店铺调解": True}, SHOP, id="shop settles"),
    pytest.param(AT_SHOP, {"店铺调解": False}, REFERRED, id="shop refers"),
    pytest.param({"item": "REPAIR"}, {}, DEPARTMENT, id="department"),
    pytest.param({"item": "GOODS", "circumstances": ["POISONING"]}, {}, MAJOR, id="major"),
    pytest.param({"item": "SERVICE", "circumstances": ["MALICIOUS"]}, {}, UPWARD, id="malicious"),
    pytest.param({"item": "DELAY"}, {}, OWNER, id="stall owner"),
]


@pytest.fixture
def house(db):
    return a_house("fruit-complaints", POSTS, taker="P002-21")


def who(house, complaint, back=None):
    """Each stage with the post of whoever did it."""
    walked(complaint, back=back)
    posts = {user.party.pk: post for post, user in house.people.items() if post != "taker"}
    return [(one.stage, posts[one.by_id]) for one in complaint.steps.all()]


@pytest.mark.rule("R001-140", "T001-07")
@pytest.mark.parametrize(("given", "back", "stages"), ROUTES)
def test_every_route_records_an_investigation_and_then_a_mediation(house, given, back, stages):
    complaint = opened(house, **given)

    assert walked(complaint, back=back) == stages
    assert complaint.closed_at is not None
    kinds = list(complaint.steps.values_list("kind", flat=True))
    assert kinds.index("investigation") < kinds.index("mediation") < kinds.index("reply")
    assert kinds[-1] == "archive"


@pytest.mark.rule("R001-137")
@pytest.mark.parametrize("item", ["GOODS", "SERVICE", "DISPUTE", "OPERATIONS", "SECURITY", "REPAIR"])
def test_what_a_customer_has_against_a_stall_is_type_one(house, item):
    complaint = opened(house, item=item)

    assert (complaint.group, complaint.stage) == ("CUSTOMER", "核实")


@pytest.mark.rule("R001-137", "R001-141")
def test_a_customer_who_was_hurt_is_type_one_and_major_unless_the_taker_says_otherwise(house):
    hurt, not_here = opened(house, item="ACCIDENT"), opened(house, item="ACCIDENT", circumstances=[])

    assert (hurt.group, hurt.circumstances, hurt.major) == ("CUSTOMER", ["HURT"], True)
    assert (not_here.group, not_here.major, not_here.stage) == ("CUSTOMER", False, "核实")


@pytest.mark.rule("R001-138", "A001-12")
def test_the_conduct_that_a_stall_owner_complains_of_is_one_of_five(house):
    regime = regime_of(opened(house))
    conduct = [code for code, _label in regime.choices("投诉项目") if regime.group_of(code) == "STALL_OWNER"]

    assert conduct == ["DELAY", "WAITING", "OBSTRUCTION", "FAVOURS", "OTHER_CONDUCT"]
    for code in conduct:
        complaint = opened(house, item=code)
        assert (complaint.group, complaint.stage) == ("STALL_OWNER", "业主调查")
    with pytest.raises(actions.CannotOpen):
        opened(house, item="RUDENESS")


@pytest.mark.rule("R001-139", "A001-14")
def test_four_channels_and_more_all_go_the_same_way(house):
    complaints = [opened(house, channel=code) for code in ("COUNTER", "PHONE", "LETTER", "PORTAL", "OTHER")]
    regime = regime_of(complaints[0])
    offered = form_of(house, regime).fields["channel"].choices

    assert [code for code, _label in regime.channels] == ["COUNTER", "PHONE", "LETTER", "PORTAL", "OTHER"]
    # what comes by the net is typed by the customer
    assert [code for code, _label in offered] == ["COUNTER", "PHONE", "LETTER", "OTHER"]
    assert {complaint.stage for complaint in complaints} == {"核实"}


@pytest.mark.rule("R001-144")
def test_a_service_complaint_is_checked_at_once_by_the_taker(house):
    complaint = opened(house, item="SERVICE")
    duty = Duty.objects.open().get(kind="complaint.check")

    assert (duty.owner, duty.due_at) == (house["taker"].party, at(9, 10, 30))
    assert (duty.clause, complaint.stage) == ("5.1.1", "核实")


@pytest.mark.rule("R001-145", "F001-39")
def test_departments_help_to_verify_and_the_responsibility_is_fixed_before_it_is_handled(house):
    book = {"book_page": "17", "own_entry": "是", "departments": "市场部", "complainant_signed": "是"}
    complaint = opened(house, item="SERVICE", more=book)

    assert who(house, complaint) == [
        ("核实", "P002-21"),
        ("协助核实", "DEPARTMENT_HEAD"),
        ("认定责任", "GENERAL_OFFICE"),
        ("调解", "GENERAL_OFFICE"),
        ("妥善处理", "GENERAL_OFFICE"),
        ("答复", "P002-21"),
        ("归档", "P002-21"),
    ]
    assert Complaint.objects.get().more == book


@pytest.mark.rule("R001-143", "T001-07")
def test_the_shop_takes_what_is_complained_of_in_the_shop_and_settles_it_at_the_first_moment(house):
    complaint = opened(house, **AT_SHOP)
    duty = Duty.objects.open().get(kind="complaint.investigation")

    assert complaint.handler == duty.owner == house["SHOP_HEAD"].party
    assert (complaint.clause, duty.due_at) == ("5.1", at(9, 12))
    step(complaint)
    assert step(complaint, decision=True) == "答复"
    assert not Duty.objects.filter(
        owner=house["GENERAL_OFFICE"].party, kind__startswith="complaint."
    ).exists()


@pytest.mark.rule("R001-143", "T001-07")
def test_what_the_shop_cannot_settle_goes_to_the_office(house):
    complaint = opened(house, **AT_SHOP)
    step(complaint)

    with pytest.raises(actions.CannotStep, match="店铺解决"):
        actions.record_step(
            complaint=complaint, kind="mediation", text="谈过", by=owner_of(complaint), now=at(9, 11)
        )
    assert step(complaint, decision=False) == "综合办接待"
    office = house["GENERAL_OFFICE"].party
    assert owner_of(complaint) == office
    # the office handles it from now on, by the clause that says so
    assert (complaint.handler, complaint.clause) == (office, "4.2")
    assert complaint.circumstances == ["NOT_SETTLED_BELOW"]
    assert HandOver.objects.get().from_party == house["SHOP_HEAD"].party
    assert Entry.objects.filter(code="complaints.stepped").latest("pk").after["handler"] == office.pk


@pytest.mark.rule("R001-143")
def test_what_the_shop_settles_stays_with_the_shop(house):
    complaint = opened(house, **AT_SHOP)
    step(complaint)

    assert step(complaint, decision=True) == "答复"
    assert (complaint.handler, complaint.circumstances) == (house["SHOP_HEAD"].party, [])


def test_a_decision_that_brings_an_unknown_circumstance_is_refused_where_it_stands(house):
    text = resources.files("zhike.manuals").joinpath("library/fruit-complaints.md").read_text("utf-8")
    wrong = text.replace("Settled by the shop | 店铺未能解决 |", "Settled by the shop | 店铺没办法 |")

    found = [
        one for one in manuals.examine(wrong, roles=questions.ROLES).findings if one.level.value == "error"
    ]

    assert [one.message for one in found] == ["“店铺没办法”不在清单“投诉情形”里"]
    assert wrong.splitlines()[found[0].line - 1].startswith("| 店铺解决 |")


@pytest.mark.rule("R001-143")
def test_the_shop_may_hand_it_up_and_the_office_handles_it_then(house):
    complaint = opened(house, **AT_SHOP)

    actions.hand_up(complaint=complaint, by=house["SHOP_HEAD"].party, now=at(9, 11), reason="要求退一赔十")

    assert (complaint.handler, complaint.clause) == (house["GENERAL_OFFICE"].party, "4.2")
    assert HandOver.objects.get().from_party == house["SHOP_HEAD"].party
    assert step(complaint) == "综合办接待"


@pytest.mark.rule("R001-143")
@pytest.mark.parametrize("more", [{}, {"at_shop": "否"}])
def test_what_was_not_complained_of_in_the_shop_is_not_the_shops(house, more):
    complaint = opened(house, item="GOODS", more=more)

    assert (complaint.stage, complaint.handler) == ("核实", house["GENERAL_OFFICE"].party)


@pytest.mark.rule("T001-07")
@pytest.mark.parametrize("item", ["OPERATIONS", "SECURITY", "REPAIR"])
def test_the_taker_follows_to_the_end_what_a_department_handles(house, item):
    complaint = opened(house, item=item, more={"at_shop": "是"})

    assert complaint.handler == house["DEPARTMENT_HEAD"].party
    assert who(house, complaint) == [
        ("核实", "P002-21"),
        ("部门调查", "DEPARTMENT_HEAD"),
        ("部门处理", "DEPARTMENT_HEAD"),
        ("跟踪调解", "P002-21"),
        ("答复", "P002-21"),
        ("归档", "P002-21"),
    ]
    assert complaint.solved_at is not None


@pytest.mark.rule("R001-141", "T001-07")
@pytest.mark.parametrize("circumstance", ["POISONING", "GRAVE_CLAIM", "HURT", "QUARREL"])
def test_each_of_the_four_makes_it_major_and_the_general_manager_approves(house, circumstance):
    complaint = opened(house, item="GOODS", circumstances=[circumstance], more={"claim": "800"})
    assert (complaint.grade, complaint.major) == ("MAJOR", True)

    walked(complaint, until="总经理批准")
    assert owner_of(complaint) == house["GENERAL_MANAGER"].party
    assert step(complaint, decision=True) == "呈报建议"
    assert step(complaint) == "总经理批准"
    assert step(complaint, decision=False) == "报董事长知悉"


@pytest.mark.rule("R001-141")
@pytest.mark.parametrize("circumstances", [[], ["NOT_SETTLED_BELOW"]])
def test_without_any_of_the_four_the_general_manager_is_not_asked(house, circumstances):
    complaint = opened(house, item="GOODS", circumstances=circumstances)

    assert (complaint.grade, complaint.major) == ("ORDINARY", False)
    assert "GENERAL_MANAGER" not in dict(map(reversed, who(house, complaint)))


@pytest.mark.rule("R001-142", "R001-147", "A001-13", "T001-07")
def test_a_major_complaint_climbs_level_by_level_and_the_chairman_is_informed(house):
    complaint = opened(house, item="GOODS", circumstances=["POISONING"])
    duty = Duty.objects.open().get(kind="complaint.report")
    assert (duty.owner, duty.due_at, duty.clause) == (house["taker"].party, at(9, 10, 30), "5.1.4")

    assert who(house, complaint) == [
        ("逐级上报", "P002-21"),
        ("调查取证", "GENERAL_OFFICE"),
        ("呈报建议", "GENERAL_OFFICE"),
        ("总经理批准", "GENERAL_MANAGER"),
        ("报董事长知悉", "GENERAL_OFFICE"),
        ("按意见调解", "GENERAL_OFFICE"),
        ("落实", "GENERAL_OFFICE"),
        ("答复", "P002-21"),
        ("归档", "P002-21"),
    ]
    assert not Duty.objects.filter(owner=house["CHAIRMAN"].party).exists()


@pytest.mark.rule("R001-147")
def test_each_level_keeps_its_time(house):
    complaint = opened(house, circumstances=["MALICIOUS"])

    step(complaint, now=at(9, 10, 20))
    step(complaint, now=at(9, 14))
    step(complaint, now=at(9, 15))

    times = dict(Move.objects.exclude(from_stage="").values_list("from_stage", "at"))
    assert (times["逐级上报"], times["呈报建议"]) == (at(9, 10, 20), at(9, 15))
    assert owner_of(complaint) == house["GENERAL_MANAGER"].party


@pytest.mark.rule("R001-147", "T001-07")
def test_a_malicious_complaint_climbs_too_but_not_to_the_chairman(house):
    complaint = opened(house, circumstances=["MALICIOUS"], **AT_SHOP)

    assert (complaint.grade, complaint.major, complaint.stage) == ("MALICIOUS", False, "逐级上报")
    assert complaint.handler == house["GENERAL_OFFICE"].party
    walked(complaint, until="总经理批准")
    assert step(complaint) == "按意见调解"


@pytest.mark.rule("R001-147")
@pytest.mark.parametrize(("circumstance", "grade"), [("MALICIOUS", "MALICIOUS"), ("QUARREL", "MAJOR")])
@pytest.mark.parametrize("given", [{"item": "SERVICE"}, AT_SHOP])
def test_what_turns_out_grave_in_the_first_check_climbs_from_there(house, given, circumstance, grade):
    complaint = opened(house, **given)

    actions.change_facts(
        complaint=complaint,
        by=house["taker"].party,
        now=at(9, 11),
        reason="核实所见",
        circumstances=[circumstance],
    )

    assert complaint.grade == grade
    assert step(complaint) == "逐级上报"


@pytest.mark.rule("R001-138", "A001-11", "T001-07")
def test_an_owners_complaint_goes_from_the_office_by_the_department_to_the_general_manager(house):
    complaint = opened(house, item="OBSTRUCTION", more={"stall_no": "B-12", "stall_owner": "鲁记果行"})

    assert complaint.handler == house["GENERAL_OFFICE"].party
    assert who(house, complaint) == [
        ("业主调查", "GENERAL_OFFICE"),
        ("部门意见", "DEPARTMENT_HEAD"),
        ("业主调解", "GENERAL_OFFICE"),
        ("业主投诉批准", "GENERAL_MANAGER"),
        ("落实", "GENERAL_OFFICE"),
        ("答复", "P002-21"),
        ("归档", "P002-21"),
    ]


@pytest.mark.rule("A001-11")
def test_the_general_manager_may_have_an_owners_complaint_investigated_again(house):
    complaint = opened(house, item="WAITING")
    walked(complaint, until="业主投诉批准")

    assert step(complaint, decision=True) == "业主调查"


@pytest.mark.rule("R001-136", "R001-138")
def test_a_department_head_who_is_complained_of_gives_no_opinion(house):
    complaint = opened(house, item="FAVOURS", accused=house["DEPARTMENT_HEAD"].party)

    done = who(house, complaint, back={"业主调查": True})

    assert "部门意见" not in dict(done)
    assert "DEPARTMENT_HEAD" not in dict(map(reversed, done))


@pytest.mark.rule("R001-136")
@pytest.mark.parametrize(
    ("accused", "handler"),
    [("P002-21", "GENERAL_OFFICE"), ("SHOP_HEAD", "GENERAL_OFFICE"), ("GENERAL_OFFICE", "GENERAL_MANAGER"), ("GENERAL_MANAGER", "GENERAL_OFFICE")],
)  # fmt: skip
def test_everybody_who_works_in_the_market_may_be_complained_of_and_never_handles_it(house, accused, handler):
    complaint = opened(house, item="DELAY", accused=house[accused].party)

    assert complaint.handler == owner_of(complaint) == house[handler].party


@pytest.mark.rule("R001-148")
def test_every_time_limit_is_a_setting(house):
    manual = regime_of(opened(house)).manual
    params = {name: param for name, param in manual.params.items() if param.table == "期限"}

    assert len(params) == 14
    assert [name for name, param in params.items() if param.bound is None] == []


@pytest.mark.rule("R001-148")
@pytest.mark.parametrize(
    ("values", "check", "reply"),
    [({}, at(9, 10, 30), at(16, 17, 30)), ({"核实期限": "60分钟", "一般答复": "2工作日"}, at(9, 11), at(11, 17, 30))],
)  # fmt: skip
def test_the_limits_of_the_unit_count(house, values, check, reply):
    by = house["taker"].party
    manuals.set_parameters(key="fruit-complaints", unit=house.unit, values=values, by=by, now=at(9, 9))

    complaint = opened(house)

    assert Duty.objects.open().get(kind="complaint.check").due_at == check
    assert limits(complaint) == {"reply": reply}


@pytest.mark.rule("R001-148")
@pytest.mark.parametrize(("value", "refused"), [("10工作日", False), ("11工作日", True)])
def test_a_limit_outside_its_range_is_refused(house, value, refused):
    given = {"key": "fruit-complaints", "unit": house.unit, "values": {"一般答复": value}}
    try:
        manuals.set_parameters(**given, by=house["taker"].party, now=at(9, 9))
    except manuals.CannotSetParameter:
        assert refused
    else:
        assert not refused


def test_a_major_complaint_is_to_be_answered_sooner(house):
    ordinary = opened(house)
    major = opened(house, circumstances=["POISONING"])

    assert limits(ordinary) == {"reply": at(16, 17, 30)}
    assert limits(major) == {"reply": at(12, 17, 30)}


BOOK = {"more_stall_no": "A-03", "more_stall_owner": "鲁记果行", "more_goods": "红富士", "more_at_shop": "否", "more_claim": "120.50", "more_book_page": "17", "more_own_entry": "是", "more_departments": "市场部", "more_complainant_signed": "是", "more_opponent_signed": "是"}  # fmt: skip


def form_of(house, regime, **data):
    """The registration form as it came back from the browser."""
    given = {"unit": house.unit.pk, "channel": "COUNTER", "text": "苹果烂了一半。", "item": "GOODS", **data}
    return forms.IntakeForm(given, regime=regime, units=[house.unit], staff=Party.objects.none(), now=MONDAY)


@pytest.mark.rule("F001-39")
def test_the_opinion_book_is_kept_with_the_registration(house):
    regime = regime_of(opened(house))
    form = form_of(house, regime, demand="退款", happened_on="2026-03-08", **BOOK)

    assert form.is_valid(), form.errors
    registered = {key: form.cleaned_data[key] for key in ("text", "demand", "happened_on", "item", "more")}
    complaint = opened(house, **registered)

    assert set(BOOK) == set(form.more)
    assert (complaint.demand, complaint.happened_on.isoformat()) == ("退款", "2026-03-08")
    assert dict(more_fields.in_words(regime, complaint.more)) == {
        "摊位号": "A-03",
        "业主": "鲁记果行",
        "商品": "红富士",
        "在店铺投诉": "否",
        "索赔金额": "120.50",
        "意见簿页号": "17",
        "投诉人亲自填写": "是",
        "协助部门": "市场部",
        "投诉人签字": "是",
        "对方签字": "是",
    }
    walked(complaint)
    said = dict(complaint.steps.values_list("kind", "text"))
    assert {"investigation", "mediation", "execution"} <= set(said)
