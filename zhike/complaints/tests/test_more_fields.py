"""A field of 登记事项 that takes several words of its list (多选): ticked, kept, shown, printed, ruled by."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from zhike.complaints import more_fields, queries, sheets
from zhike.complaints.actions import CannotOpen
from zhike.complaints.models import Complaint
from zhike.complaints.regime import regime_of
from zhike.complaints.sheets._reading import Ticked
from zhike.kernel.policy.ask import typed
from zhike.kernel.policy.manual.reader import read

from . import handbook
from .factories import browser
from .regimes import opened

pytestmark = pytest.mark.django_db
house = pytest.fixture(handbook.a_handbook_house)
BOTH = "SAMPLE、PHOTO"


def a_case(house, evidence=BOTH):
    return opened(
        house, name="巫马青", phone="13912340002", item="PRODUCT", value=800, more={"evidence": evidence}
    )


@pytest.mark.rule("FM002-20", "FM002-21")
def test_several_are_ticked_at_registration_and_kept_in_the_order_of_the_list(house):
    client = browser(house["taker"])
    page = client.get(reverse("complaints:new")).content.decode()
    case = a_case(house, "")
    facts = reverse("complaints:change_facts", args=[case.pk])

    assert page.count('type="checkbox" name="more_evidence"') == 4
    client.post(
        facts, {"item": "PRODUCT", "value": "800", "more_evidence": ["PHOTO", "TEST"], "reason": "客户寄来"}
    )
    case.refresh_from_db()
    assert case.more["evidence"] == "PHOTO、TEST"
    again = client.get(facts).context["form"]
    assert again["more_evidence"].value() == ["PHOTO", "TEST"]


def test_a_word_of_no_list_is_refused_at_its_field(house):
    case = a_case(house)

    answer = browser(house["taker"]).post(
        reverse("complaints:change_facts", args=[case.pk]),
        {"item": "PRODUCT", "value": "800", "more_evidence": ["PHOTO", "RUMOUR"], "reason": "更正"},
    )

    assert list(answer.context["form"].errors) == ["more_evidence"]
    case.refresh_from_db()
    assert case.more["evidence"] == BOTH


def test_a_program_cannot_register_a_word_of_no_list(house):
    with override("en"), pytest.raises(CannotOpen, match="Not a word of the list"):
        a_case(house, "PHOTO、RUMOUR")

    assert not Complaint.objects.exists()


def test_the_words_are_said_on_the_page_and_on_paper(house):
    case = a_case(house)
    said = dict(more_fields.in_words(regime_of(case), case.more))

    assert said["样品和证据"] == "样品、照片"
    filled = sheets.Filled(queries.file_of(case), regime_of(case))
    assert filled.said("evidence") == "样品、照片"
    assert Ticked(("evidence",))(filled) == ["SAMPLE", "PHOTO"]


def test_each_word_holds_by_its_name_for_the_way_on_and_as_a_set_for_rulings(house):
    case = a_case(house)
    facts = regime_of(case).branch_facts(case)

    assert (facts["样品"], facts["照片"], "检验结果" in facts) == (True, True, False)
    manual = read(
        "---\nmanual: x\ntitle: x\nversion: 1\neffective: 2026-01-01\nowner: x\nfacts:\n  证据: tags(证据种类)\n---\n"
        "# 一、x\n\n@清单 证据种类\n\n| 名称 | 代码 |\n|---|---|\n| 样品 | SAMPLE |\n| 照片 | PHOTO |\n| 单据 | PAPER |\n\n"
        "@判定 核实\n\n| 证据 | → 谁 | 条款 |\n|---|---|---|\n| 照片 | 甲 | 一 |\n| not(照片) | 乙 | 一 |\n"
    )
    assert typed(manual, {"证据": BOTH}, dt.date(2026, 3, 9)) == {"证据": frozenset({"SAMPLE", "PHOTO"})}
