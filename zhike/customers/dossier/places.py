"""The form in which two ways of writing one address are equal."""

from __future__ import annotations

import re
import unicodedata

from zhike.customers.dossier.models import Address

_DIGITS = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_NUMBER = re.compile(r"([零〇一二两三四五六七八九十百]+)(?=[号幢楼层室弄巷单排])")
# a dash between two figures parts house and room; every other one is only a mark
_MARKS = re.compile(r"[\s,.;:()·、。/\\]+|(?<!\d)[-‐-―]+|[-‐-―]+(?!\d)")
_SAME = (("栋", "幢"), ("座", "幢"), ("#", "号"), ("门牌", ""), ("中国", ""), ("中华人民共和国", ""))


def normal(text: str, *above: str) -> str:
    """`浙江省杭州市 浦江路八十八号3栋` -> `浦江路88号3幢`: half width, no marks, figures as digits.

    `above` are province, city and district, which do not count, whether they are repeated in the text or not.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())
    for word, other in reversed(_SAME):
        plain = plain.replace(word, other)
    for place in above:
        plain = (
            plain.replace(_MARKS.sub("", unicodedata.normalize("NFKC", place).casefold()), "")
            if place
            else plain
        )
    return _NUMBER.sub(lambda found: _figure(found.group()), plain)[:200]


def _figure(word: str) -> str:
    """`八十八` -> `88`, `一二三` -> `123`."""
    if not re.search("[十百]", word):
        return "".join(_DIGITS[char] for char in word)
    total, last = 0, 0
    for char in word:
        if char in "十百":
            total += (last or 1) * (10 if char == "十" else 100)
            last = 0
        else:
            last = int(_DIGITS[char])
    return str(total + last)


def whole_address(address: Address) -> str:
    """Province, city, district and the rest in one line."""
    parts = dict.fromkeys(part for part in (address.province, address.city, address.district) if part)
    return "".join(parts) + address.text
