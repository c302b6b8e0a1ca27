"""`zhike policy`: check, decide and diff need no database; install puts a manual into force, backtest tries one."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

import zhike
from zhike.manuals import shell

# it reads from the columns of the file which facts may be unknown; its manuals are read by what their cells say
WITH_MODELS = "zhike.customers.questions"


def main(argv: list[str]) -> int:
    if argv and argv[0] == "install":
        return _install(argv[1:])
    if argv and argv[0] == "backtest":
        return shell.main(argv[1:])
    from zhike.kernel.policy import contract

    _know_questions()
    status: int = contract.main(argv)
    return status


def _know_questions() -> None:
    """What the installation asks: apps declare it in modules of this name, all but one of which need no models."""
    root = Path(zhike.__file__).parent
    for path in sorted(root.glob("**/questions.py")):
        name = ".".join(("zhike", *path.relative_to(root).with_suffix("").parts))
        if name != WITH_MODELS:
            import_module(name)


def _install(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="zhike policy install", description="Publish a manual and install it."
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--unit", required=True, help="code or name of the unit")
    parser.add_argument(
        "--accept", default="", metavar="REASON", help="accept the gaps that are left, for this reason"
    )
    given = parser.parse_args(argv)
    import django

    django.setup()
    from django.db import transaction

    from zhike.complaints.questions import ROLES
    from zhike.kernel import clock
    from zhike.kernel.parties.models import Unit
    from zhike.manuals import actions

    try:
        text = given.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        print(f"zhike: {given.file} cannot be read: {trouble}", file=sys.stderr)
        return 1
    unit = Unit.objects.filter(code=given.unit).first() or Unit.objects.filter(name=given.unit).first()
    if unit is None:
        print(f"zhike: there is no unit {given.unit!r}", file=sys.stderr)
        return 1
    try:
        with transaction.atomic():
            version = actions.publish(text=text, by=None, now=clock.now(), accept=given.accept, roles=ROLES)
            actions.install(key=version.key, unit=unit, by=None, now=clock.now())
    except (actions.CannotPublish, actions.CannotInstall) as refusal:
        print(f"zhike: {refusal}", file=sys.stderr)
        for finding in getattr(refusal, "findings", ()):
            print(f"{given.file}:{finding.line}:{finding.column} {finding.message}", file=sys.stderr)
        return 1
    print(f"{version} -> {unit.name}")
    return 0
