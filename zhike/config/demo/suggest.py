"""Last year's ledger of the mall, brought in as a file, and the models learned from all closed cases.

The texts are few and invented, put together from parts: figures learned from them illustrate and prove nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Iterator

from zhike.complaints.importing import loading
from zhike.complaints.suggest import cases, training
from zhike.kernel.worktime import calendars

from .enterprise import House

# item: (category in the old ledger, what it was about, what was wrong, what was said besides)
PAST: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "EXPIRED": (
        "食品过期",
        ("盒装牛奶", "吐司面包", "火腿肠", "速冻水饺", "罐头", "婴儿米粉", "酸奶", "月饼"),
        ("买回家才看到保质期过了", "已经过期三天还摆在货架上", "标签上的日期早就到期", "孩子吃了一口才发现过期"),
    ),
    "QUALITY": (
        "商品质量",
        ("运动鞋", "羊绒衫", "电水壶", "吹风机", "旅行箱", "儿童自行车", "不粘锅", "羽绒服"),
        ("穿用不到一个月就开裂", "用了两次就坏了不能通电", "洗一次严重褪色起球", "修过一回又出同样的故障"),
    ),
    "PRICE": (
        "价格问题",
        ("洗发水", "大米", "牙膏", "纸尿裤", "红酒", "保温杯"),
        ("货架价签和结账价格不一样", "标的是特价，扫码却按原价", "促销价没有兑现，多付了钱", "会员价没有给优惠"),
    ),
    "ATTITUDE": (
        "服务态度",
        ("化妆品柜", "鞋柜", "家电区", "服务台", "珠宝柜", "童装柜"),
        ("营业员爱理不理，一直在玩手机", "导购说话难听还翻白眼", "态度恶劣，和顾客当众吵起来", "问了三遍都不回答，很不耐烦"),
    ),
    "CASHIER": (
        "收银差错",
        ("三号收银台", "自助收银机", "负一层收银", "服装区收银", "超市出口收银"),
        ("同一件商品扫了两次", "找零少了二十元", "刷卡扣款两笔", "小票和实际买的对不上，多收了钱"),
    ),
    "OUT_OF_STOCK": (
        "缺货",
        ("宣传单上的电饭煲", "预订的空调", "促销鸡蛋", "积分礼品", "大码衬衫"),
        ("到店就说没有货了", "一直缺货，等了两个星期", "登记了到货通知却没人联系", "开门十分钟就说卖完了"),
    ),
    "ENVIRONMENT": (
        "购物环境",
        ("三楼洗手间", "地下车库", "扶梯口", "美食街", "母婴室"),
        ("地面湿滑没有提示牌", "气味很重没有人打扫", "灯坏了好几天，很暗", "空调不开，闷热难受"),
    ),
}  # fmt: skip
BESIDES = (
    "要求尽快处理。",
    "希望给个说法。",
    "已经保留小票。",
    "之前反映过一次没有结果。",
    "顾客情绪激动。",
    "电话回访即可。",
)
EACH = 26


def learn(house: House, end: dt.datetime) -> None:
    """Bring the ledger in, then train every regulation as the night before would have."""
    by = house.staff[("mall", "GENERAL_MANAGER")][0]
    data = io.StringIO()
    table = csv.writer(data)
    table.writerow(["投诉内容", "类别", "受理日期", "结案日期"])
    table.writerows(_rows(calendars.local_day(end, house.units["south"].pk)))
    intake = loading.bring(
        name="去年投诉台账.csv",
        data=data.getvalue().encode(),
        unit=house.units["south"],
        plan={},
        by=by,
        now=end,
    )
    plan = {
        "columns": {"text": "投诉内容", "category": "类别", "opened": "受理日期", "closed": "结案日期"},
        "categories": {category: item for item, (category, _goods, _wrong) in PAST.items()},
        "undated": "closed",
    }
    loading.choose(intake=intake, plan=plan, now=end)
    loading.order(intake=intake, only_good=False, now=end)
    loading.load(intake.pk, now=end, pulse=lambda: end)
    for key in cases.keys():  # noqa: SIM118  a function of the module
        training.train(key=key, by=None, now=end - dt.timedelta(hours=11))


def _rows(today: dt.date) -> Iterator[tuple[str, str, str, str]]:
    dice = random.Random(20260922)
    for category, goods, wrong in PAST.values():
        pairs = [(good, fault) for good in goods for fault in wrong]
        for good, fault in dice.sample(pairs, min(EACH, len(pairs))):
            opened = today - dt.timedelta(days=dice.randint(330, 640))
            closed = opened + dt.timedelta(days=dice.randint(0, 6))
            told = category if dice.random() > 0.06 else dice.choice([name for name, _g, _w in PAST.values()])
            yield f"{good}{fault},{dice.choice(BESIDES)}", told, opened.isoformat(), closed.isoformat()
