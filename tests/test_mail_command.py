"""`zhike mail`: what it prints and how it ends."""

import json

import pytest

from zhike.channels.models import Mailbox
from zhike.config.commands import mail
from zhike.people.tests.factories import cast

pytestmark = pytest.mark.django_db


def a_mailbox(**given):
    unit = cast().south
    return Mailbox.objects.create(
        **{"name": "客服信箱", "purpose": "complaints", "unit": unit, "host": "127.0.0.1", "port": 1,
           "user": "kefu", "secret": "NOBODY", "address": "kefu@example.com", **given}
    )  # fmt: skip


def test_without_a_mailbox_there_is_nothing_to_do(capsys):
    assert mail.main(["fetch"]) == 0
    assert capsys.readouterr().out == "no mailbox is active\n"


@pytest.mark.parametrize("what", ["fetch", "test"])
def test_a_mailbox_in_trouble_ends_with_one_and_says_why(capsys, what):
    a_mailbox()

    assert mail.main([what, "--json"]) == 1

    said = json.loads(capsys.readouterr().out)
    assert [one["mailbox"] for one in said] == ["客服信箱"]
    assert "ZHIKE_MAIL_SECRET_NOBODY" in said[0]["trouble"]


def test_a_mailbox_is_named_by_name_or_number_and_an_unknown_one_is_a_wrong_call(capsys):
    row = a_mailbox(is_active=False)

    assert mail.main(["test", "--mailbox", row.name]) == 1
    assert mail.main(["test", "--mailbox", str(row.pk)]) == 1
    with pytest.raises(SystemExit) as end:
        mail.main(["test", "--mailbox", "nowhere"])
    assert end.value.code == 2
