"""Two texts line by line, and single lines of the front matter."""

from zhike.manuals.actions._front import front_value, with_front
from zhike.manuals.queries import counted, marked_cell, text_diff

TEXT = "---\nmanual: m\nversion: 1\n---\n\n# 标题\n" + "".join(f"\n第{n}段。\n" for n in range(20))


def shown(lines):
    return [
        (line.kind, line.old, line.new, "".join(f"[{p.text}]" if p.changed else p.text for p in line.parts))
        for line in lines
    ]


def test_equal_texts_have_no_difference():
    assert text_diff(TEXT, TEXT) == []


def test_a_changed_line_stands_twice_with_the_words_that_differ_marked():
    old, new = "甲\n货值 2000元 起\n乙", "甲\n货值 1500元 起\n乙"

    assert shown(text_diff(old, new)) == [
        ("same", 1, 1, "甲"),
        ("del", 2, None, "货值 [2000]元 起"),
        ("add", None, 2, "货值 [1500]元 起"),
        ("same", 3, 3, "乙"),
    ]


def test_lines_far_from_every_change_are_folded_and_numbers_go_on():
    lines = text_diff(TEXT, TEXT.replace("第10段。", "第10段,改。\n又一段。"))

    assert [(line.kind, line.hidden) for line in lines if line.kind == "skip"] == [("skip", 24), ("skip", 15)]
    assert counted(lines) == (2, 1)
    assert lines[-2].old is not None and lines[-2].new == lines[-2].old + 1


def test_lines_that_have_little_in_common_carry_no_marks():
    assert shown(text_diff("甲乙丙丁", "abc")) == [("del", 1, None, "甲乙丙丁"), ("add", None, 1, "abc")]


def test_a_cell_marks_the_figure_that_moved():
    before, after = marked_cell("[1500..2500]", "[1000..2500]")

    assert [part.text for part in before if part.changed] == ["1500"]
    assert [part.text for part in after if part.changed] == ["1000"]


def test_a_line_of_the_front_matter_is_set_and_nothing_else_moves():
    assert with_front(TEXT, version="2") == TEXT.replace("version: 1", "version: 2")
    assert with_front(TEXT, version="1") == TEXT
    assert front_value(with_front(TEXT, effective="2026-01-01"), "effective") == "2026-01-01"


def test_a_text_without_front_matter_gets_one():
    assert with_front("# 标题\n", manual="m", version="1") == "---\nmanual: m\nversion: 1\n---\n\n# 标题\n"


def test_windows_line_ends_and_a_mark_of_byte_order_are_read_too():
    text = "\ufeff" + TEXT.replace("\n", "\r\n")

    assert with_front(text, version="3") == TEXT.replace("version: 1", "version: 3")
