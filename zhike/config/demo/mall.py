"""Months of complaints in the mall: opened, answered, worked step by step, some late, some still open."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction

from zhike.complaints import actions
from zhike.complaints.models import Complaint, Penalty
from zhike.kernel.duties import watch
from zhike.kernel.outbox import inbox
from zhike.kernel.parties.models import Party
from zhike.kernel.parties.scope import Scope
from zhike.kernel.procedures import approvals
from zhike.kernel.procedures.models import Approval
from zhike.kernel.worktime import arithmetic, calendars

from .enterprise import STORES, House
from .stories import ANSWERS, GIVEN, NAMES, NOTES, REPLIES, STORIES

Do = Callable[[dt.datetime], object]
Act = Callable[[Complaint, dt.datetime], None]


class Play:
    """Events in the order of time; each may bring about later ones. Nothing happens after `end`."""

    def __init__(self, house: House, *, seed: int, end: dt.datetime) -> None:
        self.house, self.end = house, end
        self.dice = random.Random(seed)
        self.calendar = calendars.calendar_for(house.units["mall"].pk)
        self._queue: list[tuple[dt.datetime, int, Do]] = []
        self._order = itertools.count()

    def at(self, moment: dt.datetime, do: Do) -> None:
        if moment <= self.end:
            heapq.heappush(self._queue, (moment, next(self._order), do))

    def later(self, now: dt.datetime, hours: float, do: Do) -> None:
        """After some working hours, at an open moment."""
        moment = now + dt.timedelta(hours=hours)
        self.at(
            arithmetic.next_open(self.calendar, moment) + dt.timedelta(minutes=self.dice.randint(1, 40)), do
        )

    def run(self) -> None:
        while self._queue:
            moment, _order, do = heapq.heappop(self._queue)
            with transaction.atomic():
                do(moment)


def play(
    house: House,
    *,
    size: int,
    days: int,
    end: dt.datetime,
    seed: int = 20260921,
    beside: Iterable[Callable[[Play], None]] = (),
) -> int:
    """Let `size` complaints come in over `days` up to `end`, and what `beside` adds. Returns how many there are."""
    stage = Play(house, seed=seed, end=end)
    for _number in range(size):
        moment = end - dt.timedelta(
            days=days * stage.dice.random() ** 1.15, minutes=stage.dice.randint(3, 500)
        )
        local = moment.astimezone(stage.calendar.zone).replace(
            hour=stage.dice.randint(9, 19), minute=stage.dice.randint(0, 59)
        )
        stage.at(min(local, end - dt.timedelta(minutes=stage.dice.randint(2, 90))), _open(stage))
    for enter in beside:
        enter(stage)
    begin = end - dt.timedelta(days=days + 2)
    for hour in range(0, (days + 2) * 24, 3):
        stage.at(begin + dt.timedelta(hours=hour), lambda now: watch.run(now=now))
    stage.run()
    _read_old(house, end)
    return Complaint.objects.count()


def _open(stage: Play) -> Do:
    def do(now: dt.datetime) -> None:
        dice = stage.dice
        weights = [5 if item in {"QUALITY", "ATTITUDE", "CASHIER", "EXPIRED"} else 2 for item in STORIES]
        item = dice.choices(list(STORIES), weights)[0]
        text, demand, value, *texts = dice.choice(STORIES[item])
        store = dice.choices([code for code, _n, _e in STORES], [5, 3, 2])[0]
        taker = stage.house.staff[(store, "P002-21")][0]
        given: dict[str, Any] = {}
        if value and dice.random() < 0.85:
            given["value"] = Decimal(dice.randint(value[0] * 10, value[1] * 10)) / 10
        if item == "ATTITUDE":
            given["accused"] = dice.choice(stage.house.staff[(store, "EMPLOYEE")])
            given["accused_level"] = "BELOW_SUPERVISOR"
        if dice.random() < 0.06:
            given["circumstances"] = ["INSISTS_ON_MANAGER"]
        name = dice.choice(GIVEN) + dice.choice(NAMES)
        complaint = actions.register(
            unit=stage.house.units[store],
            by=taker,
            now=now,
            name=name,
            phone=f"1{dice.choice('3579')}{dice.randint(100000000, 999999999)}",
            channel=dice.choices(["COUNTER", "PHONE", "LETTER"], [6, 5, 1])[0],
            text=text,
            demand=demand,
            item=item,
            **given,
        )
        carry_on(stage, complaint.pk, texts, now, slow=dice.random())

    return do


def carry_on(stage: Play, pk: int, texts: list[str], now: dt.datetime, *, slow: float) -> None:
    """What follows, one after another: cause and details by the taker, then the handler. `slow` near 1 is late."""
    dice = stage.dice
    cause, details, solution, execution, summary = texts
    pace = 0.5 if slow < 0.82 else 1.2 if slow < 0.95 else 3.0
    paid = "赔" in solution or "费" in solution
    money = Decimal(dice.choice([0, 50, 100, 180, 260, 480, 860, 1280])) if paid else None
    chain: list[tuple[float, Act]] = [
        (0.2, lambda c, at: _reply(c, dice.choice(REPLIES), at)),
        (1.5, lambda c, at: _step(c, "cause", cause, at)),
        (2.0, lambda c, at: _step(c, "details", details, at)),
    ]
    if dice.random() < 0.35:
        chain.append((1.0, lambda c, at: _note(c, dice.choice(NOTES), at)))
    if dice.random() < 0.07:
        chain.append((1.0, _up))
    chain += [
        (4.0, lambda c, at: _step(c, "solution", solution, at, compensation=money)),
        (3.0, lambda c, at: _approve(c, at, stage)),
        (20.0, lambda c, at: _step(c, "execution", execution, at)),
        (1.0, lambda c, at: _reply(c, dice.choice(ANSWERS), at, final=True)),
        (12.0, lambda c, at: _judge(c, at, stage)),
        (24.0, lambda c, at: _step(c, "summary", summary, at)),
    ]
    _follow(stage, pk, chain, now, pace)


def _follow(stage: Play, pk: int, chain: list[tuple[float, Act]], now: dt.datetime, pace: float) -> None:
    """Let the first of the chain happen in due course, and then the rest of it."""
    if not chain:
        return
    hours, act = chain[0]

    def do(moment: dt.datetime) -> None:
        _with(pk, act)(moment)
        _follow(stage, pk, chain[1:], moment, pace)

    stage.later(now, hours * pace, do)


def _with(pk: int, do: Callable[[Complaint, dt.datetime], None]) -> Do:
    def act(now: dt.datetime) -> None:
        complaint = Complaint.objects.select_related(
            "unit", "manual", "handler", "taker", "accused", "customer"
        ).get(pk=pk)
        if complaint.is_open:
            do(complaint, now)

    return act


def _actor(complaint: Complaint, kind: str) -> Party:
    early = kind in {"cause", "details"}
    person = complaint.taker if early else complaint.handler or complaint.taker
    assert person is not None
    return person


def _step(
    complaint: Complaint, kind: str, text: str, now: dt.datetime, compensation: Decimal | None = None
) -> None:
    if complaint.stage_kind != kind:
        return
    if kind == "execution" and complaint.compensation and complaint.compensation_approved_at is None:
        return
    actions.record_step(
        complaint=complaint,
        kind=kind,
        text=text,
        by=_actor(complaint, kind),
        now=now,
        compensation=compensation,
    )


def _reply(complaint: Complaint, text: str, now: dt.datetime, final: bool = False) -> None:
    actions.reply(complaint=complaint, text=text, by=_actor(complaint, "reply"), now=now, final=final)


def _note(complaint: Complaint, text: str, now: dt.datetime) -> None:
    actions.note(complaint=complaint, text=text, by=_actor(complaint, "note"), now=now)


def _up(complaint: Complaint, now: dt.datetime) -> None:
    if complaint.handler_code != "STORE_MANAGER":
        actions.hand_up(
            complaint=complaint, by=_actor(complaint, "up"), now=now, reason="顾客不接受方案，请店长处理"
        )


def _approve(complaint: Complaint, now: dt.datetime, stage: Play) -> None:
    rows = Approval.objects.filter(
        subject_label="complaints.Complaint", subject_id=complaint.pk, state="PENDING"
    )
    for approval in rows:
        while (step := approval.steps.filter(decision="NOW").select_related("approver").first()) is not None:
            recent = approval.asked_at > stage.end - dt.timedelta(days=3)
            if recent and stage.dice.random() < 0.5:
                return
            approvals.decide(
                approval=approval, decision="YES", opinion="同意，票据已核对", by=step.approver, now=now
            )
            approval.refresh_from_db()


def _judge(complaint: Complaint, now: dt.datetime, stage: Play) -> None:
    if complaint.accused is None or complaint.handler is None or complaint.accused_id == complaint.handler_id:
        return
    confirmed = stage.dice.random() < 0.6
    fault = actions.record_fault(
        complaint=complaint, person=complaint.accused, offence="COMPLAINED_OF", confirmed=confirmed,
        evidence="监控与两名同事的说明" if confirmed else "监控未见不当言行", by=complaint.handler, now=now,
    )  # fmt: skip
    penalty = Penalty.objects.filter(fault=fault).select_related("approval").first()
    if penalty is None or penalty.approval is None or stage.dice.random() < 0.3:
        return
    step = penalty.approval.steps.filter(decision="NOW").select_related("approver").first()
    if step is not None and step.approver_id != penalty.person_id:
        actions.decide_penalty(penalty=penalty, impose=True, opinion="事实清楚", by=step.approver, now=now)


def _read_old(house: House, end: dt.datetime) -> None:
    """What is older than two days has been read."""
    for user in house.users:
        old = inbox.unread(Scope(party=user.pk)).filter(at__lt=end - dt.timedelta(days=2))
        inbox.mark_read(Scope(party=user.pk), list(old.values_list("pk", flat=True)), end)
