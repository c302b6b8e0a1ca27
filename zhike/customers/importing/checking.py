"""Every row of a file as a draft of a customer, or what is wrong with it. Reads no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from zhike.customers.dossier import numbers as papers
from zhike.customers.models import Customer, Identifier
from zhike.kernel.parties.secret import normal_phone
from zhike.kernel.records.sheets import Row

SKIP, UPDATE, MARK = "skip", "update", "mark"  # what becomes of a row whose customer the house has already
LONGEST = {
    "name": 120,
    "title": 40,
    "region": 60,
    "industry": 60,
    "address": 200,
    "note": 2000,
    "contact": 80,
}
TEXTS = ("title", "region", "industry", "address", "note", "contact")
EMPTY = frozenset({"", "-", "--", "—", "/", "无", "0", "null", "NULL", "None", "N/A", "n/a"})
KINDS = {
    **dict.fromkeys(("个人", "私人", "自然人", "个人客户", "person", "private", "individual", "消费者"), Customer.Kind.PERSON),
    **dict.fromkeys(
        ("单位", "企业", "公司", "商户", "法人", "组织", "单位客户", "企业客户", "个体", "个体户", "organisation", "organization",
         "company", "business", "corporate"),
        Customer.Kind.ORGANISATION,
    ),
}  # fmt: skip
GENDERS = {
    **dict.fromkeys(("男", "男性", "先生", "m", "male", "1"), Customer.Gender.MALE),
    **dict.fromkeys(("女", "女性", "女士", "f", "female", "2"), Customer.Gender.FEMALE),
    **dict.fromkeys(("未知", "不详", "其他", "unknown", "保密"), ""),
}
_FIRM = re.compile(
    r"(公司|集团|商行|合作社|事务所|工厂|厂|超市|银行|学校|医院|经营部|门市部|旗舰店|专卖店)(（.*）|\(.*\))?$"
)
_CUT = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_SEVERAL = re.compile(r"[/、;；,，|\n]|\s{2,}|\s+或\s*")


class Draft(NamedTuple):
    """One sound row; telephone numbers in their normal form, the main one first."""

    row: int
    name: str
    kind: str
    phones: tuple[str, ...]
    licence: str
    member: str
    contact: str
    address: str
    gender: str
    title: str
    region: str
    industry: str
    note: str


class Problem(Exception):
    """What is wrong with a row; the message is one sentence."""


class Reader:
    """One file being read: where the fields stand, and which numbers have come already."""

    def __init__(self, header: Sequence[str], plan: Mapping[str, object]) -> None:
        places = {column: place for place, column in enumerate(header)}
        chosen = plan.get("columns", {})
        assert isinstance(chosen, Mapping)
        self.places = {field: places[column] for field, column in chosen.items() if column in places}
        self.doubles = plan.get("known") == MARK  # rows with the same number are marked, not refused
        self.seen: dict[int, int] = {}  # hash of a number -> row; a million texts would take much more

    def cell(self, row: Row, field: str) -> str:
        place = self.places.get(field)
        if place is None:
            return ""
        text = row.cells[place]
        return "" if text in EMPTY else text

    def draft(self, row: Row) -> Draft:
        """Raises Problem."""
        if row.problem:
            raise Problem(row.problem)
        name = " ".join(self.cell(row, "name").split())
        if not name:
            raise Problem(_("there is no name"))
        if name[-1].isdigit() and normal_phone(name) and not self.cell(row, "phone"):
            raise Problem(
                _("“%(text)s” is a telephone number and no name; are the columns swapped?")
                % {"text": name[:30]}
            )
        phones = self._phones(row)
        licence = self._paper(row, "licence", Identifier.Kind.LICENCE)
        self._refuse_twin(row, phones, licence)
        texts = {field: self._text(row, field) if field in self.places else "" for field in TEXTS}
        self._fits("name", name)
        return Draft(
            row=row.number,
            name=name,
            kind=self._word(row, "kind", KINDS) or _kind_of(name, licence),
            phones=phones,
            licence=licence,
            member=self._paper(row, "member", Identifier.Kind.MEMBER),
            gender=self._word(row, "gender", GENDERS),
            **texts,
        )

    def _text(self, row: Row, field: str) -> str:
        return self._fits(field, self.cell(row, field))

    def _fits(self, field: str, text: str) -> str:
        if len(text) > LONGEST[field]:
            said = {"text": text[:20], "count": len(text), "most": LONGEST[field]}
            raise Problem(_("“%(text)s…” has %(count)s characters, at most %(most)s fit") % said)
        return text

    def _word(self, row: Row, field: str, words: Mapping[str, str]) -> str:
        if field not in self.places:
            return ""
        text = unicodedata.normalize("NFKC", self.cell(row, field)).strip().lower()
        if not text:
            return ""
        if text not in words:
            raise Problem(_("“%(text)s” is none of the words known for this column") % {"text": text[:30]})
        return words[text]

    def _phones(self, row: Row) -> tuple[str, ...]:
        found: list[str] = []
        for field in ("phone", "phone2"):
            text = self.cell(row, field)
            if text:
                found += numbers(text)
        return tuple(dict.fromkeys(found))

    def _paper(self, row: Row, field: str, kind: str) -> str:
        """A number on a paper as the file keeps it."""
        text = self.cell(row, field)
        try:
            return papers.normal(kind, text) if text else ""
        except papers.BadNumber as bad:
            raise Problem(str(bad).rstrip(".。")) from None

    def _refuse_twin(self, row: Row, phones: tuple[str, ...], licence: str) -> None:
        for number in (*phones[:1], licence):
            if not number:
                continue
            first = self.seen.setdefault(hash(number), row.number)
            if first != row.number and not self.doubles:
                raise Problem(
                    _("the number “%(text)s” stands in row %(row)s already")
                    % {"text": _masked(number), "row": first}
                )


def _masked(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}" if len(number) > 8 else number


def _kind_of(name: str, licence: str) -> str:
    return Customer.Kind.ORGANISATION if licence or _FIRM.search(name) else Customer.Kind.PERSON


def numbers(text: str) -> list[str]:
    """The telephone numbers of a cell, which may hold several. Raises Problem."""
    if whole := normal_phone(text):
        return [whole]
    if _CUT.fullmatch(text.strip()):
        raise Problem(
            _("a spreadsheet has cut the number to “%(text)s”; store the column as text")
            % {"text": text.strip()[:30]}
        )
    parts = [part for part in _SEVERAL.split(text) if part and part.strip()]
    found = [normal_phone(part) for part in parts]
    if len(parts) < 2 or not all(found):
        raise Problem(_("“%(text)s” is no telephone number") % {"text": text.strip()[:30]})
    return found
