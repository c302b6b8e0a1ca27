"""Grumbles of the mall's customers, one of which became a complaint, and two reports of one thing that were joined."""

from __future__ import annotations

import datetime as dt

from zhike.complaints import actions as complaints
from zhike.complaints.grumbles import actions
from zhike.complaints.models import Grumble
from zhike.kernel.worktime import calendars

from .enterprise import LIBRARY, STORES, House
from .signing import introduce

# hours before the end, source, text, what was done (it settles the grumble where it ends with 。)
HEARD = [
    (400, "COUNTER", "周末收银台只开了三个，排队太久。", "向顾客说明，加开两台收银。"),
    (352, "SURVEY", "停车场指示牌看不清，绕了两圈才找到出口。", "转物业更换指示牌。"),
    (290, "STAFF", "试衣间没有挂钩，衣服只能放地上。", "当天加装挂钩。"),
    (218, "PHONE", "会员积分到账总要等两三天。", "已记录，请会员中心核对"),
    (170, "SOCIAL", "母婴室的热水器经常没有水。", "保洁每两小时检查一次。"),
    (122, "FOLLOW_UP", "送货师傅没有提前打电话。", "提醒配送，送货前一小时联系。"),
    (76, "VISIT", "儿童区的音乐声音太大，听不清导购讲话。", ""),
    (30, "PHONE", "退换货要跑两个柜台签字，很麻烦。", "已向顾客致歉"),
    (6, "COUNTER", "购物袋太薄，走到停车场就破了。", ""),
]


def enter(house: House, end: dt.datetime) -> None:
    """Install the manual on grumbles, let them be heard, turn one into a complaint, join two complaints."""
    text = (LIBRARY / "grumbles.md").read_text(encoding="utf-8")
    store = STORES[0][0]
    introduce(
        house,
        text=text,
        unit=house.units["mall"],
        code="mall",
        by=house.staff[store, "P002-02"][0],
        now=end - dt.timedelta(days=300),
    )
    unit, taker = house.units[store], house.staff[store, "P002-21"][0]
    heard: list[Grumble] = []
    for place, (hours, source, said, done) in enumerate(HEARD):
        now = end - dt.timedelta(hours=hours)
        heard.append(
            actions.record(
                unit=unit,
                source=source,
                text=said,
                action=done,
                settled=done.endswith("。"),
                name=("贺兰英", "裴之远", "骆清")[place % 3] if source != "SOCIAL" else "",
                phone=f"1390571{place % 3:04}" if source != "SOCIAL" else "",
                again_on=calendars.local_day(end + dt.timedelta(days=1), unit.pk) if not done else None,
                by=taker,
                now=now,
            )
        )
    _turn(heard[7], house, end - dt.timedelta(hours=5))
    _join(house, end)


def _turn(grumble: Grumble, house: House, now: dt.datetime) -> None:
    actions.turn_into_complaint(
        grumble=grumble,
        by=grumble.by,
        now=now,
        unit=grumble.unit,
        channel="PHONE",
        text="退换货要跑两个柜台签字，前后等了一个多小时，要求道歉并简化手续。",
        customer=grumble.customer,
        item="BAD_SERVICE",
    )


def _join(house: House, end: dt.datetime) -> None:
    """The same broken escalator, reported at the counter and by phone by two customers."""
    store = STORES[0][0]
    unit, taker = house.units[store], house.staff[store, "P002-21"][0]
    said = "三楼扶梯突然停下，老人险些摔倒，现场没有人来处理"
    first, second = (
        complaints.register(
            unit=unit,
            by=taker,
            now=end - dt.timedelta(hours=hours),
            channel=channel,
            name=name,
            phone=phone,
            text=text,
            demand="查明原因，检修扶梯",
            item="ACCIDENT",
        )
        for hours, channel, name, phone, text in (
            (4, "COUNTER", "阮秋白", "13905710021", f"{said}。"),
            (3, "PHONE", "尉迟明", "13905710022", f"{said},吓得不轻。"),
        )
    )
    complaints.join(
        complaint=second,
        into=first,
        reason="同一部扶梯、同一时间",
        by=first.handler or taker,
        now=end - dt.timedelta(hours=2),
    )
    first.refresh_from_db()
    complaints.say(
        complaint=first,
        mode="reply",
        text="扶梯已停用检修，店长正在查明原因，今天之内给您答复。",
        to_joined=True,
        by=first.handler or taker,
        now=end - dt.timedelta(hours=1),
    )
