"""`zhike run`: the web server, the worker of background jobs and the watch, as one process group.

Ctrl-C or SIGTERM stops all of them; if one dies it is started again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhike run")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--open", action="store_true", help="open the page in a browser when it answers")
    given = parser.parse_args(argv)
    from . import migrate

    migrate.main([])
    _collect()
    commands = _commands(given)
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    running = {name: _start(command) for name, command in commands.items()}
    threading.Thread(target=_say, args=(given, stop), daemon=True).start()
    try:
        while not stop.wait(0.5):
            for name, process in running.items():
                if process.poll() is not None and not stop.is_set():
                    print(
                        f"zhike: {name} stopped with {process.returncode}, starting it again", file=sys.stderr
                    )
                    time.sleep(1)
                    running[name] = _start(commands[name])
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
    return 0


def _commands(given: argparse.Namespace) -> dict[str, list[str]]:
    python = sys.executable
    return {
        "web": [
            python, "-m", "zhike.config.web", "--interface", "wsgi", "--host", given.host, "--port", str(given.port),
            "--workers", str(given.workers), "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
            "--workers-kill-timeout", "5", "zhike.config.wsgi:application",
        ],
        "worker": [python, "-m", "django", "qcluster"],
        "watch": [python, "-m", "zhike.config.cli", "watch"],
    }  # fmt: skip


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    quiet = os.environ | {"PYTHONUNBUFFERED": "1", "ZHIKE_COLLECTED": "1"}
    return subprocess.Popen(command, env=quiet)


def _collect() -> None:
    """Static files with their hashed names, compressed once: a start with the same files finds them ready."""
    os.environ["ZHIKE_COLLECTED"] = "1"
    from django.conf import settings

    mark = settings.STATIC_ROOT / ".collected"
    present = _fingerprint()
    if mark.exists() and mark.read_text() == present:
        return
    mark.unlink(missing_ok=True)
    # another process, since this one has read its settings without ZHIKE_COLLECTED
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, check=True, env=os.environ)
    mark.write_text(present)


def _fingerprint() -> str:
    """What the static files of all apps are: names, sizes, moments of change."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _say(given: argparse.Namespace, stop: threading.Event) -> None:
    """Tell the address once the first page answers."""
    address = f"http://{given.host}:{given.port}/"
    for _try in range(120):
        if stop.wait(0.25):
            return
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            continue
        print(f"Zhike 知客: {address}", flush=True)
        if given.open:
            import webbrowser

            webbrowser.open(address)
        return
