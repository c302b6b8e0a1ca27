import datetime as dt

import pytest
from django.utils import translation

from zhike.kernel.parties.models import Unit
from zhike.people import access, actions, structure
from zhike.people.models import Appointment, Post, UnitPost, UnitProfile
from zhike.people.tests.factories import MONDAY, a_user, appoint, cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def established(people, template="service"):
    return actions.establish(
        template=template, parent=people.fruit, by=people.administrator.party, now=MONDAY
    )


def posts_below(head):
    rows = UnitPost.objects.filter(unit__path__startswith=head.path)
    return sorted(rows.values_list("unit__name", "post__code"))


@pytest.mark.rule("S002-01", "A002-05")
def test_the_general_template_makes_the_units_of_figure_1_1():
    people = cast()

    head = established(people, "general")

    assert posts_below(head) == sorted(
        [
            ("客户服务部", "P002-02"),
            ("客户服务部", "P002-03"),
            ("客户关系维护", "P002-09"),
            ("客户关系维护", "P002-11"),
            ("客户关系维护", "P002-12"),
            ("大客户服务小组", "P002-15"),
            ("售后服务管理", "P002-16"),
            ("售后服务管理", "P002-18"),
            ("售后服务管理", "P002-21"),
            ("客户信息", "P002-22"),
            ("客户信息", "P002-23"),
        ]
    )


@pytest.mark.rule("A002-30")
def test_a_post_has_the_name_that_its_template_gives_it():
    people = cast()

    general, service = (
        established(people, "general"),
        actions.establish(
            template="service", parent=people.mall, name="服务中心", by=people.administrator.party, now=MONDAY
        ),
    )

    names = {
        head.pk: UnitPost.objects.get(unit__path__startswith=head.path, post__code="P002-09").name
        for head in (general, service)
    }
    assert names == {general.pk: "客户关系维护主管", service.pk: ""}


@pytest.mark.rule("S002-58", "A002-07")
def test_the_technical_template_has_regions_that_are_houses_of_their_own():
    people = cast()
    head = established(people, "technical")
    beijing = Unit.objects.get(name="北京客户服务部")
    director, manager, local = (
        a_user(name, username=f"u{number}", unit=head) for number, name in enumerate("甲乙丙")
    )
    appoint(director, "P002-01", head)
    appoint(manager, "P002-02", head)
    appoint(local, "P002-02", beijing)

    def sees(user):
        units = access.scope_of(user, "complaint.see", now=MONDAY).units
        return {"head": head.pk in units, "beijing": beijing.pk in units}

    assert sees(director) == {"head": True, "beijing": True}
    assert sees(manager) == {"head": True, "beijing": False}
    assert sees(local) == {"head": False, "beijing": True}


@pytest.mark.rule("S002-58")
def test_a_regional_department_can_be_added_later():
    people = cast()
    head = established(people)

    region = actions.add_region(department=head, region="成都", by=people.administrator.party, now=MONDAY)

    assert (region.name, region.kind, region.parent_id) == ("成都客户服务部", Unit.Kind.BRANCH, head.pk)
    assert UnitProfile.objects.get(unit=region).region == "成都"


@pytest.mark.rule("R002-165")
def test_the_service_template_has_a_supervisor_for_every_function():
    people = cast()
    established(people)

    found = [row for row in structure.check(MONDAY) if row.rule == "R002-165"]

    assert found == []


@pytest.mark.rule("R002-165")
def test_a_function_without_a_supervisor_is_named():
    people = cast()
    established(people)
    UnitPost.objects.get(unit__name="客户投诉管理", post__code="P002-19").delete()

    found = [(row.unit.name, row.sentence) for row in structure.check(MONDAY) if row.rule == "R002-165"]

    assert found == [("客户投诉管理", "The function “Complaints” has no post of a supervisor.")]


@pytest.mark.rule("R002-165")
def test_a_function_whose_unit_is_closed_is_named():
    people = cast()
    head = established(people)
    actions.close_unit(unit=Unit.objects.get(name="呼叫中心管理"), by=people.administrator.party, now=MONDAY)

    found = [(row.unit, row.sentence) for row in structure.check(MONDAY) if row.rule == "R002-165"]

    assert found == [(head, "The function “Call centre” has no unit, so no supervisor.")]


@pytest.mark.rule("R002-165")
def test_the_general_template_needs_no_supervisor_for_every_function():
    people = cast()
    established(people, "general")

    assert [row for row in structure.check(MONDAY) if row.rule == "R002-165"] == []


def test_a_leading_post_that_nobody_holds_is_named():
    people = cast()
    people.manager.party.appointments.all().delete()
    manager = Post.objects.get(code="P002-02")
    actions.place_post(unit=people.south_service, post=manager, by=None, now=MONDAY)

    found = [(row.unit.name, row.sentence) for row in structure.check(MONDAY)]

    assert found == [("南湖店客服部", "Nobody holds the post “Customer service manager”.")]


