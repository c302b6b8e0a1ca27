import datetime as dt

import pytest
from django.utils import translation

from zhike.kernel.worktime import calendars
from zhike.kernel.worktime.models import CalendarDay
from zhike.people import access, actions
from zhike.people.directory import Directory
from zhike.people.models import (
    DepartmentDuty,
    Function,
    Post,
    PostDuty,
    PostPower,
    Power,
)
from zhike.people.populate import populate
from zhike.people.tests.factories import MONDAY, a_user, appoint, cast

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
TODAY = dt.date(2026, 3, 9)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


# ---- posts and powers


@pytest.mark.rule("S002-04")
def test_the_register_has_29_posts_with_their_duties():
    populate()

    numbers = {post.code: post.duties.count() for post in Post.objects.filter(code__startswith="P002-")}

    assert len(numbers) == 29
    full = ["P002-02", "P002-04", "P002-05", "P002-06", "P002-07", "P002-08", "P002-09", "P002-10"]
    assert [numbers[code] for code in full] == [10, 9, 10, 11, 8, 10, 8, 6]
    assert min(numbers.values()) >= 1


@pytest.mark.rule("S002-04")
def test_duties_of_posts_known_by_title_only_are_marked_as_defaults():
    populate()

    marked = set(PostDuty.objects.filter(is_proposed=True).values_list("post__code", flat=True))

    described = {"P002-02", "P002-04", "P002-05", "P002-06", "P002-07", "P002-08", "P002-09", "P002-10"}
    assert marked == {f"P002-{number:02d}" for number in range(1, 30)} - described


@pytest.mark.rule("P002-02", "P002-04", "P002-05", "P002-06")
@pytest.mark.parametrize(
    ("post", "number", "power"),
    [
        ("P002-02", 1, "manual.publish"),
        ("P002-02", 4, "staff.appraise"),
        ("P002-02", 5, "complaint.decide_major"),
        ("P002-04", 4, "rota.schedule"),
        ("P002-04", 8, "complaint.decide_ordinary"),
        ("P002-05", 6, "archive.set_secrecy"),
        ("P002-06", 5, "contract.approve"),
        ("P002-06", 8, "incentive.maintain"),
    ],
)
def test_a_duty_with_a_power_gives_it_to_the_post(post, number, power):
    populate()

    duty = PostDuty.objects.get(post__code=post, number=number)

    assert duty.power.code == power
    assert PostPower.objects.filter(post__code=post, power__code=power).exists()


@pytest.mark.rule("S002-02", "S002-03")
def test_functions_and_duties_of_the_department_are_tied_to_posts_and_modules():
    populate()

    kinds = [Function.objects.filter(kind=kind).count() for kind in ("OVERALL", "INTERNAL", "EXTERNAL")]

    assert kinds == [7, 8, 8]
    assert DepartmentDuty.objects.count() == 10
    assert not Function.objects.filter(posts=None).exists()
    assert Function.objects.get(code="FN002-05").modules == ["complaints"]


def test_populating_twice_adds_nothing_and_keeps_what_was_changed():
    populate()
    PostPower.objects.get(post__code="P002-20", power__code="customer.reveal").delete()
    Post.objects.filter(code="P002-20").update(name="投诉顾问")
    counts = [model.objects.count() for model in (Post, PostDuty, Power, PostPower, Function)]

    populate()

    assert [model.objects.count() for model in (Post, PostDuty, Power, PostPower, Function)] == counts
    assert Post.objects.get(code="P002-20").name == "投诉顾问"


@pytest.mark.rule("PW002-10")
def test_powers_are_granted_with_a_scope_and_taken_back():
    people = cast()
    admin = people.administrator.party
    power = actions.add_power(code="parking.waive", name="减免停车费", by=admin, now=MONDAY)
    given = actions.grant(
        post=Post.objects.get(code="P002-21"), power=power, scope="UNIT", by=admin, now=MONDAY
    )
    had = access.may(people.taker, "parking.waive", people.south_service, now=MONDAY)

    actions.revoke(given=given, by=admin, now=MONDAY)

    assert had
    assert not access.may(people.taker, "parking.waive", now=MONDAY)


def test_nobody_changes_the_powers_of_a_post_they_hold():
    people = cast()
    post = Post.objects.get(code="ADMINISTRATOR")
    power = Power.objects.get(code="complaint.see")

    with pytest.raises(actions.CannotGrant, match="a post they hold"):
        actions.grant(post=post, power=power, scope="ALL", by=people.administrator.party, now=MONDAY)

    assert not access.may(people.administrator, "complaint.see", now=MONDAY)


