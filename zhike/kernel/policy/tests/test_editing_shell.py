"""The shell commands excel, merge and starter."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import openpyxl

from zhike.kernel.policy.contract import main

MALL = Path(__file__).parent / "manuals" / "mall-complaints.md"


def copied(tmp_path):
    path = tmp_path / "mall.md"
    path.write_bytes(MALL.read_bytes())
    return path


def test_a_manual_goes_to_excel_and_comes_back_unchanged(tmp_path, capsys):
    file, book = copied(tmp_path), tmp_path / "mall.xlsx"

    assert main(["excel", str(file), str(book)]) == 0
    assert main(["merge", str(file), str(book)]) == 0

    assert capsys.readouterr().out.splitlines() == [f"{book}：8 张表", "没有变化"]
    assert file.read_bytes() == MALL.read_bytes()


def test_a_changed_table_is_written_into_the_file_or_beside_it(tmp_path, capsys):
    file, book, new = copied(tmp_path), tmp_path / "mall.xlsx", tmp_path / "new.md"
    main(["excel", str(file), str(book)])
    changed = openpyxl.load_workbook(book)
    changed["金额"]["B3"].value = "1500元"
    changed.save(book)
    capsys.readouterr()

    assert main(["merge", str(file), str(book), "--out", str(new)]) == 0
    assert file.read_bytes() == MALL.read_bytes()
    assert main(["merge", str(file), str(book)]) == 0

    assert capsys.readouterr().out.splitlines() == ["改了：@参数 金额"] * 2
    assert new.read_text(encoding="utf-8") == file.read_text(encoding="utf-8")
    assert "| 店长起点 | 1500元 | [1500..2500] | 三(五)1 |" in file.read_text(encoding="utf-8")


def test_what_is_refused_is_one_line_each_and_nothing_is_written(tmp_path, capsys):
    file, book = copied(tmp_path), tmp_path / "mall.xlsx"
    main(["excel", str(file), str(book)])
    changed = openpyxl.load_workbook(book)
    changed["金额"]["B3"].value = "=1500"
    changed["金额"]["B4"].value = "=500"
    changed.save(book)
    capsys.readouterr()

    assert main(["merge", str(file), str(book)]) == 1

    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["金额!B3", "金额!B4"]
    assert file.read_bytes() == MALL.read_bytes()


def test_files_that_are_not_there_or_have_no_table(tmp_path, capsys):
    empty = tmp_path / "e.md"
    empty.write_text("# 文\n", encoding="utf-8")

    assert main(["excel", str(empty), str(tmp_path / "e.xlsx")]) == 1
    assert main(["excel", str(tmp_path / "no.md"), "x.xlsx"]) == 1
    assert main(["excel", str(MALL), str(tmp_path / "no" / "x.xlsx")]) == 1
    assert main(["merge", str(MALL), str(tmp_path / "no.xlsx")]) == 1

    assert capsys.readouterr().err.splitlines() == [
        f"{empty} 里没有可执行的表(表的上面要有一行“@…”)",
        f"读不到文件 {tmp_path / 'no.md'}：No such file or directory",
        f"写不了文件 {tmp_path / 'no' / 'x.xlsx'}：No such file or directory",
        f"读不到文件 {tmp_path / 'no.xlsx'}：No such file or directory",
    ]


def word(tmp_path):
    document = docx.Document()
    for line in ("办法", "一、总则", "礼貌待人。"):
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    path = tmp_path / "办法.docx"
    path.write_bytes(out.getvalue())
    return path


def test_a_word_file_becomes_a_draft(tmp_path, capsys):
    file, out = word(tmp_path), tmp_path / "draft.md"

    assert main(["starter", str(file)]) == 0
    printed = capsys.readouterr()
    assert main(["starter", str(file), "--out", str(out)]) == 0
    written = capsys.readouterr()

    assert printed.out == out.read_text(encoding="utf-8")
    assert printed.err == written.out
    assert "没有写明生效日期：发布以前在 effective 里写上" in written.out.splitlines()


def test_a_draft_never_overwrites_and_other_files_are_refused(tmp_path, capsys):
    file, out = word(tmp_path), tmp_path / "draft.md"
    out.write_text("x", encoding="utf-8")

    assert main(["starter", str(file), "--out", str(out)]) == 1
    assert main(["starter", str(out)]) == 1

    assert capsys.readouterr().err.splitlines() == [
        f"文件 {out} 已经有了，不会覆盖",
        f"{out}:这不是 Word 文件(.docx)",
    ]