def test_moving_a_unit_takes_everything_below_it_along():
    people = cast()
    actions.move_unit(unit=people.south, parent=people.fruit, by=people.administrator.party, now=MONDAY)

    below = Unit.objects.get(pk=people.south_service.pk)

    assert below.path == f"/{people.group.pk}/{people.fruit.pk}/{people.south.pk}/{below.pk}/"
    general_manager = access.scope_of(people.general_manager, "complaint.see", now=MONDAY)
    assert below.pk not in general_manager.units


@pytest.mark.parametrize(
    ("unit", "parent", "sentence"),
    [
        ("mall", "south", "A unit cannot stand below itself."),
        ("south", "south", "A unit cannot stand below itself."),
    ],
)
def test_move_unit_refuses_a_circle_and_changes_nothing(unit, parent, sentence):
    people = cast()

    with pytest.raises(actions.CannotBuild, match=sentence):
        actions.move_unit(
            unit=people.units[unit],
            parent=people.units[parent],
            by=people.administrator.party,
            now=MONDAY,
        )

    assert Unit.objects.get(pk=people.south.pk).parent_id == people.mall.pk


@pytest.mark.parametrize(
    ("unit", "sentence"),
    [
        ("south", "Close the units below “Nanhu store” first."),
        ("south_cash", "2 people hold a post at “Nanhu cash desks”; end their appointments first."),
        ("group", "The enterprise itself cannot be closed."),
    ],
)
def test_close_unit_refuses_while_it_is_in_use(unit, sentence):
    people = cast()

    with pytest.raises(actions.CannotBuild) as refusal:
        actions.close_unit(unit=people.units[unit], by=people.administrator.party, now=MONDAY)

    assert str(refusal.value) == sentence
    assert Unit.objects.get(pk=people.units[unit].pk).closed_on is None


def test_a_closed_unit_takes_no_new_units_and_no_appointments():
    people = cast()
    empty = people.mall_service
    actions.close_unit(unit=empty, by=people.administrator.party, now=MONDAY)

    with pytest.raises(actions.CannotBuild, match="is closed"):
        actions.add_unit(parent=empty, name="组", by=people.administrator.party, now=MONDAY)
    with pytest.raises(actions.CannotAppoint, match="is closed"):
        actions.appoint(
            party=people.taker.party,
            post=Post.objects.get(code="P002-20"),
            unit=empty,
            held_from=dt.date(2026, 3, 9),
            by=people.administrator.party,
            now=MONDAY,
        )

    assert not Appointment.objects.filter(unit=empty).exists()


def test_add_unit_refuses_a_name_twice_under_one_parent():
    people = cast()

    with pytest.raises(actions.CannotBuild, match="There is a unit “南湖店” here already"):
        actions.add_unit(parent=people.mall, name="南湖店", by=people.administrator.party, now=MONDAY)


@pytest.mark.parametrize("who", ["manager", "general_manager", "stranger", "employee"])
def test_structure_is_changed_only_by_whoever_manages_it(who):
    people = cast()
    by = people.users[who].party

    with pytest.raises(actions.CannotBuild, match="Manage units and posts"):
        actions.establish(template="general", parent=people.mall, by=by, now=MONDAY)

    assert UnitProfile.objects.count() == 0


def test_an_unknown_template_is_refused():
    people = cast()

    with pytest.raises(actions.CannotBuild, match="There is no template “matrix”"):
        actions.establish(template="matrix", parent=people.mall, by=None, now=MONDAY)


def test_founding_makes_the_enterprise_and_its_first_administrator_once():
    unit, user, password = actions.found(
        name="长禾百货", administrator="程立", username="cheng.li", now=MONDAY
    )

    assert user.check_password(password)
    assert user.must_change_password
    assert access.may(user, "staff.manage", unit, now=MONDAY)
    with pytest.raises(actions.CannotBuild, match="has been set up already"):
        actions.found(name="另一家", administrator="甲", username="jia", now=MONDAY)


def test_posts_in_use_can_be_added_to_a_unit_and_taken_away_again():
    people = cast()
    admin = people.administrator.party
    placed = actions.place_post(
        unit=people.south_service, post=Post.objects.get(code="P002-19"), by=admin, now=MONDAY
    )
    with pytest.raises(actions.CannotBuild, match="has the post"):
        actions.place_post(unit=people.south_service, post=placed.post, by=admin, now=MONDAY)

    actions.remove_post(placed=placed, by=admin, now=MONDAY)

    assert not UnitPost.objects.exists()


def test_a_post_that_somebody_holds_stays():
    people = cast()
    held = actions.place_post(
        unit=people.south_service, post=Post.objects.get(code="P002-02"), by=None, now=MONDAY
    )

    with pytest.raises(actions.CannotBuild, match="Somebody holds this post"):
        actions.remove_post(placed=held, by=people.administrator.party, now=MONDAY)

    assert UnitPost.objects.count() == 1


def test_the_chart_costs_four_queries_however_large_it_is(django_assert_num_queries):
    people = cast()
    established(people)

    with django_assert_num_queries(4):
        branches = structure.chart(MONDAY)

    assert [branch.unit.name for branch in branches[:3]] == ["长禾集团", "长禾百货", "客户服务部"]
