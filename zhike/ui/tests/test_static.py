"""The static files hold together: imports lead somewhere, keys of the sheet work, copies point to nothing missing."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from zhike.ui.keys import key_groups

STATIC = Path(__file__).resolve().parent.parent / "static" / "ui"
ROOT = STATIC.parent.parent.parent.parent


@pytest.mark.parametrize("module", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_imports_of_modules_lead_to_files(module: Path) -> None:
    wanted = re.findall(r'(?:from|import) "\./([\w.]+)"', module.read_text(encoding="utf-8"))

    assert [name for name in wanted if not (STATIC / "js" / name).exists()] == []


def test_every_single_key_of_the_sheet_is_handled() -> None:
    handled = (STATIC / "js" / "keys.js").read_text(encoding="utf-8")
    pages = (STATIC.parent.parent.parent).rglob("templates/**/*.html")
    marked = {key for page in pages for key in re.findall(r'data-key-on="(.)"', page.read_text("utf-8"))}
    singles = {strokes[0] for _label, keys in key_groups() for strokes, _does in keys if len(strokes) == 1}

    for stroke in singles - {"Esc"}:
        key = stroke if stroke in {"Enter", "/", "?", "."} else stroke.lower()
        assert key in marked or f"{key}: (" in handled or f'"{key}": (' in handled


def test_style_sheets_name_no_address_elsewhere() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        assert "http" not in sheet.read_text(encoding="utf-8")


def frontend():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("frontend", ROOT / "ops" / "frontend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_copied_files_lose_pointers_to_what_is_not_copied() -> None:
    cleaned = frontend().cleaned

    assert cleaned("a{}\n/*# sourceMappingURL=a.css.map */") == "a{}\n"
    assert cleaned("let a=1\n//# sourceMappingURL=a.js.map\n") == "let a=1\n"
    assert (
        cleaned(
            'src:url("./a.woff2?v1") format("woff2"),url("./a.woff?") format("woff"),url("./a.ttf?v1") format("truetype")}'
        )
        == 'src:url("./a.woff2?v1") format("woff2")}'
    )


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
