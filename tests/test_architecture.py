"""The shape of the code base: what import-linter and ruff cannot see (docs/architecture.md, "Floors")."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
HOUSE = ROOT / "zhike"
LONGEST = 500
# what an app shows to other apps; `channels` stands below the trades and offers its shell as well
FACE = {"actions", "queries", "models", "access"}
FACES = {
    "channels": FACE | {"api", "doors", "mail", "portal", "rates"},
    # trades say what they hold of a person, ask what a customer may owe, write to and read the parts of the file, and
    # the regulations on customers by the same few words; files are merged; forms ask for a customer by one field, every
    # trade takes in a customer's e-mail alike, and who goes to a customer is told what others know
    "customers": FACE
    | {
        "history",
        "privacy",
        "credit",
        "panels",
        "briefing",
        "contacts",
        "dossier",
        "grading",
        "regulation",
        "matching",
        "mailing",
        "picking",
    },
    # what trades count beside a clause of a regulation is registered there; a flow is drawn by one arithmetic
    "manuals": FACE | {"figures", "flow", "information", "reach", "trying"},
    # the value object in which `access.standing()` answers; the table of T001-36, made of the manuals; a verb of the
    # person who asks
    "people": FACE | {"standing", "authority_table", "requests", "deeds"},
}
# (file, table) -> why rows are read there without a scope
WITHOUT_SCOPE = {
    ("channels/api.py", "KeptAnswer"): "answers kept for the calling key itself",
    ("complaints/api.py", "Unit"): "found by its code, then asked whether the person may",
    ("complaints/portal_reads.py", "Unit"): "houses that any customer may choose",
    ("complaints/portal_reads.py", "Installation"): "whether a house has a regulation, which is public",
    ("customers/importing/views/__init__.py", "Unit"): "names of houses; cut to the reach in the next line",
    ("customers/views/listing.py", "Unit"): "names of houses; cut to the reach in the next line",
    ("workbench/messages/portal.py", "CustomerMessage"): "whoever has the signed address of the message",
    ("people/views/me.py", "Deputy"): "one's own absence, or asked whether the person manages staff",
    ("people/views/posts.py", "Function"): "the register of functions is of the whole enterprise",
    ("people/views/posts.py", "DepartmentDuty"): "the register of duties is of the whole enterprise",
    ("people/views/posts.py", "Power"): "the register of powers is of the whole enterprise",
    ("people/views/posts.py", "PostPower"): "the register of powers is of the whole enterprise",
    ("people/views/units.py", "Function"): "the register of functions is of the whole enterprise",
}
# files longer than LONGEST, with the reason
LONG: dict[str, str] = {
    "complaints/tests/test_importing.py": "to be split by phase: reading, checking, loading",
    "people/tests/test_actions.py": "to be split as the actions are",
}


def sources(*, tests: bool = False) -> Iterator[Path]:
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" not in path.parts and (tests or "tests" not in path.parts):
            yield path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def here(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def app_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


@cache
def contracts() -> dict[str, dict[str, list[str]]]:
    settings_of_tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in settings_of_tools["tool"]["importlinter"]["contracts"]}


@cache
def floors() -> dict[str, tuple[int, int]]:
    """Package -> (floor, floor inside the kernel), the ground floor is 0; as `pyproject.toml` has them."""
    found: dict[str, tuple[int, int]] = {}
    for floor, line in enumerate(reversed(contracts()["floors"]["layers"])):
        for name in line.split("|"):
            found[name.strip(" ()")] = (floor, 0)
    for place, line in enumerate(reversed(contracts()["kernel"]["layers"])):
        for name in line.split("|"):
            found[f"zhike.kernel.{name.strip(' ()')}"] = (0, place)
    return found


def floor_of(module: str) -> tuple[int, int]:
    parts = module.split(".")
    return floors()[".".join(parts[:3])] if parts[1] == "kernel" else floors()[".".join(parts[:2])]


def test_every_app_stands_on_a_floor():
    homes = {
        "zhike." + path.parent.relative_to(HOUSE).as_posix().replace("/", ".")
        for path in HOUSE.rglob("apps.py")
    }

    assert homes - set(floors()) == set()


def test_relations_of_models_point_down():
    upward = []
    for model in apps.get_models():
        if not model.__module__.startswith("zhike."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and field.concrete else None
            if target is None or not target.__module__.startswith("zhike."):
                continue
            if target._meta.label == settings.AUTH_USER_MODEL:
                continue
            if floor_of(target.__module__) > floor_of(model.__module__):
                upward.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")

    assert upward == []


def imported(path: Path) -> Iterator[str]:
    """Modules of this project that a file imports, `from zhike.people import access` as zhike.people.access."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.startswith("zhike.") and node.module.count(".") == 1:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


def test_apps_meet_strangers_by_their_face_only():
    business = {path.parent.name for path in HOUSE.glob("*/apps.py")} - {"kernel", "ui", "config"}
    behind = []
    for path in sources(tests=True):
        if app_of(path) == "config":
            continue
        for module in imported(path):
            parts = module.split(".")
            if parts[0] != "zhike" or len(parts) < 3 or parts[1] not in business or parts[1] == app_of(path):
                continue
            allowed = FACES.get(parts[1], FACE) | (
                {"tests", "api", "portal"} if "tests" in path.parts else set()
            )
            if parts[2] not in allowed:
                behind.append(f"{here(path)}: {module}")

    assert behind == []


