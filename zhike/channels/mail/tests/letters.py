"""Mails as bytes, for tests."""

from __future__ import annotations

import email.policy
import itertools
from email.message import EmailMessage

_numbers = itertools.count(1)


def a_mail(
    text: str = "在贵店买的酸奶过期了,要求退款。",
    *,
    sender: str = "张伟 <zhangwei@example.cn>",
    subject: str = "投诉:酸奶过期",
    to: str = "kefu@mall.example.com",
    message_id: str | None = None,
    files: tuple[tuple[str, bytes, str], ...] = (),
    **headers: str,
) -> bytes:
    """A usual mail; `headers` with _ for -. `files` are (name, bytes, content type)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Mon, 09 Mar 2026 09:00:00 +0800"
    mail["Message-ID"] = message_id or f"<{next(_numbers)}.{id(mail)}@example.cn>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, data, kind in files:
        main, _slash, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes(policy=email.policy.SMTP)
