"""Invented customers for measurements: Chinese names, numbers, addresses, firms with licences; copies with mistakes."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from zhike.customers.dossier.numbers import CREDIT, credit_check

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏"
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建国文辉力志永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子"
    "若溪怀瑾景行启一诺亦舒静怡雨桐浩然梓涵欣妍宇轩思远嘉琪晓萌俊熙诗雅牧原立小满念泽天佑可心"
)
ROADS = [
    "建国路",
    "人民路",
    "解放路",
    "中山路",
    "南湖路",
    "北苑街",
    "学院路",
    "科技园一路",
    "张江路",
    "滨河大道",
    "文化巷",
    "和平街",
    "长江路",
    "黄河路",
    "新华路",
    "青年路",
    "东风路",
]
TOWNS = [
    "上海市浦东新区",
    "北京市朝阳区",
    "广东省深圳市南山区",
    "江苏省南京市鼓楼区",
    "浙江省杭州市西湖区",
    "四川省成都市武侯区",
]
CORES = [
    "宏达",
    "瑞丰",
    "恒信",
    "金源",
    "华盛",
    "鼎新",
    "天成",
    "百川",
    "佳和",
    "永泰",
    "中茂",
    "旭日",
    "博雅",
    "兴隆",
    "万象",
    "启航",
    "润泽",
    "长青",
    "东方",
    "云帆",
]
TRADES = ["商贸", "服饰", "餐饮", "电器", "食品", "科技", "文化传媒", "实业"]
HEADER = ("编号", "客户名称", "手机", "地址", "统一社会信用代码")
LIKE = {
    "晓": "小",
    "小": "晓",
    "静": "婧",
    "丽": "莉",
    "伟": "玮",
    "明": "铭",
    "华": "桦",
    "建": "健",
    "文": "雯",
    "芳": "方",
}

Row = tuple[str, str, str, str, str]


def licence(rng: random.Random) -> str:
    body = (
        "91"
        + "".join(rng.choice("0123456789") for _ in range(6))
        + "".join(rng.choice(CREDIT) for _ in range(9))
    )
    return body + credit_check(body)


def people(count: int, rng: random.Random) -> list[Row]:
    rows = []
    for number in range(count):
        firm = rng.random() < 0.1
        town = rng.choice(TOWNS)
        if firm:
            core = rng.choice(CORES) + rng.choice(GIVEN)
            name = f"{town[:2]}{core}{rng.choice(TRADES)}有限公司"
        else:
            name = rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
        phone = f"1{rng.choice('3578')}{rng.randrange(10**9):09}"
        address = f"{town}{rng.choice(ROADS)}{rng.randrange(1, 900)}号{rng.randrange(1, 30)}栋{rng.randrange(101, 2800)}室"
        rows.append((f"P{number}", name, phone, address, licence(rng) if firm else ""))
    return rows


def copied(row: Row, number: int, rng: random.Random) -> Row:
    """The same customer, taken down once more: another writing, a homophone, a slip, a missing cell."""
    _no, name, phone, address, code = row
    if rng.random() < 0.5:
        name = "".join(LIKE.get(char, char) for char in name)
    elif rng.random() < 0.2 and len(name) > 2:
        name = name.replace("有限公司", "公司") if code else name[:-1]
    if rng.random() < 0.2:
        place = rng.randrange(3, 11)
        phone = phone[:place] + rng.choice("0123456789") + phone[place + 1 :]
    elif rng.random() < 0.15:
        phone = ""
    elif rng.random() < 0.3:
        phone = f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}"
    if rng.random() < 0.3:
        address = address[3:].replace("栋", "号楼")
    elif rng.random() < 0.2:
        address = ""
    if code and rng.random() < 0.3:
        code = ""
    return (f"P{row[0][1:]}C{number}", name, phone, address, code)


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        out.writerows(rows)


def who(number: str) -> str:
    """By which number two rows are one: P17 and P17C3."""
    return number.partition("C")[0]
