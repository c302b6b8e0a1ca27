"""`zhike init`: the enterprise, its first administrator, a department from a template, a calendar."""

from __future__ import annotations

import argparse
import sys

import django


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="zhike init", description="Set up a new installation; asks for what is not given."
    )
    parser.add_argument("--name", help="name of the enterprise")
    parser.add_argument("--administrator", help="name of the first administrator")
    parser.add_argument("--username", help="user name to sign in with")
    parser.add_argument(
        "--template", choices=["general", "service", "technical"], help="structure of the department"
    )
    given = parser.parse_args(argv)
    from . import migrate

    migrate.main([])
    django.setup()
    from django.db import transaction

    from zhike.kernel import clock
    from zhike.people import actions

    name = given.name or _ask("Name of the enterprise 企业名称")
    administrator = given.administrator or _ask("Administrator's name 管理员姓名")
    username = given.username or _ask("User name 用户名")
    template = given.template or _ask(
        "Template 模板 general 通用 / service 服务型 / technical 技术型", "general"
    )
    now = clock.now()
    try:
        with transaction.atomic():
            unit, _user, password = actions.found(
                name=name, administrator=administrator, username=username, now=now
            )
            department = actions.establish(template=template, parent=unit, by=None, now=now)
            actions.open_calendar(unit=unit, name=f"{name}日历", by=None, now=now)
    except actions.Refusal as refusal:
        print(f"zhike: {refusal}", file=sys.stderr)
        return 1
    print(f"{unit.name} / {department.name}")
    print(f"{username}: {password}  (first sign-in only 仅限首次登录)")
    return 0


def _ask(what: str, usual: str = "") -> str:
    """Ask on the terminal until something is said; without a terminal the usual answer, or an end with one line."""
    if not sys.stdin.isatty():
        if usual:
            return usual
        raise SystemExit(f"zhike init: {what} is missing; see zhike init --help")
    while True:
        said = input(f"{what}{f' [{usual}]' if usual else ''}: ").strip() or usual
        if said:
            return said