def test_moments_become_days_only_in_worktime():
    """`now.date()` of a UTC moment is the wrong day for part of every night."""
    wrong = []
    for path in sources():
        if "worktime" in path.parts:
            continue
        for node in ast.walk(tree_of(path)):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "date" and not node.args:  # type: ignore[attr-defined]
                wrong.append(f"{here(path)}:{node.lineno}")  # type: ignore[attr-defined]

    assert wrong == []


def outer_files() -> Iterator[Path]:
    """Modules that answer people: views, API and portal."""
    for path in sources():
        parts = path.relative_to(HOUSE).parts
        if "views" in parts or re.fullmatch(r"(views|api|portal)\w*\.py", parts[-1]):
            yield path


def unscoped(path: Path) -> Iterator[tuple[str, int]]:
    """Tables asked by their bare manager, apart from what a scope cuts in the same expression."""
    tree = tree_of(path)
    cut = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rows"
        for argument in node.args
        for inner in ast.walk(argument)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"objects", "_default_manager"}
            and id(node) not in cut
        ):
            yield getattr(node.value, "id", "?"), node.lineno


def test_what_answers_people_reads_rows_by_a_scope():
    bare = [
        f"{here(path)}:{line} {table}"
        for path in outer_files()
        for table, line in unscoped(path)
        if (here(path), table) not in WITHOUT_SCOPE
    ]

    assert bare == []


def test_exceptions_from_the_scope_are_still_needed():
    used = {(here(path), table) for path in outer_files() for table, _line in unscoped(path)}

    assert set(WITHOUT_SCOPE) - used == set()


def test_templates_do_not_ask_tables():
    asking = [
        here(path)
        for path in HOUSE.rglob("templates/**/*.html")
        if re.search(r"\w_set\.\w|\.objects\b|\.order_by\b", path.read_text(encoding="utf-8"))
    ]

    assert asking == []


def test_no_file_is_longer_than_can_be_read_in_one_go():
    long = [here(p) for p in sources(tests=True) if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST]

    assert set(long) - set(LONG) == set()


def test_views_are_functions():
    classes = []
    for path in outer_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and any(
                ast.unparse(base).endswith("View") for base in node.bases
            ):
                classes.append(f"{here(path)}:{node.lineno} {node.name}")

    assert classes == []


def test_init_of_an_app_is_empty():
    full = []
    for path in HOUSE.rglob("apps.py"):
        lines = tree_of(path.with_name("__init__.py")).body
        if [
            node
            for node in lines
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]:
            full.append(here(path.with_name("__init__.py")))

    assert full == []


@cache
def url_names() -> frozenset[str]:
    """Every name of an address, such as complaints:list."""
    return frozenset(
        f"{resolver.namespace}:{pattern.name}"
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and resolver.namespace
        for pattern in resolver.url_patterns
        if isinstance(pattern, URLPattern) and pattern.name
    )


@cache
def namespaces() -> dict[str, str]:
    """Namespace of addresses -> the app whose views answer there."""

    def first_view(resolver: URLResolver) -> str:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                return str(pattern.callback.__module__)
        return ""

    found: dict[str, str] = {}
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace:
            module = first_view(resolver)
            if module.startswith("zhike."):
                found[resolver.namespace] = ".".join(module.split(".")[:2])
    return found


def addresses_named(path: Path) -> Iterator[tuple[int, str]]:
    """URL names in a file with their line, apart from `menu.address` and `{% place %}`: those may name a page that is
    not mounted, and give nothing then.
    """
    if path.suffix == ".py":
        tree = tree_of(path)
        soft = {
            id(node.args[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith("address")
        }
        for node in ast.walk(tree):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and value in url_names() and id(node) not in soft:
                yield node.lineno, value
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        found = re.findall(r"(?<!place )['\"]([a-z_]+:[a-z_]+)['\"]", line)
        yield from ((number, name) for name in found if name in url_names())


def test_addresses_are_named_downwards_only():
    assert set(namespaces()) >= {"people", "complaints", "customers", "manuals", "workbench", "channels"}
    upward = []
    for path in [*sources(), *sorted(HOUSE.rglob("templates/**/*.html"))]:
        if app_of(path) in {"config"} or path == HOUSE / "__init__.py":
            continue
        mine = "zhike." + ".".join(path.relative_to(HOUSE).parts[: 2 if app_of(path) == "kernel" else 1])
        if mine not in floors() and mine != "zhike.kernel.clock":
            continue
        for line, name in addresses_named(path):
            space = name.split(":")[0]
            other = namespaces()[space]
            if other == mine:
                continue
            if floor_of(other) >= floors()[mine]:
                upward.append(f"{here(path)}:{line} {name}")

    assert upward == []


@pytest.mark.parametrize("name", sorted({path.parent.name for path in HOUSE.glob("*/apps.py")} - {"config"}))
def test_urls_of_an_app_carry_its_name(name: str):
    path = HOUSE / name / "urls.py"
    if not path.exists():
        pytest.skip(f"{name} has no addresses")

    assert re.search(rf'^app_name = "{name}"$', path.read_text(encoding="utf-8"), re.MULTILINE)
