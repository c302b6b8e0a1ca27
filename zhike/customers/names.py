"""Pinyin of names: a key to sort by and initials to type. No engine sorts Chinese alike, so both are stored."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache

# The library's own phrases take 44 MiB of every process, a second copy of its characters 2 more; names need the few
# phrases below.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")

from pypinyin import Style, lazy_pinyin, load_phrases_dict
from pypinyin.constants import PINYIN_DICT

# 42,000 characters are read in 9,000 ways: a text for each way, not for each character
for _character, _reading in PINYIN_DICT.items():
    PINYIN_DICT[_character] = sys.intern(_reading)

# places and words in names of firms that are read otherwise than their characters alone
WORDS = {
    "重庆": "chóng qìng", "长沙": "cháng shā", "长春": "cháng chūn", "长安": "cháng ān", "长江": "cháng jiāng",
    "长城": "cháng chéng", "长治": "cháng zhì", "长虹": "cháng hóng", "长禾": "cháng hé", "长乐": "cháng lè",
    "长兴": "cháng xīng", "长宁": "cháng níng", "长丰": "cháng fēng", "厦门": "xià mén", "大厦": "dà shà",
    "六安": "lù ān", "蚌埠": "bèng bù", "台州": "tāi zhōu", "亳州": "bó zhōu", "丽水": "lí shuǐ", "乐清": "yuè qīng",
    "番禺": "pān yú", "东莞": "dōng guǎn", "银行": "yín háng", "商行": "shāng háng", "车行": "chē háng",
    "乐器": "yuè qì", "音乐": "yīn yuè", "重工": "zhòng gōng", "会计": "kuài jì", "朝阳": "cháo yáng",
    "单县": "shàn xiàn", "太行": "tài háng", "行业": "háng yè", "都市": "dū shì", "首都": "shǒu dū", "成都": "chéng dū",
}  # fmt: skip
load_phrases_dict({word: [[part] for part in read.split()] for word, read in WORDS.items()})

# family names whose reading differs
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "任": "ren", "盖": "ge", "区": "ou",
    "朴": "piao", "尉": "yu", "翟": "zhai", "覃": "qin", "冼": "xian", "乐": "yue", "缪": "miao", "召": "shao",
}  # fmt: skip


def sort_key(name: str, *, person: bool) -> str:
    """`欧阳静怡` -> `ou yang jing yi`: lower case, at most 200 characters."""
    return " ".join(_syllables(name, person=person))[:200]


def initials(name: str, *, person: bool) -> str:
    """`欧阳静怡` -> `oyjy`; of Latin words the first letters; at most 40 characters."""
    return _initials(_syllables(name, person=person))


def _initials(syllables: list[str]) -> str:
    return "".join(map(_firsts, syllables))[:40]


@lru_cache(maxsize=4_096)
def _firsts(syllable: str) -> str:
    """Chinese has some four hundred of them."""
    return "".join(part[0] for part in _LETTERS.findall(syllable))


_LETTERS = re.compile(r"[a-z]+|\d")


def keys(name: str, *, person: bool) -> tuple[str, str]:
    """Both at once, for many names."""
    found = _syllables(name, person=person)
    return " ".join(found)[:200], _initials(found)


# a character whose reading depends on its neighbours is looked at with them, all others by themselves
_WORDS = re.compile("|".join(WORDS))
_RUNS = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3007\u3400-\u4dbf\u4e00-\u9fff]+")


@lru_cache(maxsize=16_384)
def _of_character(character: str) -> str:
    return lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0]


def _syllables(name: str, *, person: bool) -> list[str]:
    """Several times faster than asking the library for the whole name, which cuts it into words first."""
    if _WORDS.search(name):
        parts = lazy_pinyin(name, style=Style.NORMAL, v_to_u=False)
    else:
        parts = []
        for run in _RUNS.findall(name):
            if "\u3007" <= run[0] <= "\u9fff":
                parts += map(_of_character, run)
            else:
                parts += lazy_pinyin(run, style=Style.NORMAL, v_to_u=False)
    found = [part.strip().lower() for part in parts if part.strip()]
    if person and found and name[:1] in SURNAMES and len(name) <= 4:
        found[0] = SURNAMES[name[0]]
    return found
