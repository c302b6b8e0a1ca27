"""Cells from the clipboard: as WPS, Excel and browsers put them there."""

import pytest

from zhike.kernel.policy.editing.paste import grid_from_paste


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("\n\n", []),
        ("甲\t乙\r\n1\t2\r\n", [["甲", "乙"], ["1", "2"]]),
        ("甲\t\t乙\n1\n", [["甲", "", "乙"], ["1", "", ""]]),
        ('"两\n行"\t"说""好"""\n1\t2', [["两 行", '说"好"'], ["1", "2"]]),
        ('差 5" 的\t乙', [['差 5" 的', "乙"]]),
        ("一格", [["一格"]]),
        ("甲\t\n乙\t\n\t\n", [["甲"], ["乙"]]),
        ("\u3000甲\u00a0\t乙", [["甲", "乙"]]),
    ],
)
def test_text_with_tabs(text, rows):
    assert grid_from_paste(text) == rows


def test_a_table_of_a_page_as_wps_copies_it():
    page = """<html><head><style>td {color: red}</style></head><body><!--StartFragment-->
    <table border=0><colgroup><col width=72></colgroup>
     <tr height=18><td class=xl65>货值</td><td>→&nbsp;处理人</td></tr>
     <tr><td rowspan=2>&gt;= 2000</td><td>店长<br>经理</td></tr>
     <tr><td><p>主管</p></td></tr>
     <tr><td colspan="2">合并</td></tr>
    </table><!--EndFragment--></body></html>"""

    assert grid_from_paste(page) == [
        ["货值", "→ 处理人"],
        [">= 2000", "店长 经理"],
        [">= 2000", "主管"],
        ["合并", "合并"],
    ]


def test_a_table_that_is_never_closed_is_read_as_far_as_it_goes():
    assert grid_from_paste("<table><tr><td>甲<td>乙<tr><td>1") == [["甲", "乙"], ["1", ""]]


def test_a_table_inside_a_cell_is_text():
    page = "<table><tr><td>外<table><tr><td>内</td></tr></table></td><td>乙</td></tr></table><table><tr><td>二</td></tr></table>"

    assert grid_from_paste(page) == [["外 内", "乙"]]


def test_vast_spans_are_cut():
    assert grid_from_paste('<table><tr><td colspan="99999">甲</td></tr></table>') == [["甲"] * 200]
