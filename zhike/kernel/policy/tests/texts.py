"""Short manuals for tests."""

from zhike.kernel.policy.manual.model import Manual
from zhike.kernel.policy.manual.reader import read

HEAD = "---\nmanual: t\ntitle: 试\nversion: 1\neffective: 2025-01-01\n---\n\n# 试\n\n## 一、条\n\n"


def manual(body: str, *, front: str = "", questions: dict | None = None, **more: object) -> Manual:
    """A manual with this body below one heading 一; `front` are more lines of front matter."""
    head = HEAD.replace("\n---\n\n#", f"\n{front.strip()}\n---\n\n#") if front else HEAD
    return read(head + body, questions=questions or {}, **more)


def errors(found: Manual) -> list[str]:
    return [finding.message for finding in found.errors]


def one_error(body: str, **more: object) -> str:
    """The only error of a manual with this body."""
    found = errors(manual(body, **more))
    assert len(found) == 1, found
    return found[0]


def decision(header: str, *rows: str, hit: str = "首行", name: str = "表") -> str:
    """`decision("金额 | → 谁", ">= 5 | 甲")`: a decision table; every row names clause 一."""
    width = header.count("|") + 2
    lines = [f"@判定 {name} 命中={hit}", "", f"| {header} | 条款 |", "|" + "---|" * width]
    return "\n".join([*lines, *(f"| {row} | 一 |" for row in rows), "", ""])


def words(name: str, *entries: str) -> str:
    return "\n".join(
        [f"@清单 {name}", "", "| 名称 |", "|---|", *(f"| {entry} |" for entry in entries), "", ""]
    )


def params(*rows: str) -> str:
    """`params("起点 | 2000元 | [1500..2500]")`."""
    lines = ["@参数 数", "", "| 名称 | 值 | 单位可改 | 条款 |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {row} | 一 |" for row in rows), "", ""])
