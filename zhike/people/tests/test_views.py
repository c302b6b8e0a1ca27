import datetime as dt

import pytest
from django.urls import reverse

from zhike.kernel import clock
from zhike.kernel.audit.models import Entry
from zhike.kernel.outbox import deliver, post
from zhike.kernel.worktime.models import CalendarDay
from zhike.people import actions, queries
from zhike.people.models import Appointment, Deputy, PersonnelProposal, PostPower, User
from zhike.people.tests.factories import MONDAY, cast

pytestmark = pytest.mark.django_db
PASSWORD = "Nanhu-2026!store"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _monday(client):
    client.cookies["django_language"] = "en"
    with clock.at(MONDAY):
        yield


@pytest.fixture
def people():
    return cast()


def with_password(user, **columns):
    user.set_password(PASSWORD)
    User.objects.filter(pk=user.pk).update(password=user.password, **columns)
    return user


def sign_in(client, username, password=PASSWORD, **more):
    return client.post(reverse("people:sign_in"), {"username": username, "password": password, **more})


# ---- the language


def test_the_button_of_the_frame_sets_the_language_of_the_person(client, people):
    user = with_password(people.taker, email="taker@example.com")
    client.force_login(user)

    client.post(reverse("set_language"), {"language": "en", "next": "/me/"})
    client.post(reverse("set_language"), {"language": "tlh", "next": "/me/"})

    user.refresh_from_db()
    assert user.language == "en"
    assert Entry.objects.filter(code="people.preferences_set").count() == 1
    client.cookies.clear()
    sign_in(client, user.username)
    assert client.cookies["django_language"].value == "en"


def test_the_button_works_for_who_is_not_signed_in(client):
    answer = client.post(reverse("set_language"), {"language": "zh-hans", "next": "/sign-in/"})

    assert (answer.status_code, client.cookies["django_language"].value) == (302, "zh-hans")
    assert not Entry.objects.exists()


def test_the_bar_says_which_days_ahead_are_out_of_the_ordinary(client, people):
    client.force_login(people.taker)
    bar = '<span class="zk-tag is-run zk-notice">closed 1 Oct to 7 Oct; open 10 Oct (Sat)</span>'

    for day, is_said in ((29, True), (1, False)):  # a fortnight ahead, and no more
        with clock.at(dt.datetime(2026, 9, day, 2, tzinfo=dt.UTC)):
            page = client.get(reverse("people:me")).content.decode()
            assert (bar in page, "zk-notice" in page) == (is_said, is_said)


@pytest.mark.parametrize(("language", "subject"), [("en", "To approve: 36"), ("zh-hans", "待审批：36")])
def test_e_mails_speak_the_language_of_the_person(people, mailoutbox, language, subject):
    user = with_password(people.taker, email="taker@example.com", language=language)
    given = {"title": "36", "params": {"title": "36"}, "subject": None, "by": None, "at": MONDAY}
    post.notify(to=user.party, kind="approval.asked", email=True, **given)

    deliver.run_once(MONDAY)

    assert [mail.subject for mail in mailoutbox] == [subject]


# ---- the way in


@pytest.mark.parametrize("typed", ["he.jingxing", "13900000001", " he.jingxing "])
def test_sign_in_takes_user_name_or_work_telephone(client, people, typed):
    with_password(people.store_manager, phone="13900000001")

    response = sign_in(client, typed, next="/units/")

    assert (response.status_code, response["Location"]) == (302, "/units/")
    assert client.session["_auth_user_id"] == str(people.store_manager.pk)
    assert response.cookies["django_language"].value == "zh-hans"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_to_pages_of_this_house_only(client, people, target):
    with_password(people.store_manager)

    response = sign_in(client, "he.jingxing", next=target)

    assert response["Location"] == "/"


def test_a_wrong_password_says_one_sentence_and_keeps_the_name(client, people):
    with_password(people.store_manager)

    page = sign_in(client, "he.jingxing", "wrong").content.decode()

    assert "User name or password is wrong." in page
    assert 'value="he.jingxing"' in page


