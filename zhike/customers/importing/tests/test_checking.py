"""One row: what it says, or in one sentence what is wrong with it. Columns: what they mean, and when they seem swapped."""

from __future__ import annotations

import pytest

from zhike.customers.dossier import numbers as papers
from zhike.customers.importing import columns
from zhike.customers.importing.checking import Draft, Problem, Reader, numbers
from zhike.kernel.records.sheets import Row

HEADER = ("客户名称", "手机", "信用代码", "性别", "类型", "地址")
BODY = "91310115MA1K3X123"
GOOD = BODY + papers.credit_check(BODY)
WRONG = BODY + next(one for one in "01" if one != GOOD[-1])


def draft(*cells: str, header=HEADER, known: str = "skip", reader: Reader | None = None) -> Draft:
    plan = {"columns": columns.guess(header, [cells]), "known": known}
    filled = (*cells, *[""] * (len(header) - len(cells)))
    return (reader or Reader(header, plan)).draft(Row(2, filled))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13800005678", ["13800005678"]),
        (" 138 0000 5678 ", ["13800005678"]),
        ("138-0000-5678", ["13800005678"]),
        ("１３８００００５６７８", ["13800005678"]),
        ("+86 138 0000 5678", ["13800005678"]),
        ("0086-138-0000-5678", ["13800005678"]),
        ("8613800005678", ["13800005678"]),
        ("(010) 8888 6666", ["01088886666"]),
        ("010—88886666 转 803", ["01088886666,803"]),
        ("400-820-8820", ["4008208820"]),
        ("13800005678/13911112222", ["13800005678", "13911112222"]),
        ("13800005678、021-55556666", ["13800005678", "02155556666"]),
    ],
)
def test_telephone_numbers_in_every_way_people_write_them(text: str, found: list[str]):
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1.38E+10", "cut the number"),
        ("电话不详", "is no telephone number"),
        ("13800005678/王", "is no telephone number"),
    ],
)
def test_what_is_no_number_is_told_in_one_sentence(text: str, told: str):
    with pytest.raises(Problem, match=told):
        numbers(text)


def test_rare_characters_and_full_width_digits_are_kept_and_understood():
    found = draft("㐂𠮷喆", "１３８ ００００ ５６７８", "", "女", "个人")
    assert (found.name, found.phones, found.gender, found.kind) == ("㐂𠮷喆", ("13800005678",), "F", "PERSON")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD, ""),
        (WRONG, "does not fit the others"),
        (GOOD[:-1], "this one has 17"),
        ("O" + GOOD[1:], "“O” never stands"),
        ("９" + GOOD[1:8] + "-" + GOOD[8:], ""),
        ("310115000123456", ""),
    ],
)
def test_a_licence_number_with_a_wrong_check_digit_is_told(text: str, told: str):
    if told:
        with pytest.raises(Problem, match=told):
            draft("宏达", "", text)
    else:
        assert draft("宏达", "", text).licence == papers.normal("LICENCE", text)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("", "13800005678"), "there is no name"),
        (("王小明", "无此号码abc"), "is no telephone number"),
        (("王小明", "", WRONG), "does not fit the others"),
        (("王小明", "", "", "不男不女"), "none of the words"),
        (("王" * 121,), "121 characters"),
    ],
)
def test_a_bad_row_is_told_in_one_sentence(cells: tuple[str, ...], told: str):
    with pytest.raises(Problem, match=told):
        draft(*cells)


def test_the_same_number_twice_in_a_file_is_told_unless_doubles_are_marked():
    reader = Reader(HEADER, {"columns": columns.guess(HEADER, []), "known": "skip"})
    draft("王小明", "13800005678", reader=reader)
    with pytest.raises(Problem, match=r"138\*\*\*\*5678.*stands in row 2 already"):
        reader.draft(Row(3, ("王晓明", "138 0000 5678", "", "", "", "")))
    marked = Reader(HEADER, {"columns": columns.guess(HEADER, []), "known": "mark"})
    for number in (2, 3):
        marked.draft(Row(number, ("王小明", "13800005678", "", "", "", "")))


def test_firms_are_known_by_their_name():
    assert draft("上海宏达商贸有限公司").kind == "ORGANISATION"
    assert draft("王公").kind == "PERSON"


def test_columns_are_guessed_by_header_else_by_cells():
    rows = [
        ("王小明", "13800005678", "上海市浦东新区张江路12号"),
        ("李清照", "13911112222", "北京市朝阳区建国路88号"),
    ]
    assert columns.guess(("客户姓名", "联系电话", "住址"), rows) == {
        "name": "客户姓名",
        "phone": "联系电话",
        "address": "住址",
    }
    assert columns.guess(("a", "b", "c"), rows) == {"name": "a", "phone": "b", "address": "c"}


def test_swapped_columns_are_noticed_and_offered_the_other_way_round():
    header, rows = ("姓名", "电话"), [("13800005678", "王小明"), ("13911112222", "李清照")]
    chosen = columns.guess(header, rows)
    doubts = columns.doubts(header, rows, chosen)
    assert "looks like" not in doubts[0][2]
    assert len(doubts) == 2
    assert "“电话” is taken for “Telephone”, but its cells look like “Name”" in doubts[1][2]
    assert columns.swapped(chosen, doubts) == {"name": "电话", "phone": "姓名"}
    right = {"name": "电话", "phone": "姓名"}
    assert columns.doubts(header, rows, right) == []
