"""Tables as grids, and the way back: nothing but the table changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhike.kernel.policy.editing.grids import NoSuchTable, grid_at, grids_of, with_table
from zhike.kernel.policy.manual.reader import read

LIBRARY = Path(__file__).parents[3] / "manuals" / "library"
MANUALS = sorted(LIBRARY.glob("*.md"))


@pytest.mark.parametrize("file", MANUALS, ids=lambda file: file.stem)
def test_every_table_of_the_library_comes_back_as_it_was(file):
    text = file.read_text(encoding="utf-8")
    manual = read(text)

    again = text
    for grid in grids_of(text):
        again = with_table(again, grid.line, [column.label for column in grid.columns], grid.rows)

    assert [grid.line for grid in grids_of(text)] == [table.line for table in manual.tables]
    assert again == text


def test_a_changed_row_leaves_every_other_line_alone():
    text = MANUALS[-1].read_text(encoding="utf-8")
    grid = next(grid for grid in grids_of(text) if grid.kind == "params")
    rows = [list(row) for row in grid.rows]
    rows[0][1] = "1|2\n3"

    changed = with_table(text, grid.line, [column.label for column in grid.columns], rows)

    before, after = text.split("\n"), changed.split("\n")
    different = [n for n, (a, b) in enumerate(zip(before, after, strict=True), start=1) if a != b]
    assert grid.line_of(0) in different
    assert different == [grid.line_of(0)]
    assert grid_at(changed, grid.line).rows[0][1] == "1|2 3"


def test_a_line_without_a_table_is_refused():
    with pytest.raises(NoSuchTable):
        with_table("# a\n", 1, ["x"], [["y"]])


def test_rows_that_were_not_touched_keep_every_character():
    text = "@清单 词\n\n| 名称  |说明|\n|:--|--|\n|甲||\n| 乙 | `*` |\n"
    grid = grids_of(text)[0]
    rows = [*grid.rows, ("丙", "")]

    changed = with_table(text, 1, [column.label for column in grid.columns], rows)

    assert changed == "@清单 词\n\n| 名称  |说明|\n|:--|--|\n|甲||\n| 乙 | `*` |\n| 丙 | |\n"


def test_a_row_with_too_many_cells_is_written_anew():
    text = "@清单 词\n\n| 名称 |\n|---|\n| 甲 | 乙 |\n"
    grid = grids_of(text)[0]

    assert with_table(text, 1, ["名称"], grid.rows) == "@清单 词\n\n| 名称 |\n|---|\n| 甲 |\n"