def test_a_closed_account_does_not_sign_in(client, people):
    with_password(people.store_manager, is_active=False)

    response = sign_in(client, "he.jingxing")

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(client, people):
    with_password(people.store_manager)

    answers = [sign_in(client, "he.jingxing", "wrong").status_code for _time in range(5)]
    right = sign_in(client, "he.jingxing")

    assert answers == [200, 200, 200, 200, 429]
    assert (right.status_code, right["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes" in right.content.decode()


def test_staying_signed_in_lasts_30_days(client, people):
    with_password(people.store_manager)

    sign_in(client, "he.jingxing", remember="on")

    assert client.session.get_expiry_age() == 30 * 24 * 3600


def test_the_first_password_is_changed_before_anything_else(client, people):
    with_password(people.taker, must_change_password=True)
    sign_in(client, "lu.xiaoman")

    elsewhere = client.get(reverse("people:units"))
    changed = client.post(
        reverse("people:password"), {"old": PASSWORD, "new": "Yoghurt-36-yuan", "again": "Yoghurt-36-yuan"}
    )
    after = client.get(reverse("people:units"))

    assert (elsewhere.status_code, elsewhere["Location"]) == (302, reverse("people:password"))
    assert changed.status_code == 302
    assert after.status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"old": "wrong"}, "This is not your present password."),
        ({"again": "Another-36-yuan"}, "The two new passwords differ."),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": PASSWORD, "again": PASSWORD}, "must differ from the old one"),
    ],
)
def test_a_wrong_change_of_password_is_refused_at_its_place(client, people, typed, sentence):
    client.force_login(with_password(people.taker))
    asked = {"old": PASSWORD, "new": "Yoghurt-36-yuan", "again": "Yoghurt-36-yuan", **typed}

    page = client.post(reverse("people:password"), asked)

    assert sentence in page.content.decode()
    assert User.objects.get(pk=people.taker.pk).check_password(PASSWORD)


