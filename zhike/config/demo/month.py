"""A month of upkeep at one store, lived day by day through the same actions: `zhike demo --speed`.

Each run takes the next store that has no upkeep yet, with the same people and customers in number, the same course by
its seed, and goes on up to the present of the demonstration. Nobody else's records are touched.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from zhike.customers import actions as customers
from zhike.customers.contacts import actions as contacts
from zhike.customers.contacts.days import end_of_day
from zhike.customers.grading import actions as grading
from zhike.customers.models import Customer, Interaction, Promise
from zhike.kernel import clock
from zhike.kernel.duties import watch
from zhike.kernel.duties.models import Duty
from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.scope import EVERYTHING
from zhike.kernel.worktime import arithmetic, calendars
from zhike.people.models import User
from zhike.tracking import actions, cadence, queries
from zhike.tracking.models import Activity, JournalEntry, Moment, Observation, Plan
from zhike.tracking.tallying import CONTACTS

from .enterprise import House, place_staff
from .tracking import TALKS

# store -> supervisor, specialists; the first store that has no upkeep yet lives the month
STORES = {"north": ("钟灵", ["袁知微", "韦澄"]), "east": ("石磊", ["卫清越", "尹若溪"])}
FIRST = ["瑞丰", "明月", "金穗", "远山", "青石", "福临", "四方", "聚贤", "长风", "白鹭", "正阳", "小满"]
TRADES = [("食品商行", "城南"), ("办公用品", "城北"), ("建材", "滨海")]
GRADES = "AAABBBBBBBCCCCCCCCCCDDDDDDDDDDDDEEEE"  # one letter for each customer
PROMISES = ["补发一份样品", "下周送到急需的配件", "派人检查设备", "提供一份对账单", "留出一批活动价的货"]
CHANGES = [
    ("CHANGE", "采购换了负责人", "登门认识"),
    ("DIFFICULTY", "资金周转紧，想分两次付款", "请财务商量付款办法"),
]
SIGNS = [
    ("LESS", "这个月的订单少了一半"),
    ("COMPETITOR", "柜台上放着别家的样册"),
    ("UNHAPPY", "对上次的送货不满"),
]
A_DAY = 14  # customers that one person reaches


class CannotLive(Exception):
    """The demonstration is not there, or each of its stores has lived its month; the message is one sentence."""


@dataclass
class Day:
    """What became of one day; printed as a line."""

    day: dt.date
    due: int = 0
    done: int = 0
    late: int = 0
    put_off: int = 0
    overdue: int = 0
    regraded: int = 0
    promised: int = 0
    kept: int = 0
    broken: int = 0
    greeted: int = 0
    signs: int = 0
    rested: int = 0

    def __str__(self) -> str:
        told = (f"{one.name.replace('_', ' ')} {getattr(self, one.name)}" for one in fields(self)[1:])
        return f"{self.day} {self.day:%a}  " + "  ".join(told)


class Month:
    """One store with its people and customers; `live` is one day of it."""

    def __init__(self, store: Unit, lead: Party, people: list[Party], first: dt.date, seed: int) -> None:
        self.store, self.lead, self.people, self.first = store, lead, people, first
        self.dice = random.Random(seed)
        self.calendar = calendars.calendar_for(store.pk)
        self.away: dict[Party, int] = {}

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.calendar.zone)

    def settle(self, begin: dt.datetime) -> None:
        """Files, grades and plans of the days before, so that the first contacts fall due one after another."""
        for place, grade in enumerate(GRADES):
            now = begin - dt.timedelta(days=place * 7 % 15)
            opened = now - dt.timedelta(
                days=60
            )  # whoever is called once a year has not heard from us for long
            trade, area = TRADES[place % len(TRADES)]
            customer = customers.create(
                name=f"{self.store.name.removesuffix('店')}{FIRST[place // len(TRADES)]}{trade}",
                phone=f"137{self.store.pk:04}{place:04}", unit=self.store, by=self.lead, now=opened,
                kind=Customer.Kind.ORGANISATION, position=Customer.Position.END, knowing=True,
            )  # fmt: skip
            grading.regrade(
                customer=customer,
                dimension=cadence.GRADE,
                by=self.lead,
                now=now,
                value=grade,
                reason="按面谈情况",
            )
            missing = place % 11 == 10  # some plans stay without place and area
            actions.fix(
                customer=customer, owner=self.people[place % 2], place="" if missing else "客户店里",
                suits="上午", region="" if missing else area, by=self.lead, now=now,
            )  # fmt: skip

    def live(self, day: dt.date) -> Day:
        told = Day(day)
        with clock.at(self.at(day, 0, 30)):
            actions.greet(now=clock.now(), unit=self.store)
        if arithmetic.is_working_day(self.calendar, day):
            for person in self.people:
                self._work(person, day, told)
            self._promises(day, told)
            self._lead(day, told)
        self._celebrate(day)
        for hour in (9, 15, 21):
            watch.run(now=self.at(day, hour))
        self._count(day, told)
        return told

    def _celebrate(self, day: dt.date) -> None:
        """A match in the third week, from its plan to what it brought."""
        number, person = (day - self.first).days, self.people[0]
        if number == 2:
            row = actions.plan_activity(
                unit=self.store, title="客户乒乓球友谊赛", strategy=1, kind="MATCH", on=day + dt.timedelta(days=12),
                budget=Decimal(4000), by=person, now=self.at(day, 10), place="社区活动中心",
                customers=list(Customer.objects.filter(contact_plan__unit=self.store).order_by("pk")[:6]),
            )  # fmt: skip
            actions.decide(activity=row, approved=True, opinion="同意", by=self.lead, now=self.at(day, 15))
        if number == 15:
            held = Activity.objects.get(unit=self.store, state=Activity.State.APPROVED)
            actions.hold(
                activity=held, cost=Decimal(3650), heads=18, effect="六家到场，两家谈了下季度的单子",
                by=person, now=self.at(day, 10), feedback="希望每季办一次", introductions=1,
            )  # fmt: skip
            old, new = Customer.objects.filter(contact_plan__unit=self.store).order_by("pk")[:2]
            actions.introduce(
                customer=new,
                introducer=old,
                by=person,
                now=self.at(day, 11),
                since=day,
                amount=Decimal(12000),
                business="首批订货",
            )

    def _work(self, person: Party, day: dt.date, told: Day) -> None:
        """The due list from the top, as far as the day reaches; now and then somebody is away for two days."""
        if self.away.get(person, 0) or self.dice.random() < 0.09:
            self.away[person] = (self.away.get(person) or 2) - 1
            return
        tonight, morning = self.at(day, 0) + dt.timedelta(days=1), self.at(day, 0)
        rows = queries.waiting(EVERYTHING, since=morning).filter(owner=person, due_at__lt=tonight)
        keys = dict.fromkeys(rows.values_list("customer", flat=True))
        for place, key in enumerate(list(keys)[:A_DAY]):
            customer = Customer.objects.select_related("owner", "unit").get(pk=key)
            with clock.at(self.at(day, 9) + dt.timedelta(minutes=25 * place)):
                self._call(customer, person, told)

    def _call(self, customer: Customer, person: Party, told: Day) -> None:
        now, dice = clock.now(), self.dice
        if dice.random() < 0.08:
            actions.explain(customer=customer, reason="约好改日再谈", by=person, now=now)
            told.put_off += 1
            return
        for moment in Moment.objects.filter(customer=customer, state=Moment.State.OPEN):
            self._greet(moment, person, told)
        owed = Duty.objects.open().filter(
            customer=customer.pk, kind__in=CONTACTS, due_at__lt=now + dt.timedelta(days=1)
        )
        if not owed:
            return
        before = cadence.standings([customer.pk])[customer.pk][0]
        content, feedback, progress, step = dice.choice(TALKS)
        entry = actions.enter(
            customer=customer, grade=self._grade(before), by=person, now=now, reason="按最近一次沟通",
            way="VISIT" if any(duty.kind == queries.VISIT for duty in owed) else "PHONE",
            purpose="追踪", content=content, feedback=feedback, progress=progress, next_step=step,
        )  # fmt: skip
        told.late += entry.was_late
        if dice.random() < 0.2:
            due = arithmetic.add_working_days(
                self.calendar, calendars.local_day(now, self.store.pk), dice.randint(2, 7)
            )
            contacts.promise(
                customer=customer, text=dice.choice(PROMISES), keeper=person, due_at=end_of_day(self.store.pk, due),
                by=person, now=now, interaction=entry.interaction,
            )  # fmt: skip
            told.promised += 1
        if dice.random() < 0.06:
            kind, text, measure = dice.choice(CHANGES)
            actions.observe(customer=customer, kind=kind, text=text, measure=measure, by=person, now=now)
        if dice.random() < 0.08:
            sign, text = dice.choice(SIGNS)
            actions.observe(
                customer=customer,
                kind="CHURN",
                sign=sign,
                text=text,
                measure="主管一起上门",
                by=person,
                now=now,
            )
            told.signs += 1

    def _grade(self, before: str) -> str:
        """Mostly confirmed; sometimes nearer to a deal, sometimes further away."""
        step = self.dice.choices([0, -1, 1], [78, 12, 10])[0]
        return "ABCDE"[min(4, max(0, "ABCDE".index(before) + step))]

    def _greet(self, moment: Moment, person: Party, told: Day) -> None:
        now = clock.now()
        try:
            if self.dice.random() < 0.9:
                actions.reach(
                    moment=moment, way=moment.way, reply="谢谢，也祝你们生意兴隆", by=person, now=now
                )
                told.greeted += 1
            else:
                actions.leave_out(moment=moment, why="客户出差，回来再联系", by=person, now=now)
        except actions.CannotEnd as full:  # contacted often enough
            actions.leave_out(moment=moment, why=str(full), by=person, now=now)

    def _promises(self, day: dt.date, told: Day) -> None:
        """Most are kept by their day, some later, some not."""
        tonight = self.at(day, 0) + dt.timedelta(days=1)
        rows = Promise.objects.filter(unit=self.store, state=Promise.State.OPEN, due_at__lt=tonight)
        for promise in rows.select_related("customer", "keeper").order_by("pk"):
            chance = self.dice.random()
            if chance < 0.2:
                continue  # another day
            kept = chance < 0.78
            contacts.end_promise(
                promise=promise, state="KEPT" if kept else "BROKEN", by=promise.keeper, now=self.at(day, 16),
                outcome="" if kept else "厂家没有货，已向客户说明",
            )  # fmt: skip
            told.kept, told.broken = told.kept + kept, told.broken + (not kept)

    def _lead(self, day: dt.date, told: Day) -> None:
        """The supervisor: remarks on a Friday, ends what was noticed, puts away who has left for good."""
        now = self.at(day, 17)
        if day.weekday() == 4:
            rows = Interaction.objects.filter(unit=self.store, remark="", journal_entry__isnull=False)
            for one in rows.select_related("customer").order_by("-at", "-pk")[:3]:
                contacts.remark(interaction=one, text="下次先问库存", by=self.lead, now=now)
        old = Observation.objects.filter(
            unit=self.store, state=Observation.State.OPEN, at__lt=now - dt.timedelta(days=6)
        )
        for row in old.select_related("customer").order_by("pk"):
            if self.dice.random() < 0.4:
                actions.close_observation(
                    observation=row, result="已上门谈过，情况好转", by=self.lead, now=now
                )
        lost = Plan.objects.filter(unit=self.store, risk__in=[Plan.Risk.HIGH, Plan.Risk.MIDDLE], resting="")
        for plan in lost.select_related("customer").order_by("pk"):
            if self.dice.random() < 0.08:
                actions.rest(plan=plan, reason="客户转到别家，下季度再联系", by=self.lead, now=now)
                told.rested += 1

    def _count(self, day: dt.date, told: Day) -> None:
        begin, end = self.at(day, 0), self.at(day, 0) + dt.timedelta(days=1)
        owed = Duty.objects.filter(unit=self.store, kind__in=(*CONTACTS, queries.MOMENT))
        known = owed.filter(state__in=[Duty.State.OPEN, Duty.State.DONE])
        told.due = known.filter(due_at__gte=begin, due_at__lt=end).count()
        told.done = owed.filter(done_at__gte=begin, done_at__lt=end, state=Duty.State.DONE).count()
        told.overdue = owed.open().filter(due_at__lt=end, paused_at=None).count()
        entries = JournalEntry.objects.filter(unit=self.store, at__gte=begin, at__lt=end)
        told.regraded = sum(1 for one in entries if one.grade_before != one.grade_after)


def relive(first: dt.date, now: dt.datetime, *, seed: int, rest: Callable[[dt.date], None]) -> Iterator[Day]:
    """Live from `first` up to the day before `now`, each day told; `rest` follows each. Raises CannotLive."""
    month = _open(first, seed)
    month.settle(month.at(first, 9) - dt.timedelta(days=1))
    day, today = first, calendars.local_day(now, month.store.pk)
    while day < today:
        yield month.live(day)
        rest(day)
        day += dt.timedelta(days=1)
    actions.look_for_churn(now=now)


def _open(first: dt.date, seed: int) -> Month:
    """The next store without upkeep, with people for it."""
    chief = User.objects.filter(username="cheng.li").select_related("party__unit").first()
    stores = {unit.code: unit for unit in Unit.objects.filter(code__in=STORES)}
    if chief is None or chief.party.unit is None or len(stores) < len(STORES):
        raise CannotLive("there is no demo enterprise here")
    free = next((code for code in STORES if not Plan.objects.filter(unit=stores[code]).exists()), None)
    if free is None:
        raise CannotLive("every store of the demo has lived its month; make the demo anew")
    store, (lead, names) = stores[free], STORES[free]
    service = store.children.get(name__endswith="客服部")
    since = dt.datetime.combine(first, dt.time(9), calendars.calendar_for(store.pk).zone) - dt.timedelta(
        days=300
    )
    house = House(chief.party.unit, encoded=chief.password)
    place_staff(house, free, "P002-09", [lead], service, since)
    place_staff(house, free, "P002-10", names, service, since)
    return Month(store, house.staff[free, "P002-09"][0], house.staff[free, "P002-10"], first, seed)
