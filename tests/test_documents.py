"""The documents say what is so: settings, links, commands, words and the README of every app."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve

from zhike.config.cli import COMMANDS
from zhike.kernel.records import forms

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "zhike").rglob("README.md"),
        *(ROOT / "bench").glob("*.md"),
    ]
)
READERS = {"text", "flag", "number", "words"}
BUSINESS = sorted(path.parent.name for path in (ROOT / "zhike").glob("*/apps.py") if path.parent.name != "ui")
HEADINGS = ("Purpose", "Words", "Questions asked", "vents heard and sent", "Files")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def variables_read() -> set[str]:
    """First arguments of the helpers in settings.py."""
    calls = [
        node for node in ast.walk(ast.parse(read("zhike/config/settings.py"))) if isinstance(node, ast.Call)
    ]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in READERS
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_table_of_settings_has_every_variable_and_no_other():
    told = set(re.findall(r"^\| `([A-Z_]+)`", read("docs/settings.md"), re.MULTILINE))

    assert told == variables_read()


def test_settings_are_read_from_the_environment_in_one_file():
    others = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "zhike").rglob("*.py")
        if "tests" not in path.parts
        and "config" not in path.parts
        and re.search(r"os\.(environ\[|environ\.get|getenv)", path.read_text(encoding="utf-8"))
    ]

    assert others == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_files_lead_somewhere(path: Path):
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [
        target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:|#", target)
    ]

    assert [one for one in targets if not (path.parent / one.split("#")[0]).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/architecture.md", "CHANGELOG.md"])
def test_make_targets_that_are_told_exist(name: str):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", read(name), re.MULTILINE))

    assert told - targets == set()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/shell.md"])
def test_commands_that_are_told_exist(name: str):
    told = set(re.findall(r"(?:^|`|1 |\$ |\| )zhike ([a-z]+)", read(name), re.MULTILINE))

    assert told != set()
    assert told - set(COMMANDS) == set()


def test_the_page_of_the_shell_has_every_command():
    text = read("docs/shell.md")

    assert [name for name in COMMANDS if f"zhike {name}" not in text] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_every_app_describes_itself_under_the_same_headings(name: str):
    headings = re.findall(r"^## (.+)$", read(f"zhike/{name}/README.md"), re.MULTILINE)

    assert [wanted for wanted in HEADINGS if not any(wanted in heading for heading in headings)] == []


def test_every_part_of_the_kernel_describes_itself():
    parts = [path.parent for path in (ROOT / "zhike/kernel").glob("*/apps.py")]

    assert [part.name for part in parts if not (part / "README.md").exists()] == []


def rows_of_words() -> list[list[str]]:
    lines = [line for line in read("docs/words.md").splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "中文" and not row[0].startswith("---")]


def test_words_name_classes_that_exist():
    named = [name for row in rows_of_words() for name in re.findall(r"`([a-z]+\.[A-Z][A-Za-z]+)", row[2])]
    known = {model._meta.label for model in apps.get_models()}

    assert len(named) > 20
    assert [name for name in named if name not in known] == []


def test_words_name_fields_that_exist():
    fields = {
        (model.__name__, field.name) for model in apps.get_models() for field in model._meta.get_fields()
    }
    named = [
        tuple(name.split("."))
        for row in rows_of_words()
        for name in re.findall(r"`([A-Z][a-z]+\.[a-z_]+)`", row[2])
    ]

    assert [name for name in named if name not in fields] == []


def test_words_name_pages_that_exist():
    lost = []
    for row in rows_of_words():
        for page in re.findall(r"`(/[a-z/]*)`", row[3]):
            try:
                resolve(page)
            except Resolver404:
                lost.append(page)

    assert lost == []


def test_words_and_readmes_name_ids_of_the_register():
    with (ROOT / "docs/register.tsv").open(encoding="utf-8", newline="") as file:
        known = {row[0] for row in csv.reader(file, delimiter="\t") if row}
    named = {
        (path.name, word)
        for path in DOCUMENTS
        for word in re.findall(r"\b(?:PW|[SRTFPA])\d{3}-\d{2,3}\b", path.read_text(encoding="utf-8"))
    }

    assert sorted(one for one in named if one[1] not in known) == []


def test_decisions_are_numbered_without_gaps_and_say_what_they_must():
    paths = sorted((ROOT / "docs/decisions").glob("*.md"))

    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        text = path.read_text(encoding="utf-8")
        said = re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE)
        assert said == ["Situation", "Choice", "Alternatives", "Consequence"], path.name


def test_both_readmes_tell_the_same_commands():
    first, second = (
        re.findall(r"^(make \w+|zhike \w+)", read(name), re.MULTILINE)
        for name in ("README.md", "README.zh-CN.md")
    )

    assert first == second
    assert first[:2] == ["make run", "make test"]


def test_the_english_side_of_every_form_is_english():
    """Words of a form are declared in both languages; a translated one is fixed when the product starts."""
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for form in forms.all_forms():
        fields = [one for field in form.fields for one in (field, *field.columns)]
        options = [option for one in fields if not callable(one.options) for option in one.options]
        words = [form.en, *(one.en for one in fields), *(option.en for option in options)]
        assert [word for word in words if chinese.search(word)] == [], form.code


def test_the_shell_knows_what_the_shipped_regulations_answer():
    """`zhike policy` starts without Django; only the grading of customers is read by what its cells say."""
    code = (
        "import sys; from zhike.config.commands.policy import main"
        "; [(print('@', path), main(['check', path])) for path in sys.argv[1:]]"
    )
    library = [str(path) for path in sorted((ROOT / "zhike/manuals/library").glob("*.md"))]
    run = [sys.executable, "-c", code, *library]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout

    each = {Path(part.split("\n")[0]).stem: part for part in said.split("@ ")[1:]}
    assert len(each) == len(library)
    assert {name for name, part in each.items() if "本机没有问题" in part} == {
        "customer-grading", "customer-lifecycle", "tenant-grading", "tobacco-customers",
    }  # fmt: skip
