"""A mailbox of the demo that is not read, with mails as if they had come: taken, held and ignored; invented."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage

from zhike.channels.mail import actions, fetching, imap, taking
from zhike.channels.models import Mailbox

from .enterprise import House

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
# minutes before the end, from, subject, text, further headers, name of an enclosed picture
MAILS = [
    (1500, "高若彤 <gaoruotong@mail.example>", "购物卡被重复扣款", "昨天在南门店结账，购物卡被扣了两次 128 元，小票附上，请退回多扣的一笔。", {}, "小票.png"),
    (340, "newsletter@promo.example", "秋季供应商大会邀请函", "诚邀贵公司参加。", {"Precedence": "bulk"}, ""),
    (210, "蓝天物业 <notice@lantian.example>", "工单系统通知", "您好，工单 8812 已更新。", {"X-Auto-Response-Suppress": "All"}, ""),
    (95, "邢子墨 <xingzimo@mail.example>", "送货师傅态度很差", "冰箱送货迟到三小时，师傅还在楼道里骂人，希望道歉。", {}, ""),
    (60, "高若彤 <gaoruotong@mail.example>", "Re: 购物卡被重复扣款", "补充：卡号尾号 5521,交易时间是下午 4 点左右。", {"References": "<demo-complaints-0@mail.example>"}, ""),
    (25, "自由的风 <wind@mail.example>", "投诉", "在你们店买的坚果打开有虫，怎么处理?", {}, ""),
]  # fmt: skip


def arrive(house: House, end: dt.datetime) -> None:
    """The mails, taken by the same steps as if a server had given them."""
    box = mailbox(house, "客户来信", "complaints", "kefu", end)
    for uid, (minutes, sender, subject, text, headers, picture) in enumerate(MAILS):
        come(box, uid, end - dt.timedelta(minutes=minutes), sender, subject, text, headers, picture)
    Mailbox.objects.filter(pk=box.pk).update(last_run_at=end, last_good_at=end)


def mailbox(house: House, name: str, purpose: str, user: str, end: dt.datetime) -> Mailbox:
    box = actions.save_mailbox(
        mailbox=None,
        name=name,
        purpose=purpose,
        unit=house.units["south"],
        host="imap.example.com",
        port=993,
        tls=Mailbox.Tls.SSL,
        user=f"{user}@changhe.example",
        secret="KEFU",
        folder="INBOX",
        done_folder="",
        address=f"{user}@changhe.example",
        sender_name="长禾百货客服部",
        acknowledges=True,
        takes_old=False,
        is_active=False,
        by=house.users[0].party,
        now=end - dt.timedelta(days=3),
    )
    box.uid_validity = 1
    box.save(update_fields=["uid_validity"])
    return box


def come(
    box: Mailbox, uid: int, now: dt.datetime, sender: str, subject: str, text: str, headers: dict[str, str],
    picture: str = "",
) -> None:  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = (
        sender,
        subject,
        f"<demo-{box.purpose}-{uid}@mail.example>",
    )
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    if picture:
        mail.add_attachment(PNG, maintype="image", subtype="png", filename=picture)
    data = mail.as_bytes()
    kept = fetching.keep(box, imap.Fetched(uid + 1, len(data), now, data, False), now)
    if kept is not None:
        taking.take(kept, now)
