"""Facts, hand-overs, corrections, voiding, what is said; two people at once; a refusal changes nothing."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhike.complaints import actions
from zhike.complaints.models import Complaint, Entry, Step
from zhike.customers.models import Customer
from zhike.kernel.audit.models import Entry as AuditEntry
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.policy.models import Ruling
from zhike.kernel.procedures.models import HandOver
from zhike.kernel.procedures.stages import WrongStage
from zhike.kernel.records.attachments import AttachmentRefusal
from zhike.kernel.records.models import Attachment
from zhike.kernel.search import index
from zhike.people.models import Appointment

from .factories import RECORDS, a_complaint, at, state_of, worked

pytestmark = pytest.mark.django_db
NOW = at(9, 11)


def codes():
    return list(AuditEntry.objects.order_by("id").values_list("code", flat=True))


def owners(complaint):
    rows = Duty.objects.filter(subject_id=complaint.pk, subject_label="complaints.Complaint", state="OPEN")
    return {row.kind.removeprefix("complaint."): row.owner_id for row in rows}


# ---- facts


def change(complaint, people, **given):
    return actions.change_facts(
        **{"complaint": complaint, "by": people.taker.party, "now": NOW, "reason": "补充", **given}
    )


def test_new_facts_ask_the_manual_again_and_another_post_means_a_hand_over(people):
    complaint = a_complaint(people)

    change(complaint, people, value=Decimal(2000), item="PRICE")

    case = Complaint.objects.get()
    assert (case.item, case.group, case.value) == ("PRICE", "GOODS", Decimal(2000))
    assert (case.handler, case.clause) == (people.store_manager.party, "三(五)1")
    assert HandOver.objects.get().reason == "补充"
    assert Ruling.objects.filter(question="complaint.authority").count() == 2
    assert set(owners(case).values()) == {people.taker.pk, people.store_manager.pk}
    assert Message.objects.filter(to=people.store_manager.party).count() == 1
    assert codes() == ["complaints.opened", "complaints.facts_changed"]


def test_new_facts_that_name_the_same_post_leave_the_case_with_whom_it_is(people):
    complaint = a_complaint(people)
    actions.hand_over(
        complaint=complaint, to=people.specialist.party, by=people.manager.party, now=NOW, reason="熟悉"
    )

    change(complaint, people, value=Decimal("499.99"))

    assert Complaint.objects.get().handler == people.specialist.party
    assert HandOver.objects.count() == 1


def test_a_fact_that_is_not_named_stays_and_one_that_is_taken_back_goes(people):
    complaint = a_complaint(people, value=Decimal(600), accused=people.employee.party)

    change(complaint, people, item="PRICE")
    kept = state_of(complaint)
    change(complaint, people, value=None, accused=None)

    assert (kept["value"], kept["accused_id"]) == (Decimal(600), people.employee.pk)
    case = Complaint.objects.get()
    assert (case.value, case.accused, case.handler_code) == (None, None, "SERVICE_SUPERVISOR")


def test_facts_do_not_change_without_a_reason(people):
    complaint = a_complaint(people)
    before = state_of(complaint)

    with pytest.raises(actions.CannotHandOver):
        change(complaint, people, value=Decimal(2000), reason="  ")

    assert state_of(complaint) == before
    assert codes() == ["complaints.opened"]


def test_facts_of_a_closed_complaint_do_not_change(people):
    complaint = worked(a_complaint(people))
    before = state_of(complaint)

    with pytest.raises(actions.CannotHandOver):
        change(complaint, people, value=Decimal(2000))

    assert state_of(complaint) == before


def test_a_handler_who_turns_out_to_be_complained_of_loses_the_case_and_every_duty_in_it(people):
    complaint = a_complaint(people)
    assert people.supervisor.pk in owners(complaint).values()

    change(complaint, people, accused=people.supervisor.party)

    case = Complaint.objects.get()
    assert case.handler == people.manager.party
    assert people.supervisor.pk not in owners(case).values()
    assert (HandOver.objects.get().from_party, HandOver.objects.get().to_party) == (
        people.supervisor.party,
        people.manager.party,
    )


def test_a_taker_who_turns_out_to_be_complained_of_loses_the_duties_of_the_taker(people):
    complaint = a_complaint(people)

    change(complaint, people, accused=people.taker.party, by=people.manager.party)

    assert set(owners(complaint).values()) == {complaint.handler_id}
    worked(complaint, until="cause")
    assert complaint.handler != people.taker.party


def test_the_only_person_there_cannot_become_the_one_complained_of(people):
    complaint = a_complaint(people)
    Appointment.objects.exclude(party=people.supervisor.party).delete()
    before = state_of(complaint)

    with pytest.raises(actions.CannotHandOver):
        change(complaint, people, accused=people.supervisor.party)

    assert state_of(complaint) == before


# ---- up the line and to somebody


def test_it_goes_up_the_line_until_nobody_stands_above(people):
    complaint = a_complaint(people, value=Decimal(36))
    way = []

    for _ in range(2):
        actions.hand_up(complaint=complaint, by=complaint.handler, now=NOW, reason="解决不了")
        way.append(complaint.handler)
    before = state_of(complaint)
    with pytest.raises(actions.CannotHandOver):
        actions.hand_up(complaint=complaint, by=complaint.handler, now=NOW, reason="解决不了")

    assert way == [people.store_manager.party, people.general_manager.party]
    assert state_of(complaint) == before
    assert HandOver.objects.count() == 2


@pytest.mark.parametrize("reason", ["", " \n"])
def test_nothing_goes_up_or_over_without_a_reason(people, reason):
    complaint = a_complaint(people)
    before = state_of(complaint)
    lead = people.manager.party

    with pytest.raises(actions.CannotHandOver):
        actions.hand_up(complaint=complaint, by=people.supervisor.party, now=NOW, reason=reason)
    with pytest.raises(actions.CannotHandOver):
        actions.hand_over(complaint=complaint, to=lead, by=lead, now=NOW, reason=reason)
    with pytest.raises(actions.CannotOverride):
        actions.override_handler(complaint=complaint, to=lead, by=lead, now=NOW, reason=reason)

    assert state_of(complaint) == before
    assert HandOver.objects.count() == 0


def test_a_closed_complaint_is_not_handed_to_anybody(people):
    complaint = worked(a_complaint(people))
    before = state_of(complaint)
    lead = people.manager.party

    with pytest.raises(actions.CannotHandOver):
        actions.hand_up(complaint=complaint, by=people.supervisor.party, now=NOW, reason="…")
    with pytest.raises(actions.CannotHandOver):
        actions.hand_over(complaint=complaint, to=lead, by=lead, now=NOW, reason="…")
    with pytest.raises(actions.CannotOverride):
        actions.override_handler(complaint=complaint, to=lead, by=lead, now=NOW, reason="…")

    assert state_of(complaint) == before


def test_the_person_complained_of_is_not_handed_the_case_nor_is_who_has_it(people):
    complaint = a_complaint(people, accused=people.specialist.party)
    before = state_of(complaint)

    for to in (people.specialist.party, complaint.handler):
        with pytest.raises(actions.CannotHandOver):
            actions.hand_over(complaint=complaint, to=to, by=people.manager.party, now=NOW, reason="…")
    with pytest.raises(actions.CannotOverride):
        actions.override_handler(
            complaint=complaint, to=people.specialist.party, by=people.manager.party, now=NOW, reason="…"
        )

    assert state_of(complaint) == before


def test_a_hand_over_takes_the_duties_along_and_tells_the_new_owner_by_mail_too(people):
    complaint = a_complaint(people)

    actions.hand_over(
        complaint=complaint, to=people.specialist.party, by=people.manager.party, now=NOW, reason="熟悉"
    )

    assert owners(complaint) == {
        "cause": people.taker.pk,
        "response": people.specialist.pk,
        "resolution": people.specialist.pk,
        "reply": people.specialist.pk,
    }
    message = Message.objects.get(to=people.specialist.party)
    assert (message.email_state, message.body) == (Message.EmailState.WAITING, "熟悉")
    assert complaint.number in message.title


def test_who_takes_a_case_over_is_not_told_what_they_did_themselves(people):
    complaint = a_complaint(people)
    lead = people.manager.party

    actions.hand_over(complaint=complaint, to=lead, by=lead, now=NOW, reason="我来")

    assert not Message.objects.filter(to=lead).exists()


def test_an_override_keeps_the_ruling_and_says_why(people):
    complaint = a_complaint(people)

    actions.override_handler(
        complaint=complaint,
        to=people.specialist.party,
        by=people.manager.party,
        now=NOW,
        reason="顾客只信任她",
    )

    case = Complaint.objects.get()
    assert (case.handler, case.override_reason) == (people.specialist.party, "顾客只信任她")
    assert (case.handler_code, case.clause) == ("SERVICE_SUPERVISOR", "三(五)3")


def test_of_many_those_that_can_be_handed_over_are_and_the_others_are_named(people):
    to = people.specialist.party
    good, closed = a_complaint(people), worked(a_complaint(people))
    accused = a_complaint(people, accused=to)
    stale = Complaint.objects.get(pk=a_complaint(people).pk)
    change(Complaint.objects.get(pk=stale.pk), people, item="PRICE")

    done, refused = actions.hand_over_many(
        complaints=[good, closed, accused, stale], to=to, by=people.manager.party, now=NOW, reason="休假"
    )

    assert done == 1
    assert [line.split(":")[0] for line in refused] == [closed.number, accused.number, stale.number]
    assert list(Complaint.objects.filter(handler=to)) == [good]


# ---- two people at once


def test_of_two_who_write_the_same_step_the_second_is_told_and_nothing_is_written_twice(people):
    first = a_complaint(people)
    second = Complaint.objects.get(pk=first.pk)
    by = people.taker.party
    actions.record_step(complaint=first, kind="cause", text="先", by=by, now=NOW)
    after = state_of(first)

    with pytest.raises(WrongStage):
        actions.record_step(complaint=second, kind="cause", text="后", by=by, now=NOW)

    assert state_of(first) == after
    assert list(Step.objects.values_list("text", flat=True)) == ["先"]


@pytest.mark.parametrize(
    "late",
    [
        lambda case, people: change(case, people, value=Decimal(2000)),
        lambda case, people: actions.hand_over(
            complaint=case, to=people.specialist.party, by=people.manager.party, now=NOW, reason="…"
        ),
        lambda case, people: actions.hand_up(
            complaint=case, by=people.supervisor.party, now=NOW, reason="…"
        ),
        lambda case, people: actions.correct(
            complaint=case, by=people.taker.party, now=NOW, reason="…", title="别的"
        ),
        lambda case, people: actions.reply(
            complaint=case, text="后", by=people.supervisor.party, now=NOW
        ),
        lambda case, people: actions.void(
            complaint=case, by=people.manager.party, now=NOW, reason="…"
        ),
        lambda case, people: actions.propose_compensation(
            complaint=case, amount=Decimal(300), by=people.supervisor.party, now=NOW
        ),
    ],
    ids=["facts", "over", "up", "correct", "reply", "void", "compensation"],
)  # fmt: skip
def test_who_acts_on_an_old_view_of_the_case_is_refused_and_nothing_is_half_saved(people, late):
    complaint = a_complaint(people)
    stale = Complaint.objects.get(pk=complaint.pk)
    change(complaint, people, item="PRICE")
    after = state_of(complaint)
    rows = [model.objects.count() for model in (Ruling, HandOver, Message, AuditEntry, Entry)]

    with pytest.raises(WrongStage):
        late(stale, people)

    assert state_of(complaint) == after
    assert [model.objects.count() for model in (Ruling, HandOver, Message, AuditEntry, Entry)] == rows
    assert not Duty.objects.filter(state__in=["DONE", "CANCELLED"]).exists()


# ---- what is said


def test_a_first_reply_responds_and_only_a_final_one_answers(people):
    complaint = a_complaint(people)
    by = people.supervisor.party

    actions.reply(complaint=complaint, text="在办", by=by, now=NOW)

    case = Complaint.objects.get()
    assert (case.responded_at, case.replied_at) == (NOW, None)
    assert set(owners(complaint)) == {"cause", "resolution", "reply"}
    actions.reply(complaint=complaint, text="办好了", final=True, by=by, now=at(9, 12))
    assert Complaint.objects.get().replied_at == at(9, 12)
    assert set(owners(complaint)) == {"cause", "resolution"}


@pytest.mark.parametrize("say", [actions.reply, actions.note])
def test_nothing_said_is_refused(people, say):
    complaint = a_complaint(people)
    before = state_of(complaint)

    with pytest.raises(actions.CannotReply):
        say(complaint=complaint, text=" \n", by=people.supervisor.party, now=NOW)

    assert state_of(complaint) == before
    assert Entry.objects.count() == 0


def test_a_note_stays_inside_and_responds_to_nobody(people):
    complaint = a_complaint(people)

    entry = actions.note(complaint=complaint, text="常客", by=people.taker.party, now=NOW)

    assert entry.kind == "NOTE"
    assert Complaint.objects.get().responded_at is None


def test_a_reply_with_a_file_that_is_refused_is_not_sent(people):
    complaint = a_complaint(people)
    before = state_of(complaint)

    with pytest.raises(AttachmentRefusal):
        actions.say(
            complaint=complaint,
            mode="reply",
            text="见附件",
            files=[SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.exe", b"MZ\x90\x00")],
            by=people.supervisor.party,
            now=NOW,
        )

    assert state_of(complaint) == before
    assert (Entry.objects.count(), Attachment.objects.count()) == (0, 0)
    assert not Duty.objects.filter(state="DONE").exists()


def test_what_the_customer_adds_reaches_the_handler(people):
    complaint = a_complaint(people)

    actions.hear_customer(complaint=complaint, text="还没有人来", channel="PHONE", now=NOW)

    message = Message.objects.latest("id")
    assert (message.to, message.body) == (people.supervisor.party, "还没有人来")
    with pytest.raises(actions.CannotReply):
        actions.hear_customer(complaint=complaint, text=" ", channel="PHONE", now=NOW)


# ---- mending


def test_a_correction_keeps_before_and_after_and_is_found_by_the_new_words(people):
    complaint = a_complaint(people, title="酸奶过期")

    actions.correct(
        complaint=complaint, by=people.taker.party, now=NOW, reason="听错", title="牛奶过期", text="牛奶"
    )

    row = AuditEntry.objects.get(code="complaints.corrected")
    assert row.before == {"title": "酸奶过期", "text": "买到过期酸奶,36 元,要找店长。"}
    assert row.after == {"title": "牛奶过期", "text": "牛奶", "reason": "听错"}
    assert list(index.matching("牛奶", label="complaints.Complaint")) == [complaint.pk]
    assert list(index.matching("酸奶", label="complaints.Complaint")) == []
    assert set(Duty.objects.values_list("matter", flat=True)) == {"牛奶过期"}


@pytest.mark.parametrize(
    "given",
    [
        {"title": "新", "reason": " "},
        {"reason": "…"},
        {"title": "买到过期酸奶,36 元,要找店长", "reason": "没有改动"},
        {"text": "  ", "reason": "…"},
        {"value": Decimal(1), "reason": "不在这里改"},
    ],
    ids=["no reason", "nothing", "the same", "empty text", "another field"],
)
def test_a_correction_that_corrects_nothing_is_refused(people, given):
    complaint = a_complaint(people)
    before = state_of(complaint)

    with pytest.raises(actions.CannotCorrect):
        actions.correct(complaint=complaint, by=people.taker.party, now=NOW, **given)

    assert state_of(complaint) == before
    assert codes() == ["complaints.opened"]


def test_another_customer_is_created_only_for_another_name_or_number(people):
    complaint = actions.register(
        unit=people.south, channel="COUNTER", text="…", name="贺晓岚", phone="13812346207",
        by=people.taker.party, now=NOW,
    )  # fmt: skip

    def mend(**given):
        return actions.correct_registration(
            complaint=complaint, by=people.taker.party, now=NOW, reason="听错", **given
        )

    mend(name="贺晓岚", phone="", title="一")
    assert Customer.objects.count() == 1
    mend(name="何小兰", phone="13900001111", title="二")

    assert Customer.objects.count() == 2
    assert Complaint.objects.get().customer.name == "何小兰"


def test_a_voided_registration_is_closed_owes_nothing_and_says_why(people):
    complaint = a_complaint(people)

    actions.void(complaint=complaint, by=people.manager.party, now=NOW, reason="登记两次")

    case = Complaint.objects.get()
    assert (case.voided_at, case.void_reason, case.closed_at) == (NOW, "登记两次", NOW)
    assert (case.stage, case.due_at) == ("", None)
    assert set(Duty.objects.values_list("state", flat=True)) == {"CANCELLED"}
    with pytest.raises(actions.CannotReply):
        actions.reply(complaint=case, text="…", by=people.supervisor.party, now=NOW)


def test_a_registration_is_not_voided_without_reason_twice_or_after_its_end(people):
    complaint, closed = a_complaint(people), worked(a_complaint(people))
    before, end = state_of(complaint), state_of(closed)

    with pytest.raises(actions.CannotVoid):
        actions.void(complaint=complaint, by=people.manager.party, now=NOW, reason=" ")
    with pytest.raises(actions.CannotVoid):
        actions.void(complaint=closed, by=people.manager.party, now=NOW, reason="…")

    assert (state_of(complaint), state_of(closed)) == (before, end)
    assert RECORDS["summary"] == closed.steps.last().text