@pytest.mark.parametrize("code", ["parking", "Parking.waive", "parking.waive.all", "停车.减免", ""])
def test_add_power_refuses_codes_that_cannot_be_read(code):
    people = cast()

    with pytest.raises(actions.CannotGrant, match="reads like"):
        actions.add_power(code=code, name="减免", by=people.administrator.party, now=MONDAY)


def test_a_name_belongs_to_one_post_only():
    people = cast()

    with pytest.raises(actions.CannotWritePost, match="The name “店 长” belongs to the post"):
        actions.define_post(name="店 长", by=people.administrator.party, now=MONDAY)

    assert not Post.objects.filter(code="OWN-01").exists()


@pytest.mark.rule("PW002-02")
def test_an_own_post_is_found_by_its_names_and_has_no_power_yet():
    people = cast()
    post = actions.define_post(
        name="值班经理", aliases=["当班经理"], by=people.administrator.party, now=MONDAY
    )
    duty_manager = a_user("值班", username="duty", unit=people.south)
    appoint(duty_manager, post.code, people.south)

    assert Directory().post_code("当班经理") == "OWN-01"
    assert access.standing(duty_manager, MONDAY).grants == ()


def test_a_post_does_not_report_to_itself_through_others():
    people = cast()
    manager = Post.objects.get(code="P002-02")

    with pytest.raises(actions.CannotWritePost, match="report to itself"):
        actions.describe_post(
            post=manager,
            name=manager.name,
            reports_to=Post.objects.get(code="P002-20"),
            by=people.administrator.party,
            now=MONDAY,
        )


def test_writing_duties_keeps_the_power_of_a_duty_that_stays():
    people = cast()
    post = Post.objects.get(code="P002-04")
    kept = post.duties.get(number=8)

    actions.write_duties(
        post=post, duties=[("新职责", ""), (kept.text, "")], by=people.administrator.party, now=MONDAY
    )

    rows = [(duty.number, duty.text, duty.power.code if duty.power else None) for duty in post.duties.all()]
    assert rows == [(1, "新职责", None), (2, kept.text, "complaint.decide_ordinary")]


# ---- calendars


def test_changes_of_a_calendar_change_its_revision_and_hold_at_once():
    people = cast()
    admin = people.administrator.party
    calendar = actions.open_calendar(unit=people.mall, name="营业日历", by=admin, now=MONDAY)
    sunday = dt.date(2026, 3, 15)
    began = calendar.revision

    actions.set_week(calendar=calendar, week={"sun": [["10:00", "20:00"]]}, by=admin, now=MONDAY)
    on_sunday = calendars.calendar_for(people.south.pk).hours_on(sunday)
    actions.set_day(calendar=calendar, day=sunday, hours=[], note="盘点", by=admin, now=MONDAY)
    closed = calendars.calendar_for(people.south.pk).hours_on(sunday)
    actions.drop_day(row=CalendarDay.objects.get(), by=admin, now=MONDAY)
    again = calendars.calendar_for(people.south.pk).hours_on(sunday)

    assert (on_sunday, closed, again) == (((36000, 72000),), (), ((36000, 72000),))
    calendar.refresh_from_db()
    assert calendar.revision != began


@pytest.mark.parametrize(
    "week",
    [{}, {"mon": []}, {"mon": [["18:00", "09:00"]]}, {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}],
)
def test_set_week_refuses_hours_that_cannot_be(week):
    people = cast()
    calendar = actions.open_calendar(unit=people.mall, name="营业日历", by=None, now=MONDAY)
    before = (calendar.week, calendar.revision)

    with pytest.raises(actions.CannotConfigure):
        actions.set_week(calendar=calendar, week=week, by=people.administrator.party, now=MONDAY)

    calendar.refresh_from_db()
    assert (calendar.week, calendar.revision) == before


@pytest.mark.parametrize(
    ("who", "allowed"), [("manager", False), ("administrator", True), ("employee", False)]
)
def test_a_calendar_is_set_by_whoever_configures_its_unit(who, allowed):
    people = cast()
    calendar = actions.open_calendar(unit=people.mall, name="营业日历", by=None, now=MONDAY)
    by = people.users[who].party

    if allowed:
        actions.set_day(calendar=calendar, day=TODAY, hours=[], by=by, now=MONDAY)
    else:
        with pytest.raises(actions.CannotConfigure):
            actions.set_day(calendar=calendar, day=TODAY, hours=[], by=by, now=MONDAY)

    assert CalendarDay.objects.exists() is allowed
