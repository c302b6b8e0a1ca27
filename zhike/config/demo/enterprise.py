"""The invented group: its companies, the staff of its mall, calendar and regulation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from importlib import resources

from zhike.kernel.parties.models import Party, Unit
from zhike.kernel.parties.tree import plant
from zhike.people import actions as people
from zhike.people.models import Post, User, business_day

from .signing import introduce

LIBRARY = resources.files("zhike.manuals").joinpath("library")
PASSWORD = "zhike-demo-2026"

COMPANIES = [
    ("mall", "长禾百货", "Changhe Department Store"),
    ("fruit", "长禾果业市场", "Changhe Fruit Market"),
    ("car", "远驰汽车", "Yuanchi Motors"),
    ("factory", "恒工精密制造", "Henggong Precision"),
    ("enterprise", "恒泰机电", "Hengtai Electromechanical"),
    ("pharma", "安和药业", "Anhe Pharma"),
    ("tobacco", "临江烟草公司", "Linjiang Tobacco Wholesale"),
    ("metro", "城轨置业", "Metro Property"),
    ("bank", "长禾私人银行", "Changhe Private Bank"),
    ("insurer", "长禾保险", "Changhe Insurance"),
]
STORES = [
    ("south", "南湖店", "Nanhu store"),
    ("north", "北苑店", "Beiyuan store"),
    ("east", "东江店", "Dongjiang store"),
]
# post, and the names of its holders at each store
STORE_STAFF = [
    ("STORE_MANAGER", ["何静姝", "白泽远", "谢望舒"], ""),
    ("P002-02", ["周启明", "苏念", "程远山"], "service"),
    ("P002-04", ["林一诺", "许可欣", "梁以安"], "service"),
    ("P002-20", ["沈若溪", "丁若愚", "顾念慈"], "service"),
    ("P002-21", ["陆小满", "韩牧野", "崔若木"], "service"),
    ("CASHIER_SUPERVISOR", ["秦亦舒", "罗明哲", "范承泽"], "cash"),
    ("EMPLOYEE", ["唐一帆", "陶景行", "温知夏"], "cash"),
    ("EMPLOYEE", ["方知远", "魏思齐", "乔安禾"], "sales"),
    ("EMPLOYEE", ["孟子衿", "蒋云舟", "邵云起"], "sales"),
]
DEPARTMENTS = [
    ("service", "客服部", "Customer service"),
    ("cash", "收银部", "Cash desks"),
    ("sales", "营业部", "Sales floor"),
]


@dataclass
class House:
    """What the rest of the demonstration needs to know."""

    group: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[tuple[str, str], list[Party]] = field(default_factory=dict)  # (store, post) -> holders
    users: list[User] = field(default_factory=list)
    encoded: str = ""  # the one password of the demonstration, hashed once


def build(now: dt.datetime, since: dt.datetime) -> House:
    """Found the group, place its people, open the calendar, install the regulation; dated `since`."""
    group, administrator, _first = people.found(
        name="长禾集团", name_en="Changhe Group", administrator="程立", username="cheng.li", now=since,
        kind=Unit.Kind.GROUP, password=PASSWORD,
    )  # fmt: skip
    house = House(group, {"group": group}, {}, [administrator], administrator.password)
    for code, name, english in COMPANIES:
        house.units[code] = plant(name=name, name_en=english, code=code, parent=group, kind=Unit.Kind.COMPANY)
    place_staff(house, "group", "P002-01", ["濮阳肃"], group, since)
    place_staff(house, "mall", "GENERAL_MANAGER", ["宋怀瑾"], house.units["mall"], since)
    for place, (code, name, english) in enumerate(STORES):
        store = plant(
            name=name, name_en=english, code=code, parent=house.units["mall"], kind=Unit.Kind.BRANCH
        )
        house.units[code] = store
        inner = {
            key: plant(
                name=f"{name}{word}",
                name_en=f"{english} {name_en.lower()}",
                code=f"{code}-{key}",
                parent=store,
            )
            for key, word, name_en in DEPARTMENTS
        }
        for post, names, where in STORE_STAFF:
            place_staff(house, code, post, [names[place]], inner[where] if where else store, since)
    calendar = people.open_calendar(unit=house.units["mall"], name="商场日历", by=None, now=since)
    hours = [["09:00", "12:00"], ["13:00", "18:00"]]
    people.set_week(
        calendar=calendar,
        week=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours),
        by=None,
        now=since,
    )
    text = (LIBRARY / "mall-complaints.md").read_text(encoding="utf-8")
    by = house.staff[STORES[0][0], "P002-02"][0]
    introduce(house, text=text, unit=house.units["mall"], code="mall", by=by, now=since)
    return house


def place_staff(house: House, key: str, post: str, names: list[str], unit: Unit, since: dt.datetime) -> None:
    from pypinyin import lazy_pinyin

    for name in names:
        parts = lazy_pinyin(name)
        username = f"{parts[0]}.{''.join(parts[1:])}"
        user, _first = people.add_staff(
            name=name,
            username=username,
            unit=unit,
            by=None,
            now=since,
            encoded=house.encoded,
            email=f"{username}@example.com",
        )
        people.appoint(
            party=user.party,
            post=Post.objects.get(code=post),
            unit=unit,
            held_from=business_day(since),
            by=None,
            now=since,
        )
        house.users.append(user)
        house.staff.setdefault((key, post), []).append(user.party)
