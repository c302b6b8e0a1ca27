"""A draft of a manual from a Word regulation: headings become clauses, tables illustrations, nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import yaml

from zhike.kernel.policy.editing.clauses import Tree
from zhike.kernel.policy.editing.cover import Cover
from zhike.kernel.policy.editing.word_reading import BadDocument, Document, Paragraph, Sheet, read_document
from zhike.kernel.policy.manual.front import KNOWN
from zhike.kernel.policy.manual.text import normal
from zhike.kernel.policy.manual.values import amount, figure

__all__ = ["BadDocument", "Starter", "draft_from_docx"]

_CAPTION = re.compile(r"(?:附?表|Table)\s*[0-9〇一二三四五六七八九十.\-]*[:、.\s]*(.{2,20})")
_NO_NAME = re.compile(r"[\s“”\"'()\[\]【】《》:,。、=@|]+")
# Lines that Markdown or the manual would take for something else.
_SPECIAL = re.compile(r"^(?:[@＠#>|]|[-=*_]{3,}\s*$|`{3}|~{3})")


@dataclass(frozen=True, slots=True)
class Starter:
    """`text` is the draft; `notes` say what to do with it and what was left out."""

    text: str
    notes: tuple[str, ...]


def draft_from_docx(data: bytes) -> Starter:
    """The draft of a manual. Raises BadDocument."""
    document = read_document(data)
    if not document.blocks:
        raise BadDocument("文件里没有文字")
    return _Draft(document).starter()


@dataclass(slots=True)
class _Draft:
    document: Document
    tree: Tree = field(default_factory=Tree)
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    headings: int = 0
    tables: int = 0

    def starter(self) -> Starter:
        cover = Cover.of(self.document)
        front = self._front(cover)
        self.lines = [*front, "", f"# {cover.title or '(规定名称)'}", ""]
        for block in cover.rest:
            if isinstance(block, Sheet):
                self._table(block)
            else:
                self._paragraph(block)
        self._conclude(cover)
        return Starter("\n".join(self.lines).rstrip("\n") + "\n", tuple(self.notes))

    # --- front matter

    def _front(self, cover: Cover) -> list[str]:
        key = re.sub(r"[^a-z0-9]+", "-", normal(cover.facts.get("number", "")).lower()).strip("-")
        version = cover.facts.get("version", "1")
        data: dict[str, object] = {
            "manual": key if re.search("[a-z]", key) else "draft",
            "title": cover.title or "(规定名称)",
            "version": int(version) if re.fullmatch("[1-9][0-9]{0,5}", version) else version,
        }
        if "number" in KNOWN and (number := cover.facts.get("number")):
            data["number"] = number
        if cover.effective:
            data["effective"] = cover.effective
        if owner := cover.facts.get("owner"):
            data["owner"] = owner
        return ["---", *yaml.safe_dump(data, allow_unicode=True, sort_keys=False).strip().split("\n"), "---"]

    def _conclude(self, cover: Cover) -> None:
        """What the person has to look at, most important first."""
        first = []
        if not cover.title:
            first.append("没有找到规定的名称，请改写 title 和第一个标题")
        if not self.headings:
            first.append("没有找到带编号的标题(第一条、一、(一)、1.、1.1)：条款要有标题才能引用")
        if "\nmanual: draft\n" in "\n".join(self.lines):
            first.append("manual: draft 要改成这份规定自己的代号(英文小写字母、数字和“-”)")
        if not cover.effective:
            first.append("没有写明生效日期：发布以前在 effective 里写上")
        first += [f"条款编号“{number}”出现了不止一次，引用时分不清，请改" for number in self.tree.repeated]
        if cover.said:
            first.append(f"封面上的{'；'.join(cover.said)}，没有写进正文，登记这份规定时填写")
        left = "、".join(
            what if what in ("目录", "页眉", "页脚", "修订") else f"{what} {count} 处"
            for what, count in self.document.left_out.items()
            if what != "修订"
        )
        if left:
            first.append(f"没有抄进来：{left}")
        if self.document.left_out["修订"]:
            first.append("文件里有修订痕迹：新增的字已采用，删除的字已去掉")
        if self.tables:
            first.append("表格都只是说明：要让系统照着执行，在表的上面加一行“@…”指令，再核对每一格")
        self.notes[:0] = first

    # --- body

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = f"{paragraph.number} {paragraph.text}" if paragraph.number else paragraph.text
        level = paragraph.level or (1 if paragraph.is_title else 0)
        heading = None if paragraph.bullet else self.tree.heading(text.split("\n")[0], level)
        if heading is None:
            self._prose(text, "- " if paragraph.bullet else "")
            return
        self.headings += bool(heading.number)
        self.lines += [heading.line, ""]
        rest = [heading.prose, *text.split("\n")[1:]]
        self._prose("\n".join(part for part in rest if part))

    def _prose(self, text: str, mark: str = "") -> None:
        for part in text.split("\n"):
            clean = " ".join(part.split())
            if clean:
                self.lines += [mark + ("\\" if _SPECIAL.match(clean) else "") + clean, ""]

    def _table(self, sheet: Sheet) -> None:
        self.tables += 1
        at, width = len(self.lines) + 1, len(sheet.rows[0])
        cells = [[cell.replace("|", "\\|") for cell in row] for row in sheet.rows]
        head, *body = cells
        self.lines += ["| " + " | ".join(head) + " |", "|" + "---|" * width]
        self.lines += ["| " + " | ".join(row) + " |" for row in body]
        self.lines.append("")
        where = f"第{at}行的表"
        if sheet.merged:
            self.notes.append(f"{where}有合并的单元格，已在每一格里重复写上，请核对")
        if body:
            self.notes.append(f"{where}{suggestion(sheet.rows, self._name())}")

    def _name(self) -> str:
        """A name for the table: its caption, else the heading above it."""
        above = [line for line in self.lines if line and not line.startswith("|")]
        caption = _CAPTION.fullmatch(normal(above[-1])) if above else None
        headings = [line for line in above if line.startswith("#")]
        text = caption[1] if caption else normal(headings[-1].lstrip("# ")) if headings else ""
        bare = re.sub(r"^[第()〇一二三四五六七八九十百0-9.、条章节]+", "", text)
        name = _NO_NAME.sub("", bare)[:16] or f"表{self.tables}"
        while name in self.names:
            name += "二"
        self.names.append(name)
        return name


# --- what a table looks like

_STAGE = re.compile("步骤|阶段|流程|环节|工序|程序")
_WHO = re.compile("责任|负责|部门|岗位|执行人|经办")
_WHEN = re.compile("时限|时间|期限|完成")
_CONDITION_HEAD = re.compile("情形|情况|条件|范围|类型|类别|级别|等级|程度|金额|货值|数量|次数|性质")
_DECIDED = re.compile("权限|处理|处置|审批|批准|处分|处罚|负责|赔偿|补偿|结果|措施|答复|决定")
_TEST = re.compile(
    "以上|以下|以内|超过|不足|不满|低于|高于|大于|小于|至少|不超过|[<>≥≤＜＞~～]|[0-9]\\s*[-—]\\s*[0-9]"
)


def suggestion(rows: tuple[tuple[str, ...], ...], name: str) -> str:
    """Which kind of table it looks like, and the directive to put above it. The person decides."""
    head, *body = [tuple(normal(cell) for cell in row) for row in rows]
    if any(_STAGE.search(label) for label in head) and any(_WHO.search(c) or _WHEN.search(c) for c in head):
        return f"像阶段表：可在上面加“@阶段 {name}”，表头改用 阶段、负责、时限、下一步、条款"
    if len(head) <= 3 and _mostly(body, 1, _is_value) and not _mostly(body, 0, _TEST.search):
        return f"像参数表：可在上面加“@参数 {name}”，表头改用 名称、值、单位可改、条款"
    tests = any(_TEST.search(cell) for row in body for cell in row[:-1])
    decided = any(_DECIDED.search(label) for label in head[1:])
    asked = any(_CONDITION_HEAD.search(label) for label in head)
    if len(head) > 1 and (tests or (decided and asked)):
        return f"像判定表：可在上面加“@判定 {name} 命中=首行”，结论列的表头写成“→ …”，再加一列“条款”"
    return f"像清单：可在上面加“@清单 {name}”，第一列的表头写成“名称”"


def _mostly(body: Sequence[tuple[str, ...]], column: int, holds: Callable[[str], object]) -> bool:
    """Whether two of three filled cells of a column are like that."""
    cells = [row[column] for row in body if len(row) > column and row[column]]
    return bool(cells) and sum(bool(holds(cell)) for cell in cells) * 3 >= len(cells) * 2


def _is_value(text: str) -> bool:
    return figure(text) is not None or amount(text) is not None
