"""How cells of a manual are said to a reader: signs for operators, 不限 for a dash, English for readers of English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from zhike.kernel.policy.manual import model
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.policy.questions import registered

# what a reader of English reads for the fixed words of the format; Chinese is printed as it is written
ENGLISH = {
    "条款": "Clause", "说明": "Note", "备注": "Note", "名称": "Name", "值": "Value", "单位可改": "Units may set",
    "阶段": "Stage", "负责": "Who", "时限": "Limit", "表单": "Form", "下一步": "Next", "留下记录": "Record kept",
    "会签": "Who must act", "知会": "Who is informed", "审批": "Decides", "事项": "Matter", "对象": "Whom", "动作": "What", "级": "Level", "逾期": "Late by",
    "大类": "Class", "算式": "Formula", "其余": "all others", "暂定": "provisional", "代码": "Code",
    "未知": "unknown", "有": "any", "无": "none", "是": "yes", "否": "no", "结束": "end", "立即": "at once",
    "全部": "all", "任一": "any one", "依次": "in turn", "未定": "open",
    "提醒": "remind", "转交": "hand over to", "报告": "report to", "负责人": "the person in charge",
    "类型": "Type", "必填": "Required", "文本": "text", "文字": "text", "日期": "date", "多行": "long text",
    "数字": "number", "金额": "amount", "是否": "yes or no", "选项": "choice", "多选": "several words", "说明文字": "text",
    "上级": "the superior", "接待人": "taker", "处理人": "handler", "当天内": "the same day",
}  # fmt: skip
ANY = {"zh": "不限", "en": "any"}
NAMED = re.compile(r"\{([^{}]+)\}")  # the name of a figure in a sentence
PIECES = re.compile(r"([、，,()（）\[\]:：]|\.\.|>=|<=|!=|>|<|=|≥|≤|≠|\s+)")
SIGNS = {">=": "≥ ", "<=": "≤ ", "!=": "≠ ", ">": "> ", "<": "< ", "≥": "≥ ", "≤": "≤ ", "≠": "≠ "}
NOT = re.compile(r"^(?:not|非)\s*\((.*)\)$")
ALL = re.compile(r"^(?:全有|all)\s*\((.*)\)$")
AMOUNT = re.compile(
    r"^(\d[\d.]*)\s*(分钟|小时|工作小时|工作日|天|周|个月|年|次|分|元|万元|人|公里|半年)(?:内)?$"
)
UNITS = {
    "分钟": "min", "小时": "h", "工作小时": "working hours", "工作日": "working days", "天": "days", "周": "weeks",
    "个月": "months", "年": "years", "次": "times", "分": "points", "元": "yuan", "万元": "0,000 yuan",
    "人": "people", "公里": "km",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a cell. `param` names the figure that it stands for, `title` is the Chinese behind English."""

    text: str
    param: str = ""
    title: str = ""


