"""The shell commands `zhike policy excel`, `merge` and `starter`: a manual to Excel and back, and from Word."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from zhike.kernel.policy.files import Refusal, read_bytes, read_text, write
from zhike.kernel.policy.manual.reader import read


def add_commands(commands: Any) -> None:
    """The commands as parts of the parser of `zhike policy`."""
    excel = commands.add_parser("excel", help="the tables of a manual as a workbook")
    excel.add_argument("file")
    excel.add_argument("out", help="OUT.xlsx")
    excel.set_defaults(run=_excel)
    merge = commands.add_parser("merge", help="the changed tables of a workbook into the manual")
    merge.add_argument("file")
    merge.add_argument("workbook", help="IN.xlsx")
    merge.add_argument("--out", help="write here and leave FILE alone")
    merge.set_defaults(run=_merge)
    starter = commands.add_parser("starter", help="a draft of a manual from a Word regulation")
    starter.add_argument("file", help="FILE.docx")
    starter.add_argument("--out", help="write the draft here; without it, it is printed")
    starter.set_defaults(run=_starter)


def _excel(options: argparse.Namespace) -> int:
    from zhike.kernel.policy.editing.excel import to_workbook
    from zhike.kernel.policy.editing.grids import grids_of

    text = read_text(options.file)
    count = len(grids_of(text))
    if not count:
        raise Refusal(f"{options.file} 里没有可执行的表(表的上面要有一行“@…”)")
    manual = read(text)
    write(options.out, to_workbook(text, key=manual.name, version=manual.version))
    print(f"{options.out}：{count} 张表")
    return 0


def _merge(options: argparse.Namespace) -> int:
    from zhike.kernel.policy.editing.excel import from_workbook

    text = read_text(options.file)
    manual = read(text)
    merged = from_workbook(read_bytes(options.workbook), text, key=manual.name, version=manual.version)
    for problem in merged.problems:
        print(problem, file=sys.stderr)
    if merged.problems:
        return 1
    if not merged.changed:
        print("没有变化")
    if merged.changed or options.out:
        write(options.out or options.file, merged.text)
    for directive in merged.changed:
        print(f"改了：{directive}")
    return 0


def _starter(options: argparse.Namespace) -> int:
    from zhike.kernel.policy.editing.word import BadDocument, draft_from_docx

    if options.out and Path(options.out).exists():
        raise Refusal(f"文件 {options.out} 已经有了，不会覆盖")
    try:
        draft = draft_from_docx(read_bytes(options.file))
    except BadDocument as refusal:
        raise Refusal(f"{options.file}:{refusal}") from refusal
    if options.out:
        write(options.out, draft.text)
    else:
        print(draft.text, end="")
    for note in draft.notes:
        print(note, file=sys.stdout if options.out else sys.stderr)
    return 0
