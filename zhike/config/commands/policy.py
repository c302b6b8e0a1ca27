"""`zhike policy`: check, decide and diff need no database; install puts a manual into force, backtest tries one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhike.manuals import shell

PURE = {"check", "decide", "diff"}


def main(argv: list[str]) -> int:
    if argv and argv[0] == "install":
        return _install(argv[1:])
    if argv and argv[0] == "backtest":
        return shell.main(argv[1:])
    # what the installation asks
    from zhike.complaints import questions  # noqa: F401
    from zhike.customers.archives import questions as archives  # noqa: F401
    from zhike.customers.credit import questions as credit  # noqa: F401
    from zhike.customers.privacy import questions as privacy  # noqa: F401
    from zhike.kernel.policy import contract
    from zhike.tracking import questions as tracking  # noqa: F401
    from zhike.visits import questions as visits  # noqa: F401

    status: int = contract.main(argv)
    return status


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
