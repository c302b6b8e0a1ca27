"""The two languages of `words`: sentences about tests, formulas and hit policies, with places to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhike.kernel.policy.manual.model import Hit


@dataclass(frozen=True, slots=True)
class Speech:
    """Sentences of one language. `{it}` is the fact, `{v}` a value, `{a}` and `{b}` the ends of a range."""

    lang: str
    figures: Mapping[str, str]  # by operator, for figures and amounts of time
    dates: Mapping[str, str]
    until: Mapping[str, str]
    words: Mapping[str, str]  # = and != of words
    low: Mapping[bool, str]  # the lower end of a range: is it included
    high: Mapping[bool, str]
    between: str
    unknown: str
    known: str
    known_but: str
    any: str
    any_or_unknown: str
    one_of: str
    all_of: str
    none_of: str
    some: str
    empty: str
    operators: Mapping[str, str]
    calls: Mapping[str, str]
    hits: Mapping[Hit, str]
    or_: str
    or_unknown: str
    and_: str
    comma: str
    no_change: str
    may_set: str
    the_end: str
    when: str
    when_end: str
    otherwise: str
    otherwise_end: str
    then: str
    joint: Mapping[str, str]
    aside: str
    yes: Mapping[bool, str]
    answers: str
    every_case: str
    may_be_silent: str
    nothing: str
    nth_working_day: str
    after: str
    in_this_stage: str


ZH = Speech(
    lang="zh",
    figures={
        ">=": "{it}达到{v}及以上",
        ">": "{it}超过{v}",
        "<=": "{it}不超过{v}",
        "<": "{it}不到{v}",
        "=": "{it}正好是{v}",
        "!=": "{it}已知，但不是{v}",
    },
    dates={
        ">=": "{it}在{v}当天或以后",
        ">": "{it}在{v}以后",
        "<=": "{it}在{v}当天或以前",
        "<": "{it}在{v}以前",
        "=": "{it}就是{v}",
        "!=": "{it}已知，但不是{v}",
    },
    until={
        ">=": "从今天到{it}还有{v}或更久",
        ">": "从今天到{it}还有{v}以上",
        "<=": "从今天到{it}不超过{v}",
        "<": "从今天到{it}不到{v}",
        "=": "从今天到{it}正好{v}",
        "!=": "{it}已知，但距今不是{v}",
    },
    words={"=": "{it}是{v}", "!=": "{it}已知，但不是{v}"},
    low={True: "{a}(含)", False: "{a}(不含)"},
    high={True: "{b}(含)", False: "{b}(不含)"},
    between="{it}从{a}到{b}",
    unknown="{it}未知",
    known="{it}已知",
    known_but="{it}已知，但不是{v}",
    any="{it}不限",
    any_or_unknown="{it}不限，未知也算",
    one_of="{it}有下列任何一项：{v}",
    all_of="{it}同时有：{v}",
    none_of="{it}没有下列任何一项：{v}",
    some="{it}至少有一项",
    empty="{it}一项也没有",
    operators={
        "+": "{a}加{b}",
        "-": "{a}减{b}",
        "*": "{a}乘以{b}",
        "/": "{a}除以{b}",
        ">": "{a}大于{b}时为“是”，否则为“否”",
        ">=": "{a}达到{b}时为“是”，否则为“否”",
        "<": "{a}小于{b}时为“是”，否则为“否”",
        "<=": "{a}不超过{b}时为“是”，否则为“否”",
        "=": "{a}等于{b}时为“是”，否则为“否”",
        "!=": "{a}不等于{b}时为“是”，否则为“否”",
        "neg": "负的{a}",
    },
    calls={
        "min": "{v}中较小的",
        "max": "{v}中较大的",
        "round": "{a}四舍五入到整数",
        "round2": "{a}四舍五入到小数点后{b}位",
        "floor": "{a}舍去小数",
        "abs": "{a}的绝对值",
        "count": "{a}的项数",
    },
    hits={
        Hit.UNIQUE: "每种情形只许有一行符合",
        Hit.FIRST: "从上往下看，第一个符合的行算数",
        Hit.HIGHEST: "几行同时符合时，“{first}”级别最高的一行算数(清单里排在前面的级别高)",
        Hit.COLLECT: "凡是符合的行都算数",
    },
    or_="，或",
    or_unknown="{said}或未知",
    and_="和",
    comma="、",
    no_change="单位不能改",
    may_set="单位可以自己定：{v}",
    the_end="到此结束",
    when="“{when}”为“是”时到“{stage}”",
    when_end="“{when}”为“是”时到此结束",
    otherwise="否则到“{stage}”",
    otherwise_end="否则到此结束",
    then="接着到“{stage}”",
    joint={"all": "所有人都要办", "any": "其中一人办即可", "in turn": "按次序依次办"},
    aside="{name}({value})",
    yes={True: "“是”", False: "“否”"},
    answers="回答“{question}”，定“{outcomes}”",
    every_case="每种情形都要有一行管到",
    may_be_silent="没有一行符合也可以",
    nothing="不规定",
    nth_working_day="{head}第 {n} 个工作日下班前",
    after="{event}后的",
    in_this_stage="从进入这一步算起：",
)

EN = Speech(
    lang="en",
    figures={
        ">=": "{it} is {v} or more",
        ">": "{it} is more than {v}",
        "<=": "{it} is {v} or less",
        "<": "{it} is less than {v}",
        "=": "{it} is exactly {v}",
        "!=": "{it} is known and not {v}",
    },
    dates={
        ">=": "{it} is on {v} or later",
        ">": "{it} is after {v}",
        "<=": "{it} is on {v} or earlier",
        "<": "{it} is before {v}",
        "=": "{it} is {v}",
        "!=": "{it} is known and not {v}",
    },
    until={
        ">=": "{it} is {v} or more from today",
        ">": "{it} is more than {v} from today",
        "<=": "{it} is at most {v} from today",
        "<": "{it} is less than {v} from today",
        "=": "{it} is exactly {v} from today",
        "!=": "{it} is known and not {v} from today",
    },
    words={"=": "{it} is {v}", "!=": "{it} is known and not {v}"},
    low={True: "{a} (included)", False: "{a} (not included)"},
    high={True: "{b} (included)", False: "{b} (not included)"},
    between="{it} is from {a} to {b}",
    unknown="{it} is unknown",
    known="{it} is known",
    known_but="{it} is known and is none of {v}",
    any="{it} does not matter",
    any_or_unknown="{it} does not matter and may be unknown",
    one_of="{it} has any of: {v}",
    all_of="{it} has all of: {v}",
    none_of="{it} has none of: {v}",
    some="{it} has at least one entry",
    empty="{it} has no entry",
    operators={
        "+": "{a} plus {b}",
        "-": "{a} minus {b}",
        "*": "{a} times {b}",
        "/": "{a} divided by {b}",
        ">": "yes if {a} is more than {b}, else no",
        ">=": "yes if {a} is {b} or more, else no",
        "<": "yes if {a} is less than {b}, else no",
        "<=": "yes if {a} is {b} or less, else no",
        "=": "yes if {a} equals {b}, else no",
        "!=": "yes if {a} differs from {b}, else no",
        "neg": "minus {a}",
    },
    calls={
        "min": "the smallest of {v}",
        "max": "the largest of {v}",
        "round": "{a} rounded to a whole number",
        "round2": "{a} rounded to {b} decimals",
        "floor": "{a} without its decimals",
        "abs": "{a} without its sign",
        "count": "the number of entries in {a}",
    },
    hits={
        Hit.UNIQUE: "exactly one row may match a case",
        Hit.FIRST: "from the top, the first row that matches counts",
        Hit.HIGHEST: "if several rows match, the one with the highest “{first}” counts (first in its list)",
        Hit.COLLECT: "every row that matches counts",
    },
    or_=", or ",
    or_unknown="{said} or unknown",
    and_=" and ",
    comma=", ",
    no_change="units may not change it",
    may_set="units may set their own: {v}",
    the_end="ends here",
    when="to “{stage}” if “{when}” is yes",
    when_end="ends here if “{when}” is yes",
    otherwise="else to “{stage}”",
    otherwise_end="else ends here",
    then="then to “{stage}”",
    joint={"all": "all of them must act", "any": "one of them is enough", "in turn": "one after the other"},
    aside="{name} ({value})",
    yes={True: "yes", False: "no"},
    answers="answers “{question}” and gives “{outcomes}”",
    every_case="every case must be ruled by a row",
    may_be_silent="a case that no row matches is fine",
    nothing="nothing is laid down",
    nth_working_day="{head}by close of working day {n}",
    after="after {event}, ",
    in_this_stage="counted from the start of this stage: ",
)


def speech(lang: str) -> Speech:
    return EN if lang.startswith("en") else ZH
