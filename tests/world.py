"""One row of each kind around the standing cast, for tests that open every page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from zhike.channels import actions as channels
from zhike.channels.models import InboundMail, Intake, Mailbox
from zhike.complaints import actions as complaints
from zhike.complaints.models import Penalty
from zhike.complaints.tests.mall import a_mall
from zhike.customers.tests.factories import a_customer
from zhike.kernel.duties.models import Duty
from zhike.kernel.outbox.models import Message
from zhike.kernel.policy.models import ManualVersion
from zhike.kernel.procedures.models import Approval, ApprovalStep
from zhike.kernel.records import attachments
from zhike.kernel.worktime.models import CalendarDay, WorkCalendar
from zhike.manuals import actions as manuals
from zhike.people.models import Deputy, PersonnelProposal, Post, PostPower, UnitPost
from zhike.people.tests.factories import MONDAY


class World:
    """The standing cast with one row of each kind; each app has its own builder here."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.people: Any = a_mall()
        self._people_rows()
        self._customer_rows()
        self._complaint_rows()
        self._workbench_rows()
        self._mail_rows()
        self.draft = manuals.begin(key=self.version.key, by=self.people.general_manager.party, now=self.now)

    def _people_rows(self) -> None:
        people = self.people
        self.absence = Deputy.objects.create(
            absent=people.manager.party,
            deputy=people.cashier_supervisor.party,
            away_from=dt.datetime(2100, 1, 1, tzinfo=dt.UTC),
            away_to=dt.datetime(2100, 1, 2, tzinfo=dt.UTC),
        )
        self.proposal = PersonnelProposal.objects.create(
            unit=people.south_service,
            kind="REWARD",
            title="奖励",
            reasons="…",
            proposed_by=people.manager.party,
            proposed_at=self.now,
        )
        self.calendar = WorkCalendar.objects.create(
            unit=people.mall, name="营业日历", week={"mon": [["09:00", "18:00"]]}
        )
        self.day = CalendarDay.objects.create(calendar=self.calendar, day=dt.date(2026, 6, 15))
        self.given = PostPower.objects.filter(post__code="P002-02").first()
        self.placed = UnitPost.objects.create(
            unit=people.south_service, post=Post.objects.get(code="P002-19")
        )

    def _customer_rows(self) -> None:
        self.customer = a_customer(self.people.south_service, self.people.taker)
        self.phone = self.customer.phones.get()

    def _complaint_rows(self) -> None:
        """A complaint of the south store in the hands of the specialist, taken by the complaint taker."""
        people = self.people
        self.complaint = complaints.register(
            unit=people.south,
            channel="COUNTER",
            text="收银多收 36 元",
            item="CASHIER",
            value=Decimal(36),
            customer=self.customer,
            handler=people.specialist.party,
            override_reason="熟悉情况",
            by=people.taker.party,
            now=self.now,
        )
        self.duty = Duty.objects.filter(subject_id=self.complaint.pk).first()
        fault = complaints.record_fault(
            person=people.employee.party,
            offence="IGNORED",
            confirmed=True,
            evidence="监控",
            by=people.manager.party,
            now=self.now,
            complaint=self.complaint,
        )
        self.penalty = Penalty.objects.get(fault=fault)
        self.version = ManualVersion.objects.get()
        self.values = manuals.begin_values(
            key=self.version.key,
            unit=people.south,
            values={"店长起点": "1500元"},
            by=people.manager.party,
            now=self.now,
        )
        self.intake = Intake.objects.create(
            kind="complaints.Complaint",
            unit=people.south,
            by=people.manager.party,
            at=self.now,
            name="complaints.csv",
            file=SimpleUploadedFile("complaints.csv", "投诉内容,类别\n收银多收钱,收银作业\n".encode()),
        )

    def _workbench_rows(self) -> None:
        people = self.people
        self.notice = Message.objects.create(
            to=people.manager.party, kind="test", title="请看", unit=people.south, at=self.now
        )
        self.approval = Approval.objects.create(
            subject_label="complaints.Complaint",
            subject_id=self.complaint.pk,
            kind="complaint.compensation",
            title="赔偿 36 元",
            unit=people.south,
            asked_by=people.specialist.party,
            asked_at=self.now,
        )
        ApprovalStep.objects.create(
            approval=self.approval,
            place=1,
            level=1,
            asked_by=people.specialist.party,
            approver=people.manager.party,
            decision="NOW",
        )
        self.file = attachments.attach(
            subject=self.complaint,
            file=SimpleUploadedFile("receipt.txt", "小票".encode()),
            name="receipt.txt",
            unit=people.south,
            by=people.taker.party,
            now=self.now,
        )
        self.token, _secret = self._token("administrator")
        # an API key with every scope for each person
        self.secrets = {key: self._token(key)[1] for key in people.users}

    def _mail_rows(self) -> None:
        """A mailbox that is not read, and a mail that the complaint was talked over with."""
        self.mailbox = Mailbox.objects.create(
            name="客服信箱",
            purpose="complaints",
            unit=self.people.south,
            host="127.0.0.1",
            user="kefu",
            secret="NOBODY",
            address="kefu@mall.example.com",
            is_active=False,
        )
        data = "From: zhang@example.cn\r\nSubject: 收银\r\n\r\n多收 36 元".encode()
        self.mail = InboundMail.objects.create(
            mailbox=self.mailbox,
            uid_validity=1,
            uid=1,
            message_id="<1@example.cn>",
            body_digest="",
            raw=attachments.keep(data),
            size=len(data),
            sender="zhang@example.cn",
            subject="收银",
            arrived_at=self.now,
            at=self.now,
            state=InboundMail.State.TAKEN,
            subject_label="complaints.Complaint",
            subject_id=self.complaint.pk,
        )

    def _token(self, key: str) -> tuple[Any, str]:
        party = self.people.users[key].party
        return channels.make_token(
            party=party,
            name=key,
            scopes=list(channels.SCOPES),
            by=self.people.administrator.party,
            now=self.now,
        )