class Speech:
    """The words of one manual in one language."""

    def __init__(self, manual: model.Manual, *, english: bool) -> None:
        self.manual, self.english = manual, english
        self.params = manual.params
        names = sorted(self.params, key=len, reverse=True)
        self._names = re.compile("|".join(re.escape(name) for name in names)) if names else None
        self._en = dict(_english(manual)) if english else {}

    def word(self, text: str) -> str:
        """One word or heading in the reader's language."""
        if not self.english:
            return text
        plain = normal(text)
        return self._en.get(plain) or ENGLISH.get(plain) or self._amount(plain) or text

    def _amount(self, text: str) -> str:
        match = AMOUNT.match(text)
        return f"{match[1]} {_unit(match)}" if match else ""

    def label(self, table: model.Table, text: str) -> str:
        """The heading of a column: the English of a fact or an outcome from the question that the table answers."""
        if not self.english:
            return text
        question = registered().get(getattr(table, "question", ""))
        if question is not None:
            found = question.fact(text) or question.outcome_field(text)
            if found is not None and found.en:
                return found.en.capitalize()
        said = self.word(text)
        return said[:1].upper() + said[1:]

    def test(self, text: str) -> tuple[Part, ...]:
        """A cell that is tested or told: words, signs and figures apart."""
        plain = normal(text)
        if NAMED.search(plain):
            return tuple(self._told(self._en.get(plain, text)))
        for pattern, zh, en in ((NOT, "除{}以外", "not {}"), (ALL, "同时有{}", "all of {}")):
            if match := pattern.match(plain):
                before, after = (en if self.english else zh).split("{}")
                return (Part(before), *self._parts(match[1]), *((Part(after),) if after else ()))
        return self._parts(text)

    def _told(self, text: str) -> Iterator[Part]:
        """A sentence in which `{答复期限}` stands for the figure that holds."""
        for place, piece in enumerate(NAMED.split(text)):
            param = self.params.get(normal(piece)) if place % 2 else None
            if param is not None:
                yield Part(figure(param.text, english=self.english), param.name)
            elif piece:
                yield Part(piece)

    def _parts(self, text: str) -> tuple[Part, ...]:
        found: list[Part] = []
        for piece in PIECES.split(text.replace("（", "(").replace("）", ")")):
            if not piece or (piece.isspace() and found and found[-1].text.endswith(" ")):
                continue
            if piece in SIGNS:
                found.append(Part(SIGNS[piece]))
            elif piece in self.params:
                found.append(Part(self.word(piece), piece))
            elif PIECES.fullmatch(piece):
                found.append(Part(", " if self.english and piece in "、，," else piece))
            else:
                found += self._phrase(piece)
        return tuple(found)

    def _phrase(self, text: str) -> list[Part]:
        """A word, or a phrase that may name a figure of the manual inside (受理后首次回应期限)."""
        said = self.word(text)
        if said != text or self._names is None:
            return [Part(said, title=text if said != text else "")]
        found, start = [], 0
        for match in self._names.finditer(text):
            if match.start() > start:
                found.append(Part(text[start : match.start()]))
            found.append(Part(self.word(match[0]), match[0]))
            start = match.end()
        return [*found, Part(text[start:])] if start < len(text) else found


def conditions_said(
    manual: model.Manual, table: model.DecisionTable | None, row: int, text: str, *, english: bool
) -> str:
    """The conditions of a row: `text`, as a ruling keeps them, or for readers of English word by word."""
    if not english or table is None or not 0 < row <= len(table.rows):
        return text
    speech = Speech(manual, english=True)
    said = [
        f"{speech.label(table, column.label)}: {''.join(part.text for part in speech.test(cell.text))}"
        for column, cell in zip(table.inputs, table.rows[row - 1].tests, strict=True)
        if cell.text not in {"", "-"}
    ]
    return "; ".join(said) or speech.word(text)


def _english(manual: model.Manual) -> Iterable[tuple[str, str]]:
    """English of every word that the manual or a question it answers gives one."""
    known = registered()
    for table in manual.decisions:
        question = known.get(table.question)
        if question is not None:
            yield from ((fact.zh, fact.en) for fact in question.facts if fact.en)
            yield from ((field.zh, field.en) for field in question.outcome if field.en)
        types = (
            [*(fact.type for fact in question.facts), *(one.type for one in question.outcome)]
            if question
            else []
        )
        for words in (getattr(kind, "words", ()) for kind in types):
            yield from ((word.name, word.en) for word in words if word.en)
    for stages in manual.stages:
        yield from (
            (stage.name, stage.cells["英文"].text) for stage in stages.stages if _cell(stage.cells, "英文")
        )
    yield from ((param.name, param.en) for param in manual.params.values() if param.en)
    for listed in manual.lists.values():
        yield from ((word.name, word.en) for word in listed.words if word.en)


def _cell(cells: Mapping[str, model.Cell], label: str) -> str:
    return cells[label].text if label in cells else ""


def name_of(param: model.Param) -> str:
    """What a figure is called, in the reader's language."""
    return param.en if param.en and (get_language() or "").startswith("en") else param.name


def figure(text: str, *, english: bool = False) -> str:
    """A figure as it is read: 2000元 as 2,000 元, [1500..2500] as 1,500 至 2,500."""
    between = re.fullmatch(r"\[(.+?)\.\.(.+?)\]", normal(text))
    if between:
        return (" to " if english else " 至 ").join(figure(one, english=english) for one in between.groups())
    match = AMOUNT.match(normal(text))
    if match is None:
        return _thousands(text)
    return f"{_thousands(match[1])} {_unit(match) if english else match[2]}"


def _unit(match: re.Match[str]) -> str:
    said = UNITS.get(match[2], match[2])
    return said.removesuffix("s") if match[1] == "1" else said


def _thousands(text: str) -> str:
    return re.sub(r"(?<![\d.])\d{4,}(?=$|\D)", lambda match: f"{int(match[0]):,}", text)
