"""`zhike doctor`: what is missing or broken, one line each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import django


def main(argv: list[str]) -> int:
    django.setup()
    found = list(examine())
    if "--json" in argv:
        json.dump(
            [{"part": part, "trouble": trouble} for part, trouble in found], sys.stdout, ensure_ascii=False
        )
        print()
    else:
        for part, trouble in found:
            print(f"{part}: {trouble}")
        if not found:
            print("everything is in order")
    return 1 if found else 0


def examine() -> Iterator[tuple[str, str]]:
    """Every trouble found, as (part, sentence)."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "database", "it is not at the present version: run zhike migrate"
        return
    from zhike.kernel.audit import chain, immutable
    from zhike.kernel.parties import stamping

    for trouble in stamping.verify():
        yield "stamp", trouble
    for trouble in immutable.verify():
        yield "audit", trouble
    for trouble in chain.verify_chain():
        yield "audit", trouble
    from zhike.kernel.records import printing

    try:
        printing.chinese_font()
    except printing.NoChineseFont as missing:
        yield "print", str(missing)
    yield from _manuals()
    yield from _mailboxes()


def _mailboxes() -> Iterator[tuple[str, str]]:
    from zhike.channels.models import InboundMail, Mailbox

    for mailbox in Mailbox.objects.filter(is_active=True).exclude(error=""):
        yield "mail", f"{mailbox.name}: {mailbox.trouble}"
    waiting = [InboundMail.State.HELD, InboundMail.State.FAILED]
    if count := InboundMail.objects.filter(state__in=waiting).count():
        yield "mail", f"{count} e-mails were held or failed: see the page of the mailboxes"


def _manuals() -> Iterator[tuple[str, str]]:
    from zhike.kernel.policy.models import Installation

    if not Installation.objects.exists():
        yield "manuals", "no manual is installed: zhike policy install FILE --unit UNIT"
