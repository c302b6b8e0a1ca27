"""Registering a complaint: once, whole or not at all, in the hands of somebody who may have it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhike.complaints import actions
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.customers.models import Customer
from zhike.kernel.audit.models import Entry as AuditEntry
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Event, Message
from zhike.kernel.policy.inforce import NoManual
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures.models import Move
from zhike.kernel.records.attachments import AttachmentRefusal
from zhike.kernel.records.models import Attachment
from zhike.kernel.search import index
from zhike.people.models import Appointment
from zhike.people.tests.factories import MONDAY, appoint

from .factories import RECORDS, a_complaint, away

pytestmark = pytest.mark.django_db
LEFT = (Complaint, Customer, Duty, Ruling, Move, Message, Event, Attachment, AuditEntry)


def nothing_saved():
    return {model.__name__: model.objects.count() for model in LEFT} == {model.__name__: 0 for model in LEFT}


def test_a_complaint_is_numbered_ruled_owed_told_found_and_recorded(people):
    complaint = a_complaint(people, item="EXPIRED", value=Decimal(36))

    assert complaint.number == "TS-202603-0001"
    assert (complaint.taker, complaint.opened_at, complaint.unit) == (
        people.taker.party,
        MONDAY,
        people.south,
    )
    assert Duty.objects.filter(state="OPEN").count() == 4
    message = Message.objects.get()
    assert (message.to, message.email_state, message.clause) == (
        people.store_manager.party,
        Message.EmailState.WAITING,
        "三(五)1",
    )
    assert [(event.name, event.ids["id"]) for event in Event.objects.all()] == [("case_opened", complaint.pk)]
    assert list(index.matching("酸奶", label="complaints.Complaint")) == [complaint.pk]
    row = AuditEntry.objects.get()
    assert (row.code, row.clause, row.by_id) == ("complaints.opened", "三(五)1", people.taker.pk)


def test_numbers_run_on_without_gaps_and_a_refusal_takes_none(people):
    first = a_complaint(people)
    with pytest.raises(actions.CannotOpen):
        a_complaint(people, item="NONSENSE")
    second = a_complaint(people, unit=people.north)

    assert (first.number, second.number) == ("TS-202603-0001", "TS-202603-0002")


def test_the_same_request_twice_is_one_complaint(people):
    first = a_complaint(people, request_key="form 1")
    again = a_complaint(people, request_key="form 1", text="anything")
    other = a_complaint(people, request_key="form 2")

    assert (again.pk, again.text) == (first.pk, first.text)
    assert (first.number, other.number) == ("TS-202603-0001", "TS-202603-0002")
    assert {first.pk, other.pk} == set(Complaint.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": " \n "}, "投诉"),
        ({"item": "YOGHURT"}, "YOGHURT"),
        ({"circumstances": ["SAFETY", "RAIN"]}, "RAIN"),
        ({"accused_level": "KING"}, "KING"),
    ],
)
def test_what_the_manual_does_not_know_is_refused_and_nothing_is_saved(people, given, said):
    with pytest.raises(actions.CannotOpen, match=said):
        a_complaint(people, **given)

    assert nothing_saved()


def test_a_unit_without_a_regulation_takes_no_complaint(people):
    with pytest.raises(NoManual):
        a_complaint(people, unit=people.fruit)

    assert nothing_saved()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("买到过期酸奶。要求退款", "买到过期酸奶"),
        ("短。后面还有一句", "短。后面还有一句"),
        ("一" * 40, "一" * 40),
        ("一" * 41, "一" * 39 + "…"),
        ("  两行\n 字 ", "两行 字"),
    ],
)
def test_a_complaint_without_a_title_takes_its_first_words(people, text, title):
    assert a_complaint(people, text=text).title == title


def test_a_title_that_was_given_stays(people):
    assert a_complaint(people, title=" 酸奶 ").title == "酸奶"


# ---- who handles it


def test_the_takers_own_choice_needs_a_reason_and_stands_beside_the_ruling(people):
    chosen = people.specialist.party
    with pytest.raises(actions.CannotOpen):
        a_complaint(people, handler=chosen, override_reason=" ")
    assert nothing_saved()

    complaint = a_complaint(people, handler=chosen, override_reason="熟悉该顾客")

    assert (complaint.handler, complaint.override_reason) == (chosen, "熟悉该顾客")
    assert (complaint.handler_code, complaint.clause) == ("SERVICE_SUPERVISOR", "三(五)3")


def test_nobody_is_chosen_to_handle_a_complaint_about_themselves(people):
    person = people.specialist.party

    with pytest.raises(actions.CannotOpen):
        a_complaint(people, handler=person, override_reason="熟悉", accused=person)

    assert nothing_saved()


def test_a_complaint_about_its_handler_goes_to_the_superior(people):
    complaint = a_complaint(people, accused=people.store_manager.party, accused_level="SUPERVISOR_UP")

    assert complaint.handler_code == "STORE_MANAGER"
    assert complaint.handler == people.general_manager.party


def test_a_complaint_about_who_takes_it_leaves_them_no_duty(people):
    complaint = a_complaint(people, accused=people.taker.party)

    assert complaint.taker == people.taker.party
    assert set(Duty.objects.values_list("owner", flat=True)) == {complaint.handler_id}


def test_the_deputy_of_who_is_away_handles_it(people):
    away(people.supervisor, people.specialist)

    assert a_complaint(people).handler == people.specialist.party


def test_a_deputy_who_is_complained_of_does_not_stand_in(people):
    away(people.supervisor, people.specialist)

    complaint = a_complaint(people, accused=people.specialist.party)

    assert complaint.handler not in {people.specialist.party, None}


def test_where_nobody_holds_the_post_the_next_higher_handler_has_it(people):
    Appointment.objects.filter(post__code="P002-04").delete()
    to_manager = a_complaint(people)
    Appointment.objects.filter(post__code="P002-02").delete()
    to_store_manager = a_complaint(people)

    assert to_manager.handler == people.manager.party
    assert to_store_manager.handler == people.store_manager.party
    assert to_store_manager.handler_code == "SERVICE_SUPERVISOR"


def test_a_house_without_anybody_to_handle_it_still_takes_the_complaint(people):
    Appointment.objects.all().delete()

    complaint = a_complaint(people)

    assert (complaint.handler, complaint.clause) == (None, "三(五)3")
    assert Duty.objects.filter(owner=None).count() == 3


def test_the_second_holder_handles_a_complaint_about_the_first(people):
    appoint(people.specialist, "P002-04", people.south_service)

    complaint = a_complaint(people, accused=people.supervisor.party)

    assert complaint.handler == people.specialist.party


# ---- with customer, records and files


def file(name="小票.txt", content="小票".encode()):
    return SimpleUploadedFile(name, content)


def registered(people, **given):
    return actions.register(
        **{
            "unit": people.south,
            "channel": "COUNTER",
            "text": "过期酸奶",
            "by": people.taker.party,
            "now": MONDAY,
            "name": "贺晓岚",
            "phone": "13812346207",
            **given,
        }
    )


def test_a_customer_is_created_the_first_time_and_recognised_the_second(people):
    first, second = registered(people), registered(people, text="另一件事")

    assert first.customer == second.customer == Customer.objects.get()
    assert first.customer.name == "贺晓岚"


def test_files_come_with_the_complaint(people):
    complaint = registered(people, files=[file(), file("b.txt", b"b")])

    assert list(Attachment.objects.order_by("id").values_list("name", "subject_id")) == [
        ("小票.txt", complaint.pk),
        ("b.txt", complaint.pk),
    ]


@pytest.mark.parametrize("bad", [file("a.exe", b"MZ\x90\x00\x03"), file("empty.txt", b"")])
def test_a_file_that_is_refused_leaves_no_complaint_and_no_customer(people, bad):
    with pytest.raises(AttachmentRefusal):
        registered(people, files=[file(), bad])

    assert nothing_saved()


def test_what_the_taker_has_written_already_takes_its_steps_at_once(people):
    both = a_complaint(people, cause=RECORDS["cause"], details=RECORDS["details"])
    only_details = a_complaint(people, details=RECORDS["details"])

    assert both.stage_kind == "solution"
    assert list(both.steps.values_list("kind", "text")) == [
        ("cause", RECORDS["cause"]),
        ("details", RECORDS["details"]),
    ]
    assert (only_details.stage_kind, only_details.steps.count()) == ("cause", 0)


def test_a_complaint_is_ruled_by_the_words_of_the_manual_under_which_it_began(people):
    complaint = a_complaint(people, item="EXPIRED")

    assert regime_of(complaint).answer.version == complaint.manual == complaint.ruling.version


def test_nothing_happened_later_than_today(people):
    today = MONDAY.date()
    complaint = a_complaint(people, happened_on=today)
    assert complaint.happened_on == today

    with pytest.raises(actions.CannotOpen):
        a_complaint(people, happened_on=today + dt.timedelta(days=1))
    with pytest.raises(actions.CannotCorrect):
        actions.correct(
            complaint=complaint,
            happened_on=today + dt.timedelta(days=1),
            reason="顾客记错",
            by=people.taker.party,
            now=MONDAY,
        )
    assert Complaint.objects.count() == 1
