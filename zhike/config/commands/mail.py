"""`zhike mail fetch`: reads the mailboxes until nothing new is left; `zhike mail test` only tries the connections."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

import django


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike mail")
    parser.add_argument("what", choices=["fetch", "test"])
    parser.add_argument("--mailbox", metavar="NAME", help="its name or number; otherwise every active one")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    django.setup()
    from zhike.channels.models import Mailbox

    rows = Mailbox.objects.filter(is_active=True)
    if given.mailbox:
        rows = Mailbox.objects.filter(name=given.mailbox)
        if given.mailbox.isdecimal() and not rows:
            rows = Mailbox.objects.filter(pk=int(given.mailbox))
        if not rows:
            parser.error(f"there is no mailbox {given.mailbox}")
    said = [_fetch(one) if given.what == "fetch" else _test(one) for one in rows]
    if given.json:
        print(json.dumps(said, ensure_ascii=False))
    else:
        for line in said:
            print(_line(line))
        if not said:
            print("no mailbox is active")
    return 1 if any(line["trouble"] or line.get("busy") for line in said) else 0


def _fetch(mailbox: Any) -> dict[str, Any]:
    from zhike.channels.mail import fetching
    from zhike.kernel import clock

    return asdict(fetching.run_all(mailbox, clock.now))


def _test(mailbox: Any) -> dict[str, Any]:
    from zhike.channels.mail import fetching

    folder, trouble = fetching.look(mailbox)
    return {"mailbox": mailbox.name, "mails": folder.count if folder else None, "trouble": trouble}


def _line(said: dict[str, Any]) -> str:
    if said["trouble"]:
        return f"{said['mailbox']}: {said['trouble']}"
    if said.get("busy"):
        return f"{said['mailbox']}: another run is reading it"
    if "mails" in said:
        return f"{said['mailbox']}: the folder holds {said['mails']} mails"
    states = ", ".join(f"{count} {state.lower()}" for state, count in sorted(said["states"].items()))
    return f"{said['mailbox']}: {said['fetched']} fetched{f' ({states})' if states else ''}"
