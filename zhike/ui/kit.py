"""All components on a few pages, with invented data; mounted in debug mode only.

A designer's page: what is seen here is what every app gets. It reads parties and writes nothing.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhike.kernel import clock
from zhike.kernel.parties.models import Party

from . import answers, lists, parts

_PEOPLE = ["沈若溪", "周启明", "陆一鸣", "何静姝", "魏思齐", "方知远"]
_CASES = [
    ("冷藏酸奶提前变质，顾客食用后不适", "贺晓岚", "过期", "128.00", "提出方案", "late", -134, "三(五)1"),
    ("收银台重复扣款，要求当日退回", "沈砚秋", "收银作业", "136.00", "待响应", "new", 12, "三(五)2"),
    ("羊毛大衣穿着两次严重起球", "罗明哲", "品质", "1860.00", "待审批", "run", 100, "三(五)2"),
    ("试衣间挂钩脱落划伤手背", "顾念慈", "建筑设施", None, "核实中", "run", 125, "三(五)1"),
    ("导购态度冷淡，退货时发生争执", "苏映雪", "工作人员态度", "468.00", "提出方案", "run", 180, "三(五)2"),
    ("儿童安全座椅卡扣松动", "欧阳静怡", "品质", "12345678.90", "执行", "brand", 1460, "三(五)1"),
    ("停车场叉车擦伤顾客小腿", "梁以安", "意外事件", None, "等待检测", "pause", None, "三(五)1"),
    ("微波炉门封变形，坚持找店长", "卓远航", "残缺", "699.00", "已结案", "met", 0, "三(五)1"),
]


def _case(row: Party) -> tuple[str, str, str, str | None, str, str, int | None, str]:
    return _CASES[row.pk % len(_CASES)]


def _due(row: Party, now: dt.datetime) -> SafeString:
    _title, _who, _kind, _value, _state, mark, minutes, _clause = _case(row)
    if mark == "pause":
        return parts.due_badge(None, now, paused_at=now - dt.timedelta(days=1, hours=2))
    due = now + dt.timedelta(minutes=minutes or 0)
    done = due + dt.timedelta(minutes=9 if row.pk % 3 else -30) if mark == "met" else None
    return parts.due_badge(due, now, done_at=done)


def _number(row: Party) -> str:
    return f"TS-202609-{row.pk:04d}"


def _value(row: Party) -> Decimal | None:
    value = _case(row)[3]
    return Decimal(value) if value else None


def _customer(row: Party, _now: dt.datetime) -> SafeString:
    card = parts.tag("金卡", "gold") if row.pk % 5 == 0 else ""
    return format_html(
        '<a class="subj" data-drawer="/ui/kit/drawer/" href="#">{}</a> {}', _case(row)[1], card
    )


CASES = lists.List(
    name="kit",
    title="投诉",
    href=lambda row: f"/ui/kit/case/?pk={row.pk}",
    row_name=_number,
    sort="-number",
    columns=(
        lists.Column(
            "number",
            "单号",
            lambda row, now: _number(row),
            _number,
            ("pk",),
            128,
            link=True,
            hideable=False,
            phone="side",
        ),
        lists.Column(
            "title",
            "标题",
            lambda row, now: parts.cut(_case(row)[0]),
            lambda row: _case(row)[0],
            link=True,
            phone="title",
        ),
        lists.Column("customer", "顾客", _customer, lambda row: _case(row)[1], ("name",), 108),
        lists.Column(
            "kind", "类别", lambda row, now: _case(row)[2], lambda row: _case(row)[2], width=104, drop=1
        ),
        lists.Column(
            "value",
            "货值(元)",
            lambda row, now: parts.money(_value(row)),
            _value,
            width=116,
            numeric=True,
            phone="",
        ),
        lists.Column("state", "状态", lambda row, now: parts.status(*_case(row)[4:6]), width=96),
        lists.Column("due", "时限", _due, width=150, phone="side"),
        lists.Column(
            "handler",
            "处理人",
            lambda row, now: parts.person(_PEOPLE[row.pk % 6]),
            width=96,
            drop=2,
            phone="side",
        ),
        lists.Column(
            "clause",
            "依据",
            lambda row, now: parts.clause(_case(row)[7], "#", peek="/ui/kit/peek/"),
            width=84,
        ),
        lists.Column(
            "taken",
            "受理",
            lambda row, now: parts.moment(now - dt.timedelta(hours=row.pk), now),
            width=104,
            drop=1,
        ),
        lists.Column(
            "ops",
            "操作",
            lambda row, now: SafeString('<span class="ops"><a href="#">办理</a></span>'),
            width=64,
            hideable=False,
            phone="",
        ),
    ),
    filters=(
        lists.text("q", "关键词", "name__icontains", placeholder="单号、顾客、手机尾号、标题"),
        lists.choice("kind", "类别", Party.Kind.choices),
        lists.choice("state", "状态", [("a", "待响应"), ("b", "执行")], apply=lambda rows, code: rows),
        lists.dates("day", "受理日期", "pk", moments=True),
        lists.numbers("value", "货值", "pk"),
        lists.flag("late", "只看逾期", lambda rows: rows.filter(pk__lt=50), more=True),
    ),
    views=(
        lists.View("unit", "本店本月", "kind=PERSON"),
        lists.View("late", "逾期", "late=1", late=True),
        lists.View("mine", "由我处理", "q=1"),
        lists.View("all", "全部", ""),
    ),
    bulk=(
        lists.Bulk("hand", "转交", "arrows-exchange", "ui:kit_bulk"),
        lists.Bulk("assign", "分派", "user-check", "ui:kit_bulk"),
    ),
    may_export=lambda request: True,
)


class KitForm(forms.Form):
    title = forms.CharField(label="标题", max_length=80)
    kind = forms.ChoiceField(label="来源", choices=[("1", "来电"), ("2", "来访")])
    value = forms.DecimalField(label="货值(元)", required=False, help_text="不知道就空着，不要填 0。")
    day = forms.DateField(label="购买日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    body = forms.CharField(label="经过", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    ways = forms.MultipleChoiceField(
        label="情形",
        choices=[("a", "变质过期食品"), ("b", "食物中毒"), ("c", "建筑设施")],
        widget=forms.CheckboxSelectMultiple,
    )
    attachments = forms.FileField(label="附件", required=False)
    known = forms.BooleanField(label="顾客要求找店长", required=False)


class SignInForm(forms.Form):
    username = forms.CharField(label="工号或手机号")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


RULING: dict[str, Any] = {
    "outcome": "店长",
    "who": "何静姝",
    "tint": 4,
    "clause": "三(五)1",
    "clause_url": "#",
    "text": "食物中毒、变质过期食品、安全、建筑设施或者叉车擦伤顾客的投诉，由店长处理。",
    "facts": [("货值", "128 元"), ("情形", "变质过期食品、食物中毒"), ("被投诉人", None)],
    "rows": [(2, "情形：食物中毒、变质过期食品、安全…", "店长", True), (8, "其余投诉", "客服主管", False)],
    "note": "命中两行，取级别最高者。",
    "manual": "《商场顾客投诉处理规定》第 3 版 · 2026-01-01 起执行",
    "values": "南湖店取值：店长起点 2,000 元，经理起点 500 元",
}
STAGES = [
    {"label": "受理", "note": "沈若溪 09-24", "state": "done"},
    {"label": "确认原因", "note": "何静姝 09-28", "state": "done"},
    {"label": "提出方案", "note": "何静姝", "state": "now"},
    {"label": "审批", "note": "2 级", "state": ""},
    {"label": "执行", "note": "专柜", "state": ""},
    {"label": "回访", "note": "执行后 3 日", "state": ""},
    {"label": "结案", "note": "10-12 前", "state": ""},
]
STEPS = [
    {"name": "沈若溪", "tint": 1, "state": "ok", "note": "提出 · 09:40"},
    {"name": "陆一鸣", "tint": 3, "state": "ok", "note": "同意 · 10:05", "opinion": "票据与批号相符"},
    {"name": "周启明", "tint": 2, "state": "now", "note": "审批中 · 剩 1 小时 40 分"},
    {"name": "何静姝", "tint": 4, "state": "next", "note": "店长 · 超过 1,000 元"},
]


def _sample(now: dt.datetime) -> dict[str, Any]:
    hour = dt.timedelta(hours=1)
    return {
        "form": KitForm(),
        "ruling": RULING,
        "stages": STAGES,
        "steps": STEPS,
        "now_minus": now - 2 * hour - dt.timedelta(minutes=14),
        "now_plus": now + hour + dt.timedelta(minutes=40),
        "far": now + dt.timedelta(days=13),
        "ago": now - dt.timedelta(days=1),
        "remaining": dt.timedelta(hours=2, minutes=48),
        "bars": {
            "labels": [f"{at} 时" for at in range(9, 19)],
            "series": [
                {"name": "已办", "state": "met", "values": [6, 9, 5, 4, 3, 6, 2, 1, 0, 1]},
                {"name": "逾期", "state": "late", "values": [0, 0, 1, 1, 0, 1, 0, 0, 0, 0]},
                {"name": "在办", "state": "run", "values": [0, 0, 0, 0, 0, 2, 4, 5, 4, 8]},
            ],
        },
        "line": {
            "labels": [f"9-{at}" for at in range(16, 30)],
            "values": [95.1, 96.2, 94.8, 97.1, 93.6, 92.9, 95.4, 96, 94.1, 92.2, 90.8, 93.5, 95, 94.2],
            "goal": 95,
            "unit": "%",
            "from": 88,
            "to": 100,
        },
    }


def kit(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/kit/kit.html", _sample(clock.now()))


def today(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/kit/today.html", _sample(clock.now()))


def listing(request: HttpRequest) -> HttpResponseBase:
    return lists.answer(request, CASES, Party.objects.all(), "ui/kit/list.html", now=clock.now())


def bulk(request: HttpRequest) -> HttpResponse:
    chosen = lists.selected(request, CASES, Party.objects.all())
    return answers.page(request, "ui/kit/bulk.html#ask", {"chosen": chosen, "form": KitForm()})


def case(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/kit/case.html", _sample(clock.now()))


def form(request: HttpRequest) -> HttpResponse:
    shown = KitForm(request.POST, request.FILES) if request.method == "POST" else KitForm()
    if request.method == "POST" and shown.is_valid():
        return answers.done(
            request, "ui/kit/form.html", {}, then="/ui/kit/form/", message="已登记 TS-202609-0417。"
        )
    return answers.again(request, "ui/kit/form.html", {"form": shown, "back": "/ui/kit/", "ruling": RULING})


def peek(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/kit/peek.html", {"ruling": RULING})


def drawer(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/kit/drawer.html", _sample(clock.now()))


def sign_in(request: HttpRequest) -> HttpResponse:
    roles = [
        {"key": name, "name": name, "tint": at, "note": "投诉专员 · 登记与办理"}
        for at, name in enumerate(_PEOPLE)
    ]
    values = {"form": SignInForm(), "roles": roles, "example": RULING, "house": "长禾百货 客户服务部"}
    return render(request, "ui/sign_in.html", values)


def palette(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    groups = [
        (
            "前往",
            [{"href": "/ui/kit/list/", "icon": "message-exclamation", "label": "投诉", "stroke": "G C"}],
        ),
        (
            "查找",
            [
                {
                    "href": "/ui/kit/case/",
                    "icon": "file-text",
                    "label": f"TS-202609-0417 {words}",
                    "note": "贺晓岚",
                }
            ],
        ),
        ("操作", [{"href": "/ui/kit/form/", "icon": "plus", "label": "登记投诉", "note": ""}]),
    ]
    return render(request, "ui/components/palette_results.html", {"groups": groups, "words": words})
