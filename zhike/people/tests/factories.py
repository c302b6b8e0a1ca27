"""The standing cast: one enterprise that every test knows.

长禾集团 owns 长禾百货 (mall, with the stores 南湖店 and 北苑店, each with a customer-service department) and
长禾果业 (another trade). `cast()` builds all of it with a few statements and no password hashing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from zhike.kernel.parties.models import Party, Unit
from zhike.people.models import Appointment, Post, User
from zhike.people.populate import populate

CHINA = ZoneInfo("Asia/Shanghai")
# The one fixed moment of tests: Monday 2026-03-09, 10:00 in China.
MONDAY = dt.datetime(2026, 3, 9, 10, 0, tzinfo=CHINA)
SINCE = dt.date(2024, 1, 1)

UNITS = [
    # key, parent, name, English name, kind
    ("group", None, "长禾集团", "Changhe Group", Unit.Kind.GROUP),
    ("mall", "group", "长禾百货", "Changhe Department Store", Unit.Kind.COMPANY),
    ("mall_service", "mall", "客户服务部", "Customer service department", Unit.Kind.DEPARTMENT),
    ("south", "mall", "南湖店", "Nanhu store", Unit.Kind.BRANCH),
    ("south_service", "south", "南湖店客服部", "Nanhu customer service", Unit.Kind.DEPARTMENT),
    ("south_cash", "south", "南湖店收银部", "Nanhu cash desks", Unit.Kind.DEPARTMENT),
    ("north", "mall", "北苑店", "Beiyuan store", Unit.Kind.BRANCH),
    ("north_service", "north", "北苑店客服部", "Beiyuan customer service", Unit.Kind.DEPARTMENT),
    ("fruit", "group", "长禾果业", "Changhe Fruit", Unit.Kind.COMPANY),
    ("fruit_service", "fruit", "果业客服部", "Fruit customer service", Unit.Kind.DEPARTMENT),
]
STAFF = [
    # key, name, user name, post, unit
    ("general_manager", "宋怀瑾", "song.huaijin", "GENERAL_MANAGER", "mall"),
    ("store_manager", "何景行", "he.jingxing", "STORE_MANAGER", "south"),
    ("manager", "周启明", "zhou.qiming", "P002-02", "south_service"),
    ("supervisor", "林一诺", "lin.yinuo", "P002-04", "south_service"),
    ("specialist", "沈若溪", "shen.ruoxi", "P002-20", "south_service"),
    ("taker", "陆小满", "lu.xiaoman", "P002-21", "south_service"),
    ("cashier_supervisor", "秦亦舒", "qin.yishu", "CASHIER_SUPERVISOR", "south_cash"),
    ("employee", "唐一帆", "tang.yifan", "EMPLOYEE", "south_cash"),
    ("administrator", "程立", "cheng.li", "ADMINISTRATOR", "group"),
    ("north_store_manager", "白泽远", "bai.zeyuan", "STORE_MANAGER", "north"),
    ("north_manager", "苏念", "su.nian", "P002-02", "north_service"),
    ("stranger", "丁若愚", "ding.ruoyu", "P002-20", "north_service"),
    ("fruit_manager", "欧阳静怡", "ouyang.jingyi", "P002-02", "fruit_service"),
]


@dataclass(frozen=True)
class Cast:
    """Units and users by name. A user's party is `cast.manager.party`."""

    units: dict[str, Unit]
    users: dict[str, User]

    def __getattr__(self, name: str) -> User | Unit:
        found = self.users.get(name) or self.units.get(name)
        if found is None:
            raise AttributeError(f"nobody and no unit is called {name}")
        return found


def cast() -> Cast:
    """The enterprise with its staff: seven statements, and the first data where it is missing."""
    populate()
    units = _units()
    users = _users(units)
    posts = Post.objects.in_bulk([row[3] for row in STAFF], field_name="code")
    Appointment.objects.bulk_create(
        Appointment(party=users[key].party, post=posts[post], unit=units[unit], held_from=SINCE)
        for key, _name, _username, post, unit in STAFF
    )
    return Cast(units=units, users=users)


def _units() -> dict[str, Unit]:
    rows = Unit.objects.bulk_create(
        Unit(name=name, name_en=name_en, kind=kind, code=key) for key, _above, name, name_en, kind in UNITS
    )
    units = {row.code: row for row in rows}
    for key, above, *_ in UNITS:
        unit, parent = units[key], units.get(above or "")
        unit.parent = parent
        unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    Unit.objects.bulk_update(rows, ["parent", "path"])
    return units


def _users(units: dict[str, Unit]) -> dict[str, User]:
    parties = Party.objects.bulk_create(
        Party(kind=Party.Kind.STAFF, name=name, unit=units[unit]) for _key, name, _user, _post, unit in STAFF
    )
    users = User.objects.bulk_create(
        User(party=party, username=row[2], password=make_password(None))
        for party, row in zip(parties, STAFF, strict=True)
    )
    return dict(zip((row[0] for row in STAFF), users, strict=True))


def a_unit(
    name: str,
    *,
    parent: Unit | None = None,
    kind: str = Unit.Kind.DEPARTMENT,
    code: str = "",
    name_en: str = "",
) -> Unit:
    unit = Unit.objects.create(name=name, name_en=name_en, kind=kind, parent=parent, code=code or name)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def a_company(name: str, *, code: str) -> Unit:
    """A company by itself, with the first data: posts, powers, calendars."""
    populate()
    return a_unit(name, kind=Unit.Kind.COMPANY, code=code)


def a_user(name: str, *, username: str, unit: Unit, password: str | None = None, **columns: object) -> User:
    """A member of staff without any post; signs in by `client.force_login` unless a password is given."""
    party = Party.objects.create(kind=Party.Kind.STAFF, name=name, unit=unit)
    # None makes a mark that no password fits, which costs nothing
    return User.objects.create(party=party, username=username, password=make_password(password), **columns)


def appoint(
    user: User,
    post: str,
    unit: Unit,
    *,
    kind: str = Appointment.Kind.HELD,
    held_from: dt.date = SINCE,
    held_to: dt.date | None = None,
) -> Appointment:
    return Appointment.objects.create(
        party=user.party,
        post=Post.objects.get(code=post),
        unit=unit,
        kind=kind,
        held_from=held_from,
        held_to=held_to,
    )
