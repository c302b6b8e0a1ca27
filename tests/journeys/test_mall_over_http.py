"""Stories of the mall through its pages: registered and worked, from the portal, overdue, by mail, with own values."""

import datetime as dt
import re

import pypdfium2
import pytest
from django.core import mail
from django.urls import reverse

from zhike.complaints.models import Complaint
from zhike.complaints.portal_codes import new_token
from zhike.complaints.tests.factories import RECORDS, at, browser
from zhike.kernel import clock
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty, Escalation
from zhike.kernel.outbox import deliver
from zhike.kernel.outbox.models import Message
from zhike.people.models import User

pytestmark = pytest.mark.django_db
YOGHURT = {
    "token": "1", "channel": "COUNTER", "name": "贺晓岚", "phone": "13812346207",
    "text": "买到过期酸奶,要找店长", "demand": "退一赔十", "item": "EXPIRED", "value": "36",
}  # fmt: skip


def register(client, unit, **typed):
    answer = client.post(reverse("complaints:new"), {**YOGHURT, "unit": unit.pk, **typed})
    assert answer.status_code == 302, answer.context["form"].errors
    return Complaint.objects.latest("id")


def step(client, complaint, **typed):
    case = Complaint.objects.get(pk=complaint.pk)
    data = {"kind": case.stage_kind, "revision": case.revision, "text": RECORDS[case.stage_kind], **typed}
    answer = client.post(reverse("complaints:step", args=[case.pk]), data)
    assert answer.status_code == 302
    return Complaint.objects.get(pk=complaint.pk)


def titles(client, pile):
    return [row.duty.matter for row in client.get(reverse("workbench:today")).context[pile]]


@pytest.mark.rule("S001-044", "S001-045", "R001-106", "R001-113", "F001-34")
def test_expired_yoghurt_from_the_counter_to_the_printed_form(people):
    taker, manager = browser(people.taker), browser(people.store_manager)

    complaint = register(taker, people.south)

    page = taker.get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
    assert "何景行" in page
    assert "三(五)1" in page
    assert titles(manager, "due") == ["买到过期酸奶,要找店长"]
    assert complaint.number in manager.get(reverse("workbench:notices")).content.decode()

    for _ in ("cause", "details"):
        complaint = step(taker, complaint)
    manager.post(
        reverse("complaints:say", args=[complaint.pk]), {"mode": "reply", "text": "正在办", "final": "on"}
    )
    complaint = step(manager, complaint, compensation="360")
    assert complaint.compensation_approved_at is None
    approvals = browser(people.manager).get(reverse("workbench:approvals")).context["approvals"]
    with clock.at(at(9, 11)):
        for approval in approvals:
            browser(people.manager).post(
                reverse("workbench:approval", args=[approval.pk]), {"decision": "YES"}
            )
    with clock.at(at(9, 12)):
        complaint = step(manager, complaint)
        complaint = step(manager, complaint)

    assert complaint.closed_at == at(9, 12)
    assert list(Duty.objects.filter(state="OPEN").values_list("title", flat=True)) == ["回访"]
    pdf = manager.get(reverse("complaints:print", args=[complaint.pk, "pdf"])).content
    text = "".join(
        "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)).split()
    )
    wanted = [complaint.number, "贺晓岚", "360.00", *("".join(record.split()) for record in RECORDS.values())]
    assert [word for word in wanted if word not in text] == []


@pytest.mark.rule("S001-045", "R001-108")
def test_a_customer_complains_in_the_portal_follows_and_is_answered(people, client):
    typed = {
        "token": new_token(),
        "name": "梁敏",
        "phone": "13800001111",
        "text": "酸奶过期",
        "item": "EXPIRED",
        "value": "36",
    }
    done = client.post(reverse("complaint_portal:new", args=[people.south.pk]), typed).content.decode()
    number, code = (
        re.search(rf'<dd id="{name}">\s*([^<]+?)\s*</dd>', done).group(1) for name in ("number", "code")
    )
    complaint = Complaint.objects.get(number=number)
    manager = browser(people.store_manager)
    assert titles(manager, "due")
    assert {row.owner_id for row in Duty.objects.filter(state="OPEN")} == {people.store_manager.pk}

    manager.post(reverse("complaints:say", args=[complaint.pk]), {"mode": "reply", "text": "请到服务台退款"})
    manager.post(reverse("complaints:say", args=[complaint.pk]), {"mode": "note", "text": "内部的话"})
    wrong = client.post(reverse("complaint_portal:follow"), {"number": number, "code": "XXXX-XXXX-XXXX"})
    right = client.post(reverse("complaint_portal:follow"), {"number": number, "code": code}, follow=True)

    assert number not in wrong.content.decode().replace(f'value="{number}"', "")
    page = right.content.decode()
    assert "请到服务台退款" in page
    assert "内部的话" not in page
    assert Complaint.objects.get().responded_at is not None


