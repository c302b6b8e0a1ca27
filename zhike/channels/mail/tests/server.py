"""A real IMAP server on loopback: pymap, in a process of its own, with mails in memory."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from imapclient import IMAPClient

USER, PASSWORD = "kefu", "loopback-only"


@dataclass
class Server:
    port: int

    def client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=120)
        client.login(USER, PASSWORD)
        return client

    def folder(self) -> str:
        """A fresh folder."""
        name = f"F{uuid4().hex[:12]}"
        with self.client() as client:
            client.create_folder(name)
        return name

    def deliver(self, folder: str, *mails: bytes) -> None:
        with self.client() as client:
            for mail in mails:
                client.append(folder, mail)

    def seen(self, folder: str) -> list[bool]:
        """Whether each mail of the folder is marked as read, by UID."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            flags = client.get_flags(client.search("ALL"))
        return [b"\\Seen" in flags[uid] for uid in sorted(flags)]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running() -> Iterator[Server]:
    server = Server(_free_port())
    start = "from pymap.main import main; main()"
    command = [sys.executable, "-c", start, "--host", "127.0.0.1", "--port", str(server.port), "--no-tls"]
    command += ["--no-service", "managesieve", "--no-service", "admin"]
    command += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(100):
            try:
                server.client().logout()
                break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(10)
