"""The shell contract: check, decide, diff."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from zhike.kernel.policy.contract import Refusal, check_file, decide_file, main

from .texts import HEAD, decision, params, words

MANUALS = Path(__file__).parent / "manuals"
MALL = str(MANUALS / "mall-complaints.md")


def file_with(tmp_path, body, front=""):
    path = tmp_path / "m.md"
    path.write_text(HEAD.replace("\n---\n\n#", f"\n{front}\n---\n\n#") + body, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["mall-complaints.md", "mfg-complaints.md"])
def test_check_names_no_error_and_no_gap_in_the_two_manuals(name, capsys):
    status = main(["check", str(MANUALS / name), "--json"])

    findings = json.loads(capsys.readouterr().out)
    assert status == 0
    assert {finding["level"] for finding in findings} <= {"info"}
    assert all(set(finding) == {"line", "column", "level", "table", "message"} for finding in findings)


def test_check_gives_errors_with_their_place_and_status_1(capsys):
    status = main(["check", str(MANUALS / "broken.md"), "--json"])

    findings = json.loads(capsys.readouterr().out)
    assert status == 1
    assert {
        "line": 33,
        "column": 7,
        "level": "error",
        "table": "处理权限",
        "message": "“情形”没有取值“变质食品”，是否指“变质过期食品”？",
    } in findings


def test_check_speaks_in_lines_without_json(capsys):
    main(["check", str(MANUALS / "broken.md")])

    assert (
        "33:7    错误  “情形”没有取值“变质食品”，是否指“变质过期食品”？"
        in capsys.readouterr().out.splitlines()
    )


def test_check_reports_gaps_and_failed_examples(tmp_path, capsys):
    example = "@示例 表\n\n| 钱 | → 谁 |\n|---|---|\n| 5 | 乙 |\n"

    gap = main(["check", file_with(tmp_path, decision("钱 | → 谁", ">= 5元 | 甲")), "--json"])
    gaps = [f for f in json.loads(capsys.readouterr().out) if f["level"] == "gap"]
    failed = main(["check", file_with(tmp_path, decision("钱 | → 谁", ">= 5 | 甲") + example), "--json"])

    assert (gap, len(gaps)) == (0, 1)
    assert failed == 1


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"货值": 1999.99}, ("客服经理", "三(五)2", 5, 115, [8])),
        ({"货值": "2000"}, ("店长", "三(五)1", 1, 111, [8])),
        ({"货值": "2000元", "情形": []}, ("店长", "三(五)1", 1, 111, [8])),
        ({"货值": "499.99元", "情形": "无", "被投诉人": None}, ("客服主管", "三(五)3", 8, 118, [])),
        ({"货值": 100, "情形": ["变质过期食品"]}, ("店长", "三(五)1", 2, 112, [8])),
        ({"货值": 100, "情形": "变质过期食品、服务投诉"}, ("店长", "三(五)1", 2, 112, [6, 8])),
        ({}, ("客服主管", "三(五)3", 8, 118, [])),
    ],
)
def test_decide_answers_in_the_agreed_form(facts, answer):
    handler, clause, row, line, also = answer

    found = decide_file(MALL, "处理权限", facts)

    assert found == {"outcome": {"处理人": handler}, "clause": clause, "row": row, "line": line, "also": also}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"货直": 1}, "没有事实“货直”，是否指“货值”？"),
        ({"颜色": 1}, "没有事实“颜色”，只有：过失、次数、货值、情形、被投诉人"),
        ({"货值": "很多"}, "事实“货值”要一个数值，“很多”不是数值"),
        ({"货值": "2,000"}, "事实“货值”的数值里不能有千位分隔符：“2,000”"),
        ({"货值": True}, "事实“货值”要一个数值，不能是 是"),
        ({"货值": [1]}, "事实“货值”要一个值，不能是一组值"),
        ({"情形": ["变质食品"]}, "“情形”没有取值“变质食品”，是否指“变质过期食品”？"),
        (
            {"情形": [5]},
            "“情形”没有取值“5”，只有：食物中毒、变质过期食品、安全、建筑设施、叉车擦伤、下属未能解决、坚持找店长、退换争执、服务投诉",
        ),
        ({"情形": 5}, "事实“情形”要一组词(数组)，不能是 5"),
    ],
)
def test_bad_facts_give_one_clear_sentence(facts, message):
    with pytest.raises(Refusal) as refusal:
        decide_file(MALL, "处理权限", facts)
    assert str(refusal.value) == message


@pytest.mark.parametrize("yes", [True, "是", "yes", "TRUE"])
def test_yes_may_be_said_in_several_ways(yes):
    found = decide_file(MANUALS / "mfg-complaints.md", "答复期限", {"重大": yes})

    assert found["outcome"] == {
        "临时措施答复": "品质签收后重大临时",
        "答复": "品质签收后重大永久",
        "签批人": "部门主任级以上、营销副总",
    }


def test_figures_are_numbers_and_everything_else_is_as_written(tmp_path):
    body = params("上限 | 0.2万元 | -")
    body += decision(
        "原价 | → 分 | → 折 | → 限 | → 算 | → 无 | → 报", "- | 2 | 60% | 上限 | = 原价 × 60% | - | 是"
    )

    found = decide_file(file_with(tmp_path, body), "表", {"原价": "99.9"})

    assert found["outcome"] == {"分": 2, "折": "60%", "限": 2000, "算": 59.94, "无": None, "报": "是"}


def test_no_row_is_null_and_a_collect_table_gives_a_list(tmp_path):
    path = file_with(
        tmp_path,
        decision("钱 | → 谁", ">= 5 | 甲", name="一")
        + decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", hit="收集", name="二"),
    )

    assert decide_file(path, "一", {"钱": 4}) == {"outcome": None, "clause": None, "row": None}
    assert [each["row"] for each in decide_file(path, "二", {"钱": 5})] == [1, 2]
    assert decide_file(path, "二", {"钱": 1}) == []


def test_today_sets_the_day(tmp_path, capsys):
    path = file_with(
        tmp_path, decision("到期 | → 谁", "<= 1周 | 近", "> 1周 | 远"), front="facts:\n  到期: until"
    )
    facts = json.dumps({"到期": "2025-01-08"})

    near = decide_file(path, "表", {"到期": "2025-01-08"}, dt.date(2025, 1, 1))
    main(["decide", path, "表", "--facts", facts, "--today", "2024-12-31", "--json"])

    assert near["row"] == 1
    assert json.loads(capsys.readouterr().out)["row"] == 2


def test_overlap_under_unique_is_refused(tmp_path, capsys):
    path = file_with(tmp_path, decision("钱 | → 谁", ">= 5 | 甲", ">= 3 | 乙", hit="唯一"))

    status = main(["decide", path, "表", "--facts", '{"钱": 5}', "--json"])

    assert status == 1
    assert json.loads(capsys.readouterr().out) == {"error": "判定表“表”命中=唯一，但第1行、第2行同时符合"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["decide", MALL, "处理权限", "--facts", "{"], "--facts 不是有效的 JSON"),
        (["decide", MALL, "处理权限", "--facts", "[]"], "--facts 要写成 JSON 对象"),
        (["decide", MALL, "处理权限", "--facts", '{"货值": NaN}'], "--facts 不是有效的 JSON"),
        (["decide", MALL, "处理权线", "--facts", "{}"], "没有判定表“处理权线”，只有：处分、处理权限"),
        (["decide", MALL, "处理权限", "--facts", "{}", "--today", "2025-02-30"], "--today 要写成日期"),
        (["check", "/no/such/file.md"], "读不到文件 /no/such/file.md"),
        (["diff", MALL, "/no/such/file.md"], "读不到文件 /no/such/file.md"),
    ],
)
def test_refusals_are_one_line_and_status_1(arguments, message, capsys):
    status = main(arguments)

    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert said.err.startswith(message)
    assert said.err.count("\n") == 1


def test_other_encodings_and_empty_files_are_named(tmp_path):
    chinese, empty = tmp_path / "gb.md", tmp_path / "empty.md"
    chinese.write_bytes("---\nmanual: x\n---\n# 规定\n".encode("gb18030"))
    empty.write_text("\n")

    with pytest.raises(Refusal, match="不是 UTF-8 编码\\(第4行\\)"):
        check_file(chinese)
    assert [(f.level.value, f.message) for f in check_file(empty)] == [("error", "文件是空的")]


def test_decide_says_a_sentence_without_json(capsys):
    main(["decide", MALL, "处理权限", "--facts", '{"货值": 100, "情形": ["变质过期食品"]}'])

    assert capsys.readouterr().out == (
        "店长 · 条款 三(五)1 · 处理权限 第2行(文件第112行) · mall-complaints 第3版 · 另符合：第8行\n"
    )


def test_diff_tells_the_meaning_of_a_change(tmp_path, capsys):
    new = tmp_path / "new.md"
    new.write_text(
        Path(MALL).read_text(encoding="utf-8").replace("| 2000元 |", "| 1500元 |"), encoding="utf-8"
    )

    status = main(["diff", MALL, str(new), "--json"])

    lines = json.loads(capsys.readouterr().out)
    assert status == 0
    assert any("客服经理 → 店长" in line and "[1500..2000)" in line for line in lines)


def test_the_command_needs_no_django():
    code = (
        "import sys; from zhike.kernel.policy import contract; contract.check_file(sys.argv[1]);"
        " print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )

    done = subprocess.run([sys.executable, "-c", code, MALL], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_facts_of_chained_tables_are_computed_unless_given(tmp_path):
    chain = decision("钱 | → 等级", ">= 100 | 高", "- | 低", name="分级") + decision(
        "等级 | → 次数", "高 | 3", "低 | 1", name="频次"
    )
    path = file_with(tmp_path, words("别的", "甲") + chain)

    assert decide_file(path, "频次", {"钱": "100"})["outcome"] == {"次数": 3}
    assert decide_file(path, "频次", {"钱": "100", "等级": "低"})["outcome"] == {"次数": 1}
