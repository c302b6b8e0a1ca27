"""Mails as they come: lying charsets, missing headers, HTML only, mails within mails."""

import base64

import pytest

from zhike.channels.mail import reading, texts

from .letters import a_mail


def read(*lines: bytes, **more):
    return reading.read(b"\r\n".join(lines), **more)


def test_gb2312_that_is_gb18030_is_read():
    letter = read(
        b"From: a@b.cn",
        b"Content-Type: text/plain; charset=gb2312",
        b"Content-Transfer-Encoding: 8bit",
        b"",
        "朱镕基在贵店买了㐀".encode("gb18030"),
    )

    assert letter.text == "朱镕基在贵店买了㐀"


def test_a_subject_in_gbk_whose_character_is_cut_between_two_words():
    whole = "投诉酸奶过期".encode("gbk")
    words = [b"=?gbk?B?" + base64.b64encode(part) + b"?=" for part in (whole[:5], whole[5:])]

    letter = read(b"From: a@b.cn", b"Subject: " + b"\r\n ".join(words), b"", b"x")

    assert letter.subject == "投诉酸奶过期"


def test_raw_gbk_bytes_in_headers_are_read():
    letter = read(
        b"From: " + "张伟".encode("gbk") + b" <ZW@B.cn>", b"Subject: " + "投诉".encode("gbk"), b"", b"x"
    )

    assert (letter.sender, letter.sender_name, letter.subject) == ("zw@b.cn", "张伟", "投诉")


@pytest.mark.parametrize("charset", ["x-nonsense", "utf-7", "", '"utf-8"', "base64", "rot13"])
def test_unknown_charsets_are_guessed(charset):
    letter = read(
        b"From: a@b.cn",
        b"Content-Type: text/plain; charset=" + charset.encode(),
        b"Content-Transfer-Encoding: 8bit",
        b"",
        "过期".encode(),
    )

    assert letter.text == "过期"


def test_a_mail_without_id_and_sender_has_an_id_of_its_bytes():
    first, same = read(b"Subject: x", b"", b"a"), read(b"Subject: x", b"", b"a")
    other = read(b"Subject: x", b"", b"b")

    assert first.message_id == same.message_id != other.message_id
    assert first.sender == ""


def test_html_becomes_lines_without_scripts():
    page = "<html><head><style>p{}</style><title>t</title></head><body><p>第一行<br>第二行</p><script>x()</script><table><tr><td>a</td><td>b</td></tr></table>&lt;b&gt;</body></html>"
    letter = reading.read(
        b"From: a@b.cn\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + page.encode()
    )

    assert letter.text.split("\n") == ["第一行", "第二行", "", "a b", "", "<b>"]


def test_of_two_forms_the_plain_one_is_taken_and_an_empty_one_is_not():
    def mail(plain: str) -> reading.Letter:
        return reading.read(
            b'From: a@b.cn\r\nContent-Type: multipart/alternative; boundary="q"\r\n\r\n'
            b"--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + plain.encode() + b"\r\n"
            b"--q\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>html</p>\r\n--q--\r\n"
        )

    assert mail("plain").text == "plain"
    assert mail("  ").text == "html"


def test_a_mail_within_a_mail_is_read_with_its_files():
    inner = a_mail("里面的话", sender="李 <li@b.cn>", subject="原信", files=(("a.txt", b"1", "text/plain"),))
    letter = reading.read(
        b'From: a@b.cn\r\nContent-Type: multipart/mixed; boundary="q"\r\n\r\n'
        b"--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "外面".encode() + b"\r\n"
        b"--q\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--q--\r\n"
    )

    assert letter.text.startswith("外面\n\n--------------------\nFrom: 李 <li@b.cn>")
    assert letter.text.endswith("里面的话")
    assert [file.name for file in letter.files] == ["a.txt"]


def test_a_mail_packed_in_itself_ends():
    data = b"From: a@b.cn\r\n\r\nx"
    for _depth in range(12):
        data = b"From: a@b.cn\r\nContent-Type: message/rfc822\r\n\r\n" + data

    assert reading.read(data).left_out == 1


def test_an_invitation_and_winmail_are_files():
    letter = reading.read(
        b'From: a@b.cn\r\nContent-Type: multipart/mixed; boundary="q"\r\n\r\n'
        b"--q\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
        b"--q\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
        b'--q\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+Ig==\r\n--q--\r\n'
    )

    assert letter.text == "hello"
    assert [file.name for file in letter.files] == ["1.ics", "winmail.dat"]


def test_an_empty_mail_and_a_torn_one_are_read():
    assert reading.read(b"").text == ""
    torn = reading.read(
        b'From: a@b.cn\r\nContent-Type: multipart/mixed; boundary="q"\r\n\r\n'
        b"--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + "开头".encode() + b"\r\n"
        b"--q\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KG",
        is_cut=True,
    )
    assert (torn.text, torn.files, torn.left_out) == ("开头", [], 1)


def test_more_files_than_anybody_sends_are_left_out():
    files = tuple((f"{n}.txt", b"x", "text/plain") for n in range(reading.MOST_FILES + 3))

    letter = reading.read(a_mail(files=files))

    assert (len(letter.files), letter.left_out) == (reading.MOST_FILES, 3)


def test_a_delivery_report_says_which_mail_and_for_whom():
    letter = reading.read(
        b"From: MAILER-DAEMON@b.cn\r\nReturn-Path: <>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="q"\r\n\r\n'
        b"--q\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        b"--q\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; b.cn\r\n\r\n"
        b"Final-Recipient: rfc822; zw@b.cn\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        b"--q\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <zhike-abc@mall.cn>\r\nSubject: x\r\n\r\n--q--\r\n"
    )

    assert letter.report == reading.Report(True, "zw@b.cn", "smtp; 550 no such user", ["<zhike-abc@mall.cn>"])


def test_headers_cannot_smuggle_lines():
    said = texts.header("=?utf-8?B?" + base64.b64encode(b"a\r\nBcc: x@y.z\x00b").decode() + "?=")

    assert said == "a Bcc: x@y.zb"
