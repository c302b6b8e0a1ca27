"""A Markdown file taken apart: headings, gists, and directives with their tables, each with its line.

markdown-it-py finds the blocks; an own rule finds lines that begin with `@`. What the GFM table rule accepts in
silence (cells too many, text stuck to a table, rows without their outer bar, `##三`) is an error here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from .model import Cell, Finding, Level
from .text import heading_parts, normal, split_row

MOST_CELL = 4000


@dataclass(slots=True)
class Heading:
    line: int
    depth: int
    number: str
    title: str
    gist: str = ""


@dataclass(slots=True)
class RawRow:
    """`sound` is false when the row does not have as many cells as the header."""

    line: int
    cells: list[Cell]
    text: str
    sound: bool = True


@dataclass(slots=True)
class RawTable:
    header: RawRow
    rows: list[RawRow]


@dataclass(slots=True)
class Directive:
    line: int
    column: int
    text: str
    table: RawTable | None = None


@dataclass(slots=True)
class Blocks:
    """`front` is the YAML text of the front matter, its first line being line 2 of the file."""

    source: str
    front: str = ""
    headings: list[Heading] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def error(self, line: int, column: int, message: str, table: str = "") -> None:
        self.findings.append(Finding(line, column, Level.ERROR, table, message))


def _directive_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that begins with `@` is a block of its own and may interrupt a paragraph."""
    begin = state.bMarks[start] + state.tShift[start]
    line = state.src[begin : state.eMarks[start]]
    if state.is_code_block(start) or not line.startswith(("@", "＠")):
        return False
    if not silent:
        token = state.push("directive", "", 0)
        token.content = line
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def _parser() -> MarkdownIt:
    # what stands inside a paragraph or a cell is read by this format itself; that is half the work of the parser
    markdown = MarkdownIt("commonmark").enable("table").disable("inline").use(front_matter_plugin)
    may_interrupt: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "directive", _directive_rule, may_interrupt)
    return markdown


_MARKDOWN = _parser()


