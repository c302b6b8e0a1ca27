"""`zhike watch`: looks after duties, delivers the outbox and seals the audit trail, until stopped."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from collections.abc import Callable

import django

log = logging.getLogger("zhike.watch")
SEAL_EVERY = 12  # rounds
MAIL_EVERY = 12  # rounds, a minute at five seconds each
PRUNE_EVERY = 17_280  # rounds, a day at five seconds each


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike watch")
    parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS")
    parser.add_argument("--once", action="store_true", help="one round, then stop")
    given = parser.parse_args(argv)
    django.setup()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    rounds = 0
    while True:
        look(
            seal=rounds % SEAL_EVERY == 0,
            mail=rounds % MAIL_EVERY == 0,
            prune=rounds % PRUNE_EVERY == PRUNE_EVERY - 1,
        )
        rounds += 1
        if given.once or stop.wait(given.every):
            return 0


def look(*, seal: bool, prune: bool = False, mail: bool = False) -> None:
    """One round. A part that fails is logged and does not keep the others from their work."""
    from django.db import close_old_connections

    from zhike.channels.actions import sweep
    from zhike.channels.mail import tasks
    from zhike.complaints import actions as complaints
    from zhike.complaints.suggest import jobs as suggestions
    from zhike.config.commands.migrate import take_statistics
    from zhike.customers.matching import jobs as duplicates
    from zhike.kernel import clock
    from zhike.kernel.audit import chain
    from zhike.kernel.duties import watch
    from zhike.kernel.outbox import deliver
    from zhike.kernel.parties import stamping
    from zhike.tracking import jobs as tracking
    from zhike.ui.lists import background as files
    from zhike.visits import jobs as visits
    from zhike.workbench.reports import jobs as work_reports

    now = clock.now()
    parts: list[Callable[[], object]] = [lambda: watch.run(now=now, workers=2), lambda: deliver.run_once(now)]
    if mail:
        parts.append(tasks.plan)
    if seal:
        parts += [lambda: chain.seal(now), lambda: suggestions.NIGHTLY.ask(now)]
        parts.append(lambda: duplicates.ask_at_night(now))
        parts += [lambda: complaints.open_weeks(now=now), lambda: complaints.remind(now=now)]
        parts += [lambda: tracking.DAILY(now), lambda: visits.DAILY(now), lambda: work_reports.DAILY(now)]
    if prune:
        parts += [lambda: deliver.prune(now), lambda: chain.seal(now, thorough=True), lambda: sweep(now)]
        parts += [lambda: files.sweep(now), stamping.renew, take_statistics]
    for part in parts:
        try:
            part()
        except Exception:
            log.exception("a round of the watch failed")
    close_old_connections()
