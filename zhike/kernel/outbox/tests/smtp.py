"""A small mail server on loopback: keeps what it is sent, and says no when told so."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.mails: list[Message] = []
        self.recipients: list[str] = []
        # address -> answer of the server to RCPT TO
        self.refuse: dict[str, str] = {}
        self.hang_up_at_data = 0

    @property
    def port(self) -> int:
        return self.server_address[1]


class Session(socketserver.StreamRequestHandler):
    server: Server

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 loopback")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith(("EHLO", "HELO")):
                self.say("250 loopback")
            elif verb.startswith("RCPT TO:"):
                address = line[8:].strip().strip("<>")
                answer = self.server.refuse.get(address, "250 ok")
                to += [address] if answer.startswith("250") else []
                self.say(answer)
            elif verb == "DATA":
                if self.server.hang_up_at_data:
                    self.server.hang_up_at_data -= 1
                    return
                self.say("354 go on")
                self.server.mails.append(message_from_bytes(self.text()))
                self.server.recipients += to
                to = []
                self.say("250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


@contextmanager
def running() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
