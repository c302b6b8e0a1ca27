"""The front matter: who the manual is, and the types of facts that the installation does not know."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from zhike.kernel.worktime.limits import Unit
from zhike.kernel.worktime.phrases import PhraseError, parse_limit

from .blocks import Blocks
from .model import Finding, Kind, Level
from .text import nearest, normal
from .values import amount

KNOWN = [
    "manual",
    "title",
    "title_en",
    "version",
    "effective",
    "owner",
    "calendar",
    "numbers",
    "readers",
    "read_within",
    "number",
    "interpreter",
    "approver",
    "revise_every",
    "overlay",
    "unit",
    "facts",
    "source",
    "description",
    "sign_within",
]
_FACT = re.compile(r"([a-z]+)\s*(?:\(\s*(.+?)\s*\))?\s*(\?|optional|可未知)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """A line of `facts:`; `vocabulary` as in `tags(LIST)`, `optional` for a trailing `?`."""

    label: str
    kind: Kind
    vocabulary: str | None
    optional: bool
    line: int


@dataclass(slots=True)
class Front:
    name: str = ""
    title: str = ""
    version: str = ""
    effective: dt.date | None = None
    owner: str = ""
    calendar: str = ""
    overlay: str = ""
    unit: str = ""
    facts: dict[str, DeclaredFact] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)


def read_front(blocks: Blocks) -> Front:
    """Never raises; what is wrong goes to `blocks.findings`."""
    if not blocks.front.strip():
        _note(blocks, 1, "文件开头缺少“---”之间的信息(manual、title、version、effective)")
        return Front()
    data = _load(blocks)
    for key in data:
        if str(key) not in KNOWN:
            _note(blocks, _line_of(blocks, str(key)), f"不认识的文件信息“{key}”{nearest(str(key), KNOWN)}")
    front = Front(meta=data)
    front.name = _text(data, "manual")
    front.title, front.version = _text(data, "title"), _text(data, "version")
    front.owner, front.calendar = _text(data, "owner"), _text(data, "calendar")
    front.overlay, front.unit = _text(data, "overlay"), _text(data, "unit")
    front.effective = _effective(blocks, data)
    front.facts = _facts(blocks, data.get("facts"))
    _read_within(blocks, data)
    _revise_every(blocks, data)
    if not front.overlay and (
        missing := [key for key in ("manual", "title", "version") if not data.get(key)]
    ):
        _note(blocks, 1, f"文件信息缺少：{'、'.join(missing)}")
    return front


def _note(blocks: Blocks, line: int, message: str) -> None:
    blocks.findings.append(Finding(line, 0, Level.WARNING, "", message))


# a day that the calendar does not have stops YAML as a whole: it is read as text, and then refused at its place
_DAY = re.compile(r"(?m)(:\s*)([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?=\s*$)")


def _parsed(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except ValueError:
        return yaml.safe_load(_DAY.sub(r'\1"\2"', text))


def _load(blocks: Blocks) -> dict[str, Any]:
    try:
        data = _parsed(blocks.front)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 2 if problem.problem_mark else 1
        blocks.error(line, 0, "文件信息不是有效的 YAML，请检查冒号和缩进")
        return {}
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        blocks.error(1, 0, f"文件信息读不懂：{problem}")
        return {}
    if not isinstance(data, dict):
        blocks.error(2, 0, "文件信息要写成“名称: 值”，每行一项")
        return {}
    return data


def _line_of(blocks: Blocks, key: str) -> int:
    """The file's line on which a key of the front matter stands."""
    wanted = normal(key)
    for number, line in enumerate(blocks.front.split("\n"), start=2):
        if normal(line.split(":")[0].split("：")[0].strip("\"' ")) == wanted:
            return number
    return 1


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return "" if value is None else str(value).strip()


def _effective(blocks: Blocks, data: Mapping[str, Any]) -> dt.date | None:
    value = data.get("effective")
    if isinstance(value, dt.datetime) or value is None:
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        blocks.error(_line_of(blocks, "effective"), 0, f"生效日期“{value}”不是日期(如 2025-01-01)")
        return None


def _read_within(blocks: Blocks, data: Mapping[str, Any]) -> None:
    """Within how long those who must read the regulation are to confirm that they have."""
    text = _text(data, "read_within")
    try:
        if text:
            parse_limit(text)
    except PhraseError:
        blocks.error(_line_of(blocks, "read_within"), 0, f"阅读期限“{text}”看不懂(如 7天、3工作日)")


def _revise_every(blocks: Blocks, data: Mapping[str, Any]) -> None:
    """After how long the regulation is to be revised: a calendar period, from a month to ten years."""
    text = _text(data, "revise_every")
    period = amount(normal(text)) if text else None
    most = {Unit.MONTH: 120, Unit.YEAR: 10}.get(period.unit, 0) if period else 0
    if text and not (period and 1 <= period.amount <= most):
        blocks.error(_line_of(blocks, "revise_every"), 0, f"修订周期“{text}”看不懂(如 1年、半年、6个月)")


def _facts(blocks: Blocks, block: Any) -> dict[str, DeclaredFact]:
    if block is None:
        return {}
    if not isinstance(block, dict):
        blocks.error(_line_of(blocks, "facts"), 0, "facts 要写成“事实名: 类型”，每行一项")
        return {}
    found = {}
    for raw, written in block.items():
        fact = _fact(blocks, normal(str(raw)), normal(str(written)[:200]))
        if fact:
            found[fact.label] = fact
    return found


def _fact(blocks: Blocks, label: str, written: str) -> DeclaredFact | None:
    line = _line_of(blocks, label)
    match = _FACT.fullmatch(written)
    kinds = [kind.value for kind in Kind if kind is not Kind.AMOUNT]
    if match is None or match[1].lower() not in kinds:
        word = match[1] if match else written
        blocks.error(
            line,
            0,
            f"事实“{label}”的类型“{written}”不认识{nearest(word, kinds) or '，只有：' + '、'.join(kinds)}",
        )
        return None
    kind = Kind(match[1].lower())
    if match[2] and kind not in (Kind.TAGS, Kind.ENUM):
        blocks.error(line, 0, f"事实“{label}”：{kind.value} 后面不能有清单")
        return None
    return DeclaredFact(label, kind, match[2], bool(match[3]), line)
