"""What the forms of a file read: the customer with its parts, fetched once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from zhike.customers.dossier import completeness
from zhike.customers.dossier.fields import named
from zhike.customers.dossier.models import Address, Contact, Fact, Identifier, Milestone, Need
from zhike.customers.dossier.places import whole_address
from zhike.customers.dossier.reading import shown
from zhike.customers.grading import queries as grading
from zhike.customers.grading.dimensions import DIMENSIONS
from zhike.customers.grading.models import Grade, Profile, Sale
from zhike.customers.models import Customer
from zhike.customers.privacy.levels import label_of
from zhike.customers.privacy.questions import SHARING
from zhike.customers.regulation import regulation
from zhike.kernel.records.forms import Field, Kind, Option
from zhike.people.models import in_language

ROWS = 30  # of a table on paper


@dataclass(frozen=True)
class Filled:
    """One customer and what stands on the file; `scores` are the grades in words where somebody knows them."""

    customer: Customer
    now: dt.datetime

    @cached_property
    def secrecy(self) -> str:
        """The level in the words of the regulation."""
        found = regulation(SHARING.name, self.customer.unit_id, self.now)
        return label_of(found, self.customer.secrecy)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        rows = self.customer.facts.filter(until=None).select_related("by")
        return {row.field: row for row in rows}

    @cached_property
    def history(self) -> list[Fact]:
        return list(self.customer.facts.select_related("by").order_by("-at", "-id")[:ROWS])

    @cached_property
    def contacts(self) -> list[Contact]:
        return list(self.customer.contacts.filter(left_on=None).defer("number"))

    @cached_property
    def identifiers(self) -> list[Identifier]:
        return list(self.customer.identifiers.defer("number"))

    @cached_property
    def addresses(self) -> list[Address]:
        return list(self.customer.addresses.all())

    @cached_property
    def needs(self) -> list[Need]:
        return list(self.customer.needs.select_related("by").order_by("-at", "-id")[:ROWS])

    @cached_property
    def profile(self) -> Profile | None:
        return Profile.objects.filter(customer=self.customer).first()

    @cached_property
    def grades(self) -> dict[str, Grade]:
        return {row.dimension: row for row in self.customer.grades.filter(until=None)}

    @cached_property
    def words(self) -> dict[tuple[str, str], str]:
        return grading.labels(self.grades.values())

    @cached_property
    def days(self) -> list[Milestone]:
        return list(self.customer.milestones.filter(contact=None))

    @cached_property
    def completeness(self) -> int | None:
        return completeness.of(self.customer).percent


def filled(customer: Customer, now: dt.datetime) -> Filled:
    return Filled(customer, now)


Source = Callable[[Filled], Any]


def fact(code: str) -> Source:
    return lambda f: f.facts[code].value if code in f.facts else ""


def facts(prefix: str) -> Source:
    """Every fact that begins so, one a line."""

    def read(f: Filled) -> str:
        found = [row for code, row in sorted(f.facts.items()) if code.startswith(prefix)]
        labels = named(row.field for row in found)
        colon = in_language("：", ": ")
        return "\n".join(f"{labels[row.field]}{colon}{row.value}" for row in found)

    return read


def column(name: str) -> Source:
    return lambda f: getattr(f.customer, name) or ""


def label(name: str) -> Source:
    return lambda f: str(getattr(f.customer, f"get_{name}_display")() or "")


def profile(name: str) -> Source:
    return lambda f: getattr(f.profile, name) if f.profile else ""


def grade(dimension: str) -> Source:
    """What the manual calls the value in force."""
    return lambda f: f.words.get((dimension, f.grades[dimension].value), "") if dimension in f.grades else ""


def number(*kinds: str) -> Source:
    """The masked number of the first of these kinds."""
    return lambda f: next((row.masked for kind in kinds for row in f.identifiers if row.kind == kind), "")


def phones(f: Filled) -> str:
    return "、".join(phone.masked for phone in f.customer.phones.all())


def address(f: Filled) -> str:
    return whole_address(f.addresses[0]) if f.addresses else ""


def email(f: Filled) -> str:
    return next((one.email for one in f.contacts if one.email), "")


def contact(*functions: str) -> Source:
    """Name and masked number of the first contact of these functions; the main contact for none."""

    def read(f: Filled) -> str:
        found = next((one for one in f.contacts if one.function in functions or not functions), None)
        return " ".join(part for part in (found.name, found.post, found.masked) if part) if found else ""

    return read


def people(f: Filled) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name, "function": str(one.get_function_display()), "post": one.post,
            "say": str(one.get_say_display()), "phone": one.masked,
            "last": one.last_contact_at, "verified": one.verified_on,
        }
        for one in f.contacts
    ]  # fmt: skip


def changes(f: Filled) -> list[dict[str, Any]]:
    return [
        {
            "at": one.fact.at, "field": one.label, "value": one.value,
            "source": str(one.fact.get_source_display()), "by": one.fact.by.name if one.fact.by else "",
        }
        for one in shown(f.history)
    ]  # fmt: skip


def talks(f: Filled) -> list[dict[str, Any]]:
    rows = f.customer.interactions.select_related("by").order_by("-at")[:10]
    return [
        {"at": row.at, "way": str(row.get_way_display()), "text": row.purpose or row.content, "by": row.by.name if row.by else ""}
        for row in rows
    ]  # fmt: skip


def purchases(f: Filled) -> list[dict[str, Any]]:
    rows = Sale.objects.filter(customer=f.customer).order_by("-on", "-id")[:15]
    return [{"on": row.on, "product": row.product, "model": row.model, "amount": row.amount} for row in rows]


def gradings(f: Filled) -> list[dict[str, Any]]:
    rows = list(f.customer.grades.order_by("-since")[:15])
    words = grading.labels(rows)
    return [
        {"dimension": str(DIMENSIONS[row.dimension].label) if row.dimension in DIMENSIONS else row.dimension,
         "value": words.get((row.dimension, row.value), row.value), "since": row.since, "until": row.until, "clause": row.clause}
        for row in rows
    ]  # fmt: skip


def days(f: Filled) -> str:
    return "、".join(
        f"{row} {in_language('农历', 'lunar ') if row.is_lunar else ''}{row.month}-{row.day}"
        for row in f.days
    )


def birthday(f: Filled) -> str:
    found = next((row for row in f.days if row.kind == Milestone.Kind.BIRTHDAY), None)
    if found is None:
        return ""
    return (
        f"{found.year}-{found.month:02}-{found.day:02}" if found.year else f"{found.month:02}-{found.day:02}"
    )


def consents(f: Filled) -> str:
    rows = f.customer.consents.filter(until=None)
    return "、".join(f"{row.get_purpose_display()} {'✓' if row.is_given else '✗'}" for row in rows)


def signed_by(person: str, on: str) -> Source:
    """Name and day as a signature; a line to sign on until then."""

    def read(f: Filled) -> dict[str, Any] | str:
        who, when = getattr(f.customer, person), getattr(f.customer, on)
        if who is None or when is None:
            return ""
        return {"name": who.name, "at": _moment(when)}

    return read


def _moment(when: dt.datetime | dt.date) -> str:
    return when.isoformat()


def ticks(choices: Any, zh: dict[str, str]) -> list[Option]:
    """The choices of a column as boxes, in both languages."""
    return [Option(code, zh[code], str(text)) for code, text in choices]


def field(
    key: str, zh: str, en: str, source: Source | None = None, kind: Kind = "text", **more: Any
) -> Field:
    return Field(key, zh, en, kind, source=source, **more)


CONTACTS = Field(
    "contacts", "联系人", "Contacts", "table", source=people,
    columns=(
        Field("name", "姓名", "Name", width=14), Field("function", "职能", "Function", width=14),
        Field("post", "职务", "Post", width=16), Field("say", "决策作用", "Say", width=14),
        Field("phone", "电话", "Telephone", width=18), Field("last", "最近联系", "Last contact", "moment", width=24),
    ),
)  # fmt: skip
CHANGES = Field(
    "changes", "变更记录", "Change history", "table", source=changes,
    columns=(
        Field("at", "时间", "At", "moment", width=22), Field("field", "项目", "Field", width=18),
        Field("value", "内容", "Value", "long", width=32), Field("source", "来源", "Source", width=16),
        Field("by", "记录人", "By", width=12),
    ),
)  # fmt: skip
TALKS = Field(
    "talks", "联系记录", "Contact log", "table", source=talks,
    columns=(
        Field("at", "时间", "At", "moment", width=22), Field("way", "方式", "Way", width=14),
        Field("text", "内容", "Content", "long", width=50), Field("by", "联系人员", "By", width=14),
    ),
)  # fmt: skip
GRADINGS = Field(
    "gradings", "分级记录", "Grade history", "table", source=gradings,
    columns=(
        Field("dimension", "维度", "Dimension", width=20), Field("value", "级别", "Value", width=20),
        Field("since", "自", "Since", "moment", width=24), Field("until", "至", "Until", "moment", width=24),
        Field("clause", "条款", "Clause", width=12),
    ),
)  # fmt: skip
NO = field("no", "客户编号", "Customer no.", lambda f: f.customer.number)
NAME = field("name", "名称", "Name", column("name"))
PHONE = field("phone", "联系电话", "Telephone", phones)
ADDRESS = field("address", "地址", "Address", address)
INDUSTRY = field("industry", "行业/职业", "Trade or occupation", column("industry"))
OWNER = field(
    "owner", "客户负责人", "Owner", lambda f: f.customer.owner.name if f.customer.owner else "", "person"
)
VERIFIED = field("verified", "核对日期", "Verified on", column("verified_on"), "date")
VERIFIER = field("verifier", "核对人", "Verified by", signed_by("verified_by", "verified_on"), "signature")
REGISTRAR = field("registrar", "登记人", "Registered by", signed_by("created_by", "created_at"), "signature")
UPDATED = field(
    "updated", "最近更新", "Last update", lambda f: f.customer.updated_at or f.customer.created_at, "moment"
)
PREFERENCES = field("preferences", "服务偏好", "Service preferences", facts("preference."), "long")
