"""Customers who were taken down twice: pairs that wait, one that was merged, one that was told apart."""

from __future__ import annotations

import datetime as dt

from zhike.customers import actions as customers
from zhike.customers.matching import actions, sweep
from zhike.customers.models import Customer
from zhike.kernel.parties.models import Party, Unit

from .enterprise import STORES, House

# as they are on file, and as somebody took them down again: name, telephone, form of address
TWICE = [
    (("郑晓岚", "13761450982", "女士"), ("郑小岚", "137-6145-0982", "")),
    (("上海瑞丰商贸有限公司", "021-58880126", ""), ("瑞丰商贸（上海）有限公司", "021-58880126", "")),
    (("欧阳子瑜", "13918270536", "先生"), ("欧阳子瑜", "", "经理")),
    (("谭若溪", "15800327719", "女士"), ("谭若曦", "15800327719", "女士")),
]


def enter(house: House, end: dt.datetime) -> None:
    """Open the files, look through all, merge the last pair and tell the third apart."""
    store = STORES[0][0]
    unit, taker = house.units[store], house.staff[store, "P002-21"][0]
    keeper = house.staff[store, "P002-02"][0]
    opened: list[tuple[Customer, Customer]] = []
    for place, (first, second) in enumerate(TWICE):
        at = end - dt.timedelta(days=40 - place * 6)
        one = _open(first, unit, taker, at)
        # the second file was opened without asking for the number, which was learnt later
        other = _open((second[0], "", second[2]), unit, taker, at + dt.timedelta(days=3))
        if second[1]:
            customers.add_phone(customer=other, number=second[1], by=taker, now=at + dt.timedelta(days=4))
        opened.append((one, other))
    sweep.look(by=None, now=end - dt.timedelta(days=1))
    now = end - dt.timedelta(hours=5)
    kept, gone = opened[3]
    actions.merge(
        kept=kept, gone=gone, choices={"name": "kept"}, by=keeper, now=now, reason="同一人，名字听错"
    )
    pair = actions.put_forward(one=opened[2][0], other=opened[2][1], by=keeper, now=now)
    actions.tell_apart(pair=pair, by=keeper, now=now, note="同名，公司不同")


def _open(file: tuple[str, str, str], unit: Unit, by: Party, now: dt.datetime) -> Customer:
    name, phone, title = file
    kind = Customer.Kind.ORGANISATION if "公司" in name else Customer.Kind.PERSON
    return customers.create(
        name=name,
        phone=phone,
        title=title,
        kind=kind,
        unit=unit,
        by=by,
        now=now,
        source="COUNTER",
        knowing=True,
    )