def unify(text: str) -> str:
    """Without a byte-order mark, with plain line ends, without NUL."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def front_matter(text: str) -> str:
    """The lines between the two bars at the beginning, read without the rest of the text."""
    source = unify(text)
    end = source.find("\n---", 1)
    front = take_apart(source[: end + 4]).front if end > 0 else ""
    return front or take_apart(source).front


def take_apart(text: str) -> Blocks:
    """Never raises; everything wrong is in `findings`."""
    source = unify(text)
    blocks = Blocks(source)
    lines = source.split("\n")
    tokens = _MARKDOWN.parse(source)
    pending: Directive | None = None
    for at, token in enumerate(tokens):
        if token.nesting < 0 or token.map is None:
            continue
        first = token.map[0]
        if token.type == "front_matter":
            blocks.front = token.content
        elif token.type == "heading_open":
            _heading(blocks, token, tokens[at + 1], first)
        elif token.type == "directive":
            pending = Directive(first + 1, lines[first].index(token.content[0]) + 1, token.content)
            blocks.directives.append(pending)
            continue
        elif token.type == "table_open":
            _table(blocks, lines, tokens[at:], pending)
        elif token.type == "paragraph_open":
            _paragraph(blocks, lines, token)
        elif token.type == "blockquote_open":
            _gist(blocks, lines, token)
        if token.block and token.type not in ("list_item_open", "bullet_list_open", "ordered_list_open"):
            pending = None
    for directive in blocks.directives:
        if directive.table is None:
            blocks.error(directive.line, directive.column, _why_no_table(lines, directive.line))
    return blocks


def _heading(blocks: Blocks, token: Token, inline: Token, first: int) -> None:
    number, title = heading_parts(inline.content)
    blocks.headings.append(Heading(first + 1, int(token.tag[1:]), number, title))


_GIST = re.compile(r"^\s*>\s?en[:：]\s*(.*)$", re.IGNORECASE)


def _gist(blocks: Blocks, lines: Sequence[str], token: Token) -> None:
    """`> en: ...` under a heading; later lines of the same quote continue it."""
    assert token.map is not None
    first, end = token.map
    start = _GIST.match(lines[first])
    if start and blocks.headings:
        rest = [re.sub(r"^\s*>?\s?", "", line) for line in lines[first + 1 : end]]
        blocks.headings[-1].gist = " ".join(part.strip() for part in [start[1], *rest] if part.strip())


def _paragraph(blocks: Blocks, lines: Sequence[str], token: Token) -> None:
    assert token.map is not None
    for at in range(*token.map):
        found = re.match(r"\s{0,3}([#＃]{1,6}[^#＃\s][^\s]*)", lines[at])
        if found:
            blocks.error(at + 1, found.start(1) + 1, f"标题的“#”后面缺空格：“{found[1]}”")


def _cells(line: str, number: int) -> list[Cell]:
    return [Cell(piece.text, number, piece.column) for piece in split_row(line)]


def _table(blocks: Blocks, lines: Sequence[str], tokens: Sequence[Token], owner: Directive | None) -> None:
    table_map = tokens[0].map
    assert table_map is not None
    if owner is None:
        _illustration(blocks, lines, table_map[0])
        return
    numbers = []
    for token in tokens[1:]:
        if token.type == "table_close":
            break
        if token.type == "tr_open" and token.map:
            numbers.append(token.map[0])
    labels = [_bounded(blocks, cell) for cell in _cells(lines[numbers[0]], numbers[0] + 1)]
    header = RawRow(numbers[0] + 1, labels, lines[numbers[0]])
    table = owner.table = RawTable(header, [])
    if not lines[numbers[0]].lstrip().startswith("|"):
        blocks.error(header.line, 1, "表格的每一行都要以“|”开头")
    for at in numbers[1:]:
        _row(blocks, lines[at], at + 1, table)
    if not table.rows:
        blocks.error(owner.line, owner.column, "表格没有内容行")
    after = numbers[-1] + (2 if len(numbers) == 1 else 1)
    if after < len(lines) and "|" in lines[after] and lines[after].strip():
        blocks.error(after + 1, 1, "这一行没有以“|”开头，表格在这里断开了")


def _row(blocks: Blocks, line: str, number: int, table: RawTable) -> None:
    if "|" not in line and "｜" in line:
        blocks.error(number, 0, "表格的每一行都要用半角的“|”，不能用全角的“｜”")
        return
    if "|" not in line:
        blocks.error(number, 0, "表格后缺空行：这一行文字被当成了表格的一行")
        return
    if not line.lstrip().startswith("|"):
        blocks.error(number, 1, "表格的每一行都要以“|”开头")
    cells = [_bounded(blocks, cell) for cell in _cells(line, number)]
    width = len(table.header.cells)
    if len(cells) != width:
        blocks.error(number, 0, f"这一行有 {len(cells)} 格，表头有 {width} 格")
    end = len(line.rstrip()) + 1
    padded = cells[:width] + [Cell("", number, end)] * (width - len(cells))
    table.rows.append(RawRow(number, padded, line.strip(), len(cells) == width))


def _bounded(blocks: Blocks, cell: Cell) -> Cell:
    """A cell that is far too long is an error and is read as empty."""
    if len(cell.text) <= MOST_CELL:
        return cell
    blocks.error(cell.line, cell.column, f"这一格太长({len(cell.text)} 字，最多 {MOST_CELL} 字)")
    return Cell("", cell.line, cell.column)


def _illustration(blocks: Blocks, lines: Sequence[str], at: int) -> None:
    """A table that looks as if it were to be executed, without a directive."""
    labels = {normal(piece.text) for piece in split_row(lines[at])}
    if "条款" in labels and any(label.startswith(("→", "->", "=>")) for label in labels):
        message = "这张表前面没有“@”指令，只作说明，不会执行"
        blocks.findings.append(Finding(at + 1, 0, Level.WARNING, "", message))


def _why_no_table(lines: Sequence[str], after: int) -> str:
    """What stands below a directive instead of a table; `after` is the directive's line (1-based)."""
    follow = next((line.strip() for line in lines[after:] if line.strip()), "")
    if follow.startswith("｜"):
        return "指令后面没有表格：表格要用半角的“|”，不能用全角的“｜”"
    if follow.startswith("|"):
        return "指令后面没有表格：表头下面一行要写成 |---|---|，格数与表头相同"
    if "|" in follow and not follow.startswith("@"):
        return "指令后面没有表格：表格的每一行都要以“|”开头"
    return "指令后面没有表格"
