"""The pages of complaints over HTTP: registration, one case, what is done with it; with htmx and without."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from zhike.complaints import actions
from zhike.complaints.models import Complaint, Entry, Fault, Penalty, Step
from zhike.customers.models import Customer
from zhike.kernel.duties.models import Duty
from zhike.kernel.procedures.models import Approval, HandOver
from zhike.kernel.records.models import Attachment

from .factories import RECORDS, a_complaint, a_fault, at, browser, state_of, worked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TYPED = {
    "token": "form 1",
    "channel": "COUNTER",
    "name": "贺晓岚",
    "phone": "13812346207",
    "text": "买到过期酸奶,要找店长",
    "item": "EXPIRED",
    "value": "36",
    "happened_on": "2026-03-08",
}


@pytest.fixture
def taker(people):
    return browser(people.taker)


def register(client, people, headers=None, **typed):
    data = {**TYPED, "unit": people.south.pk, **typed}
    return client.post(reverse("complaints:new"), data, headers=headers or {})


def errors(page):
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def text(page):
    return page.content.decode()


# ---- registration


def test_the_form_registers_and_leads_to_the_case(people, taker):
    page = register(taker, people)

    complaint = Complaint.objects.get()
    assert (page.status_code, page["Location"]) == (302, f"/complaints/{complaint.pk}/")
    assert (complaint.handler, complaint.clause) == (people.store_manager.party, "三(五)1")
    assert (complaint.customer.name, complaint.circumstances) == ("贺晓岚", ["SPOILED_FOOD"])
    assert "三(五)1" in text(taker.get(page["Location"]))


def test_htmx_is_led_by_its_header(people, taker):
    page = register(taker, people, headers=HTMX)

    assert (page.status_code, page["HX-Redirect"]) == (200, f"/complaints/{Complaint.objects.get().pk}/")


def test_the_same_form_sent_twice_is_one_complaint(people, taker):
    first, second = register(taker, people), register(taker, people)

    assert first["Location"] == second["Location"]
    assert (Complaint.objects.count(), Customer.objects.count()) == (1, 1)


def test_circumstances_that_the_taker_changed_stand_and_none_may_be_left(people, taker):
    register(taker, people, circumstances_changed="1", circumstances=["BUILDING"])
    register(taker, people, token="2", circumstances_changed="1", value="")

    found = Complaint.objects.order_by("id").values_list("circumstances", "handler_code")
    assert list(found) == [(["BUILDING"], "STORE_MANAGER"), ([], "SERVICE_SUPERVISOR")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,234.50", "1234.50"),
        ("１２３４．５", "1234.50"),
        ("¥36", "36.00"),
        ("36元", "36.00"),
        (" 0 ", "0.00"),
        ("12,345,678", "12345678.00"),
    ],
)
def test_amounts_are_understood_as_people_write_them(people, taker, typed, value):
    register(taker, people, value=typed)

    assert str(Complaint.objects.get().value) == value


BAD = [
    ("text", "", "text"),
    ("text", "  \n ", "text"),
    ("text", "字" * 100_001, "text"),
    ("happened_on", "2026-02-30", "happened_on"),
    ("happened_on", "yesterday", "happened_on"),
    ("value", "12a", "value"),
    ("value", "-1", "value"),
    ("value", "1,23", "value"),
    ("value", "1.234", "value"),
    ("value", "1e3", "value"),
    ("value", "NaN", "value"),
    ("value", "1" + "0" * 12, "value"),
    ("name", "", "name"),
    ("item", "YOGHURT", "item"),
    ("channel", "PIGEON", "channel"),
    ("unit", "999999", "unit"),
    ("accused", "999999", "accused"),
    ("phone", "12", "phone"),
]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(("field", "typed", "at_field"), BAD, ids=[f"{f}={t[:12]}" for f, t, _ in BAD])
def test_bad_input_is_told_at_its_field_and_nothing_is_saved_or_lost(
    people, taker, field, typed, at_field, headers
):
    page = register(taker, people, headers=headers, **{"demand": "退一赔十", field: typed})

    assert page.status_code == 200
    assert list(errors(page)) == [at_field]
    assert len(errors(page)[at_field]) == 1
    assert "退一赔十" in text(page)
    assert Complaint.objects.count() == Customer.objects.count() == 0


def test_a_text_of_a_hundred_thousand_characters_is_taken_whole(people, taker):
    register(taker, people, text="字" * 100_000)

    assert len(Complaint.objects.get().text) == 100_000


def test_another_handler_needs_a_reason(people, taker):
    without = register(taker, people, handler=people.specialist.pk)
    assert list(errors(without)) == ["override_reason"]
    assert Complaint.objects.count() == 0

    register(taker, people, handler=people.specialist.pk, override_reason="熟悉")

    assert Complaint.objects.get().handler == people.specialist.party


def test_a_file_that_is_refused_is_told_at_the_files_and_what_was_typed_stays(people, taker):
    page = register(taker, people, attachments=[SimpleUploadedFile("virus.exe", b"MZ\x90\x00")])

    assert "virus.exe" in errors(page)["attachments"][0]
    assert "买到过期酸奶,要找店长" in text(page)
    assert Complaint.objects.count() == Customer.objects.count() == Attachment.objects.count() == 0


def test_receipts_come_with_the_registration(people, taker):
    register(taker, people, attachments=[SimpleUploadedFile("小票.txt", b"36")])

    assert Attachment.objects.get().subject_id == Complaint.objects.get().pk


def test_a_store_out_of_reach_cannot_be_chosen(people, taker):
    page = register(taker, people, unit=people.north.pk)

    assert list(errors(page)) == ["unit"]
    assert Complaint.objects.count() == 0


def test_where_no_regulation_is_in_force_the_page_says_so(people):
    page = browser(people.fruit_manager).get(reverse("complaints:new"))

    assert page.status_code == 200
    assert page.templates[0].name == "complaints/no_manual.html"


def preview(client, people, **typed):
    return text(client.post(reverse("complaints:preview"), {"unit": people.south.pk, **typed}, headers=HTMX))


def test_the_preview_names_handler_person_and_clause_and_saves_nothing(people, taker):
    part = preview(taker, people, item="EXPIRED", value="36")

    assert [word for word in ("店长", "何景行", "三(五)1", "变质过期食品") if word not in part] == []
    assert "<html" not in part
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "handler"),
    [
        ({"value": "500"}, "周启明"),
        ({"value": "499.99"}, "林一诺"),
        ({"value": "49x"}, "林一诺"),
        ({}, "林一诺"),
    ],
)
def test_the_preview_follows_what_is_typed_and_bears_with_what_is_half_typed(people, taker, typed, handler):
    part = preview(taker, people, **typed)

    assert [name for name in ("何景行", "周启明", "林一诺") if name in part] == [handler]


def test_the_preview_names_whom_the_case_will_really_go_to(people, taker):
    typed = {"value": "3000", "accused": people.store_manager.pk}

    part = preview(taker, people, **typed)
    register(taker, people, **typed)

    assert Complaint.objects.get().handler == people.general_manager.party
    assert ("宋怀瑾" in part, "何景行" in part) == (True, False)


# ---- one case


@pytest.fixture
def case(people):
    return a_complaint(people, item="CASHIER")


@pytest.fixture
def manager(people):
    return browser(people.manager)


def post(client, name, case, headers=None, **typed):
    return client.post(reverse(f"complaints:{name}", args=[case.pk]), typed, headers=headers or {})


def test_the_steps_are_written_down_one_after_another_and_close_the_case(people, case, manager):
    while (case := Complaint.objects.get()).is_open:
        answer = post(
            manager, "step", case, kind=case.stage_kind, revision=case.revision, text=RECORDS[case.stage_kind]
        )
        assert answer.status_code == 302

    assert list(Step.objects.values_list("kind", flat=True)) == list(RECORDS)
    page = text(manager.get(reverse("complaints:detail", args=[case.pk])))
    assert [record for record in RECORDS.values() if record not in page] == []


def test_an_empty_step_is_told_and_not_taken(people, case, manager):
    typed = {"kind": "cause", "revision": case.revision, "text": " "}

    page, part = post(manager, "step", case, **typed), post(manager, "step", case, HTMX, **typed)

    assert (page.status_code, part.status_code) == (200, 200)
    assert list(page.context["step_form"].errors) == ["text"]
    assert page.context["step_form"].errors["text"][0] in text(part)
    assert ("<html" in text(page), "<html" in text(part)) == (True, False)
    assert Step.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_step_that_is_not_due_is_refused_with_a_sentence(people, case, manager, headers):
    before = state_of(case)

    answer = post(manager, "step", case, headers, kind="summary", revision=case.revision, text="…")

    assert answer.status_code == (200 if headers else 302)
    said = text(answer) if headers else text(manager.get(answer["Location"]))
    assert "确认原因" in said
    assert state_of(case) == before


def test_a_step_on_an_old_view_of_the_case_keeps_what_was_typed(people, case, manager):
    old = case.revision
    actions.change_facts(complaint=case, by=people.taker.party, now=at(9, 10, 5), reason="…", item="PRICE")

    answer = post(manager, "step", case, kind="cause", revision=old, text="多扫了一次码")

    assert answer.status_code == 200
    assert "多扫了一次码" in text(answer)
    assert list(answer.context["step_form"].errors) == ["__all__"]
    assert Step.objects.count() == 0


@pytest.mark.parametrize(("mode", "kind"), [("reply", "REPLY"), ("note", "NOTE"), ("nonsense", None)])
def test_a_reply_or_a_note_is_sent(people, case, manager, mode, kind):
    answer = post(
        manager, "say", case, mode=mode, text="已联系", attachments=[SimpleUploadedFile("a.txt", b"a")]
    )

    assert [entry.kind for entry in Entry.objects.all()] == ([kind] if kind else [])
    assert Attachment.objects.count() == (1 if kind else 0)
    assert answer.status_code == (302 if kind else 200)


def test_htmx_gets_the_feed_with_what_was_said(people, case, manager):
    answer = post(manager, "say", case, HTMX, mode="reply", text="已联系顾客", final="on")

    assert (answer.status_code, answer["HX-Trigger"]) == (200, "zk:done")
    assert "已联系顾客" in text(answer)
    assert "<html" not in text(answer)
    assert Complaint.objects.get().replied_at is not None


def test_an_empty_reply_is_told_and_one_with_a_bad_file_keeps_its_text(people, case, manager):
    empty = post(manager, "say", case, mode="reply", text="  ")
    bad = post(
        manager,
        "say",
        case,
        mode="reply",
        text="见附件",
        attachments=[SimpleUploadedFile("a.exe", b"MZ\x90\x00")],
    )

    assert list(empty.context["composer"].errors) == ["text"]
    assert "a.exe" in bad.context["composer"].errors["__all__"][0]
    assert "见附件" in text(bad)
    assert (Entry.objects.count(), Attachment.objects.count()) == (0, 0)


# verb, who may, what is typed, what then is true
ACTS = {
    "hand_over": ("manager", {"to": "specialist", "reason": "熟悉"}, lambda: HandOver.objects.count() == 1),
    "hand_up": ("manager", {"reason": "解决不了"}, lambda: HandOver.objects.count() == 1),
    "change_facts": ("taker", {"value": "2,000", "reason": "小票"}, lambda: Complaint.objects.get().clause == "三(五)1"),
    "compensate": ("manager", {"amount": "300"}, lambda: Approval.objects.count() == 1),
    "correct": ("taker", {"title": "收银多收", "text": "多收", "channel": "PHONE", "reason": "听错"}, lambda: Complaint.objects.get().channel == "PHONE"),
    "void": ("manager", {"reason": "登记两次"}, lambda: Complaint.objects.get().is_void),
    "judge": ("manager", {"person": "employee", "offence": "IGNORED", "confirmed": "1", "evidence": "监控"}, lambda: Penalty.objects.count() == 1),
    "add_files": ("taker", {"attachments": "file"}, lambda: Attachment.objects.count() == 1),
}  # fmt: skip


def act(people, who, verb, case, typed, headers=None):
    data = {
        key: people.users[value].pk if key in {"to", "person"} and value else value
        for key, value in typed.items()
    }
    if data.get("attachments") == "file":
        data["attachments"] = SimpleUploadedFile("小票.txt", b"36")
    return browser(people.users[who]).post(
        reverse(f"complaints:{verb}", args=[case.pk]), data, headers=headers or {}
    )


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("verb", ACTS)
def test_each_verb_has_a_dialog_and_does_its_work(people, case, verb, headers):
    who, typed, done = ACTS[verb]
    form = browser(people.users[who]).get(reverse(f"complaints:{verb}", args=[case.pk]), headers=headers)

    answer = act(people, who, verb, case, typed, headers)

    assert form.status_code == 200
    assert ("<html" in text(form)) == (not headers)
    where = answer["HX-Redirect"] if headers else answer["Location"]
    assert where == reverse("complaints:detail", args=[case.pk])
    assert done()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("verb", ACTS)
def test_each_verb_refuses_an_empty_form_and_changes_nothing(people, case, verb, headers):
    before = state_of(case)

    answer = act(people, ACTS[verb][0], verb, case, {}, headers)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert state_of(case) == before
    assert not ACTS[verb][2]()


@pytest.mark.parametrize("verb", [*ACTS, "step", "say"])
def test_who_may_not_is_kept_out_and_strangers_find_nothing(people, case, verb):
    before = state_of(case)
    typed = ACTS.get(verb, ("", {}, None))[1]

    assert act(people, "employee", verb, case, typed).status_code == 403
    assert act(people, "stranger", verb, case, typed).status_code == 404

    assert state_of(case) == before
    assert Fault.objects.count() == HandOver.objects.count() == Attachment.objects.count() == 0


def test_a_refusal_of_the_action_stands_in_the_dialog(people, case):
    accused = a_complaint(people, accused=people.specialist.party)

    answer = act(people, "manager", "hand_over", accused, {"to": "specialist", "reason": "…"}, HTMX)

    assert list(answer.context["form"].errors) == ["__all__"]
    assert HandOver.objects.count() == 0


# ---- looks into a case


def test_the_ruling_opens_with_clause_facts_rows_and_version(people, manager):
    complaint = a_complaint(people, value=1200, circumstances=["SERVICE"])
    address = reverse("complaints:ruling", args=[complaint.pk])

    part, page = manager.get(address, headers=HTMX), manager.get(address)

    why = page.context["why"]
    assert (why["outcome"], why["who"], why["clause"]) == ("客服经理", "周启明", "三(五)2")
    assert [row[0] for row in why["rows"]] == [5, 6, 8]
    assert ("货值", "1200") in why["facts"]
    assert ("情形", "服务投诉") in why["facts"]
    assert "货值五百元以上、不满两千元" in why["text"]
    assert "货值五百元以上、不满两千元" in text(part)
    assert ("<html" in text(part), "<html" in text(page)) == (False, True)


def test_a_date_opens_with_the_days_that_were_counted(people, manager, case):
    duty = Duty.objects.get(kind="complaint.reply", subject_id=case.pk)

    page = manager.get(reverse("complaints:date_why", args=[case.pk, duty.pk]))

    assert page.status_code == 200
    assert page.context["duty"] == duty
    assert [
        (day.date.day, day.mark) for day in page.context["explanation"].days if day.mark in {"start", "due"}
    ] == [
        (9, "start"),
        (12, "due"),
    ]


def test_a_date_of_another_case_is_not_there(people, manager, case):
    other = a_complaint(people, unit=people.north)
    duty = Duty.objects.filter(subject_id=other.pk).first()

    assert manager.get(reverse("complaints:date_why", args=[case.pk, duty.pk])).status_code == 404


def test_the_drawer_shows_the_case_without_the_frame(people, manager, case):
    page = manager.get(reverse("complaints:drawer", args=[case.pk]), headers=HTMX)

    assert case.title in text(page)
    assert "<html" not in text(page)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", ["确认原因", "收银作业"]), ("en", ["Confirm the cause", "Cashier work"])],
)
def test_the_case_speaks_the_language_of_the_reader(people, case, language, words):
    page = text(browser(people.manager, language).get(reverse("complaints:detail", args=[case.pk])))

    assert [word for word in words if word not in page] == []


def test_what_customers_write_is_shown_and_never_run(people, manager):
    complaint = a_complaint(people, text="<script>alert(1)</script>", title="<b>x</b>")

    page = text(manager.get(reverse("complaints:detail", args=[complaint.pk])))

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>x</b>" not in page


def test_a_closed_and_a_voided_case_show_no_step(people, manager):
    closed, void = worked(a_complaint(people)), a_complaint(people)
    actions.void(complaint=void, by=people.manager.party, now=at(9, 12), reason="登记两次")

    for complaint in (closed, void):
        page = manager.get(reverse("complaints:detail", args=[complaint.pk]))
        assert (page.status_code, page.context["step_form"]) == (200, None)
    assert "登记两次" in text(page)


# ---- penalties


def test_a_penalty_is_decided_and_appealed_on_its_page(people):
    penalty = a_fault(people, offence="IGNORED").penalty
    decide, appeal = (reverse(f"complaints:{verb}", args=[penalty.pk]) for verb in ("decide", "appeal"))
    lead, person = browser(people.store_manager), browser(people.employee)

    assert lead.post(decide, {}).context["form"].errors
    assert lead.post(decide, {"decision": "impose", "opinion": "属实"}).status_code == 302
    again = lead.post(decide, {"decision": "drop", "opinion": "…"})
    assert list(again.context["form"].errors) == ["__all__"]
    assert person.post(appeal, {"text": " "}).context["form"].errors
    assert person.post(appeal, {"text": "当时在休息"}, headers=HTMX)["HX-Redirect"]

    penalty.refresh_from_db()
    assert (penalty.state, penalty.appeal) == ("IMPOSED", "当时在休息")
    assert "当时在休息" in text(lead.get(reverse("complaints:penalty", args=[penalty.pk])))


def test_the_person_of_a_penalty_does_not_see_the_complaint_behind_it(people):
    complaint = a_complaint(people, accused=people.employee.party)
    penalty = a_fault(people, offence="IGNORED", complaint=complaint).penalty

    page = text(browser(people.employee).get(reverse("complaints:penalty", args=[penalty.pk])))

    assert re.search(rf'href="/complaints/{complaint.pk}/"', page) is None
    assert "监控" in page
