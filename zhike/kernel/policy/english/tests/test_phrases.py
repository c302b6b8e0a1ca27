"""Every sentence that the kernel says of a manual has its English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import zhike.kernel.policy as policy
from zhike.kernel.policy.english import CHINESE, english

HERE = Path(policy.__file__).parent
# where findings, refusals and meanings of changes are written
FILES = [
    *sorted((HERE / "manual").glob("*.py")),
    *sorted((HERE / "check").glob("*.py")),
    *(HERE / "evaluate" / f"{name}.py" for name in ("branches", "deciding", "examples", "given")),
    *(HERE / "editing" / f"{name}.py" for name in ("excel", "workbooks", "word_reading")),
]
# places that are empty, or hold an end of the sentence that is said by itself
ENDS = re.compile(r"near|nearest|only\(|names if|wrong|same|more|together|why|whose|,只有")
# pieces of sentences that are in the book as wholes, words, and patterns of what is read
PIECES = re.compile(
    "自己的|合起来|结论相同.*|[条件结论]+列|下限可到.*|以外|同时含|阶段表|参数表|推算表|(?:.*，也)?不是.{0,5}(?:日期|数值|时间段|一段时间|“否”|声明的参数).{0,20}"
    "|.*，事实的类型由单元格推断：.*|本机没有问题 甲乙|没有写“回答=”|四舍五入|工作小时|生效日期|主管部门|审批事项|分不出长短"
    "|不再给予 甲乙|.*“甲乙”(?:没有下一步；若到此为止，请写|永远到不了)“甲乙”|.*，实际是甲乙|“甲乙”.第甲乙行，条款 甲乙.?"
    "|B1 是甲乙，.*|本下周星|一二三四五六日|\\[.*"
)


def _sentences(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            skipped.add(node.body[0].value)  # type: ignore[attr-defined]
        if isinstance(node, ast.JoinedStr):
            skipped.update(node.values)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            skipped.update(ast.walk(node))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        text = ""
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                part.value
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
                else "" if ENDS.search(ast.unparse(part)) else "甲乙"
                for part in node.values
            )  # fmt: skip
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        bare = text.replace("甲乙", "").lstrip(",(").rstrip(")、:")
        if len(CHINESE.findall(bare)) > 3 and "\\" not in text and not PIECES.fullmatch(text.strip(",():")):
            yield text


def _unsaid() -> list[str]:
    found = [(path.name, text) for path in FILES for text in _sentences(path)]
    assert len(found) > 150  # the look into the source still finds them
    return [
        f"{name}: {text}" for name, text in found if english(text, lambda word: "") == f"“{text.strip('“”')}”"
    ]


def test_every_sentence_of_the_kernel_is_in_the_phrase_book():
    assert _unsaid() == []


WORDS = {
    "货值": "value",
    "情形": "circumstances",
    "被投诉人": "accused",
    "店长": "Store manager",
    "客服经理": "Customer-service manager",
    "主管级以下": "Below supervisor level",
    "食物中毒": "Food poisoning",
    "处理人": "handler",
}


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        (
            "客服经理 → 店长: 货值 [1500..2000)，且 被投诉人 主管级以下/未知，且 情形不含“食物中毒、变质过期食品”等7项",
            "Customer-service manager → Store manager: value [1500..2000) and accused Below supervisor level or"
            " unknown and circumstances without “Food poisoning, 变质过期食品” and 5 more",
        ),
        ("处理权限：店长 → 没有规定: 任何情况", "“处理权限”: Store manager → no rule: in every case"),
        ("没有规定 —— 货值 [0..500) 或 未知", "No row rules this: value [0..500) or unknown"),
        ("“处理人”没有取值“总经里”，是否指“店长”？", "“handler” has no word “总经里”: did you mean “店长” (Store manager)?"),
        (
            "“处理人”没有取值“总经理”，只有：店长、客服主管",
            "“handler” has no word “总经理”; there is: “店长” (Store manager), “客服主管”",
        ),
        ("参数“店长起点”的值 900 不在范围 [1500..2500] 内",
         "The value of “店长起点”, 900, lies outside what units may set, [1500..2500]"),

    ],
)  # fmt: skip
def test_a_sentence_is_said_with_the_words_of_the_manual_and_quotes_the_others(chinese, said):
    assert english(chinese, lambda word: WORDS.get(word, "")) == said