@pytest.mark.rule("R001-107", "R001-108")
def test_when_nobody_acts_the_watch_reminds_and_tells_two_levels_up(people):
    register(browser(people.taker), people.south, item="PRICE")
    response = Duty.objects.get(kind="complaint.response")
    assert (response.owner, response.due_at) == (people.supervisor.party, at(9, 10, 30))

    def told(now):
        watch.run(now=now)
        rows = Escalation.objects.filter(duty=response).order_by("level")
        return [(row.level, row.action, row.target) for row in rows]

    manager, store_manager = people.manager.party, people.store_manager.party
    assert told(at(9, 11, 29)) == []
    first = (1, "REMIND", manager)
    assert told(at(9, 11, 30)) == [first]
    assert told(at(9, 11, 30)) == [first]
    assert told(at(10, 17, 29)) == [first]
    assert told(at(10, 17, 30)) == [first, (2, "REPORT", store_manager)]
    kinds = Message.objects.filter(subject_label="complaints.Complaint", kind="duty.overdue")
    about = {(row.to_id, row.clause) for row in kinds}
    assert {(manager.pk, "三(二)"), (store_manager.pk, "三(二)")} <= about
    with clock.at(at(11, 9)):
        assert "买到过期酸奶,要找店长" in titles(browser(people.supervisor), "late")


@pytest.mark.rule("R001-108")
def test_a_warning_comes_before_the_date_and_none_after_the_work_is_done(people):
    complaint = register(browser(people.taker), people.south, item="PRICE")
    cause = Duty.objects.get(kind="complaint.cause")
    assert cause.due_at == at(9, 15)

    watch.run(now=at(9, 14, 30))
    assert [(row.level, row.target_id) for row in cause.escalations.all()] == [(0, people.taker.pk)]
    with clock.at(at(9, 14, 40)):
        step(browser(people.taker), complaint)
    watch.run(now=at(20, 9))

    assert cause.escalations.count() == 1


def test_the_new_owner_is_told_by_mail_with_a_way_to_the_case(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(pk=people.store_manager.pk).update(email="he@example.com")
    User.objects.filter(pk=people.specialist.pk).update(email="shen@example.com")
    complaint = register(browser(people.taker), people.south)
    browser(people.manager).post(
        reverse("complaints:hand_over", args=[complaint.pk]),
        {"to": people.specialist.pk, "reason": "店长出差"},
    )

    for _ in range(2):
        deliver.run_once(at(9, 10) + dt.timedelta(seconds=5))

    assert [message.to for message in mail.outbox] == [["he@example.com"], ["shen@example.com"]]
    last = mail.outbox[-1]
    assert complaint.number in last.subject
    assert "店长出差" in last.body
    assert f"{settings.PUBLIC_URL}/complaints/{complaint.pk}/" in last.body


@pytest.mark.rule("R001-108", "R001-113")
def test_a_store_with_values_of_its_own_works_by_them_from_the_page_on(people):
    administrator = browser(people.administrator)
    address = reverse("manuals:parameters", args=["mall-complaints", people.south.pk])
    form = administrator.get(address).context["form"]
    fields = {one.label: name for name, one in form.fields.items()}

    done = administrator.post(address, {fields["店长起点"]: "1500元", fields["首次回应期限"]: "60分钟"})

    gate = done.headers["Location"]
    administrator.post(f"{gate}hand-in/", {"reviewer": people.store_manager.pk, "reason": "店长提前介入"})
    for who in (people.store_manager, people.general_manager):
        assert browser(who).post(f"{gate}decide/", {"decision": "YES"}).status_code == 302
    taker = browser(people.taker)
    south = register(taker, people.south, item="PRICE", value="1,500")
    north = register(browser(people.stranger), people.north, item="PRICE", value="1,500", token="2")
    assert (south.handler, north.handler) == (people.store_manager.party, people.north_manager.party)
    due = {row.subject_id: row.due_at for row in Duty.objects.filter(kind="complaint.response")}
    assert (due[south.pk], due[north.pk]) == (at(9, 11), at(9, 10, 30))
    page = taker.get(reverse("complaints:ruling", args=[south.pk])).content.decode()
    assert "1500元" in page
