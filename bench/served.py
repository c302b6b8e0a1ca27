"""A server of the product as a process of its own, and a client that opens a new connection for each request."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psutil

from ops.pg import stop_with_parent

WARM = 15
ROUNDS = 5
START_SECONDS = 60


@dataclass
class Server:
    """One running server on 127.0.0.1."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> tuple[float, float]:
        """MiB of the workers, and of the process that keeps them: PSS, so that shared pages count once."""
        parent = psutil.Process(self.process.pid)
        sums = (
            sum(one.memory_full_info().pss for one in some)
            for some in (parent.children(recursive=True), [parent])
        )
        several, alone = (float(found) / 2**20 for found in sums)
        return several, alone


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gunicorn(port: int) -> list[str]:
    """As the peers were served: two sync workers, which share what is loaded before them."""
    return [
        sys.executable, "-m", "gunicorn", "--workers", "2", "--worker-class", "sync", "--preload",
        "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "zhike.config.wsgi:application",
    ]  # fmt: skip


def granian(port: int) -> list[str]:
    """As `zhike run` serves."""
    return [
        sys.executable, "-m", "zhike.config.web", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "2", "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", "5", "zhike.config.wsgi:application",
    ]  # fmt: skip


@contextlib.contextmanager
def serving(command: list[str], port: int) -> Iterator[Server]:
    """The command running and answering; stopped at the end of the block."""
    process = subprocess.Popen(
        command, env=os.environ.copy(), start_new_session=True, preexec_fn=stop_with_parent
    )
    try:
        wait(port, process)
        yield Server(port, process)
    finally:
        stop(process)


def wait(port: int, process: subprocess.Popen[bytes], path: str = "/empty/") -> float:
    """Until it answers; the seconds waited."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < START_SECONDS:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return time.perf_counter() - begin
        time.sleep(0.05)
    raise RuntimeError("the server did not answer")


def stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@dataclass
class Ask:
    """One kind of request. `data` gives the form of the n-th post; without it the request is a GET."""

    path: str
    data: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Client:
    """Speaks to one server as one signed-in person."""

    port: int
    session: str
    times: int = 200
    count: int = 0

    TOKEN = "b" * 32

    def once(self, ask: Ask) -> float:
        """Milliseconds of one request on a connection of its own, the whole answer read."""
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={self.TOKEN}", "Connection": "close"}
        headers.update(ask.headers)
        method, body = "GET", None
        if ask.data is not None:
            self.count += 1
            form = {**ask.data(self.count), "csrfmiddlewaretoken": self.TOKEN}  # type: ignore[operator]
            method, body = "POST", urlencode(form, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, ask.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        took = (time.perf_counter() - begin) * 1000
        if answer.status != ask.status:
            raise RuntimeError(f"{ask.path} answered {answer.status}: {text[:300]!r}")
        return took

    def compare(self, ask: Ask) -> tuple[float, float]:
        """Milliseconds of a request, and how often the empty view goes into it, asked in turns.

        Both are the middle of several rounds: what else the machine does for a while spoils a round and no more.
        """
        nothing = Ask("/empty/")
        for _ in range(WARM):
            self.once(nothing)
            self.once(ask)
        rounds = []
        for _ in range(ROUNDS):
            pairs = [(self.once(ask), self.once(nothing)) for _ in range(self.times // ROUNDS)]
            rounds.append([statistics.median(some) for some in zip(*pairs, strict=True)])
        return statistics.median(one for one, _ in rounds), statistics.median(
            one / two for one, two in rounds
        )
