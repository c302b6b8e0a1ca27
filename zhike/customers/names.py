"""Pinyin of names: a key to sort by and initials to type. No engine sorts Chinese alike, so both are stored."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

# 重庆, 长沙 and the like are read rightly as words; these are family names whose reading differs
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "任": "ren", "盖": "ge", "区": "ou",
    "朴": "piao", "尉": "yu", "翟": "zhai", "覃": "qin", "冼": "xian", "乐": "yue", "缪": "miao", "召": "shao",
}  # fmt: skip


def sort_key(name: str, *, person: bool) -> str:
    """`欧阳静怡` -> `ou yang jing yi`: lower case, at most 200 characters."""
    return " ".join(_syllables(name, person=person))[:200]


def initials(name: str, *, person: bool) -> str:
    """`欧阳静怡` -> `oyjy`; of Latin words the first letters; at most 40 characters."""
    parts = (
        part for syllable in _syllables(name, person=person) for part in re.findall(r"[a-z]+|\d", syllable)
    )
    return "".join(part[0] for part in parts)[:40]


def _syllables(name: str, *, person: bool) -> list[str]:
    found = [
        part.strip().lower() for part in lazy_pinyin(name, style=Style.NORMAL, v_to_u=False) if part.strip()
    ]
    if person and found and name[:1] in SURNAMES and len(name) <= 4:
        found[0] = SURNAMES[name[0]]
    return found
