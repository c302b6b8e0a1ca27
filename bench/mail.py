"""`python -m bench.mail [MAILS]`: thousands of mails at once, from a real IMAP server on loopback, with a kill in the middle.

The folder holds as many mails as named (10,000 unless told) when the first run begins: one in a hundred is the second
copy of another, and one sender alone writes a hundredth of all. The run is killed (-9) half way and begun again. What is
printed: that nothing is lost and nothing is there twice, mails a second at the beginning and at the end, and the
memory of a run. The database is a fresh SQLite, or the empty one that DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from typing import Any

from zhike.channels.mail.tests import server as imap
from zhike.channels.mail.tests.letters import a_mail

EDGE = 500  # mails of the beginning and of the end whose pace is compared


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.mail")
    parser.add_argument("mails", type=int, nargs="?", default=10_000)
    count = parser.parse_args().mails
    with tempfile.TemporaryDirectory(prefix="zhike-bench-") as folder:
        os.environ |= {
            "ZHIKE_VAR": folder, "ZHIKE_DEMO": "0", "DJANGO_SETTINGS_MODULE": "zhike.config.settings",
            "ZHIKE_MAIL_SECRET_BENCH": imap.PASSWORD,
        }  # fmt: skip
        import django

        django.setup()
        with imap.running() as server:
            box = _mailbox(server)
            before = time.monotonic()
            sent = _deliver(server, box.folder, count)
            print(f"{len(sent):,} mails delivered in {time.monotonic() - before:.0f} s", flush=True)
            return _measure(server, box, sent)


def _mailbox(server: imap.Server) -> Any:
    """The mall of the demonstration with one mailbox."""
    import datetime as dt

    from django.core.management import call_command

    from zhike.channels.models import Mailbox
    from zhike.config.demo import enterprise
    from zhike.kernel import clock

    call_command("migrate", interactive=False, verbosity=0)
    now = clock.now()
    house = enterprise.build(now, now - dt.timedelta(days=365))
    return Mailbox.objects.create(
        name="bench", purpose="complaints", unit=house.units[enterprise.STORES[0][0]], host="127.0.0.1",
        port=server.port, tls="NONE", user=imap.USER, secret="BENCH", folder=server.folder(),
        address="kefu@mall.example.com", takes_old=True,
    )  # fmt: skip


def _deliver(server: imap.Server, folder: str, count: int) -> list[tuple[str, bool]]:
    """For each mail its Message-ID and whether one sender wrote it; every hundredth is delivered twice."""
    sent = []
    with server.client() as client:
        for number in range(count - count // 100):
            flood = number % 100 == 50
            name = f"<bench-{number}@example.cn>"
            sender = "flood@example.cn" if flood else f"c{number}@example.cn"
            mail = a_mail(f"第 {number} 封:买的酸奶过期了", sender=sender, message_id=name)
            for _copy in range(2 if number % 100 == 99 else 1):
                client.append(folder, mail)
            sent.append((name, flood))
    return sent


def _measure(server: imap.Server, box: Any, sent: list[tuple[str, bool]]) -> int:
    from django.conf import settings

    from zhike.channels.models import InboundMail, Mailbox
    from zhike.complaints.models import Complaint

    killed = _fetch(lambda: InboundMail.objects.count() >= len(sent) // 2)
    print(f"killed after {InboundMail.objects.count():,} mails, {killed[0]:.0f} s", flush=True)
    Mailbox.objects.update(busy_until=None)  # what the claim of the dead run becomes after ten minutes
    whole = _fetch(None)
    rows = {row.message_id: row.state for row in InboundMail.objects.all()}
    times = list(InboundMail.objects.order_by("id").values_list("at", flat=True))
    first, last = ((part[-1] - part[0]).total_seconds() for part in (times[:EDGE], times[-EDGE:]))
    floods = sum(flood for _name, flood in sent)
    held = max(0, floods - settings.MAIL_PER_SENDER)
    unread = server.seen(box.folder).count(False)
    figures = {
        "mails kept": (len(rows), len(sent)),
        "complaints": (Complaint.objects.count(), len(sent) - held),
        "held, too many of one sender": (sum(state == "HELD" for state in rows.values()), held),
        "unread on the server": (unread, held),
    }
    for name, (found, right) in figures.items():
        print(f"{name}: {found:,} of {right:,}")
    print(
        f"{killed[0] + whole[0]:.0f} s in all; {EDGE / first:.0f} mails/s at first, {EDGE / last:.0f} at last"
    )
    print(f"memory of a run: {killed[1]:.0f} and {whole[1]:.0f} MiB at most")
    return 0 if all(found == right for found, right in figures.values()) else 1


def _fetch(end: Any) -> tuple[float, float]:
    """`zhike mail fetch` in a process of its own, killed when `end` says so; seconds, and MiB of memory at most."""
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "zhike.config.cli", "mail", "fetch"])
    while end is not None and process.poll() is None:
        time.sleep(0.2)
        if end():
            os.kill(process.pid, signal.SIGKILL)
            break
    _pid, _status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.monotonic() - begun, usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
