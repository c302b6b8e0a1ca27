"""A mailbox on a real IMAP server, and runs over it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from zhike.channels.mail import fetching
from zhike.channels.mail.tests import server as imap
from zhike.channels.models import InboundMail, Mailbox
from zhike.complaints.models import Complaint
from zhike.people.tests.factories import MONDAY


def a_box(people: Any, server: imap.Server, **given: Any) -> Mailbox:
    """A mailbox of the south store in a fresh folder."""
    return Mailbox.objects.create(
        **{
            "name": "客服信箱",
            "purpose": "complaints",
            "unit": people.south,
            "host": "127.0.0.1",
            "port": server.port,
            "tls": "NONE",
            "user": imap.USER,
            "secret": "KEFU",
            "folder": server.folder(),
            "address": "kefu@mall.example.com",
            "sender_name": "客服部",
            "takes_old": True,
            **given,
        }
    )


def fetch(box: Mailbox, now: dt.datetime = MONDAY) -> fetching.Run:
    return fetching.run(box, lambda: now)


def the_case() -> Complaint:
    return Complaint.objects.get(channel="EMAIL")


def states() -> list[tuple[str, str]]:
    return list(InboundMail.objects.order_by("uid").values_list("state", "reason"))