def test_signing_out_takes_a_post(client, people):
    client.force_login(people.taker)

    assert client.get(reverse("people:sign_out")).status_code == 405
    assert client.post(reverse("people:sign_out")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_demo_roles_exist_in_demo_mode_only(client, people, settings):
    url = reverse("people:demo_sign_in")
    settings.DEMO = False
    without = client.post(url, {"as": "shen.ruoxi"})
    hidden = client.get(reverse("people:sign_in")).content.decode()

    settings.DEMO = True
    shown = client.get(reverse("people:sign_in")).content.decode()
    nobody = client.post(url, {"as": "tang.yifan"})  # an employee is no demo role
    entered = client.post(url, {"as": "shen.ruoxi"})

    assert (without.status_code, nobody.status_code, entered.status_code) == (404, 404, 302)
    assert ("沈若溪" in hidden, "沈若溪" in shown) == (False, True)
    assert client.session["_auth_user_id"] == str(people.specialist.pk)


def test_each_company_offers_its_own_people_and_the_group_comes_last(people):
    rows = queries.demo_roles(MONDAY)
    companies = [row.unit.path.strip("/").split("/")[1:2] for row in rows]

    offered = [(company, row.post.code) for company, row in zip(companies, rows, strict=True)]
    assert len(offered) == len({(*company, code) for company, code in offered})
    assert {row.party.name for row in rows} >= {people.manager.party.name, people.fruit_manager.party.name}
    assert companies == sorted(filter(None, companies), key=lambda one: int(one[0])) + [
        one for one in companies if not one
    ]


# ---- staff


def test_a_new_account_shows_its_password_once(client, people):
    client.force_login(people.administrator)
    typed = {"name": "新同事", "username": "xin.tongshi", "unit": people.south_service.pk}

    page = client.post(reverse("people:add_staff"), typed).content.decode()

    user = User.objects.get(username="xin.tongshi")
    password = page.split('class="pp-secret">')[1].split("<")[0]
    assert user.check_password(password)
    assert password not in client.get(user.get_absolute_url()).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_appoint_from_the_page_of_a_person(client, people, headers):
    client.force_login(people.administrator)
    typed = {
        "post": "P002-19",
        "unit": people.south_service.pk,
        "kind": "ACTING",
        "held_from": "2026-03-09",
        "last_day": "2026-03-31",
    }

    response = client.post(reverse("people:appoint", args=[people.taker.pk]), typed, headers=headers)

    made = Appointment.objects.get(post__code="P002-19")
    assert (made.kind, made.held_to) == ("ACTING", dt.date(2026, 4, 1))
    assert response.status_code == (200 if headers else 302)
    if headers:
        assert "<html" not in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_refused_appointment_says_so_and_keeps_what_was_typed(client, people, headers):
    client.force_login(people.administrator)
    typed = {
        "post": "P002-21",
        "unit": people.south_service.pk,
        "kind": "HELD",
        "held_from": "2026-03-09",
        "last_day": "",
    }

    response = client.post(reverse("people:appoint", args=[people.taker.pk]), typed, headers=headers)

    page = response.content.decode()
    assert response.status_code == 200
    assert "in this time already" in page
    assert '<option value="P002-21" selected>' in page
    assert Appointment.objects.filter(post__code="P002-21").count() == 1


def test_the_staff_list_shows_only_units_in_scope(client, people):
    client.force_login(people.manager)

    page = client.get(reverse("people:staff")).content.decode()

    assert ("沈若溪" in page, "丁若愚" in page) == (True, False)
    assert client.get(people.stranger.get_absolute_url()).status_code == 404


# ---- posts


@pytest.mark.rule("S002-04")
def test_every_employee_reads_the_own_post_and_no_other(client, people):
    client.force_login(people.specialist)

    own = client.get(reverse("people:post", args=["P002-20"]))
    other = client.get(reverse("people:post", args=["P002-02"]))

    assert (own.status_code, other.status_code) == (200, 403)
    assert "Receive and register complaints." in own.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_powers_are_granted_on_the_page_of_the_post(client, people, headers):
    client.force_login(people.administrator)
    typed = {"power": "complaint.assign", "scope": "UNIT"}

    response = client.post(reverse("people:grant", args=["P002-20"]), typed, headers=headers)

    assert PostPower.objects.get(post__code="P002-20", power__code="complaint.assign").scope == "UNIT"
    assert response.status_code == (200 if headers else 302)


def test_duties_and_their_english_lines_must_match(client, people):
    client.force_login(people.administrator)
    url = reverse("people:write_duties", args=["P002-11"])

    page = client.post(url, {"duties": "一\n二", "duties_en": "one"}).content.decode()

    assert "There are 2 duties but 1 English lines." in page


# ---- deputies, proposals, calendars


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_deputy_is_named_in_the_time_zone_of_the_enterprise(client, people, headers):
    client.force_login(people.manager)
    typed = {
        "deputy": people.supervisor.pk,
        "away_from": "2026-03-10T08:00",
        "away_to": "2026-03-11T18:00",
        "reason": "出差",
    }

    client.post(reverse("people:deputy"), typed, headers=headers)

    row = Deputy.objects.get()
    assert row.away_from == dt.datetime(2026, 3, 10, 0, 0, tzinfo=dt.UTC)
    assert Entry.objects.latest("id").code == "people.deputy_named"


def test_strangers_of_other_houses_are_not_offered_as_deputies(client, people):
    client.force_login(people.manager)
    typed = {
        "deputy": people.stranger.pk,
        "away_from": "2026-03-10T08:00",
        "away_to": "2026-03-11T18:00",
    }

    client.post(reverse("people:deputy"), typed)

    assert not Deputy.objects.exists()


@pytest.mark.rule("R002-172")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_proposal_goes_from_the_department_to_the_outside_decision(client, people, headers):
    client.force_login(people.manager)
    typed = {
        "kind": "REWARD",
        "unit": people.south_service.pk,
        "about": people.specialist.pk,
        "title": "奖励",
        "reasons": "按时率 99%",
    }
    client.post(reverse("people:propose"), typed)
    proposal = PersonnelProposal.objects.get()

    client.force_login(people.general_manager)
    decision = {"agreed": "1", "decided_by_name": "人力资源部", "decided_on": "2026-03-09"}
    client.post(reverse("people:record_decision", args=[proposal.pk]), decision, headers=headers)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by_name) == ("AGREED", "人力资源部")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ({"state": "closed"}, []),
        ({"state": "ordinary"}, None),
        ({"state": "own", "hours": "10：00－15:00、16:00到18:00"}, [["10:00", "15:00"], ["16:00", "18:00"]]),
    ],
)
def test_a_day_of_the_calendar_is_set(client, people, headers, typed, hours):
    calendar = actions.open_calendar(unit=people.mall, name="营业日历", by=None, now=MONDAY)
    client.force_login(people.administrator)
    url = reverse("people:set_day", args=[calendar.pk])

    client.post(url, {"day": "2026-05-09", "note": "店庆", **typed}, headers=headers)

    assert CalendarDay.objects.get().hours == hours


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"state": "own", "hours": "ten to three"}, "is not a time such as 09:00-12:00"),
        ({"state": "own", "hours": ""}, "Hours of its own need at least one interval."),
        ({"state": "closed", "day": "2026-02-30"}, "Enter a valid date."),
    ],
)
def test_a_wrong_day_is_refused_at_its_place(client, people, typed, sentence):
    calendar = actions.open_calendar(unit=people.mall, name="营业日历", by=None, now=MONDAY)
    client.force_login(people.administrator)

    url = reverse("people:set_day", args=[calendar.pk])
    page = client.post(url, {"day": "2026-05-09", **typed}).content.decode()

    assert sentence in page
    assert not CalendarDay.objects.exists()


def test_the_year_shows_holidays_and_make_up_days(client, people):
    calendar = actions.open_calendar(unit=people.mall, name="营业日历", by=None, now=MONDAY)
    client.force_login(people.administrator)

    page = client.get(reverse("people:calendar", args=[calendar.pk]), {"year": "2026"}).content.decode()
    unpublished = client.get(reverse("people:calendar", args=[calendar.pk]), {"year": "2060"})

    assert 'title="2026-10-01' in page
    assert "make-up working day" in page
    assert "provisional" in unpublished.content.decode()
