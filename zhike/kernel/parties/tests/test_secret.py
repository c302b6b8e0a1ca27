import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection
from django.test import override_settings

from zhike.kernel.parties import secret
from zhike.kernel.parties.models import Party


@pytest.fixture
def keys():
    """A model with an encrypted column: reached by name, since it stands in a part above this one."""
    return apps.get_model("audit", "PersonKey")


def test_a_value_opens_only_where_it_was_written():
    data = secret.encrypt("13800138000", place="customers.phone.number")

    assert secret.decrypt(data, place="customers.phone.number") == "13800138000"
    assert b"13800138000" not in data
    with pytest.raises(secret.CannotDecrypt, match="changed outside"):
        secret.decrypt(data, place="customers.phone.note")


def test_the_same_text_is_never_the_same_twice():
    assert secret.encrypt("a", place="p") != secret.encrypt("a", place="p")


def test_a_changed_byte_is_seen():
    data = bytearray(secret.encrypt("13800138000", place="p"))
    data[-1] ^= 1

    with pytest.raises(secret.CannotDecrypt):
        secret.decrypt(bytes(data), place="p")


def test_a_key_can_be_replaced_while_old_values_stay_readable():
    with override_settings(FIELD_KEY="first"):
        old = secret.encrypt("旧", place="p")
    with override_settings(FIELD_KEY="second, first"):
        new = secret.encrypt("新", place="p")
        assert (secret.decrypt(old, place="p"), secret.decrypt(new, place="p")) == ("旧", "新")
    with override_settings(FIELD_KEY="second"):
        assert secret.decrypt(new, place="p") == "新"
        with pytest.raises(secret.CannotDecrypt, match="ZHIKE_FIELD_KEY"):
            secret.decrypt(old, place="p")


@pytest.mark.django_db
def test_a_column_holds_no_plain_text_and_gives_it_back(keys):
    person = Party.objects.create(kind=Party.Kind.PERSON, name="李雷")
    keys.objects.create(party=person, secret="一二三")

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM audit_personkey")
        stored = bytes(cursor.fetchone()[0])
    assert "一二三".encode() not in stored
    assert len(stored) == 4 + 12 + 9 + 16
    assert keys.objects.get().secret == "一二三"

    keys.objects.update(secret="四")
    assert keys.objects.values_list("secret", flat=True).get() == "四"


@pytest.mark.django_db
def test_an_empty_text_stays_empty(keys):
    person = Party.objects.create(kind=Party.Kind.PERSON, name="李雷")

    keys.objects.create(party=person, secret="")

    assert keys.objects.get().secret == ""


@pytest.mark.parametrize("lookup", ["secret", "secret__contains", "secret__in"])
def test_a_column_cannot_be_filtered_by_mistake(lookup, keys):
    with pytest.raises(FieldError):
        keys.objects.filter(**{lookup: "x"})


def test_the_blind_index_is_stable_keyed_and_empty_for_nothing():
    with override_settings(INDEX_KEY="a"):
        first = secret.blind_index("13800138000")
        again, other = secret.blind_index("13800138000"), secret.blind_index("13800138001")
    with override_settings(INDEX_KEY="b"):
        keyed = secret.blind_index("13800138000")

    assert len(first) == 64
    assert first == again
    assert len({first, other, keyed}) == 3
    assert secret.blind_index("") == ""


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("010-88886666", "01088886666"),
        ("(010) 8888 6666", "01088886666"),
        ("（０１０）８８８８６６６６", "01088886666"),
        ("+86 10 8888 6666", "01088886666"),
        ("+86-010-88886666", "01088886666"),
        ("010-88886666转123", "01088886666,123"),
        ("010-88886666 ext. 123", "01088886666,123"),
        ("400-800-1234", "4008001234"),
        ("+86 400 800 1234", "4008001234"),
        ("12345", "12345"),
        ("86881234", "86881234"),
        ("+1 (415) 555-0123", "+14155550123"),
        ("001 415 555 0123", "+14155550123"),
        ("", ""),
        ("没有", ""),
        ("1234", ""),
        ("138001380001234567", ""),
        ("138abc38000", ""),
    ],
)
def test_normal_phone(typed, normal):
    assert secret.normal_phone(typed) == normal
    assert secret.normal_phone(secret.normal_phone(typed)) == normal


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800138000", "138****8000"),
        ("01088886666", "010****6666"),
        ("01088886666,123", "010****6666,***"),
        ("86881234", "86****1234"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_mask_phone(number, shown):
    assert secret.mask_phone(number) == shown
