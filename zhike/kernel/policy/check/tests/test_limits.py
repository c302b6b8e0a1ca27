"""The limits of a manual, one by one, and which of them another version moves."""

from zhike.kernel.policy.check.limits import limits_of, paired
from zhike.kernel.policy.manual.reader import read

TEXT = """---
manual: m
title: 规定
version: 1
effective: 2025-01-01
---

# 规定

## 一、时限

@参数 时限

| 名称 | 值 | 单位可改 | 条款 |
|---|---|---|---|
| 答复期限 | 3工作日 | [1工作日..5工作日] | 一 |

@清单 事项

| 名称 | 英文 |
|---|---|
| 答复 | Reply |
| 回访 | Call back |

@判定 时限表

| 级别 | → 时限:期限 | → 选择(事项):事项 | 条款 |
|---|---|---|---|
| 重大 | 8工作小时内 | 答复 | 一 |
| - | 答复期限内 | 答复 | 一 |

@清单 级别

| 名称 |
|---|
| 重大 |
| 一般 |

## 二、步骤

@阶段 步骤 回答=other.steps

| 阶段 | 英文 | 负责 | 时限 | 下一步 | 条款 |
|---|---|---|---|---|---|
| 登记 | Register | 甲 | 答复期限内 | 办结 | 二 |
| 办结 | Close | 甲 | - | 结束 | 二 |
"""


def limits(text):
    return [(one.title, one.when, one.text, one.clause) for one in limits_of(read(text, questions={}))]


def moved(old, new):
    pairs = paired(read(old, questions={}), read(new, questions={}))
    texts = [(one and (one.title, one.when, one.text), two and two.text) for one, two in pairs]
    return [pair for pair in texts if (pair[0] or [""])[-1] != pair[1]]


def test_stages_and_rows_with_a_deadline_are_limits_with_the_values_of_parameters():
    assert limits(TEXT) == [
        ("登记", "", "3工作日内", "二"),
        ("办结", "", "-", "二"),
        ("答复", "级别 重大", "8工作小时内", "一"),
        ("答复", "", "3工作日内", "一"),
    ]
    assert [one.title_en for one in limits_of(read(TEXT, questions={}))][:2] == ["Register", "Close"]


def test_a_parameter_moves_every_limit_that_names_it():
    assert moved(TEXT, TEXT.replace("| 3工作日 |", "| 2工作日 |")) == [
        (("登记", "", "3工作日内"), "2工作日内"),
        (("答复", "", "3工作日内"), "2工作日内"),
    ]


def test_a_row_for_another_case_is_another_limit():
    assert moved(TEXT, TEXT.replace("| 重大 | 8", "| 一般 | 8")) == [
        (None, "8工作小时内"),
        (("答复", "级别 重大", "8工作小时内"), None),
    ]
